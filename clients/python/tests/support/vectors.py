"""Reads the vectors of the conformance suite."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from typing import Any

from .server import REPOSITORY


def vectors(folder: str) -> dict[str, dict[str, Any]]:
    """Read all vectors of a folder, by their ids."""
    return {
        vector["id"]: vector
        for path in sorted((REPOSITORY / "conformance" / "vectors" / folder).glob("*.json"))
        for vector in json.loads(path.read_text(encoding="utf-8"))
    }


def joined(pieces: Iterable[dict[str, Any]]) -> bytes:
    """Make pieces into bytes."""
    return b"".join(map(_piece, pieces))


def _piece(piece: dict[str, Any]) -> bytes:
    if "base64" in piece:
        return base64.b64decode(piece["base64"], validate=True)
    repeat = piece.get("repeat", {"text": piece.get("text"), "count": 1})
    text: str = repeat["text"]
    return text.encode() * int(repeat["count"])
