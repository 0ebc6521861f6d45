"""Makes calls from what programs give, for both clients of Orbit 1.1."""

from __future__ import annotations

from enum import Enum
from typing import Union

from .body import json_body, raw_body
from .call import Call
from .deadline import checked_timeout
from .exceptions import InvalidBody
from .frames import Ack, Auth, Close, Event, Frame, List, watched
from .pattern import Address, AddressForms, addresses


class Default(Enum):
    """Stands for the client's own timeout, since None means no timeout."""

    TIMEOUT = "the client's timeout"


Seconds = Union[float, None, Default]
"""The time for one call: seconds, None for no end, or the client's own."""


def new_call(
    frame: Frame | None, timeout: float | None, now: float, *, retry: bool = False
) -> Call:
    """Begin a call that may take so many seconds from now.

    Raises:
        ValueError: The timeout is no number of seconds.
    """
    seconds = checked_timeout(timeout)
    deadline = None if seconds is None else now + seconds
    return Call(frame, deadline, seconds, retry=retry)


def event_frame(
    recipients: AddressForms, body: object, json: bool, ttl: int | None, ack: Ack
) -> Event:
    """Read the arguments of ``event``.

    Raises:
        InvalidRecipient: A recipient is neither a key nor a pattern.
        InvalidBody: The body can't be sent.
        ValueError: ``ttl`` or ``ack`` is not such.
    """
    content = json_body(body) if json else raw_body(body)
    # The server's default is not written.
    return Event(addresses(recipients), content, None if ack == "written" else ack, ttl)


def auth_frame(secret: str | bytes) -> Auth:
    """Read the argument of ``auth``.

    Raises:
        InvalidBody: It is neither text nor bytes.
    """
    if not isinstance(secret, (str, bytes)):
        raise InvalidBody(f"a secret is str or bytes, not {type(secret).__name__}")
    return Auth(raw_body(secret))


def watched_address(recipient: AddressForms) -> Address:
    """Read the argument of ``watch``.

    Raises:
        InvalidRecipient: It is not one key or pattern.
    """
    return watched(addresses(recipient))


def list_frame(recipients: AddressForms, limit: int | None) -> List:
    """Read the arguments of ``list``.

    Raises:
        InvalidRecipient: A recipient is neither a key nor a pattern.
        ValueError: ``limit`` is out of range.
    """
    return List(addresses(recipients), limit)


def close_frame(recipients: AddressForms, reason: str | None) -> Close:
    """Read the arguments of ``close``.

    Raises:
        InvalidRecipient: A recipient is neither a key nor a pattern.
        ValueError: ``reason`` is not such.
    """
    return Close(addresses(recipients), reason)
