"""Whom an event of Orbit 1.1 can be for: a key, or all keys that a pattern stands for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Union

from .exceptions import InvalidRecipient
from .key import SEPARATOR, ConnectionKey
from .recipients import each_once, unknown_recipient

ANY = "*"
"""Stands for any value of a field, and for no part of one [CTL-111]."""


@dataclass(frozen=True, order=True)
class Pattern:
    """All keys that have a session and these fields, of which at least one is ``*``.

    Attributes:
        user: A user, or ``*`` for any.
        session: A session, or ``*`` for any.
        location: A location, or ``*`` for any.

    Raises:
        InvalidRecipient: No field is ``*``, or one of the others can't be that of a key.
    """

    user: str
    session: str
    location: str

    def __post_init__(self) -> None:
        parts = (self.user, self.session, self.location)
        if ANY not in parts:
            raise InvalidRecipient(f"no part of {parts!r} is {ANY!r}", recipient=parts)
        ConnectionKey(self.user, self.session, "/" if self.location == ANY else self.location)

    @classmethod
    def parse(cls, text: str) -> Pattern:
        """Read a pattern as it is written, such as ``*, *, /chat``.

        Raises:
            InvalidRecipient: The text is no pattern.
        """
        parts = text.split(SEPARATOR, 2)
        if len(parts) != 3:
            message = f"{text!r} does not have the form 'user, session, /location'"
            raise InvalidRecipient(message, recipient=text)
        return cls(*parts)

    def matches(self, key: ConnectionKey) -> bool:
        """Whether the pattern stands for the key."""
        mine = (self.user, self.session, self.location)
        theirs = (key.user, key.session, key.location)
        return all(part in (ANY, other) for part, other in zip(mine, theirs))

    def __str__(self) -> str:
        return SEPARATOR.join((self.user, self.session, self.location))


Address = Union[ConnectionKey, Pattern]
"""What a ``recipient`` of Orbit 1.1 names."""

AddressForm = Union[str, ConnectionKey, Pattern, tuple[str, str, str]]
"""A key or a pattern as programs may give it: written, in three parts, or as itself."""

AddressForms = Union[AddressForm, Iterable[AddressForm]]
"""One of them, or any number."""


def addresses(recipients: AddressForms) -> list[Address]:
    """Read keys and patterns in any of their forms; what is named twice counts once.

    Text and tuples with a field ``*`` are patterns. A :class:`~pyorbited.ConnectionKey` never
    is, so that the name of a user can't turn into all users.

    Raises:
        InvalidRecipient: One of them is neither, or is a key that Orbit 1.1 can't name.
    """
    return each_once(recipients, address)


def address(recipient: object) -> Address:
    """Read one key or pattern.

    Raises:
        InvalidRecipient: It is neither.
    """
    if isinstance(recipient, Pattern):
        return recipient
    if isinstance(recipient, ConnectionKey):
        if ANY in (recipient.user, recipient.session):
            message = f"Orbit 1.1 can't name the key {recipient}: {ANY!r} means any; give a Pattern"
            raise InvalidRecipient(message, recipient=recipient)
        return recipient
    parts = recipient.split(SEPARATOR, 2) if isinstance(recipient, str) else recipient
    if isinstance(parts, tuple) and len(parts) == 3:
        return Pattern(*parts) if ANY in parts else ConnectionKey(*parts)
    if isinstance(parts, list):
        assert isinstance(recipient, str)
        return Pattern.parse(recipient) if ANY in parts else ConnectionKey.parse(recipient)
    raise unknown_recipient(recipient)
