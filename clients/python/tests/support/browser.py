"""What a browser's connection looks like from below: plain HTTP, read as it arrives."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import quote

PATIENCE = 20.0


def event_path(user: str, session: str, location: str, transport: str) -> str:
    """Write the URL form 0.1, ``/location|user,session,transport``, percent-encoded."""
    parts = ",".join(quote(part, safe="") for part in (user, session, transport))
    return f"{quote(location)}%7C{parts}"


@contextmanager
def get(port: int, path: str) -> Iterator[HTTPResponse]:
    """Open a URL and give the response as soon as its head is there."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        # After `Connection: close` the response owns the socket.
        with connection.getresponse() as response:
            yield response
    finally:
        connection.close()


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


def poll_xhr(port: int, path: str) -> str:
    """Wait for one event of the ``xhr`` transport."""
    with get(port, path) as response:
        assert response.status == 200
        return response.read().decode()
