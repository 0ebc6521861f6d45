"""What the server says of the frames of Orbit 1.1."""

from __future__ import annotations

from dataclasses import dataclass, field

from .key import ConnectionKey


@dataclass(frozen=True)
class Unreached:
    """A recipient that an event did not reach, and why.

    Attributes:
        key: The recipient.
        code: Its fate [CTL-120]: 301 no session, 302 the event's time was over, 303 its queue
            was full, 304 an application closed its session, 305 the browser's word is missing.
            Others may come; they mean what their hundreds mean. None from a server of Orbit 1.0,
            which does not say.
        name: The name of the code, such as ``unreachable``; None as above.
    """

    key: ConnectionKey
    code: int | None = None
    name: str | None = None

    def __str__(self) -> str:
        return str(self.key) if self.code is None else f"{self.key} ({self.code} {self.name})"


@dataclass(frozen=True)
class Receipt:
    """The fate of one event. True if every recipient was reached.

    Attributes:
        id: The id that the event had on the wire, as ``Signoff`` notices name it.
        reached: The number of keys that were reached [CTL-118].
        unreached: The recipients that were not: first those which the event names, in its
            order, then those which a pattern stood for.
        message: The server's sentence about them; empty if all were reached.
    """

    id: str
    reached: int
    unreached: list[Unreached] = field(default_factory=list, hash=False)
    message: str = ""

    def __bool__(self) -> bool:
        return not self.unreached

    def __repr__(self) -> str:
        if self:
            return f"<Receipt {self.id}: {self.reached} reached>"
        names = "; ".join(map(str, self.unreached))
        return f"<Receipt {self.id}: {self.reached} reached, not reached: {names}>"


@dataclass(frozen=True)
class Done:
    """The frame was carried out: an ``Auth``, a ``Ping`` or an ``Unwatch`` [CTL-116].

    Attributes:
        id: The id of the frame.
    """

    id: str


@dataclass(frozen=True)
class Watching:
    """The watch has begun [CTL-139].

    Attributes:
        id: The id of the frame, which names the watch.
        epoch: To which process of the server the numbers belong.
        sequence: The number of the last notice before those that come.
        present: How many ``Present`` come first; None if the state is not told.
        resumed: Whether the watch goes on without a gap; None if the server does not say.
    """

    id: str
    epoch: str
    sequence: int
    present: int | None = None
    resumed: bool | None = None


@dataclass(frozen=True)
class Listing:
    """The keys that have a session [CTL-148].

    Attributes:
        id: The id of the frame.
        keys: Each once, in any order.
        more: Whether there are more than the limit allowed.
    """

    id: str
    keys: list[ConnectionKey] = field(hash=False)
    more: bool = False


@dataclass(frozen=True)
class Closed:
    """Sessions were ended [CTL-150].

    Attributes:
        id: The id of the frame.
        closed: How many.
    """

    id: str
    closed: int
