"""The load generator finds out what a server does wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmark import generator
from benchmark.result import FAULTS

from tests.liar import Behaviour, Liar, Send

BROWSERS, EVENTS = 3, 6


def faults_of(behave: Behaviour, *more: str) -> dict[str, int]:
    phases: list[str] = []
    with Liar(behave) as liar:
        ports = ["--port", str(liar.port), "--publish-port", str(liar.publish_port), "--path", "/%i"]
        sizes = ["--browsers", str(BROWSERS), "--count", str(EVENTS), "--window", str(EVENTS), "--settle", "0"]
        counted: dict[str, Any] = generator.run([*ports, *sizes, *more], [], phases.append)
    assert phases == ["start", "connected", "warm", "done"]
    return {name: counted[name] for name in FAULTS if counted[name]}


def test_browsers_that_come_back_at_once_are_timed_one_by_one() -> None:
    phases: list[str] = []
    with Liar(lambda *_: None) as liar:
        ports = ["--port", str(liar.port), "--publish-port", str(liar.publish_port), "--path", "/%i"]
        sizes = ["--browsers", "50", "--storm", "--settle", "0.1"]
        counted = generator.run([*ports, *sizes], [], phases.append)
    assert phases == ["start", "connected", "gone", "back"]
    assert sum(count for _, count in counted["waits"]) == 50
    assert max(value for value, _ in counted["waits"]) <= counted["reconnect_seconds"] * 1e9 * 129 / 128
    assert {name: counted[name] for name in FAULTS if counted[name]} == {}


def to_all(body: bytes, send: Send) -> None:
    for browser in range(BROWSERS):
        send(browser, body)


def test_a_good_server_has_no_faults() -> None:
    def behave(_number: int, body: bytes, send: Send, reply: Callable[[int], None]) -> None:
        to_all(body, send)
        reply(BROWSERS)

    assert faults_of(behave) == {}


def test_a_good_server_has_none_with_one_recipient_an_event_either() -> None:
    def behave(number: int, body: bytes, send: Send, reply: Callable[[int], None]) -> None:
        send(number * 48271 % BROWSERS, body)
        reply(1)

    assert faults_of(behave, "--audience", "one") == {}


def test_a_lost_event_is_counted_and_its_receipt_is_false() -> None:
    def behave(number: int, body: bytes, send: Send, reply: Callable[[int], None]) -> None:
        for browser in range(BROWSERS):
            if (number, browser) != (2, 1):
                send(browser, body)
        reply(BROWSERS)

    assert faults_of(behave) == {"lost": 1, "false_receipts": 1}


def test_a_second_copy_is_counted_although_it_comes_last() -> None:
    def behave(number: int, body: bytes, send: Send, reply: Callable[[int], None]) -> None:
        to_all(body, send)
        reply(BROWSERS)
        if number == EVENTS - 1:
            send(0, body)

    assert faults_of(behave) == {"duplicated": 1}


def test_an_event_that_comes_after_a_later_one_is_counted() -> None:
    held: list[bytes] = []

    def behave(number: int, body: bytes, send: Send, reply: Callable[[int], None]) -> None:
        if number == 1:
            held.append(body)
        else:
            to_all(body, send)
        if number == 2:
            to_all(held.pop(), send)
        reply(BROWSERS)

    assert faults_of(behave) == {"reordered": BROWSERS}


def test_a_receipt_that_denies_a_delivery_is_counted() -> None:
    def behave(number: int, body: bytes, send: Send, reply: Callable[[int], None]) -> None:
        to_all(body, send)
        reply(BROWSERS - (number == 3))

    assert faults_of(behave) == {"denied": 1, "refused": 1}


def test_a_receipt_that_never_comes_is_counted() -> None:
    def behave(number: int, body: bytes, send: Send, reply: Callable[[int], None]) -> None:
        to_all(body, send)
        if number != 4:
            reply(BROWSERS)

    assert faults_of(behave) == {"unanswered": 1}


def test_an_event_for_somebody_else_is_counted() -> None:
    def behave(number: int, body: bytes, send: Send, reply: Callable[[int], None]) -> None:
        send(number * 48271 % BROWSERS, body)
        if number == 0:
            send(1, body)
        reply(1)

    assert faults_of(behave, "--audience", "one") == {"stray": 1}
