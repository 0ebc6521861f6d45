"""Push events to browsers through Orbited, the Comet server.

The client is :class:`pyorbited.simple.Client`; everything else that programs name is here.
"""

from __future__ import annotations

from .exceptions import (
    ConnectFailed,
    ConnectionLost,
    InvalidBody,
    InvalidRecipient,
    LimitExceeded,
    OrbitedConnectionError,
    OrbitedError,
    ProtocolError,
    RefusedError,
    Timeout,
)
from .key import ConnectionKey
from .limits import Limits
from .receipt import Receipt
from .recipients import Recipient, Recipients
from .simple import Client

__version__ = "0.4.0"

__all__ = [
    "Client",
    "ConnectFailed",
    "ConnectionKey",
    "ConnectionLost",
    "InvalidBody",
    "InvalidRecipient",
    "LimitExceeded",
    "Limits",
    "OrbitedConnectionError",
    "OrbitedError",
    "ProtocolError",
    "Receipt",
    "Recipient",
    "Recipients",
    "RefusedError",
    "Timeout",
]
