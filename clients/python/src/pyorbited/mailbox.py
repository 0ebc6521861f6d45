"""Notices that wait for the program which watches."""

from __future__ import annotations

from collections import deque

from .exceptions import OrbitedError, WatchOverflow
from .notices import Notice, Position
from .outcome import Watching


class Mailbox:
    """A bounded queue of notices with an end. Not thread-safe.

    Args:
        bound: How many may wait; one more ends it with :class:`~pyorbited.WatchOverflow`, after
            those that wait.
        position: Where the reader is before the first notice.

    Attributes:
        ended: Whether no further notice comes.
        position: Where another watch can go on after what is taken; None: not there.
    """

    def __init__(self, bound: int, position: Position | None = None) -> None:
        self._bound = bound
        self._notices: deque[tuple[Notice, Position | None]] = deque()
        self._error: OrbitedError | None = None
        self.ended = False
        self.position = position

    def __bool__(self) -> bool:
        """Whether :meth:`take` has an answer."""
        return bool(self._notices) or self.ended

    def begin(self, reply: Watching) -> None:
        """Take where the watch begins, unless it goes on from the position that is known."""
        if self.position is None and not reply.present:
            self.position = Position(reply.epoch, reply.sequence)

    def put(self, notice: Notice, position: Position | None) -> bool:
        """Take a notice; false if that ended the mailbox, so that the watch is to end.

        Args:
            notice: What is to be read.
            position: Where the reader is once that is read.
        """
        if self.ended:
            return True
        if len(self._notices) < self._bound:
            self._notices.append((notice, position))
            return True
        self.end(WatchOverflow(f"more than {self._bound:,} notices waited to be read"))
        return False

    def end(self, error: OrbitedError | None) -> None:
        """Say that no further notice comes, and why, if not since the program wants none."""
        if not self.ended:
            self.ended = True
            self._error = error

    def take(self) -> Notice | None:
        """Take the next notice; None at the end.

        Raises:
            OrbitedError: The watch ended with it. Each further call raises it again.
        """
        if self._notices:
            notice, self.position = self._notices.popleft()
            return notice
        if self._error:
            raise self._error
        return None
