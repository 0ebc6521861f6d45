"""The blocking client of Orbit 1.1.

::

    from pyorbited.client import Client

    with Client() as orbit:
        receipt = orbit.event("*, *, /chat", "Hello, everybody!", ack="browser", ttl=10)
        for unreached in receipt.unreached:
            print(unreached.key.user, unreached.name)
"""

from __future__ import annotations

import ssl
from concurrent.futures import Future
from types import TracebackType
from typing import cast

from .call import Call
from .frames import Ack, Ping
from .limits import DEFAULT_LIMITS, Limits
from .mailbox import Mailbox
from .notices import Gap, Notice, Position, Present, Signoff, Signon
from .opener import Opener
from .outcome import Closed, Listing, Receipt, Unreached
from .pattern import AddressForm, AddressForms, Pattern
from .pool import Pool
from .request import (
    Default,
    Seconds,
    auth_frame,
    close_frame,
    event_frame,
    list_frame,
    watched_address,
)
from .settings import Policy, Settings
from .watch import Watch
from .watchstate import WatchState

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


class Client:
    """Sends events to browsers, and tells who comes and goes, over Orbit 1.1.

    Any number of threads may share a client. It connects with the first call, and again when the
    connection is lost: after a random pause that grows from ``backoff`` to ``max_backoff``. To a
    server that speaks Orbit 1.0 only it sends events for keys, without ``ttl`` and ``ack``, whose
    receipts have no codes; all other calls fail with UnsupportedVersion, and nothing is sent. All
    calls of one thread go over the same connection of the pool, in their order, so that browsers
    get that thread's events in their order. A child process that was forked starts with
    connections of its own.

    Args:
        addr: The server's name or address.
        port: The server's control port (``op.port``), from 1 to 65535.
        timeout: Seconds that a call may take as a whole, waiting for a connection included; None
            for no end. Default 60.
        secret: The server's secret (``op.secret``), shown on each connection.
        tls: A context for TLS, such as ``ssl.create_default_context()``; it checks the server's
            certificate for ``addr``. Default: plain TCP.
        pool: How many connections. Default 1.
        queue: How many calls may wait for each connection. Default 1,000.
        policy: What becomes of a call when as many wait: ``wait`` for room until its time is
            over, ``fail`` with QueueFull at once, or ``drop_oldest``, which makes the oldest of
            them fail with Dropped. Default ``wait``.
        connect_timeout: Seconds to make a connection. Default 10.
        backoff: The longest pause after the first failure, in seconds. Default 1.
        max_backoff: The longest pause of all, in seconds. Default 30.
        keepalive: Seconds of silence of a server of which something is awaited, after which it
            is asked with a Ping; as many later the connection is given up. Default 20.
        in_flight: How many calls may be sent on a connection and not yet answered. Default 5,000.
        notices: How many notices may wait in a watch. Default 10,000.
        limits: How large events may be. Default: what a server with its own defaults takes.

    Raises:
        ValueError: One of them is out of range.
    """

    def __init__(
        self,
        addr: str = "localhost",
        port: int = 9000,
        timeout: float | None = 60.0,
        *,
        secret: str | bytes | None = None,
        tls: ssl.SSLContext | None = None,
        pool: int = 1,
        queue: int = 1_000,
        policy: Policy = "wait",
        connect_timeout: float = 10.0,
        backoff: float = 1.0,
        max_backoff: float = 30.0,
        keepalive: float = 20.0,
        in_flight: int = 5_000,
        notices: int = 10_000,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        if not 0 < port < 65536:
            raise ValueError(f"a port is a number from 1 to 65535: not {port!r}")
        self.addr = addr
        self.port = port
        settings = Settings(
            timeout=timeout,
            connect_timeout=connect_timeout,
            secret=secret,
            queue=queue,
            policy=policy,
            backoff=backoff,
            max_backoff=max_backoff,
            in_flight=in_flight,
            keepalive=keepalive,
            notices=notices,
            limits=limits,
        )
        self._pool = Pool(pool, settings, Opener(addr, port, tls, connect_timeout))

    @property
    def connected(self) -> bool:
        """Whether all connections of the pool are there, as far as is known."""
        return self._pool.connected

    def connect(self, *, timeout: Seconds = Default.TIMEOUT) -> None:
        """Connect now, rather than with the first call, and wait for it.

        Raises:
            ConnectFailed: The server can't be reached; the client goes on to try. Safe to retry.
            RefusedError: The server refuses the connection.
            ProtocolError: The peer does not speak Orbit.
            Timeout: It took too long. Safe to retry.
        """
        self._pool.connect(timeout)

    def disconnect(self, *, timeout: Seconds = Default.TIMEOUT) -> None:
        """End the client: wait for the calls under way, and close the connections.

        Watches end at once, calls that come later fail with Disconnected, and so do those that
        have not ended in time. A second time does nothing.

        Args:
            timeout: Seconds for the calls under way. Default: the client's.
        """
        self._pool.disconnect(timeout)

    def event(
        self,
        recipients: AddressForms,
        body: object,
        json: bool = True,
        ttl: int | None = None,
        ack: Ack = "written",
        retry: bool = False,
        *,
        timeout: Seconds = Default.TIMEOUT,
    ) -> Receipt:
        """Send an event and wait until the fate of each recipient is known.

        Args:
            recipients: One or several keys or patterns, each ``"user, session, /location"``, a
                tuple of the three, a ConnectionKey or a Pattern. A field ``*`` stands for any
                value; only a ConnectionKey is never taken for a pattern.
            body: What the browsers get.
            json: Whether the body is a value to be written as JSON. If not, it is text (sent as
                UTF-8) or bytes, which are sent as they are.
            ttl: Whole seconds that it may wait at the server for a browser that is away; 0 for at
                once or not at all. Default: as long as the session lives.
            ack: ``written``: a recipient is reached when the event was handed to its socket.
                ``browser``: when its browser has said that it has it.
            retry: Whether to send it again if the connection is lost before the receipt, or if
                the server refuses with a temporary reason. It may have been delivered, so **a
                retry can deliver it twice**.
            timeout: Seconds for this call, None for no end. Default: the client's.

        Returns:
            A receipt, true if every recipient was reached; it says why the others were not.

        Raises:
            InvalidRecipient: A recipient is neither key nor pattern. Nothing was sent.
            InvalidBody: The body can't be sent. Nothing was sent.
            LimitExceeded: The event is too large. Nothing was sent.
            ConnectionLost: The connection was lost before the receipt.
            Timeout: It took too long. ``maybe_delivered`` tells whether it had been sent.
            QueueFull: Too many calls wait for a connection. Safe to retry.
            RefusedError: The server refused the event.
            UnsupportedVersion: The server speaks Orbit 1.0 only, and the event has a pattern,
                ``ttl`` or ``ack``. Nothing was sent.
            ProtocolError: The peer does not speak Orbit.
            Disconnected: The client was disconnected meanwhile.
        """
        frame = event_frame(recipients, body, json, ttl, ack)
        call = self._pool.new_call(frame, timeout, retry=retry)
        return cast(Receipt, self._pool.link().call(call))

    def submit(
        self,
        recipients: AddressForms,
        body: object,
        json: bool = True,
        ttl: int | None = None,
        ack: Ack = "written",
        retry: bool = False,
        *,
        timeout: Seconds = Default.TIMEOUT,
    ) -> Future[Receipt]:
        """Send an event and go on; any number may be under way.

        It blocks only while the queue is full and the policy is ``wait``. The future ends with
        what :meth:`event` would return or raise. It can't be cancelled. Its callbacks run in the
        thread of the connection: they may submit, but not wait for calls.

        Raises:
            InvalidRecipient: A recipient is neither key nor pattern. Nothing was sent.
            InvalidBody: The body can't be sent. Nothing was sent.
            LimitExceeded: The event is too large. Nothing was sent.
        """
        frame = event_frame(recipients, body, json, ttl, ack)
        call = self._pool.new_call(frame, timeout, retry=retry)
        return cast("Future[Receipt]", self._pool.link().submit(call))

    def auth(self, secret: str | bytes, *, timeout: Seconds = Default.TIMEOUT) -> None:
        """Show the secret on each connection, now and whenever there is a new one.

        Raises:
            RefusedError: It is another one (502).
            ConnectionLost: The connection was lost. Safe to retry.
            Timeout: It took too long. Safe to retry.
        """
        frame = auth_frame(secret)
        self._pool.auth(frame, timeout)

    def ping(self, *, timeout: Seconds = Default.TIMEOUT) -> None:
        """Ask the server whether it is there.

        Raises:
            ConnectionLost: The connection was lost. Safe to retry.
            Timeout: It took too long. Safe to retry.
        """
        self._pool.link().call(self._pool.new_call(Ping(), timeout, retry=True))

    def watch(
        self,
        recipient: AddressForm,
        state: bool = False,
        since: Position | None = None,
        *,
        timeout: Seconds = Default.TIMEOUT,
    ) -> Watch:
        """Be told who comes and goes.

        ::

            with orbit.watch("*, *, /chat", state=True) as notices:
                for notice in notices:
                    ...

        The watch begins with ``with``, or with the first notice that is asked for. It goes on
        after a lost connection; if notices are missing then, or may be, it gives a Gap.

        Args:
            recipient: Of whom: a key or a pattern.
            state: Whether to be told first, by Present notices, who is there.
            since: Where to go on: the ``position`` of an earlier watch. If the server does not know
                the place any more, the first notice is a Gap. Default: to begin now.
            timeout: Seconds to begin the watch, None for no end. Default: the client's.

        Raises:
            InvalidRecipient: It is neither key nor pattern.
            ValueError: ``since`` is no place.
        """
        watch_state = WatchState(watched_address(recipient), state=state, since=since)

        def begin() -> Call:
            return self._pool.new_call(watch_state.frame(), timeout)

        mailbox = Mailbox(self._pool.settings.notices, since)
        return Watch(self, self._pool.link(), watch_state, begin, mailbox)

    def unwatch(self, watch: Watch) -> None:
        """End a watch; its iterator ends, after the notices that wait."""
        watch.end()

    def close(
        self,
        recipients: AddressForms,
        reason: str | None = None,
        retry: bool = False,
        *,
        timeout: Seconds = Default.TIMEOUT,
    ) -> int:
        """End the sessions of keys; their browsers are told not to come back by themselves.

        To end the client itself there is :meth:`disconnect`.

        Args:
            recipients: One or several keys or patterns.
            reason: Text for the browsers, 1 to 100 bytes.
            retry: Whether to send it again if the connection is lost before the reply.
            timeout: Seconds for this call, None for no end. Default: the client's.

        Returns:
            How many sessions were ended.

        Raises:
            ConnectionLost: The connection was lost, so that the sessions may have been ended.
            Timeout: It took too long.
            RefusedError: The server refused it.
        """
        call = self._pool.new_call(close_frame(recipients, reason), timeout, retry=retry)
        return cast(Closed, self._pool.link().call(call)).closed

    def list(
        self,
        recipients: AddressForms,
        limit: int | None = None,
        *,
        timeout: Seconds = Default.TIMEOUT,
    ) -> Listing:
        """Ask which keys have a session.

        Args:
            recipients: One or several keys or patterns.
            limit: How many keys at most, 1 to 100,000. Default: 10,000.
            timeout: Seconds for this call, None for no end. Default: the client's.

        Returns:
            The keys, and whether there are more of them.

        Raises:
            Timeout: It took too long. Safe to retry.
            RefusedError: The server refused it.
        """
        call = self._pool.new_call(list_frame(recipients, limit), timeout, retry=True)
        return cast(Listing, self._pool.link().call(call))

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
