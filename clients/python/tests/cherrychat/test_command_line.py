from __future__ import annotations

import json
import subprocess
import urllib.request
from urllib.error import HTTPError

import pytest

from tests.support.chat import COMMAND, ENVIRONMENT, cherrychat
from tests.support.peer import refused_port

PATIENCE = 20


def post(url: str, fields: object) -> tuple[int, object]:
    data, kind = json.dumps(fields).encode(), {"Content-Type": "application/json"}
    try:
        with urllib.request.urlopen(
            urllib.request.Request(url, data, kind), None, PATIENCE
        ) as done:
            return done.status, json.load(done)
    except HTTPError as refused:
        with refused:
            return refused.code, json.load(refused)


def test_the_system_may_choose_the_port_and_the_pages_are_there() -> None:
    with cherrychat(0, refused_port()) as port:
        for page, script in (("", "longpoll.js"), ("iframe", "iframe.js")):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/{page}") as response:
                assert response.headers["Content-Type"] == "text/html;charset=utf-8"
                assert response.headers["Content-Security-Policy"] == "default-src 'self'"
                assert f"/static/{script}" in response.read().decode()
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/static/{script}") as response:
                assert b"function listen" in response.read()


def test_without_orbited_people_are_told_what_is_missing() -> None:
    with cherrychat(0, refused_port()) as port:
        status, answer = post(f"http://127.0.0.1:{port}/enter", {"name": "Alice", "session": "1"})
    assert status == 502
    assert isinstance(answer, dict)
    assert answer["error"].startswith("Orbited did not take the message: no connection to ")


def test_a_stranger_is_not_heard() -> None:
    with cherrychat(0, refused_port()) as port:
        status, answer = post(f"http://127.0.0.1:{port}/say", {"session": "1", "text": "Hello?"})
    assert (status, answer) == (403, {"error": "You are not in the room any more."})


@pytest.mark.parametrize("address", ["9000", "host:", ":9000", "host:port"])
def test_an_address_without_host_and_port_is_refused(address: str) -> None:
    done = subprocess.run(
        [*COMMAND, "--orbited", address],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 2
    assert f"'{address}' is not host:port" in done.stderr
