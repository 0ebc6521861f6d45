from __future__ import annotations

import pytest

from pyorbited import (
    ConnectFailed,
    ConnectionLost,
    Disconnected,
    LimitExceeded,
    Limits,
    ProtocolError,
    RefusedError,
    Timeout,
    UnsupportedVersion,
)
from pyorbited.call import Admitted, Open, Shut, Succeeded
from pyorbited.connecting import State
from pyorbited.frames import Auth, Event, Ping
from pyorbited.outcome import Done, Receipt
from pyorbited.pattern import addresses
from pyorbited.settings import Settings
from tests.support.bench import Bench


def success(id_: str, more: str = "reached: 1\r\n") -> str:
    return f"Success\r\nid: {id_}\r\n{more}\r\n"


def failure(id_: str | None, code: str) -> str:
    line = "" if id_ is None else f"id: {id_}\r\n"
    return f"Failure\r\n{line}msg: No\r\ncode: {code}\r\n\r\n"


def test_the_first_call_opens_a_connection_and_is_sent_after_the_greeting() -> None:
    bench = Bench()
    call = bench.event()
    assert bench.take() == [Admitted(call), Open()]
    bench.open()
    assert bench.greet() == "Ping"
    assert bench.sent() == [("Event", "2")]
    bench.reply(success("2"))
    assert bench.take() == [Succeeded(call, Receipt("2", 1))]


def test_with_a_secret_the_greeting_is_an_auth() -> None:
    bench = Bench(Settings(secret="é"))
    bench.event()
    bench.open()
    assert bench.written().endswith(b"Auth\r\nid: 1\r\nlength: 2\r\n\r\n\xc3\xa9")


def test_any_number_of_events_is_under_way_and_replies_come_in_any_order() -> None:
    bench = Bench().ready()
    first, second, third = bench.event(), bench.event(), bench.submit(Ping())
    assert bench.sent() == [("Event", "2"), ("Event", "3"), ("Ping", "4")]
    bench.reply(success("3") + success("4", ""))
    assert bench.fates() == {second: Receipt("3", 1), third: Done("4")}
    bench.reply(success("2"))
    assert bench.fates() == {first: Receipt("2", 1)}


def test_to_wait_for_a_connection_sends_nothing() -> None:
    bench = Bench()
    call = bench.submit(None)
    bench.open()
    bench.greet()
    assert bench.fates() == {call: None}
    assert bench.fates() == {}
    assert bench.submit(None) in bench.fates()
    assert bench.sent() == []


def test_to_wait_for_a_connection_fails_with_the_first_failure() -> None:
    bench = Bench()
    call = bench.submit(None)
    bench.courier.open_failed(ConnectFailed("no"), bench.now)
    assert bench.error(call).safe_to_retry


def test_an_event_waits_while_no_connection_can_be_made_and_its_timeout_says_why() -> None:
    bench = Bench()
    call = bench.event(seconds=5)
    bench.courier.open_failed(ConnectFailed("refused"), bench.now)
    assert bench.fates() == {}
    bench.pass_time(5)
    error = bench.error(call)
    assert isinstance(error, Timeout)
    assert error.safe_to_retry
    assert "waiting for a connection took longer than the 5 s given for the call: refused" in str(
        error
    )


def test_pauses_double_up_to_the_cap_and_begin_anew_after_a_connection_that_lasted() -> None:
    bench = Bench(Settings(backoff=1, max_backoff=5))
    bench.event()
    bench.take()
    for pause in (1, 2, 4, 5, 5):
        bench.courier.open_failed(ConnectFailed("no"), bench.now)
        bench.pass_time(pause - 0.1)
        assert bench.taken(Open) == []
        bench.pass_time(0.2)
        assert bench.taken(Open) == [Open()]
    bench.open()
    bench.greet()
    bench.now += 10
    bench.lose()
    bench.take()
    bench.pass_time(1)
    assert bench.taken(Open) == [Open()]


def test_a_connection_that_takes_too_long_is_given_up() -> None:
    bench = Bench(Settings(connect_timeout=3))
    call = bench.submit(None)
    bench.take()
    bench.pass_time(3)
    actions = bench.take()
    assert Shut() in actions
    assert bench.courier.state is State.PAUSING
    assert any(getattr(action, "call", None) is call for action in actions)
    bench.open()  # it comes about nevertheless
    assert bench.taken(Shut) == [Shut()]


def test_a_greeting_that_is_not_answered_counts_as_connecting() -> None:
    bench = Bench(Settings(connect_timeout=3))
    call = bench.submit(None)
    bench.now += 1
    bench.open()
    bench.pass_time(2)
    assert "the answer to the greeting took longer than 3 s" in str(bench.error(call))


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


def lowered(secret: str | None = None) -> Bench:
    """Give a bench that is connected to a server that speaks Orbit 1.0 only."""
    bench = Bench(Settings(secret=secret))
    call = bench.submit(None)
    bench.open()
    bench.sent()
    bench.reply(failure("1", "102 bad_action"))
    assert bench.fates() == {call: None}
    return bench


@pytest.mark.parametrize("code", ["102 bad_action", "102"])
def test_a_server_of_orbit_1_0_gets_plain_events_as_it_has_them(code: str) -> None:
    bench = Bench()
    plain, other = bench.event(), bench.submit(Event(addresses("a, 0, /x"), b"x", ttl=1))
    bench.open()
    assert bench.sent() == [("Ping", "1")]
    bench.reply(failure("1", code))
    error = bench.error(other)
    assert isinstance(error, UnsupportedVersion)
    assert "speaks Orbit 1.0 only" in str(error)
    assert not error.maybe_delivered
    assert bench.written().startswith(b"Orbit 1.0\r\nEvent\r\nid: 2\r\n")
    bench.reply(success("2", ""))
    assert bench.fates() == {plain: Receipt("2", 1)}


@pytest.mark.parametrize("secret", [None, "s"])
def test_once_it_is_known_what_such_a_server_can_not_do_fails_at_once(secret: str | None) -> None:
    bench = lowered(secret)
    for frame in (Ping(), Event(addresses("*, *, /x"), b"x"), Auth(b"s")):
        call = bench.submit(frame)
        assert isinstance(bench.error(call), UnsupportedVersion)
    assert bench.sent() == []
    assert bench.courier.state is State.READY


def test_a_silent_server_of_orbit_1_0_is_not_asked_what_it_does_not_know() -> None:
    bench = lowered()
    bench.event()
    bench.sent()
    assert bench.courier.wakes_at() is None
    bench.pass_time(1000)
    assert bench.sent() == []


def test_the_next_server_may_speak_orbit_1_1_again() -> None:
    bench = lowered()
    bench.lose()
    bench.pass_time(1)
    bench.open()
    bench.greet()
    bench.submit(Ping())
    assert bench.sent() == [("Ping", "3")]


def test_a_wrong_secret_fails_all_calls_and_a_right_one_mends_it() -> None:
    bench = Bench(Settings(secret="wrong"))
    calls = [bench.event(), bench.event()]
    bench.open()
    bench.sent()
    bench.reply(failure("1", "502 auth_failed"))
    fates = bench.fates()
    errors = [fates[call] for call in calls]
    assert all(isinstance(error, RefusedError) and error.code == 502 for error in errors)
    assert errors[0] is not errors[1]
    bench.courier.set_secret(b"right")
    call = bench.submit(Auth(b"right"))
    assert call not in bench.fates()
    bench.pass_time(1)
    bench.open()
    assert bench.greet() == "Auth"


def test_without_a_secret_where_one_is_needed_each_call_is_told_so_until_an_auth() -> None:
    bench = Bench()
    event = bench.event()
    bench.open()
    bench.sent()
    bench.courier.set_secret(b"right")
    auth = bench.submit(Auth(b"right"))
    bench.reply(failure("1", "501 auth_required"))
    assert bench.sent() == [("Event", "2"), ("Auth", "3")]
    bench.reply(failure("2", "501 auth_required") + success("3", ""))
    fates = bench.fates()
    assert fates[auth] == Done("3")
    assert isinstance(fates[event], RefusedError)
    bench.lose()
    bench.pass_time(1)
    bench.open()
    assert bench.greet() == "Auth"


def test_too_many_connections_is_tried_again() -> None:
    bench = Bench()
    call = bench.event()
    bench.open()
    bench.reply(failure(None, "403 too_many_connections"))
    assert bench.fates() == {}
    bench.pass_time(1)
    bench.open()
    bench.greet()
    ((_, id_),) = bench.sent()
    bench.reply(success(id_))
    assert bench.fates() == {call: Receipt(id_, 1)}


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


def test_a_server_that_shuts_down_answers_what_it_took_and_gets_nothing_more() -> None:
    bench = Bench().ready()
    taken, refused, again = bench.event(), bench.event(), bench.event(retry=True)
    bench.sent()
    bench.reply(failure("3", "402 shutting_down") + failure("4", "402 shutting_down"))
    fates = bench.fates()
    error = fates[refused]
    assert isinstance(error, RefusedError)
    assert error.safe_to_retry
    later = bench.event()
    assert bench.sent() == []
    bench.reply(success("2"))
    assert bench.fates() == {taken: Receipt("2", 1)}
    bench.lose()
    bench.pass_time(1)
    bench.open()
    bench.greet()
    assert [action for action, _ in bench.sent()] == ["Event", "Event"]
    assert bench.fates() == {}
    assert again.stage is later.stage


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


def test_to_finish_waits_for_the_calls_that_there_are() -> None:
    bench = Bench().ready()
    call = bench.event()
    bench.sent()
    bench.courier.finish(bench.now)
    assert isinstance(bench.error(bench.event()), Disconnected)
    assert not bench.courier.done
    bench.reply(success("2"))
    assert bench.take() == [Succeeded(call, Receipt("2", 1)), Shut()]
    assert bench.courier.done


def test_to_stop_ends_all_calls_and_says_which_may_have_been_delivered() -> None:
    bench = Bench().ready()
    sent = bench.event()
    bench.sent()
    unsent = bench.event()
    bench.courier.stop(bench.now)
    fates = bench.fates()
    errors = [fates[sent], fates[unsent]]
    assert all(isinstance(error, Disconnected) for error in errors)
    assert [getattr(error, "maybe_delivered", None) for error in errors] == [True, False]
    assert bench.courier.done


def test_an_idle_client_that_was_never_used_finishes_at_once() -> None:
    bench = Bench()
    bench.courier.finish(bench.now)
    assert bench.courier.done
    assert bench.take() == []


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
