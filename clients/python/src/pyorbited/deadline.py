"""How long a call may still take."""

from __future__ import annotations

import time

from .exceptions import Timeout

MAX_TIMEOUT = 2_000_000
"""The longest timeout in seconds, 23 days: sockets count milliseconds in 31 bits."""


class Deadline:
    """The end of a call's time, on the monotonic clock.

    Args:
        seconds: The time from now; None for no end.

    Raises:
        ValueError: It is not a number of seconds from 0 to :data:`MAX_TIMEOUT`.
    """

    def __init__(self, seconds: float | None) -> None:
        self._seconds = checked_timeout(seconds)
        self._end = None if seconds is None else time.monotonic() + seconds

    def remaining(self, activity: str = "the call") -> float | None:
        """Give the seconds that are left, more than 0, or None if there is no end.

        Args:
            activity: What they are needed for, to be named by the error.

        Raises:
            Timeout: None is left.
        """
        if self._end is None:
            return None
        left = self._end - time.monotonic()
        if left <= 0:
            raise self.timeout(activity)
        return left

    def timeout(self, activity: str) -> Timeout:
        """Make the error that says that the time is over."""
        return Timeout(f"{activity} took longer than the {self._seconds:g} s given for the call")


def checked_timeout(seconds: float | None) -> float | None:
    """Give the seconds back if they are a time.

    Raises:
        ValueError: They are below 0, beyond :data:`MAX_TIMEOUT` or not a number.
    """
    if seconds is not None and not 0 <= seconds <= MAX_TIMEOUT:
        allowed = f"from 0 to {MAX_TIMEOUT:,} seconds, or None"
        raise ValueError(f"a timeout is {allowed}: not {seconds!r}")
    return seconds
