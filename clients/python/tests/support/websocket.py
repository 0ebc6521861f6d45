"""A WebSocket as the library websockets has it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager

import pytest
from websockets import ConnectionClosed, Origin, Subprotocol
from websockets.sync.client import ClientConnection, connect

from .browser import PATIENCE, query_path


def open_socket(
    port: int, last: str = "", origin: str | None = None
) -> AbstractContextManager[ClientConnection]:
    """Connect without keepalive, so that nothing is sent but what the test sends, and Pongs."""
    return connect(
        f"ws://127.0.0.1:{port}{query_path('ws', last=last)}",
        origin=Origin(origin) if origin else None,
        subprotocols=[Subprotocol("orbited.1")],
        open_timeout=PATIENCE,
        close_timeout=PATIENCE,
        ping_interval=None,
        proxy=None,
    )


def objects(connection: ClientConnection) -> Iterator[dict[str, object]]:
    """Read the objects of the messages."""
    while True:
        message = connection.recv(timeout=PATIENCE)
        assert isinstance(message, str), "a message is not text"
        yield json.loads(message)


def events(connection: ClientConnection) -> Iterator[object]:
    """Read the values of the events."""
    return (message["data"] for message in objects(connection) if "data" in message)


def how_it_ends(connection: ClientConnection) -> tuple[list[dict[str, object]], int, str]:
    """Give the last messages, and the code and the reason of the server's Close frame."""
    messages: list[dict[str, object]] = []
    with pytest.raises(ConnectionClosed) as caught:
        messages.extend(objects(connection))
    assert caught.value.rcvd, "there was no Close frame"
    return messages, caught.value.rcvd.code, caught.value.rcvd.reason
