"""httpx-sse, which shows also blocks without data, as the standard's readers do not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from httpx_sse import EventSource, connect_sse

from pyorbited.simple import Client
from tests.support.browser import KEY, PATIENCE, query_path
from tests.support.server import OrbitedServer, configuration

from .behaviours import ReaderBehaviours
from .told import Told, told_by_event


@contextmanager
def connect(port: int, last: str = "") -> Iterator[EventSource]:
    headers = {"Last-Event-ID": last} if last else {}
    with (
        httpx.Client(
            base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE, trust_env=False
        ) as client,
        connect_sse(client, "GET", query_path("sse"), headers=headers) as source,
    ):
        yield source


class TestHttpxSse(ReaderBehaviours):
    @contextmanager
    def listen(self, port: int, last: str = "") -> Iterator[Iterator[Told]]:
        with connect(port, last) as source:
            yield (
                told_by_event(event.event, event.data, event.id)
                for event in source.iter_sse()
                if event.data or event.event != "message"
            )


def test_the_first_block_tells_how_soon_to_come_back_and_with_which_cursor(
    orbited: OrbitedServer,
) -> None:
    with connect(orbited.http_port) as source, Client(port=orbited.control_port) as orbit:
        events = source.iter_sse()
        begin = next(events)
        assert (begin.retry, begin.data) == (1000, "")
        assert orbit.event(KEY, "missed")
    with connect(orbited.http_port, begin.id) as source:
        assert next(event.data for event in source.iter_sse() if event.data) == '"missed"'


def test_a_heartbeat_has_no_data_and_leaves_the_cursor_as_it_is(tmp_path: Path) -> None:
    config = configuration({}, "[transport]\nheartbeat = 1\n")
    with OrbitedServer(tmp_path, config) as server, connect(server.http_port) as source:
        events = source.iter_sse()
        begin, heartbeat = next(events), next(events)
        assert (heartbeat.event, heartbeat.data, heartbeat.id) == ("message", "", begin.id)
