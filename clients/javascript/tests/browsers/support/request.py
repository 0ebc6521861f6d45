"""A request as the gateway saw it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import parse_qs, unquote, urlsplit

LOCATION = "/events"
"""The location of all connection keys of the tests."""

_METHODS = (b"GET ", b"POST ", b"OPTIONS ", b"HEAD ")


class Treatment(Enum):
    """What the gateway does with a request."""

    PASS = "it is passed on"
    REFUSE = "it is answered with 400, as by a proxy that does not know what it asks for"
    HOLD = "it is passed on, and its response held back until the response is whole"


@dataclass(frozen=True)
class Request:
    """The head of a request."""

    method: str
    target: str
    headers: dict[str, str]
    at: float = field(default_factory=time.monotonic)

    @classmethod
    def parse(cls, data: bytes) -> Request | None:
        """Read a head, if bytes from a browser begin with one; browsers send it in one piece."""
        if not data.startswith(_METHODS):
            return None
        line, *lines = data.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
        method, target, _ = line.split(" ", 2)
        fields = (name_and_value.partition(":") for name_and_value in lines)
        return cls(method, target, {name.lower(): value.strip() for name, _, value in fields})

    @property
    def is_websocket(self) -> bool:
        """Whether it asks for a WebSocket."""
        return self.headers.get("upgrade", "").lower() == "websocket"

    @property
    def is_acknowledgement(self) -> bool:
        """Whether it only says what the page has."""
        return "ack" in parse_qs(urlsplit(self.target).query)

    def is_for(self, text: str) -> bool:
        """Whether it asks for events, with this text in its target."""
        target = unquote(self.target)
        return target.startswith(LOCATION) and text in target and not self.is_acknowledgement

    def __str__(self) -> str:
        last = self.headers.get("last-event-id")
        return f"{self.method} {self.target}" + (f" (Last-Event-ID: {last})" if last else "")
