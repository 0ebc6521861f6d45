from __future__ import annotations

import contextlib
import threading

import pytest

from pyorbited import (
    ConnectFailed,
    ConnectionLost,
    Limits,
    ProtocolError,
    Timeout,
)
from pyorbited.client import Client
from tests.support.peer import PATIENCE, PeerConnection, Script, ScriptedPeer, refused_port
from tests.support.peer11 import answer, answer_all, close_after_frame, greet, name

KEY = "a, 0, /x"


def test_a_peer_that_is_no_orbit_is_an_error() -> None:
    def script(connection: PeerConnection) -> None:
        connection.read_frame()
        connection.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with (
        ScriptedPeer(script) as peer,
        Client("127.0.0.1", peer.port) as orbit,
        pytest.raises(ProtocolError),
    ):
        orbit.event(KEY, 1)


@pytest.mark.parametrize(
    "reply",
    [
        b"Success\r\nid: nobody asked\r\n\r\n",
        b"\x00\xff" * 10_000,
        b"Success\r\nid: 1\r\nlength: x\r\n\r\n",
        b"x" * 100_000,
    ],
)
def test_garbage_ends_the_connection_and_the_client_makes_another(reply: bytes) -> None:
    def script(connection: PeerConnection) -> None:
        greet(connection)
        connection.read_frame()
        connection.send(reply)
        with contextlib.suppress(ConnectionResetError):  # the client may close before it read all
            connection.read_to_end()

    with (
        ScriptedPeer(script, answer_all) as peer,
        Client("127.0.0.1", peer.port, backoff=0.01) as orbit,
    ):
        with pytest.raises(ProtocolError) as caught:
            orbit.event(KEY, 1)
        assert caught.value.maybe_delivered
        assert orbit.event(KEY, 2)


def reset_after_frame(connection: PeerConnection) -> None:
    close_after_frame(connection)
    connection.reset()


def half_close_after_frame(connection: PeerConnection) -> None:
    close_after_frame(connection)
    connection.finish_sending()
    assert connection.read_to_end() == b""


def close_within_reply(connection: PeerConnection) -> None:
    greet(connection)
    connection.send(f"Success\r\nid: {name(connection.read_frame())}\r\n".encode())


LOSSES = [close_after_frame, reset_after_frame, half_close_after_frame, close_within_reply]


@pytest.mark.parametrize("loss", LOSSES)
def test_after_a_loss_an_event_fails_and_says_that_it_may_have_been_delivered(
    loss: Script,
) -> None:
    with ScriptedPeer(loss) as peer, Client("127.0.0.1", peer.port) as orbit:
        with pytest.raises(ConnectionLost) as caught:
            orbit.event(KEY, 1)
        assert caught.value.maybe_delivered
        assert not caught.value.safe_to_retry


@pytest.mark.parametrize("loss", LOSSES)
def test_after_a_loss_an_event_is_sent_again_if_that_is_wanted(loss: Script) -> None:
    with (
        ScriptedPeer(loss, answer_all) as peer,
        Client("127.0.0.1", peer.port, backoff=0.01) as orbit,
    ):
        assert orbit.event(KEY, 1, retry=True)


def test_where_nobody_listens_connecting_fails_at_once_and_an_event_in_its_time() -> None:
    with Client("127.0.0.1", refused_port(), backoff=0.01) as orbit:
        with pytest.raises(ConnectFailed) as caught:
            orbit.connect()
        assert caught.value.safe_to_retry
        with pytest.raises(Timeout, match=r"no connection to 127\.0\.0\.1") as late:
            orbit.event(KEY, 1, timeout=0.1)
        assert late.value.safe_to_retry


def test_a_silent_server_does_not_hold_up_a_call_beyond_its_time() -> None:
    released = threading.Event()

    def script(connection: PeerConnection) -> None:
        greet(connection)
        connection.read_frame()
        assert released.wait(PATIENCE)

    with ScriptedPeer(script) as peer, Client("127.0.0.1", peer.port) as orbit:
        try:
            with pytest.raises(Timeout) as caught:
                orbit.event(KEY, 1, timeout=0.2)
            assert caught.value.maybe_delivered
        finally:
            released.set()


def test_a_server_that_reads_nothing_of_a_large_event_leaves_it_safe_to_send_again() -> None:
    released = threading.Event()

    def first(connection: PeerConnection) -> None:
        greet(connection)
        connection.read_byte()
        connection.reset()

    def second(connection: PeerConnection) -> None:
        greet(connection)
        frame = connection.read_frame()
        assert len(frame.body) == 64_000_000
        answer(connection, frame)
        released.set()

    with (
        ScriptedPeer(first, second) as peer,
        Client("127.0.0.1", peer.port, limits=Limits(body=64_000_000), backoff=0.01) as orbit,
    ):
        assert orbit.event(KEY, b"x" * 64_000_000, json=False)
    assert released.is_set()
