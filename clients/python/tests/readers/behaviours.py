"""What an application has to see through whichever library it reads with."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from itertools import islice
from pathlib import Path

import pytest

from pyorbited.simple import Client
from tests.support.browser import KEY, send_until_unreached
from tests.support.port import reserved_port
from tests.support.server import OrbitedServer, configuration

from .told import Told

TEXTS = {
    "line feeds": "\na\nb\n\n",
    "lines of the protocol": "a\n\nid: x\ndata: b\n\nevent: replaced\ndata:\n\n",
    "separators of other standards": "a\u2028b\u2029c",
    "emoji": "👩\u200d💻 😀",
    "100 KB": "0123456789abcdef" * 6_400,
    "100 KB of emoji": "😀" * 25_600,
}
CARRIAGE_RETURNS = {"carriage returns": "\ra\r\nb\r"}


def each(texts: dict[str, str]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("text", texts.values(), ids=texts)


class ReaderBehaviours(ABC):
    """The tests; a subclass says how its library listens."""

    @abstractmethod
    def listen(self, port: int, last: str = "") -> AbstractContextManager[Iterator[Told]]:
        """Listen, from a cursor on; to leave is to close the socket, whatever was not read."""

    def test_an_event_arrives_and_its_receipt_is_true(self, orbited: OrbitedServer) -> None:
        value = {"text": "Hello", "numbers": [1, 2.5, None]}
        with self.listen(orbited.http_port) as told, Client(port=orbited.control_port) as orbit:
            assert orbit.event(KEY, value)
            event = next(told)
        assert (event.kind, event.value) == ("event", value)
        assert event.cursor

    @each(TEXTS | CARRIAGE_RETURNS)
    def test_text_in_json_arrives_unchanged(self, orbited: OrbitedServer, text: str) -> None:
        with self.listen(orbited.http_port) as told, Client(port=orbited.control_port) as orbit:
            assert orbit.event(KEY, text)
            assert next(told).value == text

    @each(TEXTS)  # `sse` makes every line end a line feed
    def test_text_that_is_no_json_arrives_unchanged(
        self, orbited: OrbitedServer, text: str
    ) -> None:
        with self.listen(orbited.http_port) as told, Client(port=orbited.control_port) as orbit:
            assert orbit.event(KEY, text, json=False)
            assert next(told).value == text

    def test_a_next_line_character_arrives_unchanged(self, orbited: OrbitedServer) -> None:
        with self.listen(orbited.http_port) as told, Client(port=orbited.control_port) as orbit:
            assert orbit.event(KEY, "a\u0085b")
            assert next(told).value == "a\u0085b"

    def test_json_that_stands_on_several_lines_keeps_its_value(
        self, orbited: OrbitedServer
    ) -> None:
        with self.listen(orbited.http_port) as told, Client(port=orbited.control_port) as orbit:
            assert orbit.event(KEY, '{"a":\n [1,\r\n2],\r"b": 3}\n', json=False)
            assert next(told).value == {"a": [1, 2], "b": 3}

    def test_a_reader_that_was_cut_off_gets_what_it_missed_once_and_in_order(
        self, orbited: OrbitedServer
    ) -> None:
        with Client(port=orbited.control_port) as orbit, ThreadPoolExecutor(1) as pool:
            with self.listen(orbited.http_port) as told:
                assert all(orbit.event(KEY, number) for number in range(4))
                cursor = next(told).cursor
            away = pool.submit(orbit.event, KEY, 4)
            with self.listen(orbited.http_port, cursor) as told:
                assert [event.value for event in islice(told, 4)] == [1, 2, 3, 4]
                assert away.result()
                assert orbit.event(KEY, 5)
                assert next(told).value == 5

    def test_a_second_reader_takes_over_and_the_first_is_told(self, orbited: OrbitedServer) -> None:
        with (
            self.listen(orbited.http_port) as first,
            self.listen(orbited.http_port) as second,
            Client(port=orbited.control_port) as orbit,
        ):
            assert next(first).kind == "replaced"
            assert orbit.event(KEY, "for the second")
            assert next(second).value == "for the second"

    def test_a_server_that_was_killed_and_started_again_tells_of_a_gap(
        self, tmp_path: Path
    ) -> None:
        with reserved_port() as http, reserved_port() as control:
            config = configuration({"http.port": http, "op.port": control})
            with (
                OrbitedServer(tmp_path, config) as server,
                Client(port=control) as orbit,
                self.listen(http) as told,
            ):
                assert orbit.event(KEY, "before")
                cursor = next(told).cursor
                server.kill()
            with OrbitedServer(tmp_path, config), Client(port=control) as orbit:
                with self.listen(http, cursor) as told:
                    gap = next(told)
                    assert gap.kind == "gap"
                    assert orbit.event(KEY, "after")
                with self.listen(http, gap.cursor) as told:
                    assert next(told).value == "after"

    def test_an_event_to_a_reader_that_has_gone_fails_after_the_grace(self, tmp_path: Path) -> None:
        grace = 1
        with (
            OrbitedServer(tmp_path, configuration({"session.timeout": grace})) as server,
            Client(port=server.control_port) as orbit,
        ):
            with self.listen(server.http_port) as told:
                assert orbit.event(KEY, "here")
                assert next(told).value == "here"
                left = time.monotonic()
            receipt = send_until_unreached(lambda: orbit.event(KEY, "gone"))
            assert time.monotonic() - left >= grace
            assert [str(key) for key in receipt.unreached] == [KEY]
