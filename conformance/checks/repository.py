"""The files that the checks read."""

from __future__ import annotations

import json
import pathlib
from typing import Any

from .faults import Faults

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROTOCOL = ROOT / "protocol"
CONFORMANCE = ROOT / "conformance"
VECTORS = CONFORMANCE / "vectors"
CASES = CONFORMANCE / "cases"


def name(path: pathlib.Path) -> str:
    """Return the path as it stands in the lines of faults."""
    return path.relative_to(ROOT).as_posix()


def no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object of members, each of which may be there once."""
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [key for key, _ in pairs]
        raise ValueError(f"a member is there twice: {next(key for key in names if names.count(key) > 1)}")
    return members


def load(path: pathlib.Path, faults: Faults) -> Any:
    """Read a JSON file; None, and a fault, if it is none."""
    try:
        return json.loads(path.read_text("utf-8"), object_pairs_hook=no_doubles)
    except (OSError, ValueError) as error:
        faults.add(name(path), error)
        return None
