from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from pyorbited import ConnectionLost, OrbitedConnectionError, Receipt, RefusedError
from pyorbited.simple import Client
from tests.support.browser import ask, event_path, get, next_sse_event
from tests.support.peer import PATIENCE, Frame, PeerConnection, ScriptedPeer
from tests.support.port import reserved_port
from tests.support.server import OrbitedServer, configuration

AWAY = "away, 0, /x"
HERE = "here, 0, /x"


@contextmanager
def event_under_way(
    server: OrbitedServer, orbit: Client, pool: ThreadPoolExecutor, *, retry: bool
) -> Iterator[Future[Receipt]]:
    """Send an event that has reached one browser and waits for the other, between two polls."""
    path = event_path("away", "0", "/x", "xhr")
    with get(server.http_port, event_path("here", "0", "/x", "sse")) as browser:
        poll = pool.submit(ask, server.http_port, path)
        while not orbit.event(AWAY, "first"):
            assert not poll.done()
        assert poll.result() == '"first"'
        receipt = pool.submit(orbit.event, [AWAY, HERE], "second", retry=retry)
        assert next_sse_event(browser) == '"second"'
        yield receipt


def test_after_a_restart_of_the_server_the_client_goes_on(tmp_path: Path) -> None:
    with reserved_port() as control:
        config = configuration({"op.port": control})
        with OrbitedServer(tmp_path, config) as first:
            orbit = Client(port=control)
            with get(first.http_port, "/x%7Chere,0,sse") as browser:
                assert orbit.event(HERE, "before")
                assert next_sse_event(browser) == '"before"'
            assert first.terminate() == 0
        with (
            OrbitedServer(tmp_path, config) as second,
            get(second.http_port, "/x%7Chere,0,sse") as browser,
        ):
            assert orbit.event(HERE, "after")
            assert next_sse_event(browser) == '"after"'
            orbit.disconnect()


def test_a_client_can_reconnect_at_will(orbited: OrbitedServer) -> None:
    with get(orbited.http_port, "/x%7Chere,0,sse") as browser:
        with Client(port=orbited.control_port) as orbit:
            orbit.connect()
            orbit.reconnect()
            assert orbit.event(HERE, 1) == Receipt(1)
            orbit.disconnect()
            assert orbit.event(HERE, 2) == Receipt(2)
        assert [next_sse_event(browser), next_sse_event(browser)] == ["1", "2"]


@pytest.mark.parametrize(
    ("retry", "error"),
    # The retry fails to connect, or loses its connection too while the server is dying.
    [(False, ConnectionLost), (True, OrbitedConnectionError)],
)
def test_a_server_killed_during_an_event_leaves_its_fate_open(
    tmp_path: Path, retry: bool, error: type[OrbitedConnectionError]
) -> None:
    with (
        reserved_port() as control,
        OrbitedServer(
            tmp_path, configuration({"session.timeout": 60, "op.port": control})
        ) as server,
        ThreadPoolExecutor(2) as pool,
        Client(port=control) as orbit,
        event_under_way(server, orbit, pool, retry=retry) as receipt,
    ):
        server.kill()
        with pytest.raises(error) as caught:
            receipt.result()
    assert caught.value.maybe_delivered


def test_an_event_that_was_lost_with_a_killed_server_can_be_sent_again(tmp_path: Path) -> None:
    with reserved_port() as control, ThreadPoolExecutor(2) as pool:
        config = configuration({"session.timeout": 60, "op.port": control})
        with OrbitedServer(tmp_path, config) as first:
            orbit = Client(port=control)
            with event_under_way(first, orbit, pool, retry=False) as lost:
                first.kill()
                with pytest.raises(ConnectionLost):
                    lost.result()
        with (
            OrbitedServer(tmp_path, config) as second,
            get(second.http_port, event_path("here", "0", "/x", "sse")) as browser,
        ):
            receipt = orbit.event([AWAY, HERE], "second")
            assert [str(key) for key in receipt.unreached] == [AWAY]
            assert next_sse_event(browser) == '"second"'
            orbit.disconnect()


def test_a_retry_after_a_lost_reply_delivers_twice(orbited: OrbitedServer) -> None:
    def lose_reply(connection: PeerConnection) -> None:
        assert reply_to(connection.read_frame()) == b"Success\r\nid: 1\r\n\r\n"

    def pass_reply(connection: PeerConnection) -> None:
        connection.send(reply_to(connection.read_frame()))

    def reply_to(frame: Frame) -> bytes:
        with socket.create_connection(("127.0.0.1", orbited.control_port), PATIENCE) as server:
            server.sendall(frame.raw)
            server.shutdown(socket.SHUT_WR)
            with server.makefile("rb") as replies:
                return replies.read()

    with (
        get(orbited.http_port, event_path("here", "0", "/x", "sse")) as browser,
        ScriptedPeer(lose_reply, pass_reply) as between,
        Client(port=between.port, addr="127.0.0.1") as orbit,
    ):
        assert orbit.event(HERE, "twice") == Receipt(2)
        assert [next_sse_event(browser), next_sse_event(browser)] == ['"twice"', '"twice"']


def test_a_refusal_carries_the_servers_code(tmp_path: Path) -> None:
    limits = "[limits]\ncontrol.body = 10\n"
    with (
        OrbitedServer(tmp_path, configuration({}, limits)) as server,
        Client(port=server.control_port) as orbit,
    ):
        with pytest.raises(RefusedError, match="204 body_too_large") as caught:
            orbit.event(HERE, "x" * 11)
        assert caught.value.id == 1
        assert not caught.value.retriable
        with get(server.http_port, "/x%7Chere,0,sse") as browser:
            assert orbit.event(HERE, "x" * 8)
            assert next_sse_event(browser) == '"xxxxxxxx"'
