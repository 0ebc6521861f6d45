from __future__ import annotations

import json
import re
import shutil
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPResponse
from pathlib import Path
from typing import Any

import pytest

from tests.support.browser import event_path, get
from tests.support.duet import PYTHON, RUBY, run, stage, voice
from tests.support.peer import refused_port
from tests.support.port import reserved_port

needs_ruby = pytest.mark.skipif(not shutil.which("ruby"), reason="there is no ruby")

READER = event_path("reader", "0", "/duet", "ndjson")
OFTEN = ["--every", "0.05"]


def events(browser: HTTPResponse) -> Iterator[dict[str, Any]]:
    """Read the bodies of the events until the stream ends."""
    while line := browser.readline():
        message = json.loads(line)
        if "data" in message:
            yield message["data"]


def next_receipt(lines: Iterator[str], name: str) -> int:
    """Read on to the next receipt that counts a browser, and give its number."""
    for line in lines:
        found = re.fullmatch(rf"{name} (\d+): (\d+) reached\n", line)
        if found and int(found[2]) == 1:
            return int(found[1])
    raise AssertionError(f"{name} printed no receipt")


@needs_ruby
def test_a_reader_gets_the_events_of_both_in_their_order(tmp_path: Path) -> None:
    with stage(tmp_path) as (orbited, page), get(orbited.http_port, READER) as browser:
        control = ["--orbited", f"127.0.0.1:{orbited.control_port}", *OFTEN]
        with (
            voice(*PYTHON, "--port", str(page), *control) as python,
            voice(*RUBY, *control) as ruby,
        ):
            assert f"127.0.0.1:{page}" in next(python)
            assert next_receipt(python, "Python") >= 1
            assert next_receipt(ruby, "Ruby") >= 1
            numbers: dict[object, list[int]] = {"Python": [], "Ruby": []}
            for event in events(browser):
                numbers[event["from"]].append(event["number"])
                if all(len(own) >= 5 for own in numbers.values()):
                    break
    for own in numbers.values():
        assert own == list(range(1, len(own) + 1))


def test_the_page_and_its_events_are_of_one_origin(tmp_path: Path) -> None:
    with stage(tmp_path) as (orbited, page):
        control = ["--orbited", f"127.0.0.1:{orbited.control_port}"]
        with voice(*PYTHON, "--port", str(page), *control) as python:
            assert "serving" in next(python)
            for path, content in (
                ("/", "columns.js"),
                ("/columns.js", "/duet"),
                ("/columns.css", "main"),
                ("/_/orbited.js", "Orbited"),
            ):
                with get(orbited.http_port, path) as response:
                    assert response.status == 200
                    assert content in response.read().decode()


@needs_ruby
def test_both_go_on_when_orbited_was_started_again(tmp_path: Path) -> None:
    with ExitStack() as voices:
        control = voices.enter_context(reserved_port())
        options = ["--orbited", f"127.0.0.1:{control}", *OFTEN]
        with stage(tmp_path, control) as (orbited, page):
            python = voices.enter_context(voice(*PYTHON, "--port", str(page), *options))
            ruby = voices.enter_context(voice(*RUBY, *options))
            with get(orbited.http_port, READER):
                before = next_receipt(python, "Python"), next_receipt(ruby, "Ruby")
                orbited.kill()
        with stage(tmp_path, control) as (orbited, _), get(orbited.http_port, READER):
            assert next_receipt(python, "Python") > before[0]
            assert next_receipt(ruby, "Ruby") > before[1]


@pytest.mark.parametrize("command", [PYTHON, pytest.param(RUBY, marks=needs_ruby)])
def test_without_orbited_people_are_told_what_is_missing(command: list[str]) -> None:
    done = run(*command, "--orbited", f"127.0.0.1:{refused_port()}")
    assert done.returncode == 1
    assert "no connection to 127.0.0.1:" in done.stderr
    assert "Is Orbited running?" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with stage(tmp_path) as (orbited, _), socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = run(*PYTHON, "--port", port, "--orbited", f"127.0.0.1:{orbited.control_port}")
    assert done.returncode == 1
    assert f"port {port} can't be had" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", [PYTHON, pytest.param(RUBY, marks=needs_ruby)])
@pytest.mark.parametrize("arguments", [["--orbited", "9000"], ["--every", "0"]])
def test_arguments_that_are_none_are_refused(command: list[str], arguments: list[str]) -> None:
    done = run(*command, *arguments)
    assert done.returncode in (1, 2)
    assert arguments[1] in done.stderr
    assert "Traceback" not in done.stderr
