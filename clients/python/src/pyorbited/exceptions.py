"""Everything that can go wrong, as one tree.

::

    OrbitedError
    ├── OrbitedConnectionError   (also ConnectionError, OSError)
    │   ├── ConnectFailed        no connection could be made
    │   └── ConnectionLost       the connection ended before the reply
    ├── Timeout                  (also TimeoutError, OSError)
    ├── QueueFull                too many calls wait for a connection
    │   └── Dropped              a later call took the place of this one
    ├── Disconnected             the client was disconnected by its program
    ├── WatchOverflow            too many notices waited to be read
    ├── ProtocolError            the peer does not speak Orbit
    ├── RefusedError             the server refused the event: ``code``, ``name``, ``message``
    │   └── UnsupportedVersion   the server speaks Orbit 1.0 only, and the call needs Orbit 1.1
    ├── InvalidRecipient         (also ValueError) no valid connection key
    ├── InvalidBody              (also ValueError) can't be sent as a body
    └── LimitExceeded            (also ValueError) more than the wire allows

A recipient that was not reached is no error: it is named by the :class:`~pyorbited.Receipt`.

Each error answers two questions: ``retriable``, can the same call succeed later; and
``maybe_delivered``, can browsers have got the event nevertheless. A retry is safe when the
first is true and the second is not, which is what ``safe_to_retry`` says.
"""

from __future__ import annotations

from typing import ClassVar


class OrbitedError(Exception):
    """The root of all errors of this package.

    Args:
        message: What happened, in one sentence.
        maybe_delivered: Whether browsers can have got the event.
    """

    _retriable: ClassVar[bool] = False

    def __init__(self, message: str, *, maybe_delivered: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.maybe_delivered = maybe_delivered

    @property
    def retriable(self) -> bool:
        """Whether the same call can succeed if it is made again."""
        return self._retriable

    @property
    def safe_to_retry(self) -> bool:
        """Whether the call can be made again without the risk of delivering the event twice."""
        return self.retriable and not self.maybe_delivered

    def __str__(self) -> str:
        return self.message


class OrbitedConnectionError(OrbitedError, ConnectionError):
    """There is no connection to the server, or no longer. A retry can help."""

    _retriable = True


class ConnectFailed(OrbitedConnectionError):
    """No connection could be made.

    Nothing was sent, unless the connection was lost during an event, and the retry of that
    event could not connect: then ``maybe_delivered`` tells about the first attempt.
    """


class ConnectionLost(OrbitedConnectionError):
    """The connection ended before the reply came.

    ``maybe_delivered`` is true if the whole event had been sent: a server can't deliver
    an event that it has only in part.
    """


class Timeout(OrbitedError, TimeoutError):
    """The time given for the call was over before the reply came.

    If part of the event had been sent, the connection is closed, since a late reply would be
    taken for that of the next event. ``maybe_delivered`` is true if all of it had been sent.
    """

    _retriable = True


class ProtocolError(OrbitedError):
    """The peer sent something that is no reply of Orbit. The connection is closed."""


class QueueFull(OrbitedError):
    """As many calls wait for the connection as may. Nothing was sent, and a retry can help."""

    _retriable = True


class Dropped(QueueFull):
    """The call waited for the connection, and a later one took its place in the full queue.

    ``maybe_delivered`` is true if it waited to be sent again after a lost connection.
    """


class Disconnected(OrbitedError):
    """The program disconnected the client before the call was done.

    ``maybe_delivered`` is true if the event had been handed to the system.
    """

    _retriable = True


class WatchOverflow(OrbitedError):
    """More notices waited for the program to read them than may, so that the watch has ended.

    A new watch tells the present state.
    """

    _retriable = True


class RefusedError(OrbitedError):
    """The server refused the event as a whole and delivered it to nobody.

    Args:
        message: The server's own sentence.
        code: The number from the registry of codes, or None if the server gave none.
            1xx: malformed; 2xx: over a limit; 4xx: temporary.
        name: The name that belongs to the code, or None if the server gave none.
        id: The id of the refused event, or None if the server could not tell.
    """

    _temporary = range(400, 500)

    def __init__(
        self,
        message: str,
        *,
        code: int | None = None,
        name: str | None = None,
        id: int | str | None = None,  # noqa: A002 (the name on the wire)
        maybe_delivered: bool = False,
    ) -> None:
        super().__init__(message, maybe_delivered=maybe_delivered)
        self.code = code
        self.name = name
        self.id = id

    @property
    def retriable(self) -> bool:
        """Whether the code is one of the temporary ones, 4xx."""
        return self.code in self._temporary

    def __str__(self) -> str:
        if self.code is None:
            return self.message
        code = f"{self.code} {self.name}" if self.name else self.code
        return f"{self.message} ({code})"


class UnsupportedVersion(RefusedError):
    """The server speaks Orbit 1.0 only, and the call needs Orbit 1.1 [CTL-152].

    Only events for keys, without ``ttl`` and ``ack``, can be sent to it. The call was not carried
    out, and its ``code`` is 102 ``bad_action``.
    """


class InvalidRecipient(OrbitedError, ValueError):
    """A recipient is no connection key. Nothing was sent.

    Args:
        message: What is wrong with it.
        recipient: The recipient as it was given.
    """

    def __init__(
        self, message: str, *, recipient: object = None, maybe_delivered: bool = False
    ) -> None:
        super().__init__(message, maybe_delivered=maybe_delivered)
        self.recipient = recipient


class InvalidBody(OrbitedError, ValueError):
    """The body can't be written as JSON or as UTF-8, or is no text or bytes. Nothing was sent."""


class LimitExceeded(OrbitedError, ValueError):
    """The event is larger than the wire allows. Nothing was sent.

    Args:
        message: Which limit, and by how much.
        limit: The name of the field of :class:`~pyorbited.Limits`.
        value: The size that was given.
        maximum: The size that is allowed.
    """

    def __init__(
        self,
        message: str,
        *,
        limit: str = "",
        value: int = 0,
        maximum: int = 0,
        maybe_delivered: bool = False,
    ) -> None:
        super().__init__(message, maybe_delivered=maybe_delivered)
        self.limit = limit
        self.value = value
        self.maximum = maximum


def copied(error: OrbitedError) -> OrbitedError:
    """Copy an error, since each caller gets one of its own."""
    copy = type(error)(error.message, maybe_delivered=error.maybe_delivered)
    copy.__dict__.update(error.__dict__)
    copy.__cause__ = error.__cause__
    return copy
