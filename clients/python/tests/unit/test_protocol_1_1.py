from __future__ import annotations

import pytest

from pyorbited import ConnectionKey, LimitExceeded, Limits, ProtocolError, RefusedError
from pyorbited.exceptions import UnsupportedVersion
from pyorbited.frames import Auth, Close, Event, Frame, List, Ping, Unwatch, Watch
from pyorbited.message import MessageDecoder
from pyorbited.outcome import Closed, Done, Listing, Receipt, Unreached, Watching
from pyorbited.pattern import Pattern, addresses
from pyorbited.protocol11 import Protocol11

EVENT = Event(addresses(["a, 0, /x", "*, *, /y"]), b"x")
WATCH = Watch(Pattern("*", "*", "*"))


def test_ids_have_the_prefix_and_count_up() -> None:
    protocol = Protocol11(prefix="p-", first=7)
    assert [protocol.send(Ping())[0] for _ in range(2)] == ["p-7", "p-8"]
    assert protocol.next_number == 9
    assert protocol.awaited == {"p-7", "p-8"}


@pytest.mark.parametrize(
    ("frame", "reply", "outcome"),
    [
        (EVENT, "reached: 2\r\n\r\n", Receipt("1", 2)),
        (Ping(), "\r\n", Done("1")),
        (Auth(b"s"), "\r\n", Done("1")),
        (Unwatch("w"), "\r\n", Done("1")),
        (WATCH, "epoch: e\r\nsequence: 4\r\n\r\n", Watching("1", "e", 4)),
        (
            WATCH,
            "epoch: e\r\nsequence: 4\r\npresent: 2\r\nresumed: no\r\n\r\n",
            Watching("1", "e", 4, 2, False),
        ),
        (
            List([]),
            "keys: 1\r\nlength: 9\r\n\r\na, 0, /x\n",
            Listing("1", [ConnectionKey("a", "0", "/x")]),
        ),
        (List([]), "keys: 0\r\nmore: yes\r\nlength: 0\r\n\r\n", Listing("1", [], True)),
        (Close([]), "closed: 3\r\n\r\n", Closed("1", 3)),
    ],
)
def test_a_success_is_read_by_its_frame(frame: Frame, reply: str, outcome: object) -> None:
    protocol = Protocol11()
    protocol.send(frame)
    assert protocol.receive_data(f"Success\r\nid: 1\r\n{reply}".encode()) == [outcome]
    assert not protocol.awaited


@pytest.mark.parametrize(
    ("frame", "reply", "reason"),
    [
        (EVENT, "\r\n", "'reached'"),
        (WATCH, "epoch: e\r\n\r\n", "'sequence'"),
        (WATCH, "sequence: 1\r\n\r\n", "'epoch'"),
        (List([]), "length: 0\r\n\r\n", "'keys'"),
        (List([]), "keys: 2\r\nlength: 9\r\n\r\na, 0, /x\n", "a list of 2 keys holds 1"),
        (List([]), "keys: 1\r\nlength: 5\r\n\r\na, 0\n", "a line that is no key"),
        (List([]), "keys: 1\r\nlength: 6\r\n\r\na, 0, ", "holds 0"),
        (Close([]), "\r\n", "'closed'"),
    ],
)
def test_a_success_that_does_not_fit_its_frame_is_a_fault(
    frame: Frame, reply: str, reason: str
) -> None:
    protocol = Protocol11()
    protocol.send(frame)
    (fault,) = protocol.receive_data(f"Success\r\nid: 1\r\n{reply}".encode())
    assert isinstance(fault, ProtocolError)
    assert reason in str(fault)
    assert protocol.receive_data(b"Success\r\nid: 1\r\n\r\n") == [fault]


def test_unreached_recipients_must_be_of_the_event() -> None:
    for key, fits in (("a, 0, /x", True), ("b, 1, /y", True), ("b, 1, /x", False)):
        protocol = Protocol11()
        protocol.send(EVENT)
        reply = f"Failure\r\nid: 1\r\nmsg: M\r\nreached: 1\r\nunreached: 301 gone ({key})\r\n\r\n"
        (outcome,) = protocol.receive_data(reply.encode())
        if fits:
            unreached = Unreached(ConnectionKey.parse(key), 301, "gone")
            assert outcome == Receipt("1", 1, [unreached], "M")
            assert not outcome
        else:
            assert isinstance(outcome, ProtocolError)


def test_the_failure_of_orbit_1_0_is_no_answer_to_an_event_of_orbit_1_1() -> None:
    protocol = Protocol11()
    protocol.send(EVENT)
    reply = b"Failure\r\nid: 1\r\nmsg: M\r\nrecipient: (a, 0, /x)\r\n\r\n"
    (fault,) = protocol.receive_data(reply)
    assert isinstance(fault, ProtocolError)


def test_the_answer_to_a_ping_tells_of_a_server_that_speaks_orbit_1_0_only() -> None:
    protocol = Protocol11()
    protocol.send(Ping())
    reply = b"Failure\r\nid: 1\r\nmsg: M\r\ncode: 102 bad_action\r\n\r\n"
    (refusal,) = protocol.receive_data(reply)
    assert isinstance(refusal, UnsupportedVersion)
    assert (refusal.code, refusal.name, refusal.id) == (102, "bad_action", "1")
    assert "Orbit 1.0 only, which has no Ping" in str(refusal)


def of_1_0() -> Protocol11:
    protocol = Protocol11()
    protocol.version = "Orbit 1.0"
    return protocol


PLAIN = Event(addresses(["a, 0, /x", "b, 0, /x", "c, 0, /x"]), b"x")


def test_a_server_of_orbit_1_0_gets_a_plain_event_and_its_receipt_has_no_codes() -> None:
    protocol = of_1_0()
    _, data = protocol.send(PLAIN)
    assert data.startswith(b"Orbit 1.0\r\nEvent\r\nid: 1\r\nrecipient: a, 0, /x\r\n")
    lines = "recipient: (b, 0, /x)\r\n" * 2
    reply = f"Failure\r\nid: 1\r\nmsg: M\r\n{lines}\r\n".encode()
    unreached = Unreached(ConnectionKey("b", "0", "/x"))
    assert protocol.receive_data(reply) == [Receipt("1", 2, [unreached], "M")]
    assert str(unreached) == "b, 0, /x"
    assert (unreached.code, unreached.name) == (None, None)


def test_a_success_of_orbit_1_0_says_that_all_were_reached() -> None:
    protocol = of_1_0()
    protocol.send(PLAIN)
    assert protocol.receive_data(b"Success\r\nid: 1\r\n\r\n") == [Receipt("1", 3)]


def test_a_server_of_orbit_1_0_that_names_a_stranger_is_none() -> None:
    protocol = of_1_0()
    protocol.send(PLAIN)
    reply = b"Failure\r\nid: 1\r\nmsg: M\r\nrecipient: (d, 0, /x)\r\n\r\n"
    (fault,) = protocol.receive_data(reply)
    assert isinstance(fault, ProtocolError)


@pytest.mark.parametrize(
    "frame",
    [
        EVENT,
        Event(PLAIN.recipients, b"x", ack="browser"),
        Event(PLAIN.recipients, b"x", ttl=0),
        Ping(),
        Auth(b"s"),
        WATCH,
        List([]),
        Close([]),
    ],
)
def test_all_else_is_not_sent_to_a_server_of_orbit_1_0(frame: Frame) -> None:
    protocol = of_1_0()
    with pytest.raises(UnsupportedVersion) as caught:
        protocol.send(frame)
    assert caught.value.code == 102
    assert not caught.value.retriable
    assert not caught.value.maybe_delivered
    assert protocol.next_number == 1


def test_a_failure_with_the_id_of_a_watch_ends_it() -> None:
    protocol = Protocol11()
    protocol.send(WATCH)
    protocol.receive_data(b"Success\r\nid: 1\r\nepoch: e\r\nsequence: 1\r\n\r\n")
    assert protocol.watches == {"1"}
    failure = b"Failure\r\nid: 1\r\nmsg: M\r\ncode: 404 watch_overflow\r\n\r\n"
    (refusal,) = protocol.receive_data(failure)
    assert isinstance(refusal, RefusedError)
    assert (refusal.id, refusal.code) == ("1", 404)
    assert protocol.watches == frozenset()
    (fault,) = protocol.receive_data(failure)
    assert isinstance(fault, ProtocolError)


def test_what_came_before_a_fault_is_given_before_it() -> None:
    protocol = Protocol11()
    protocol.send(Ping())
    done, fault = protocol.receive_data(b"Success\r\nid: 1\r\n\r\nSuccess\r\nid: 1\r\n\r\n")
    assert done == Done("1")
    assert isinstance(fault, ProtocolError)


@pytest.mark.parametrize(
    ("limits", "limit", "value"),
    [
        (Limits(recipients=1), "recipients", 2),
        (Limits(line=18), "line", 19),
        (Limits(body=0), "body", 1),
        (Limits(head=10), "head", 80),
    ],
)
def test_a_frame_over_a_limit_is_refused_and_changes_nothing(
    limits: Limits, limit: str, value: int
) -> None:
    protocol = Protocol11(limits)
    with pytest.raises(LimitExceeded) as caught:
        protocol.send(EVENT)
    assert (caught.value.limit, caught.value.value) == (limit, value)
    assert protocol.next_number == 1
    assert not protocol.awaited


def test_a_message_may_have_its_limit_and_no_more() -> None:
    head = b"Success\r\nid: 1\r\nlength: 10\r\n\r\n"
    size = len(head) + 10
    (message,) = MessageDecoder(max_message=size).feed(head + b"x" * 10)
    assert message.body == b"x" * 10
    with pytest.raises(ProtocolError, match="larger than"):
        list(MessageDecoder(max_message=size - 1).feed(head))


def test_headers_count_for_the_size_of_a_message_known_or_not() -> None:
    decoder = MessageDecoder(max_message=1_000)
    with pytest.raises(ProtocolError, match="larger than 1,000 bytes"):
        list(decoder.feed(b"Success\r\nid: 1\r\n" + b"x-new: y\r\n" * 100))


@pytest.mark.parametrize("step", [1, 50])
def test_a_line_may_have_its_limit_and_is_not_collected_beyond_it(step: int) -> None:
    def feed(line: bytes) -> int:
        decoder = MessageDecoder(max_line=100)
        data = b"Success\r\n" + line
        return sum(
            len(list(decoder.feed(data[start : start + step])))
            for start in range(0, len(data), step)
        )

    assert feed(b"id: " + b"1" * 96 + b"\r\n\r\n") == 1
    with pytest.raises(ProtocolError, match="longer than 100 bytes"):
        feed(b"id: " + b"1" * 98)


@pytest.mark.parametrize("data", [b"\x00", b" ", b"HTTP/", b"x" * 256, b"\r\r"])
def test_what_can_not_become_a_word_is_refused_at_once(data: bytes) -> None:
    with pytest.raises(ProtocolError, match="a reply starts with"):
        list(MessageDecoder().feed(data))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"Success\r\nid 1\r\n", "no 'name: value'"),
        (b"Success\r\nid: \xff\r\n", "not UTF-8"),
        (b"Success\r\nid: a\rb\r\n", "stray carriage return"),
    ],
)
def test_malformed_lines_are_refused(data: bytes, reason: str) -> None:
    with pytest.raises(ProtocolError, match=reason):
        list(MessageDecoder().feed(data))


def test_a_secret_is_not_in_the_repr_of_its_frame() -> None:
    assert "sesame" not in repr(Auth(b"sesame"))
