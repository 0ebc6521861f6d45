"""A response as it comes through the gateway: only whether it has come whole."""

from __future__ import annotations

import re
from math import inf

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Answer:
    """The answer to one request; one without a length, such as a stream, is whole when its connection ends."""

    def __init__(self) -> None:
        self._head = b""
        self._missing: float | None = None

    @property
    def is_whole(self) -> bool:
        """Whether its last byte has come."""
        return self._missing is not None and self._missing <= 0

    def receive(self, data: bytes) -> None:
        """Take bytes from the server."""
        if self._missing is not None:
            self._missing -= len(data)
            return
        head, end, body = (self._head + data).partition(b"\r\n\r\n")
        if not end:
            self._head = head
        else:
            length = _LENGTH.search(head)
            self._missing = int(length[1]) - len(body) if length else inf
