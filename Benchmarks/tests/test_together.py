"""Several servers at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from benchmark import together
from benchmark.generator import Failed
from benchmark.result import Result
from benchmark.scenario import Scenario
from benchmark.servers import Server

SCENARIO = Scenario("any", 10, count=1)
PAIRS = [(SCENARIO, Server("floor")), (SCENARIO, Server("nchan"))]


def test_no_server_begins_a_phase_before_the_others_have_ended_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[str] = []

    def run(scenario: Scenario, server: Server, meet: Callable[[], object]) -> Result:
        for phase in ("start", "warm", "done"):
            ended.append(phase)
            meet()
        return Result(scenario.name, server.name, {}, {}, [], 0.9)

    monkeypatch.setattr("benchmark.run.run", run)
    outcomes = together.measure(PAIRS)
    assert ended == ["start", "start", "warm", "warm", "done", "done"]
    assert outcomes == [Result("any", name, {}, {}, [], 0.0) for name in ("floor", "nchan")]


def test_nobody_waits_for_a_server_that_met_an_unknown_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(_: Scenario, server: Server, meet: Callable[[], object]) -> Result:
        if server.kind == "nchan":
            raise OSError("no memory left")
        meet()
        raise AssertionError("it went on alone")

    monkeypatch.setattr("benchmark.run.run", run)
    with pytest.raises(OSError, match="no memory left"):
        together.measure(PAIRS)


def test_nobody_waits_for_a_server_that_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(_: Scenario, server: Server, meet: Callable[[], object]) -> Result:
        if server.kind == "nchan":
            raise Failed("it hangs")
        meet()
        raise AssertionError("it went on alone")

    monkeypatch.setattr("benchmark.run.run", run)
    told = [str(outcome) for outcome in together.measure(PAIRS)]
    assert told == ["another server of the same run failed", "it hangs"]
