"""One connection through the gateway: two sockets, and what is between them."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import TYPE_CHECKING, cast

from .answer import Answer
from .request import Request, Treatment

if TYPE_CHECKING:
    from .gateway import Gateway

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)
_REFUSAL = (
    b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 4\r\nConnection: close\r\n\r\nNo.\n"
)


class Link(asyncio.Protocol):
    """The browser's side of a connection, which opens the server's side.

    Attributes:
        request: The latest request on it, until it has been answered whole.
    """

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._early = b""
        self._held: bytearray | None = None
        self._answer = Answer()
        self._browser: asyncio.Transport | None = None
        self._server: asyncio.Transport | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._ended = False
        self.request: Request | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a browser's connection, and begin to connect to the server."""
        self._browser = cast(asyncio.Transport, transport)
        self._gateway.joined(self)
        self._connecting = self._gateway.loop.create_task(self._connect())

    def data_received(self, data: bytes) -> None:
        """Take what the browser sent."""
        if request := Request.parse(data):
            self.request = request
            treatment = self._gateway.came(request)
            if treatment is Treatment.REFUSE:
                self._refuse()
                return
            self._held = bytearray() if treatment is Treatment.HOLD else None
            self._answer = Answer()
        if self._server is None:
            self._early += data
        else:
            self._server.write(data)

    def connection_lost(self, _: Exception | None) -> None:
        """End the server's side too."""
        self.reset()

    def from_server(self, data: bytes) -> None:
        """Take what the server sent."""
        self._answer.receive(data)
        if self._answer.is_whole:
            self._gateway.answered(self)
        if self._held is not None:
            self._held += data
        elif self._browser and (kept := self._gateway.passable(data)):
            self._browser.write(kept)

    def server_ended(self) -> None:
        """Pass the server's end on, after all that came before it."""
        if self._held and self._browser:
            self._browser.write(bytes(self._held))
        self._end()
        if self._browser:
            self._browser.close()

    def reset(self) -> None:
        """Break both sides, as a network does that is cut."""
        self._end()
        for transport in (self._browser, self._server):
            if transport and not transport.is_closing():
                _reset(transport)

    def _refuse(self) -> None:
        if self._browser:
            self._browser.write(_REFUSAL)
            self._browser.close()

    def server_closed(self) -> None:
        """Take note that the server's side is closed, so that the server knows what the browser did."""
        self._gateway.left(self)

    def _end(self) -> None:
        if not self._ended:
            self._ended = True
            if self._server is None:
                self._gateway.left(self)

    async def _connect(self) -> None:
        try:
            transport, _ = await self._gateway.loop.create_connection(
                lambda: _ServerSide(self, self._gateway.loop), "127.0.0.1", self._gateway.target
            )
        except OSError:
            self.reset()
            return
        self._server = transport
        if self._ended:
            _reset(transport)
        elif self._early:
            transport.write(self._early)


class _ServerSide(asyncio.Protocol):
    def __init__(self, link: Link, loop: asyncio.AbstractEventLoop) -> None:
        self._link = link
        self._loop = loop

    def data_received(self, data: bytes) -> None:
        self._link.from_server(data)

    def connection_lost(self, fault: Exception | None) -> None:
        if fault is None:
            self._link.server_ended()
        else:
            self._link.reset()
        # The socket is closed when this has returned.
        self._loop.call_soon(self._link.server_closed)


def _reset(transport: asyncio.Transport) -> None:
    sock = cast(socket.socket, transport.get_extra_info("socket"))
    if sock.fileno() != -1:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
    transport.abort()
