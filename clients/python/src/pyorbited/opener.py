"""Makes connections, each in a thread of its own, so that a slow look-up holds up nothing else."""

from __future__ import annotations

import socket
import ssl
import threading
from typing import Callable, Union

from .connection import connected_socket
from .deadline import Deadline
from .exceptions import ConnectFailed, OrbitedError

Opened = Union[socket.socket, OrbitedError]
"""A connected socket that does not block, or why there is none."""


class Opener:
    """Connects to one server.

    Args:
        addr: Its name or address.
        port: Its control port.
        tls: The context for TLS, which also checks the server's name; None for plain TCP.
        timeout: Seconds for one attempt.
    """

    def __init__(self, addr: str, port: int, tls: ssl.SSLContext | None, timeout: float) -> None:
        self._addr = addr
        self._port = port
        self._tls = tls
        self._timeout = timeout

    def begin(self, then: Callable[[Opened], None]) -> None:
        """Connect in the background, and say how it went, in the thread that did it."""
        name = f"orbited-open-{self._addr}:{self._port}"
        threading.Thread(target=lambda: then(self._open()), name=name, daemon=True).start()

    def _open(self) -> Opened:
        try:
            sock = connected_socket(self._addr, self._port, Deadline(self._timeout))
        except OrbitedError as error:
            return error
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            sock.settimeout(self._timeout)
            if self._tls:
                sock = self._tls.wrap_socket(sock, server_hostname=self._addr)
            sock.setblocking(False)
        except (OSError, ValueError) as error:
            sock.close()
            failure = ConnectFailed(f"no connection to {self._addr}:{self._port}: {error}")
            failure.__cause__ = error
            return failure
        return sock
