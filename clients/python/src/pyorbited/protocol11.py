"""Orbit 1.1 as a state machine without input or output.

:meth:`Protocol11.send` gives the bytes of a frame, :meth:`Protocol11.receive_data` takes what came
and gives the outcomes of frames, and notices. Many frames may be under way at once; their replies
are matched by id, in any order. To a server that speaks Orbit 1.0 only it sends plain events as
that has them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar, Union

from .answer import Answer, Failure, Success, read_answer
from .exceptions import ProtocolError, RefusedError, UnsupportedVersion
from .frames import Close, Event, Frame, List, Unwatch, Version, Watch, encode_frame, is_plain
from .key import ConnectionKey
from .limits import DEFAULT_LIMITS, Limits
from .message import MessageDecoder
from .notices import Told
from .outcome import Closed, Done, Listing, Receipt, Unreached, Watching
from .pattern import Address, Pattern

Outcome = Union[Receipt, Done, Watching, Listing, Closed, RefusedError]
"""What a reply says of its frame. A refusal whose ``id`` is None is for the whole connection, and
one with the id of a watch that has begun ends that watch [CTL-147]."""

T = TypeVar("T")

BAD_ACTION = 102
AUTH_REQUIRED = 501
"""How a server that speaks Orbit 1.0 only answers an action of Orbit 1.1 [CTL-152]."""


class Protocol11:
    """The state of one connection.

    Args:
        limits: What is larger is refused.
        prefix: How each id begins. Notices name events by their ids, of whichever connection,
            so a prefix that nobody else has tells whose they are.
        first: The number of the first frame; each further one has the next.

    Attributes:
        version: That of the server, which is told by its answer to the greeting.
        next_number: The number of the next frame.
    """

    def __init__(
        self, limits: Limits = DEFAULT_LIMITS, *, prefix: str = "", first: int = 1
    ) -> None:
        self._limits = limits
        self._prefix = prefix
        self._decoder = MessageDecoder()
        self._awaited: dict[str, Frame] = {}
        self._watches: set[str] = set()
        self._failure: ProtocolError | None = None
        self.version: Version = "Orbit 1.1"
        self.next_number = first

    @property
    def awaited(self) -> frozenset[str]:
        """The ids of the frames whose replies have not come."""
        return frozenset(self._awaited)

    @property
    def watches(self) -> frozenset[str]:
        """The ids of the watches that have begun, and not ended."""
        return frozenset(self._watches)

    def send(self, frame: Frame) -> tuple[str, bytes]:
        """Begin a frame.

        Returns:
            Its id, and the bytes to send.

        Raises:
            UnsupportedVersion: The server speaks Orbit 1.0 only, and the frame needs more. Nothing
                has changed.
            LimitExceeded: It is larger than the wire allows. Nothing has changed.
        """
        if self.version == "Orbit 1.0" and not is_plain(frame):
            raise _unsupported(frame)
        id_ = f"{self._prefix}{self.next_number}"
        data = encode_frame(id_, frame, self._limits, version=self.version)
        self.next_number += 1
        self._awaited[id_] = frame
        return id_, data

    def receive_data(self, data: bytes) -> list[Outcome | Told | ProtocolError]:
        """Take the next bytes and give what they finish.

        A :class:`ProtocolError` is the last: the peer does not speak Orbit, or answers what was
        not asked. The connection is of no use then, and each further call gives it again.
        """
        results: list[Outcome | Told | ProtocolError] = []
        if self._failure is None:
            try:
                for message in self._decoder.feed(data):
                    answer = read_answer(message)
                    result = None if answer is None else self._result(answer)
                    if result is not None:
                        results.append(result)
            except ProtocolError as error:
                self._failure = error
        return results if self._failure is None else [*results, self._failure]

    def _result(self, answer: Answer) -> Outcome | Told | None:
        if isinstance(answer, Failure):
            return self._failed(answer)
        if isinstance(answer, Success):
            return self._succeeded(answer, self._taken(answer.id))
        # What comes before the server has read an Unwatch, or of a watch replaced, is of no use.
        return answer if answer.watch in self._watches else None

    def _succeeded(self, success: Success, frame: Frame) -> Outcome:
        if isinstance(frame, Event):
            if self.version == "Orbit 1.0":
                return _receipt_of_1_0(success.id, frame, [])
            reached = _needed(success, success.reached, "reached")
            return Receipt(success.id, reached)
        if isinstance(frame, Watch):
            self._watches.add(success.id)
            epoch = _needed(success, success.epoch, "epoch")
            sequence = _needed(success, success.sequence, "sequence")
            return Watching(success.id, epoch, sequence, success.present, success.resumed)
        if isinstance(frame, List):
            keys = _keys(success.body or b"")
            if _needed(success, success.keys, "keys") != len(keys):
                raise ProtocolError(f"a list of {success.keys} keys holds {len(keys)}")
            return Listing(success.id, keys, bool(success.more))
        if isinstance(frame, Close):
            return Closed(success.id, _needed(success, success.closed, "closed"))
        if isinstance(frame, Unwatch):
            self._watches.discard(frame.watch)
        return Done(success.id)

    def _failed(self, failure: Failure) -> Outcome:
        if failure.id is None:
            return _refusal(failure)
        if failure.id in self._watches and failure.id not in self._awaited:
            self._watches.discard(failure.id)
            return _refusal(failure)
        frame = self._taken(failure.id)
        if isinstance(frame, Event) and failure.unreached:
            keys = [unreached.key for unreached in failure.unreached]
            _check_named(frame.recipients, keys)
            reached = 0 if failure.reached is None else failure.reached
            return Receipt(failure.id, reached, failure.unreached, failure.message)
        if isinstance(frame, Event) and failure.recipients:
            if self.version == "Orbit 1.0":
                return _receipt_of_1_0(failure.id, frame, failure.recipients, failure.message)
            raise ProtocolError(f"the Failure of {failure.id!r} says of nobody why")
        return _unsupported(frame, failure.id) if failure.code == BAD_ACTION else _refusal(failure)

    def _taken(self, id_: str) -> Frame:
        frame = self._awaited.pop(id_, None)
        if frame is None:
            raise ProtocolError(f"a reply came for the id {id_!r}, which was not awaited")
        return frame


def _needed(success: Success, value: T | None, name: str) -> T:
    if value is None:
        raise ProtocolError(f"the Success of {success.id!r} has no header {name!r}")
    return value


def _check_named(recipients: Sequence[Address], keys: Sequence[ConnectionKey]) -> None:
    patterns = [address for address in recipients if isinstance(address, Pattern)]
    named = frozenset(recipients)
    for key in keys:
        if key not in named and not any(pattern.matches(key) for pattern in patterns):
            raise ProtocolError(f"the reply names {key}, which the event did not have")


def _keys(body: bytes) -> list[ConnectionKey]:
    try:
        text = body.decode()
        return [ConnectionKey.parse(line) for line in text.split("\n")[:-1]]
    except ValueError as error:
        raise ProtocolError("a list holds a line that is no key") from error


def _receipt_of_1_0(
    id_: str, event: Event, missing: Sequence[ConnectionKey], message: str = ""
) -> Receipt:
    _check_named(event.recipients, missing)
    unreached = [Unreached(key) for key in dict.fromkeys(missing)]
    return Receipt(id_, len(set(event.recipients)) - len(unreached), unreached, message)


def _unsupported(frame: Frame, id_: str | None = None) -> UnsupportedVersion:
    what = "patterns, ack and ttl" if isinstance(frame, Event) else type(frame).__name__
    message = f"the server speaks Orbit 1.0 only, which has no {what}"
    return UnsupportedVersion(message, code=BAD_ACTION, name="bad_action", id=id_)


def _refusal(failure: Failure) -> RefusedError:
    message = failure.message or "the server refused the frame and did not say why"
    return RefusedError(message, code=failure.code, name=failure.name, id=failure.id)
