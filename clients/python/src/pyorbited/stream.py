"""What is under way on one connection: the calls that were sent, and the bytes to send."""

from __future__ import annotations

from .call import Call, Stage
from .exceptions import ProtocolError
from .notices import Told
from .outbox import Outbox
from .protocol11 import Outcome, Protocol11
from .settings import Settings


class Stream:
    """The state of one connection, from its opening to its end.

    Args:
        settings: How many calls and bytes may be under way, and how long the server may be silent.
        prefix: How the ids of frames begin.
        first: The number of the first frame.
        now: When the connection was made.

    Attributes:
        leaving: Whether the server has said that it closes the connection, so that nothing more
            is to be sent.
    """

    def __init__(self, settings: Settings, prefix: str, first: int, now: float) -> None:
        self._settings = settings
        self._protocol = Protocol11(settings.limits, prefix=prefix, first=first)
        self._outbox = Outbox()
        self._sent: dict[str, tuple[Call, int]] = {}
        self._sent_bytes = 0
        self._heard_at = now
        self._asked_at: float | None = None
        self.leaving = False

    @property
    def next_number(self) -> int:
        """The number of the next frame."""
        return self._protocol.next_number

    @property
    def speaks_1_1(self) -> bool:
        """Whether the server speaks Orbit 1.1, as far as is known."""
        return self._protocol.version == "Orbit 1.1"

    def lower(self) -> None:
        """The server speaks Orbit 1.0 only."""
        self._protocol.version = "Orbit 1.0"

    @property
    def has_room(self) -> bool:
        """Whether one more call may be sent."""
        if self.leaving or len(self._sent) >= self._settings.in_flight:
            return False
        return self._sent_bytes < self._settings.in_flight_bytes

    @property
    def is_busy(self) -> bool:
        """Whether a program waits for a reply, or bytes for the socket."""
        calls = (call for call, _ in self._sent.values())
        return bool(self._outbox) or any(_is_waited_for(call) for call in calls)

    def send(self, call: Call, now: float) -> None:
        """Send a call.

        Raises:
            UnsupportedVersion: The server speaks Orbit 1.0 only. Nothing has changed.
            LimitExceeded: It is larger than the wire allows. Nothing has changed.
        """
        frame = call.watch.frame() if call.watch else call.frame
        assert frame
        id_, data = self._protocol.send(frame)
        if not self._sent:
            self._heard_at = max(self._heard_at, now)
        call.stage = Stage.SENT
        call.size = len(data)
        self._sent[id_] = (call, self._outbox.add(data))
        self._sent_bytes += call.size

    def awaits(self, id_: object) -> bool:
        """Whether the reply to this frame has not come."""
        return id_ in self._sent

    def answered(self, id_: str) -> Call:
        """Take the call whose reply has come."""
        call, _ = self._sent.pop(id_)
        self._sent_bytes -= call.size
        return call

    def unanswered(self) -> list[tuple[Call, bool]]:
        """Take all calls whose replies have not come, and whether the server can have them.

        A server can't carry out a frame of which it has only a part [CTL-92].
        """
        calls = [(call, end <= self._outbox.sent) for call, end in self._sent.values()]
        self._sent.clear()
        self._sent_bytes = 0
        return calls

    def data_to_send(self, most: int) -> bytes:
        """Give the next bytes to send, at most so many; they stay until they are sent."""
        return self._outbox.peek(most)

    def data_sent(self, count: int) -> None:
        """So many of them were handed to the system."""
        self._outbox.advance(count)

    def receive_data(self, data: bytes, now: float) -> list[Outcome | Told | ProtocolError]:
        """Take bytes from the server, and give what they finish."""
        self._heard_at = now
        self._asked_at = None
        return self._protocol.receive_data(data)

    # Silence

    def silence_ends_at(self, *, watched: bool) -> float | None:
        """Give the time at which to ask the server whether it is there, or to give it up.

        Args:
            watched: Whether notices are awaited.
        """
        if not (self._sent or watched or self.leaving):
            return None
        since = self._heard_at if self._asked_at is None else self._asked_at
        return since + self._settings.keepalive

    def may_ask(self, now: float) -> bool:
        """Whether the server is to be asked now; it is to be given up if it was asked before."""
        if self._asked_at is not None or self.leaving:
            return False
        self._asked_at = now
        return True

    def silence(self, now: float) -> float:
        """Give the seconds since something came."""
        return now - self._heard_at


def _is_waited_for(call: Call) -> bool:
    return call.stage is Stage.SENT and not call.own
