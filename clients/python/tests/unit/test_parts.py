"""The small parts of the clients of Orbit 1.1."""

from __future__ import annotations

import pytest

from pyorbited import ConnectionKey, InvalidRecipient, Pattern, WatchOverflow
from pyorbited.backoff import Backoff
from pyorbited.call import Call, Stage
from pyorbited.deadlines import Deadlines
from pyorbited.frames import watched
from pyorbited.mailbox import Mailbox
from pyorbited.notices import Gap, Position
from pyorbited.outbox import Outbox
from pyorbited.outcome import Receipt, Unreached, Watching
from pyorbited.pattern import AddressForms, addresses

A = ConnectionKey("a", "0", "/x")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("a, 0, /x", [A]),
        (("a", "0", "/x"), [A]),
        (A, [A]),
        ("*, *, /x", [Pattern("*", "*", "/x")]),
        ("*, *, *", [Pattern("*", "*", "*")]),
        (("*", "0", "/a, b"), [Pattern("*", "0", "/a, b")]),
        (Pattern("a", "*", "/x"), [Pattern("a", "*", "/x")]),
        (["a, 0, /x", A, "*, *, *", Pattern("*", "*", "*")], [A, Pattern("*", "*", "*")]),
        (("*, *, *", "a, 0, *", "b, 0, /x"), [*addresses(["*, *, *", "a, 0, *", "b, 0, /x"])]),
        ((A, Pattern("*", "*", "*"), A), [A, Pattern("*", "*", "*")]),
        ("**, a*, /*", [ConnectionKey("**", "a*", "/*")]),
        ([], []),
    ],
)
def test_keys_and_patterns_are_read_in_all_forms(given: AddressForms, expected: object) -> None:
    assert addresses(given) == expected


@pytest.mark.parametrize(
    "given",
    [
        "nobody",
        "*",
        "a, 0, x",
        "a, 0, **",
        "*, , /x",
        ("*", "a, b", "/x"),
        ("*", "a\n", "/x"),
        ("*", None, "/x"),
        ConnectionKey("*", "0", "/x"),
        ConnectionKey("a", "*", "/x"),
        b"a, 0, /x",
        7,
        [("a", "0")],
    ],
)
def test_what_is_neither_key_nor_pattern_is_refused(given: AddressForms) -> None:
    with pytest.raises(InvalidRecipient):
        addresses(given)


def test_a_pattern_needs_a_star() -> None:
    with pytest.raises(InvalidRecipient, match="no part of"):
        Pattern("a", "0", "/x")
    with pytest.raises(InvalidRecipient, match="does not have the form"):
        Pattern.parse("*")


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [("*, *, *", True), ("a, *, /x", True), ("*, 1, *", False), ("*, *, /", False)],
)
def test_a_star_stands_for_a_whole_field(pattern: str, fits: bool) -> None:
    assert Pattern.parse(pattern).matches(A) is fits


def test_a_watch_is_of_one() -> None:
    assert watched([A]) == A
    for several in ([], [A, A]):
        with pytest.raises(InvalidRecipient, match="of one key or pattern"):
            watched(several)


def test_receipts_say_in_words_what_they_say() -> None:
    receipt = Receipt("7", 1, [Unreached(A, 302, "expired")])
    assert repr(receipt) == "<Receipt 7: 1 reached, not reached: a, 0, /x (302 expired)>"
    assert repr(Receipt("7", 2)) == "<Receipt 7: 2 reached>"
    assert not receipt
    assert Receipt("7", 0)


def test_pauses_are_random_up_to_their_longest() -> None:
    numbers = iter([0.5, 0.0, 1.0, 0.25])
    backoff = Backoff(1, 30, random=lambda: next(numbers))
    assert [backoff.next_delay() for _ in range(3)] == [0.5, 0.0, 4.0]
    backoff.reset()
    assert backoff.next_delay() == 0.25


def test_no_number_of_failures_is_too_large() -> None:
    backoff = Backoff(1, 30, random=lambda: 1.0)
    assert [backoff.next_delay() for _ in range(2_000)][-1] == 30


@pytest.mark.parametrize("most", [1, 2, 3, 5, 100])
def test_the_outbox_gives_its_bytes_in_order_however_they_are_taken(most: int) -> None:
    outbox = Outbox()
    ends = [outbox.add(part) for part in (b"abc", b"d", b"efgh")]
    assert ends == [3, 4, 8]
    taken = b""
    while outbox:
        part = outbox.peek(most)
        assert 0 < len(part) <= most
        outbox.advance(len(part))
        taken += part
    assert taken == b"abcdefgh"
    assert outbox.peek(most) == b""
    assert outbox.sent == 8


def test_deadlines_come_up_in_order_and_calls_that_are_done_do_not() -> None:
    deadlines = Deadlines()
    late, done, soon, never = Call(None, 3.0), Call(None, 2.0), Call(None, 1.0), Call(None)
    for call in (late, done, soon, never):
        deadlines.add(call)
    done.stage = Stage.DONE
    assert deadlines.next() == 1.0
    assert deadlines.due(2.5) == [soon]
    assert deadlines.next() == 3.0
    assert deadlines.due(3.0) == [late]
    assert deadlines.next() is None


def test_deadlines_of_calls_that_are_done_do_not_pile_up() -> None:
    deadlines = Deadlines()
    for number in range(10_000):
        call = Call(None, 1_000_000.0 - number)
        deadlines.add(call)
        call.stage = Stage.DONE
    assert len(deadlines) < 500


def test_a_mailbox_gives_what_waits_before_its_end() -> None:
    mailbox = Mailbox(2)
    gaps = [Gap("w", "e", number) for number in range(3)]
    assert not mailbox
    assert [mailbox.put(gap, None) for gap in gaps] == [True, True, False]
    assert mailbox.put(gaps[0], None)  # it has ended already
    assert [mailbox.take(), mailbox.take()] == gaps[:2]
    for _ in range(2):
        with pytest.raises(WatchOverflow):
            mailbox.take()


def test_the_position_of_a_mailbox_is_that_of_what_was_taken() -> None:
    mailbox = Mailbox(2)
    mailbox.begin(Watching("w", "e", 4))
    assert mailbox.position == Position("e", 4)
    mailbox.put(Gap("w", "e", 5), Position("e", 5))
    assert mailbox.position == Position("e", 4)
    mailbox.take()
    assert mailbox.position == Position("e", 5)


def test_a_mailbox_has_no_position_before_a_state_is_read_and_keeps_one_that_it_was_given() -> None:
    of_state = Mailbox(2)
    of_state.begin(Watching("w", "e", 4, present=1))
    assert of_state.position is None
    going_on = Mailbox(2, Position("e", 2))
    going_on.begin(Watching("w", "f", 1, resumed=False))
    assert going_on.position == Position("e", 2)


def test_a_mailbox_that_the_program_ends_has_no_error() -> None:
    mailbox = Mailbox(2)
    mailbox.end(None)
    mailbox.end(WatchOverflow("late"))
    assert mailbox
    assert mailbox.take() is None
