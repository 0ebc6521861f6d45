from __future__ import annotations

import select

import pytest

from pyorbited import ConnectFailed, ConnectionLost, Limits, Receipt, RefusedError
from pyorbited.simple import Client
from tests.support.peer import PATIENCE, PeerConnection, Script, ScriptedPeer, refused_port

KEY = "username, 0, /example"
LARGE = Limits(body=64_000_000)
UNSENDABLE = b"x" * LARGE.body
"""More than the buffers of both ends hold, so that it can't be sent unless the peer reads."""

GOOD_BYE = b"Failure\r\nmsg: Good-bye\r\ncode: 402 shutting_down\r\n\r\n"


def close_after_frame(connection: PeerConnection) -> None:
    connection.read_frame()


def reset_after_frame(connection: PeerConnection) -> None:
    connection.read_frame()
    connection.reset()


def half_close_after_frame(connection: PeerConnection) -> None:
    connection.read_frame()
    connection.finish_sending()
    assert connection.read_to_end() == b""


def close_within_reply(connection: PeerConnection) -> None:
    connection.read_frame()
    connection.send(b"Success\r\nid: 1\r\n")


LOSSES = [close_after_frame, reset_after_frame, half_close_after_frame, close_within_reply]


def wait_for_end(orbit: Client) -> None:
    """Wait until the end of the connection has arrived at the client's socket."""
    assert orbit._connection is not None
    readable, _, _ = select.select([orbit._connection], [], [], PATIENCE)
    assert readable


@pytest.mark.parametrize("loss", LOSSES)
def test_after_a_loss_the_event_is_sent_once_more(loss: Script) -> None:
    def second(connection: PeerConnection) -> None:
        frame = connection.read_frame()
        assert frame.body == b'"x"'
        assert frame.id == 2
        connection.succeed(frame)

    with ScriptedPeer(loss, second) as peer, Client("127.0.0.1", peer.port) as orbit:
        assert orbit.event(KEY, "x") == Receipt(2)


@pytest.mark.parametrize("loss", LOSSES)
def test_without_retry_a_loss_says_that_the_event_may_have_been_delivered(loss: Script) -> None:
    with ScriptedPeer(loss) as peer, Client("127.0.0.1", peer.port) as orbit:
        with pytest.raises(ConnectionLost) as caught:
            orbit.event(KEY, "x", retry=False)
        assert not orbit.connected
    assert caught.value.retriable
    assert caught.value.maybe_delivered
    assert not caught.value.safe_to_retry


def test_a_second_loss_is_raised() -> None:
    with (
        ScriptedPeer(close_after_frame, close_after_frame) as peer,
        Client("127.0.0.1", peer.port) as orbit,
        pytest.raises(ConnectionLost),
    ):
        orbit.event(KEY, "x")


def test_a_loss_before_the_whole_event_was_sent_can_be_retried_safely() -> None:
    def reset_within_frame(connection: PeerConnection) -> None:
        connection.read_byte()
        connection.reset()

    with (
        ScriptedPeer(reset_within_frame) as peer,
        Client("127.0.0.1", peer.port, limits=LARGE) as orbit,
        pytest.raises(ConnectionLost) as caught,
    ):
        orbit.event(KEY, UNSENDABLE, json=False, retry=False)
    assert caught.value.safe_to_retry


def test_a_failed_connection_after_a_loss_still_tells_of_the_first_attempt() -> None:
    peer = ScriptedPeer(close_after_frame)
    orbit = Client("127.0.0.1", peer.port)
    with peer:
        orbit.connect()
        peer.stop_listening()
        with pytest.raises(ConnectFailed) as caught:
            orbit.event(KEY, "x")
    assert caught.value.maybe_delivered
    assert not caught.value.safe_to_retry
    assert isinstance(caught.value.__context__, ConnectionLost)


def test_where_nobody_listens_connecting_fails_and_is_safe_to_retry() -> None:
    orbit = Client("127.0.0.1", refused_port())
    for call in (orbit.connect, orbit.reconnect, lambda: orbit.event(KEY, "x")):
        with pytest.raises(ConnectFailed, match="no connection to ") as caught:
            call()
        assert caught.value.safe_to_retry
        assert not orbit.connected


def test_a_host_that_can_have_no_address_is_unknown() -> None:
    with pytest.raises(ConnectFailed, match="is unknown"):
        Client("a..b").connect()


@pytest.mark.parametrize("good_bye", [b"", GOOD_BYE])
def test_a_connection_closed_while_idle_is_replaced_without_a_retry(good_bye: bytes) -> None:
    def close_when_idle(connection: PeerConnection) -> None:
        connection.succeed(connection.read_frame())
        connection.send(good_bye)

    with (
        ScriptedPeer(close_when_idle, PeerConnection.answer_all) as peer,
        Client("127.0.0.1", peer.port) as orbit,
    ):
        assert orbit.event(KEY, "x")
        wait_for_end(orbit)
        assert orbit.event(KEY, "y", retry=False) == Receipt(2)


def test_a_connection_reset_while_idle_is_replaced_without_a_retry() -> None:
    def reset_when_idle(connection: PeerConnection) -> None:
        connection.succeed(connection.read_frame())
        connection.reset()

    with (
        ScriptedPeer(reset_when_idle, PeerConnection.answer_all) as peer,
        Client("127.0.0.1", peer.port) as orbit,
    ):
        assert orbit.event(KEY, "x")
        wait_for_end(orbit)
        assert orbit.event(KEY, "y", retry=False) == Receipt(2)


def say_good_bye(connection: PeerConnection) -> None:
    connection.read_frame()
    connection.send(GOOD_BYE)


def test_a_temporary_refusal_is_retried_on_a_new_connection() -> None:
    with (
        ScriptedPeer(say_good_bye, PeerConnection.answer_all) as peer,
        Client("127.0.0.1", peer.port) as orbit,
    ):
        assert orbit.event(KEY, "x") == Receipt(2)


def test_without_retry_a_temporary_refusal_is_raised_and_safe_to_retry() -> None:
    with ScriptedPeer(say_good_bye) as peer, Client("127.0.0.1", peer.port) as orbit:
        with pytest.raises(RefusedError, match="Good-bye") as caught:
            orbit.event(KEY, "x", retry=False)
        assert not orbit.connected
    assert caught.value.code == 402
    assert caught.value.safe_to_retry


def test_a_refusal_before_the_event_was_read_is_heard() -> None:
    def refuse(connection: PeerConnection) -> None:
        connection.send(b"Failure\r\nmsg: Too many\r\ncode: 403 too_many_connections\r\n\r\n")

    with (
        ScriptedPeer(refuse) as peer,
        Client("127.0.0.1", peer.port, limits=LARGE) as orbit,
        pytest.raises(RefusedError, match="403 too_many_connections"),
    ):
        orbit.event(KEY, UNSENDABLE, json=False, retry=False)
