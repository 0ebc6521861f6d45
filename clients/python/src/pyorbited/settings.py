"""What a program can choose for a client of Orbit 1.1."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from .deadline import MAX_TIMEOUT, checked_timeout
from .limits import DEFAULT_LIMITS, Limits

Policy = Literal["wait", "fail", "drop_oldest"]
"""What becomes of a call when the queue is full: it waits for room until its time is over; it
fails at once with :class:`~pyorbited.QueueFull`; or the oldest call in the queue fails with
:class:`~pyorbited.Dropped` and makes room."""


@dataclass(frozen=True)
class Settings:
    """The behaviour of one connection.

    Attributes:
        timeout: Seconds that a call may take as a whole, None for no end. Default 60.
        connect_timeout: Seconds in which a connection must be made and the server must have
            answered the greeting. Default 10.
        secret: The server's secret (``op.secret``), text or bytes; None for none.
        queue: How many calls may wait for a connection. Default 1,000.
        policy: What becomes of a call when as many wait. Default ``wait``.
        backoff: The longest wait before the second attempt to connect, in seconds; it doubles
            with each further one, and the wait is random. Default 1.
        max_backoff: The longest wait of all, in seconds. Default 30.
        in_flight: How many calls may be sent and not yet answered. It has to stay below the
            server's ``control.in_flight``, 10,000, which stops to read there. Default 5,000.
        in_flight_bytes: Bytes of frames that may be sent and not yet answered; a single larger
            frame may go alone. Below the server's ``control.in_flight_bytes``. Default 16 MiB.
        keepalive: Seconds of the server's silence, while something is awaited of it, after which
            it is asked with a ``Ping``; as many later the connection is given up. Default 20.
        notices: How many notices may wait in a watch for the program. Default 10,000.
        limits: How large a frame may be.

    Raises:
        ValueError: One of them is out of range.
    """

    timeout: float | None = 60.0
    connect_timeout: float = 10.0
    secret: str | bytes | None = field(default=None, repr=False)
    queue: int = 1_000
    policy: Policy = "wait"
    backoff: float = 1.0
    max_backoff: float = 30.0
    in_flight: int = 5_000
    in_flight_bytes: int = 16_777_216
    keepalive: float = 20.0
    notices: int = 10_000
    limits: Limits = DEFAULT_LIMITS

    def __post_init__(self) -> None:
        checked_timeout(self.timeout)
        for name in ("connect_timeout", "backoff", "max_backoff", "keepalive"):
            value = getattr(self, name)
            if not 0 < value <= MAX_TIMEOUT:
                raise ValueError(f"{name} is above 0 and at most {MAX_TIMEOUT:,} s: not {value!r}")
        for name, least in (("queue", 0), ("in_flight", 1), ("in_flight_bytes", 1), ("notices", 1)):
            if getattr(self, name) < least:
                raise ValueError(f"{name} is at least {least}: not {getattr(self, name)!r}")
        if self.policy not in ("wait", "fail", "drop_oldest"):
            raise ValueError(f"policy is 'wait', 'fail' or 'drop_oldest': not {self.policy!r}")

    @property
    def secret_bytes(self) -> bytes | None:
        """The secret as it is sent."""
        return self.secret.encode() if isinstance(self.secret, str) else self.secret
