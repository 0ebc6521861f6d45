"""The kernel gives up a peer that does not answer it with ETIMEDOUT: a loss, not our time-out."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable

import pytest

from pyorbited import ConnectFailed, ConnectionLost, Receipt
from pyorbited.simple import Client
from tests.support.peer import PATIENCE, PeerConnection, ScriptedPeer

KEY = "username, 0, /example"
CALLS = ["send", "recv"]
"""What the client alone calls: the peer reads and writes by other methods."""

pytestmark = pytest.mark.parametrize("timeout", [None, PATIENCE])


def give_up_first(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Let the first call of a socket's method end as when the kernel has given up the peer."""
    method: Callable[[socket.socket, object], object] = getattr(socket.socket, name)
    given_up: list[socket.socket] = []

    def called(sock: socket.socket, argument: object) -> object:
        if given_up:
            return method(sock, argument)
        given_up.append(sock)
        if name != "connect":
            sock.shutdown(socket.SHUT_RDWR)
        raise OSError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))

    monkeypatch.setattr(socket.socket, name, called, raising=False)


def leave(connection: PeerConnection) -> None:
    connection.read_frame_or_end()


@pytest.mark.parametrize("name", CALLS)
def test_a_connection_that_the_kernel_gave_up_is_lost(
    monkeypatch: pytest.MonkeyPatch, name: str, timeout: float | None
) -> None:
    give_up_first(monkeypatch, name)
    with (
        ScriptedPeer(leave) as peer,
        Client("127.0.0.1", peer.port, timeout) as orbit,
        pytest.raises(ConnectionLost, match=os.strerror(errno.ETIMEDOUT)) as caught,
    ):
        orbit.event(KEY, "x", retry=False)
    assert caught.value.maybe_delivered is (name == "recv")


@pytest.mark.parametrize("name", CALLS)
def test_an_event_is_sent_again_after_the_kernel_gave_up(
    monkeypatch: pytest.MonkeyPatch, name: str, timeout: float | None
) -> None:
    give_up_first(monkeypatch, name)
    with (
        ScriptedPeer(leave, PeerConnection.answer_all) as peer,
        Client("127.0.0.1", peer.port, timeout) as orbit,
    ):
        assert orbit.event(KEY, "x") == Receipt(2)


def test_after_an_address_that_the_kernel_gave_up_the_next_is_tried(
    monkeypatch: pytest.MonkeyPatch, timeout: float | None
) -> None:
    give_up_first(monkeypatch, "connect")
    with ScriptedPeer(PeerConnection.answer_all) as peer:
        place = (socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", peer.port))
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [place, place])
        with Client("127.0.0.1", peer.port, timeout) as orbit:
            assert orbit.event(KEY, "x", retry=False) == Receipt(1)


def test_if_the_kernel_gave_up_the_only_address_connecting_fails(
    monkeypatch: pytest.MonkeyPatch, timeout: float | None
) -> None:
    give_up_first(monkeypatch, "connect")
    with pytest.raises(ConnectFailed, match="no connection to ") as caught:
        Client("127.0.0.1", 9, timeout).connect()
    assert caught.value.safe_to_retry
