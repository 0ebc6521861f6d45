from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.client import HTTPException, HTTPResponse
from pathlib import Path

import pytest

from tests.support.adapter import PATIENCE, Adapter
from tests.support.adapter_calls import connect, key, path
from tests.support.browser import get
from tests.support.port import reserved_port
from tests.support.server import OrbitedServer, configuration

COUNT = 10_000
KILLED_AFTER = 500
"""Events that arrive before the server is killed."""


class Arrivals:
    """The numbers that a browser gets, over any number of streams."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.many = threading.Event()

    @contextmanager
    def of(self, port: int) -> Iterator[None]:
        """Listen, until the stream ends."""
        with ThreadPoolExecutor(1) as pool, get(port, path("a", "ndjson")) as browser:
            reading = pool.submit(self._read, browser)
            yield
            reading.result(PATIENCE)

    def _read(self, browser: HTTPResponse) -> None:
        with suppress(HTTPException, OSError):  # a killed server ends in mid stream
            while line := browser.readline():
                message = json.loads(line)
                if "data" in message:
                    self.numbers.append(message["data"])
                if len(self.numbers) >= KILLED_AFTER:
                    self.many.set()


@pytest.mark.timeout(240)
def test_each_of_10_000_events_ends_truly_though_the_server_is_killed_amid_them(
    adapter: Adapter, tmp_path: Path
) -> None:
    arrivals = Arrivals()
    killed = threading.Event()

    def send() -> list[int]:
        to, calls = [key("a")], []
        for at in range(COUNT):
            if at == COUNT // 2:  # a quick machine would be done before the server is killed
                killed.wait(PATIENCE)
            calls.append(adapter.begin("event", to=to, body=str(at), retry=True))
        return calls

    with reserved_port() as http, reserved_port() as control, ThreadPoolExecutor(1) as pool:
        config = configuration({"http.port": http, "op.port": control})
        with OrbitedServer(tmp_path, config) as server, arrivals.of(http):
            connect(adapter, control)
            sending = pool.submit(send)
            assert arrivals.many.wait(PATIENCE)
            server.kill()
            killed.set()
        with OrbitedServer(tmp_path, config) as server, arrivals.of(http):
            # Each ends by its client's time-out of a minute at the latest.
            ends = [adapter.end_of(call, 90) for call in sending.result(90)]
            server.terminate()
    arrived = set(arrivals.numbers)
    assert len(arrived) > KILLED_AFTER
    for at, end in enumerate(ends):
        if "returns" in end and end["returns"]["reached"] == 1:
            assert at in arrived, f"event {at} was reported as reached"
        if "throws" in end and not end["throws"]["maybeDelivered"]:
            assert at not in arrived, f"event {at} was reported as not sent"
