from __future__ import annotations

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from websockets import InvalidStatus

from pyorbited.simple import Client
from tests.support.browser import KEY, PATIENCE, send_until_unreached
from tests.support.nginx import PASSED_ON, locations_of_readme, nginx
from tests.support.server import OrbitedServer, configuration
from tests.support.websocket import events, how_it_ends, objects, open_socket


def test_nginx_that_passes_no_upgrade_on_lets_the_browser_see_a_426(
    tmp_path: Path, orbited: OrbitedServer
) -> None:
    with (
        nginx(tmp_path, orbited.http_port, PASSED_ON) as port,
        pytest.raises(InvalidStatus) as refused,
        open_socket(port),
    ):
        pass
    response = refused.value.response
    assert response.status_code == 426
    assert response.headers["Upgrade"] == "websocket"
    assert response.body
    assert response.body.endswith(b".\n")


def test_each_event_comes_before_the_next_is_sent(
    documented_site: int, orbited: OrbitedServer
) -> None:
    with open_socket(documented_site) as browser, Client(port=orbited.control_port) as orbit:
        values = events(browser)
        for value in (0, "a\nb\u2028😀", "x" * 500_000):
            assert orbit.event(KEY, value)
            assert next(values) == value


def test_heartbeats_keep_a_silent_socket_open(tmp_path: Path) -> None:
    config = configuration({}, "[transport]\nheartbeat = 1\n")
    with (
        OrbitedServer(tmp_path, config) as server,
        nginx(tmp_path, server.http_port, locations_of_readme(), "proxy_read_timeout 3s;") as port,
        open_socket(port) as browser,
    ):
        messages = objects(browser)
        assert "cursor" in next(messages)
        assert [next(messages) for _ in range(5)] == [{}] * 5


def test_a_browser_that_comes_back_gets_what_it_missed_once_and_in_order(
    documented_site: int, orbited: OrbitedServer
) -> None:
    with Client(port=orbited.control_port) as orbit:
        with open_socket(documented_site) as browser:
            assert orbit.event(KEY, 0)
            cursor = next(message["cursor"] for message in objects(browser) if "data" in message)
            assert all(orbit.event(KEY, number) for number in (1, 2))
            browser.socket.shutdown(socket.SHUT_RDWR)
        with open_socket(documented_site, str(cursor)) as browser:
            values = events(browser)
            assert [next(values), next(values)] == [1, 2]
            assert orbit.event(KEY, 3)
            assert next(values) == 3


def test_an_acknowledgement_leaves_nothing_to_be_missed(
    documented_site: int, orbited: OrbitedServer
) -> None:
    with open_socket(documented_site) as browser, Client(port=orbited.control_port) as orbit:
        assert orbit.event(KEY, 0)
        cursor = next(message["cursor"] for message in objects(browser) if "data" in message)
        browser.send(json.dumps({"ack": cursor}))
        assert browser.ping().wait(PATIENCE)
    with open_socket(documented_site) as browser:
        assert "gap" not in next(objects(browser))


def test_a_browser_sees_why_its_socket_ends(documented_site: int, orbited: OrbitedServer) -> None:
    with open_socket(documented_site) as first, open_socket(documented_site) as second:
        messages, *close = how_it_ends(first)
        assert (messages[-1], close) == ({"closed": "replaced"}, [4001, "replaced"])
        with ThreadPoolExecutor(1) as pool:
            status = pool.submit(orbited.terminate)
            messages, *close = how_it_ends(second)
            assert (messages[-1], close) == ({"closed": "shutdown"}, [1001, "shutdown"])
            assert status.result() == 0


def test_an_event_to_a_browser_that_has_gone_fails_after_the_grace(tmp_path: Path) -> None:
    grace = 1
    with (
        OrbitedServer(tmp_path, configuration({"session.timeout": grace})) as server,
        nginx(tmp_path, server.http_port, locations_of_readme()) as port,
        Client(port=server.control_port) as orbit,
    ):
        with open_socket(port) as browser:
            assert orbit.event(KEY, 0)
            assert next(events(browser)) == 0
            left = time.monotonic()
            browser.socket.shutdown(socket.SHUT_RDWR)
        receipt = send_until_unreached(lambda: orbit.event(KEY, "gone"))
        assert time.monotonic() - left >= grace
        assert [str(key) for key in receipt.unreached] == [KEY]
