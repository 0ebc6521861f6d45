from __future__ import annotations

import pytest

from pyorbited import (
    ConnectionKey,
    LimitExceeded,
    Limits,
    ProtocolError,
    Receipt,
    RefusedError,
)
from pyorbited.protocol import Protocol, encode_event

MICHAEL = ConnectionKey("michael", "0", "/chat")
JACOB = ConnectionKey("jacob", "0", "/chat")


def test_an_event_is_written_as_in_2007() -> None:
    assert encode_event(7, [MICHAEL, JACOB], b'"Hello, browser!"') == (
        b"Orbit 1.0\r\n"
        b"Event\r\n"
        b"id: 7\r\n"
        b"recipient: michael, 0, /chat\r\n"
        b"recipient: jacob, 0, /chat\r\n"
        b"length: 17\r\n"
        b"\r\n"
        b'"Hello, browser!"'
    )


def test_length_counts_bytes_and_names_are_utf8() -> None:
    frame = encode_event(1, [ConnectionKey("é", "0", "/☃")], "é".encode())
    assert frame.endswith(b"recipient: \xc3\xa9, 0, /\xe2\x98\x83\r\nlength: 2\r\n\r\n\xc3\xa9")


def test_an_event_may_have_no_recipient_and_no_body() -> None:
    assert encode_event(1, [], b"") == b"Orbit 1.0\r\nEvent\r\nid: 1\r\nlength: 0\r\n\r\n"


def test_ids_count_up_from_the_first() -> None:
    protocol = Protocol(first_id=41)
    assert [protocol.send_event([JACOB], b"")[0] for _ in range(3)] == [41, 42, 43]
    assert protocol.next_id == 44
    assert protocol.awaited == {41, 42, 43}


def test_replies_are_matched_by_id_in_any_order() -> None:
    protocol = Protocol()
    for _ in range(3):
        protocol.send_event([JACOB, MICHAEL], b"x")
    replies = (
        b"Success\r\nid: 3\r\n\r\n"
        b"Failure\r\nid: 1\r\nmsg: Gone\r\nrecipient: (jacob, 0, /chat)\r\n\r\n"
        b"Failure\r\nid: 2\r\nmsg: Too long\r\ncode: 204 body_too_large\r\n\r\n"
    )
    third, first, second = protocol.receive_data(replies)
    assert third == Receipt(3)
    assert first == Receipt(1, [JACOB], "Gone")
    assert isinstance(second, RefusedError)
    assert (second.id, second.code, second.name) == (2, 204, "body_too_large")
    assert str(second) == "Too long (204 body_too_large)"
    assert not protocol.awaited


def test_a_recipient_that_is_named_twice_as_unreached_counts_once() -> None:
    protocol = Protocol()
    protocol.send_event([JACOB], b"x")
    line = b"recipient: (jacob, 0, /chat)\r\n"
    assert protocol.receive_data(b"Failure\r\nid: 1\r\n" + line * 2 + b"\r\n") == [
        Receipt(1, [JACOB])
    ]


def test_a_refusal_without_an_id_is_for_the_connection() -> None:
    (refusal,) = Protocol().receive_data(b"Failure\r\nmsg: Bye\r\ncode: 402 shutting_down\r\n\r\n")
    assert isinstance(refusal, RefusedError)
    assert refusal.id is None
    assert refusal.retriable


def test_a_refusal_without_a_reason_is_a_refusal() -> None:
    protocol = Protocol()
    protocol.send_event([JACOB], b"x")
    (refusal,) = protocol.receive_data(b"Failure\r\nid: 1\r\n\r\n")
    assert isinstance(refusal, RefusedError)
    assert refusal.code is None
    assert not refusal.retriable
    assert "did not say why" in str(refusal)


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (b"Success\r\nid: 2\r\n\r\n", "for the id '2', which was not awaited"),
        (b"Success\r\nid: 1\r\n\r\nSuccess\r\nid: 1\r\n\r\n", "not awaited"),
        (b"Success\r\nid: 01\r\n\r\n", "for the id '01', which was not awaited"),
        (b"Failure\r\nid: order/42\r\ncode: 204\r\n\r\n", "for the id 'order/42', which"),
        (b"Success\r\n\r\n", "has no id"),
        (b"Failure\r\nrecipient: (jacob, 0, /chat)\r\n\r\n", "has no id"),
        (b"Success\r\nid: 1\r\nrecipient: (jacob, 0, /chat)\r\n\r\n", "a Success names"),
        (b"Failure\r\nid: 1\r\nrecipient: (michael, 0, /chat)\r\n\r\n", "did not have"),
    ],
)
def test_a_reply_that_does_not_fit_its_event_is_refused(reply: bytes, reason: str) -> None:
    protocol = Protocol()
    protocol.send_event([JACOB], b"x")
    with pytest.raises(ProtocolError, match=reason):
        protocol.receive_data(reply)


def test_after_garbage_the_machine_stays_broken() -> None:
    protocol = Protocol()
    protocol.send_event([JACOB], b"x")
    with pytest.raises(ProtocolError, match="not with Success or Failure"):
        protocol.receive_data(b"garbage\r\n")
    with pytest.raises(ProtocolError, match="not with Success or Failure"):
        protocol.receive_data(b"Success\r\nid: 1\r\n\r\n")


@pytest.mark.parametrize(
    ("limits", "recipients", "body", "limit", "value"),
    [
        (Limits(recipients=1), [JACOB, MICHAEL], b"", "recipients", 2),
        (Limits(body=3), [JACOB], b"four", "body", 4),
        (Limits(line=26), [JACOB, MICHAEL], b"", "line", 28),
        (Limits(head=88), [JACOB, MICHAEL], b"four", "head", 96),
    ],
)
def test_an_event_over_a_limit_is_refused_and_changes_nothing(
    limits: Limits, recipients: list[ConnectionKey], body: bytes, limit: str, value: int
) -> None:
    protocol = Protocol(limits)
    with pytest.raises(LimitExceeded) as caught:
        protocol.send_event(recipients, body)
    error = caught.value
    assert (error.limit, error.value, error.maximum) == (limit, value, getattr(limits, limit))
    assert protocol.next_id == 1
    assert not protocol.awaited


def test_an_event_of_exactly_the_limits_is_taken() -> None:
    head = len(encode_event(1, [JACOB, MICHAEL], b"four")) - 4
    limits = Limits(line=28, recipients=2, body=4, head=head)
    protocol = Protocol(limits)
    assert protocol.send_event([JACOB, MICHAEL], b"four")[0] == 1


def test_each_digit_of_the_id_counts_for_the_head() -> None:
    limits = Limits(head=len(encode_event(9, [JACOB], b"")))
    protocol = Protocol(limits, first_id=9)
    assert protocol.send_event([JACOB], b"")[0] == 9
    with pytest.raises(LimitExceeded, match="bytes in all lines"):
        protocol.send_event([JACOB], b"")
