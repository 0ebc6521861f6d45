from __future__ import annotations

import queue
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.support.peer import PATIENCE, PeerConnection, ScriptedPeer
from tests.support.peer11 import action, answer


@dataclass
class Seen:
    """A peer that says Success, and the bodies of the events that it got."""

    port: int
    bodies: queue.SimpleQueue[bytes]

    def next(self) -> bytes:
        """Wait for the next event."""
        return self.bodies.get(timeout=PATIENCE)

    def empty(self) -> bool:
        return self.bodies.empty()


@pytest.fixture
def seen() -> Iterator[Seen]:
    bodies: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def script(connection: PeerConnection) -> None:
        while frame := connection.read_frame_or_end():
            if action(frame) == "Event":
                bodies.put(frame.body)
            answer(connection, frame, "reached: 1\r\n" if action(frame) == "Event" else "")

    with ScriptedPeer(script) as peer:
        yield Seen(peer.port, bodies)
