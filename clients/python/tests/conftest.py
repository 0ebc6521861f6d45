from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.server import OrbitedServer, configuration


@pytest.fixture
def orbited(tmp_path: Path) -> Iterator[OrbitedServer]:
    """A server of this test's own, on ports that the system chooses."""
    with OrbitedServer(tmp_path, configuration()) as server:
        yield server
