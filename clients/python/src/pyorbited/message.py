"""Reads the messages of Orbit 1.1, replies and notices, however the network cuts them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .exceptions import ProtocolError

MAX_MESSAGE = 67_108_864
"""Bytes of one message, head and body, that are taken: 64 MiB."""

MAX_LINE = 65_536
"""Bytes in one line. Browsers can make keys that are longer than a line of a frame may be."""

KNOWN = frozenset(
    (
        *("id", "msg", "code", "recipient", "reached", "unreached", "closed", "keys", "more"),
        *("watch", "epoch", "sequence", "present", "resumed", "key", "reason", "missed"),
        *("unconfirmed", "length"),
    )
)
"""The headers that mean something; others are not kept [CTL-115]."""

_WORD = re.compile(r"[A-Za-z0-9-]{1,255}", re.ASCII)
_BEGUN_WORD = re.compile(rb"[A-Za-z0-9-]{0,255}\r?")
_NUMBER = re.compile(r"0*([0-9]{1,16})", re.ASCII)
_MAX_NUMBER = 9_007_199_254_740_991  # 2^53-1, as for a `length` [CTL-27]


@dataclass
class Message:
    """One reply or notice as it stood on the wire.

    Attributes:
        word: Its first line.
        headers: The values of the headers that mean something, by their names in lower case.
        body: As many bytes as its ``length`` says; None if it has none.
    """

    word: str
    headers: dict[str, list[str]] = field(default_factory=dict)
    body: bytes | None = None

    def all(self, name: str) -> list[str]:
        """Give the values of a header that may come more than once."""
        return self.headers.get(name, [])

    def get(self, name: str) -> str | None:
        """Give the value of a header that comes at most once; None without it.

        Raises:
            ProtocolError: It came twice.
        """
        values = self.all(name)
        if len(values) > 1:
            raise ProtocolError(f"the {self.word} has {len(values)} headers {name!r}")
        return values[0] if values else None

    def text(self, name: str) -> str:
        """Give the value of a header that must be there.

        Raises:
            ProtocolError: It is missing, or came twice.
        """
        value = self.get(name)
        if value is None:
            raise ProtocolError(f"the {self.word} has no header {name!r}")
        return value

    def number(self, name: str) -> int:
        """Give the value of a header that must be there and a decimal number.

        Raises:
            ProtocolError: It is not so.
        """
        value = self.text(name)
        digits = _NUMBER.fullmatch(value)
        if not digits or int(digits[1]) > _MAX_NUMBER:
            raise ProtocolError(f"the {self.word} has the {name} {value!r}, which is no number")
        return int(digits[1])

    def optional_number(self, name: str) -> int | None:
        """Give the value of a header that may be missing, and must be a decimal number."""
        return None if self.get(name) is None else self.number(name)

    def flag(self, name: str) -> bool | None:
        """Give whether a header says ``yes``; None without it.

        Raises:
            ProtocolError: It says neither ``yes`` nor ``no``.
        """
        value = self.get(name)
        if value not in (None, "yes", "no"):
            raise ProtocolError(f"the {self.word} has the {name} {value!r}, not yes or no")
        return None if value is None else value == "yes"


class MessageDecoder:
    """Turns bytes into messages; it holds at most one that is not finished.

    Args:
        max_message: A message of more bytes is a :class:`ProtocolError`.
        max_line: So is a longer line.
    """

    def __init__(self, *, max_message: int = MAX_MESSAGE, max_line: int = MAX_LINE) -> None:
        self._max_message = max_message
        self._max_line = max_line
        self._buffer = bytearray()
        self._scanned = 0
        self._message: Message | None = None
        self._size = 0
        self._missing: int | None = None

    def feed(self, data: bytes) -> Iterator[Message]:
        """Take the next bytes and give the messages that they finish, one by one.

        Raises:
            ProtocolError: The bytes that follow are no message of Orbit. The decoder is of no
                use then.
        """
        self._buffer += data
        start = 0
        while True:
            if self._missing is None:
                end = self._buffer.find(b"\n", max(start, self._scanned))
                if end < 0:
                    break
                line, start = bytes(self._buffer[start:end]), end + 1
                self._take_line(line)
            if self._missing is not None:
                end = start + self._missing
                if len(self._buffer) < end:
                    break
                body, start = bytes(self._buffer[start:end]), end
                yield self._finished(body)
        del self._buffer[:start]
        if self._missing is None:
            self._scanned = len(self._buffer)
            self._check_begun_line()

    def _take_line(self, raw: bytes) -> None:
        self._size += len(raw) + 1
        raw = raw[:-1] if raw.endswith(b"\r") else raw
        self._check_line(len(raw))
        line = _decoded(raw)
        if self._size > self._max_message:
            raise self._too_large()
        if self._message is None:
            self._message = Message(_word(line))
        elif line:
            _take_header(self._message, line)
        else:
            self._missing = self._message.optional_number("length") or 0
            if self._size + self._missing > self._max_message:
                raise self._too_large()

    def _finished(self, body: bytes) -> Message:
        message = self._message
        assert message
        if message.get("length") is not None:
            message.body = body
        self._message = self._missing = None
        self._size = self._scanned = 0
        return message

    def _check_begun_line(self) -> None:
        self._check_line(len(self._buffer))
        # A peer that does not speak Orbit may never end its line.
        if self._message is None and not _BEGUN_WORD.fullmatch(self._buffer):
            raise ProtocolError(
                f"a reply starts with {bytes(self._buffer[:80])!r}, not with a word"
            )

    def _check_line(self, length: int) -> None:
        if length > self._max_line + 1:  # the CR of a line that is not whole yet
            raise ProtocolError(f"a line of the reply is longer than {self._max_line:,} bytes")

    def _too_large(self) -> ProtocolError:
        return ProtocolError(f"a reply is larger than {self._max_message:,} bytes")


def _take_header(message: Message, line: str) -> None:
    name, colon, value = line.partition(": ")
    if not colon:
        raise ProtocolError(f"the reply's line {line!r} is no 'name: value'")
    name = name.lower()
    if name in KNOWN:
        message.headers.setdefault(name, []).append(value)


def _decoded(raw: bytes) -> str:
    if b"\r" in raw:
        raise ProtocolError(f"the reply's line {raw!r} holds a stray carriage return")
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise ProtocolError(f"the reply's line {raw!r} is not UTF-8") from error


def _word(line: str) -> str:
    if not _WORD.fullmatch(line):
        raise ProtocolError(f"a reply starts with {line!r}, not with one word")
    return line
