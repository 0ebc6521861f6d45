"""The HTTP control API does what its OpenAPI description says, whatever it is asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from ..support.server import REPOSITORY, OrbitedServer, configuration

_DESCRIPTION = REPOSITORY / "protocol" / "control-http.openapi.json"

schema = schemathesis.openapi.from_dict(json.loads(_DESCRIPTION.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with the API, and its address."""
    folder: Path = tmp_path_factory.mktemp("orbited")
    globally = {"http.port": 0, "op.port": 0, "admin.enabled": 1}
    with OrbitedServer(folder, configuration(globally, "[admin]\nport = 0\n")) as server:
        yield f"http://127.0.0.1:{server.admin_port}"


# The same cases each time, on one machine.
@schema.parametrize()
@settings(
    max_examples=150, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
)
def test_answers_fit_the_description(case: schemathesis.Case[Any], api: str) -> None:
    # A schema can tell neither how many bytes a reason has, nor how large numbers are [HTC-6].
    if case.method == "POST":
        case.call_and_validate(base_url=api, excluded_checks=[positive_data_acceptance])
    else:
        case.call_and_validate(base_url=api)
