"""What a browser's connection looks like from below: plain HTTP, read as it arrives."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from typing import TypeVar
from urllib.parse import quote, urlencode

PATIENCE = 20.0

KEY = "username, 0, /example"
"""Whose events :func:`query_path` asks for."""

T = TypeVar("T")


def event_path(user: str, session: str, location: str, transport: str) -> str:
    """Write the URL form 0.1, ``/location|user,session,transport``, percent-encoded."""
    parts = ",".join(quote(part, safe="") for part in (user, session, transport))
    return f"{quote(location)}%7C{parts}"


def query_path(transport: str, **fields: str) -> str:
    """Write the URL form 0.2 for ``KEY``; an empty field is as none."""
    user, session, location = KEY.split(", ")
    query = {"user": user, "session": session, "transport": transport, **fields}
    return f"{location}?{urlencode(query)}"


@contextmanager
def get(port: int, path: str, headers: Mapping[str, str] | None = None) -> Iterator[HTTPResponse]:
    """Open a URL and give the response as soon as its head is there."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path, headers=headers or {})
        # After `Connection: close` the response owns the socket.
        with connection.getresponse() as response:
            yield response
    finally:
        connection.close()


def read_to(end: bytes, read: Callable[[int], bytes]) -> bytes:
    """Read on until what came ends with these bytes."""
    seen = b""
    while not seen.endswith(end):
        part = read(65_536)
        assert part, f"the stream ended after {seen[-200:]!r}"
        seen += part
    return seen


def next_sse_event(response: HTTPResponse) -> str:
    """Read on to the next event of an ``sse`` stream and give its data."""
    data: list[str] = []
    while True:
        line = response.readline().decode()
        assert line, "the stream ended"
        name, _, value = line.rstrip("\r\n").partition(": ")
        if name == "data":
            data.append(value)
        elif line.strip() == "" and data:
            return "\n".join(data)


def next_iframe_event(response: HTTPResponse) -> str:
    """Read on to the next event of an ``iframe`` stream and give what the script calls."""
    prefix, suffix = "<script>window.parent.event(", ");</script>"
    while True:
        line = response.readline().decode()
        assert line, "the stream ended"
        _, found, rest = line.rstrip("\n").partition(prefix)
        if found:
            assert rest.endswith(suffix)
            return rest[: -len(suffix)]


def ask(port: int, path: str) -> str:
    """Ask once with a transport that polls, and wait for the answer."""
    with get(port, path) as response:
        assert response.status == 200
        return response.read().decode()


def send_until_reached(send: Callable[[], T]) -> T:
    """Send until the poll, of whose arrival the server tells nobody, is there."""
    end = time.monotonic() + PATIENCE
    while not (receipt := send()):
        assert time.monotonic() < end, receipt
    return receipt


def send_until_unreached(send: Callable[[], T]) -> T:
    """Send until the server has seen that a reader is gone, and given up to wait for it."""
    end = time.monotonic() + PATIENCE
    while receipt := send():
        assert time.monotonic() < end, receipt
    return receipt
