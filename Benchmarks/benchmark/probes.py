"""Count what a server does, in units that no clock and no other program has to do with."""

from __future__ import annotations

import abc
import os
import re
import shutil
import struct
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmark import build
from benchmark.generator import Failed


class Probe(abc.ABC):
    """One way to count; each start of a server needs one of its own.

    Args:
        folder: Where it may write.
    """

    unit: str
    program: str | None = None  # what has to be installed for it

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def command(self, server: Sequence[str]) -> Sequence[str]:
        """Make the server's command one that can be counted."""
        return server

    def environment(self) -> Mapping[str, str]:
        """Say what the server's environment needs."""
        return {}

    @abc.abstractmethod
    def read(self, pid: int) -> int:
        """Tell how many there have been, while the server is idle."""

    @classmethod
    def absent(cls) -> bool:
        """Tell whether its program is missing here."""
        return cls.program is not None and shutil.which(cls.program) is None


class SystemCalls(Probe):
    """Lets strace write a line for each system call."""

    unit = "system calls"
    program = "strace"
    settle_seconds = 0.3  # for strace to write what it has seen

    def command(self, server: Sequence[str]) -> Sequence[str]:
        """Start the server under strace."""
        return ["strace", "-f", "-qq", "-s", "0", "-o", str(self.folder / "calls"), *server]

    def read(self, pid: int) -> int:  # noqa: ARG002
        """Count the calls that have been begun."""
        time.sleep(self.settle_seconds)
        return count_calls((self.folder / "calls").read_text("utf-8", "replace"))


class Allocations(Probe):
    """Puts a counter before the system's allocator."""

    unit = "allocations"

    def environment(self) -> Mapping[str, str]:
        """Load the counter into the server."""
        return {**preloading(build.allocations()), "ORBITED_ALLOCATIONS": str(self.folder / "allocations")}

    def read(self, pid: int) -> int:  # noqa: ARG002
        """Read the counter that the server shares with us."""
        (count,) = struct.unpack("Q", (self.folder / "allocations").read_bytes())
        return int(count)


class Instructions(Probe):
    """Runs the server in callgrind, a machine that counts its instructions; the kernel's are not among them."""

    unit = "instructions"
    program = "valgrind"

    def command(self, server: Sequence[str]) -> Sequence[str]:
        """Start a copy of the server in callgrind, without what Debian's valgrind cannot read of newer compilers."""
        binary, *arguments = server
        bare = str(self.folder / "bare")
        subprocess.run(["strip", "--strip-debug", "-o", bare, binary], check=True)
        out = f"--callgrind-out-file={self.folder}/callgrind"
        return ["valgrind", "--tool=callgrind", "--quiet", out, bare, *arguments]

    def environment(self) -> Mapping[str, str]:
        """Load what lets it run there."""
        return preloading(build.sigsuspend())

    def read(self, pid: int) -> int:
        """Let callgrind write what has come since the last time, and add up."""
        dump = ["vgdb", f"--pid={pid}", "--wait=10", "dump"]
        done = subprocess.run(dump, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        parts = list(self.folder.glob("callgrind.*"))
        if done.returncode != 0 or not parts:
            raise Failed(f"callgrind wrote nothing; vgdb says:\n{done.stdout}")
        return sum(total_of_callgrind(part.read_text("utf-8", "replace")) for part in parts)


def preloading(library: Path) -> Mapping[str, str]:
    """Load a library before all others."""
    others = os.environ.get("LD_PRELOAD")
    return {"LD_PRELOAD": f"{library}:{others}" if others else str(library)}


def count_calls(text: str) -> int:
    """Count the system calls in what strace has written: not signals, ends, and second halves of calls."""
    return len(re.findall(r"^\d+ +\w+\(", text, re.MULTILINE))


def total_of_callgrind(text: str) -> int:
    """Take the sum from one file of callgrind."""
    match = re.search(r"^totals: (\d+)$", text, re.MULTILINE)
    if match is None:
        raise Failed("callgrind wrote a file without totals")
    return int(match[1])
