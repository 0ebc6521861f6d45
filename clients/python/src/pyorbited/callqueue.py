"""Calls that wait for a connection, in their order."""

from __future__ import annotations

from collections import deque

from .call import Call, Stage
from .settings import Policy


class CallQueue:
    """A bounded queue, and behind it those who wait for room in it.

    Args:
        bound: How many calls the queue may hold.
        policy: What becomes of a call that finds it full.
    """

    def __init__(self, bound: int, policy: Policy) -> None:
        self._bound = bound
        self._policy = policy
        self._queued: deque[Call] = deque()
        self._waiting: deque[Call] = deque()

    def __len__(self) -> int:
        return len(self._queued) + len(self._waiting)

    def add(self, call: Call) -> tuple[bool, Call | None]:
        """Take a call.

        Returns:
            Whether it was taken, and a call that lost its place to it.
        """
        if len(self._queued) < self._bound:
            self._enter(call)
            return True, None
        if self._policy == "wait":
            call.stage = Stage.WAITING
            self._waiting.append(call)
            return True, None
        if self._policy == "drop_oldest" and self._queued:
            oldest = self._queued.popleft()
            self._enter(call)
            return True, oldest
        return False, None

    def put_back(self, calls: list[Call]) -> None:
        """Put calls before all others that were sent on a connection which was lost.

        They had their place before, so the bound does not count for them.
        """
        for call in reversed(calls):
            call.stage = Stage.QUEUED
            self._queued.appendleft(call)

    def first(self) -> Call | None:
        """Give the call whose turn it is, and leave it where it is."""
        queue = self._queued or self._waiting
        return queue[0] if queue else None

    def take_first(self) -> Call:
        """Take the call whose turn it is."""
        return (self._queued or self._waiting).popleft()

    def advance(self) -> list[Call]:
        """Let those in who waited for room, and give them."""
        entered: list[Call] = []
        while self._waiting and len(self._queued) < self._bound:
            call = self._waiting.popleft()
            self._enter(call)
            entered.append(call)
        return entered

    def remove(self, call: Call) -> None:
        """Take a call out that does not want to wait any more."""
        for queue in (self._queued, self._waiting):
            if call in queue:
                queue.remove(call)

    def take_all(self) -> list[Call]:
        """Take all calls, in their order."""
        calls = [*self._queued, *self._waiting]
        self._queued.clear()
        self._waiting.clear()
        return calls

    def _enter(self, call: Call) -> None:
        call.stage = Stage.QUEUED
        self._queued.append(call)
