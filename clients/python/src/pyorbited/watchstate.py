"""How far a watch has come, so that it goes on after a lost connection."""

from __future__ import annotations

from .frames import Watch
from .notices import Gap, Notice, Position, Present, Told
from .outcome import Watching
from .pattern import Address


class WatchState:
    """One watch of a program, over any number of connections.

    Args:
        recipient: Of whom.
        state: Whether to be told first who is there.
        since: Where to go on; None to begin now.

    Raises:
        ValueError: ``since`` is no place.

    Attributes:
        id: Its name on the present connection; None while it has none there.
        epoch: That of the last notice.
        sequence: The number of the last notice.
        goes_on: Whether the next reply is to say that no notice is missing.
    """

    def __init__(
        self, recipient: Address, *, state: bool = False, since: Position | None = None
    ) -> None:
        self.recipient = recipient
        self.state = state
        self.id: str | None = None
        self.epoch = since.epoch if since else None
        self.sequence = since.sequence if since else None
        self.goes_on = since is not None
        self._presents = 0
        self.frame()  # what can't be sent is found out now

    def frame(self) -> Watch:
        """Give the frame that begins the watch, or goes on after the last notice [CTL-153].

        A state of which only a part was told is asked for again, from its beginning.
        """
        if self._presents:
            return Watch(self.recipient, self.state)
        return Watch(self.recipient, self.state, self.epoch, self.sequence)

    @property
    def position(self) -> Position | None:
        """Where another watch can go on after the last notice; None before the state's end."""
        if self._presents or self.epoch is None or self.sequence is None:
            return None
        return Position(self.epoch, self.sequence)

    def begin(self, reply: Watching) -> Gap | None:
        """Take the reply; the gap is to be told if notices are missing, or may be."""
        gap = None
        if self.goes_on and not reply.resumed:
            gap = Gap(reply.id, reply.epoch, reply.sequence)
        self.id = reply.id
        self.epoch = reply.epoch
        self.sequence = reply.sequence
        self._presents = reply.present or 0
        self.goes_on = True
        return gap

    def take(self, notice: Told) -> Notice:
        """Take a notice, and give what is to be told."""
        if isinstance(notice, Present):
            self._presents = max(0, self._presents - 1)
        self.epoch = notice.epoch
        self.sequence = notice.sequence
        return notice

    def lose(self) -> None:
        """The connection is gone."""
        self.id = None
