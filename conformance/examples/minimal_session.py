"""Events and sessions: what must not depend on where bytes come from, or where they go."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import re
import secrets
from collections import deque
from pathlib import Path
from time import monotonic
from typing import Callable

Key = tuple[bytes, ...]  # user, session, location

REGISTRY = json.loads((Path(__file__).parents[2] / "protocol/registry.json").read_text("utf-8"))
CODES = {item["code"]: item for item in REGISTRY["codes"]}
LIMIT: dict[str, float] = {}
for each in (item for item in REGISTRY["limits"] + REGISTRY["defaults"] if isinstance(item["value"], int)):
    variable = re.sub(r"\W+", "_", "ORBITED " + (each["setting"] or "").replace("[global] ", "")).upper()
    LIMIT[each["name"]] = float(os.environ.get(variable, each["value"]))

EPOCH, SERIALS = secrets.token_hex(5), itertools.count()  # no cursor of another process is valid here [BRW-94]
SESSIONS: dict[Key, Session] = {}


def is_key(key: Key) -> bool:
    """Whether it has three parts, none of them empty or with a control character [CTL-23]."""
    return len(key) == 3 and all(key) and key[2][:1] == b"/" and not re.search(rb"[\0-\x1f\x7f]", b"".join(key))


class Event:
    """An event that was taken. It is answered as soon as the fate of every recipient is known [CTL-43]."""

    def __init__(self, body: bytes, keys: list[Key], answer: Callable[[list[Key]], None]) -> None:
        self.body, self.answer = body, answer
        self.fates: dict[Key, bool | None] = dict.fromkeys(keys)  # each once, where it is named first [CTL-26]
        self.unknown = len(self.fates)

    def send(self) -> None:
        """Gives the event to the sessions of its recipients."""
        for key in list(self.fates):
            if key in SESSIONS:
                SESSIONS[key].push(self)
            else:
                self.settle(key, reached=False)  # at once [BRW-55]
        if not self.fates:
            self.answer([])  # [CTL-38]

    def settle(self, key: Key, reached: bool) -> None:
        """Notes the fate of one recipient, once; the unreached are told in the order of the event [CTL-36]."""
        if self.fates[key] is None:
            self.fates[key] = reached
            self.unknown -= 1
            if self.unknown == 0:
                self.answer([key for key, reached in self.fates.items() if not reached])


class Session:
    """What the server knows of one key, for as long as a browser is there or may yet come back."""

    def __init__(self, key: Key) -> None:
        self.key, self.name = key, f"{EPOCH}-{next(SERIALS):x}-"
        self.wake: asyncio.Event | None = None  # of the connection that has the session now; None if it is away
        self.grace: asyncio.TimerHandle | None = None
        self.queue: deque[Event | None] = deque()  # None stands for a gap
        self.kept: deque[tuple[int, bytes, int, float]] = deque()  # number, text, size and time of what was written
        self.position = 0  # how many events and gaps were written
        self.floor = 0  # how many of them are no longer kept
        self.known = 0  # how many of them a cursor has shown the browser to have
        self.tries = 0  # how often the head of the queue was handed over in part

    def push(self, event: Event) -> None:
        """Has an event wait for the browser, if there is room [BRW-56]."""
        waiting = [len(other.body) for other in self.queue if other]
        if len(waiting) < LIMIT["session.waiting"] and sum(waiting) + len(event.body) <= LIMIT["session.waiting_bytes"]:
            self.queue.append(event)
        else:
            event.settle(self.key, reached=False)
            if not self.queue or self.queue[-1]:
                self.queue.append(None)  # its place is told as a gap [BRW-99]
        if self.wake:
            self.wake.set()

    def join(self, wake: asyncio.Event, last: bytes | None) -> bytes:
        """A connection takes over [BRW-62]; returns its first bytes [SSE-17], and what it missed [BRW-96]."""
        if self.grace:
            self.grace.cancel()
        if self.wake:
            self.wake.set()
        self.wake, position = wake, self.position  # without a cursor it begins at the present position [BRW-97]
        is_missing = self.known < position
        if last:
            self.acknowledge(last)
            position = max(self.number(last), self.floor)
            is_missing = self.number(last) < self.floor
        first = b"\n" + self.text(position, None) if is_missing else b"id: %s\n\n" % self.cursor(position)
        later = [text for number, text, *_ in self.kept if number > position]
        return b"retry: %d\n" % LIMIT["sse.retry"] + first + b"".join(later)

    def leave(self, wake: asyncio.Event) -> None:
        """A connection has gone; if it was the last, the grace begins [BRW-51]."""
        if self.wake is wake:
            self.wake = None
            self.grace = asyncio.get_running_loop().call_later(LIMIT["session.timeout"], self.end)

    def end(self) -> None:
        """Ends the session: what waits is not reached [BRW-54]."""
        SESSIONS.pop(self.key, None)
        for event in filter(None, self.queue):
            event.settle(self.key, reached=False)

    def cursor(self, number: int) -> bytes:
        """The cursor after so many events and gaps of this session."""
        return f"{self.name}{number:x}".encode()

    def number(self, cursor: bytes) -> int:
        """What a cursor was made of; -1 if it is none of this session."""
        digits = re.fullmatch(re.escape(self.name).encode() + rb"([0-9a-f]{1,12})", cursor)
        number = int(digits[1], 16) if digits else -1
        return number if number <= self.position else -1

    def text(self, number: int, event: Event | None) -> bytes:
        """An event on the wire [SSE-18], or a gap [SSE-19]."""
        if event is None:
            return b"event: gap\nid: %s\ndata: \n\n" % self.cursor(number)
        lines = re.split(rb"\r\n|\r|\n", event.body)
        return b"id: %s\n%s\n" % (self.cursor(number), b"".join(b"data: %s\n" % line for line in lines))

    def acknowledge(self, cursor: bytes) -> None:
        """The browser has all up to the cursor [BRW-101]."""
        self.known = max(self.known, self.number(cursor))
        self.let_go()

    def let_go(self) -> None:
        """Keeps no more than it has to [BRW-98]."""
        while self.kept and (
            self.kept[0][0] <= self.known
            or len(self.kept) > LIMIT["session.replay"]
            or sum(size for *_, size, _ in self.kept) > LIMIT["session.replay_bytes"]
            or monotonic() - self.kept[0][3] > LIMIT["session.replay_age"]
        ):
            self.floor = self.kept.popleft()[0]

    def written(self, text: bytes) -> None:
        """The head of the queue was handed over in whole: it is reached, and its time to wait is over [BRW-60]."""
        event = self.queue.popleft()
        self.position, self.tries = self.position + 1, 0
        self.kept.append((self.position, text, len(event.body) if event else 0, monotonic()))
        self.let_go()
        if event:
            event.settle(self.key, reached=True)

    def failed(self) -> None:
        """A connection broke in the middle of the head of the queue: it is tried again, but not for ever [BRW-59]."""
        self.tries, event = self.tries + 1, self.queue[0]
        if event and self.tries > LIMIT["event.retry_limit"]:
            self.tries, self.queue[0] = 0, None
            event.settle(self.key, reached=False)
