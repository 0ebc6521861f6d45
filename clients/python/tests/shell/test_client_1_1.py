from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from pyorbited import (
    ConnectionKey,
    InvalidBody,
    InvalidRecipient,
    LimitExceeded,
    Limits,
    Pattern,
    RefusedError,
    Timeout,
    UnsupportedVersion,
)
from pyorbited.client import Client, Unreached
from tests.support.peer import PATIENCE, PeerConnection, Script, ScriptedPeer, refused_port
from tests.support.peer11 import action, answer, answer_all, greet, name, refuse, speak_1_0

KEY = "a, 0, /x"


def test_an_event_of_all_options_is_written_and_its_receipt_read() -> None:
    def script(connection: PeerConnection) -> None:
        greet(connection)
        frame = connection.read_frame()
        assert frame.lines[:2] == ["Orbit 1.1", "Event"]
        assert frame.lines[3:] == [
            "recipient: *, *, /chat",
            "recipient: a, 0, /x",
            "ack: browser",
            "ttl: 10",
            "length: 4",
        ]
        assert frame.body == b'"hi"'
        head = f"Failure\r\nid: {name(frame)}\r\nmsg: Not all\r\nreached: 12\r\n"
        tail = "unreached: 305 unconfirmed (b, 0, /chat)\r\n\r\n"
        for byte in f"{head}{tail}".encode():
            connection.send(bytes([byte]))

    with ScriptedPeer(script) as peer, Client("127.0.0.1", peer.port) as orbit:
        receipt = orbit.event(["*, *, /chat", KEY], "hi", ttl=10, ack="browser")
    assert not receipt
    assert (receipt.reached, receipt.message) == (12, "Not all")
    assert receipt.unreached == [Unreached(ConnectionKey("b", "0", "/chat"), 305, "unconfirmed")]


def test_many_events_are_under_way_at_once_and_answered_in_another_order() -> None:
    def script(connection: PeerConnection) -> None:
        greet(connection)
        frames = [connection.read_frame() for _ in range(100)]
        assert [frame.body for frame in frames] == [b"%d" % number for number in range(100)]
        for frame in reversed(frames):
            answer(connection, frame)

    with ScriptedPeer(script) as peer, Client("127.0.0.1", peer.port) as orbit:
        futures = [orbit.submit(KEY, number) for number in range(100)]
        assert all(future.result() for future in futures)


def test_the_ids_of_two_clients_differ() -> None:
    ids: list[str] = []

    def script(connection: PeerConnection) -> None:
        greet(connection)
        frame = connection.read_frame()
        ids.append(name(frame))
        answer(connection, frame)

    with ScriptedPeer(script, script) as peer:
        for _ in range(2):
            with Client("127.0.0.1", peer.port) as orbit:
                assert orbit.event(KEY, 1).id == ids[-1]
    assert ids[0] != ids[1]


def test_threads_share_a_connection_and_a_pool_has_several() -> None:
    scripts: list[Script] = [answer_all] * 2
    with (
        ScriptedPeer(*scripts, at_once=True) as peer,
        Client("127.0.0.1", peer.port, pool=2) as orbit,
        ThreadPoolExecutor(8) as threads,
    ):
        orbit.connect()
        assert orbit.connected
        assert all(threads.map(lambda number: orbit.event(KEY, number), range(200)))


def test_the_events_of_one_thread_stay_on_one_connection_in_order() -> None:
    bodies: list[list[bytes]] = [[], []]

    def into(seen: list[bytes]) -> Script:
        def script(connection: PeerConnection) -> None:
            while frame := connection.read_frame_or_end():
                if action(frame) == "Event":
                    seen.append(frame.body)
                answer(connection, frame)

        return script

    with (
        ScriptedPeer(*map(into, bodies), at_once=True) as peer,
        Client("127.0.0.1", peer.port, pool=2) as orbit,
    ):
        orbit.connect()
        for future in [orbit.submit(KEY, number) for number in range(50)]:
            future.result()
    assert sorted(bodies) == [[], [b"%d" % number for number in range(50)]]


def test_list_close_ping_and_auth_are_answered() -> None:
    def script(connection: PeerConnection) -> None:
        assert action(greet(connection)) == "Ping"
        frame = connection.read_frame()
        assert frame.lines[1:] == ["List", f"id: {name(frame)}", "recipient: *, *, *", "limit: 2"]
        answer(connection, frame, "keys: 2\r\nmore: yes\r\nlength: 20\r\n")
        connection.send(b"")
        connection.send("a, 0, /x\nZo\u00eb, 0, /\n".encode())
        frame = connection.read_frame()
        assert frame.lines[3:] == ["recipient: a, *, *", "reason: Bye"]
        answer(connection, frame, "closed: 3\r\n")
        answer(connection, connection.read_frame(), "")
        frame = connection.read_frame()
        assert (action(frame), frame.body) == ("Auth", b"secret")
        answer(connection, frame, "")

    with ScriptedPeer(script) as peer, Client("127.0.0.1", peer.port) as orbit:
        listing = orbit.list("*, *, *", limit=2)
        assert [str(key) for key in listing.keys] == ["a, 0, /x", "Zo\u00eb, 0, /"]
        assert listing.more
        assert orbit.close(Pattern("a", "*", "*"), "Bye") == 3
        orbit.ping()
        orbit.auth("secret")


def test_a_secret_is_shown_on_each_connection_before_anything_else() -> None:
    def script(connection: PeerConnection) -> None:
        frame = greet(connection)
        assert (action(frame), frame.body) == ("Auth", b"s")
        answer(connection, connection.read_frame())

    with (
        ScriptedPeer(script, script) as peer,
        Client("127.0.0.1", peer.port, secret="s", backoff=0.01) as orbit,
    ):
        assert orbit.event(KEY, 1)
        assert orbit.event(KEY, 1, retry=True)


def test_a_wrong_secret_is_an_error_of_each_call() -> None:
    def script(connection: PeerConnection) -> None:
        refuse(connection, connection.read_frame(), "502 auth_failed")

    with (
        ScriptedPeer(script) as peer,
        Client("127.0.0.1", peer.port, secret="s", backoff=60, max_backoff=60) as orbit,
    ):
        for _ in range(2):
            with pytest.raises(RefusedError, match="502 auth_failed"):
                orbit.event(KEY, 1)


def test_a_server_of_orbit_1_0_is_recognised_before_any_event_and_gets_plain_ones() -> None:
    with ScriptedPeer(speak_1_0) as peer, Client("127.0.0.1", peer.port) as orbit:
        for unsupported in (
            lambda: orbit.event("*, *, /x", "for all"),
            lambda: orbit.event(KEY, 1, ttl=1),
            orbit.ping,
            lambda: orbit.list("*, *, *"),
            orbit.watch("*, *, *").begin,
        ):
            with pytest.raises(UnsupportedVersion, match=r"Orbit 1\.0 only") as caught:
                unsupported()
            assert (caught.value.code, caught.value.maybe_delivered) == (102, False)
        receipt = orbit.event([KEY, "b, 0, /x"], 1)
        assert receipt.reached == 1
        assert receipt.unreached == [Unreached(ConnectionKey("b", "0", "/x"))]
        with pytest.raises(UnsupportedVersion):
            orbit.submit("*, *, /x", 1).result(PATIENCE)


@pytest.mark.parametrize(
    ("recipients", "body", "options", "error"),
    [
        ("nobody", 1, {}, InvalidRecipient),
        (["a, 0, /x", "b\r\nttl: 0, 0, /x"], 1, {}, InvalidRecipient),
        (ConnectionKey("*", "0", "/x"), 1, {}, InvalidRecipient),
        (KEY, {1}, {}, InvalidBody),
        (KEY, "x" * 99, {}, LimitExceeded),
        (KEY, 1, {"ttl": -1}, ValueError),
        (KEY, 1, {"ttl": 1.5}, ValueError),
        (KEY, 1, {"ack": "read"}, ValueError),
        (KEY, 1, {"timeout": -1}, ValueError),
    ],
)
def test_what_is_invalid_is_refused_before_anything_is_sent(
    recipients: str, body: object, options: dict[str, int], error: type[Exception]
) -> None:
    with Client("127.0.0.1", refused_port(), limits=Limits(body=50)) as orbit:
        with pytest.raises(error):
            orbit.submit(recipients, body, **options)  # type: ignore[arg-type]
        assert repr(orbit).endswith("not connected>")


@pytest.mark.parametrize("wrong", [{"port": 0}, {"pool": 0}, {"policy": "drop"}, {"timeout": -1}])
def test_arguments_out_of_range_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"port|pool|policy|timeout"):
        Client(**wrong)  # type: ignore[arg-type]


def test_with_a_full_queue_submit_blocks_until_there_is_room() -> None:
    released = threading.Event()

    def script(connection: PeerConnection) -> None:
        assert released.wait(PATIENCE)
        answer_all(connection)

    with (
        ScriptedPeer(script) as peer,
        Client("127.0.0.1", peer.port, queue=1) as orbit,
        ThreadPoolExecutor(1) as threads,
    ):
        first = orbit.submit(KEY, 1)
        second = threads.submit(orbit.submit, KEY, 2)
        with pytest.raises(Timeout, match="room in the queue"):
            orbit.event(KEY, 3, timeout=0.05)
        assert not second.done()
        released.set()
        assert first.result()
        assert second.result(PATIENCE).result(PATIENCE)
