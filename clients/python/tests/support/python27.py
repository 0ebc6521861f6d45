"""Finds a Python 2.7 to run programs of 2007 with."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path


def python27() -> str:
    """Find the interpreter: ORBITED_PYTHON27, python2.7 on the path, or pyenv's."""
    named = os.environ.get("ORBITED_PYTHON27")
    candidates = [named] if named else ["python2.7", *_of_pyenv()]
    for candidate in candidates:
        if _runs(candidate):
            return candidate
    tried = ", ".join(candidates)
    raise FileNotFoundError(
        f"no Python 2.7 runs as {tried}: install one, or name it in ORBITED_PYTHON27"
    )


def _of_pyenv() -> list[str]:
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    return sorted(map(str, root.glob("versions/2.7*/bin/python2.7")))


def _runs(interpreter: str) -> bool:
    # A shim of pyenv is on the path even if the version behind it is not selected.
    question = "import sys; sys.exit(sys.version_info[:2] != (2, 7))"
    try:
        done = subprocess.run(
            [interpreter, "-c", question], capture_output=True, timeout=30, check=False
        )
    except OSError:
        return False
    return done.returncode == 0
