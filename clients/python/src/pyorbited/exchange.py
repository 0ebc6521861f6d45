"""What the courier sends to the server, and what the server says."""

from __future__ import annotations

from typing import Callable

from .call import Call, Result, Stage
from .calls import Calls
from .connecting import Connecting, State
from .exceptions import (
    ConnectionLost,
    OrbitedError,
    ProtocolError,
    RefusedError,
    UnsupportedVersion,
    copied,
)
from .frames import Auth, Frame, Ping, Unwatch, encode_frame
from .notices import Present, Signoff, Signon, Told
from .outcome import Watching
from .protocol11 import AUTH_REQUIRED, Outcome
from .settings import Settings
from .stream import Stream
from .watches import Watches
from .watchstate import WatchState

_TOLD = (Present, Signon, Signoff)


class Exchange:
    """Sends calls over one connection after another, and takes the answers.

    Args:
        settings: How much may be under way, and how large it may be.
        prefix: How the ids of its frames begin.
        connecting: How the connection is.
        calls: Those that wait to be sent.
        watches: Those that each new connection is to go on with.

    Attributes:
        stream: What is under way on the present connection; nothing if there is none.
    """

    def __init__(
        self,
        settings: Settings,
        prefix: str,
        *,
        connecting: Connecting,
        calls: Calls,
        watches: Watches,
    ) -> None:
        self._settings = settings
        self._prefix = prefix
        self._connecting = connecting
        self._calls = calls
        self._watches = watches
        self.stream = Stream(settings, prefix, 1, 0.0)

    def _begin_stream(self, now: float) -> None:
        self.stream = Stream(self._settings, self._prefix, self.stream.next_number, now)

    # The connection

    def greet(self, secret: bytes | None, now: float) -> None:
        """Begin with a new connection."""
        self._begin_stream(now)
        # A server of Orbit 1.0 takes an event of 1.1 for one of its own, so ask first [CTL-152].
        greeting: Frame = Ping() if secret is None else Auth(secret)
        self._send(Call(greeting, own=True), now)

    def lose(self, error: OrbitedError) -> None:
        """The connection is gone; what was under way on it fails, or waits for the next."""
        again: list[Call] = []
        for call, arrived in self.stream.unanswered():
            lost = arrived and call.watch is None
            call.maybe_delivered |= lost
            if call.own:
                call.stage = Stage.DONE
            elif call.stage is Stage.SENT and (call.retry or not lost):
                again.append(call)
            else:
                self._calls.fail(call, copied(error))
        self._watches.lose()
        self._calls.queue.put_back(again)
        self._begin_stream(0.0)

    def let_go(self) -> None:
        """Forget the connection, of which nothing is wanted any more."""
        self._begin_stream(0.0)

    def fail_all(self, error: Callable[[Call], OrbitedError]) -> None:
        """End all calls: those that are under way, and those that wait."""
        sent = self.stream.unanswered()
        for call, arrived in sent:
            call.maybe_delivered |= arrived and call.watch is None
        self._calls.fail_all([call for call, _ in sent], error)

    # Sending

    def submit(self, call: Call, now: float) -> None:
        """Send a call now or later.

        Raises:
            LimitExceeded: It is larger than the wire allows. Nothing has changed.
        """
        assert call.frame
        if self._can_send() and not self._calls.queue:
            if self._send(call, now):
                self._calls.admit(call)
        else:
            longest_id = self._prefix + "0" * 16
            encode_frame(longest_id, call.frame, self._settings.limits)
            self._calls.enqueue(call, self._connecting.because())

    def flush(self, now: float) -> None:
        """Send what waits, as far as there is room."""
        queue = self._calls.queue
        while (call := queue.first()) and self._can_send():
            was_waiting = call.stage is Stage.WAITING
            queue.take_first()
            if self._send(call, now) and was_waiting:
                self._calls.admit(call)
        for entered in queue.advance():
            self._calls.admit(entered)

    def unwatch(self, state: WatchState, now: float) -> None:
        """Ask the server to tell a watch nothing more."""
        if state.id is not None and self._connecting.is_ready:
            self._send(Call(Unwatch(state.id), own=True), now)
        state.lose()

    def _can_send(self) -> bool:
        return self._connecting.is_ready and self.stream.has_room

    def _send(self, call: Call, now: float) -> bool:
        try:
            self.stream.send(call, now)
        except OrbitedError as error:
            if call.stage is Stage.NEW and not isinstance(error, UnsupportedVersion):
                raise
            self._calls.fail(call, error)
            return False
        return True

    # Silence

    def silence_ends_at(self) -> float | None:
        """Give the time at which :meth:`break_silence` is due; None for never."""
        if not self._connecting.is_ready or not self.stream.speaks_1_1:
            return None
        return self.stream.silence_ends_at(watched=bool(self._watches))

    def break_silence(self, now: float) -> ConnectionLost | None:
        """Ask the server whether it is there.

        Returns:
            Why to give the connection up, if it was asked before.
        """
        if self.stream.may_ask(now):
            self._send(Call(Ping(), own=True), now)
            return None
        seconds = self.stream.silence(now)
        return ConnectionLost(f"the server has said nothing for {seconds:g} s")

    # What the server says

    def take(self, result: Outcome | Told | ProtocolError, now: float) -> OrbitedError | None:
        """Take one thing that the server says.

        Returns:
            Why to give the connection up, if that is to be done.
        """
        if isinstance(result, ProtocolError):
            return result
        if isinstance(result, RefusedError):
            return self._take_refusal(result, now)
        if isinstance(result, _TOLD):
            self._watches.tell(result)
        else:
            self._take_success(result, now)
        return None

    def _take_success(self, result: Result, now: float) -> None:
        call = self.stream.answered(result.id)
        if isinstance(result, Watching) and call.watch:
            self._begin_watch(call, call.watch, result, now)
        self._calls.succeed(call, result)
        if self._connecting.state is State.GREETING:
            self._be_ready(now)

    def _be_ready(self, now: float) -> None:
        self._connecting.answered()
        for state in [*self._watches]:
            try:
                self.stream.send(Call(state.frame(), watch=state, own=True), now)
            except UnsupportedVersion as error:
                self._watches.fail(state, error)
        self._calls.connected()
        self.flush(now)

    def _begin_watch(self, call: Call, state: WatchState, reply: Watching, now: float) -> None:
        wanted = state in self._watches if call.own else call.stage is not Stage.DONE
        gap = state.begin(reply)
        if wanted:
            self._watches.add(state, gap)
        else:
            self.unwatch(state, now)

    def _take_refusal(self, refusal: RefusedError, now: float) -> OrbitedError | None:
        if refusal.id is None:
            return self._take_good_bye(refusal)
        if not self.stream.awaits(refusal.id):
            for state in [state for state in self._watches if state.id == refusal.id]:
                self._watches.fail(state, refusal)
            return None
        call = self.stream.answered(str(refusal.id))
        if self._connecting.state is State.GREETING:
            return self._take_greeting(call, refusal, now)
        if call.own and call.watch in self._watches and not refusal.retriable:
            assert call.watch
            self._watches.fail(call.watch, refusal)
        elif refusal.retriable and call.retry and call.stage is not Stage.DONE:
            self.stream.leaving = True
            self._calls.queue.put_back([call])
        else:
            self.stream.leaving |= refusal.retriable
            self._calls.fail(call, refusal)
        return None

    def _take_greeting(
        self, greeting: Call, refusal: RefusedError, now: float
    ) -> RefusedError | None:
        """The server refuses the greeting, which does not mean that it is of no use."""
        if isinstance(refusal, UnsupportedVersion):
            self.stream.lower()  # it is one that speaks Orbit 1.0 only [CTL-152]
        elif not (isinstance(greeting.frame, Ping) and refusal.code == AUTH_REQUIRED):
            return refusal
        # Without a secret each call is told that it needs one, but for an Auth [CTL-130].
        self._be_ready(now)
        return None

    def _take_good_bye(self, refusal: RefusedError) -> RefusedError | None:
        """The server refuses the connection, and closes it [CTL-80]."""
        if self._connecting.state is State.GREETING:
            return refusal
        # The replies to what it took still come [CTL-83]; the end of the stream follows.
        self.stream.leaving = True
        self._connecting.failure = refusal
        return None
