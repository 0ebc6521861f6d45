"""Orbit 1.0 as a state machine without input or output.

The shell passes bytes in and out: :meth:`Protocol.send_event` gives the bytes to send,
:meth:`Protocol.receive_data` takes what came and gives the outcomes of events. Many events
may be under way at once; their replies are matched by id, in any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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


def check_event(
    recipients: Sequence[ConnectionKey], body: bytes, limits: Limits, *, event_id: int = 1
) -> None:
    """Refuse an event that is larger than the wire allows.

    Args:
        recipients: Whom it is for.
        body: What it carries.
        limits: What the wire allows.
        event_id: Its id, as far as it is known: each digit is a byte of the head.

    Raises:
        LimitExceeded: Too many recipients, one with too long a name, too long names taken
            together, or too large a body.
    """
    limits.check("recipients", len(recipients), "recipients")
    limits.check("body", len(body), "bytes in the body")
    lines = [_recipient_line(key) for key in recipients]
    for line in lines:
        limits.check("line", len(line), "bytes in a recipient's line")
    limits.check("head", len(_head(event_id, lines, len(body))), "bytes in all lines")


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
    return _head(event_id, map(_recipient_line, recipients), len(body)) + body


def _head(event_id: int, recipient_lines: Iterable[bytes], length: int) -> bytes:
    lines = [VERSION.encode(), ACTION.encode(), b"id: %d" % event_id]
    lines += recipient_lines
    lines += [b"length: %d" % length, b"", b""]
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
        self._awaited: dict[str, frozenset[ConnectionKey]] = {}
        self._failure: ProtocolError | None = None
        self.next_id = first_id

    @property
    def awaited(self) -> frozenset[int]:
        """The ids of the events whose replies have not come."""
        return frozenset(map(int, self._awaited))

    def send_event(self, recipients: Sequence[ConnectionKey], body: bytes) -> tuple[int, bytes]:
        """Begin an event.

        Returns:
            Its id, and the bytes to send.

        Raises:
            LimitExceeded: It is larger than the wire allows. Nothing has changed.
        """
        check_event(recipients, body, self._limits, event_id=self.next_id)
        event_id = self.next_id
        self.next_id += 1
        self._awaited[str(event_id)] = frozenset(recipients)
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
            raise ProtocolError(f"a reply came for the id {reply.id!r}, which was not awaited")
        if reply.status is Status.SUCCESS:
            if reply.recipients:
                raise ProtocolError("a Success names recipients that were not reached")
            return Receipt(int(reply.id))
        if not reply.recipients:
            return _refusal(reply)
        if not recipients.issuperset(reply.recipients):
            raise ProtocolError("the reply names a recipient that the event did not have")
        return Receipt(int(reply.id), list(dict.fromkeys(reply.recipients)), reply.message)


def _refusal(reply: Reply) -> RefusedError:
    message = reply.message or "the server refused the event and did not say why"
    event_id = None if reply.id is None else int(reply.id)
    return RefusedError(message, code=reply.code, name=reply.name, id=event_id)


def _recipient_line(key: ConnectionKey) -> bytes:
    return f"recipient: {key}".encode()
