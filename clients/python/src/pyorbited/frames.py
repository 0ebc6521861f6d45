"""The frames of Orbit 1.1: what an application asks of the server, and its bytes.

::

    Orbit 1.1
    Event                             (the action)
    id: 7
    recipient: *, *, /chat            (one line each)
    ack: browser                      (headers of the action, if they are given)
    ttl: 10
    length: 17                        (Event and Auth: bytes of the body)

    "Hello, browser!"
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, Union

from .exceptions import InvalidRecipient
from .limits import Limits
from .pattern import Address, Pattern

Version = Literal["Orbit 1.0", "Orbit 1.1"]
"""The first line of a frame."""

MAX_NUMBER = 9_007_199_254_740_991
"""2^53-1: the largest ``ttl``, in seconds, and the largest ``sequence`` [CTL-126]."""

MAX_LIST = 100_000
"""The most keys that one ``List`` can give [CTL-149]."""

MAX_REASON = 100
"""Bytes in the reason of a ``Close`` [CTL-151]."""

MAX_ID = 255
"""Bytes in an id [CTL-18]."""

Ack = Literal["written", "browser"]
"""What makes a recipient count as reached [CTL-123]: that the event was handed to its socket, or
that the browser said that it has it."""

_EPOCH = re.compile(r"[0-9A-Za-z_.-]{1,64}", re.ASCII)


@dataclass(frozen=True)
class Event:
    """Sends a body to browsers.

    Attributes:
        recipients: For whom it is.
        body: What it carries.
        ack: ``written`` or ``browser``; None for the server's default, ``written``.
        ttl: Whole seconds that it may wait at the server; None for as long as the session.

    Raises:
        ValueError: ``ack`` or ``ttl`` is not one of these.
    """

    recipients: Sequence[Address]
    body: bytes
    ack: Ack | None = None
    ttl: int | None = None

    def __post_init__(self) -> None:
        if self.ack not in (None, "written", "browser"):
            raise ValueError(f"ack is 'written' or 'browser': not {self.ack!r}")
        _check_number("a ttl", self.ttl, 0, MAX_NUMBER)

    def headers(self) -> list[tuple[str, object]]:
        """Give what stands between the id and the length."""
        return [*_recipients(self.recipients), ("ack", self.ack), ("ttl", self.ttl)]


@dataclass(frozen=True)
class Auth:
    """Shows the server's secret. The secret is not in its ``repr``.

    Attributes:
        body: The secret.
    """

    body: bytes = field(repr=False)

    def headers(self) -> list[tuple[str, object]]:
        """Give none."""
        return []


@dataclass(frozen=True)
class Ping:
    """Asks for a ``Success``."""

    def headers(self) -> list[tuple[str, object]]:
        """Give none."""
        return []


@dataclass(frozen=True)
class Watch:
    """Asks for news of who comes and goes.

    Attributes:
        recipient: Of whom.
        state: Whether to be told first who is there.
        epoch: That of the last notice, to go on after it; None to begin now.
        sequence: The number of the last notice; None to begin now.

    Raises:
        ValueError: ``epoch`` or ``sequence`` is not such.
    """

    recipient: Address
    state: bool = False
    epoch: str | None = None
    sequence: int | None = None

    def __post_init__(self) -> None:
        if self.epoch is not None and not _EPOCH.fullmatch(self.epoch):
            raise ValueError(f"{self.epoch!r} is no epoch: 1 to 64 of 0-9 A-Z a-z _ . -")
        _check_number("a sequence", self.sequence, 0, MAX_NUMBER)
        if (self.epoch is None) != (self.sequence is None):
            raise ValueError("a watch goes on after an epoch and a sequence, not after one of them")

    def headers(self) -> list[tuple[str, object]]:
        """Give what stands after the id."""
        state = ("state", "yes" if self.state else None)
        resume = [("epoch", self.epoch), ("sequence", self.sequence)]
        return [*_recipients([self.recipient]), state, *resume]


@dataclass(frozen=True)
class Unwatch:
    """Ends a watch.

    Attributes:
        watch: The id of its ``Watch``.

    Raises:
        ValueError: It can't be an id.
    """

    watch: str

    def __post_init__(self) -> None:
        _check_text("the name of a watch", self.watch, MAX_ID)

    def headers(self) -> list[tuple[str, object]]:
        """Give what stands after the id."""
        return [("watch", self.watch)]


@dataclass(frozen=True)
class List:
    """Asks which keys have a session.

    Attributes:
        recipients: Which may.
        limit: How many at most, 1 to 100,000; None for the server's default, 10,000.

    Raises:
        ValueError: ``limit`` is out of range.
    """

    recipients: Sequence[Address]
    limit: int | None = None

    def __post_init__(self) -> None:
        _check_number("a limit", self.limit, 1, MAX_LIST)

    def headers(self) -> list[tuple[str, object]]:
        """Give what stands after the id."""
        return [*_recipients(self.recipients), ("limit", self.limit)]


@dataclass(frozen=True)
class Close:
    """Ends sessions.

    Attributes:
        recipients: Whose.
        reason: Text for the browsers, 1 to 100 bytes of UTF-8; None for none.

    Raises:
        ValueError: ``reason`` is empty, too long, or more than one line.
    """

    recipients: Sequence[Address]
    reason: str | None = None

    def __post_init__(self) -> None:
        if self.reason is not None:
            _check_text("a reason", self.reason, MAX_REASON)

    def headers(self) -> list[tuple[str, object]]:
        """Give what stands after the id."""
        return [*_recipients(self.recipients), ("reason", self.reason)]


Frame = Union[Event, Auth, Ping, Watch, Unwatch, List, Close]


def is_plain(frame: Frame) -> bool:
    """Whether a server of Orbit 1.0 takes a frame for what it means.

    It has events for keys alone, and ignores ``ack`` and ``ttl`` [CTL-155].
    """
    if not isinstance(frame, Event) or frame.ack is not None or frame.ttl is not None:
        return False
    return not any(isinstance(recipient, Pattern) for recipient in frame.recipients)


def encode_frame(
    id_: str, frame: Frame, limits: Limits, *, version: Version = "Orbit 1.1"
) -> bytes:
    """Write a frame.

    Args:
        id_: Its id, 1 to 255 bytes of UTF-8 without line ends.
        frame: What to ask.
        limits: What the wire allows.
        version: In which version; 1.0 is for frames that are plain.

    Raises:
        ValueError: The id is none.
        LimitExceeded: The frame is larger than the wire allows.
    """
    _check_text("an id", id_, MAX_ID)
    headers = [(name, value) for name, value in frame.headers() if value is not None]
    lines = [f"{name}: {value}".encode() for name, value in headers]
    body = frame.body if isinstance(frame, (Event, Auth)) else None
    count = sum(name == "recipient" for name, _ in headers)
    limits.check("recipients", count, "recipients")
    for line in lines:
        limits.check("line", len(line), "bytes in a line")
    if body is not None:
        limits.check("body", len(body), "bytes in the body")
        lines.append(b"length: %d" % len(body))
    action = type(frame).__name__
    head = _head([version.encode(), action.encode(), f"id: {id_}".encode(), *lines])
    limits.check("head", len(head), "bytes in all lines")
    return head + (body or b"")


def _head(lines: Iterable[bytes]) -> bytes:
    return b"\r\n".join([*lines, b"", b""])


def _recipients(addresses: Sequence[Address]) -> list[tuple[str, object]]:
    return [("recipient", address) for address in addresses]


def _check_number(what: str, value: int | None, least: int, most: int) -> None:
    if value is None:
        return
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ValueError(f"{what} is a whole number from {least} to {most:,}: not {value!r}")


def _check_text(what: str, text: str, most: int) -> None:
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        raise ValueError(f"{what} can't hold a lone surrogate: {text!r}") from error
    if not 1 <= size <= most or "\r" in text or "\n" in text:
        raise ValueError(f"{what} is one line of 1 to {most} bytes: not {text!r}")


def watched(addresses: Sequence[Address]) -> Address:
    """Give the one address that a watch is for [CTL-109].

    Raises:
        InvalidRecipient: There is none, or more than one.
    """
    if len(addresses) != 1:
        message = f"a watch is of one key or pattern, not of {len(addresses)}"
        raise InvalidRecipient(message, recipient=addresses)
    return addresses[0]
