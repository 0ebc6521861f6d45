"""The client for Twisted, as programs of 2007 used it.

::

    from pyorbited.twistedorbit import OrbitClient

    orbit = OrbitClient()
    orbit.event(["username, 0, /example"], "Hello, browser!").addCallback(print)

It speaks Orbit 1.0. Twisted itself is needed only by who uses this.
"""

from __future__ import annotations

from collections import deque
from typing import Any

from twisted.internet.defer import Deferred, fail
from twisted.internet.interfaces import IAddress, IConnector
from twisted.internet.protocol import ClientFactory, Protocol, connectionDone
from twisted.python.failure import Failure

from .body import json_body, raw_body
from .exceptions import ConnectFailed, ConnectionLost, OrbitedError, ProtocolError, QueueFull
from .key import ConnectionKey
from .limits import DEFAULT_LIMITS, Limits
from .protocol import Protocol as OrbitMachine
from .protocol import check_event
from .receipt import Receipt
from .recipients import Recipients, connection_keys

MAX_WAITING = 1_000
"""How many events may wait for the connection."""


class OrbitResponse:
    """What the server says of an event.

    Attributes:
        status: ``Success`` or ``Failure``.
        headers: ``id``, and of a failure ``msg`` and ``recipients``, a list of the keys that were
            not reached, in parentheses.
        receipt: The same as a :class:`~pyorbited.Receipt`.
    """

    def __init__(self, receipt: Receipt) -> None:
        self.receipt = receipt
        self.status = "Success" if receipt else "Failure"
        self.headers: dict[str, Any] = {"id": str(receipt.id)}
        if not receipt:
            self.headers["msg"] = receipt.message
            self.headers["recipients"] = [f"({key})" for key in receipt.unreached]

    def __bool__(self) -> bool:
        return bool(self.receipt)

    def __repr__(self) -> str:
        return f"<OrbitResponse {self.status} {self.headers}>"


def _failure(error: OrbitedError) -> Failure:
    return Failure(error)  # type: ignore[no-untyped-call]


def _write(protocol: Protocol, data: bytes) -> None:
    transport: Any = protocol.transport
    transport.write(data)


def _close(protocol: Protocol) -> None:
    transport: Any = protocol.transport
    transport.loseConnection()


class OrbitProtocol(Protocol):
    """One connection.

    Args:
        client: To whom it belongs.
        machine: A fresh protocol machine.
    """

    def __init__(self, client: OrbitClient, machine: OrbitMachine) -> None:
        self._client = client
        self._machine = machine
        self._deferreds: dict[int, Deferred[OrbitResponse]] = {}
        self._reason: OrbitedError | None = None

    @property
    def next_id(self) -> int:
        """The id that the next event gets."""
        return self._machine.next_id

    def event(
        self, keys: list[ConnectionKey], body: bytes, deferred: Deferred[OrbitResponse]
    ) -> None:
        """Send an event."""
        event_id, frame = self._machine.send_event(keys, body)
        self._deferreds[event_id] = deferred
        _write(self, frame)

    def connectionMade(self) -> None:  # noqa: N802 (Twisted's name)
        """Send what waits."""
        self._client._connected(self)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 (Twisted's name)
        """Take the server's replies."""
        try:
            outcomes = self._machine.receive_data(data)
        except ProtocolError as error:
            self._reason = error
            _close(self)
            return
        for outcome in outcomes:
            if isinstance(outcome, Receipt):
                self._deferreds.pop(outcome.id).callback(OrbitResponse(outcome))
            elif isinstance(outcome.id, int):
                self._deferreds.pop(outcome.id).errback(_failure(outcome))
            else:
                self._reason = outcome  # the server closes now, and this is why

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802
        """Tell all that wait for a reply."""
        self._client._lost(self)
        message = f"the connection was lost: {self._reason or reason.getErrorMessage()}"
        deferreds, self._deferreds = self._deferreds, {}
        for deferred in deferreds.values():
            error: OrbitedError = ConnectionLost(message, maybe_delivered=True)
            if isinstance(self._reason, ProtocolError):
                error = ProtocolError(self._reason.message, maybe_delivered=True)
            deferred.errback(_failure(error))


class _Factory(ClientFactory):
    noisy = False

    def __init__(self, client: OrbitClient, first_id: int, limits: Limits) -> None:
        self._client = client
        self._first_id = first_id
        self._limits = limits

    def buildProtocol(self, addr: IAddress | None) -> OrbitProtocol:  # noqa: ARG002, N802
        return OrbitProtocol(self._client, OrbitMachine(self._limits, first_id=self._first_id))

    def clientConnectionFailed(  # noqa: N802
        self,
        connector: IConnector,  # noqa: ARG002
        reason: Failure,
    ) -> None:
        self._client._not_connected(reason.getErrorMessage())


class OrbitClient:
    """Sends events. It connects when it is made, and again with the next event after a loss.

    Use it in the thread of the reactor alone.

    Args:
        addr: The server's name or address.
        port: The server's control port.
        reactor: The reactor. Default: the one that is installed.
        limits: How large events may be.
    """

    def __init__(
        self,
        addr: str = "localhost",
        port: int = 9000,
        *,
        reactor: Any = None,  # noqa: ANN401 (several interfaces in one)
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        if reactor is None:
            from twisted.internet import reactor
        self._reactor = reactor
        self._addr = addr
        self._port = port
        self._limits = limits
        self._protocol: OrbitProtocol | None = None
        self._connecting = False
        self._next_id = 1
        self._waiting: deque[tuple[list[ConnectionKey], bytes, Deferred[OrbitResponse]]] = deque()
        self._connect()

    @property
    def connected(self) -> bool:
        """Whether there is a connection."""
        return self._protocol is not None

    def event(
        self, recipients: Recipients, event: object, jscript: bool = True
    ) -> Deferred[OrbitResponse]:
        """Send an event.

        Args:
            recipients: One recipient or several, each ``"user, session, /location"``, a tuple or
                a :class:`~pyorbited.ConnectionKey`.
            event: What the browsers get.
            jscript: Whether it is a value to be written as JSON, rather than text or bytes.

        Returns:
            A Deferred of an :class:`OrbitResponse`, also if recipients were not reached. It fails
            with InvalidRecipient, InvalidBody, LimitExceeded, QueueFull, ConnectFailed,
            ConnectionLost, RefusedError or ProtocolError.
        """
        try:
            keys = connection_keys(recipients)
            body = json_body(event) if jscript else raw_body(event)
            check_event(keys, body, self._limits, event_id=10**15)
        except OrbitedError as error:
            return fail(error)
        if not self._protocol and len(self._waiting) >= MAX_WAITING:
            return fail(QueueFull(f"{MAX_WAITING:,} events wait for the connection already"))
        deferred: Deferred[OrbitResponse] = Deferred()
        if self._protocol:
            self._protocol.event(keys, body, deferred)
        else:
            self._waiting.append((keys, body, deferred))
            self._connect()
        return deferred

    def disconnect(self) -> None:
        """Close the connection once what was written has left. The client stays usable."""
        if self._protocol:
            _close(self._protocol)

    def _connect(self) -> None:
        if not self._connecting and not self._protocol:
            self._connecting = True
            factory = _Factory(self, self._next_id, self._limits)
            self._reactor.connectTCP(self._addr, self._port, factory)

    def _connected(self, protocol: OrbitProtocol) -> None:
        self._connecting = False
        self._protocol = protocol
        while self._waiting:
            protocol.event(*self._waiting.popleft())

    def _lost(self, protocol: OrbitProtocol) -> None:
        if self._protocol is protocol:
            self._protocol = None
            self._next_id = protocol.next_id

    def _not_connected(self, reason: str) -> None:
        self._connecting = False
        waiting, self._waiting = self._waiting, deque()
        for _, _, deferred in waiting:
            message = f"no connection to {self._addr}:{self._port}: {reason}"
            deferred.errback(_failure(ConnectFailed(message)))
