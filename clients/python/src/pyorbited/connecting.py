"""How the connection is, when the next attempt to make one begins, and why there is none."""

from __future__ import annotations

from enum import Enum
from typing import Callable

from .backoff import Backoff
from .call import Action, Open, Shut
from .exceptions import ConnectFailed, ConnectionLost, OrbitedError
from .settings import Settings

_STEADY = 10.0
"""Seconds after which a connection counts as one that lasts, so that the backoff begins anew."""


class State(Enum):
    """How the connection is."""

    IDLE = "no connection is wanted"
    OPENING = "a connection is being made"
    GREETING = "the server has not answered the greeting yet"
    READY = "calls can be sent"
    PAUSING = "waiting before the next attempt"


class Connecting:
    """The way from one state of the connection to the next, as ``courier.py`` draws it.

    Args:
        settings: How long an attempt and the pauses may take.
        random: Gives numbers from 0 to 1, for the jitter of the pauses.
        actions: Takes what the shell is to do with its connection.

    Attributes:
        state: How the connection is.
        changes_at: When an attempt or a pause is over; None while there is neither.
        failure: Why the last connection or attempt ended; None once the server has answered.
        final_failure: The same if nothing but time, or the server's operator, can mend it.
    """

    def __init__(
        self, settings: Settings, random: Callable[[], float], actions: list[Action]
    ) -> None:
        self._connect_timeout = settings.connect_timeout
        self._backoff = Backoff(settings.backoff, settings.max_backoff, random=random)
        self._actions = actions
        self._opened_at = 0.0
        self.state = State.IDLE
        self.changes_at: float | None = None
        self.failure: OrbitedError | None = None
        self.final_failure: OrbitedError | None = None

    @property
    def is_open(self) -> bool:
        """Whether bytes can go and come."""
        return self.state in (State.GREETING, State.READY)

    @property
    def is_ready(self) -> bool:
        """Whether calls can be sent."""
        return self.state is State.READY

    def because(self) -> str:
        """Give the end of a message that says why there is no connection, if that is known."""
        return f": {self.failure}" if self.failure else ""

    def open(self, now: float) -> None:
        """Begin an attempt."""
        self.state = State.OPENING
        self.changes_at = now + self._connect_timeout
        self._actions.append(Open())

    def opened(self, now: float) -> None:
        """The connection is made; the server has the rest of the attempt's time to answer."""
        self.state = State.GREETING
        self._opened_at = now

    def answered(self) -> None:
        """The server has answered the greeting."""
        self.state = State.READY
        self.changes_at = None
        self.failure = self.final_failure = None

    def shut(self) -> None:
        """Close the connection, or give up the attempt."""
        self._actions.append(Shut())

    def too_late(self) -> ConnectFailed:
        """Make the error of an attempt that took too long."""
        what = "connecting" if self.state is State.OPENING else "the answer to the greeting"
        return ConnectFailed(f"{what} took longer than {self._connect_timeout:g} s")

    def pause(self, error: OrbitedError, now: float) -> None:
        """The connection is lost, or none came about: wait for the next attempt."""
        if not self.is_ready:
            passing = error.retriable or isinstance(error, ConnectionLost)
            self.final_failure = None if passing else error
        elif now - self._opened_at >= _STEADY:
            self._backoff.reset()
        self.failure = error
        self.changes_at = now + self._backoff.next_delay()
        self.state = State.PAUSING

    def let_go(self) -> None:
        """No connection is wanted any more."""
        if self.state not in (State.IDLE, State.PAUSING):
            self.shut()
        self.state = State.IDLE
        self.changes_at = None
