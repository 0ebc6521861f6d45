"""Notices that wait for the program which watches."""

from __future__ import annotations

from collections import deque

from .exceptions import OrbitedError, WatchOverflow
from .notices import Notice


class Mailbox:
    """A bounded queue of notices with an end. Not thread-safe.

    Args:
        bound: How many may wait; one more ends it with :class:`~pyorbited.WatchOverflow`, after
            those that wait.
    """

    def __init__(self, bound: int) -> None:
        self._bound = bound
        self._notices: deque[Notice] = deque()
        self._error: OrbitedError | None = None
        self.ended = False

    def __bool__(self) -> bool:
        """Whether :meth:`take` has an answer."""
        return bool(self._notices) or self.ended

    def put(self, notice: Notice) -> bool:
        """Take a notice; false if that ended the mailbox, so that the watch is to end."""
        if self.ended:
            return True
        if len(self._notices) < self._bound:
            self._notices.append(notice)
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
            return self._notices.popleft()
        if self._error:
            raise self._error
        return None
