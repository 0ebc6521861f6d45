"""Medians, tables and charts."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from benchmark import plots
from benchmark.result import Result
from benchmark.summary import Spread, Summary
from benchmark.svg import step
from benchmark.table import report


def result(server: str, scenario: str = "fanout-1k-100", **more: object) -> Result:
    values: dict[str, object] = {"figures": {}, "faults": {}, "latency": [], "others": 0.0, **more}
    return Result.from_json({"scenario": scenario, "server": server, **values})


CPU = [
    *(result("floor", figures={"cpu_per_million": 5.0}), result("orbited", figures={"cpu_per_million": 6.0})),
    *(result("floor", figures={"cpu_per_million": 9.0}), result("orbited", figures={"cpu_per_million": 7.0})),
    *(result("floor", figures={"cpu_per_million": 4.0}), result("orbited", figures={"cpu_per_million": 6.5})),
]


def test_the_median_stands_between_the_least_and_the_most() -> None:
    assert Summary(CPU).spread("fanout-1k-100", "floor", "cpu_per_million") == Spread(5.0, 4.0, 9.0, 3)


def test_ratios_are_those_of_medians() -> None:
    assert Summary(CPU).ratio("fanout-1k-100", "orbited", "floor", "cpu_per_million") == 1.3


def test_the_table_has_a_row_for_a_scenario_and_a_column_for_a_server() -> None:
    lines = report(Summary(CPU)).split("\n")
    assert lines[0] == "server's CPU seconds per million deliveries: median (least to most)"
    assert lines[1].split("  ")[-1] == "orbited / floor"
    assert lines[2].split() == ["fanout-1k-100", "5.0", "(4.0", "to", "9.0)", "6.5", "(6.0", "to", "7.0)", "1.30"]
    assert lines[-1] == "Of 6 runs none lost, doubled, reordered or wrongly confirmed an event."


def test_the_table_says_what_went_wrong() -> None:
    text = report(Summary([result("orbited", faults={"lost": 1200})]))
    assert "FAULT: fanout-1k-100, orbited: lost: 1,200 deliveries that never came" in text
    assert "none lost" not in text


def test_the_table_says_that_the_machine_was_not_quiet() -> None:
    text = report(Summary([result("orbited", others=0.2), result("orbited", others=0.01)]))
    assert "NOT QUIET: in 1 of 2 runs others used more than 5% of the CPU time, up to 20%." in text


def test_results_survive_json() -> None:
    made = result("orbited", figures={"p50_ms": 1.5}, faults={"lost": 1}, latency=[[5, 1]], others=0.1)
    assert Result.from_json(json.loads(json.dumps(made.to_json()))) == made


@pytest.mark.parametrize(("most", "expected"), [(0, 2e-10), (1, 0.2), (7, 2), (11, 2.5), (100, 20), (8119, 2000)])
def test_axes_have_round_numbers(most: float, expected: float) -> None:
    assert step(most) == pytest.approx(expected)


def test_charts_are_drawn_for_what_was_measured(tmp_path: Path) -> None:
    more = [
        result("orbited", "fanout-10k-100", figures={"cpu_per_million": 7.0}),
        result("orbited", "latency-1k-100", latency=[[1_000_000, 5], [2_000_000, 1]]),
        result("orbited", "idle-sse-10k", figures={"bytes_per_connection": 2000.0}),
    ]
    files = plots.write(Summary([*CPU, *more]), tmp_path)
    assert sorted(file.name for file in files) == ["cpu.svg", "growth.svg", "idle.svg", "latency.svg"]
    cpu = ElementTree.fromstring((tmp_path / "cpu.svg").read_text())
    bars = [bar for bar in cpu.iter("{http://www.w3.org/2000/svg}rect") if float(bar.get("width", "0")) > 10]
    assert len(bars) == 3


def test_nothing_is_drawn_of_what_was_not_measured(tmp_path: Path) -> None:
    assert [file.name for file in plots.write(Summary(CPU), tmp_path)] == ["cpu.svg"]
