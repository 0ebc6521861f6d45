#!/usr/bin/env python3
"""A server of the feature set `core`, to learn from: ../implementing.md walks through it, and names its settings."""

import asyncio
import json
import os
import re
import secrets
from asyncio import Event, Future, LimitOverrunError, StreamReader, StreamWriter, get_running_loop
from collections import deque
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qsl, unquote

Key = tuple[str, ...]  # user, session, location
SESSIONS: dict[Key, "Session"] = {}
REGISTRY = json.loads((Path(__file__).parents[2] / "protocol/registry.json").read_text("utf-8"))
MESSAGES: dict[int, str] = {item["code"]: item["message"] for item in REGISTRY["codes"]}
LIMIT: dict[str, int] = {}
for each in (item for item in REGISTRY["limits"] + REGISTRY["defaults"] if isinstance(item["value"], int)):
    variable = re.sub(r"\W+", "_", "ORBITED " + (each["setting"] or "").replace("[global] ", "")).upper()
    LIMIT[each["name"]] = int(os.environ.get(variable, each["value"]))


class Session:
    """What is known of one key, while a browser is there or may yet come back."""

    def __init__(self, key: Key) -> None:
        self.key = key
        self.name = secrets.token_hex(8).encode()  # cursors begin so, and are valid in this session only [BRW-94]
        self.position = 0  # how many events were written
        self.queue: deque[tuple[bytes, Future[bool]]] = deque()  # what waits: bodies and fates
        self.wake = Event()  # of the connection that has the session: there is something to do
        self.grace: asyncio.TimerHandle | None = None

    def push(self, body: bytes) -> Future[bool]:
        """Has an event wait for the browser; returns its fate, which is whether it was reached."""
        fate: Future[bool] = get_running_loop().create_future()
        size = sum(len(other) for other, _ in self.queue) + len(body)
        if len(self.queue) < LIMIT["session.waiting"] and size <= LIMIT["session.waiting_bytes"]:
            self.queue.append((body, fate))
            self.wake.set()
        else:
            fate.set_result(False)  # [BRW-56]
        return fate

    async def serve(self, writer: StreamWriter, last: bytes) -> None:
        """Sends a browser what comes, until another takes over [BRW-62], or it is cancelled."""
        self.wake.set()
        wake = self.wake = Event()
        if self.grace:
            self.grace.cancel()
        try:
            cursor = b"id: %s-%d\n" % (self.name, self.position)
            is_gap = last and cursor != b"id: %s\n" % last  # nothing is kept to be sent again [BRW-99]
            await send(writer, b"retry: 1000\n" + (b"\nevent: gap\n%sdata: \n\n" if is_gap else b"%s\n") % cursor)
            while self.wake is wake:
                if self.queue:
                    body, fate = self.queue[0]
                    lines = b"".join(b"data: %s\n" % line for line in re.split(rb"\r\n|\r|\n", body))  # [SSE-5]
                    await send(writer, b"id: %s-%d\n%s\n" % (self.name, self.position + 1, lines))  # [SSE-18]
                    if self.wake is wake:  # else it goes to the newer connection, from its beginning [BRW-92]
                        self.queue.popleft()
                        self.position += 1
                        fate.set_result(True)  # [BRW-60]
                else:
                    wake.clear()
                    heartbeat = get_running_loop().call_later(LIMIT["heartbeat"], wake.set)
                    await wake.wait()
                    heartbeat.cancel()
                    if self.wake is wake and not self.queue:
                        await send(writer, b":\n\n")
            await send(writer, b"event: replaced\ndata: \n\n")
            writer.write(b"0\r\n\r\n")
        finally:
            if self.wake is wake:
                self.grace = get_running_loop().call_later(LIMIT["session.timeout"], self.end)  # [BRW-51]

    def end(self) -> None:
        """The grace is over: what waits is not reached [BRW-54]."""
        del SESSIONS[self.key]
        for _, fate in self.queue:
            fate.set_result(False)


async def send(writer: StreamWriter, text: bytes) -> None:
    """Sends a chunk, and waits until the system has all of it [CTL-41], as the write buffer may hold nothing."""
    writer.write(b"%x\r\n%s\r\n" % (len(text), text))
    await writer.drain()


async def read_to_end(reader: StreamReader) -> None:
    """Reads what a peer still says, until it is gone."""
    while await reader.read(65536):
        pass


def is_key(key: Key) -> bool:
    """Whether it has three parts, none of them empty or with a control character [CTL-23]."""
    return len(key) == 3 and all(key) and key[2].startswith("/") and not re.search(r"[\0-\x1f\x7f]", "".join(key))


async def answer(writer: StreamWriter, name: str, keys: list[Key], body: bytes) -> None:
    """Sends an event to its recipients, each once [CTL-26], and answers it when all fates are known [CTL-43]."""
    fates = {key: SESSIONS[key].push(body) if key in SESSIONS else None for key in dict.fromkeys(keys)}
    lost = [", ".join(key) for key, fate in fates.items() if not fate or not await fate]
    lines = f"msg: {MESSAGES[301]}\r\n" + "".join(f"recipient: ({key})\r\n" for key in lost) if lost else ""
    writer.write(f"{'Failure' if lost else 'Success'}\r\nid: {name}\r\n{lines}\r\n".encode())


async def read_event(reader: StreamReader) -> tuple[str, list[Key], bytes]:
    """Reads a frame: its id, its recipients and its body; a ValueError if it is malformed."""
    version, action = [(await reader.readuntil(b"\n")).rstrip(b"\r\n") for _ in range(2)]
    keys, headers = [], {"id": "", "length": ""}
    while line := (await reader.readuntil(b"\n")).rstrip(b"\r\n"):
        name, _, value = line.decode().partition(": ")
        headers[name.lower()] = value
        if name.lower() == "recipient":
            keys.append(tuple(value.split(", ", 2)))
    is_event = version.startswith(b"Orbit") and action == b"Event" and headers["id"] and all(map(is_key, keys))
    if not is_event or not headers["length"].isdigit() or int(headers["length"]) > LIMIT["control.body"]:
        raise ValueError
    return headers["id"], keys, await reader.readexactly(int(headers["length"]))


async def serve_control(reader: StreamReader, writer: StreamWriter) -> None:
    """Takes one frame after the other, until the client ends its side, or sends one that is malformed."""
    answers: set[asyncio.Task[None]] = set()
    # A frame that is not complete is dropped [CTL-92].
    with suppress(ValueError, EOFError, OSError, LimitOverrunError):
        while True:
            task = asyncio.create_task(answer(writer, *await read_event(reader)))
            answers.add(task)
            task.add_done_callback(answers.discard)
            await writer.drain()  # a client that does not read its replies is not read [CTL-89]
    await asyncio.gather(*answers)  # [CTL-91]
    with suppress(OSError):
        writer.write_eof()
        get_running_loop().call_later(1, writer.transport.abort)
        await read_to_end(reader)  # else what the peer still sends makes a reset of the end
    writer.close()


STREAM = (  # [BRW-36] [BRW-38] [SSE-1]
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store, no-transform\r\n"
    b"X-Accel-Buffering: no\r\nX-Content-Type-Options: nosniff\r\nTransfer-Encoding: chunked\r\n\r\n"
)


def read_request(head: str) -> tuple[int, Key, str]:
    """The status for a request, and the key that it names in the query form [BRW-17] with its cursor, or a sentence."""
    first, *lines = head.split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    parts = re.fullmatch(r"([!-~]+) (?:https?://[^/?]*)?([!->@-~]+)\??([!-~]*) HTTP/1\.[01]", first)  # [BRW-10]
    if parts and parts[1] not in ("GET", "POST"):
        return 405, (), "The methods are GET, HEAD, POST and OPTIONS."  # [BRW-29]
    path, query = parts.groups()[1:] if parts else ("", "%")
    is_broken = re.compile("%(?![0-9A-Fa-f]{2})").search  # [BRW-27]
    with suppress(UnicodeDecodeError):
        fields = dict(reversed(parse_qsl(query, keep_blank_values=True, errors="strict")))  # the first counts [BRW-20]
        if not is_broken(query) and (path.startswith("/_/") or not fields.get("user")):
            return 404, (), "There is nothing here; events are at /location?user=NAME&session=KEY."  # [BRW-26]
        key = (fields.get("user", ""), fields.get("session") or "0", unquote(path, errors="strict"))  # [BRW-25]
        is_sse = (fields.get("transport") or "sse") == "sse" and not fields.get("ack")
        if is_sse and is_key(key) and not is_broken(path + query) and ", " not in f"{key[0]}\n{key[1]}":
            return 200, key, headers.get("last-event-id") or fields.get("last", "")
    return 400, (), "The request is not valid."


async def serve_http(reader: StreamReader, writer: StreamWriter) -> None:
    """Serves one request on each connection."""
    with suppress(EOFError, OSError, LimitOverrunError):
        status, key, text = read_request((await reader.readuntil(b"\r\n\r\n")).decode(errors="replace"))
        if status == 200:
            writer.transport.set_write_buffer_limits(high=0)
            writer.write(STREAM)
            serving = asyncio.create_task(SESSIONS.setdefault(key, Session(key)).serve(writer, text.encode()))
            reading = asyncio.create_task(read_to_end(reader))  # a browser says nothing more, until it goes away
            reading.add_done_callback(lambda _: serving.cancel())
            await asyncio.gather(serving, return_exceptions=True)
            reading.cancel()
        else:  # [BRW-33] [BRW-34]
            head = f"HTTP/1.1 {status} No\r\nAllow: GET, HEAD, POST, OPTIONS\r\nConnection: close\r\n"
            head += f"Content-Type: text/plain; charset=utf-8\r\nContent-Length: {len(text) + 1}\r\n\r\n"
            writer.write(f"{head}{text}\n".encode())
    writer.close()


async def main() -> None:
    """Serves until it is killed; a line of a frame, or a head, that is longer than its reader's limit is malformed."""
    await asyncio.start_server(serve_control, "127.0.0.1", LIMIT["op.port"], limit=2**25)
    http = await asyncio.start_server(serve_http, "127.0.0.1", LIMIT["http.port"])
    await http.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
