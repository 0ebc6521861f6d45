from __future__ import annotations

import gc
import threading

import pytest

from pyorbited import RefusedError, Timeout, WatchOverflow
from pyorbited.client import Client, Gap, Position, Signon
from tests.support.peer import PATIENCE, PeerConnection, ScriptedPeer
from tests.support.peer11 import action, answer, begin_watch, greet, refuse, signon


def test_notices_are_read_one_by_one_and_the_watch_ends_with_its_block() -> None:
    def script(connection: PeerConnection) -> None:
        greet(connection)
        frame = begin_watch(connection, 4)
        assert frame.lines[3:] == ["recipient: *, *, /x", "state: yes"]
        connection.send(signon(frame, 5) + signon(frame, 6))
        end = connection.read_frame()
        assert (action(end), end.values("watch")) == ("Unwatch", frame.values("id"))
        answer(connection, end, "")

    with ScriptedPeer(script) as peer, Client("127.0.0.1", peer.port) as orbit:
        with orbit.watch("*, *, /x", state=True) as notices:
            first, second = next(notices), next(notices)
            assert isinstance(first, Signon)
            assert (first.key.user, first.sequence, second.sequence) == ("u5", 5, 6)
            with pytest.raises(Timeout):
                notices.next(timeout=0.01)
        assert list(notices) == []
        orbit.unwatch(notices)


def test_after_a_lost_connection_a_watch_goes_on_or_tells_of_a_gap() -> None:
    def first(connection: PeerConnection) -> None:
        greet(connection)
        connection.send(signon(begin_watch(connection, 4), 5))

    def second(connection: PeerConnection) -> None:
        greet(connection)
        frame = begin_watch(connection, 5, "resumed: yes\r\n")
        assert frame.lines[3:] == ["recipient: *, *, /x", "epoch: e", "sequence: 5"]
        connection.send(signon(frame, 6))

    def third(connection: PeerConnection) -> None:
        greet(connection)
        frame = begin_watch(connection, 9, "resumed: no\r\n")
        assert frame.lines[4:] == ["epoch: e", "sequence: 6"]
        connection.send(signon(frame, 10))
        connection.read_to_end()

    with (
        ScriptedPeer(first, second, third) as peer,
        Client("127.0.0.1", peer.port, backoff=0.01) as orbit,
        orbit.watch("*, *, /x") as notices,
    ):
        told = [notices.next(PATIENCE) for _ in range(4)]
    assert [getattr(notice, "sequence", None) for notice in told] == [5, 6, 9, 10]
    assert [isinstance(notice, Gap) for notice in told] == [False, False, True, False]


def test_a_watch_goes_on_where_an_earlier_one_was_read() -> None:
    def script(connection: PeerConnection) -> None:
        greet(connection)
        frame = begin_watch(connection, 4)
        connection.send(signon(frame, 5) + signon(frame, 6))
        answer(connection, connection.read_frame(), "")
        frame = begin_watch(connection, 5, "resumed: yes\r\n")
        assert frame.lines[3:] == ["recipient: *, *, /x", "epoch: e", "sequence: 5"]
        connection.send(signon(frame, 6))
        answer(connection, connection.read_frame(), "")
        begin_watch(connection, 9, "resumed: no\r\n")
        connection.read_to_end()

    with ScriptedPeer(script) as peer, Client("127.0.0.1", peer.port) as orbit:
        assert orbit.watch("*, *, /x").position is None
        with orbit.watch("*, *, /x") as notices:
            assert notices.position == Position("e", 4)
            next(notices)
        with orbit.watch("*, *, /x", since=notices.position) as notices:
            assert notices.position == Position("e", 5)
            assert isinstance(next(notices), Signon)
        with orbit.watch("*, *, /x", since=notices.position) as notices:
            assert notices.position == Position("e", 6)
            assert isinstance(next(notices), Gap)
            assert notices.position == Position("e", 9)


def test_a_refused_watch_raises() -> None:
    def script(connection: PeerConnection) -> None:
        greet(connection)
        refuse(connection, connection.read_frame(), "206 too_many_watches")

    with (
        ScriptedPeer(script) as peer,
        Client("127.0.0.1", peer.port) as orbit,
        pytest.raises(RefusedError, match="206"),
    ):
        orbit.watch("*, *, /x").begin()


def test_a_watch_that_the_server_ends_raises_after_the_notices_that_wait() -> None:
    def script(connection: PeerConnection) -> None:
        greet(connection)
        frame = begin_watch(connection, 4)
        connection.send(signon(frame, 5))
        refuse(connection, frame, "404 watch_overflow")
        connection.read_to_end()

    with (
        ScriptedPeer(script) as peer,
        Client("127.0.0.1", peer.port) as orbit,
        orbit.watch("*, *, /x") as notices,
    ):
        assert next(notices)
        for _ in range(2):
            with pytest.raises(RefusedError, match="404 watch_overflow"):
                next(notices)


def test_a_reader_that_is_too_slow_gets_what_waits_and_then_an_error() -> None:
    ended = threading.Event()

    def script(connection: PeerConnection) -> None:
        greet(connection)
        frame = begin_watch(connection, 0)
        connection.send(b"".join(signon(frame, number) for number in range(1, 5)))
        assert action(connection.read_frame()) == "Unwatch"
        ended.set()

    with (
        ScriptedPeer(script) as peer,
        Client("127.0.0.1", peer.port, notices=3) as orbit,
        orbit.watch("*, *, /x") as notices,
    ):
        assert ended.wait(PATIENCE)
        assert [notice.sequence for notice in (next(notices), next(notices), next(notices))] == [
            1,
            2,
            3,
        ]
        with pytest.raises(WatchOverflow, match="more than 3 notices"):
            next(notices)


def test_to_disconnect_ends_an_iteration_in_another_thread() -> None:
    def script(connection: PeerConnection) -> None:
        greet(connection)
        connection.send(signon(begin_watch(connection, 4), 5))
        connection.read_to_end()

    seen: list[object] = []
    begun = threading.Event()

    def read(orbit: Client) -> None:
        for notice in orbit.watch("*, *, /x"):
            seen.append(notice)
            begun.set()

    with ScriptedPeer(script) as peer:
        orbit = Client("127.0.0.1", peer.port)
        reader = threading.Thread(target=read, args=(orbit,))
        reader.start()
        assert begun.wait(PATIENCE)
        orbit.disconnect()
        reader.join(PATIENCE)
        assert not reader.is_alive()
    assert len(seen) == 1


def test_a_watch_that_nobody_holds_any_more_is_ended_with_its_next_notice() -> None:
    forgotten = threading.Event()

    def script(connection: PeerConnection) -> None:
        greet(connection)
        frame = begin_watch(connection, 4)
        assert forgotten.wait(PATIENCE)
        connection.send(signon(frame, 5))
        assert action(connection.read_frame()) == "Unwatch"

    with ScriptedPeer(script) as peer, Client("127.0.0.1", peer.port) as orbit:
        notices = orbit.watch("*, *, /x")
        notices.begin()
        del notices
        gc.collect()
        forgotten.set()
        peer.join()
