"""What the scenarios ask for, and how servers are started for them."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmark.scenario import SCENARIOS, Scenario
from benchmark.servers import Server, free_ports

DESCRIPTORS = 19_900  # how many browsers fit into a process that may have 20,000 open files


def test_each_scenario_has_a_name_of_its_own() -> None:
    assert len({scenario.name for scenario in SCENARIOS}) == len(SCENARIOS)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_each_scenario_fits_the_usual_limit_of_open_files(scenario: Scenario) -> None:
    assert scenario.browsers <= DESCRIPTORS


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_each_server_of_a_scenario_speaks_its_transport(scenario: Scenario, tmp_path: Path) -> None:
    for name in scenario.servers:
        kind, _, loops = name.partition("-")
        if kind != "floor":
            launch = Server(kind, int(loops or 1), tmp_path / "orbited").launch(scenario, tmp_path)
            assert "--transport" in launch.to_generator(scenario)


def test_the_slow_are_every_so_many() -> None:
    assert [Scenario("a", browsers, slow_every=10).slow for browsers in (1, 10, 11, 20)] == [1, 1, 2, 2]
    assert Scenario("a", 10).slow == 0


def test_a_server_that_is_not_built_is_absent(tmp_path: Path) -> None:
    reason = Server("orbited", 1, tmp_path / "orbited").absent()
    assert reason is not None
    assert "make build" in reason


def test_free_ports_are_different_ones() -> None:
    assert len(set(free_ports(10))) == 10
