from __future__ import annotations

import pytest

from pyorbited import ConnectionKey, RefusedError, UnsupportedVersion
from pyorbited.call import EndWatch, Tell
from pyorbited.notices import Gap, Position, Present, Signoff, Signon
from pyorbited.pattern import addresses
from pyorbited.watchstate import WatchState
from tests.support.bench import Bench

KEY = ConnectionKey("a", "0", "/x")


def begun(id_: str, sequence: int, more: str = "", epoch: str = "e") -> str:
    return f"Success\r\nid: {id_}\r\nepoch: {epoch}\r\nsequence: {sequence}\r\n{more}\r\n"


def notice(word: str, id_: str, sequence: int, more: str = "", epoch: str = "e") -> str:
    head = f"{word}\r\nwatch: {id_}\r\nepoch: {epoch}\r\nsequence: {sequence}\r\n"
    return f"{head}key: (a, 0, /x)\r\n{more}\r\n"


def renewed(bench: Bench) -> str:
    """Connect again, and give the frame that renews the watch."""
    bench.lose()
    bench.pass_time(30)
    bench.open()
    bench.greet()
    return bench.written().decode()


def test_a_watch_is_told_notices_in_their_order() -> None:
    bench = Bench().ready()
    call, watch = bench.watch(state=True)
    assert b"recipient: *, *, /x\r\nstate: yes\r\n" in bench.written()
    bench.reply(begun("2", 41, "present: 1\r\n"))
    assert call in bench.fates()
    signoff = notice("Signoff", "2", 43, "reason: expired\r\nmissed: 7\r\nunconfirmed: 8\r\n")
    bench.reply(notice("Present", "2", 41) + notice("Signon", "2", 42) + signoff)
    assert bench.take() == [
        Tell(watch, Present("2", "e", 41, KEY), Position("e", 41)),
        Tell(watch, Signon("2", "e", 42, KEY), Position("e", 42)),
        Tell(watch, Signoff("2", "e", 43, KEY, "expired", ["7"], ["8"]), Position("e", 43)),
    ]


def test_a_lost_watch_goes_on_after_its_last_notice() -> None:
    bench = Bench().ready()
    _, watch = bench.watch()
    bench.sent()
    bench.reply(begun("2", 41) + notice("Signon", "2", 42))
    bench.take()
    assert renewed(bench).endswith("recipient: *, *, /x\r\nepoch: e\r\nsequence: 42\r\n\r\n")
    bench.reply(begun("4", 42, "resumed: yes\r\n") + notice("Signon", "4", 43))
    assert bench.taken(Tell) == [Tell(watch, Signon("4", "e", 43, KEY), Position("e", 43))]


def test_a_watch_without_a_notice_goes_on_after_its_beginning() -> None:
    bench = Bench().ready()
    bench.watch()
    bench.sent()
    bench.reply(begun("2", 41))
    assert "sequence: 41\r\n" in renewed(bench)


def test_a_watch_that_could_not_go_on_is_told_of_a_gap() -> None:
    bench = Bench().ready()
    _, watch = bench.watch()
    bench.sent()
    bench.reply(begun("2", 41))
    renewed(bench)
    bench.take()
    bench.reply(begun("4", 3, "resumed: no\r\n", epoch="f") + notice("Signon", "4", 4, epoch="f"))
    assert bench.taken(Tell) == [
        Tell(watch, Gap("4", "f", 3), Position("f", 3)),
        Tell(watch, Signon("4", "f", 4, KEY), Position("f", 4)),
    ]


def test_a_state_that_was_told_in_part_is_asked_for_again() -> None:
    bench = Bench().ready()
    _, watch = bench.watch(state=True)
    bench.sent()
    bench.reply(begun("2", 41, "present: 2\r\n") + notice("Present", "2", 41))
    bench.take()
    frame = renewed(bench)
    assert frame.endswith("state: yes\r\n\r\n")
    bench.reply(begun("4", 41, "present: 1\r\n") + notice("Present", "4", 41))
    assert bench.taken(Tell) == [
        Tell(watch, Gap("4", "e", 41), None),
        Tell(watch, Present("4", "e", 41, KEY), Position("e", 41)),
    ]


def test_a_watch_that_was_lost_before_its_reply_begins_anew_without_a_gap() -> None:
    bench = Bench().ready()
    call, watch = bench.watch()
    bench.sent()
    assert "epoch" not in renewed(bench)
    assert bench.fates() == {}
    bench.reply(begun("4", 41) + notice("Signon", "4", 42))
    actions = bench.take()
    assert Tell(watch, Signon("4", "e", 42, KEY), Position("e", 42)) in actions
    assert not [action for action in actions if isinstance(action, Tell)][1:]
    assert call


def test_a_watch_goes_on_where_another_one_was() -> None:
    bench = Bench().ready()
    _, watch = bench.watch(since=Position("e", 7))
    assert b"epoch: e\r\nsequence: 7\r\n" in bench.written()
    bench.reply(begun("2", 7, "resumed: yes\r\n") + notice("Signon", "2", 8))
    assert bench.taken(Tell) == [Tell(watch, Signon("2", "e", 8, KEY), Position("e", 8))]


def test_an_old_place_that_the_server_does_not_know_is_a_gap() -> None:
    bench = Bench().ready()
    _, watch = bench.watch(since=Position("old", 7))
    bench.sent()
    bench.reply(begun("2", 3, "resumed: no\r\n"))
    assert bench.taken(Tell) == [Tell(watch, Gap("2", "e", 3), Position("e", 3))]


@pytest.mark.parametrize("since", [Position("", 1), Position("e", -1)])
def test_a_place_that_is_none_is_refused_at_once(since: Position) -> None:
    with pytest.raises(ValueError, match=r"epoch|sequence"):
        WatchState(addresses("*, *, /x")[0], since=since)


def test_there_is_no_place_to_go_on_from_before_the_last_notice_of_a_state() -> None:
    bench = Bench().ready()
    bench.watch(state=True)
    bench.sent()
    bench.reply(begun("2", 4, "present: 2\r\n") + notice("Present", "2", 4) * 2)
    assert [tell.position for tell in bench.taken(Tell)] == [None, Position("e", 4)]


def test_a_server_of_orbit_1_0_can_not_be_watched_and_one_that_became_such_ends_a_watch() -> None:
    bench = Bench().ready()
    _, watch = bench.watch()
    bench.sent()
    bench.reply(begun("2", 41))
    bench.lose()
    bench.pass_time(1)
    bench.open()
    bench.sent()
    bench.take()
    bench.reply("Failure\r\nid: 3\r\nmsg: No\r\ncode: 102 bad_action\r\n\r\n")
    (end,) = bench.taken(EndWatch)
    assert (end.watch, type(end.error)) == (watch, UnsupportedVersion)
    call, _ = bench.watch()
    assert isinstance(bench.error(call), UnsupportedVersion)


def test_a_refused_watch_fails_its_call() -> None:
    bench = Bench().ready()
    call, _ = bench.watch()
    bench.sent()
    bench.reply("Failure\r\nid: 2\r\nmsg: No\r\ncode: 206 too_many_watches\r\n\r\n")
    error = bench.error(call)
    assert isinstance(error, RefusedError)
    assert error.code == 206
    assert "Watch" not in renewed(bench)


def test_a_watch_that_the_server_ends_is_told_why() -> None:
    bench = Bench().ready()
    _, watch = bench.watch()
    bench.sent()
    bench.reply(begun("2", 41))
    bench.take()
    bench.reply("Failure\r\nid: 2\r\nmsg: Too many\r\ncode: 404 watch_overflow\r\n\r\n")
    (end,) = bench.taken(EndWatch)
    assert end.watch is watch
    assert isinstance(end.error, RefusedError)
    assert end.error.code == 404
    assert "Watch" not in renewed(bench)


def test_a_watch_that_can_not_be_renewed_is_told_why() -> None:
    bench = Bench().ready()
    _, watch = bench.watch()
    bench.sent()
    bench.reply(begun("2", 41))
    renewed(bench)
    bench.take()
    bench.reply("Failure\r\nid: 4\r\nmsg: No\r\ncode: 501 auth_required\r\n\r\n")
    (end,) = bench.taken(EndWatch)
    assert end.watch is watch


def test_a_watch_survives_a_server_that_closes_before_it_is_renewed() -> None:
    bench = Bench().ready()
    bench.watch()
    bench.sent()
    bench.reply(begun("2", 41))
    renewed(bench)
    bench.take()
    bench.reply("Failure\r\nid: 4\r\nmsg: No\r\ncode: 402 shutting_down\r\n\r\n")
    assert bench.taken(EndWatch) == []
    assert renewed(bench).endswith("recipient: *, *, /x\r\nepoch: e\r\nsequence: 41\r\n\r\n")


def test_an_ended_watch_is_told_nothing_more_and_the_server_is_told() -> None:
    bench = Bench().ready()
    _, watch = bench.watch()
    bench.sent()
    bench.reply(begun("2", 41))
    bench.take()
    bench.courier.unwatch(watch, bench.now)
    assert bench.taken(EndWatch) == [EndWatch(watch, None)]
    assert b"Unwatch\r\nid: 3\r\nwatch: 2\r\n" in bench.written()
    bench.reply(notice("Signon", "2", 42) + "Success\r\nid: 3\r\n\r\n")
    assert bench.take() == []
    bench.courier.unwatch(watch, bench.now)
    assert bench.sent() == []


def test_a_watch_whose_caller_gave_up_is_ended_when_its_reply_comes() -> None:
    bench = Bench().ready()
    call, _ = bench.watch()
    bench.sent()
    bench.courier.cancel(call, bench.now)
    bench.reply(begun("2", 41))
    assert bench.sent() == [("Unwatch", "3")]


def test_two_watches_are_told_each_their_own() -> None:
    bench = Bench().ready()
    _, first = bench.watch()
    _, second = bench.watch("a, 0, /x")
    bench.sent()
    bench.reply(begun("2", 1) + begun("3", 1) + notice("Signon", "3", 2) + notice("Signon", "2", 2))
    assert [tell.watch for tell in bench.taken(Tell)] == [second, first]


def test_to_finish_ends_the_watches() -> None:
    bench = Bench().ready()
    _, watch = bench.watch()
    bench.sent()
    bench.reply(begun("2", 41))
    bench.take()
    bench.courier.finish(bench.now)
    assert EndWatch(watch, None) in bench.take()
    assert bench.courier.done


def test_notices_of_no_watch_and_words_that_are_unknown_are_ignored() -> None:
    bench = Bench().ready()
    call = bench.event()
    bench.sent()
    bench.reply(notice("Signon", "99", 1) + "Moved\r\nlength: 2\r\n\r\n\r\n")
    bench.reply("Success\r\nid: 2\r\nreached: 0\r\n\r\n")
    assert call in bench.fates()
