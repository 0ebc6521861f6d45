#!/usr/bin/env python3
"""A server of the features `orbit-1.0` and `sse`, to learn from: ../implementing.md walks through it.

Settings come from the environment: `[limits] control.line` is ORBITED_LIMITS_CONTROL_LINE, and names of [global] stand
alone, as ORBITED_HTTP_PORT and ORBITED_OP_PORT do. This file is the HTTP port (../../protocol/browser.md).
"""

from __future__ import annotations

import asyncio
import re
import signal
from contextlib import suppress
from http import HTTPStatus
from urllib.parse import unquote_to_bytes, urlsplit
from zlib import crc32

from minimal_control import OPEN, Control, end
from minimal_session import LIMIT, SESSIONS, Key, Session, is_key

ABOUT = b"minimal_server 1.0, an example of Orbited\n"
METHODS = "GET, HEAD, POST, OPTIONS"
STREAM = (  # [BRW-36] [SSE-1]
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store, no-transform\r\n"
    b"X-Accel-Buffering: no\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n"
)
BROWSERS: dict[asyncio.Future[None], Browser] = {}
Fields = dict[bytes, bytes]
FIELDS = {b"user", b"session", b"transport", b"last", b"ack"}


class Refused(Exception):
    """A request is answered with a status and a sentence [BRW-34]."""

    def __init__(self, status: int, sentence: str, closes: bool = False) -> None:
        super().__init__(status, sentence)
        self.status, self.sentence, self.closes = status, sentence, closes


def decoded(text: bytes) -> bytes:
    """Percent-decodes; a ValueError if there is a lone `%`, or what comes out is not UTF-8 [BRW-27]."""
    if re.search(rb"%(?![0-9A-Fa-f]{2})", text):
        raise ValueError(text)
    return unquote_to_bytes(text).decode().encode()


def fields_of(query: bytes) -> Fields:
    """Reads a query or a form [BRW-18]; the first field of a name counts [BRW-20]."""
    pairs = [piece.replace(b"+", b" ").partition(b"=") for piece in query.split(b"&")]
    return {decoded(name): decoded(value) for name, _, value in reversed(pairs)}


def checked(key: Key) -> Key:
    """A key that an application can name [BRW-3] [BRW-4]."""
    if not is_key(key) or b", " in key[0] or b", " in key[1]:
        raise Refused(400, "User, session and location are not a key.")
    return key


class Request:
    """The head of a request."""

    def __init__(self, head: bytes) -> None:
        first, *lines = head.strip(b"\r\n").split(b"\r\n")
        self.headers: dict[bytes, list[bytes]] = {}
        for name, colon, value in (line.partition(b":") for line in lines):
            self.headers.setdefault(name.lower() if colon else b"", []).append(value.strip())
        match = re.fullmatch(rb"([!-~]+) ([!-\xff]+) HTTP/1\.([01])", first)
        length = self.header(b"content-length") or b"0"
        coding = self.headers.get(b"transfer-encoding", [])
        self.is_chunked = [value.lower() for value in coding] == [b"chunked"]
        is_measured = re.fullmatch(rb"[0-9]{1,15}", length) and self.is_chunked == bool(coding)
        if not match or b"" in self.headers or not is_measured:
            raise Refused(400, "This is not an HTTP request, or one without an end.", closes=True)
        self.method, target, self.minor = match[1], match[2], match[3]
        self.path, _, self.query = re.sub(rb"^https?://[^/?]*", b"", target).partition(b"?")  # [BRW-10]
        self.length = int(length)
        self.stays = self.minor == b"1" and b"close" not in self.header(b"connection").lower()  # [BRW-41]
        kind = self.header(b"content-type").partition(b";")[0].strip().lower()
        self.has_form = self.method == b"POST" and kind == b"application/x-www-form-urlencoded"

    def header(self, name: bytes) -> bytes:
        """The value of a header, or nothing."""
        return self.headers.get(name, [b""])[0]

    def is_foreign(self) -> bool:
        """Whether it comes from a page of another origin [BRW-121] to [BRW-123]."""
        site = self.header(b"sec-fetch-site")
        origins = self.headers.get(b"origin") or self.headers.get(b"referer")
        if not origins:
            return site in (b"cross-site", b"same-site")
        try:
            origin, host = urlsplit(origins[0].decode()), urlsplit("//" + self.header(b"host").decode())
            port = {"http": 80, "https": 443}[origin.scheme]
            is_own = (origin.hostname, origin.port or port) == (host.hostname, host.port or port)
        except (ValueError, KeyError):
            return True
        return len(origins) > 1 or not origin.hostname or not (is_own or site == b"same-origin")

    def address(self, form: bytes) -> tuple[Key, Fields]:
        """The key that it names, and the fields besides, in the bar form [BRW-11] or in the query form [BRW-17]."""
        location, bar, rest = re.fullmatch(rb"(?s)(.*?)(\||%7[Cc]|$)(.*)", self.path).groups()  # type: ignore[union-attr]
        if bar:
            parts = rest.split(b",")
            if not all(parts) or len(parts) > 3:
                raise Refused(400, "After the bar stand one to three names, with commas between them.")
            parts += [b"0", b"iframe"][len(parts) - 1 :]  # [BRW-14]
            try:
                user, session, transport, location = map(decoded, [*parts, location])
            except ValueError:
                raise Refused(400, "A name in the path is not percent-encoded UTF-8.") from None
            return checked((user, session, location)), {b"transport": transport}
        if location.startswith(b"/_/"):
            raise Refused(404, "There is no such file.")
        fields = self.fields(form)
        if not fields[b"user"]:
            raise Refused(404, "There is no page here; events are at /location?user=NAME&session=KEY.")
        try:
            location = decoded(location)
        except ValueError:
            raise Refused(400, "The path is not percent-encoded UTF-8.") from None
        return checked((fields[b"user"], fields[b"session"], location)), fields

    def fields(self, form: bytes) -> Fields:
        """The fields of the query, which the form [BRW-22] and a cookie [BRW-24] complete."""
        try:
            asked, sent = fields_of(self.query), fields_of(form)
        except ValueError:
            raise Refused(400, "A field of the request is not percent-encoded UTF-8.") from None
        fields = {name: asked.get(name) or sent.get(name) or b"" for name in asked.keys() | sent.keys() | FIELDS}
        pairs = [pair.strip().partition(b"=") for pair in b";".join(self.headers.get(b"cookie", [])).split(b";")]
        with suppress(ValueError):
            cookie = next((value for name, _, value in pairs if name == b"session"), b"")
            fields[b"session"] = fields[b"session"] or decoded(cookie.strip(b'"'))
        return {**fields, b"session": fields[b"session"] or b"0"}


class Browser:
    """A connection of a browser."""

    is_stopping = False  # whether the server shuts down

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.wake = asyncio.Event()  # there is something to send, or another connection has taken over
        self.session: Session | None = None
        self.is_chunked = self.is_partly = False

    async def run(self) -> None:
        """From its beginning to its end."""
        task = asyncio.ensure_future(self.requests())
        BROWSERS[task] = self
        await asyncio.wait([task])
        del BROWSERS[task]
        if not task.cancelled():
            task.exception()  # it broke, so that nobody is there to tell
        await end(self.reader, self.writer)

    async def requests(self) -> None:
        """Takes requests, until one is the last."""
        goes_on, idle = True, LIMIT["http.head_timeout"]
        while goes_on and not Browser.is_stopping:
            goes_on = await self.request(idle)
            idle = LIMIT["http.idle_timeout"]  # [BRW-47]

    async def request(self, idle: float) -> bool:
        """Reads a request and answers it; returns whether there may be another."""
        request = None
        try:
            if len(BROWSERS) > LIMIT["http.connections"]:
                raise Refused(503, "There are too many connections.", closes=True)
            request = Request(await self.head(idle))
            form = await self.form(request)
            if request.method not in METHODS.encode().split(b", "):
                raise Refused(405, f"The methods are {METHODS}.")  # whatever the target is [BRW-30]
            if request.method == b"OPTIONS":
                self.writer.write(f"HTTP/1.1 204 No Content\r\nAllow: {METHODS}\r\n\r\n".encode())
                return request.stays
            if request.path == b"/_/about":
                return self.about(request)
            key, fields = request.address(form)
            if request.is_foreign():
                raise Refused(403, "Pages of another origin get no events: this server lists none in http.origins.")
            return await self.answer(request, fields, key)
        except Refused as refusal:
            body = b"" if request and request.method == b"HEAD" else f"{refusal.sentence}\n".encode()
            stays = request is not None and request.stays and not refusal.closes
            head = f"HTTP/1.1 {refusal.status} {HTTPStatus(refusal.status).phrase}\r\n"
            head += f"Content-Type: text/plain; charset=utf-8\r\nContent-Length: {len(refusal.sentence) + 1}\r\n"
            head += f"Allow: {METHODS}\r\n" if refusal.status == 405 else ""
            self.writer.write(f"{head}Connection: {'keep-alive' if stays else 'close'}\r\n\r\n".encode() + body)
            return stays

    async def head(self, idle: float) -> bytes:
        """The head of the next request [BRW-46]; it is an error if there is none."""
        first = await asyncio.wait_for(self.reader.readexactly(1), idle)
        try:
            rest = await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), LIMIT["http.head_timeout"])
        except asyncio.LimitOverrunError:
            raise Refused(431, "The head of the request is too large.", closes=True) from None
        except asyncio.TimeoutError:
            raise Refused(408, "The head of the request did not come in time.", closes=True) from None
        if len(first + rest) > LIMIT["http.head"]:
            raise Refused(431, "The head of the request is too large.", closes=True)
        return first + rest

    async def form(self, request: Request) -> bytes:
        """Reads the body, and returns it if it is a form; others are read and ignored [BRW-23]."""
        try:
            return await asyncio.wait_for(self.body(request), LIMIT["http.head_timeout"])
        except asyncio.TimeoutError:
            raise Refused(408, "The body of the request did not come in time.", closes=True) from None

    async def body(self, request: Request) -> bytes:
        """Reads the body, in one piece or in chunks."""
        form, size = b"", request.length
        while size := await self.chunk() if request.is_chunked else size:
            if request.has_form and len(form) + size > LIMIT["http.form"]:
                raise Refused(413, "The form is too large.", closes=True)
            while size:
                piece = await self.reader.readexactly(min(size, 65536))
                form, size = form + piece if request.has_form else b"", size - len(piece)
            if request.is_chunked:
                await self.reader.readexactly(2)
        while request.is_chunked and await self.reader.readline() != b"\r\n":
            pass  # trailers
        return form

    async def chunk(self) -> int:
        """The size of the next chunk."""
        size = re.match(rb"[0-9A-Fa-f]{1,8}(?=[;\r])", await self.reader.readline())
        if not size:
            raise Refused(400, "A chunk has no size.", closes=True)
        return int(size[0], 16)

    def about(self, request: Request) -> bool:
        """Answers with the page that names the server [BRW-78] [BRW-131]."""
        known = [tag.strip().removeprefix(b"W/") for tag in request.header(b"if-none-match").split(b",")]
        is_known = b'"%x"' % crc32(ABOUT) in known or b"*" in known
        status, body = (304, b"") if is_known else (200, ABOUT)
        head = f'HTTP/1.1 {status} OK\r\nETag: "{crc32(ABOUT):x}"\r\nCache-Control: no-cache\r\n'
        head += "Content-Type: text/plain; charset=utf-8\r\nAccess-Control-Allow-Origin: *\r\n"  # [BRW-128]
        head += "" if is_known else f"Content-Length: {len(body)}\r\n"
        self.writer.write(f"{head}\r\n".encode() + (b"" if request.method == b"HEAD" else body))
        return request.stays

    async def answer(self, request: Request, fields: Fields, key: Key) -> bool:
        """Answers a request that names a key; returns whether there may be another."""
        acknowledged = fields.get(b"ack")  # there are no such fields in the bar form
        if acknowledged:
            if not re.fullmatch(rb"[0-9A-Za-z_.-]{1,64}", acknowledged):
                raise Refused(400, "The field ack holds no cursor.")
            if key in SESSIONS:
                SESSIONS[key].acknowledge(acknowledged)
            self.writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")  # whether there is a session or not [BRW-101]
            return request.stays
        if fields[b"transport"] not in (b"", b"sse"):
            raise Refused(400, "The only transport of this server is sse.")
        self.is_chunked = request.minor == b"1"
        head = STREAM + (b"Transfer-Encoding: chunked\r\n\r\n" if self.is_chunked else b"\r\n")
        if request.method == b"HEAD":
            self.writer.write(head.replace(b"Connection: close\r\n", b""))  # [BRW-31]
            return request.stays
        self.writer.transport.set_write_buffer_limits(high=0)  # so that drain() waits until the system has all bytes
        self.writer.write(head)
        watch = asyncio.ensure_future(self.watch())
        session = self.session = SESSIONS.setdefault(key, Session(key))
        try:
            await self.send(session.join(self.wake, request.header(b"last-event-id") or fields.get(b"last")))
            await self.deliver(session)
        finally:
            session.leave(self.wake)
            watch.cancel()
        return False

    async def watch(self) -> None:
        """Waits until the browser goes away; what it sends meanwhile has no meaning."""
        with suppress(OSError):
            while await self.reader.read(65536):
                pass
        self.writer.transport.abort()
        self.wake.set()

    async def deliver(self, session: Session) -> None:
        """Sends what comes, until another connection takes over, the browser goes or the server stops."""
        while session.wake is self.wake and (session.queue or not Browser.is_stopping):
            self.wake.clear()
            if session.queue:
                text = session.text(session.position + 1, session.queue[0])
                try:
                    await self.send(text)
                except OSError:
                    if session.wake is self.wake and self.is_partly:
                        session.failed()
                    raise
                if session.wake is self.wake:  # else it goes to the newer connection, from its beginning [BRW-92]
                    session.written(text)
            else:
                try:
                    await asyncio.wait_for(self.wake.wait(), LIMIT["heartbeat"])
                except asyncio.TimeoutError:
                    await self.send(b":\n\n")
            if self.writer.is_closing():
                return
        replaced = b"" if session.wake is self.wake else b"event: replaced\ndata: \n\n"  # [SSE-10] [SSE-12]
        await self.send(replaced, is_last=True)

    async def send(self, text: bytes, is_last: bool = False) -> None:
        """Hands bytes to the system, all of them [CTL-41]; an OSError if the browser is gone, or takes nothing."""
        if self.is_chunked:
            text = b"%x\r\n%s\r\n" % (len(text), text) if text else b""
            text += b"0\r\n\r\n" if is_last else b""
        self.writer.write(text)
        transport, left = self.writer.transport, len(text)
        while not transport.is_closing() and transport.get_write_buffer_size():
            self.is_partly, left = transport.get_write_buffer_size() < len(text), transport.get_write_buffer_size()
            try:
                await asyncio.wait_for(self.writer.drain(), LIMIT["http.write_timeout"])
            except asyncio.TimeoutError:
                if transport.get_write_buffer_size() == left:  # [BRW-48]
                    transport.abort()
        if transport.is_closing():
            raise ConnectionError


async def serve_control(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await Control(reader, writer).run()


async def serve_http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await Browser(reader, writer).run()


async def main() -> None:
    """Serves until SIGTERM or SIGINT."""
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    control = await asyncio.start_server(serve_control, "127.0.0.1", int(LIMIT["op.port"]))
    head = int(LIMIT["http.head"])
    http = await asyncio.start_server(serve_http, "127.0.0.1", int(LIMIT["http.port"]), limit=head)
    await stopping.wait()
    Browser.is_stopping = True
    control.close()
    http.close()
    for connection in OPEN.values():
        connection.stop()
    for task, browser in BROWSERS.items():
        browser.wake.set() if browser.session else task.cancel()
    if OPEN:
        await asyncio.wait(OPEN, timeout=LIMIT["shutdown.timeout"])  # [CTL-95]
    for session in list(SESSIONS.values()):
        session.end()  # [CTL-96]
    if OPEN or BROWSERS:
        await asyncio.wait([*OPEN, *BROWSERS], timeout=1)


if __name__ == "__main__":
    asyncio.run(main())
