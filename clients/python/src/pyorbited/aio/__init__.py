"""The client of Orbit 1.1 for asyncio.

::

    from pyorbited.aio import Client

    async with Client() as orbit:
        receipt = await orbit.event("*, *, /chat", "Hello, everybody!")
"""

from __future__ import annotations

from ..notices import Gap, Notice, Position, Present, Signoff, Signon
from ..outcome import Listing, Receipt, Unreached
from ..pattern import Pattern
from .client import Client
from .watch import Watch

__all__ = [
    "Client",
    "Gap",
    "Listing",
    "Notice",
    "Pattern",
    "Position",
    "Present",
    "Receipt",
    "Signoff",
    "Signon",
    "Unreached",
    "Watch",
]
