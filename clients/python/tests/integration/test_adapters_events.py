from __future__ import annotations

import json
from pathlib import Path

from tests.support.adapter import Adapter
from tests.support.adapter_calls import connect, event, key, let_be_away, path
from tests.support.browser import ask, get, next_sse_event
from tests.support.server import OrbitedServer, configuration


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
