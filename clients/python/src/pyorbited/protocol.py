"""Orbit 1.0 as a state machine without input or output.

The shell passes bytes in and out: :meth:`Protocol.send_event` gives the bytes to send,
:meth:`Protocol.receive_data` takes what came and gives the outcomes of events. Many events
may be under way at once; their replies are matched by id, in any order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Union

from .exceptions import ProtocolError, RefusedError
from .key import ConnectionKey
from .limits import DEFAULT_LIMITS, Limits
from .receipt import Receipt
from .reply import Reply, ReplyDecoder, Status

VERSION = "Orbit 1.0"
ACTION = "Event"

Outcome = Union[Receipt, RefusedError]
"""What a reply says of its event. A refusal whose ``id`` is None is for the whole connection."""


def check_event(recipients: Sequence[ConnectionKey], body: bytes, limits: Limits) -> None:
    """Refuse an event that is larger than the wire allows.

    Raises:
        LimitExceeded: Too many recipients, one with too long a name, or too large a body.
    """
    limits.check("recipients", len(recipients), "recipients")
    limits.check("body", len(body), "bytes in the body")
    for key in recipients:
        limits.check("line", len(_recipient_line(key)), "bytes in a recipient's line")


def encode_event(event_id: int, recipients: Sequence[ConnectionKey], body: bytes) -> bytes:
    """Write one event.

    ::

        Orbit 1.0
        Event
        id: 7
        recipient: michael, 0, /chat      (one line each)
        length: 17                        (bytes of the body)

        "Hello, browser!"
    """
    lines = [VERSION.encode(), ACTION.encode(), b"id: %d" % event_id]
    lines += map(_recipient_line, recipients)
    lines += [b"length: %d" % len(body), b"", body]
    return b"\r\n".join(lines)


class Protocol:
    """The state of one connection.

    Args:
        limits: What is larger is refused in both directions.
        first_id: The id of the first event; each further event has the next number.
    """

    def __init__(self, limits: Limits = DEFAULT_LIMITS, *, first_id: int = 1) -> None:
        self._limits = limits
        self._decoder = ReplyDecoder(limits)
        self._awaited: dict[int, frozenset[ConnectionKey]] = {}
        self._failure: ProtocolError | None = None
        self.next_id = first_id

    @property
    def awaited(self) -> frozenset[int]:
        """The ids of the events whose replies have not come."""
        return frozenset(self._awaited)

    def send_event(self, recipients: Sequence[ConnectionKey], body: bytes) -> tuple[int, bytes]:
        """Begin an event.

        Returns:
            Its id, and the bytes to send.

        Raises:
            LimitExceeded: It is larger than the wire allows. Nothing has changed.
        """
        check_event(recipients, body, self._limits)
        event_id = self.next_id
        self.next_id += 1
        self._awaited[event_id] = frozenset(recipients)
        return event_id, encode_event(event_id, recipients, body)

    def receive_data(self, data: bytes) -> list[Outcome]:
        """Take the next bytes and give the outcomes that they finish.

        Raises:
            ProtocolError: The peer does not speak Orbit 1.0, or answers what was not asked.
                The connection is of no use then, and each further call raises it again.
        """
        if self._failure:
            raise self._failure
        try:
            return [self._outcome(reply) for reply in self._decoder.feed(data)]
        except ProtocolError as error:
            self._failure = error
            raise

    def _outcome(self, reply: Reply) -> Outcome:
        if reply.id is None:
            if reply.status is Status.SUCCESS or reply.recipients:
                raise ProtocolError("the reply has no id")
            return _refusal(reply)
        recipients = self._awaited.pop(reply.id, None)
        if recipients is None:
            raise ProtocolError(f"a reply came for the id {reply.id}, which was not awaited")
        if reply.status is Status.SUCCESS:
            if reply.recipients:
                raise ProtocolError("a Success names recipients that were not reached")
            return Receipt(reply.id)
        if not reply.recipients:
            return _refusal(reply)
        if not recipients.issuperset(reply.recipients):
            raise ProtocolError("the reply names a recipient that the event did not have")
        return Receipt(reply.id, list(dict.fromkeys(reply.recipients)), reply.message)


def _refusal(reply: Reply) -> RefusedError:
    message = reply.message or "the server refused the event and did not say why"
    return RefusedError(message, code=reply.code, name=reply.name, id=reply.id)


def _recipient_line(key: ConnectionKey) -> bytes:
    return f"recipient: {key}".encode()
