from __future__ import annotations

import pytest

from pyorbited import (
    ConnectionKey,
    InvalidBody,
    InvalidRecipient,
    LimitExceeded,
    Limits,
    OrbitedError,
    ProtocolError,
    Receipt,
    RefusedError,
)
from pyorbited.simple import Client
from tests.support.peer import PeerConnection, ScriptedPeer, refused_port

KEY = "username, 0, /example"


def test_the_program_of_the_slides_sends_its_event() -> None:
    def script(connection: PeerConnection) -> None:
        frame = connection.read_frame()
        assert frame.lines == [
            "Orbit 1.0",
            "Event",
            "id: 1",
            "recipient: username, 0, /example",
            "length: 17",
        ]
        assert frame.body == b'"Hello, browser!"'
        connection.succeed(frame)
        assert connection.read_to_end() == b""

    with ScriptedPeer(script) as peer, Client("127.0.0.1", peer.port) as orbit:
        assert not orbit.connected
        assert orbit.event(["username, 0, /example"], "Hello, browser!") == Receipt(1)
        assert orbit.connected


def test_all_events_go_over_one_connection() -> None:
    with ScriptedPeer(PeerConnection.answer_all) as peer, Client("127.0.0.1", peer.port) as orbit:
        orbit.connect()
        orbit.connect()
        assert [orbit.event(KEY, n).id for n in range(12)] == list(range(1, 13))


def test_without_json_the_body_goes_as_it_is() -> None:
    def script(connection: PeerConnection) -> None:
        for expected in (b"\xff\r\n\r\n\x00", "<b>é</b>".encode(), b""):
            frame = connection.read_frame()
            assert frame.body == expected
            connection.succeed(frame)

    with ScriptedPeer(script) as peer, Client("127.0.0.1", peer.port) as orbit:
        orbit.event(KEY, b"\xff\r\n\r\n\x00", False)
        orbit.event(KEY, "<b>é</b>", json=False)
        orbit.event(KEY, "", json=False)


def test_recipients_of_all_forms_reach_the_wire_once_each() -> None:
    def script(connection: PeerConnection) -> None:
        frame = connection.read_frame()
        assert frame.values("recipient") == ["a, 0, /x", "José ☃, 0, /中文", "b, 0, /x"]
        connection.succeed(frame)

    with ScriptedPeer(script) as peer, Client("127.0.0.1", peer.port) as orbit:
        orbit.event(
            ["a, 0, /x", ("José ☃", "0", "/中文"), ConnectionKey("b", "0", "/x"), "a, 0, /x"], 1
        )


def test_unreached_recipients_are_named_even_if_the_reply_comes_byte_by_byte() -> None:
    def script(connection: PeerConnection) -> None:
        frame = connection.read_frame()
        reply = (
            f"Failure\r\nid: {frame.id}\r\nmsg: Failed to reach one or more recipients\r\n"
            "recipient: (josé, 0, /chat)\r\n\r\n"
        )
        for byte in reply.encode():
            connection.send(bytes([byte]))

    with ScriptedPeer(script) as peer, Client("127.0.0.1", peer.port) as orbit:
        receipt = orbit.event(["michael, 0, /chat", "josé, 0, /chat"], "x")
    assert not receipt
    assert receipt.unreached == [ConnectionKey("josé", "0", "/chat")]
    assert receipt.message == "Failed to reach one or more recipients"


def test_a_refused_event_leaves_the_connection_usable() -> None:
    def script(connection: PeerConnection) -> None:
        frame = connection.read_frame()
        connection.send(
            b"Failure\r\nid: %d\r\nmsg: Too long\r\ncode: 201 line_too_long\r\n\r\n" % frame.id
        )
        connection.answer_all()

    with ScriptedPeer(script) as peer, Client("127.0.0.1", peer.port) as orbit:
        with pytest.raises(RefusedError, match=r"Too long \(201 line_too_long\)") as caught:
            orbit.event(KEY, "x")
        assert (caught.value.code, caught.value.name, caught.value.id) == (201, "line_too_long", 1)
        assert orbit.event(KEY, "y") == Receipt(2)


@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"Success\r\nid: 99\r\n\r\n",
        b"\x00\xff" * 10_000,
    ],
)
def test_garbage_or_a_wrong_id_ends_the_connection(reply: bytes) -> None:
    def script(connection: PeerConnection) -> None:
        connection.read_frame()
        connection.send(reply)
        assert connection.read_to_end() == b""

    with (
        ScriptedPeer(script, PeerConnection.answer_all) as peer,
        Client("127.0.0.1", peer.port) as orbit,
    ):
        with pytest.raises(ProtocolError) as caught:
            orbit.event(KEY, "x")
        assert caught.value.maybe_delivered
        assert not orbit.connected
        assert orbit.event(KEY, "y") == Receipt(2)


@pytest.mark.parametrize(
    ("recipients", "body", "error"),
    [
        (["a, 0, /x", "b\r\nlength: 0, 0, /x"], "x", InvalidRecipient),
        ("nobody", "x", InvalidRecipient),
        (KEY, {1}, InvalidBody),
        (["a, 0, /x", "b, 0, /x", "c, 0, /x"], "x", LimitExceeded),
        (KEY, "x" * 99, LimitExceeded),
        (f"{'x' * 99}, 0, /x", "x", LimitExceeded),
        ([f"{'x' * 70}, 0, /x", f"{'y' * 70}, 0, /x"], "x", LimitExceeded),
    ],
)
def test_what_is_invalid_is_refused_before_anything_is_sent_or_connected(
    recipients: str | list[str], body: object, error: type[OrbitedError]
) -> None:
    limits = Limits(line=99, recipients=2, body=99, head=199)
    orbit = Client("127.0.0.1", refused_port(), limits=limits)
    with pytest.raises(error):
        orbit.event(recipients, body)
    assert not orbit.connected


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_a_port_out_of_range_is_refused(port: int) -> None:
    with pytest.raises(ValueError, match="a port is a number from 1 to 65535"):
        Client(port=port)


def test_a_client_can_be_closed_and_used_again() -> None:
    scripts = [PeerConnection.answer_all] * 3
    with ScriptedPeer(*scripts) as peer:
        orbit = Client("127.0.0.1", peer.port)
        orbit.disconnect()
        orbit.connect()
        assert repr(orbit) == f"<Client of 127.0.0.1:{peer.port}, connected>"
        orbit.disconnect()
        orbit.disconnect()
        assert repr(orbit) == f"<Client of 127.0.0.1:{peer.port}, not connected>"
        assert orbit.event(KEY, "x")
        orbit.reconnect()
        assert orbit.connected
        assert orbit.event(KEY, "x") == Receipt(2)
        orbit.disconnect()
