from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any

import pytest

from pyorbited import (
    ConnectFailed,
    ConnectionLost,
    Disconnected,
    LimitExceeded,
    Limits,
    RefusedError,
    Timeout,
    UnsupportedVersion,
    WatchOverflow,
)
from pyorbited.aio import Client, Gap, Position, Signon
from tests.support.peer import PATIENCE, PeerConnection, Script, ScriptedPeer, refused_port
from tests.support.peer11 import (
    action,
    answer,
    answer_all,
    begin_watch,
    greet,
    refuse,
    signon,
    speak_1_0,
)

KEY = "a, 0, /x"


def run(main: Coroutine[Any, Any, None]) -> None:
    async def bounded() -> None:
        await asyncio.wait_for(main, PATIENCE)

    asyncio.run(bounded())


def test_many_events_are_under_way_at_once_in_the_order_of_their_tasks() -> None:
    def script(connection: PeerConnection) -> None:
        greet(connection)
        frames = [connection.read_frame() for _ in range(100)]
        assert [frame.body for frame in frames] == [b"%d" % number for number in range(100)]
        for frame in reversed(frames):
            answer(connection, frame)

    async def main(port: int) -> None:
        async with Client("127.0.0.1", port) as orbit:
            receipts = await asyncio.gather(*(orbit.event(KEY, n) for n in range(100)))
        assert all(receipts)

    with ScriptedPeer(script) as peer:
        run(main(peer.port))


def test_the_verbs_are_those_of_the_blocking_client() -> None:
    def script(connection: PeerConnection) -> None:
        greet(connection)
        answer(connection, connection.read_frame(), "")
        answer(connection, connection.read_frame(), "keys: 1\r\nlength: 9\r\n")
        connection.send(b"a, 0, /x\n")
        answer(connection, connection.read_frame(), "closed: 1\r\n")
        frame = connection.read_frame()
        assert (action(frame), frame.body) == ("Auth", b"s")
        answer(connection, frame, "")

    async def main(port: int) -> None:
        async with Client("127.0.0.1", port) as orbit:
            await orbit.connect()
            assert orbit.connected
            await orbit.ping()
            assert [str(key) for key in (await orbit.list("*, *, *")).keys] == [KEY]
            assert await orbit.close(KEY, "Bye") == 1
            await orbit.auth("s")

    with ScriptedPeer(script) as peer:
        run(main(peer.port))


def test_a_watch_goes_on_after_a_lost_connection() -> None:
    def first(connection: PeerConnection) -> None:
        greet(connection)
        connection.send(signon(begin_watch(connection, 4), 5))

    def second(connection: PeerConnection) -> None:
        greet(connection)
        frame = begin_watch(connection, 8, "resumed: no\r\n")
        assert frame.lines[4:] == ["epoch: e", "sequence: 5"]
        connection.send(signon(frame, 9))
        assert action(connection.read_frame()) == "Unwatch"

    async def main(port: int) -> None:
        async with Client("127.0.0.1", port, backoff=0.01) as orbit:
            told = []
            async with orbit.watch("*, *, /x") as notices:
                async for notice in notices:
                    told.append(notice)
                    if len(told) == 3:
                        break
            assert [type(notice) for notice in told] == [Signon, Gap, Signon]
            assert notices.position == Position("e", 9)
            assert [notice async for notice in notices] == []

    with ScriptedPeer(first, second) as peer:
        run(main(peer.port))


def test_a_watch_goes_on_where_an_earlier_one_was() -> None:
    def script(connection: PeerConnection) -> None:
        greet(connection)
        frame = begin_watch(connection, 7, "resumed: yes\r\n")
        assert frame.lines[4:] == ["epoch: e", "sequence: 7"]
        connection.send(signon(frame, 8))
        assert action(connection.read_frame()) == "Unwatch"

    async def main(port: int) -> None:
        async with (
            Client("127.0.0.1", port) as orbit,
            orbit.watch("*, *, /x", since=Position("e", 7)) as notices,
        ):
            assert notices.position == Position("e", 7)
            assert isinstance(await notices.next(), Signon)
            assert notices.position == Position("e", 8)
            with pytest.raises(ValueError, match="is no epoch"):
                orbit.watch("*, *, /x", since=Position("", 1))

    with ScriptedPeer(script) as peer:
        run(main(peer.port))


def test_a_reader_that_is_too_slow_gets_what_waits_and_then_an_error() -> None:
    given_up = threading.Event()

    def script(connection: PeerConnection) -> None:
        greet(connection)
        frame = begin_watch(connection, 0)
        connection.send(b"".join(signon(frame, number) for number in range(1, 5)))
        assert action(connection.read_frame()) == "Unwatch"
        given_up.set()
        answer_all(connection)

    async def main(port: int) -> None:
        async with Client("127.0.0.1", port, notices=3) as orbit, orbit.watch("*, *, *") as notices:
            assert await asyncio.to_thread(given_up.wait, PATIENCE)
            assert [getattr(await notices.next(), "sequence", None) for _ in "123"] == [1, 2, 3]
            with pytest.raises(WatchOverflow):
                await notices.next()

    with ScriptedPeer(script) as peer:
        run(main(peer.port))


def close_after_frame(connection: PeerConnection) -> None:
    greet(connection)
    connection.read_frame()


def reset_after_frame(connection: PeerConnection) -> None:
    close_after_frame(connection)
    connection.reset()


@pytest.mark.parametrize("loss", [close_after_frame, reset_after_frame])
def test_after_a_loss_an_event_fails_or_is_sent_again_if_that_is_wanted(loss: Script) -> None:
    async def main(port: int) -> None:
        async with Client("127.0.0.1", port, backoff=0.01) as orbit:
            with pytest.raises(ConnectionLost) as caught:
                await orbit.event(KEY, 1)
            assert caught.value.maybe_delivered
            assert await orbit.event(KEY, 1, retry=True)

    with ScriptedPeer(loss, loss, answer_all) as peer:
        run(main(peer.port))


def test_where_nobody_listens_connecting_fails_at_once_and_an_event_in_its_time() -> None:
    async def main() -> None:
        async with Client("127.0.0.1", refused_port(), backoff=0.01) as orbit:
            with pytest.raises(ConnectFailed):
                await orbit.connect()
            with pytest.raises(Timeout, match="no connection") as late:
                await orbit.event(KEY, 1, timeout=0.1)
            assert late.value.safe_to_retry

    run(main())


def test_a_server_of_orbit_1_0_is_recognised_before_any_event_and_gets_plain_ones() -> None:
    async def main(port: int) -> None:
        async with Client("127.0.0.1", port) as orbit:
            with pytest.raises(UnsupportedVersion):
                await orbit.event(KEY, 1, ack="browser")
            with pytest.raises(UnsupportedVersion):
                await orbit.watch("*, *, *").begin()
            assert (await orbit.event(KEY, 1)).reached == 1

    with ScriptedPeer(speak_1_0) as peer:
        run(main(peer.port))


def test_a_wrong_secret_is_an_error() -> None:
    def script(connection: PeerConnection) -> None:
        refuse(connection, connection.read_frame(), "502 auth_failed")

    async def main(port: int) -> None:
        async with Client("127.0.0.1", port, secret="wrong") as orbit:
            with pytest.raises(RefusedError, match="502"):
                await orbit.event(KEY, 1)

    with ScriptedPeer(script) as peer:
        run(main(peer.port))


def test_a_cancelled_event_that_waits_for_a_connection_is_not_sent() -> None:
    def script(connection: PeerConnection) -> None:
        greet(connection)
        frame = connection.read_frame()
        assert frame.body == b"2"
        answer(connection, frame)

    async def main(port: int) -> None:
        async with Client("127.0.0.1", port) as orbit:
            cancelled = asyncio.ensure_future(orbit.event(KEY, 1))
            # Right behind its first step: it is submitted then, and the connection is not there.
            asyncio.get_running_loop().call_soon(cancelled.cancel)
            with pytest.raises(asyncio.CancelledError):
                await cancelled
            assert await orbit.event(KEY, 2)

    with ScriptedPeer(script) as peer:
        run(main(peer.port))


def test_a_large_event_passes_a_small_window() -> None:
    async def main(port: int) -> None:
        async with Client("127.0.0.1", port, limits=Limits(body=10_000_000)) as orbit:
            assert await orbit.event(KEY, b"x" * 10_000_000, json=False)
            with pytest.raises(LimitExceeded):
                await orbit.event(KEY, b"x" * 10_000_001, json=False)
            assert await orbit.event(KEY, b"x", json=False)

    with ScriptedPeer(answer_all) as peer:
        run(main(peer.port))


def test_after_disconnect_calls_fail_and_a_second_disconnect_does_nothing() -> None:
    async def main(port: int) -> None:
        orbit = Client("127.0.0.1", port)
        assert await orbit.event(KEY, 1)
        await orbit.disconnect()
        await orbit.disconnect()
        with pytest.raises(Disconnected):
            await orbit.event(KEY, 2)

    with ScriptedPeer(answer_all) as peer:
        run(main(peer.port))


def test_to_disconnect_in_no_time_fails_what_is_under_way() -> None:
    arrived = threading.Event()

    def script(connection: PeerConnection) -> None:
        close_after_frame(connection)
        arrived.set()
        connection.send(b"Moved\r\n\r\n")
        assert connection.read_to_end() == b""

    async def main(port: int) -> None:
        orbit = Client("127.0.0.1", port)
        event = asyncio.ensure_future(orbit.event(KEY, 1))
        assert await asyncio.to_thread(arrived.wait, PATIENCE)
        await orbit.disconnect(timeout=0)
        with pytest.raises(Disconnected):
            await event

    with ScriptedPeer(script) as peer:
        run(main(peer.port))


def test_a_client_belongs_to_one_loop() -> None:
    orbit = Client("127.0.0.1", refused_port())

    async def use() -> None:
        with pytest.raises(Timeout):
            await orbit.event(KEY, 1, timeout=0.01)
        await orbit.disconnect()

    run(use())
    with pytest.raises(RuntimeError, match="belongs to the event loop"):
        run(use())
