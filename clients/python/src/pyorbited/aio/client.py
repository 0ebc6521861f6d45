"""The client itself: the verbs of the blocking one, as coroutines."""

from __future__ import annotations

import random
import secrets
import ssl
from types import TracebackType
from typing import cast

from ..call import Call
from ..courier import Courier
from ..frames import Ack, Frame, Ping
from ..limits import DEFAULT_LIMITS, Limits
from ..mailbox import Mailbox
from ..notices import Position
from ..outcome import Closed, Listing, Receipt
from ..pattern import AddressForm, AddressForms
from ..request import (
    Default,
    Seconds,
    auth_frame,
    close_frame,
    event_frame,
    list_frame,
    new_call,
    watched_address,
)
from ..settings import Policy, Settings
from ..watchstate import WatchState
from .link import Link
from .watch import Watch


class Client:
    """Sends events to browsers, and tells who comes and goes, over Orbit 1.1.

    It belongs to the event loop in which it is first used. Tasks may share it: each call is sent
    when its coroutine is first run, so that tasks which were made in an order send in that order.
    It connects with the first call, and again when the connection is lost.

    Args:
        addr: The server's name or address.
        port: The server's control port (``op.port``), from 1 to 65535.
        timeout: Seconds that a call may take as a whole, waiting for a connection included; None
            for no end. Default 60.
        secret: The server's secret (``op.secret``), shown on each connection.
        tls: A context for TLS, such as ``ssl.create_default_context()``; it checks the server's
            certificate for ``addr``. Default: plain TCP.
        queue: How many calls may wait for the connection. Default 1,000.
        policy: What becomes of a call when as many wait: ``wait`` for room until its time is
            over, ``fail`` with QueueFull at once, or ``drop_oldest``, which makes the oldest of
            them fail with Dropped. Default ``wait``.
        connect_timeout: Seconds to make a connection. Default 10.
        backoff: The longest pause after the first failure, in seconds. Default 1.
        max_backoff: The longest pause of all, in seconds. Default 30.
        keepalive: Seconds of silence of a server of which something is awaited, after which it
            is asked with a Ping; as many later the connection is given up. Default 20.
        in_flight: How many calls may be sent and not yet answered. Default 5,000.
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
        self._settings = Settings(
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
        prefix = f"{secrets.token_hex(5)}-"
        courier = Courier(self._settings, prefix=prefix, random=random.random)
        self._link = Link(courier, addr, port, tls)

    @property
    def connected(self) -> bool:
        """Whether there is a connection, as far as is known."""
        return self._link.connected

    async def connect(self, *, timeout: Seconds = Default.TIMEOUT) -> None:
        """Connect now, rather than with the first call, and wait for it.

        Raises:
            ConnectFailed: The server can't be reached; the client goes on to try. Safe to retry.
            RefusedError: The server refuses the connection.
            ProtocolError: The peer does not speak Orbit.
            Timeout: It took too long. Safe to retry.
        """
        await self._link.call(self._call(None, timeout))

    async def disconnect(self, *, timeout: Seconds = Default.TIMEOUT) -> None:
        """End the client: wait for the calls under way, and close the connection.

        Watches end at once, calls that come later fail with Disconnected, and so do those that
        have not ended in time. A second time does nothing.

        Args:
            timeout: Seconds for the calls under way. Default: the client's.
        """
        await self._link.finish(self._seconds(timeout))

    async def event(
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

        Arguments, result and errors are those of :meth:`pyorbited.client.Client.event`. A task
        that is cancelled here does not send what was not sent yet, and can't take back what was.
        """
        frame = event_frame(recipients, body, json, ttl, ack)
        return cast(Receipt, await self._link.call(self._call(frame, timeout, retry=retry)))

    async def auth(self, secret: str | bytes, *, timeout: Seconds = Default.TIMEOUT) -> None:
        """Show the secret, now and on each new connection.

        Raises:
            RefusedError: It is another one (502).
            ConnectionLost: The connection was lost. Safe to retry.
            Timeout: It took too long. Safe to retry.
        """
        frame = auth_frame(secret)
        self._link.set_secret(frame.body)
        await self._link.call(self._call(frame, timeout, retry=True))

    async def ping(self, *, timeout: Seconds = Default.TIMEOUT) -> None:
        """Ask the server whether it is there.

        Raises:
            Timeout: It took too long. Safe to retry.
        """
        await self._link.call(self._call(Ping(), timeout, retry=True))

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

            async with orbit.watch("*, *, /chat", state=True) as notices:
                async for notice in notices:
                    ...

        The watch begins with ``async with``, or with the first notice that is asked for. It goes
        on after a lost connection; if notices are missing then, or may be, it gives a Gap.

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
            return self._call(watch_state.frame(), timeout)

        return Watch(self._link, watch_state, begin, Mailbox(self._settings.notices, since))

    async def unwatch(self, watch: Watch) -> None:
        """End a watch; its iterator ends, after the notices that wait."""
        watch.end()

    async def close(
        self,
        recipients: AddressForms,
        reason: str | None = None,
        retry: bool = False,
        *,
        timeout: Seconds = Default.TIMEOUT,
    ) -> int:
        """End the sessions of keys; see :meth:`pyorbited.client.Client.close`.

        Returns:
            How many sessions were ended.
        """
        call = self._call(close_frame(recipients, reason), timeout, retry=retry)
        return cast(Closed, await self._link.call(call)).closed

    async def list(
        self,
        recipients: AddressForms,
        limit: int | None = None,
        *,
        timeout: Seconds = Default.TIMEOUT,
    ) -> Listing:
        """Ask which keys have a session; see :meth:`pyorbited.client.Client.list`."""
        call = self._call(list_frame(recipients, limit), timeout, retry=True)
        return cast(Listing, await self._link.call(call))

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.disconnect()

    def __repr__(self) -> str:
        state = "connected" if self.connected else "not connected"
        return f"<Client of {self.addr}:{self.port} for asyncio, {state}>"

    def _seconds(self, timeout: Seconds) -> float | None:
        return self._settings.timeout if isinstance(timeout, Default) else timeout

    def _call(self, frame: Frame | None, timeout: Seconds, *, retry: bool = False) -> Call:
        return new_call(frame, self._seconds(timeout), self._link.now(), retry=retry)
