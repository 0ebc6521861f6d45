"""What /proc tells of a process and its children."""

from __future__ import annotations

import os
import re
from pathlib import Path

PROC = Path("/proc")
NANOSECONDS = 1e9
KIBIBYTE = 1024


def family(pid: int) -> list[int]:
    """Name a process and all that it has started, and they in turn."""
    found = [pid]
    for parent in found:
        for children in (PROC / str(parent) / "task").glob("*/children"):
            found += [int(child) for child in children.read_text().split()]
    return found


def cpu_seconds(pid: int) -> float:
    """Sum up the CPU time of all threads of a family, to the nanosecond."""
    threads = [thread for member in family(pid) for thread in (PROC / str(member) / "task").iterdir()]
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / NANOSECONDS


def proportional_bytes(pid: int) -> int:
    """Sum up the memory of a family, where what it shares with others counts in part."""
    rollups = [(PROC / str(member) / "smaps_rollup").read_text() for member in family(pid)]
    return sum(parse_rollup(rollup) for rollup in rollups)


def parse_rollup(text: str) -> int:
    """Take the proportional set size, in bytes, from the text of ``smaps_rollup``."""
    match = re.search(r"^Pss:\s+(\d+) kB$", text, re.MULTILINE)
    if match is None:
        raise ValueError("there is no Pss in smaps_rollup")
    return int(match[1]) * KIBIBYTE


def busy_seconds() -> float:
    """Tell how long all CPUs together have been busy since the system began."""
    return parse_stat((PROC / "stat").read_text()) / os.sysconf("SC_CLK_TCK")


def parse_stat(text: str) -> int:
    """Take the ticks that were not idle from the text of ``/proc/stat``."""
    user, nice, system, _idle, _waiting, hard, soft, *_ = (int(field) for field in text.split("\n")[0].split()[1:])
    return user + nice + system + hard + soft
