#!/usr/bin/env python3
"""A server of the feature set `core`, to learn from; ../implementing.md walks through it.

Settings come from the environment: `[limits] control.line` is ORBITED_LIMITS_CONTROL_LINE, and names of [global] stand
alone, as ORBITED_HTTP_PORT and ORBITED_OP_PORT do. What it lacks of the specification is in the other
features.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import secrets
from asyncio import StreamReader, StreamWriter
from collections import deque
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote_to_bytes

Key = tuple[bytes, ...]  # user, session, location

REGISTRY = json.loads((Path(__file__).parents[2] / "protocol/registry.json").read_text("utf-8"))
CODES = {item["code"]: item for item in REGISTRY["codes"]}
LIMIT: dict[str, float] = {}
for each in (item for item in REGISTRY["limits"] + REGISTRY["defaults"] if isinstance(item["value"], int)):
    variable = re.sub(r"\W+", "_", "ORBITED " + (each["setting"] or "").replace("[global] ", "")).upper()
    LIMIT[each["name"]] = float(os.environ.get(variable, each["value"]))


class Session:
    """What is known of one key, while a browser is there or may yet come back."""

    def __init__(self, key: Key) -> None:
        self.key = key
        self.name = secrets.token_hex(8).encode()  # cursors begin so, and are valid in this session only [BRW-94]
        self.queue: deque[tuple[bytes, asyncio.Future[bool]]] = deque()  # what waits: bodies and fates
        self.kept: deque[bytes] = deque(maxlen=int(LIMIT["session.replay"]))  # what was written last [BRW-98]
        self.position = 0  # how many events were written
        self.wake = asyncio.Event()  # of the connection that has the session: there is something to do
        self.grace: asyncio.TimerHandle | None = None

    def push(self, body: bytes) -> asyncio.Future[bool]:
        """Has an event wait for the browser; returns its fate, which is whether it was reached."""
        fate: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        size = sum(len(other) for other, _ in self.queue) + len(body)
        if len(self.queue) < LIMIT["session.waiting"] and size <= LIMIT["session.waiting_bytes"]:
            self.queue.append((body, fate))
            self.wake.set()
        else:
            fate.set_result(False)  # [BRW-56]
        return fate

    def beginning(self, last: bytes) -> bytes:
        """The first bytes of a connection [SSE-17], and what was written after its cursor [BRW-96]."""
        floor, number = self.position - len(self.kept), self.position
        if last:
            digits = re.fullmatch(rb"%s-([0-9]{1,15})" % self.name, last)
            number = int(digits[1]) if digits and int(digits[1]) <= self.position else -1
        gap, data = (b"\nevent: gap\n", b"data: \n") if number < floor else (b"", b"")  # [SSE-19]
        number = max(number, floor)
        first = b"retry: 1000\n%sid: %s-%d\n%s\n" % (gap, self.name, number, data)
        return first + b"".join(list(self.kept)[number - floor :])

    async def serve(self, writer: StreamWriter, last: bytes) -> None:
        """Sends a browser what comes, until another takes over [BRW-62], or it is cancelled."""
        self.wake.set()
        wake = self.wake = asyncio.Event()
        if self.grace:
            self.grace.cancel()
        try:
            await send(writer, self.beginning(last))
            while self.wake is wake:
                wake.clear()
                if not self.queue:
                    try:
                        await asyncio.wait_for(wake.wait(), LIMIT["heartbeat"])
                    except asyncio.TimeoutError:
                        await send(writer, b":\n\n")
                    continue
                body, fate = self.queue[0]
                lines = b"".join(b"data: %s\n" % line for line in re.split(rb"\r\n|\r|\n", body))  # [SSE-5]
                text = b"id: %s-%d\n%s\n" % (self.name, self.position + 1, lines)  # [SSE-18]
                await send(writer, text)
                if self.wake is wake:  # else it goes to the newer connection, from its beginning [BRW-92]
                    self.queue.popleft()
                    self.kept.append(text)
                    self.position += 1
                    fate.set_result(True)  # [BRW-60]
            await send(writer, b"event: replaced\ndata: \n\n")
            writer.write(b"0\r\n\r\n")
        finally:
            if self.wake is wake:
                self.grace = asyncio.get_running_loop().call_later(LIMIT["session.timeout"], self.end)  # [BRW-51]

    def end(self) -> None:
        """The grace is over: what waits is not reached [BRW-54]."""
        del SESSIONS[self.key]
        for _, fate in self.queue:
            fate.set_result(False)


SESSIONS: dict[Key, Session] = {}


async def send(writer: StreamWriter, text: bytes) -> None:
    """Sends a chunk, and waits until the system has all of it [CTL-41], as the write buffer may hold nothing."""
    writer.write(b"%x\r\n%s\r\n" % (len(text), text))
    await writer.drain()


def is_key(key: Key) -> bool:
    """Whether it has three parts, none of them empty or with a control character [CTL-23]."""
    return len(key) == 3 and all(key) and key[2][:1] == b"/" and not re.search(rb"[\0-\x1f\x7f]", b"".join(key))


class Frame:
    """The head of a frame. It goes on after a fault, since an id may follow [CTL-74]; only the first fault counts."""

    def __init__(self) -> None:
        self.fault = self.lines = self.size = self.headers = 0
        self.keys: list[Key] = []
        self.seen: set[bytes] = set()  # `id` and `length`, once they were there
        self.id: bytes | None = None
        self.length = 0  # or -1 if it is bad, so that nobody knows where the frame ends

    def blame(self, code: int) -> None:
        """Notes a fault; 0 is none."""
        self.fault = self.fault or code

    def take(self, line: bytes) -> bool:
        """Takes a line with its end, and checks it in the order of section 6; returns whether it was the last."""
        self.lines += 1
        self.size += len(line)
        line = line[:-2] if line.endswith(b"\r\n") else line[:-1]
        name, colon, value = line.partition(b": ")
        name = name.lower()
        if len(line) > LIMIT["control.line"]:
            self.blame(201)
            return False
        if self.size > LIMIT["control.head"]:
            self.blame(205)
        if self.lines > 2 and not line:
            self.blame(0 if b"id" in self.seen else 104)
            self.blame(0 if b"length" in self.seen else 107)
            self.blame(0 if self.length <= LIMIT["control.body"] else 204)
            return True
        if b"\r" in line or line.decode(errors="replace").encode() != line or (self.lines > 2 and not colon):
            self.blame(103)
        elif self.lines <= 2:
            self.blame(102 if self.lines == 2 and line != b"Event" else 0)
        elif name == b"recipient":
            self.keys.append(tuple(value.split(b", ", 2)))
            self.blame(203 if len(self.keys) > LIMIT["control.recipients"] else 0 if is_key(self.keys[-1]) else 106)
        else:
            self.headers += 1
            self.blame(202 if self.headers > LIMIT["control.headers"] else 0)
            if name in self.seen:
                self.blame(109)
            elif name == b"id":
                self.seen.add(name)
                self.id = value if 1 <= len(value) <= LIMIT["control.id"] else None
                self.blame(0 if self.id else 105)
            elif name == b"length":
                self.seen.add(name)
                digits = re.fullmatch(rb"0*([0-9]{1,16})", value)
                self.length = int(digits[1]) if digits and int(digits[1]) <= LIMIT["control.length"] else -1
                self.blame(0 if self.length >= 0 else 108)
        return False


def refuse(writer: StreamWriter, code: int, identifier: bytes | None = None) -> None:
    """Answers a malformed frame [CTL-55]."""
    limits = [b"%d" % LIMIT[limit["name"]] for limit in REGISTRY["limits"] if limit.get("code") == code]
    message = CODES[code]["message"].encode().replace(b"{limit}", b"".join(limits[:1]))
    head = b"Failure\r\n" + (b"id: %s\r\n" % identifier if identifier else b"")
    writer.write(head + b"msg: %s\r\ncode: %d %s\r\n\r\n" % (message, code, CODES[code]["name"].encode()))


async def answer(writer: StreamWriter, frame: Frame, body: bytes) -> None:
    """Sends an event to its recipients, and answers it when all fates are known [CTL-43]."""
    keys = list(dict.fromkeys(frame.keys))  # each once [CTL-26]
    fates = [SESSIONS[key].push(body) if key in SESSIONS else None for key in keys]
    lost = [b"recipient: (%s)\r\n" % b", ".join(key) for key, fate in zip(keys, fates) if not fate or not await fate]
    message = [b"msg: %s\r\n" % CODES[301]["message"].encode()] if lost else []
    writer.write(b"".join([b"Failure" if lost else b"Success", b"\r\nid: %s\r\n" % frame.id, *message, *lost, b"\r\n"]))


async def read_frame(reader: StreamReader) -> Frame:
    """Reads a frame up to its body."""
    frame = Frame()
    for expected in b"Orbit":
        if (await reader.readexactly(1))[0] != expected:
            frame.fault, frame.length = 101, -1  # at once [CTL-61]
            return frame
    line = b"Orbit" + await reader.readuntil(b"\n")
    while not frame.take(line):
        line = await reader.readuntil(b"\n")
    return frame


async def serve_control(reader: StreamReader, writer: StreamWriter) -> None:
    """Takes one frame after the other, until one says that there can be no other."""
    answers: set[asyncio.Task[None]] = set()
    is_open = True
    with suppress(EOFError, OSError, asyncio.LimitOverrunError):  # a frame that is not complete is dropped [CTL-92]
        while is_open:
            frame = await read_frame(reader)
            is_open = frame.length >= 0
            if not is_open and answers:
                await asyncio.wait(answers)  # [CTL-83]
            if frame.fault:
                refuse(writer, frame.fault, frame.id)
                for start in range(0, frame.length, 65536):  # without holding it in memory [CTL-78]
                    await reader.readexactly(min(65536, frame.length - start))
            else:
                task = asyncio.ensure_future(answer(writer, frame, await reader.readexactly(frame.length)))
                answers.add(task)
                task.add_done_callback(answers.discard)
            await writer.drain()  # a client that does not read its replies is not read [CTL-89]
    if answers:
        await asyncio.wait(answers)  # [CTL-91]
    with suppress(OSError, asyncio.TimeoutError):
        writer.write_eof()
        while await asyncio.wait_for(reader.read(65536), 1):  # else what the peer still sends makes a reset of the end
            pass
    writer.close()


STREAM = (  # [BRW-36] [BRW-38] [SSE-1]
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store, no-transform\r\n"
    b"X-Accel-Buffering: no\r\nX-Content-Type-Options: nosniff\r\nTransfer-Encoding: chunked\r\n\r\n"
)


class Refused(Exception):
    """A request gets a status and a sentence [BRW-34]; so it does after a ValueError, which is a 400."""


def decoded(text: bytes) -> bytes:
    """Percent-decodes; a ValueError if there is a lone `%`, or what comes out is not UTF-8 [BRW-27]."""
    if re.search(rb"%(?![0-9A-Fa-f]{2})", text):
        raise ValueError
    return unquote_to_bytes(text).decode().encode()


def address(path: bytes, query: bytes, form: bytes, cookies: bytes) -> tuple[Key, bytes]:
    """The key that a request names, and its cursor, in the bar form [BRW-11] or the query form [BRW-17]."""
    location, *bar = re.split(rb"(?i)\||%7c", path, maxsplit=1)
    fields: dict[bytes, bytes] = {}
    if bar:
        parts = bar[0].split(b",")
        if not all(parts) or len(parts) > 3:
            raise ValueError
        user, session, transport = map(decoded, parts + [b"0", b"iframe"][len(parts) - 1 :])  # [BRW-14]
    else:
        for text in (form, query):  # the query counts before the form [BRW-22], and the first of a name [BRW-20]
            pairs = [piece.replace(b"+", b" ").partition(b"=") for piece in text.split(b"&")]
            found = {decoded(name): decoded(value) for name, _, value in reversed(pairs)}
            fields.update({name: value for name, value in found.items() if value})
        if path.startswith(b"/_/") or b"user" not in fields:
            raise Refused(404, "There is nothing here; events are at /location?user=NAME&session=KEY.")  # [BRW-26]
        cookie = re.search(rb'(?:^|;) *session="?([^;"]*)', cookies)
        with suppress(ValueError):
            fields.setdefault(b"session", decoded(cookie[1].strip() if cookie else b"") or b"0")  # [BRW-24]
        user, session, transport = fields[b"user"], fields.get(b"session", b"0"), fields.get(b"transport", b"sse")
    key = (user, session, decoded(location))
    if not is_key(key) or b", " in user + b"\n" + session or transport != b"sse" or b"ack" in fields:
        raise ValueError
    return key, fields.get(b"last", b"")


async def request(reader: StreamReader, writer: StreamWriter) -> None:
    """Reads a request and answers it."""
    first, *lines = (await reader.readuntil(b"\r\n\r\n"))[:-4].split(b"\r\n")
    parts = re.fullmatch(rb"([!-~]+) (?:https?://[^/?]*)?([^ ?]+)\??([^ ]*) HTTP/1\.[01]", first)  # [BRW-10]
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines)}
    if not parts:
        raise ValueError
    method, path, query = parts.groups()
    body = await reader.readexactly(int(headers.get(b"content-length", 0)))
    kind = headers.get(b"content-type", b"").partition(b";")[0].lower()
    form = body if method == b"POST" and kind == b"application/x-www-form-urlencoded" else b""
    if method not in (b"GET", b"HEAD", b"POST"):
        raise Refused(405, "The methods are GET, HEAD, POST and OPTIONS.")  # [BRW-29]
    key, last = address(path, query, form, headers.get(b"cookie", b""))
    writer.transport.set_write_buffer_limits(high=0)
    writer.write(STREAM)
    if method == b"HEAD":
        return  # without touching any session [BRW-31]
    gone, task = asyncio.gather(reader.read(), return_exceptions=True), asyncio.current_task()
    gone.add_done_callback(lambda _: task and task.cancel())  # a browser says nothing more, until it goes away
    try:
        await SESSIONS.setdefault(key, Session(key)).serve(writer, headers.get(b"last-event-id") or last)
    except (asyncio.CancelledError, OSError):
        writer.transport.abort()


async def serve_http(reader: StreamReader, writer: StreamWriter) -> None:
    """Serves one request on each connection."""
    with suppress(EOFError, OSError):
        try:
            await request(reader, writer)
        except (Refused, ValueError, asyncio.LimitOverrunError) as error:
            refusal = error.args if isinstance(error, Refused) else (400, "The request or its key is not valid.")
            head = f"HTTP/1.1 {refusal[0]} No\r\nAllow: GET, HEAD, POST, OPTIONS\r\nConnection: close\r\n"
            head += f"Content-Type: text/plain; charset=utf-8\r\nContent-Length: {len(refusal[1]) + 1}\r\n\r\n"
            writer.write(f"{head}{refusal[1]}\n".encode())
    writer.close()


async def main() -> None:
    """Serves until it is killed."""
    # A line that is longer than the limit here breaks its connection: a server of use skips it.
    await asyncio.start_server(serve_control, "127.0.0.1", int(LIMIT["op.port"]), limit=2**25)
    http = await asyncio.start_server(serve_http, "127.0.0.1", int(LIMIT["http.port"]))
    await http.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
