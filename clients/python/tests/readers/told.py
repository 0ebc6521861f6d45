"""What a reader was told, in the same words for all libraries."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

Kind = Literal["event", "gap", "replaced", "shutdown"]


@dataclass(frozen=True)
class Told:
    """What an application has to know.

    Attributes:
        kind: What it is.
        value: An event's.
        cursor: With which the reader comes back after it.
    """

    kind: Kind
    value: object = None
    cursor: str = ""


def told_by_event(name: str, data: str, cursor: str | None) -> Told:
    """Take a server-sent event. A body that is no JSON is text, as on the other transports."""
    if name != "message":
        return Told(_kind(name), cursor=cursor or "")
    try:
        value = json.loads(data)
    except ValueError:
        value = data
    return Told("event", value, cursor or "")


def told_by_objects(objects: Iterable[dict[str, Any]]) -> Iterator[Told]:
    """Take the objects of ``ndjson`` and ``ws``, without positions and heartbeats."""
    for message in objects:
        cursor = message.get("cursor", "")
        if "data" in message:
            yield Told("event", message["data"], cursor)
        elif message.get("gap"):
            yield Told("gap", cursor=cursor)
        elif closed := message.get("closed"):
            yield Told(_kind(closed))


def _kind(name: str) -> Kind:
    assert name in get_args(Kind), f"a reader was told {name!r}"
    return cast(Kind, name)
