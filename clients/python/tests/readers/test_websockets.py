"""websockets, with its blocking client."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from websockets.sync.client import ClientConnection, connect

from pyorbited.simple import Client
from tests.support.browser import KEY, PATIENCE, query_path
from tests.support.server import OrbitedServer, configuration
from tests.support.websocket import events, how_it_ends, objects, open_socket

from .behaviours import ReaderBehaviours
from .told import Told, told_by_objects


class TestWebsockets(ReaderBehaviours):
    @contextmanager
    def listen(self, port: int, last: str = "") -> Iterator[Iterator[Told]]:
        with open_socket(port, last) as connection:
            try:
                yield told_by_objects(objects(connection))
            finally:
                with suppress(OSError):  # the server may have been killed
                    connection.socket.shutdown(socket.SHUT_RDWR)


def test_the_subprotocol_is_agreed_on_and_compression_is_not(orbited: OrbitedServer) -> None:
    with open_socket(orbited.http_port) as connection:
        assert connection.request
        assert "permessage-deflate" in connection.request.headers["Sec-WebSocket-Extensions"]
        assert connection.subprotocol == "orbited.1"
        assert connection.protocol.extensions == []


def test_a_reader_that_offers_no_subprotocol_is_taken_too(orbited: OrbitedServer) -> None:
    address = f"ws://127.0.0.1:{orbited.http_port}{query_path('ws')}"
    with connect(address, proxy=None) as connection, Client(port=orbited.control_port) as orbit:
        assert connection.subprotocol is None
        assert orbit.event(KEY, 1)
        assert next(events(connection)) == 1


def test_a_reader_that_comes_back_without_a_cursor_is_told_what_it_did_not_acknowledge(
    orbited: OrbitedServer,
) -> None:
    with open_socket(orbited.http_port), Client(port=orbited.control_port) as orbit:
        assert orbit.event(KEY, 1)
    with open_socket(orbited.http_port) as connection:
        assert "gap" in next(objects(connection))


@pytest.mark.parametrize("fragmented", [False, True])
def test_an_acknowledgement_in_the_socket_leaves_nothing_to_be_missed(
    orbited: OrbitedServer, fragmented: bool
) -> None:
    with open_socket(orbited.http_port) as connection, Client(port=orbited.control_port) as orbit:
        assert orbit.event(KEY, 1)
        ack = json.dumps({"ack": next(told_by_objects(objects(connection))).cursor})
        connection.send(list(ack) if fragmented else ack)
        assert connection.ping().wait(PATIENCE)  # answered after what came before it
    with open_socket(orbited.http_port) as connection:
        assert "gap" not in next(objects(connection))


def test_a_reader_whose_library_answers_pings_stays_connected(tmp_path: Path) -> None:
    config = configuration({}, "[transport]\nheartbeat = 1\n")
    with (
        OrbitedServer(tmp_path, config) as server,
        open_socket(server.http_port) as connection,
        Client(port=server.control_port) as orbit,
    ):
        messages = objects(connection)
        assert "cursor" in next(messages)
        # A second one is sent only to who has answered the Ping of the first.
        assert [next(messages) for _ in range(3)] == [{}, {}, {}]
        assert orbit.event(KEY, 1)
        assert next(events(connection)) == 1


def test_a_reader_that_was_replaced_is_told_so_and_closed_with_4001(orbited: OrbitedServer) -> None:
    with open_socket(orbited.http_port) as first, open_socket(orbited.http_port):
        messages, *close = how_it_ends(first)
        assert messages[-1] == {"closed": "replaced"}
        assert close == [4001, "replaced"]


def test_a_server_that_shuts_down_says_so_and_closes_with_1001(orbited: OrbitedServer) -> None:
    with open_socket(orbited.http_port) as connection, ThreadPoolExecutor(1) as pool:
        status = pool.submit(orbited.terminate)
        messages, *close = how_it_ends(connection)
        assert messages[-1] == {"closed": "shutdown"}
        assert close == [1001, "shutdown"]
        assert status.result() == 0


@pytest.mark.parametrize(
    ("send", "code", "reason"),
    [
        (lambda connection: connection.send(b"{}"), 1003, "binary message"),
        (lambda connection: connection.send(b'"\xff"', text=True), 1007, "invalid text"),
        (lambda connection: connection.send("Hello"), 1008, "bad message"),
        (lambda connection: connection.send('{"ack":"/"}'), 1008, "bad message"),
        (lambda connection: connection.send(" " * 4_095 + "{}"), 1009, "message too large"),
    ],
)
def test_what_a_reader_may_not_send_is_answered_with_a_close_code(
    orbited: OrbitedServer, send: Callable[[ClientConnection], None], code: int, reason: str
) -> None:
    with open_socket(orbited.http_port) as connection:
        send(connection)
        _, *close = how_it_ends(connection)
        assert close == [code, reason]


def test_what_a_reader_may_send_is_taken(orbited: OrbitedServer) -> None:
    with open_socket(orbited.http_port) as connection, Client(port=orbited.control_port) as orbit:
        for message in ("{}", '{"later":[]}', '{"ack":"9f3a01b2c4-1a"}', " " * 4_094 + "{}"):
            connection.send(message)
        assert connection.ping().wait(PATIENCE)
        assert orbit.event(KEY, 1)
        assert next(events(connection)) == 1


@pytest.mark.parametrize("code", [1000, 1001, 3000, 4999])
def test_the_close_of_a_reader_is_answered_with_its_code(orbited: OrbitedServer, code: int) -> None:
    with open_socket(orbited.http_port) as connection:
        connection.close(code, "bye")
        assert connection.protocol.close_rcvd
        assert connection.protocol.close_rcvd.code == code
