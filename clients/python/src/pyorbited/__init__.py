"""Push events to browsers through Orbited, the Comet server.

There are three clients: :class:`pyorbited.simple.Client`, which is also here as ``Client``, speaks
Orbit 1.0 and sends one event at a time. :class:`pyorbited.client.Client` and, for asyncio,
:class:`pyorbited.aio.Client` speak Orbit 1.1: many events at a time, receipts with reasons,
patterns, and news of who comes and goes. Errors, keys and patterns are here for all of them.
"""

from __future__ import annotations

from .exceptions import (
    ConnectFailed,
    ConnectionLost,
    Disconnected,
    Dropped,
    InvalidBody,
    InvalidRecipient,
    LimitExceeded,
    OrbitedConnectionError,
    OrbitedError,
    ProtocolError,
    QueueFull,
    RefusedError,
    Timeout,
    UnsupportedVersion,
    WatchOverflow,
)
from .key import ConnectionKey
from .limits import Limits
from .pattern import Pattern
from .receipt import Receipt
from .recipients import Recipient, Recipients
from .simple import Client

__version__ = "0.4.0"

__all__ = [
    "Client",
    "ConnectFailed",
    "ConnectionKey",
    "ConnectionLost",
    "Disconnected",
    "Dropped",
    "InvalidBody",
    "InvalidRecipient",
    "LimitExceeded",
    "Limits",
    "OrbitedConnectionError",
    "OrbitedError",
    "Pattern",
    "ProtocolError",
    "QueueFull",
    "Receipt",
    "Recipient",
    "Recipients",
    "RefusedError",
    "Timeout",
    "UnsupportedVersion",
    "WatchOverflow",
]
