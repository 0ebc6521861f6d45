"""The calls that wait for the connection, and how all calls end."""

from __future__ import annotations

from typing import Callable

from .call import Action, Admitted, Call, Failed, Result, Stage, Succeeded
from .callqueue import CallQueue
from .deadlines import Deadlines
from .exceptions import Dropped, OrbitedError, QueueFull, Timeout, copied
from .settings import Settings


class Calls:
    """Admits calls, and ends each of them once.

    Args:
        settings: How many calls may wait, and what becomes of the others.
        actions: Takes what the shell is to tell the callers.

    Attributes:
        queue: Those that are to be sent.
    """

    def __init__(self, settings: Settings, actions: list[Action]) -> None:
        self._bound = settings.queue
        self._actions = actions
        self._callers: list[Call] = []  # of connect(), which send nothing
        self._deadlines = Deadlines()
        self.queue = CallQueue(settings.queue, settings.policy)

    def __bool__(self) -> bool:
        """Whether any of them waits."""
        return bool(self.queue or self._callers)

    # Waiting

    def admit(self, call: Call) -> None:
        """Let the caller go on."""
        if not call.own:
            self._actions.append(Admitted(call))

    def enqueue(self, call: Call, because: str) -> None:
        """Put a call into the queue.

        Args:
            call: One that is to be sent.
            because: The end of the message if there is no room: why there is no connection.
        """
        taken, oldest = self.queue.add(call)
        bound = f"{self._bound:,} calls wait for the connection"
        if oldest:
            error = Dropped(
                f"{bound}, and a later one took the place of this one",
                maybe_delivered=oldest.maybe_delivered,
            )
            self.fail(oldest, error)
        if not taken:
            self.fail(call, QueueFull(f"{bound} already{because}"))
        elif call.stage is Stage.QUEUED:
            self.admit(call)

    def wait_for_connection(self, call: Call, *, ready: bool) -> None:
        """Take a call that sends nothing, and ends with the next connection, or now."""
        call.stage = Stage.QUEUED
        self.admit(call)
        if ready:
            self.succeed(call, None)
        else:
            self._callers.append(call)

    def connected(self) -> None:
        """End the calls that only waited for the connection."""
        for call in self._callers:
            self.succeed(call, None)
        self._callers.clear()

    def not_connected(self, error: OrbitedError) -> None:
        """Tell the calls that only waited for the connection why there is none."""
        for call in self._callers:
            self.fail(call, copied(error))
        self._callers.clear()

    # Time

    def add_deadline(self, call: Call) -> None:
        """Watch over the deadline of a call that is not done."""
        self._deadlines.add(call)

    def next_deadline(self) -> float | None:
        """Give the time of the next deadline; None without one."""
        return self._deadlines.next()

    def due(self, now: float) -> list[Call]:
        """Take the calls whose time is over; each is to :meth:`expire`."""
        return self._deadlines.due(now)

    def expire(self, call: Call, because: str) -> None:
        """End a call whose time is over.

        Args:
            call: One that is due.
            because: The end of the message if it was not sent: why there is no connection.
        """
        sent = call.stage is Stage.SENT
        limit = f"took longer than the {call.seconds:g} s given for the call"
        message = f"{call.stage.value} {limit}{'' if sent else because}"
        self.fail(call, Timeout(message, maybe_delivered=sent and not call.watch))
        self._remove(call)

    # Ends

    def succeed(self, call: Call, result: Result | None) -> None:
        """End a call well, unless it has ended."""
        if call.stage is not Stage.DONE and not call.own:
            self._actions.append(Succeeded(call, result))
        call.stage = Stage.DONE

    def fail(self, call: Call, error: OrbitedError) -> None:
        """End a call with an error of its own, unless it has ended."""
        if call.stage is not Stage.DONE and not call.own:
            error.maybe_delivered |= call.maybe_delivered
            self._actions.append(Failed(call, error))
        call.stage = Stage.DONE

    def fail_all(self, sent: list[Call], error: Callable[[Call], OrbitedError]) -> None:
        """End those that were sent, and all that wait."""
        callers, self._callers = self._callers, []
        for call in [*sent, *self.queue.take_all(), *callers]:
            self.fail(call, error(call))

    def forget(self, call: Call) -> None:
        """End a call of which nobody wants to know any more."""
        self._remove(call)
        call.stage = Stage.DONE

    def _remove(self, call: Call) -> None:
        self.queue.remove(call)
        self._callers = [other for other in self._callers if other is not call]
