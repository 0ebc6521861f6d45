from __future__ import annotations

from pathlib import Path

from tests.support.adapter import Adapter
from tests.support.adapter_calls import connect, event, key, let_be_away, path, with_secret
from tests.support.browser import get
from tests.support.port import reserved_port
from tests.support.server import OrbitedServer, configuration


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
