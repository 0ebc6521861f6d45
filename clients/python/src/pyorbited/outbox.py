"""Bytes that wait for the socket, and what was sent of whom."""

from __future__ import annotations

from collections import deque


class Outbox:
    """The bytes of one connection, by their place in its stream."""

    def __init__(self) -> None:
        self._parts: deque[bytes] = deque()
        self._offset = 0
        self.added = 0
        self.sent = 0

    def __bool__(self) -> bool:
        return self.sent < self.added

    def add(self, data: bytes) -> int:
        """Take bytes, and give the place in the stream at which they end."""
        self._parts.append(data)
        self.added += len(data)
        return self.added

    def peek(self, most: int) -> bytes:
        """Give the next bytes to send, at most so many, and keep them."""
        parts: list[bytes] = []
        start = self._offset
        for part in self._parts:
            rest = part[start : start + most]
            parts.append(rest)
            most -= len(rest)
            start = 0
            if most <= 0:
                break
        return b"".join(parts)

    def advance(self, count: int) -> None:
        """Forget so many bytes, since they are sent."""
        self.sent += count
        self._offset += count
        while self._parts and self._offset >= len(self._parts[0]):
            self._offset -= len(self._parts.popleft())
