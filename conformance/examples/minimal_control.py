"""The control port: frames of Orbit 1.0, and replies to them (../../protocol/control.md)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import suppress

from minimal_session import CODES, LIMIT, REGISTRY, Event, Key, is_key

OPEN: dict[asyncio.Task[None], Control] = {}


async def end(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Ends a connection after all that was written; what the peer still sends must not make a reset of it."""
    with suppress(OSError, asyncio.TimeoutError):
        writer.write_eof()
        while await asyncio.wait_for(reader.read(65536), 1):
            pass
    writer.close()


class Frame:
    """The head of a frame: it takes lines, and finds the first violation, in the order of section 6."""

    def __init__(self) -> None:
        self.fault = 0
        self.is_answered = False
        self.id: bytes | None = None
        self.length: int | None = None
        self.is_endless = False  # its length is bad, so nobody knows where it ends [CTL-81]
        self.keys: list[Key] = []
        self.lines = self.size = self.headers = self.recipients = 0
        self.names: set[bytes] = set()  # `id` and `length`, once they were there

    def take(self, line: bytes) -> None:
        """Takes a line, with its end."""
        self.lines += 1
        self.size += len(line)
        for code in self.faults(line[:-2] if line.endswith(b"\r\n") else line[:-1]):
            self.fault = self.fault or code  # only the first counts, but id and length are still wanted [CTL-74]

    def finish(self, blank: bytes) -> None:
        """The blank line has come; it is a line of the head, too."""
        self.size += len(blank)
        is_large = self.size > LIMIT["control.head"]
        too_large = (self.length or 0) > LIMIT["control.body"]
        for code, is_so in (
            (205, is_large),
            (104, b"id" not in self.names),
            (107, b"length" not in self.names),
            (204, too_large),
        ):
            self.fault = self.fault or (code if is_so else 0)

    def faults(self, line: bytes) -> Iterator[int]:
        """Each violation of a line, the one that counts first."""
        if len(line) > LIMIT["control.line"]:
            yield 201
            return
        if self.size > LIMIT["control.head"]:
            yield 205
        name, colon, value = line.partition(b": ")
        if b"\r" in line or line.decode(errors="replace").encode() != line or (self.lines > 2 and not colon):
            yield 103
        elif self.lines == 2 and line != b"Event":
            yield 102
        elif self.lines > 2 and name.lower() == b"recipient":
            yield from self.recipient(tuple(value.split(b", ", 2)))
        elif self.lines > 2:
            self.headers += 1
            if self.headers > LIMIT["control.headers"]:
                yield 202
            if name.lower() in self.names:
                yield 109
            elif name.lower() in (b"id", b"length"):
                self.names.add(name.lower())
                yield from self.identify(value) if name.lower() == b"id" else self.measure(value)

    def recipient(self, key: Key) -> Iterator[int]:
        """Notes a key."""
        self.recipients += 1
        if self.recipients > LIMIT["control.recipients"]:
            yield 203
        elif not is_key(key):
            yield 106
        else:
            self.keys.append(key)

    def identify(self, value: bytes) -> Iterator[int]:
        """Notes the id [CTL-18]."""
        if 1 <= len(value) <= LIMIT["control.id"]:
            self.id = value
        else:
            yield 105

    def measure(self, value: bytes) -> Iterator[int]:
        """Notes the length [CTL-27]; leading zeros are allowed [CTL-28]."""
        digits = re.fullmatch(rb"0*([0-9]{1,16})", value)
        if digits and int(digits[1]) <= LIMIT["control.length"]:
            self.length = int(digits[1])
        else:
            self.is_endless = True
            yield 108


class Control:
    """A connection of an application."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.reading: asyncio.Future[None] | None = None
        self.unanswered = self.unanswered_bytes = 0
        self.answered = asyncio.Event()

    async def run(self) -> None:
        """From its beginning to its end."""
        if len(OPEN) >= LIMIT["control.connections"]:
            self.fail(403)
        else:
            task = asyncio.current_task()
            assert task
            OPEN[task] = self
            self.reading = asyncio.ensure_future(self.frames())
            await asyncio.wait([self.reading])
            if not self.reading.cancelled():
                self.reading.exception()  # a connection that broke is like one that ended [CTL-93]
            while self.unanswered:  # [CTL-83] [CTL-91] [CTL-95]
                self.answered.clear()
                await self.answered.wait()
            del OPEN[task]
        await end(self.reader, self.writer)

    def stop(self) -> None:
        """Takes no further frames [CTL-95]."""
        if self.reading:
            self.reading.cancel()

    async def frames(self) -> None:
        """Takes frames, one after the other, until one says that there can be no other."""
        limit, limit_bytes = LIMIT["control.in_flight"], LIMIT["control.in_flight_bytes"]
        while first := await self.reader.read(1):  # no time runs before a frame has begun [CTL-6]
            frame = Frame()
            try:
                await asyncio.wait_for(self.frame(frame, first), LIMIT["control.frame_timeout"])
            except asyncio.TimeoutError:
                return self.refuse(frame, 401)
            except asyncio.CancelledError:
                return self.refuse(frame, 402)
            if frame.fault == 101 or frame.is_endless:
                return None
            await self.writer.drain()  # a client that does not read its replies is not read [CTL-89]
            while self.unanswered >= limit or self.unanswered_bytes >= limit_bytes:  # [CTL-88]
                self.answered.clear()
                await self.answered.wait()
        return None

    async def frame(self, frame: Frame, first: bytes) -> None:
        """Reads one frame."""
        for expected in b"Orbit":
            if first[-1] != expected:
                frame.fault = 101
                return self.refuse(frame, 101)  # [CTL-61]
            first += await self.reader.readexactly(1)
        line = first[:-1] + await self.line(first[-1:])
        while line not in (b"\n", b"\r\n") or frame.lines < 2:  # the second line is the action, even if it is empty
            frame.take(line)
            line = await self.line()
        frame.finish(line)
        if frame.fault:
            self.refuse(frame, frame.fault)
            skipped = 0 if frame.is_endless else frame.length or 0
            while skipped:  # without holding it in memory [CTL-78]
                piece = await self.reader.read(min(skipped, 65536))
                if not piece:
                    raise ConnectionError
                skipped -= len(piece)
        else:
            self.take(frame, await self.reader.readexactly(frame.length or 0))
        return None

    async def line(self, first: bytes = b"") -> bytes:
        """A line; of one that is too long no more than shows it."""
        line = first
        while not line.endswith(b"\n"):
            try:
                line += await self.reader.readuntil(b"\n")
            except asyncio.LimitOverrunError as error:
                line = (line + await self.reader.readexactly(error.consumed))[: int(LIMIT["control.line"]) + 1]
        return line

    def take(self, frame: Frame, body: bytes) -> None:
        """Sends an event on its way."""

        def answer(unreached: list[Key]) -> None:
            self.unanswered -= 1
            self.unanswered_bytes -= len(body)
            self.answered.set()
            word, message = (b"Failure", [f"msg: {CODES[301]['message']}".encode()]) if unreached else (b"Success", [])
            recipients = [b"recipient: (%s)" % b", ".join(key) for key in unreached]
            self.write([word, b"id: %s" % frame.id, *message, *recipients])  # [CTL-34] [CTL-35]

        self.unanswered += 1
        self.unanswered_bytes += len(body)
        Event(body, frame.keys, answer).send()

    def refuse(self, frame: Frame, code: int) -> None:
        """Answers a malformed frame, once [CTL-57]."""
        if not frame.is_answered:
            frame.is_answered = True
            self.fail(code, frame.id)

    def fail(self, code: int, identifier: bytes | None = None) -> None:
        """Writes a `Failure` with a code [CTL-55]."""
        limits = [f"{LIMIT[limit['name']]:.16g}" for limit in REGISTRY["limits"] if limit.get("code") == code]
        message = CODES[code]["message"].replace("{limit}", "".join(limits[:1]))
        known = [b"id: %s" % identifier] if identifier else []
        self.write([b"Failure", *known, f"msg: {message}".encode(), f"code: {code} {CODES[code]['name']}".encode()])

    def write(self, lines: list[bytes]) -> None:
        """Hands a reply to the system in one write [CTL-39]."""
        if not self.writer.is_closing():
            self.writer.write(b"\r\n".join([*lines, b"", b""]))
