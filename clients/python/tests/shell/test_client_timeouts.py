from __future__ import annotations

import socket
import threading

import pytest

from pyorbited import Limits, Receipt, Timeout
from pyorbited.simple import Client
from tests.support.peer import PATIENCE, PeerConnection, ScriptedPeer

KEY = "username, 0, /example"
SHORT = 1.0
"""Seconds for a call that is to run out of them, but only after it was sent."""


def stay_silent(connection: PeerConnection) -> None:
    connection.read_frame()
    assert connection.read_to_end() == b""


def test_silence_ends_in_a_timeout_which_closes_the_connection() -> None:
    with (
        ScriptedPeer(stay_silent, PeerConnection.answer_all) as peer,
        Client("127.0.0.1", peer.port, timeout=SHORT) as orbit,
    ):
        orbit.connect(timeout=None)
        with pytest.raises(Timeout, match="the reply took longer than the 1 s") as caught:
            orbit.event(KEY, "x")
        assert caught.value.maybe_delivered
        assert not orbit.connected
        assert orbit.event(KEY, "y", timeout=None) == Receipt(2)


def test_the_timeout_of_a_call_goes_before_that_of_the_client() -> None:
    with (
        ScriptedPeer(stay_silent) as peer,
        Client("127.0.0.1", peer.port, timeout=None) as orbit,
    ):
        orbit.connect()
        with pytest.raises(Timeout, match="the reply took longer than the 1 s"):
            orbit.event(KEY, "x", timeout=SHORT)


def test_drops_of_a_reply_do_not_prolong_the_call() -> None:
    def drip(connection: PeerConnection) -> None:
        connection.read_frame()
        connection.send(b"Success\r\n")
        assert connection.read_to_end() == b""

    with (
        ScriptedPeer(drip) as peer,
        Client("127.0.0.1", peer.port) as orbit,
    ):
        orbit.connect()
        with pytest.raises(Timeout, match="the reply took longer than the 1 s"):
            orbit.event(KEY, "x", timeout=SHORT)


def test_an_event_that_could_not_be_sent_whole_was_not_delivered() -> None:
    def never_read(connection: PeerConnection) -> None:
        assert timed_out.wait(PATIENCE)
        connection.reset()

    timed_out = threading.Event()
    large = Limits(body=64_000_000)
    with ScriptedPeer(never_read) as peer, Client("127.0.0.1", peer.port, limits=large) as orbit:
        orbit.connect()
        with pytest.raises(Timeout, match="sending the event took longer") as caught:
            orbit.event(KEY, b"x" * large.body, json=False, timeout=SHORT)
        assert not orbit.connected
        timed_out.set()
    assert caught.value.safe_to_retry


def test_no_time_is_over_before_anything_happens() -> None:
    orbit = Client("127.0.0.1", 9, timeout=0)
    for call in (orbit.connect, orbit.reconnect, lambda: orbit.event(KEY, "x")):
        with pytest.raises(Timeout) as caught:
            call()
        assert caught.value.safe_to_retry


def test_a_full_backlog_ends_connecting_in_a_timeout() -> None:
    with socket.socket() as listener, socket.socket() as first, socket.socket() as second:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address: tuple[str, int] = listener.getsockname()
        first.connect(address)
        second.setblocking(False)
        second.connect_ex(address)
        orbit = Client(*address, timeout=0.1)
        with pytest.raises(Timeout, match=r"connecting to .* took longer") as caught:
            orbit.event(KEY, "x")
    assert caught.value.safe_to_retry


def test_a_call_that_waits_for_its_turn_times_out_without_harm_to_the_other() -> None:
    def answer_when_told(connection: PeerConnection) -> None:
        frame = connection.read_frame()
        under_way.set()
        assert may_answer.wait(PATIENCE)
        connection.succeed(frame)
        connection.answer_all()

    under_way, may_answer = threading.Event(), threading.Event()
    receipts: list[Receipt] = []
    with (
        ScriptedPeer(answer_when_told) as peer,
        Client("127.0.0.1", peer.port) as orbit,
    ):
        first = threading.Thread(target=lambda: receipts.append(orbit.event(KEY, "x")))
        first.start()
        assert under_way.wait(PATIENCE)
        with pytest.raises(
            Timeout, match="waiting for other threads' events took longer"
        ) as caught:
            orbit.event(KEY, "y", timeout=0.05)
        may_answer.set()
        first.join(PATIENCE)
        assert receipts == [Receipt(1)]
        assert orbit.connected
        assert orbit.event(KEY, "z") == Receipt(2)
    assert caught.value.safe_to_retry
