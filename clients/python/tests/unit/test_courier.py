from __future__ import annotations

import pytest

from pyorbited import (
    ConnectFailed,
    Disconnected,
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
from tests.support.bench import Bench, failure, success


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
