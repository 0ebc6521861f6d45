"""How long to wait before the next attempt to connect."""

from __future__ import annotations

from typing import Callable


class Backoff:
    """Exponential backoff with full jitter.

    Args:
        base: The longest wait after the first failure, in seconds. Default 1.
        cap: The longest wait after any number of them, in seconds. Default 30.
        random: Gives numbers from 0 to 1.
    """

    def __init__(
        self, base: float = 1.0, cap: float = 30.0, *, random: Callable[[], float]
    ) -> None:
        self._base = base
        self._cap = cap
        self._random = random
        self._failures = 0

    def next_delay(self) -> float:
        """Count a failure and give the seconds to wait: anything up to twice the last longest."""
        longest = min(self._cap, self._base * 2.0 ** min(self._failures, 64))
        self._failures += 1
        return longest * self._random()

    def reset(self) -> None:
        """Forget the failures, since a connection has lasted."""
        self._failures = 0
