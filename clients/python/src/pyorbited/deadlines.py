"""When the time of which call is over."""

from __future__ import annotations

import heapq
from itertools import count

from .call import Call, Stage

_SLACK = 64


class Deadlines:
    """The calls that have a deadline, the next one first.

    Calls that are done are forgotten when they come up, or when most of them are.
    """

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Call]] = []
        self._order = count()
        self._room = _SLACK

    def __len__(self) -> int:
        return len(self._heap)

    def add(self, call: Call) -> None:
        """Take a call that is not done."""
        if call.deadline is None:
            return
        heapq.heappush(self._heap, (call.deadline, next(self._order), call))
        if len(self._heap) > self._room:
            self._heap = [entry for entry in self._heap if entry[2].stage is not Stage.DONE]
            heapq.heapify(self._heap)
            self._room = 2 * len(self._heap) + _SLACK

    def next(self) -> float | None:
        """Give the time of the next deadline; None without one."""
        while self._heap and self._heap[0][2].stage is Stage.DONE:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def due(self, now: float) -> list[Call]:
        """Take the calls whose time is over."""
        late: list[Call] = []
        while (time := self.next()) is not None and time <= now:
            late.append(heapq.heappop(self._heap)[2])
        return late
