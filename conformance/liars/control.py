"""The control wire, as far as a liar has to read it: messages of a server, and frames of a client."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

Pair = tuple[bytes, bytes]


@dataclass
class Message:
    """A frame, a reply or a notice: its first lines, its headers and its body, as a lie may change them."""

    lines: list[bytes]
    headers: list[Pair] = field(default_factory=list)
    body: bytes = b""
    end: bytes = b"\r\n"

    @property
    def word(self) -> bytes:
        """The last of the first lines: the word of a reply, the action of a frame."""
        return self.lines[-1]

    def get(self, name: bytes) -> bytes | None:
        """The value of the first header of that name."""
        return next((value for key, value in self.headers if key.lower() == name), None)

    def put(self, name: bytes, value: bytes) -> Message:
        """Gives each header of that name another value."""
        self.headers = [(key, value if key.lower() == name else old) for key, old in self.headers]
        return self

    def drop(self, *names: bytes) -> Message:
        """Takes all headers of these names away."""
        self.headers = [pair for pair in self.headers if pair[0].lower() not in names]
        return self

    def add(self, name: bytes, value: bytes) -> Message:
        """Adds a header at the end."""
        self.headers.append((name, value))
        return self

    @property
    def is_receipt(self) -> bool:
        """Whether it tells that recipients were not reached."""
        return self.word == b"Failure" and self.get(b"code") is None

    def wire(self) -> bytes:
        """As it goes over the wire."""
        lines = self.lines + [name + b": " + value for name, value in self.headers] + [b""]
        return b"".join(line + self.end for line in lines) + self.body


class Reader:
    """Cuts a stream of bytes into messages. Bytes that are none, such as a broken frame, end this: `rest` has them."""

    def __init__(self, first_lines: int) -> None:
        self.first_lines = first_lines
        self.buffer = b""
        self.is_lost = False

    def feed(self, data: bytes) -> Iterator[Message]:
        """Takes bytes; gives each message that is whole."""
        self.buffer += data
        while not self.is_lost:
            head, blank, rest = self.buffer.partition(b"\r\n\r\n")
            if not blank:
                self.is_lost = self.first_lines == 2 and not self.buffer.startswith(b"Orbit"[: len(self.buffer)])
                return
            lines = head.split(b"\r\n")
            pairs = [line.partition(b": ") for line in lines[self.first_lines :]]
            lengths = [value for name, _, value in pairs if name.lower() == b"length"]
            length = lengths[0] if lengths else b"0"
            is_whole = len(lines) >= self.first_lines and all(colon for _, colon, _ in pairs)
            if b"\n" in head.replace(b"\r\n", b"") or not is_whole or not length.isdigit() or len(length) > 15:
                self.is_lost = True
                return
            if len(rest) < int(length):
                return
            body, self.buffer = rest[: int(length)], rest[int(length) :]
            yield Message(lines[: self.first_lines], [(name, value) for name, _, value in pairs], body)

    def rest(self) -> bytes:
        """What is there of something that is no message."""
        rest, self.buffer = self.buffer, b""
        return rest
