"""The address of one browser."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .exceptions import InvalidRecipient

SEPARATOR = ", "
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, order=True)
class ConnectionKey:
    """Whom an event is for: ``user, session, /location``.

    Two keys are the same if their three parts are, character by character.

    Attributes:
        user: The name of the user. Not empty, without ``", "``.
        session: Tells the browsers of one user apart, often ``0``. Not empty, without ``", "``.
        location: What the browser listens to, such as ``/chat``. Starts with ``/``.

    Raises:
        InvalidRecipient: A part is empty, holds a control character or can't be written in
            UTF-8, or breaks its own rule above.
    """

    user: str
    session: str
    location: str

    def __post_init__(self) -> None:
        for name in ("user", "session", "location"):
            self._check(name, getattr(self, name))
        if not self.location.startswith("/"):
            raise self._invalid(f"the location {self.location!r} does not start with '/'")

    @classmethod
    def parse(cls, text: str) -> ConnectionKey:
        """Read a key as it is written, ``user, session, /location``.

        It is split at the first two ``", "``, so that the location may hold more of them.

        Raises:
            InvalidRecipient: The text is no connection key.
        """
        parts = text.split(SEPARATOR, 2)
        if len(parts) != 3:
            message = f"{text!r} does not have the form 'user, session, /location'"
            raise InvalidRecipient(message, recipient=text)
        return cls(*parts)

    def __str__(self) -> str:
        return SEPARATOR.join((self.user, self.session, self.location))

    def _check(self, name: str, part: object) -> None:
        if not isinstance(part, str):
            raise self._invalid(f"the {name} must be a string, not {type(part).__name__}")
        if not part:
            raise self._invalid(f"the {name} is empty")
        if _CONTROL.search(part):
            raise self._invalid(f"the {name} {part!r} holds a control character")
        if name != "location" and SEPARATOR in part:
            raise self._invalid(f"the {name} {part!r} holds {SEPARATOR!r}, which ends a part")
        try:
            part.encode()
        except UnicodeEncodeError as error:
            reason = f"the {name} {part!r} holds a lone surrogate, which UTF-8 can't express"
            raise self._invalid(reason) from error

    def _invalid(self, reason: str) -> InvalidRecipient:
        parts = (self.user, self.session, self.location)
        return InvalidRecipient(f"recipient {parts!r}: {reason}", recipient=parts)
