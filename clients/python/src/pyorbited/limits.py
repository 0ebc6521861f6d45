"""The sizes which the wire allows."""

from __future__ import annotations

from dataclasses import dataclass

from .exceptions import LimitExceeded


@dataclass(frozen=True)
class Limits:
    """How large an event may be. The defaults are those of the server.

    Raise them only together with the settings of the server that are named below;
    an event over a limit is refused before anything is sent.

    Attributes:
        line: Bytes in one line, without its end. Default 8192 (``control.line``).
        recipients: Recipients of one event. Default 100,000 (``control.recipients``).
        body: Bytes in one body. Default 1,048,576, that is 1 MiB (``control.body``).
        headers: Lines in one reply beside its recipients. Default 64 (``control.headers``).
        head: Bytes in all lines of one event, their ends included. Default 16,777,216, that is
            16 MiB (``control.head``).
    """

    line: int = 8192
    recipients: int = 100_000
    body: int = 1_048_576
    headers: int = 64
    head: int = 16_777_216

    def check(self, limit: str, value: int, what: str) -> None:
        """Refuse a size beyond its limit.

        Args:
            limit: The name of the field.
            value: The size to check, in the unit of the field.
            what: The unit and thing for the message, such as ``"bytes in the body"``.

        Raises:
            LimitExceeded: The size is beyond the limit.
        """
        maximum: int = getattr(self, limit)
        if value > maximum:
            message = f"{value:,} {what}: at most {maximum:,} are allowed"
            raise LimitExceeded(message, limit=limit, value=value, maximum=maximum)


DEFAULT_LIMITS = Limits()
