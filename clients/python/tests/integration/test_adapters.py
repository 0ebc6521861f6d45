from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.adapter import PATIENCE, Adapter
from tests.support.adapter_calls import connect, event, key, path, with_secret
from tests.support.browser import get
from tests.support.certificate import contexts
from tests.support.peer import PeerConnection, ScriptedPeer, refused_port
from tests.support.peer11 import action, answer, answer_all, greet, speak_1_0
from tests.support.server import OrbitedServer

FEATURES = {"orbit-1.0", "orbit-1.1", "auth", "watch", "retry", "queue", "reconnect"}
FEATURES |= {"heartbeat"}
ERROR_MEMBERS = {"name", "message", "code", "retriable", "maybeDelivered"}


def test_hello_tells_name_version_and_features(adapter: Adapter) -> None:
    hello = adapter.returns("hello")
    assert hello.keys() == {"name", "version", "features"}
    assert set(hello["features"]) >= FEATURES


def test_a_verb_or_a_member_that_is_unknown_is_unsupported(adapter: Adapter) -> None:
    for error in (
        adapter.throws("fly"),
        adapter.throws("ping", high=True),
        adapter.throws("client", host="127.0.0.1", port=1, colour="red"),
    ):
        assert error.keys() == ERROR_MEMBERS
        assert error["name"] == "Unsupported"
        assert (error["code"], error["retriable"], error["maybeDelivered"]) == (None, False, False)


def test_quit_ends_it_though_standard_input_goes_on(adapter: Adapter) -> None:
    connect(adapter, refused_port())
    assert adapter.returns("quit") == {}
    assert adapter.wait() == 0


def test_the_end_of_standard_input_ends_it_and_the_calls_that_are_under_way(
    adapter: Adapter, orbited: OrbitedServer
) -> None:
    connect(adapter, orbited.control_port)
    watch = adapter.begin("watch", of=["*, *, /x"])
    assert adapter.end_of(watch) == {"call": watch, "returns": {}}
    calls = [adapter.begin("event", to=[key("nobody")], body="x") for _ in range(100)]
    calls.append(adapter.begin("list", of=["*, *, *"]))
    assert adapter.finish() == 0
    assert all("returns" in adapter.end_of(call) for call in calls)
    assert not adapter.has_news_of(watch)  # it did not end by itself


def test_a_server_of_orbit_1_0_gets_plain_events_and_all_else_throws(adapter: Adapter) -> None:
    with ScriptedPeer(speak_1_0) as peer:
        connect(adapter, peer.port)
        unreached = [{"key": key("b"), "code": None, "name": None}]
        receipt = event(adapter, "a", "b")
        assert (receipt["reached"], receipt["unreached"]) == (1, unreached)
        for error in (
            adapter.throws("event", to=["*, *, /x"], body="x"),
            adapter.throws("event", to=[key("a")], body="x", ttl=1),
            adapter.throws("watch", of=["*, *, /x"]),
            adapter.throws("ping"),
        ):
            assert (error["name"].lower(), error["code"]) == ("unsupportedversion", 102)
            assert (error["retriable"], error["maybeDelivered"]) == (False, False)
        assert adapter.returns("quit") == {}


def test_a_silent_server_is_asked_for_a_sign_of_life(adapter: Adapter) -> None:
    def script(connection: PeerConnection) -> None:
        greet(connection)
        frames = [connection.read_frame(), connection.read_frame()]
        assert [action(frame) for frame in frames] == ["Event", "Ping"]
        answer(connection, frames[1], "")
        answer(connection, frames[0])
        answer_all(connection)

    with ScriptedPeer(script) as peer:
        connect(adapter, peer.port, heartbeat=1, timeout=PATIENCE)
        assert event(adapter, "a")["reached"] == 1
        assert adapter.returns("quit") == {}


def test_keys_are_listed_and_closed(adapter: Adapter, orbited: OrbitedServer) -> None:
    connect(adapter, orbited.control_port)
    with get(orbited.http_port, path("a")) as browser, get(orbited.http_port, path("b")):
        listing = adapter.returns("list", of=["*, *, /x", key("a")])
        assert (sorted(listing["keys"]), listing["more"]) == ([key("a"), key("b")], False)
        some = adapter.returns("list", of=[["*", "0", "*"]], limit=1)
        assert (len(some["keys"]), some["more"]) == (1, True)
        assert adapter.returns("close", of=["a, *, *"], reason="Good-bye") == {"closed": 1}
        assert "Good-bye" in browser.read().decode()
        assert adapter.returns("list", of=["*, *, /x"]) == {"keys": [key("b")], "more": False}
        assert adapter.returns("close", of=["*, *, /nowhere"]) == {"closed": 0}


@pytest.mark.parametrize("to", [["no key"], [["a", "0"]], ["a", "b", "/x"], [["a", "0", "x"]]])
def test_a_recipient_that_is_none_throws(adapter: Adapter, to: list[object]) -> None:
    connect(adapter, refused_port())
    error = adapter.throws("event", to=to, body="x")
    assert error.keys() == ERROR_MEMBERS
    assert error["name"] == "InvalidRecipient"
    assert (error["code"], error["retriable"], error["maybeDelivered"]) == (None, False, False)


def test_times_are_in_seconds(adapter: Adapter) -> None:
    connect(adapter, refused_port(), timeout=0.5)
    error = adapter.throws("event", to=[key("a")], body="x")
    assert (error["name"], error["retriable"], error["maybeDelivered"]) == ("Timeout", True, False)


def test_a_full_queue_does_what_it_was_told_to(adapter: Adapter) -> None:
    connect(adapter, refused_port(), timeout=2, queue=1, whenFull="fail")
    first = adapter.begin("event", to=[key("a")], body="1")
    error = adapter.throws("event", to=[key("a")], body="2")
    assert (error["name"], error["retriable"], error["maybeDelivered"]) == (
        "QueueFull",
        True,
        False,
    )
    assert adapter.end_of(first)["throws"]["name"] == "Timeout"


def test_a_secret_lets_it_in(adapter: Adapter, tmp_path: Path) -> None:
    with OrbitedServer(tmp_path, with_secret(tmp_path, "open sesame")) as server:
        connect(adapter, server.control_port, secret="open sesame")
        assert adapter.returns("ping") == {}
        assert adapter.returns("auth", secret="open sesame") == {}
        refused = adapter.throws("auth", secret="open says me")
        assert (refused["name"], refused["code"]) == ("RefusedError", 502)
        assert not refused["retriable"]


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl makes the certificate")
def test_it_trusts_the_authority_that_it_is_given(adapter: Adapter, tmp_path: Path) -> None:
    server, _ = contexts(tmp_path)
    with ScriptedPeer(answer_all, tls=server) as peer:
        options = {"host": "localhost", "port": peer.port, "ca": str(tmp_path / "certificate.pem")}
        assert adapter.returns("client", **options) == {}
        assert event(adapter, "a")["reached"] == 1
        assert adapter.returns("quit") == {}
