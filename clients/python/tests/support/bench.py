"""Drives a courier by hand: no socket, and a clock that a test sets."""

from __future__ import annotations

import re
from typing import TypeVar

from pyorbited.call import Action, Call, Failed, Succeeded
from pyorbited.courier import Courier
from pyorbited.exceptions import ConnectionLost, OrbitedError
from pyorbited.frames import Event, Frame
from pyorbited.notices import Position
from pyorbited.pattern import addresses
from pyorbited.settings import Settings
from pyorbited.watchstate import WatchState

A = TypeVar("A")

_FRAME = re.compile(rb"Orbit 1\.[01]\r\n(.*?)\r\n\r\n", re.DOTALL)


class Bench:
    """A courier and its surroundings. Pauses are always the longest that they may be."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.courier = Courier(settings or Settings(), prefix="", random=lambda: 1.0)
        self.now = 0.0
        self.done: list[Action] = []

    def ready(self) -> Bench:
        """Connect, and let the server answer the greeting."""
        if not self.actions_are_waiting():
            self.submit(None)
        self.open()
        self.greet()
        self.take()
        return self

    def actions_are_waiting(self) -> bool:
        self.done += self.courier.take_actions()
        return bool(self.done)

    def open(self) -> None:
        self.courier.opened(self.now)

    def greet(self) -> str:
        """Answer the greeting, and give its action."""
        ((action, id_),) = self.sent()
        self.reply(f"Success\r\nid: {id_}\r\n\r\n")
        return action

    def submit(
        self, frame: Frame | None, seconds: float | None = None, *, retry: bool = False
    ) -> Call:
        deadline = None if seconds is None else self.now + seconds
        call = Call(frame, deadline, seconds, retry=retry)
        self.courier.submit(call, self.now)
        return call

    def event(
        self, body: bytes = b"x", seconds: float | None = None, *, retry: bool = False
    ) -> Call:
        return self.submit(Event(addresses("a, 0, /x"), body), seconds, retry=retry)

    def watch(
        self, pattern: str = "*, *, /x", *, state: bool = False, since: Position | None = None
    ) -> tuple[Call, WatchState]:
        watch = WatchState(addresses(pattern)[0], state=state, since=since)
        call = Call(watch.frame())
        self.courier.watch(call, watch, self.now)
        return call, watch

    def written(self, most: int = 10**9) -> bytes:
        """Send what is to be sent, and give it."""
        data = self.courier.data_to_send(most)
        self.courier.data_sent(len(data))
        return data

    def sent(self) -> list[tuple[str, str]]:
        """Send what is to be sent, and give the actions and ids of its frames."""
        heads = [head.decode().split("\r\n") for head in _FRAME.findall(self.written())]
        return [(lines[0], lines[1].partition(": ")[2]) for lines in heads]

    def reply(self, text: str) -> None:
        self.courier.receive_data(text.encode(), self.now)

    def lose(self) -> None:
        self.courier.ended(ConnectionLost("lost"), self.now)

    def pass_time(self, seconds: float) -> None:
        self.now += seconds
        self.courier.tick(self.now)

    def take(self) -> list[Action]:
        """Take the actions that there are."""
        actions = [*self.done, *self.courier.take_actions()]
        self.done = []
        return actions

    def taken(self, kind: type[A]) -> list[A]:
        """Take the actions, and give those of one kind."""
        return [action for action in self.take() if isinstance(action, kind)]

    def fates(self) -> dict[Call, object]:
        """Take the actions, and give how calls ended: their results, or errors."""
        found: dict[Call, object] = {}
        for action in self.take():
            if isinstance(action, (Succeeded, Failed)):
                assert action.call not in found, "a call ended twice"
                found[action.call] = (
                    action.result if isinstance(action, Succeeded) else action.error
                )
        return found

    def error(self, call: Call) -> OrbitedError:
        """Take the actions, and give the error with which a call ended."""
        error = self.fates()[call]
        assert isinstance(error, OrbitedError), error
        return error


def success(id_: str, more: str = "reached: 1\r\n") -> str:
    """Write the Success of a frame; by default that of an event."""
    return f"Success\r\nid: {id_}\r\n{more}\r\n"


def failure(id_: str | None, code: str) -> str:
    """Write a Failure; without an id it is a good-bye."""
    line = "" if id_ is None else f"id: {id_}\r\n"
    return f"Failure\r\n{line}msg: No\r\ncode: {code}\r\n\r\n"
