from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.nginx import PASSED_ON, locations_of_readme, nginx
from tests.support.server import OrbitedServer


@pytest.fixture(params=["proxy_pass alone", "as in the README"])
def locations(request: pytest.FixtureRequest) -> str:
    return PASSED_ON if request.param == "proxy_pass alone" else locations_of_readme()


@pytest.fixture
def site(tmp_path: Path, orbited: OrbitedServer, locations: str) -> Iterator[int]:
    """The port of an nginx before the server."""
    with nginx(tmp_path, orbited.http_port, locations) as port:
        yield port


@pytest.fixture
def documented_site(tmp_path: Path, orbited: OrbitedServer) -> Iterator[int]:
    """The port of an nginx that is configured as in README.md."""
    with nginx(tmp_path, orbited.http_port, locations_of_readme()) as port:
        yield port
