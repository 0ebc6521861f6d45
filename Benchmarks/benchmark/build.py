"""Compile the programs in C that the benchmark is made of."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
BUILT = HOME / ".build"

FLAGS = ("-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror")


def generator() -> Path:
    return compiled("generator", sorted((HOME / "generator").glob("*.c")))


def floor() -> Path:
    return compiled("floor", [HOME / "floor" / "floor.c"])


def allocations() -> Path:
    return compiled("allocations.so", [HOME / "allocations" / "count.c"], "-shared", "-fPIC")


def sigsuspend() -> Path:
    return compiled("sigsuspend.so", [HOME / "instructions" / "sigsuspend.c"], "-shared", "-fPIC")


def compiled(name: str, sources: Sequence[Path], *flags: str) -> Path:
    """Compile a program, unless it is newer than all that it is made of."""
    target = BUILT / name
    parts = [part for source in sources for part in (source, *source.parent.glob("*.h"))]
    if target.exists() and all(part.stat().st_mtime < target.stat().st_mtime for part in parts):
        return target
    BUILT.mkdir(exist_ok=True)
    # Two that compile at once must not run what the other has half written.
    made = target.with_name(f"{name}.{os.getpid()}.{threading.get_ident()}")
    subprocess.run([os.environ.get("CC", "cc"), *FLAGS, *flags, "-o", made, *sources], check=True)
    made.replace(target)
    return target
