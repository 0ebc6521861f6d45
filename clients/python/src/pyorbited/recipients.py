"""The forms in which recipients may be given."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Callable, TypeVar, Union

from .exceptions import InvalidRecipient
from .key import SEPARATOR, ConnectionKey

Recipient = Union[str, ConnectionKey, tuple[str, str, str]]
"""One recipient: ``"user, session, /location"``, its three parts, or a key."""

Recipients = Union[Recipient, Iterable[Recipient]]
"""One recipient, or any number of them."""

T = TypeVar("T")


def connection_keys(recipients: Recipients) -> list[ConnectionKey]:
    """Read recipients in any of their forms.

    A tuple of three strings is one recipient, unless its first or second string is written like
    a recipient itself. A recipient that is named twice counts once.

    Raises:
        InvalidRecipient: One of them is no connection key.
    """
    return each_once(recipients, _connection_key)


def each_once(recipients: object, read: Callable[[object], T]) -> list[T]:
    """Read one recipient, or each of several, and leave out what was named before.

    Args:
        recipients: One of them in any form, or an iterable of them.
        read: Reads one, and raises InvalidRecipient if it is none.
    """
    # A key or a pattern is no iterable, so what is left to tell apart is text and tuples.
    if isinstance(recipients, (bytes, bytearray, memoryview)):
        raise unknown_recipient(recipients)
    if isinstance(recipients, str) or _is_one_tuple(recipients):
        return [read(recipients)]
    if not isinstance(recipients, Iterable):
        return [read(recipients)]
    return list(dict.fromkeys(read(recipient) for recipient in recipients))


def _connection_key(recipient: object) -> ConnectionKey:
    if isinstance(recipient, ConnectionKey):
        return recipient
    if isinstance(recipient, str):
        return ConnectionKey.parse(recipient)
    if isinstance(recipient, tuple) and len(recipient) == 3:
        return ConnectionKey(*recipient)
    raise unknown_recipient(recipient)


def _is_one_tuple(recipients: object) -> bool:
    if not isinstance(recipients, tuple) or len(recipients) != 3:
        return False
    # Parts that are keys or patterns are recipients themselves.
    if any(isinstance(part, tuple) or hasattr(part, "location") for part in recipients):
        return False
    return not any(_is_written_key(part) for part in recipients[:2])


def _is_written_key(part: object) -> bool:
    parts = part.split(SEPARATOR, 2) if isinstance(part, str) else []
    return len(parts) == 3 and parts[2].startswith(("/", "*"))


def unknown_recipient(recipient: object) -> InvalidRecipient:
    """Make the error that says which forms there are."""
    message = (
        f"{recipient!r} is no recipient: give 'user, session, /location', "
        "a tuple (user, session, location) or a ConnectionKey"
    )
    return InvalidRecipient(message, recipient=recipient)
