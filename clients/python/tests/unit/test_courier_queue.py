from __future__ import annotations

import pytest

from pyorbited import ConnectFailed, Dropped, QueueFull
from pyorbited.call import Admitted, Call
from pyorbited.outcome import Receipt
from pyorbited.settings import Policy, Settings
from tests.support.bench import Bench


def full_bench(policy: Policy, bound: int = 2) -> tuple[Bench, list[Call]]:
    bench = Bench(Settings(queue=bound, policy=policy))
    calls = [bench.event(b"%d" % number) for number in range(bound)]
    assert len(bench.taken(Admitted)) == bound
    return bench, calls


def connect(bench: Bench) -> list[str]:
    bench.open()
    bench.greet()
    return [id_ for _, id_ in bench.sent()]


def test_with_fail_a_call_that_finds_the_queue_full_fails_at_once() -> None:
    bench, calls = full_bench("fail")
    error = bench.error(bench.event())
    assert isinstance(error, QueueFull)
    assert error.safe_to_retry
    assert "2 calls wait for the connection already" in str(error)
    assert len(connect(bench)) == len(calls)


def test_the_error_of_a_full_queue_says_why_there_is_no_connection() -> None:
    bench, _ = full_bench("fail")
    bench.courier.open_failed(ConnectFailed("nobody is there"), bench.now)
    assert "nobody is there" in str(bench.error(bench.event()))


def test_with_drop_oldest_the_oldest_call_fails_and_says_so() -> None:
    bench, (oldest, second) = full_bench("drop_oldest")
    third = bench.event(b"2")
    error = bench.error(oldest)
    assert isinstance(error, Dropped)
    assert error.safe_to_retry
    ids = connect(bench)
    bench.reply("".join(f"Success\r\nid: {id_}\r\nreached: 1\r\n\r\n" for id_ in ids))
    assert [*bench.fates()] == [second, third]


def test_with_wait_a_call_is_admitted_when_there_is_room() -> None:
    bench, calls = full_bench("wait")
    third, fourth = bench.event(b"2"), bench.event(b"3")
    assert bench.taken(Admitted) == []
    ids = connect(bench)
    assert bench.taken(Admitted) == [Admitted(third), Admitted(fourth)]
    bench.reply("".join(f"Success\r\nid: {id_}\r\nreached: 1\r\n\r\n" for id_ in ids))
    assert [*bench.fates()] == [*calls, third, fourth]


def test_those_who_wait_for_room_enter_in_their_order() -> None:
    bench = Bench(Settings(queue=1, in_flight=1)).ready()
    calls = [bench.event(b"%d" % number) for number in range(5)]
    order: list[Call] = []
    for number in range(2, 7):
        assert bench.sent() == [("Event", str(number))]
        bench.reply(f"Success\r\nid: {number}\r\nreached: 1\r\n\r\n")
        order += bench.fates()
    assert order == calls


def test_a_call_that_waits_for_room_has_its_own_timeout() -> None:
    bench, _ = full_bench("wait")
    call = bench.event(seconds=3)
    bench.pass_time(3)
    error = bench.error(call)
    assert error.safe_to_retry
    assert "waiting for room in the queue took longer than the 3 s" in str(error)


@pytest.mark.parametrize("policy", ["fail", "drop_oldest"])
def test_a_queue_of_none_takes_no_call_without_a_connection(policy: Policy) -> None:
    bench, _ = full_bench(policy, 0)
    assert isinstance(bench.error(bench.event()), QueueFull)
    bench.ready()
    call = bench.event()
    ((_, id_),) = bench.sent()
    bench.reply(f"Success\r\nid: {id_}\r\nreached: 1\r\n\r\n")
    assert bench.fates() == {call: Receipt(id_, 1)}


def test_those_who_were_sent_before_a_loss_keep_their_place_in_a_full_queue() -> None:
    bench = Bench(Settings(queue=1, policy="fail")).ready()
    calls = [bench.event(b"%d" % number, retry=True) for number in range(3)]
    bench.sent()
    bench.lose()
    assert isinstance(bench.error(bench.event()), QueueFull)
    bench.pass_time(1)
    ids = connect(bench)
    bench.reply("".join(f"Success\r\nid: {id_}\r\nreached: 1\r\n\r\n" for id_ in ids))
    assert [*bench.fates()] == calls


@pytest.mark.parametrize(
    "wrong",
    [
        {"timeout": -1},
        {"connect_timeout": 0},
        {"backoff": float("nan")},
        {"queue": -1},
        {"in_flight": 0},
        {"notices": 0},
        {"policy": "drop"},
    ],
)
def test_settings_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Settings(**wrong)  # type: ignore[arg-type]
