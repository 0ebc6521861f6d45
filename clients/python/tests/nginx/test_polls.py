from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pyorbited.simple import Client
from tests.support.browser import KEY, ask, get, query_path, send_until_reached
from tests.support.nginx import PASSED_ON, nginx
from tests.support.server import OrbitedServer, configuration


def test_a_poll_waits_for_an_event_and_comes_back_with_its_cursor(
    site: int, orbited: OrbitedServer
) -> None:
    with ThreadPoolExecutor(1) as pool, Client(port=orbited.control_port) as orbit:
        cursor = json.loads(ask(site, query_path("poll")))["cursor"]
        for number in range(3):
            poll = pool.submit(ask, site, query_path("poll", last=cursor))
            assert orbit.event(KEY, number)
            answer = json.loads(poll.result())
            assert answer["events"] == [number]
            cursor = answer["cursor"]


def test_a_jsonp_script_waits_for_an_event_and_calls_its_function(
    site: int, orbited: OrbitedServer
) -> None:
    def called_with(script: str) -> dict[str, object]:
        begin, end = "/**/take(", ");\n"
        assert script.startswith(begin)
        assert script.endswith(end)
        answer: dict[str, object] = json.loads(script[len(begin) : -len(end)])
        return answer

    with ThreadPoolExecutor(1) as pool, Client(port=orbited.control_port) as orbit:
        cursor = called_with(ask(site, query_path("jsonp", callback="take")))["cursor"]
        script = pool.submit(ask, site, query_path("jsonp", callback="take", last=str(cursor)))
        assert orbit.event(KEY, "Hello")
        assert called_with(script.result())["events"] == ["Hello"]


def test_a_long_poll_gets_one_event_and_the_next_gets_the_next(
    site: int, orbited: OrbitedServer
) -> None:
    with ThreadPoolExecutor(1) as pool, Client(port=orbited.control_port) as orbit:
        poll = pool.submit(ask, site, query_path("xhr"))
        send_until_reached(lambda: orbit.event(KEY, 1))
        assert poll.result() == "1"
        poll = pool.submit(ask, site, query_path("xhr"))
        assert orbit.event(KEY, 2)
        assert poll.result() == "2"


def test_a_poll_in_which_nothing_came_is_answered_empty(tmp_path: Path) -> None:
    config = configuration({}, "[transport]\nxhr.timeout = 1\n")
    with (
        OrbitedServer(tmp_path, config) as server,
        nginx(tmp_path, server.http_port, PASSED_ON) as port,
        get(port, query_path("xhr")) as response,
    ):
        assert (response.status, response.read()) == (200, b"")


def test_a_response_that_nginx_gives_on_is_kept_by_nobody(site: int) -> None:
    with get(site, query_path("poll")) as response:
        assert response.getheader("Cache-Control") == "no-store, no-transform"
