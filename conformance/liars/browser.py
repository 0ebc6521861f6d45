"""The browsers' wire, as far as a liar has to read it: heads, bodies, and what a browser takes from a body."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Pair = tuple[bytes, bytes]


@dataclass
class Head:
    """The head of a request or of a response."""

    first: bytes
    headers: list[Pair] = field(default_factory=list)

    @classmethod
    def read(cls, data: bytes) -> Head:
        """Reads a head, without its blank line."""
        first, *lines = data.split(b"\r\n")
        pairs = [line.partition(b":") for line in lines]
        return cls(first, [(name, value.strip()) for name, _, value in pairs])

    def get(self, name: bytes) -> bytes:
        """The value of the first header of that name, or nothing."""
        return next((value for key, value in self.headers if key.lower() == name), b"")

    def put(self, name: bytes, value: bytes) -> None:
        """Gives each header of that name another value."""
        self.headers = [(key, value if key.lower() == name else old) for key, old in self.headers]

    def drop(self, *names: bytes) -> None:
        """Takes all headers of these names away."""
        self.headers = [pair for pair in self.headers if pair[0].lower() not in names]

    def wire(self) -> bytes:
        """As it goes over the wire."""
        lines = [self.first, *(name + b": " + value for name, value in self.headers)]
        return b"\r\n".join([*lines, b"", b""])

    @property
    def status(self) -> int:
        """The status of a response."""
        return int(self.first.split(b" ")[1])

    @property
    def words(self) -> list[bytes]:
        """The three words of the first line."""
        return self.first.split(b" ")

    def set_status(self, status: int) -> None:
        """Gives a response another status."""
        self.first = b"%s %d Other" % (self.words[0], status)


@dataclass
class Item:
    """What a browser takes at once: an event, a position, a gap, a whole body; `kind` says which, if it can be told."""

    kind: str
    text: bytes


Read = Callable[[bytes], tuple[list[Item], bytes]]  # what is whole, and what is left


def kind_of(text: bytes) -> str:
    """What an object of `ndjson`, `ws`, `poll` or `jsonp` tells."""
    try:
        value = json.loads(text)
    except ValueError:
        return "other"
    if not isinstance(value, dict):
        return "other"
    names = {"closed": "closed", "gap": "gap", "events": "events", "data": "event", "cursor": "position"}
    return next((kind for name, kind in names.items() if name in value), "heartbeat")


def sse(data: bytes) -> tuple[list[Item], bytes]:
    """Blocks of server-sent events."""
    *blocks, rest = data.split(b"\n\n")
    kinds = {b"event: gap": "gap", b"event: replaced": "closed", b"event: closed": "closed"}
    items = []
    for block in blocks:
        kind = kinds.get(block.split(b"\n")[0]) or ("event" if b"data:" in block else "position")
        items.append(Item("heartbeat" if block == b":" else kind, block + b"\n\n"))
    return items, rest


def lines(data: bytes) -> tuple[list[Item], bytes]:
    """Lines of JSON."""
    *whole, rest = data.split(b"\n")
    return [Item(kind_of(line), line + b"\n") for line in whole], rest


def pieces(data: bytes) -> tuple[list[Item], bytes]:
    """Whatever comes at once."""
    return [Item("other", data)] if data else [], b""


def frames(data: bytes) -> tuple[list[Item], bytes]:
    """Frames of a server on a WebSocket; the text of an item is its payload."""
    items = []
    while len(data) >= 2:
        size, begin = data[1] & 127, 2
        if size >= 126:
            begin = 4 if size == 126 else 10
            size = int.from_bytes(data[2:begin], "big")
        if len(data) < begin + size:
            break
        payload, opcode = data[begin : begin + size], data[0] & 15
        kind = {8: "close", 9: "ping", 10: "pong"}.get(opcode) or kind_of(payload)
        items.append(Item(kind, payload))
        data = data[begin + size :]
    return items, data


def frame(item: Item) -> bytes:
    """An item of a WebSocket as a frame."""
    size, opcode = len(item.text), {"close": 8, "ping": 9, "pong": 10}.get(item.kind, 1)
    if size < 126:
        return bytes([128 | opcode, size]) + item.text
    mark, width = (126, 2) if size < 65536 else (127, 8)
    return bytes([128 | opcode, mark]) + size.to_bytes(width, "big") + item.text


READERS: dict[bytes, Read] = {b"text/event-stream": sse, b"application/x-ndjson": lines}


def whole(text: bytes, kind: bytes) -> Item:
    """A body with a length."""
    if kind.startswith(b"text/javascript"):
        return Item(kind_of(text.partition(b"(")[2].rpartition(b")")[0]), text)
    return Item(kind_of(text) if kind == b"application/json" else "body", text)


def chunk(text: bytes) -> bytes:
    """A chunk of a body."""
    return b"%x\r\n%s\r\n" % (len(text), text)


class Responses:
    """Cuts what a server sends on one connection into heads, items and ends, for the requests that were sent."""

    def __init__(self) -> None:
        self.requests: list[Head] = []  # those without a response yet
        self.request: Head | None = None  # that of the response that is coming
        self.head: Head | None = None
        self.buffer = b""
        self.text = b""

    def feed(self, data: bytes) -> Iterator[Head | Item | None]:
        """Takes bytes; gives heads, items, and None for each end of a response."""
        self.buffer += data
        goes_on = True
        while goes_on:
            goes_on = False
            for part in self.begin() if self.head is None else self.go_on(self.head):
                goes_on = True
                yield part

    @property
    def framing(self) -> str:
        """How the end of the body is found."""
        if self.head is None:
            return ""
        is_head = self.request is not None and self.request.words[0] == b"HEAD"
        if is_head or self.head.status in (204, 304):
            return "none"
        if self.head.status == 101:
            return "socket"
        if self.head.get(b"transfer-encoding"):
            return "chunked"
        return "length" if self.head.get(b"content-length") else "close"

    def begin(self) -> Iterator[Head]:
        """Reads a head."""
        head, blank, rest = self.buffer.partition(b"\r\n\r\n")
        if blank:
            self.head, self.buffer, self.text = Head.read(head), rest, b""
            self.request = self.requests.pop(0) if self.requests else None
            yield self.head

    def go_on(self, head: Head) -> Iterator[Item | None]:
        """Reads on in a body."""
        kind, is_over = head.get(b"content-type"), self.framing == "none"
        if self.framing == "length":
            size = int(head.get(b"content-length"))
            is_over = len(self.buffer) >= size
            if is_over:
                text, self.buffer = self.buffer[:size], self.buffer[size:]
                yield whole(text, kind)
        elif self.framing == "socket":
            items, self.buffer = frames(self.buffer)
            yield from items
        elif self.framing in ("chunked", "close"):
            text, self.buffer, is_over = self.unchunked() if self.framing == "chunked" else (self.buffer, b"", False)
            items, self.text = READERS.get(kind, pieces)(self.text + text)
            yield from items
        if is_over:
            yield None
            self.head = None

    def unchunked(self) -> tuple[bytes, bytes, bool]:
        """Takes whole chunks apart: the body, what is left, and whether the last chunk was there."""
        body, data = b"", self.buffer
        while b"\r\n" in data:
            line, _, rest = data.partition(b"\r\n")
            size = int(line.partition(b";")[0], 16)
            if len(rest) < size + 2:
                break
            body, data = body + rest[:size], rest[size + 2 :]
            if size == 0:
                return body, data, True
        return body, data, False
