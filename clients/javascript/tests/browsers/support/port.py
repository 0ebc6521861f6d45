"""Ports that stay the test's while nobody listens on them."""

from __future__ import annotations

import socket


def reserve(port: int = 0) -> socket.socket:
    """Bind a socket without listening.

    Connections to it are refused, the system gives its port to nobody else, and who asks for this
    very port with SO_REUSEADDR gets it.
    """
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("127.0.0.1", port))
    return sock
