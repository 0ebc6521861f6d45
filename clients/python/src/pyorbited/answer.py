"""What a message of Orbit 1.1 says, whoever asked for it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Union

from .exceptions import InvalidRecipient, ProtocolError
from .key import ConnectionKey
from .message import Message
from .notices import Present, Signoff, Signon, Told
from .outcome import Unreached

_CODE = re.compile(r"([0-9]{1,9})(?![0-9])(?: (\S+))?", re.ASCII)  # [CTL-49]


@dataclass(frozen=True)
class Success:
    """A ``Success``; what it does not say is None.

    Attributes:
        id: The frame that it answers.
        reached: How many keys an event reached.
        closed: How many sessions were ended.
        keys: How many keys are in the body.
        more: Whether there are more of them.
        epoch: To which process of the server ``sequence`` belongs.
        sequence: The number of the last notice.
        present: How many ``Present`` follow.
        resumed: Whether a watch goes on without a gap.
        body: The bytes that its ``length`` counts.
    """

    id: str
    reached: int | None = None
    closed: int | None = None
    keys: int | None = None
    more: bool | None = None
    epoch: str | None = None
    sequence: int | None = None
    present: int | None = None
    resumed: bool | None = None
    body: bytes | None = None


@dataclass(frozen=True)
class Failure:
    """A ``Failure``, of either version.

    Attributes:
        id: The frame that it answers; None if it is for the connection [CTL-51].
        message: The server's sentence, for people [CTL-50].
        code: The number of its ``code``; None without one.
        name: The word after it; None without one.
        recipients: The keys that Orbit 1.0 did not reach.
        reached: How many keys an event reached.
        unreached: The recipients that it did not reach, and why.
    """

    id: str | None
    message: str = ""
    code: int | None = None
    name: str | None = None
    recipients: list[ConnectionKey] = field(default_factory=list, hash=False)
    reached: int | None = None
    unreached: list[Unreached] = field(default_factory=list, hash=False)


Answer = Union[Success, Failure, Told]


def read_answer(message: Message) -> Answer | None:
    """Read a message; None if its word is unknown, so that it is ignored [CTL-115].

    Raises:
        ProtocolError: A header has a value that it can't have, or is missing.
    """
    word = message.word
    if word == "Success":
        return _success(message)
    if word == "Failure":
        return _failure(message)
    if word == "Present":
        return Present(*_news(message))
    if word == "Signon":
        return Signon(*_news(message))
    if word == "Signoff":
        missed, unconfirmed = message.all("missed"), message.all("unconfirmed")
        return Signoff(*_news(message), message.text("reason"), missed, unconfirmed)
    return None


def _success(message: Message) -> Success:
    return Success(
        id=message.text("id"),
        reached=message.optional_number("reached"),
        closed=message.optional_number("closed"),
        keys=message.optional_number("keys"),
        more=message.flag("more"),
        epoch=message.get("epoch"),
        sequence=message.optional_number("sequence"),
        present=message.optional_number("present"),
        resumed=message.flag("resumed"),
        body=message.body,
    )


def _failure(message: Message) -> Failure:
    code, name = _code(message.get("code"))
    return Failure(
        id=message.get("id"),
        message=message.get("msg") or "",
        code=code,
        name=name,
        recipients=[_key_in_parentheses(value) for value in message.all("recipient")],
        reached=message.optional_number("reached"),
        unreached=[_unreached(value) for value in message.all("unreached")],
    )


def _news(message: Message) -> tuple[str, str, int, ConnectionKey]:
    key = _key_in_parentheses(message.text("key"))
    return message.text("watch"), message.text("epoch"), message.number("sequence"), key


def _code(value: str | None) -> tuple[int | None, str | None]:
    if value is None:
        return None, None
    match = _CODE.match(value)
    if not match:
        raise ProtocolError(f"the reply's code {value!r} does not begin with a number")
    return int(match[1]), match[2]


def _unreached(value: str) -> Unreached:
    # [CTL-154]
    start, end = value.find(" ("), value.rfind(")")
    code = _CODE.match(value)
    if not code or start < code.end(1) or end != len(value) - 1:
        raise ProtocolError(f"the reply's unreached {value!r} is not 'number name (key)'")
    words = value[code.end(1) : start].split()
    return Unreached(_key(value[start + 2 : end]), int(code[1]), words[0] if words else "")


def _key_in_parentheses(value: str) -> ConnectionKey:
    in_parentheses = value.startswith("(") and value.endswith(")")
    return _key(value[1:-1] if in_parentheses else value)


def _key(text: str) -> ConnectionKey:
    try:
        return ConnectionKey.parse(text)
    except InvalidRecipient as error:
        raise ProtocolError(f"the reply names {text!r}, which is no key") from error
