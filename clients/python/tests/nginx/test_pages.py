"""What pages of which origin get, whose browsers tell it: nginx has to pass their Host on."""

from __future__ import annotations

from pathlib import Path

import pytest
from websockets import InvalidStatus

from tests.support.browser import get, query_path
from tests.support.nginx import PASSED_ON, nginx
from tests.support.server import OrbitedServer
from tests.support.websocket import objects, open_socket

ELSEWHERE = "http://elsewhere.example"


@pytest.mark.parametrize("header", ["Origin", "Referer"])
def test_a_page_of_nginx_gets_events(documented_site: int, header: str) -> None:
    page = f"http://127.0.0.1:{documented_site}"
    with get(documented_site, query_path("sse"), {header: page}) as response:
        assert response.status == 200


def test_a_page_of_nginx_gets_a_websocket(documented_site: int) -> None:
    page = f"http://127.0.0.1:{documented_site}"
    with open_socket(documented_site, origin=page) as browser:
        assert "cursor" in next(objects(browser))


def test_a_page_of_nginx_is_a_stranger_if_its_host_is_not_passed_on(
    tmp_path: Path, orbited: OrbitedServer
) -> None:
    with (
        nginx(tmp_path, orbited.http_port, PASSED_ON) as port,
        get(port, query_path("sse"), {"Origin": f"http://127.0.0.1:{port}"}) as response,
    ):
        assert response.status == 403


def test_a_page_from_elsewhere_gets_nothing(site: int) -> None:
    with get(site, query_path("sse"), {"Origin": ELSEWHERE}) as response:
        assert response.status == 403


def test_a_page_from_elsewhere_gets_no_websocket(documented_site: int) -> None:
    with (
        pytest.raises(InvalidStatus) as refused,
        open_socket(documented_site, origin=ELSEWHERE),
    ):
        pass
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize("name", ["orbited.js", "orbited.mjs", "iframe.js"])
def test_the_scripts_are_there(documented_site: int, name: str) -> None:
    with get(documented_site, f"/_/{name}") as response:
        assert response.status == 200
        assert "javascript" in response.getheader("Content-Type", "")


def test_the_example_page_is_not_for_the_world(documented_site: int) -> None:
    with get(documented_site, "/_/") as response:
        assert response.status == 404
