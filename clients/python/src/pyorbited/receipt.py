"""What became of an event."""

from __future__ import annotations

from dataclasses import dataclass, field

from .key import ConnectionKey


@dataclass(frozen=True)
class Receipt:
    """The fate of one event. True if every recipient was reached.

    Reached means that all bytes of the event left for that browser's connection.

    Attributes:
        id: The id that the event had on the wire.
        unreached: The recipients that were not reached, in the order of the event.
        message: The server's sentence about them; empty if all were reached.
    """

    id: int
    unreached: list[ConnectionKey] = field(default_factory=list, hash=False)
    message: str = ""

    def __bool__(self) -> bool:
        return not self.unreached

    def __repr__(self) -> str:
        if self:
            return f"<Receipt {self.id}: all reached>"
        names = "; ".join(str(key) for key in self.unreached)
        return f"<Receipt {self.id}: not reached: {names}>"
