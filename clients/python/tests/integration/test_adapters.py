from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.client import HTTPException, HTTPResponse
from pathlib import Path

import pytest

from tests.support.adapter import COMMANDS, PATIENCE, Adapter, Line, is_there
from tests.support.browser import ask, event_path, get, next_sse_event
from tests.support.certificate import contexts
from tests.support.peer import PeerConnection, ScriptedPeer, refused_port
from tests.support.peer11 import action, answer, answer_all, greet, speak_1_0
from tests.support.port import reserved_port
from tests.support.server import OrbitedServer, configuration

FEATURES = {"orbit-1.0", "orbit-1.1", "auth", "watch", "tls", "retry", "queue", "reconnect"}
FEATURES |= {"heartbeat"}
ERROR_MEMBERS = {"name", "message", "code", "retriable", "maybeDelivered"}


@pytest.fixture(params=COMMANDS)
def adapter(request: pytest.FixtureRequest) -> Iterator[Adapter]:
    if not is_there(request.param):
        pytest.skip(f"{COMMANDS[request.param][0]} is not there")
    with Adapter(request.param) as running:
        yield running


def key(user: str) -> str:
    return f"{user}, 0, /x"


def path(user: str, transport: str = "sse") -> str:
    return event_path(user, "0", "/x", transport)


def connect(adapter: Adapter, port: int, **options: object) -> None:
    assert adapter.returns("client", host="127.0.0.1", port=port, **options) == {}


def event(adapter: Adapter, *users: str, body: str = "x", **options: object) -> Line:
    return adapter.returns("event", to=[key(user) for user in users], body=body, **options)


def let_be_away(adapter: Adapter, server: OrbitedServer, user: str) -> None:
    """Give a user a session, whose browser does not ask again."""
    with ThreadPoolExecutor(1) as pool:
        poll = pool.submit(ask, server.http_port, path(user, "xhr"))
        while not event(adapter, user, body='"first"', ttl=0)["reached"]:
            assert not poll.done()
        assert poll.result(PATIENCE) == '"first"'


def with_secret(folder: Path, secret: str) -> str:
    """Write a configuration with a secret."""
    file = folder / "secret"
    file.write_text(secret, encoding="utf-8")
    file.chmod(0o600)
    return configuration({"op.secret_file": file})


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


def test_an_event_reaches_a_browser_that_is_there_with_its_text_as_it_is(
    adapter: Adapter, orbited: OrbitedServer
) -> None:
    connect(adapter, orbited.control_port)
    user = "José ☃"
    with get(orbited.http_port, path(user)) as browser:
        receipt = event(adapter, user, body='{"text": "Grüße 😀\u2028"}')
        assert receipt.keys() == {"id", "reached", "unreached"}
        assert isinstance(receipt["id"], str)
        assert (receipt["reached"], receipt["unreached"]) == (1, [])
        assert json.loads(next_sse_event(browser)) == {"text": "Grüße 😀\u2028"}
        three = adapter.returns("event", to=[[user, "0", "/x"], ["*", "*", "/x"]], body="2")
        assert (three["reached"], next_sse_event(browser)) == (1, "2")


def test_an_event_for_who_is_absent_tells_so(adapter: Adapter, orbited: OrbitedServer) -> None:
    connect(adapter, orbited.control_port)
    receipt = event(adapter, "nobody")
    expected = [{"key": key("nobody"), "code": 301, "name": "unreachable"}]
    assert (receipt["reached"], receipt["unreached"]) == (0, expected)


def test_four_recipients_have_four_fates(adapter: Adapter, tmp_path: Path) -> None:
    limits = "[limits]\nsession.waiting = 1\n"
    settings = configuration({"session.timeout": 60}, limits)
    with OrbitedServer(tmp_path, settings) as server, get(server.http_port, path("here")) as here:
        connect(adapter, server.control_port)
        for user in ("away", "full"):
            let_be_away(adapter, server, user)
        waiting = adapter.begin("event", to=[key("full")], body='"waits"')
        receipt = event(adapter, "nobody", "here", "away", "full", body='"four"', ttl=1)
        assert receipt["reached"] == 1
        assert receipt["unreached"] == [
            {"key": key("nobody"), "code": 301, "name": "unreachable"},
            {"key": key("away"), "code": 302, "name": "expired"},
            {"key": key("full"), "code": 303, "name": "overflow"},
        ]
        assert next_sse_event(here) == '"four"'
        assert adapter.returns("close", of=[key("full")], reason="Bye") == {"closed": 1}
        refused = [{"key": key("full"), "code": 304, "name": "refused"}]
        assert adapter.end_of(waiting)["returns"]["unreached"] == refused


def test_with_ack_browser_a_transport_without_cursors_leaves_an_event_unconfirmed(
    adapter: Adapter, orbited: OrbitedServer
) -> None:
    connect(adapter, orbited.control_port)
    with get(orbited.http_port, path("a", "iframe")):
        unconfirmed = [{"key": key("a"), "code": 305, "name": "unconfirmed"}]
        assert event(adapter, "a", ack="browser")["unreached"] == unconfirmed


def test_a_watch_with_state_tells_who_is_there_comes_and_goes(
    adapter: Adapter, tmp_path: Path
) -> None:
    with (
        OrbitedServer(tmp_path, configuration({"session.timeout": 1})) as server,
        get(server.http_port, path("there")),
    ):
        connect(adapter, server.control_port)
        assert event(adapter, "there")["reached"] == 1
        watch = adapter.begin("watch", of=["*, *, /x"], state=True)
        assert adapter.end_of(watch) == {"call": watch, "returns": {}}
        present = adapter.news_of(watch)
        assert present.keys() == {"word", "key", "epoch", "sequence"}
        assert (present["word"], present["key"]) == ("present", key("there"))
        let_be_away(adapter, server, "away")
        signon = adapter.news_of(watch)
        missed = event(adapter, "away")
        signoff = adapter.news_of(watch)
        assert signon == {**present, "word": "signon", "key": key("away"), "sequence": 2}
        assert signoff == {
            **signon,
            "word": "signoff",
            "sequence": 3,
            "reason": "expired",
            "missed": [missed["id"]],
            "unconfirmed": [],
        }
        assert adapter.returns("unwatch", watch=watch) == {}
        assert adapter.returns("close", of=[key("there")]) == {"closed": 1}
        assert adapter.returns("ping") == {}
        assert not adapter.has_news_of(watch)


def test_a_watch_over_a_restart_tells_of_the_gap(adapter: Adapter, tmp_path: Path) -> None:
    with reserved_port() as http, reserved_port() as control:
        config = configuration({"http.port": http, "op.port": control})
        with OrbitedServer(tmp_path, config) as server:
            connect(adapter, control)
            watch = adapter.begin("watch", of=[["*", "*", "*"]])
            adapter.end_of(watch)
            server.kill()
        with OrbitedServer(tmp_path, config):
            assert adapter.news_of(watch) == {"word": "gap"}


def test_a_watch_that_is_refused_throws(adapter: Adapter, tmp_path: Path) -> None:
    with OrbitedServer(tmp_path, with_secret(tmp_path, "open sesame")) as server:
        connect(adapter, server.control_port)
        refused = adapter.throws("watch", of=["*, *, /x"])
        assert (refused["name"], refused["code"]) == ("RefusedError", 501)


def test_a_watch_from_another_epoch_begins_with_a_gap(
    adapter: Adapter, orbited: OrbitedServer
) -> None:
    connect(adapter, orbited.control_port)
    since = {"epoch": "another", "sequence": 7}
    watch = adapter.begin("watch", of=["*, *, /x"], since=since)
    assert adapter.end_of(watch)["returns"] == {}
    assert adapter.news_of(watch) == {"word": "gap"}


def test_a_watch_goes_on_after_the_notice_that_it_is_told(
    adapter: Adapter, orbited: OrbitedServer
) -> None:
    connect(adapter, orbited.control_port)
    first = adapter.begin("watch", of=["*, *, /x"])
    assert adapter.end_of(first)["returns"] == {}
    with get(orbited.http_port, path("a")):
        signon = adapter.news_of(first)
    assert adapter.returns("unwatch", watch=first) == {}
    with get(orbited.http_port, path("b")):
        assert event(adapter, "b")["reached"] == 1
        since = {name: signon[name] for name in ("epoch", "sequence")}
        watch = adapter.begin("watch", of=["*, *, /x"], since=since)
        assert adapter.end_of(watch)["returns"] == {}
        assert (adapter.news_of(watch)["word"], adapter.returns("ping")) == ("signon", {})


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


def test_events_are_begun_in_the_order_of_the_lines(
    adapter: Adapter, orbited: OrbitedServer
) -> None:
    connect(adapter, orbited.control_port)
    with get(orbited.http_port, path("a")) as browser:
        calls = [adapter.begin("event", to=[key("a")], body=str(at)) for at in range(1_000)]
        assert [next_sse_event(browser) for _ in calls] == [str(at) for at in range(1_000)]
        assert all(adapter.end_of(call)["returns"]["reached"] == 1 for call in calls)


def test_a_call_does_not_wait_for_an_earlier_one(adapter: Adapter, tmp_path: Path) -> None:
    with OrbitedServer(tmp_path, configuration({"session.timeout": 60})) as server:
        connect(adapter, server.control_port)
        let_be_away(adapter, server, "away")
        waiting = adapter.begin("event", to=[key("away")], body='"waits"')
        for _ in range(3):
            assert event(adapter, "nobody")["reached"] == 0
            assert adapter.returns("ping") == {}
        assert ask(server.http_port, path("away", "xhr")) == '"waits"'
        assert adapter.end_of(waiting)["returns"]["reached"] == 1


COUNT = 10_000
KILLED_AFTER = 500
"""Events that arrive before the server is killed."""


class Arrivals:
    """The numbers that a browser gets, over any number of streams."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.many = threading.Event()

    @contextmanager
    def of(self, port: int) -> Iterator[None]:
        """Listen, until the stream ends."""
        with ThreadPoolExecutor(1) as pool, get(port, path("a", "ndjson")) as browser:
            reading = pool.submit(self._read, browser)
            yield
            reading.result(PATIENCE)

    def _read(self, browser: HTTPResponse) -> None:
        with suppress(HTTPException, OSError):  # a killed server ends in mid stream
            while line := browser.readline():
                message = json.loads(line)
                if "data" in message:
                    self.numbers.append(message["data"])
                if len(self.numbers) >= KILLED_AFTER:
                    self.many.set()


@pytest.mark.timeout(240)
def test_each_of_10_000_events_ends_truly_though_the_server_is_killed_amid_them(
    adapter: Adapter, tmp_path: Path
) -> None:
    arrivals = Arrivals()
    killed = threading.Event()

    def send() -> list[int]:
        to, calls = [key("a")], []
        for at in range(COUNT):
            if at == COUNT // 2:  # a quick machine would be done before the server is killed
                killed.wait(PATIENCE)
            calls.append(adapter.begin("event", to=to, body=str(at), retry=True))
        return calls

    with reserved_port() as http, reserved_port() as control, ThreadPoolExecutor(1) as pool:
        config = configuration({"http.port": http, "op.port": control})
        with OrbitedServer(tmp_path, config) as server, arrivals.of(http):
            connect(adapter, control)
            sending = pool.submit(send)
            assert arrivals.many.wait(PATIENCE)
            server.kill()
            killed.set()
        with OrbitedServer(tmp_path, config) as server, arrivals.of(http):
            # Each ends by its client's time-out of a minute at the latest.
            ends = [adapter.end_of(call, 90) for call in sending.result(90)]
            server.terminate()
    arrived = set(arrivals.numbers)
    assert len(arrived) > KILLED_AFTER
    for at, end in enumerate(ends):
        if "returns" in end and end["returns"]["reached"] == 1:
            assert at in arrived, f"event {at} was reported as reached"
        if "throws" in end and not end["throws"]["maybeDelivered"]:
            assert at not in arrived, f"event {at} was reported as not sent"
