"""Brings calls to the server over one connection at a time, whatever becomes of the connection.

A state machine without input, output or clock, which the blocking and the asyncio client share.
The shell tells it what happens, with the time as ``now`` in seconds; after each telling it takes
the actions, and the bytes to send. Each call ends with exactly one ``Succeeded`` or ``Failed``.

::

    IDLE ──a call──▶ OPENING ──opened──▶ GREETING ──answered──▶ READY
      ▲                ▲ │ failed            │ lost               │ lost
      │                │ ▼                   ▼                    ▼
    finish           PAUSING ◀───────────────┴────────────────────┘
                       │ the pause is over, and something is wanted
"""

from __future__ import annotations

from typing import Callable

from .call import Action, Call, Stage
from .calls import Calls
from .connecting import Connecting, State
from .exceptions import Disconnected, OrbitedError, copied
from .exchange import Exchange
from .settings import Settings
from .watches import Watches
from .watchstate import WatchState


class Courier:
    """The calls, watches and connections of one client, or of one part of its pool.

    Args:
        settings: How it behaves.
        prefix: How the ids of its frames begin.
        random: Gives numbers from 0 to 1, for the jitter of the pauses.
    """

    def __init__(self, settings: Settings, *, prefix: str, random: Callable[[], float]) -> None:
        self._actions: list[Action] = []
        self._connecting = Connecting(settings, random, self._actions)
        self._calls = Calls(settings, self._actions)
        self._watches = Watches(self._actions)
        self._exchange = Exchange(
            settings,
            prefix,
            connecting=self._connecting,
            calls=self._calls,
            watches=self._watches,
        )
        self._secret = settings.secret_bytes
        self._finishing = False

    @property
    def state(self) -> State:
        """How the connection is."""
        return self._connecting.state

    @property
    def done(self) -> bool:
        """Whether it was told to finish, and has."""
        return self._finishing and self.state is State.IDLE

    def take_actions(self) -> list[Action]:
        """Take what the shell is to do, in order."""
        actions = [*self._actions]
        self._actions.clear()
        return actions

    # What the program does

    def submit(self, call: Call, now: float) -> None:
        """Take a call. It is admitted at once or later, and ends with success or failure.

        A call that can't be written, since it is too large, is not taken:

        Raises:
            LimitExceeded: It is larger than the wire allows.
        """
        final = self._connecting.final_failure
        if self._finishing:
            self._calls.fail(call, Disconnected("the client is disconnected"))
        elif final and self.state is State.PAUSING:
            # Nothing but time, or the server's operator, can mend it.
            self._calls.fail(call, copied(final))
        elif call.frame is None:
            self._calls.wait_for_connection(call, ready=self._connecting.is_ready)
        else:
            self._exchange.submit(call, now)
        if call.stage is not Stage.DONE:
            self._calls.add_deadline(call)
            if self.state is State.IDLE:
                self._connecting.open(now)

    def watch(self, call: Call, state: WatchState, now: float) -> None:
        """Take a call that begins a watch."""
        call.watch = state
        call.retry = True
        self.submit(call, now)

    def unwatch(self, state: WatchState, now: float) -> None:
        """End a watch. The program is told nothing of it from now on."""
        if state in self._watches:
            self._watches.remove(state)
            self._exchange.unwatch(state, now)

    def cancel(self, call: Call, now: float) -> None:
        """Forget a call whose caller does not want to know any more; it may still be carried out.

        One that was not sent yet is not sent.
        """
        if call.stage in (Stage.QUEUED, Stage.WAITING):
            self._calls.forget(call)
            self._exchange.flush(now)
        elif call.stage is Stage.SENT:
            call.stage = Stage.DONE

    def set_secret(self, secret: bytes) -> None:
        """Show this secret from the next connection on."""
        self._secret = secret
        self._connecting.final_failure = None

    def finish(self, now: float) -> None:
        """Take no further calls; let go of the connection when those that there are have ended."""
        self._finishing = True
        for state in [*self._watches]:
            self._watches.remove(state)
        self._exchange.flush(now)
        self._rest()

    def stop(self, now: float) -> None:
        """End at once: calls that are not done fail with ``Disconnected``."""
        self.finish(now)
        error = "the client was disconnected before the call was done"
        self._exchange.fail_all(
            lambda call: Disconnected(error, maybe_delivered=call.maybe_delivered)
        )
        self._let_go()

    # What happens to the connection

    def opened(self, now: float) -> None:
        """The connection is made."""
        if self.state is State.OPENING:
            self._connecting.opened(now)
            self._exchange.greet(self._secret, now)
        else:
            self._connecting.shut()

    def open_failed(self, error: OrbitedError, now: float) -> None:
        """No connection could be made."""
        if self.state is State.OPENING:
            self._pause(error, now)

    def ended(self, error: OrbitedError, now: float) -> None:
        """The connection is gone."""
        if self._connecting.is_open:
            self._pause(error, now)

    def data_to_send(self, most: int) -> bytes:
        """Give the next bytes to send, at most so many; they stay until they are sent."""
        return self._exchange.stream.data_to_send(most)

    def data_sent(self, count: int) -> None:
        """So many of them were handed to the system."""
        self._exchange.stream.data_sent(count)

    def receive_data(self, data: bytes, now: float) -> None:
        """Take bytes from the server."""
        if not self._connecting.is_open:
            return
        for result in self._exchange.stream.receive_data(data, now):
            error = self._exchange.take(result, now)
            if error:
                self._give_up(error, now)
                return
        self._exchange.flush(now)
        self._rest()

    # Time

    def wakes_at(self) -> float | None:
        """Give the time at which :meth:`tick` has something to do; None for never."""
        times = [
            self._calls.next_deadline(),
            self._connecting.changes_at,
            self._exchange.silence_ends_at(),
        ]
        known = [time for time in times if time is not None]
        return min(known) if known else None

    def tick(self, now: float) -> None:
        """Do what is due."""
        for call in self._calls.due(now):
            sent = call.stage is Stage.SENT
            self._calls.expire(call, self._connecting.because())
            if not sent:
                self._exchange.flush(now)
        if _is_due(self._connecting.changes_at, now):
            self._change(now)
        if _is_due(self._exchange.silence_ends_at(), now):
            error = self._exchange.break_silence(now)
            if error:
                self._give_up(error, now)
        self._rest()

    # The connection

    def _change(self, now: float) -> None:
        """An attempt or a pause is over."""
        if self.state is not State.PAUSING:
            self._give_up(self._connecting.too_late(), now)
        elif self._connecting.final_failure and not self._wanted():
            self._let_go()
        else:
            self._connecting.open(now)

    def _give_up(self, error: OrbitedError, now: float) -> None:
        self._connecting.shut()
        self._pause(error, now)

    def _pause(self, error: OrbitedError, now: float) -> None:
        """The connection is lost, or none came about: wait for the next attempt."""
        self._connecting.pause(error, now)
        self._calls.not_connected(error)
        self._exchange.lose(error)
        final = self._connecting.final_failure
        if final:
            self._exchange.fail_all(lambda _: copied(final))
            for state in [*self._watches]:
                self._watches.fail(state, copied(final))
        self._rest()

    def _wanted(self) -> bool:
        return bool(self._calls or self._watches or self._exchange.stream.is_busy)

    def _rest(self) -> None:
        """Let go of the connection, or of the wish for one, if nothing is wanted of it."""
        if self._finishing and not self._wanted():
            self._let_go()

    def _let_go(self) -> None:
        if self.state is not State.IDLE:
            self._connecting.let_go()
            self._exchange.let_go()


def _is_due(time: float | None, now: float) -> bool:
    return time is not None and time <= now
