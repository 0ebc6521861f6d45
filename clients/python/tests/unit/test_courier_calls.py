from __future__ import annotations

import pytest

from pyorbited import (
    ConnectionLost,
    LimitExceeded,
    Limits,
    ProtocolError,
    RefusedError,
    Timeout,
)
from pyorbited.call import Open, Shut, Succeeded
from pyorbited.connecting import State
from pyorbited.frames import Event, Ping
from pyorbited.outcome import Done, Receipt
from pyorbited.pattern import addresses
from pyorbited.settings import Settings
from tests.support.bench import Bench, failure, success


def test_any_number_of_events_is_under_way_and_replies_come_in_any_order() -> None:
    bench = Bench().ready()
    first, second, third = bench.event(), bench.event(), bench.submit(Ping())
    assert bench.sent() == [("Event", "2"), ("Event", "3"), ("Ping", "4")]
    bench.reply(success("3") + success("4", ""))
    assert bench.fates() == {second: Receipt("3", 1), third: Done("4")}
    bench.reply(success("2"))
    assert bench.fates() == {first: Receipt("2", 1)}


def test_an_event_under_way_when_the_connection_is_lost_is_not_safe_to_retry() -> None:
    bench = Bench().ready()
    call = bench.event()
    bench.sent()
    bench.lose()
    error = bench.error(call)
    assert isinstance(error, ConnectionLost)
    assert error.maybe_delivered
    assert not error.safe_to_retry


def test_an_event_of_which_the_socket_took_only_a_part_is_sent_again_without_a_word() -> None:
    bench = Bench().ready()
    whole, part = bench.event(), bench.event(b"y" * 100)
    size = len(bench.courier.data_to_send(10**6))
    bench.written(size - 1)
    bench.lose()
    assert list(bench.fates()) == [whole]
    bench.pass_time(1)
    bench.open()
    bench.greet()
    ((action, id_),) = bench.sent()
    bench.reply(success(id_))
    assert action == "Event"
    assert bench.fates() == {part: Receipt(id_, 1)}


def test_with_retry_an_event_is_sent_again_before_those_that_wait() -> None:
    bench = Bench().ready()
    lost = [bench.event(b"1", retry=True), bench.event(b"2", retry=True)]
    bench.sent()
    bench.lose()
    later = bench.event(b"3")
    assert bench.fates() == {}
    bench.pass_time(1)
    bench.open()
    bench.greet()
    data = bench.written()
    assert [data.index(body) for body in (b"\r\n\r\n1", b"\r\n\r\n2", b"\r\n\r\n3")] == sorted(
        data.index(body) for body in (b"\r\n\r\n1", b"\r\n\r\n2", b"\r\n\r\n3")
    )
    ids = [str(number) for number in (5, 6, 7)]
    bench.reply("".join(map(success, ids)))
    assert bench.fates() == dict(zip([*lost, later], [Receipt(id_, 1) for id_ in ids]))


def test_an_event_that_was_to_be_sent_again_in_vain_may_have_been_delivered() -> None:
    bench = Bench().ready()
    call = bench.event(seconds=9, retry=True)
    bench.sent()
    bench.lose()
    bench.pass_time(9)
    error = bench.error(call)
    assert isinstance(error, Timeout)
    assert error.maybe_delivered


def test_an_event_that_times_out_leaves_the_connection_and_its_late_reply_is_ignored() -> None:
    bench = Bench().ready()
    call = bench.event(seconds=5)
    bench.sent()
    bench.pass_time(5)
    error = bench.error(call)
    assert isinstance(error, Timeout)
    assert error.maybe_delivered
    bench.reply(success("2"))
    assert bench.take() == []
    assert bench.courier.state is State.READY


def test_a_refused_event_fails_alone() -> None:
    bench = Bench().ready()
    refused, other = bench.event(), bench.event()
    bench.sent()
    bench.reply(failure("2", "204 body_too_large") + success("3"))
    fates = bench.fates()
    error = fates[refused]
    assert isinstance(error, RefusedError)
    assert (error.code, error.name, error.id) == (204, "body_too_large", "2")
    assert not error.retriable
    assert not error.maybe_delivered
    assert fates[other] == Receipt("3", 1)


def test_what_is_not_orbit_fails_all_calls() -> None:
    bench = Bench()
    call = bench.event()
    bench.open()
    bench.reply("HTTP/1.1 400 Bad Request\r\n\r\n")
    assert isinstance(bench.error(call), ProtocolError)


def test_a_reply_to_nothing_ends_the_connection_after_those_before_it() -> None:
    bench = Bench().ready()
    answered, lost = bench.event(), bench.event()
    bench.sent()
    bench.reply(success("2") + success("99"))
    actions = bench.take()
    assert Succeeded(answered, Receipt("2", 1)) in actions
    assert Shut() in actions
    (error,) = [action.error for action in actions if getattr(action, "error", None)]  # type: ignore[union-attr]
    assert isinstance(error, ProtocolError)
    assert error.maybe_delivered
    assert lost


def test_no_more_is_under_way_than_may_be() -> None:
    bench = Bench(Settings(in_flight=2)).ready()
    calls = [bench.event() for _ in range(4)]
    assert len(bench.sent()) == 2
    bench.reply(success("2"))
    assert len(bench.sent()) == 1
    bench.reply(success("3") + success("4"))
    ((_, id_),) = bench.sent()
    bench.reply(success(id_))
    assert [*bench.fates()] == calls


def test_large_frames_wait_for_each_other_but_one_may_always_go() -> None:
    bench = Bench(Settings(in_flight_bytes=100)).ready()
    bench.event(b"x" * 200)
    bench.event(b"x")
    assert bench.sent() == [("Event", "2")]
    bench.reply(success("2"))
    assert bench.sent() == [("Event", "3")]


def test_a_silent_server_is_asked_and_then_given_up() -> None:
    bench = Bench(Settings(keepalive=20)).ready()
    bench.pass_time(1000)
    assert bench.courier.wakes_at() is None
    call = bench.event()
    bench.sent()
    bench.pass_time(20)
    assert bench.sent() == [("Ping", "3")]
    bench.pass_time(19)
    assert bench.fates() == {}
    bench.pass_time(1)
    assert isinstance(bench.error(call), ConnectionLost)


def test_a_slow_server_that_answers_pings_is_waited_for() -> None:
    bench = Bench(Settings(keepalive=20)).ready()
    call = bench.event()
    bench.sent()
    for _ in range(5):
        bench.pass_time(20)
        ((action, id_),) = bench.sent()
        assert action == "Ping"
        bench.reply(f"Success\r\nid: {id_}\r\n\r\n")
    bench.reply(success("2"))
    assert bench.fates() == {call: Receipt("2", 1)}


def test_what_is_too_large_is_not_taken_connected_or_not() -> None:
    settings = Settings(limits=Limits(body=3))
    for bench in (Bench(settings), Bench(settings).ready()):
        with pytest.raises(LimitExceeded):
            bench.submit(Event(addresses("a, 0, /x"), b"four"))
        assert bench.written() == b""
        assert bench.fates() == {}


def test_a_cancelled_call_that_waits_is_not_sent() -> None:
    bench = Bench()
    cancelled, call = bench.event(b"1"), bench.event(b"2")
    bench.courier.cancel(cancelled, bench.now)
    bench.open()
    bench.greet()
    assert bench.sent() == [("Event", "2")]
    bench.reply(success("2"))
    assert bench.fates() == {call: Receipt("2", 1)}


def test_after_a_lost_connection_a_new_one_is_made_though_nothing_waits() -> None:
    bench = Bench().ready()
    bench.lose()
    bench.take()
    bench.pass_time(1)
    assert bench.taken(Open) == [Open()]
