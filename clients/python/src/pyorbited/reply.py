"""Reads the server's replies, however the network cuts them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum

from .exceptions import InvalidRecipient, ProtocolError
from .key import ConnectionKey
from .limits import DEFAULT_LIMITS, Limits

# A reply writes a recipient with parentheses round it, which makes its line longer.
_PARENTHESES = 2
# [CTL-49]: what follows the number is for people, and a later version may write more of it.
_CODE = re.compile(r"([0-9]{1,9})(?![0-9])(?: (\S+))?", re.ASCII)


class Status(Enum):
    """The first line of a reply."""

    SUCCESS = "Success"
    FAILURE = "Failure"


@dataclass
class Reply:
    """One reply as it stood on the wire.

    Attributes:
        status: Its first line.
        id: The event that it answers, any text; None if the line is missing.
        message: The ``msg`` line.
        code: The number of the ``code`` line; None if the line is missing.
        name: The word after the number on the ``code`` line; None if there is none.
        recipients: The keys of the ``recipient`` lines.
    """

    status: Status
    id: str | None = None
    message: str = ""
    code: int | None = None
    name: str | None = None
    recipients: list[ConnectionKey] = field(default_factory=list)


class ReplyDecoder:
    """Turns bytes into replies; it holds at most one unfinished line and one unfinished reply.

    Args:
        limits: A line or a reply that is larger is a :class:`ProtocolError`.
    """

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self._limits = limits
        self._buffer = bytearray()
        self._scanned = 0
        self._reply: Reply | None = None
        self._headers = 0

    def feed(self, data: bytes) -> list[Reply]:
        """Take the next bytes and give the replies that they finish.

        Raises:
            ProtocolError: The bytes are no Orbit 1.0 reply. The decoder is of no use then.
        """
        self._buffer += data
        replies: list[Reply] = []
        start = 0
        while (end := self._buffer.find(b"\n", max(start, self._scanned))) >= 0:
            self._take_line(bytes(self._buffer[start:end]), replies)
            start = end + 1
        del self._buffer[:start]
        self._scanned = len(self._buffer)
        self._check_length(len(self._buffer))
        return replies

    def _take_line(self, raw: bytes, replies: list[Reply]) -> None:
        raw = raw[:-1] if raw.endswith(b"\r") else raw
        self._check_length(len(raw))
        line = _decoded(raw)
        if self._reply is None:
            self._reply = Reply(_status(line))
            self._headers = 0
        elif line:
            self._take_header(self._reply, line)
        else:
            replies.append(self._reply)
            self._reply = None

    def _take_header(self, reply: Reply, line: str) -> None:
        name, colon, value = line.partition(": ")
        if not colon:
            raise ProtocolError(f"the reply's line {line!r} is no 'name: value'")
        name = name.lower()
        if name == "recipient":
            reply.recipients.append(_recipient(value))
        else:
            self._headers += 1
        if name == "id":
            if reply.id is not None:
                raise ProtocolError("the reply has two ids")
            reply.id = value
        elif name == "msg":
            reply.message = value
        elif name == "code":
            reply.code, reply.name = _code(value)
        if self._headers > self._limits.headers or len(reply.recipients) > self._limits.recipients:
            raise ProtocolError("the reply has too many lines")

    def _check_length(self, length: int) -> None:
        if length > self._limits.line + _PARENTHESES:
            raise ProtocolError(f"a line of the reply is longer than {self._limits.line:,} bytes")


def _decoded(raw: bytes) -> str:
    if b"\r" in raw:
        raise ProtocolError(f"the reply's line {raw!r} holds a stray carriage return")
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise ProtocolError(f"the reply's line {raw!r} is not UTF-8") from error


def _status(line: str) -> Status:
    try:
        return Status(line)
    except ValueError:
        raise ProtocolError(f"a reply starts with {line!r}, not with Success or Failure") from None


def _code(value: str) -> tuple[int, str | None]:
    match = _CODE.match(value)
    if not match:
        raise ProtocolError(f"the reply's code {value!r} does not begin with a number")
    return int(match[1]), match[2]


def _recipient(value: str) -> ConnectionKey:
    in_parentheses = value.startswith("(") and value.endswith(")")
    try:
        return ConnectionKey.parse(value[1:-1] if in_parentheses else value)
    except InvalidRecipient as error:
        raise ProtocolError(f"the reply names {value!r}, which is no recipient") from error
