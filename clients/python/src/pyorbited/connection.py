"""One TCP connection, and the protocol's state on it."""

from __future__ import annotations

import errno
import socket
from collections.abc import Sequence
from typing import Any

from .deadline import Deadline
from .exceptions import ConnectFailed, ConnectionLost, OrbitedError, RefusedError
from .key import ConnectionKey
from .protocol import Outcome, Protocol
from .receipt import Receipt

_READ_SIZE = 65_536
_SENDING = "sending the event"
_REPLY = "the reply"


class Connection:
    """Sends one event at a time and waits for its receipt. Not thread-safe.

    Args:
        sock: A connected socket, owned from now on.
        protocol: A fresh protocol machine.
    """

    def __init__(self, sock: socket.socket, protocol: Protocol) -> None:
        self._socket = sock
        self._protocol = protocol

    @classmethod
    def open(cls, addr: str, port: int, protocol: Protocol, deadline: Deadline) -> Connection:
        """Connect, trying each address of the host in turn.

        The look-up of the name is the system's and not bounded by the deadline.

        Raises:
            ConnectFailed: There is no such host, or it does not accept.
            Timeout: The deadline passed.
        """
        sock = connected_socket(addr, port, deadline)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        return cls(sock, protocol)

    @property
    def next_id(self) -> int:
        """The id that the next event gets."""
        return self._protocol.next_id

    def fileno(self) -> int:
        """Give the socket's file descriptor."""
        return self._socket.fileno()

    def close(self) -> None:
        """Close the socket. A second time does nothing."""
        self._socket.close()

    def is_stale(self) -> bool:
        """Whether the connection can't be used any more, while no reply is awaited.

        A server that says anything while nothing was asked says good-bye: by its end of the
        stream, a reset, or a refusal such as 402 shutting_down before it closes.
        """
        self._socket.setblocking(False)
        try:
            self._socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return False
        except OSError:
            return True
        return True

    def exchange(
        self, recipients: Sequence[ConnectionKey], body: bytes, deadline: Deadline
    ) -> Receipt:
        """Send one event and wait for what becomes of it.

        Raises:
            ConnectionLost: The connection ended before the reply.
            Timeout: The deadline passed before the reply.
            ProtocolError: The reply is no Orbit 1.0.
            RefusedError: The server refused the event or the connection.
            LimitExceeded: The event is too large; nothing was sent.
        """
        _, frame = self._protocol.send_event(recipients, body)
        self._send(frame, deadline)
        try:
            outcome = self._outcome(deadline)
        except OrbitedError as error:
            error.maybe_delivered = True
            raise
        if isinstance(outcome, RefusedError):
            raise outcome
        return outcome

    def _send(self, frame: bytes, deadline: Deadline) -> None:
        rest = memoryview(frame)
        while rest:
            self._socket.settimeout(deadline.remaining(_SENDING))
            try:
                rest = rest[self._socket.send(rest) :]
            except OSError as error:
                if _is_own_timeout(error):
                    raise deadline.timeout(_SENDING) from error
                raise self._reason_of_end(deadline) or _lost(error) from error

    def _reason_of_end(self, deadline: Deadline) -> RefusedError | None:
        # A server that closes before it has read the whole event says why, as a rule.
        try:
            outcome = self._outcome(deadline)
        except OrbitedError:
            return None
        return outcome if isinstance(outcome, RefusedError) else None

    def _outcome(self, deadline: Deadline) -> Outcome:
        while True:
            outcomes = self._protocol.receive_data(self._receive(deadline))
            if outcomes:
                return outcomes[0]

    def _receive(self, deadline: Deadline) -> bytes:
        self._socket.settimeout(deadline.remaining(_REPLY))
        try:
            data = self._socket.recv(_READ_SIZE)
        except OSError as error:
            if _is_own_timeout(error):
                raise deadline.timeout(_REPLY) from error
            raise _lost(error) from error
        if not data:
            raise ConnectionLost("the server closed the connection before its reply")
        return data


def connected_socket(addr: str, port: int, deadline: Deadline) -> socket.socket:
    """Connect to the first address of a host that accepts.

    Raises:
        ConnectFailed: There is no such host, or it does not accept.
        Timeout: The deadline passed.
    """
    try:
        places = socket.getaddrinfo(addr, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise ConnectFailed(f"the host {addr!r} is unknown: {error}") from error
    activity = f"connecting to {addr}:{port}"
    failure: OSError | None = None
    for family, _, _, _, place in places:
        left = deadline.remaining(activity)
        try:
            return _connect(family, place, left)
        except OSError as error:
            if _is_own_timeout(error):
                raise deadline.timeout(activity) from error
            failure = error
    raise ConnectFailed(f"no connection to {addr}:{port}: {failure}") from failure


def _connect(family: int, place: tuple[Any, ...], timeout: float | None) -> socket.socket:
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.settimeout(timeout)
        sock.connect(place)
    except BaseException:
        sock.close()
        raise
    return sock


def _is_own_timeout(error: OSError) -> bool:
    # From Python 3.10 on it has the class of the kernel's ETIMEDOUT, which says that the peer
    # did not answer the system in its own time: that is a loss like any other.
    return isinstance(error, socket.timeout) and error.errno != errno.ETIMEDOUT


def _lost(error: OSError) -> ConnectionLost:
    return ConnectionLost(f"the connection was lost: {error}")
