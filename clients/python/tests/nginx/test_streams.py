from __future__ import annotations

import re
import time
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.client import HTTPResponse, IncompleteRead
from pathlib import Path

import pytest

from pyorbited.simple import Client
from tests.support.browser import (
    KEY,
    event_path,
    get,
    query_path,
    read_to,
    send_until_unreached,
)
from tests.support.nginx import PASSED_ON, nginx
from tests.support.server import OrbitedServer, configuration

EVENTS = {
    "sse": b"data: %s\n\n",
    "ndjson": b',"data":%s}\n',
    "xhr_stream": b"%s\r\n|O|\r\n",
    "xhr_multipart": b"%s\r\n--orbited--\r\n",
    "server_sent_events": b"Event: orbited\ndata: %s\n\n",
    "iframe": b"<script>e(%s);</script>",
    "iframe_domain": b"<script>e(%s);</script>",
}
HEARTBEATS = {
    "sse": b":\n\n",
    "ndjson": b"{}\n",
    "xhr_stream": b"\r\n|O|\r\nping\r\n|O|\r\n",
    "xhr_multipart": b"Content-length: 0\r\n\r\n\r\n--orbited--\r\n",
    "server_sent_events": b"Event: ping\ndata: \\o/\n\n",
    "iframe": b"<script>p();</script>",
    "iframe_domain": b"<script>p();</script>",
}
BAR_IFRAME = event_path("username", "0", "/example", "iframe")


@pytest.mark.parametrize("transport", EVENTS)
def test_each_event_comes_before_the_next_is_sent(
    site: int, orbited: OrbitedServer, transport: str
) -> None:
    with get(site, query_path(transport)) as browser, Client(port=orbited.control_port) as orbit:
        assert browser.status == 200
        for number in range(3):
            assert orbit.event(KEY, number)
            read_to(EVENTS[transport] % b"%d" % number, browser.read1)


def test_each_event_comes_before_the_next_is_sent_to_an_iframe_with_a_bar_in_its_url(
    site: int, orbited: OrbitedServer
) -> None:
    with get(site, BAR_IFRAME) as browser, Client(port=orbited.control_port) as orbit:
        for number in range(3):
            assert orbit.event(KEY, number)
            read_to(b"<script>window.parent.event(%d);</script>\n" % number, browser.read1)


@pytest.mark.parametrize("transport", EVENTS)
def test_compression_holds_no_event_back(
    tmp_path: Path, orbited: OrbitedServer, transport: str
) -> None:
    compressed = "gzip on; gzip_types *;"  # Debian's own configuration has it on for text/html
    with (
        nginx(tmp_path, orbited.http_port, PASSED_ON, compressed) as port,
        get(port, query_path(transport), {"Accept-Encoding": "gzip"}) as browser,
        Client(port=orbited.control_port) as orbit,
    ):
        assert browser.getheader("Content-Encoding") == "gzip"
        read = inflated(browser)
        for number in range(3):
            assert orbit.event(KEY, number)
            read_to(EVENTS[transport] % b"%d" % number, read)


def inflated(browser: HTTPResponse) -> Callable[[int], bytes]:
    inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)

    def read(size: int) -> bytes:
        text = b""
        while not text and (part := browser.read1(size)):
            text = inflate.decompress(part)
        return text

    return read


@pytest.mark.parametrize("transport", EVENTS)
def test_an_event_that_is_larger_than_all_buffers_comes_whole(
    site: int, orbited: OrbitedServer, transport: str
) -> None:
    text = "x" * 1_000_000
    with (
        get(site, query_path(transport)) as browser,
        Client(port=orbited.control_port) as orbit,
        ThreadPoolExecutor(1) as pool,
    ):
        receipt = pool.submit(orbit.event, KEY, text)
        read_to(EVENTS[transport] % b'"%s"' % text.encode(), browser.read1)
        assert receipt.result()


def test_heartbeats_keep_silent_streams_open(tmp_path: Path, locations: str) -> None:
    config = configuration({}, "[transport]\nheartbeat = 1\n")
    with (
        OrbitedServer(tmp_path, config) as server,
        nginx(tmp_path, server.http_port, locations, "proxy_read_timeout 3s;") as port,
        ExitStack() as stack,
    ):
        browsers = {
            name: stack.enter_context(get(port, query_path(name, session=name)))
            for name in HEARTBEATS
        }
        for _ in range(5):
            for name, browser in browsers.items():
                read_to(HEARTBEATS[name], browser.read1)


def test_an_iframe_with_a_bar_in_its_url_is_cut_when_it_was_silent_for_too_long(
    tmp_path: Path, orbited: OrbitedServer
) -> None:
    with (
        nginx(tmp_path, orbited.http_port, PASSED_ON, "proxy_read_timeout 1s;") as port,
        get(port, BAR_IFRAME) as browser,
        pytest.raises(IncompleteRead),
    ):
        browser.read()


@pytest.mark.parametrize(("transport", "by_header"), [("sse", True), ("ndjson", False)])
def test_a_reader_that_comes_back_gets_what_it_missed_once_and_in_order(
    site: int, orbited: OrbitedServer, transport: str, by_header: bool
) -> None:
    def end(number: int) -> bytes:
        return EVENTS[transport] % b"%d" % number

    with Client(port=orbited.control_port) as orbit:
        with get(site, query_path(transport)) as browser:
            assert orbit.event(KEY, 0)
            cursor = last_cursor(read_to(end(0), browser.read1))
            assert all(orbit.event(KEY, number) for number in (1, 2))
        back = (
            get(site, query_path(transport), {"Last-Event-ID": cursor})
            if by_header
            else get(site, query_path(transport, last=cursor))
        )
        with back as browser:
            missed = read_to(end(2), browser.read1)
            assert re.findall(rb'data"?: ?(\d+)', missed) == [b"1", b"2"]
            assert orbit.event(KEY, 3)
            assert read_to(end(3), browser.read1).count(b"data") == 1


def last_cursor(stream: bytes) -> str:
    cursors: list[str] = re.findall(r'(?:id: |"cursor":")([\w.-]+)', stream.decode())
    return cursors[-1]


@pytest.mark.parametrize("transport", ["sse", "iframe"])
def test_an_event_to_a_reader_that_has_gone_fails_after_the_grace(
    tmp_path: Path, transport: str
) -> None:
    grace = 1
    with (
        OrbitedServer(tmp_path, configuration({"session.timeout": grace})) as server,
        nginx(tmp_path, server.http_port, PASSED_ON) as port,
        Client(port=server.control_port) as orbit,
    ):
        with get(port, query_path(transport)) as browser:
            assert orbit.event(KEY, 0)
            read_to(EVENTS[transport] % b"0", browser.read1)
            left = time.monotonic()
        receipt = send_until_unreached(lambda: orbit.event(KEY, "gone"))
        assert time.monotonic() - left >= grace
        assert [str(key) for key in receipt.unreached] == [KEY]
