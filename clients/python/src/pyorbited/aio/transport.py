"""The bytes of one connection, as asyncio hands them over."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from .link import Link


class Wire(asyncio.Protocol):
    """One connection.

    Args:
        link: Is told what comes.
    """

    def __init__(self, link: Link) -> None:
        self._link = link
        self._transport: asyncio.Transport | None = None
        self.takes = False
        """Whether the transport wants more bytes, so that calls wait in the courier, not there."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast(asyncio.Transport, transport)
        self.takes = True
        sock = transport.get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)

    def data_received(self, data: bytes) -> None:
        """Pass bytes on."""
        self._link.received(self, data)

    def pause_writing(self) -> None:
        """Stop to write, since the socket takes nothing more."""
        self.takes = False

    def resume_writing(self) -> None:
        """Go on to write."""
        self.takes = True
        self._link.write()

    def connection_lost(self, exc: Exception | None) -> None:
        """Say that it is over."""
        self.takes = False
        self._link.lost(self, exc)

    def write(self, data: bytes) -> None:
        """Send bytes, or let them wait in the transport."""
        assert self._transport
        self._transport.write(data)

    def close(self) -> None:
        """Close the connection; nothing that it carried is waited for."""
        self.takes = False
        if self._transport:
            self._transport.abort()
