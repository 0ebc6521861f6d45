from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.client import HTTPException, HTTPResponse
from pathlib import Path

import pytest

from pyorbited import ConnectFailed, ConnectionKey, ConnectionLost, OrbitedError, RefusedError
from pyorbited import aio as pyorbited_aio
from pyorbited.client import Client, Gap, Position, Present, Receipt, Signoff, Signon
from tests.support.browser import PATIENCE, ask, event_path, get, next_sse_event
from tests.support.port import reserved_port
from tests.support.server import OrbitedServer, configuration


def key(user: str) -> str:
    return f"{user}, 0, /x"


def path(user: str, transport: str = "sse") -> str:
    return event_path(user, "0", "/x", transport)


def names(receipt: Receipt) -> dict[str, str | None]:
    return {unreached.key.user: unreached.name for unreached in receipt.unreached}


@contextmanager
def poll_that_is_away(server: OrbitedServer, orbit: Client, user: str) -> Iterator[None]:
    """Give a user a session, whose browser does not ask again."""
    with ThreadPoolExecutor(1) as pool:
        with orbit.watch(key(user)) as notices:
            poll = pool.submit(ask, server.http_port, path(user, "xhr"))
            assert isinstance(notices.next(PATIENCE), Signon)
        assert orbit.event(key(user), "first")
        assert poll.result(PATIENCE) == '"first"'
    yield


@contextmanager
def reader_that_takes_nothing(server: OrbitedServer, user: str) -> Iterator[None]:
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.settimeout(PATIENCE)
        sock.connect(("127.0.0.1", server.http_port))
        sock.sendall(f"GET {path(user)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert sock.recv(1) == b"H"
        yield


def test_four_recipients_have_four_fates(tmp_path: Path) -> None:
    limits = "[limits]\nsession.waiting = 2\n"
    with (
        OrbitedServer(tmp_path, configuration({"session.timeout": 60}, limits)) as server,
        Client(port=server.control_port) as orbit,
        get(server.http_port, path("here")) as browser,
        poll_that_is_away(server, orbit, "away"),
        reader_that_takes_nothing(server, "slow"),
        ThreadPoolExecutor(1) as pool,
    ):
        large = "x" * 500_000
        filling = [orbit.submit(key("slow"), large) for _ in range(100)]
        receipt = orbit.submit([key(user) for user in ("here", "away", "gone", "slow")], "four")
        assert next_sse_event(browser) == '"four"'
        assert not receipt.done()  # one of them may still come back
        assert pool.submit(ask, server.http_port, path("away", "xhr")).result() == '"four"'
        result = receipt.result(PATIENCE)
        assert result.reached == 2
        assert [(item.key.user, item.code) for item in result.unreached] == [
            ("gone", 301),
            ("slow", 303),
        ]
        orbit.close(key("slow"))
        fates = [future.result(PATIENCE) for future in filling]
        # What its socket had in part is neither: the server can't say how much of it arrived.
        ends = {name for fate in fates for name in names(fate).values()}
        assert {"overflow", "refused"} <= ends <= {"overflow", "refused", "unconfirmed"}


def test_with_ack_browser_an_event_is_reached_when_the_reader_has_said_so(
    orbited: OrbitedServer,
) -> None:
    with (
        get(orbited.http_port, path("a")) as browser,
        Client(port=orbited.control_port) as orbit,
    ):
        assert orbit.event(key("a"), 1).reached == 1
        receipt = orbit.submit(key("a"), 2, ack="browser")
        cursor = ""
        while (line := browser.readline().decode()) != "data: 2\n":
            assert line
            name, _, value = line.rstrip("\n").partition(": ")
            cursor = value if name == "id" else cursor
        orbit.ping()
        assert not receipt.done()
        # The id may stand before or after the data.
        while (line := browser.readline().decode().rstrip("\n")) != "":
            name, _, value = line.partition(": ")
            cursor = value if name == "id" else cursor
        with get(orbited.http_port, f"/x?user=a&session=0&transport=sse&ack={cursor}") as ack:
            assert ack.status == 204
        assert receipt.result(PATIENCE).reached == 1


def test_with_ack_browser_a_transport_without_cursors_leaves_it_unconfirmed(
    orbited: OrbitedServer,
) -> None:
    with (
        get(orbited.http_port, path("a", "iframe")),
        Client(port=orbited.control_port) as orbit,
    ):
        assert names(orbit.event(key("a"), 1, ack="browser")) == {"a": "unconfirmed"}


def test_sign_ons_and_sign_offs_are_told_with_the_ids_of_missed_events(tmp_path: Path) -> None:
    with (
        OrbitedServer(tmp_path, configuration({"session.timeout": 1})) as server,
        Client(port=server.control_port) as orbit,
        get(server.http_port, path("there")) as there,
    ):
        assert orbit.event(key("there"), 1)
        assert next_sse_event(there) == "1"
        with orbit.watch("*, *, /x", state=True) as notices:
            present = notices.next(PATIENCE)
            assert isinstance(present, Present)
            assert present.key == ConnectionKey("there", "0", "/x")
            with poll_that_is_away(server, orbit, "away"):
                missed = orbit.event(key("away"), "missed")
                signon, signoff = notices.next(PATIENCE), notices.next(PATIENCE)
            assert names(missed) == {"away": "unreachable"}
            assert isinstance(signon, Signon)
            assert isinstance(signoff, Signoff)
            assert signoff.sequence == signon.sequence + 1
            assert (signoff.key.user, signoff.reason) == ("away", "expired")
            assert signoff.missed == [missed.id]


def test_keys_are_listed_and_closed(orbited: OrbitedServer) -> None:
    with (
        get(orbited.http_port, path("a")) as browser,
        get(orbited.http_port, path("b")),
        Client(port=orbited.control_port) as orbit,
        orbit.watch(key("a")) as notices,
    ):
        assert {found.user for found in orbit.list("*, *, /x").keys} == {"a", "b"}
        listing = orbit.list(["*, *, *", key("a")], limit=1)
        assert (len(listing.keys), listing.more) == (1, True)
        assert orbit.list("*, *, /y").keys == []
        assert orbit.close(key("a"), "Good-bye") == 1
        rest = browser.read().decode()
        assert "Good-bye" in rest
        signoff = notices.next(PATIENCE)
        assert isinstance(signoff, Signoff)
        assert signoff.reason == "closed"
        assert names(orbit.event("a, 0, /x", 1)) == {"a": "unreachable"}


def test_patterns_reach_all_that_match_each_once(orbited: OrbitedServer) -> None:
    with (
        get(orbited.http_port, path("a")) as first,
        get(orbited.http_port, path("b")) as second,
        get(orbited.http_port, event_path("a", "0", "/y", "sse")) as other,
        Client(port=orbited.control_port) as orbit,
    ):
        receipt = orbit.event(["*, *, /x", "a, *, *", key("a"), "nobody, *, *"], 1)
        assert receipt
        assert receipt.reached == 3
        assert orbit.event("*, *, *", 2).reached == 3
        for browser in (first, second, other):
            assert [next_sse_event(browser), next_sse_event(browser)] == ["1", "2"]


def test_a_ttl_of_0_is_for_those_who_are_there(tmp_path: Path) -> None:
    with (
        OrbitedServer(tmp_path, configuration({"session.timeout": 60})) as server,
        Client(port=server.control_port) as orbit,
        get(server.http_port, path("here")) as browser,
        poll_that_is_away(server, orbit, "away"),
    ):
        receipt = orbit.event([key("here"), key("away")], 1, ttl=0)
        assert names(receipt) == {"away": "expired"}
        assert names(orbit.event(key("away"), 2, ttl=1)) == {"away": "expired"}
        assert next_sse_event(browser) == "1"


def test_a_server_with_a_secret_lets_in_who_knows_it(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("open sesame", encoding="utf-8")
    secret.chmod(0o600)
    with OrbitedServer(tmp_path, configuration({"op.secret_file": secret})) as server:
        with Client(port=server.control_port, secret="open sesame") as orbit:
            assert orbit.event([], 1)
            orbit.auth("open sesame")
        for word, code in (("wrong", 502), (None, 501)):
            with Client(port=server.control_port, secret=word) as stranger:
                with pytest.raises(RefusedError) as caught:
                    stranger.event([], 1)
                assert caught.value.code == code


def test_a_watch_goes_on_when_the_server_was_started_again(tmp_path: Path) -> None:
    with reserved_port() as http, reserved_port() as control:
        config = configuration({"http.port": http, "op.port": control})
        with Client(port=control, backoff=0.05, max_backoff=0.2) as orbit:
            with OrbitedServer(tmp_path, config) as server:
                notices = orbit.watch("*, *, *", state=True)
                notices.begin()
                with get(http, path("a")):
                    assert isinstance(notices.next(PATIENCE), Signon)
                    server.kill()
            with OrbitedServer(tmp_path, config), get(http, path("b")):
                told = notices.next(PATIENCE)
                assert isinstance(told, Gap)
                told = notices.next(PATIENCE)
                assert isinstance(told, (Present, Signon))
                assert told.key.user == "b"
                orbit.unwatch(notices)


def test_a_watch_goes_on_where_an_earlier_one_was_read(tmp_path: Path) -> None:
    with (
        OrbitedServer(tmp_path, configuration()) as server,
        Client(port=server.control_port) as orbit,
        get(server.http_port, path("a")),
    ):
        with orbit.watch("*, *, *", state=True) as notices:
            while (told := notices.next(PATIENCE)) and told.key.user != "a":  # type: ignore[union-attr]
                pass
            since = notices.position
        with get(server.http_port, path("b")), orbit.watch("*, *, *", since=since) as notices:
            told = notices.next(PATIENCE)
            assert isinstance(told, Signon)
            assert told.key.user == "b"
        with orbit.watch("*, *, *", since=Position("another", 1)) as notices:
            assert isinstance(notices.next(PATIENCE), Gap)


def read_to_the_end(browser: HTTPResponse, seen: list[str]) -> None:
    """Read events until the connection breaks off."""
    with suppress(AssertionError, OSError, HTTPException):
        while True:
            seen.append(next_sse_event(browser))


@pytest.mark.timeout(120)
def test_each_of_10_000_events_ends_though_the_server_is_killed_in_the_middle(
    tmp_path: Path,
) -> None:
    with (
        reserved_port() as control,  # or another server may get it, and take the events that wait
        OrbitedServer(tmp_path, configuration({"op.port": control})) as server,
        Client(port=control, queue=10_000, backoff=0.05, max_backoff=0.1) as orbit,
        get(server.http_port, path("a")) as browser,
    ):
        seen: list[str] = []
        reader = threading.Thread(target=read_to_the_end, args=(browser, seen))
        reader.start()
        futures = []
        for number in range(10_000):
            futures.append(orbit.submit(key("a"), number, timeout=5))
            if number == 2_000:
                assert futures[0].result(PATIENCE)
                server.kill()
        reached, ends = [], Counter[str]()
        for number, future in enumerate(futures):
            try:
                receipt = future.result(2 * PATIENCE)
                ends["reached" if receipt else repr(receipt)] += 1
                reached.append(str(number))
            except OrbitedError as error:
                ends["lost"] += error.maybe_delivered
                ends["unsent"] += error.safe_to_retry
        reader.join(PATIENCE)
    assert ends["reached"] >= 1
    assert ends["reached"] + ends["lost"] + ends["unsent"] == 10_000, ends
    assert seen == [str(number) for number in range(len(seen))]
    assert set(reached) <= set(seen), "what a receipt calls reached never came"


def test_with_retry_all_events_arrive_though_the_server_was_started_again(tmp_path: Path) -> None:
    with reserved_port() as http, reserved_port() as control:
        config = configuration({"http.port": http, "op.port": control})
        with Client(port=control, backoff=0.05, max_backoff=0.2) as orbit:
            with OrbitedServer(tmp_path, config) as server:
                futures = [orbit.submit([], number, retry=True) for number in range(1_000)]
                futures[0].result(PATIENCE)
                server.kill()
            with OrbitedServer(tmp_path, config):
                futures += [orbit.submit([], number, retry=True) for number in range(100)]
                assert all(future.result(PATIENCE) for future in futures)


def test_an_orderly_shutdown_answers_what_was_taken(tmp_path: Path) -> None:
    with (
        OrbitedServer(tmp_path, configuration()) as server,
        Client(port=server.control_port, backoff=0.05) as orbit,
    ):
        futures = [orbit.submit([], number, timeout=5) for number in range(1_000)]
        assert futures[-1].result(PATIENCE)
        assert server.terminate() == 0
        with pytest.raises((ConnectFailed, ConnectionLost)):
            orbit.connect()


def test_the_asyncio_client_does_the_same(tmp_path: Path) -> None:
    async def main(server: OrbitedServer) -> None:
        orbit = pyorbited_aio.Client(port=server.control_port)
        async with orbit, orbit.watch("*, *, *", state=True) as notices:
            with get(server.http_port, path("a")) as browser:
                assert isinstance(await notices.next(), Signon)
                receipts = await asyncio.gather(*(orbit.event(key("a"), n) for n in range(500)))
                assert all(receipts)
                arrived = [json.loads(next_sse_event(browser)) for _ in range(500)]
                assert arrived == list(range(500))
                assert names_of_pattern(await orbit.event("*, *, /x", 1, ack="written")) == 1
                assert [found.user for found in (await orbit.list("*, *, *")).keys] == ["a"]
                assert await orbit.close(key("a")) == 1
            assert isinstance(await notices.next(), Signoff)

    with OrbitedServer(tmp_path, configuration()) as server:
        asyncio.run(asyncio.wait_for(main(server), 2 * PATIENCE))


def names_of_pattern(receipt: Receipt) -> int:
    assert not receipt.unreached
    return receipt.reached
