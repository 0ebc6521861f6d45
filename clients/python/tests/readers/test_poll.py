"""A program that polls with httpx."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from pyorbited.simple import Client
from tests.support.browser import KEY, PATIENCE, query_path
from tests.support.port import reserved_port
from tests.support.server import OrbitedServer, configuration


class Poller:
    def __init__(self, port: int, client: httpx.Client) -> None:
        self._port = port
        self._client = client

    def poll(self, last: str = "") -> dict[str, Any]:
        response = self._client.get(
            f"http://127.0.0.1:{self._port}{query_path('poll', last=last)}"
        ).raise_for_status()
        answer: dict[str, Any] = response.json()
        return answer


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=PATIENCE, trust_env=False) as client:
        yield client


def test_a_poll_gets_all_that_came_since_its_cursor(
    orbited: OrbitedServer, client: httpx.Client
) -> None:
    poller = Poller(orbited.http_port, client)
    with Client(port=orbited.control_port) as orbit, ThreadPoolExecutor(1) as pool:
        begin = poller.poll()
        assert begin["events"] == []
        texts = ["a\nb\u2028", "😀" * 25_600]
        receipts = pool.map(lambda text: orbit.event(KEY, text), texts)
        cursor: str = begin["cursor"]
        events: list[object] = []
        while len(events) < 2:
            answer = poller.poll(cursor)
            events += answer["events"]
            cursor = answer["cursor"]
        assert events == texts
        assert all(receipts)


def test_a_poll_whose_response_was_lost_is_answered_again(
    orbited: OrbitedServer, client: httpx.Client
) -> None:
    poller = Poller(orbited.http_port, client)
    with Client(port=orbited.control_port) as orbit, ThreadPoolExecutor(1) as pool:
        cursor = poller.poll()["cursor"]
        receipt = pool.submit(orbit.event, KEY, "once")
        lost = poller.poll(cursor)
        assert receipt.result()
        assert lost["events"] == ["once"]
        assert poller.poll(cursor) == lost


def test_a_poll_that_waits_is_told_that_another_has_taken_over(
    orbited: OrbitedServer, client: httpx.Client
) -> None:
    poller = Poller(orbited.http_port, client)
    cursor = poller.poll()["cursor"]
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(poller.poll, cursor)
        while not first.done():
            poller.poll()  # once more until the first was there before it
        assert first.result() == {"closed": "replaced"}


def test_a_server_that_was_killed_and_started_again_tells_of_a_gap(
    tmp_path: Path, client: httpx.Client
) -> None:
    with reserved_port() as http, reserved_port() as control:
        config = configuration({"http.port": http, "op.port": control})
        poller = Poller(http, client)
        with OrbitedServer(tmp_path, config) as server:
            cursor = poller.poll()["cursor"]
            server.kill()
        with OrbitedServer(tmp_path, config):
            answer = poller.poll(cursor)
            assert (answer["gap"], answer["events"]) == (True, [])
            assert answer["cursor"] != cursor


def test_an_event_to_a_reader_that_asks_no_more_fails_after_the_grace(
    tmp_path: Path, client: httpx.Client
) -> None:
    grace = 1
    with (
        OrbitedServer(tmp_path, configuration({"session.timeout": grace})) as server,
        Client(port=server.control_port) as orbit,
    ):
        begun = time.monotonic()
        Poller(server.http_port, client).poll()
        receipt = orbit.event(KEY, "Hello?")
        assert not receipt
        assert time.monotonic() - begun >= grace
