"""The blocking client.

::

    from pyorbited.simple import Client

    orbit = Client()
    orbit.event(["username, 0, /example"], "Hello, browser!")
"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from types import TracebackType
from typing import Union

from .body import json_body, raw_body
from .connection import Connection
from .deadline import Deadline, checked_timeout
from .exceptions import ConnectionLost, OrbitedError, RefusedError
from .key import ConnectionKey
from .limits import DEFAULT_LIMITS, Limits
from .protocol import Protocol, check_event
from .receipt import Receipt
from .recipients import Recipients, connection_keys

DEFAULT_TIMEOUT = 60.0
_WAITING = "waiting for other threads' events"


class _Default(Enum):
    """Stands for the client's own timeout, since None means no timeout."""

    TIMEOUT = "the client's timeout"


_Seconds = Union[float, None, _Default]


class Client:
    """Sends events to the browsers that are connected to one Orbited server.

    A client connects by itself, keeps its connection, and notices when the server has closed it.
    Any number of threads may share a client: one event is under way at a time, the others wait
    their turn. A child process that was forked starts with a connection of its own.

    Args:
        addr: The server's name or address.
        port: The server's control port (``op.port``), from 1 to 65535.
        timeout: How many seconds each call may take as a whole, waiting for its turn, connecting
            and a retry included; None for no end. The default, 60, is longer than most events
            wait on a server with its own defaults: 5 s for a browser which comes back and 30 s
            for one which takes nothing.
        limits: How large events may be. Default: what a server with its own defaults takes.

    Raises:
        ValueError: The port or the timeout is out of range.
    """

    def __init__(
        self,
        addr: str = "localhost",
        port: int = 9000,
        timeout: float | None = DEFAULT_TIMEOUT,
        *,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        if not 0 < port < 65536:
            raise ValueError(f"a port is a number from 1 to 65535: not {port!r}")
        self.addr = addr
        self.port = port
        self.timeout = checked_timeout(timeout)
        self.limits = limits
        self._lock = threading.Lock()
        self._connection: Connection | None = None
        self._next_id = 1
        _clients.add(self)

    @property
    def connected(self) -> bool:
        """Whether there is a connection, as far as the last call could tell."""
        return self._connection is not None

    def connect(self, *, timeout: _Seconds = _Default.TIMEOUT) -> None:
        """Connect now, rather than with the first event. Does nothing if connected.

        Raises:
            ConnectFailed: The server can't be reached. A retry is safe.
            Timeout: It took too long. A retry is safe.
        """
        deadline = self._deadline(timeout)
        with self._turn(deadline):
            self._connected(deadline)

    def disconnect(self, *, timeout: _Seconds = _Default.TIMEOUT) -> None:
        """Close the connection once the events under way are done. The client stays usable.

        Raises:
            Timeout: Another thread's event took too long.
        """
        with self._turn(self._deadline(timeout)):
            self._drop()

    def reconnect(self, *, timeout: _Seconds = _Default.TIMEOUT) -> None:
        """Close the connection and make a new one.

        Raises:
            ConnectFailed: The server can't be reached. A retry is safe.
            Timeout: It took too long. A retry is safe.
        """
        deadline = self._deadline(timeout)
        with self._turn(deadline):
            self._drop()
            self._connected(deadline)

    def event(
        self,
        recipients: Recipients,
        body: object,
        json: bool = True,
        retry: bool = True,
        *,
        timeout: _Seconds = _Default.TIMEOUT,
    ) -> Receipt:
        """Send an event and wait until the fate of each recipient is known.

        Args:
            recipients: One recipient or several, each ``"user, session, /location"``, a tuple
                ``(user, session, location)`` or a :class:`~pyorbited.ConnectionKey`.
            body: What the browsers get.
            json: Whether the body is a value to be written as JSON. If not, it is text (sent as
                UTF-8) or bytes, which are sent as they are.
            retry: Whether to connect again and send once more if the connection is lost, or if
                the server refuses with a temporary reason. The lost event may have been
                delivered, so **a retry can deliver it twice**. With False such a loss raises
                :class:`~pyorbited.ConnectionLost`, whose ``maybe_delivered`` tells which it is.
            timeout: Seconds for this call, None for no end. Default: the client's.

        Returns:
            A receipt, true if every recipient was reached; it names those which were not.

        Raises:
            InvalidRecipient: A recipient is no connection key. Nothing was sent.
            InvalidBody: The body can't be sent. Nothing was sent.
            LimitExceeded: The event is too large. Nothing was sent.
            ConnectFailed: The server can't be reached.
            ConnectionLost: The connection was lost, again if this was the retry.
            Timeout: It took too long.
            RefusedError: The server refused the event.
            ProtocolError: The server does not speak Orbit 1.0.
        """
        deadline = self._deadline(timeout)
        keys = connection_keys(recipients)
        content = json_body(body) if json else raw_body(body)
        check_event(keys, content, self.limits)
        with self._turn(deadline):
            try:
                return self._exchange(keys, content, deadline)
            except (ConnectionLost, RefusedError) as first:
                if not (retry and first.retriable):
                    raise
                return self._exchange_again(keys, content, deadline, first)

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.disconnect()

    def __repr__(self) -> str:
        state = "connected" if self.connected else "not connected"
        return f"<Client of {self.addr}:{self.port}, {state}>"

    def _exchange(self, keys: list[ConnectionKey], content: bytes, deadline: Deadline) -> Receipt:
        connection = self._connected(deadline)
        try:
            return connection.exchange(keys, content, deadline)
        except RefusedError as refusal:
            if refusal.retriable or refusal.id is None:
                self._drop()
            raise
        except BaseException:
            # Whatever interrupted it, a late reply must not meet the next event.
            self._drop()
            raise

    def _exchange_again(
        self, keys: list[ConnectionKey], content: bytes, deadline: Deadline, first: OrbitedError
    ) -> Receipt:
        try:
            return self._exchange(keys, content, deadline)
        except OrbitedError as second:
            second.maybe_delivered |= first.maybe_delivered
            raise

    def _connected(self, deadline: Deadline) -> Connection:
        if self._connection and self._connection.is_stale():
            self._drop()
        if self._connection is None:
            protocol = Protocol(self.limits, first_id=self._next_id)
            self._connection = Connection.open(self.addr, self.port, protocol, deadline)
        return self._connection

    def _drop(self) -> None:
        if self._connection:
            self._next_id = self._connection.next_id
            self._connection.close()
            self._connection = None

    def _deadline(self, timeout: _Seconds) -> Deadline:
        return Deadline(self.timeout if isinstance(timeout, _Default) else timeout)

    @contextmanager
    def _turn(self, deadline: Deadline) -> Iterator[None]:
        lock = self._lock
        left = deadline.remaining(_WAITING)
        if not lock.acquire(timeout=-1 if left is None else left):
            raise deadline.timeout(_WAITING)
        try:
            yield
        finally:
            lock.release()

    def _start_afresh(self) -> None:
        self._lock = threading.Lock()
        self._drop()


_clients: weakref.WeakSet[Client] = weakref.WeakSet()


def _after_fork_in_child() -> None:
    # The parent goes on with its connection and its threads, which the child does not have.
    for client in list(_clients):
        client._start_afresh()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)
