"""What both liars stand on: a link between two connections, which passes on bytes, ends and resets."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Awaitable, Callable, Iterator

HOST = "127.0.0.1"
PIECE = 65536  # bytes; what a link holds on the way is kept small, so that a peer that reads nothing is felt behind it


class Side:
    """One of the two connections of a link, with the way in from it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.is_ended = False

    def write(self, data: bytes) -> None:
        """Writes to the peer of this side, if it is still there."""
        if data and not self.is_ended and not self.writer.is_closing():
            self.writer.write(data)

    def end(self) -> None:
        """Ends the direction to the peer, after what was written."""
        if not self.is_ended:
            self.is_ended = True
            with contextlib.suppress(OSError):
                self.writer.write_eof()

    def reset(self) -> None:
        """Breaks the connection off, as the other side was broken off."""
        connection = self.writer.get_extra_info("socket")
        if connection is not None:
            with contextlib.suppress(OSError):
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


class Link:
    """A client's connection and the one to the real server; a lie changes what `up` and `down` make of the bytes."""

    def __init__(self, client: Side, server: Side) -> None:
        self.client, self.server = client, server
        self.is_over = asyncio.Event()  # whether the server has said its last

    def up(self, data: bytes) -> None:
        """Takes bytes of the client."""
        self.server.write(data)

    def down(self, data: bytes) -> None:
        """Takes bytes of the server."""
        self.client.write(data)

    def up_ended(self) -> None:
        """The client has ended its side."""
        self.server.end()

    def down_ended(self) -> None:
        """The server has ended its side."""
        self.client.end()

    def closed(self) -> None:
        """Both connections are gone."""

    async def run(self) -> None:
        """Passes on until both sides have ended, or one is broken off."""
        ways = [
            asyncio.ensure_future(self.way(self.client, self.server, self.up, self.up_ended)),
            asyncio.ensure_future(self.way(self.server, self.client, self.down, self.down_ended)),
        ]
        try:
            await asyncio.wait(ways)
        finally:
            for way in ways:
                way.cancel()
            self.client.writer.close()
            self.server.writer.close()
            self.closed()

    async def way(self, source: Side, target: Side, take: Callable[[bytes], None], ended: Callable[[], None]) -> None:
        """Passes on in one direction; it stops reading while the target takes nothing."""
        try:
            while data := await source.reader.read(PIECE):
                take(data)
                await target.writer.drain()
            ended()
            await target.writer.drain()
        except OSError:
            self.client.reset()
            self.server.reset()
        finally:
            if source is self.server:
                self.is_over.set()


async def connect(port: int, host: str = HOST) -> Side:
    """Connects to the real server."""
    connection = socket.socket()
    connection.setblocking(False)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, PIECE)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        await asyncio.get_running_loop().sock_connect(connection, (host, port))
    except OSError:
        connection.close()
        raise
    reader, writer = await asyncio.open_connection(sock=connection)
    return Side(reader, writer)


async def listen(port: int, take: Callable[[Side], Awaitable[None]]) -> asyncio.Server:
    """Listens on a port of the loopback address; 0 has the system choose one."""

    async def accepted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = writer.get_extra_info("socket")
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, PIECE)
        await take(Side(reader, writer))

    return await asyncio.start_server(accepted, HOST, port)


@contextlib.contextmanager
def reserved_port() -> Iterator[int]:
    """Keeps a port from being given to others, while a server that is told of it may listen."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((HOST, 0))
        yield int(probe.getsockname()[1])
