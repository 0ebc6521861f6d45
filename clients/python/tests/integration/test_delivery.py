from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from pyorbited import ConnectionKey, Receipt
from pyorbited.simple import Client
from tests.support.browser import (
    ask,
    event_path,
    get,
    next_iframe_event,
    next_sse_event,
    send_until_reached,
)
from tests.support.server import OrbitedServer

KEY = "username, 0, /example"


def test_the_event_of_the_slides_reaches_the_browser(orbited: OrbitedServer) -> None:
    with (
        get(orbited.http_port, "/example%7Cusername,0,sse") as browser,
        Client(port=orbited.control_port) as orbit,
    ):
        assert browser.status == 200
        assert browser.getheader("Content-Type", "").startswith("text/event-stream")
        assert orbit.event(["username, 0, /example"], "Hello, browser!") == Receipt(1)
        assert next_sse_event(browser) == '"Hello, browser!"'


def test_a_browser_that_is_not_there_is_named_by_the_receipt(orbited: OrbitedServer) -> None:
    with Client(port=orbited.control_port) as orbit:
        receipt = orbit.event(["nobody, 0, /example"], "Hello?")
    assert not receipt
    assert receipt.unreached == [ConnectionKey("nobody", "0", "/example")]
    assert receipt.message == "Failed to reach one or more recipients"


def test_each_of_several_recipients_has_its_own_fate(orbited: OrbitedServer) -> None:
    with (
        get(orbited.http_port, event_path("a", "0", "/chat", "sse")) as first,
        get(orbited.http_port, event_path("b", "1", "/chat", "iframe")) as second,
        Client(port=orbited.control_port) as orbit,
    ):
        recipients = ["z, 0, /chat", "a, 0, /chat", "y, 0, /chat", "b, 1, /chat"]
        receipt = orbit.event(recipients, [1, 2])
        assert [str(key) for key in receipt.unreached] == ["z, 0, /chat", "y, 0, /chat"]
        assert next_sse_event(first) == next_iframe_event(second) == "[1,2]"


def test_an_event_for_nobody_is_a_success(orbited: OrbitedServer) -> None:
    with Client(port=orbited.control_port) as orbit:
        assert orbit.event([], "x") == Receipt(1)


@pytest.mark.parametrize(
    ("user", "session", "location"),
    [
        ("José Müller", "☃", "/räume/中文"),
        ("👩‍💻", "a,b", "/x, y"),
        ("100%", "a|b", "/a+b=c"),
    ],
)
def test_names_and_bodies_may_be_of_any_language(
    orbited: OrbitedServer, user: str, session: str, location: str
) -> None:
    body = {"text": f"Grüße an {user} 😀", "control": "\x01\u2028"}
    with (
        get(orbited.http_port, event_path(user, session, location, "sse")) as browser,
        Client(port=orbited.control_port) as orbit,
    ):
        assert orbit.event((user, session, location), body)
        assert json.loads(next_sse_event(browser)) == body


def test_a_body_without_json_reaches_the_browser_line_by_line(orbited: OrbitedServer) -> None:
    with (
        get(orbited.http_port, event_path("a", "0", "/x", "sse")) as browser,
        Client(port=orbited.control_port) as orbit,
    ):
        assert orbit.event("a, 0, /x", "<b>é</b>\ndata: 2", json=False)
        assert next_sse_event(browser) == "<b>é</b>\ndata: 2"


def test_an_iframe_gets_its_events_as_scripts_which_can_not_be_broken_out_of(
    orbited: OrbitedServer,
) -> None:
    with (
        get(orbited.http_port, event_path("a", "0", "/x", "iframe")) as browser,
        Client(port=orbited.control_port) as orbit,
    ):
        assert orbit.event("a, 0, /x", "</script><b>")
        call = next_iframe_event(browser)
        assert "<" not in call
        assert json.loads(call) == "</script><b>"


def test_a_long_poll_gets_one_event(orbited: OrbitedServer) -> None:
    path = event_path("a", "0", "/x", "xhr")
    with ThreadPoolExecutor(1) as pool, Client(port=orbited.control_port) as orbit:
        poll = pool.submit(ask, orbited.http_port, path)
        send_until_reached(lambda: orbit.event("a, 0, /x", "ü"))
        assert poll.result() == '"ü"'


def test_an_event_between_two_polls_waits_for_the_second(orbited: OrbitedServer) -> None:
    path = event_path("a", "0", "/x", "xhr")
    with ThreadPoolExecutor(2) as pool, Client(port=orbited.control_port) as orbit:
        first = pool.submit(ask, orbited.http_port, path)
        send_until_reached(lambda: orbit.event("a, 0, /x", 1))
        assert first.result() == "1"
        receipt = pool.submit(orbit.event, "a, 0, /x", 2)
        assert ask(orbited.http_port, path) == "2"
        assert receipt.result()


def test_many_threads_events_all_arrive(orbited: OrbitedServer) -> None:
    with (
        get(orbited.http_port, event_path("a", "0", "/x", "sse")) as browser,
        Client(port=orbited.control_port) as orbit,
        ThreadPoolExecutor(8) as pool,
    ):
        assert all(pool.map(lambda number: orbit.event("a, 0, /x", number), range(200)))
        arrived = {int(next_sse_event(browser)) for _ in range(200)}
    assert arrived == set(range(200))
