"""The forms in which recipients may be given."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Union

from .exceptions import InvalidRecipient
from .key import SEPARATOR, ConnectionKey

Recipient = Union[str, ConnectionKey, tuple[str, str, str]]
"""One recipient: ``"user, session, /location"``, its three parts, or a key."""

Recipients = Union[Recipient, Iterable[Recipient]]
"""One recipient, or any number of them."""


def connection_keys(recipients: Recipients) -> list[ConnectionKey]:
    """Read recipients in any of their forms.

    A tuple of three strings is one recipient, unless its first or second string is written like
    a recipient itself. A recipient that is named twice counts once.

    Raises:
        InvalidRecipient: One of them is no connection key.
    """
    if isinstance(recipients, (str, ConnectionKey)) or _is_one_tuple(recipients):
        return [_connection_key(recipients)]
    if isinstance(recipients, (bytes, bytearray, memoryview)) or not isinstance(
        recipients, Iterable
    ):
        raise _unknown(recipients)
    return list(dict.fromkeys(_connection_key(recipient) for recipient in recipients))


def _connection_key(recipient: object) -> ConnectionKey:
    if isinstance(recipient, ConnectionKey):
        return recipient
    if isinstance(recipient, str):
        return ConnectionKey.parse(recipient)
    if isinstance(recipient, tuple) and len(recipient) == 3:
        return ConnectionKey(*recipient)
    raise _unknown(recipient)


def _is_one_tuple(recipients: object) -> bool:
    if not isinstance(recipients, tuple) or len(recipients) != 3:
        return False
    if any(isinstance(part, (ConnectionKey, tuple)) for part in recipients):
        return False
    return not any(_is_written_key(part) for part in recipients[:2])


def _is_written_key(part: object) -> bool:
    parts = part.split(SEPARATOR, 2) if isinstance(part, str) else []
    return len(parts) == 3 and parts[2].startswith("/")


def _unknown(recipient: object) -> InvalidRecipient:
    message = (
        f"{recipient!r} is no recipient: give 'user, session, /location', "
        "a tuple (user, session, location) or a ConnectionKey"
    )
    return InvalidRecipient(message, recipient=recipient)
