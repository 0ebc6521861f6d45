from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.adapter import COMMANDS, Adapter, is_there


@pytest.fixture(params=COMMANDS)
def adapter(request: pytest.FixtureRequest) -> Iterator[Adapter]:
    """Run each adapter that is there."""
    if not is_there(request.param):
        pytest.skip(f"{COMMANDS[request.param][0]} is not there")
    with Adapter(request.param) as running:
        yield running
