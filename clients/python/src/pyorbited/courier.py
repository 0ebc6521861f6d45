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

from enum import Enum
from typing import Callable

from .backoff import Backoff
from .call import (
    Action,
    Admitted,
    Call,
    EndWatch,
    Failed,
    Open,
    Result,
    Shut,
    Stage,
    Succeeded,
    Tell,
)
from .callqueue import CallQueue
from .deadlines import Deadlines
from .exceptions import (
    ConnectFailed,
    ConnectionLost,
    Disconnected,
    Dropped,
    OrbitedError,
    ProtocolError,
    QueueFull,
    RefusedError,
    Timeout,
)
from .frames import Auth, Frame, Ping, Unwatch, encode_frame
from .notices import Present, Signoff, Signon, Told
from .outcome import Watching
from .protocol11 import Outcome
from .settings import Settings
from .stream import Stream
from .watchstate import WatchState

_STEADY = 10.0
"""Seconds after which a connection counts as one that lasts, so that the backoff begins anew."""


class State(Enum):
    """How the connection is."""

    IDLE = "no connection is wanted"
    OPENING = "a connection is being made"
    GREETING = "the server has not answered the greeting yet"
    READY = "calls can be sent"
    PAUSING = "waiting before the next attempt"


class Courier:
    """The calls, watches and connections of one client, or of one part of its pool.

    Args:
        settings: How it behaves.
        prefix: How the ids of its frames begin.
        random: Gives numbers from 0 to 1, for the jitter of the pauses.
    """

    def __init__(self, settings: Settings, *, prefix: str, random: Callable[[], float]) -> None:
        self._settings = settings
        self._prefix = prefix
        self._backoff = Backoff(settings.backoff, settings.max_backoff, random=random)
        self._queue = CallQueue(settings.queue, settings.policy)
        self._deadlines = Deadlines()
        self._actions: list[Action] = []
        self._secret = settings.secret_bytes
        self._watches: dict[WatchState, None] = {}
        self._callers: list[Call] = []  # of connect(), which send nothing
        self._next_number = 1
        self._last_failure: OrbitedError | None = None
        self._final_failure: OrbitedError | None = None
        self._finishing = False
        self.state = State.IDLE
        self._changes_at: float | None = None
        self._begin_stream(0.0)

    def _begin_stream(self, now: float) -> None:
        self._stream = Stream(self._settings, self._prefix, self._next_number, now)

    # What the program does

    def submit(self, call: Call, now: float) -> None:
        """Take a call. It is admitted at once or later, and ends with success or failure.

        A call that can't be written, since it is too large, is not taken:

        Raises:
            LimitExceeded: It is larger than the wire allows.
        """
        if self._finishing:
            self._fail(call, Disconnected("the client is disconnected"))
        elif self._final_failure and self.state is State.PAUSING:
            # Nothing but time, or the server's operator, can mend it.
            self._fail(call, _again(self._final_failure))
        elif call.frame is None:
            self._wait_for_connection(call)
        elif self._can_send() and not self._queue:
            self._send(call, now)
            self._admit(call)
        else:
            self._enqueue(call)
        if call.stage is not Stage.DONE:
            self._deadlines.add(call)
            self._want(now)

    def watch(self, call: Call, state: WatchState, now: float) -> None:
        """Take a call that begins a watch."""
        call.watch = state
        call.retry = True
        self.submit(call, now)

    def unwatch(self, state: WatchState, now: float) -> None:
        """End a watch. The program is told nothing of it from now on."""
        if state in self._watches:
            del self._watches[state]
            self._actions.append(EndWatch(state, None))
            self._stop_at_server(state, now)

    def cancel(self, call: Call, now: float) -> None:
        """Forget a call whose caller does not want to know any more; it may still be carried out.

        One that was not sent yet is not sent.
        """
        if call.stage in (Stage.QUEUED, Stage.WAITING):
            self._queue.remove(call)
            self._callers = [other for other in self._callers if other is not call]
            call.stage = Stage.DONE
            self._flush(now)
        elif call.stage is Stage.SENT:
            call.stage = Stage.DONE

    def set_secret(self, secret: bytes) -> None:
        """Show this secret from the next connection on."""
        self._secret = secret
        self._final_failure = None

    def finish(self, now: float) -> None:
        """Take no further calls; let go of the connection when those that there are have ended."""
        self._finishing = True
        for state in [*self._watches]:
            del self._watches[state]
            self._actions.append(EndWatch(state, None))
        self._flush(now)
        self._rest()

    def stop(self, now: float) -> None:
        """End at once: calls that are not done fail with ``Disconnected``."""
        self.finish(now)
        error = "the client was disconnected before the call was done"
        self._fail_all(lambda call: Disconnected(error, maybe_delivered=call.maybe_delivered))
        self._let_go()

    # What happens to the connection

    def opened(self, now: float) -> None:
        """The connection is made."""
        if self.state is not State.OPENING:
            self._actions.append(Shut())
            return
        self._begin_stream(now)
        self.state = State.GREETING
        # A server of Orbit 1.0 takes an event of 1.1 for one of its own, so ask first [CTL-152].
        greeting: Frame = Ping() if self._secret is None else Auth(self._secret)
        self._send(Call(greeting, own=True), now)

    def open_failed(self, error: OrbitedError, now: float) -> None:
        """No connection could be made."""
        if self.state is State.OPENING:
            self._pause(error, now)

    def ended(self, error: OrbitedError, now: float) -> None:
        """The connection is gone."""
        if self._is_open():
            self._lose(error, now)

    def data_to_send(self, most: int) -> bytes:
        """Give the next bytes to send, at most so many; they stay until they are sent."""
        return self._stream.data_to_send(most)

    def data_sent(self, count: int) -> None:
        """So many of them were handed to the system."""
        self._stream.data_sent(count)

    def receive_data(self, data: bytes, now: float) -> None:
        """Take bytes from the server."""
        if not self._is_open():
            return
        for result in self._stream.receive_data(data, now):
            self._take(result, now)
            if not self._is_open():
                return
        self._flush(now)
        self._rest()

    # Time

    def wakes_at(self) -> float | None:
        """Give the time at which :meth:`tick` has something to do; None for never."""
        times = [self._deadlines.next(), self._changes_at, self._silence_ends_at()]
        known = [time for time in times if time is not None]
        return min(known) if known else None

    def tick(self, now: float) -> None:
        """Do what is due."""
        for call in self._deadlines.due(now):
            self._expire(call, now)
        if self._changes_at is not None and self._changes_at <= now:
            self._change(now)
        silence = self._silence_ends_at()
        if silence is not None and silence <= now:
            self._ask_or_give_up(now)
        self._rest()

    def take_actions(self) -> list[Action]:
        """Take what the shell is to do, in order."""
        actions, self._actions = self._actions, []
        return actions

    @property
    def done(self) -> bool:
        """Whether it was told to finish, and has."""
        return self._finishing and self.state is State.IDLE

    # Calls

    def _enqueue(self, call: Call) -> None:
        assert call.frame
        longest_id = self._prefix + "0" * 16
        encode_frame(longest_id, call.frame, self._settings.limits)
        taken, oldest = self._queue.add(call)
        bound = f"{self._settings.queue:,} calls wait for the connection"
        if oldest:
            error = Dropped(
                f"{bound}, and a later one took the place of this one",
                maybe_delivered=oldest.maybe_delivered,
            )
            self._fail(oldest, error)
        if not taken:
            self._fail(call, QueueFull(f"{bound} already{self._because()}"))
        elif call.stage is Stage.QUEUED:
            self._admit(call)

    def _wait_for_connection(self, call: Call) -> None:
        call.stage = Stage.QUEUED
        self._admit(call)
        if self.state is State.READY:
            self._succeed(call, None)
        else:
            self._callers.append(call)

    def _can_send(self) -> bool:
        return self.state is State.READY and self._stream.has_room

    def _flush(self, now: float) -> None:
        while (call := self._queue.first()) and self._can_send():
            was_waiting = call.stage is Stage.WAITING
            self._queue.take_first()
            if self._send(call, now) and was_waiting:
                self._admit(call)
        for entered in self._queue.advance():
            self._admit(entered)

    def _send(self, call: Call, now: float) -> bool:
        try:
            self._stream.send(call, now)
        except OrbitedError as error:
            if call.stage is Stage.NEW:
                raise
            self._fail(call, error)
            return False
        return True

    def _admit(self, call: Call) -> None:
        if not call.own:
            self._actions.append(Admitted(call))

    def _succeed(self, call: Call, result: Result | None) -> None:
        if call.stage is not Stage.DONE and not call.own:
            self._actions.append(Succeeded(call, result))
        call.stage = Stage.DONE

    def _fail(self, call: Call, error: OrbitedError) -> None:
        if call.stage is not Stage.DONE and not call.own:
            error.maybe_delivered |= call.maybe_delivered
            self._actions.append(Failed(call, error))
        call.stage = Stage.DONE

    def _fail_all(self, error: Callable[[Call], OrbitedError]) -> None:
        sent = self._stream.unanswered()
        for call, arrived in sent:
            call.maybe_delivered |= arrived and call.watch is None
        callers, self._callers = self._callers, []
        for call in [*(call for call, _ in sent), *self._queue.take_all(), *callers]:
            self._fail(call, error(call))

    def _expire(self, call: Call, now: float) -> None:
        stage = call.stage
        sent = stage is Stage.SENT
        limit = f"took longer than the {call.seconds:g} s given for the call"
        because = "" if sent else self._because()
        error = Timeout(f"{stage.value} {limit}{because}", maybe_delivered=sent and not call.watch)
        self._callers = [other for other in self._callers if other is not call]
        self._fail(call, error)
        if not sent:
            self._queue.remove(call)
            self._flush(now)

    def _because(self) -> str:
        return f": {self._last_failure}" if self._last_failure else ""

    # The connection

    def _is_open(self) -> bool:
        return self.state in (State.GREETING, State.READY)

    def _want(self, now: float) -> None:
        if self.state is State.IDLE:
            self._open(now)

    def _wanted(self) -> bool:
        return bool(self._queue or self._callers or self._watches or self._stream.is_busy)

    def _open(self, now: float) -> None:
        self.state = State.OPENING
        self._changes_at = now + self._settings.connect_timeout
        self._actions.append(Open())

    def _change(self, now: float) -> None:
        if self.state is State.PAUSING and self._final_failure and not self._wanted():
            self._let_go()
            return
        if self.state is State.PAUSING:
            self._open(now)
            return
        self._actions.append(Shut())
        what = "connecting" if self.state is State.OPENING else "the answer to the greeting"
        limit = f"took longer than {self._settings.connect_timeout:g} s"
        self._pause(ConnectFailed(f"{what} {limit}"), now)

    def _pause(self, error: OrbitedError, now: float) -> None:
        """No connection came about: wait for the next attempt."""
        self._last_failure = error
        final = None if error.retriable or isinstance(error, ConnectionLost) else error
        self._final_failure = final
        for call in self._callers:
            self._fail(call, _again(error))
        self._callers.clear()
        self._drop_stream(error)
        if final:
            self._fail_all(lambda _: _again(final))
            for state in [*self._watches]:
                self._end_watch(state, _again(final))
        self._changes_at = now + self._backoff.next_delay()
        self.state = State.PAUSING
        self._rest()

    def _lose(self, error: OrbitedError, now: float) -> None:
        if self.state is State.GREETING:
            self._pause(error, now)
            return
        if now - self._stream.opened_at >= _STEADY:
            self._backoff.reset()
        self._last_failure = error
        self._drop_stream(error)
        self._changes_at = now + self._backoff.next_delay()
        self.state = State.PAUSING
        self._rest()

    def _drop_stream(self, error: OrbitedError) -> None:
        """Let go of the connection; what was under way on it fails, or waits for the next."""
        again: list[Call] = []
        for call, arrived in self._stream.unanswered():
            lost = arrived and call.watch is None
            call.maybe_delivered |= lost
            if call.own:
                call.stage = Stage.DONE
            elif call.stage is Stage.SENT and (call.retry or not lost):
                again.append(call)
            else:
                self._fail(call, _again(error))
        for state in self._watches:
            state.lose()
        self._queue.put_back(again)
        self._next_number = self._stream.next_number
        self._begin_stream(0.0)

    def _rest(self) -> None:
        """Let go of the connection, or of the wish for one, if nothing is wanted of it."""
        if not self._finishing or self._wanted():
            return
        self._let_go()

    def _let_go(self) -> None:
        if self.state is State.IDLE:
            return
        if self.state is not State.PAUSING:
            self._actions.append(Shut())
        self.state = State.IDLE
        self._changes_at = None
        self._next_number = self._stream.next_number
        self._begin_stream(0.0)

    def _silence_ends_at(self) -> float | None:
        if self.state is not State.READY:
            return None
        return self._stream.silence_ends_at(watched=bool(self._watches))

    def _ask_or_give_up(self, now: float) -> None:
        if self._stream.may_ask(now):
            self._send(Call(Ping(), own=True), now)
            return
        self._actions.append(Shut())
        seconds = self._stream.silence(now)
        self._lose(ConnectionLost(f"the server has said nothing for {seconds:g} s"), now)

    # What the server says

    def _take(self, result: Outcome | Told | ProtocolError, now: float) -> None:
        if isinstance(result, ProtocolError):
            self._actions.append(Shut())
            self._lose(result, now)
        elif isinstance(result, RefusedError):
            self._take_refusal(result, now)
        elif isinstance(result, _TOLD):
            for state in self._watches:
                if state.id == result.watch:
                    self._actions.append(Tell(state, state.take(result)))
        else:
            self._take_success(result, now)

    def _take_success(self, result: Result, now: float) -> None:
        call = self._stream.answered(result.id)
        if isinstance(result, Watching) and call.watch:
            self._begin_watch(call, call.watch, result, now)
        self._succeed(call, result)
        if self.state is State.GREETING:
            self._be_ready(now)

    def _be_ready(self, now: float) -> None:
        self.state = State.READY
        self._changes_at = None
        self._last_failure = self._final_failure = None
        for state in self._watches:
            self._send(Call(state.frame(), watch=state, own=True), now)
        for call in self._callers:
            self._succeed(call, None)
        self._callers.clear()
        self._flush(now)

    def _begin_watch(self, call: Call, state: WatchState, reply: Watching, now: float) -> None:
        wanted = state in self._watches if call.own else call.stage is not Stage.DONE
        gap = state.begin(reply)
        if not wanted:
            self._stop_at_server(state, now)
            return
        self._watches[state] = None
        if gap:
            self._actions.append(Tell(state, gap))

    def _stop_at_server(self, state: WatchState, now: float) -> None:
        if state.id is not None and self.state is State.READY:
            self._send(Call(Unwatch(state.id), own=True), now)
        state.lose()

    def _end_watch(self, state: WatchState, error: OrbitedError) -> None:
        self._watches.pop(state, None)
        state.lose()
        self._actions.append(EndWatch(state, error))

    def _take_refusal(self, refusal: RefusedError, now: float) -> None:
        if refusal.id is None:
            self._take_good_bye(refusal, now)
            return
        if not self._stream.awaits(refusal.id):
            for state in [state for state in self._watches if state.id == refusal.id]:
                self._end_watch(state, refusal)
            return
        call = self._stream.answered(str(refusal.id))
        if self.state is State.GREETING:
            self._actions.append(Shut())
            self._pause(refusal, now)
        elif call.own and call.watch in self._watches:
            assert call.watch
            self._end_watch(call.watch, refusal)
        elif refusal.retriable and call.retry and call.stage is not Stage.DONE:
            self._stream.leaving = True
            self._queue.put_back([call])
        else:
            self._stream.leaving |= refusal.retriable
            self._fail(call, refusal)

    def _take_good_bye(self, refusal: RefusedError, now: float) -> None:
        """The server refuses the connection, and closes it [CTL-80]."""
        if self.state is State.GREETING:
            self._actions.append(Shut())
            self._pause(refusal, now)
        else:
            # The replies to what it took still come [CTL-83]; the end of the stream follows.
            self._stream.leaving = True
            self._last_failure = refusal


_TOLD = (Present, Signon, Signoff)


def _again(error: OrbitedError) -> OrbitedError:
    """Copy an error, since each caller gets one of its own."""
    copy = type(error)(error.message, maybe_delivered=error.maybe_delivered)
    copy.__dict__.update(error.__dict__)
    copy.__cause__ = error.__cause__
    return copy
