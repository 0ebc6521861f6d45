"""Finds a Python 2.7 to run programs of 2007 with."""

from __future__ import annotations

import subprocess
from pathlib import Path

from .server import REPOSITORY


def python27(repository: Path = REPOSITORY) -> str:
    """Find the interpreter where the repository's ``.ci/python27`` says that it looks."""
    done = subprocess.run(
        [repository / ".ci" / "python27"], capture_output=True, text=True, timeout=60, check=False
    )
    if done.returncode != 0:
        raise FileNotFoundError(
            f"there is no Python 2.7: name one in ORBITED_PYTHON27, or run .ci/fetch-python27\n"
            f"{done.stderr}"
        )
    return done.stdout.rstrip("\n")
