"""The command: what it runs, and how it ends."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import bench
import pytest
from benchmark.generator import Failed
from benchmark.result import Result
from benchmark.scenario import SCENARIOS, Scenario
from benchmark.servers import Server


@pytest.fixture
def binary(tmp_path: Path) -> Path:
    made = tmp_path / "orbited"
    made.touch()
    return made


def chosen(*arguments: object) -> list[tuple[str, str]]:
    options = bench.parser().parse_args([str(argument) for argument in arguments])
    return [(scenario.name, server.name) for scenario, server in bench.chosen(options)]


def test_each_server_has_its_turn_at_a_scenario(binary: Path) -> None:
    pairs = chosen("-b", binary, "-s", "list-1k-100", "-s", "idle-xhr-10k")
    assert pairs == [("list-1k-100", "floor"), ("list-1k-100", "orbited"), ("idle-xhr-10k", "orbited")]


def test_another_build_is_measured_beside(binary: Path, tmp_path: Path) -> None:
    former = tmp_path / "before"
    former.touch()
    pairs = chosen("-b", binary, "--former", former, "-s", "list-1k-100")
    assert pairs == [("list-1k-100", "floor"), ("list-1k-100", "orbited"), ("list-1k-100", "former")]


def test_servers_of_one_scenario_can_run_at_once(binary: Path) -> None:
    options = bench.parser().parse_args(["-b", str(binary), "-s", "list-1k-100", "-s", "idle-xhr-10k"])
    pairs = bench.chosen(options)
    assert [len(group) for group in bench.groups(pairs, True)] == [2, 1]
    assert [len(group) for group in bench.groups(pairs, False)] == [1, 1, 1]


def test_any_number_of_loops_can_be_asked_for(binary: Path) -> None:
    assert chosen("-b", binary, "-s", "fanout-1k-100", "-S", "orbited-4") == [("fanout-1k-100", "orbited-4")]


def test_no_server_is_asked_for_what_it_does_not_speak(binary: Path) -> None:
    assert chosen("-b", binary, "-s", "idle-xhr-10k", "-S", "floor", "-S", "orbited") == [("idle-xhr-10k", "orbited")]


def test_the_quick_run_has_the_main_scenarios(binary: Path) -> None:
    names = {name for name, _ in chosen("-b", binary, "--quick", "-S", "orbited")}
    assert names == {scenario.name for scenario in SCENARIOS if scenario.quick} != set()


def test_a_server_that_is_not_there_is_left_out_and_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert chosen("-b", tmp_path / "missing", "-s", "list-1k-100") == [("list-1k-100", "floor")]
    assert "bench: orbited is left out: there is no server at" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [("-s", "fanout"), ("-S", "apache"), ("-S", "orbited-x")])
def test_what_does_not_exist_is_refused(arguments: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit, match="bench: there is no"):
        chosen(*arguments)


@pytest.mark.parametrize(("faults", "status"), [({}, 0), ({"lost": 1}, 1)])
def test_the_exit_status_tells_whether_something_went_wrong(
    faults: dict[str, int], status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = {"scenario": "a", "server": "orbited", "figures": {}, "faults": faults, "latency": [], "others": 0}
    recorded = tmp_path / "results.json"
    recorded.write_text(json.dumps({"runs": [run]}))
    monkeypatch.setattr(sys, "argv", ["bench.py", "--read", str(recorded)])
    assert bench.main() == status


@pytest.mark.parametrize(
    ("error", "told", "servers"),
    [
        (Failed("it hangs"), "floor: it hangs", ["orbited", "orbited"]),
        (KeyboardInterrupt(), "floor, and what was to follow: interrupted", ["orbited"]),
    ],
)
def test_what_was_measured_is_reported_although_a_run_came_to_no_end(
    error: BaseException,
    told: str,
    servers: list[str],
    binary: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def run(scenario: Scenario, server: Server) -> Result:
        if server.name == "floor":
            raise error
        return Result(scenario.name, server.name, {}, {}, [], 0.0)

    results = tmp_path / "results.json"
    monkeypatch.setattr("benchmark.run.run", run)
    arguments = ["-b", binary, "-r", "2", "-s", "idle-sse-10k", "-S", "orbited", "-S", "floor", "--json", results]
    monkeypatch.setattr(sys, "argv", ["bench.py", *map(str, arguments)])
    assert bench.main() == 1
    assert capsys.readouterr().out.count(f"FAILED: idle-sse-10k, {told}\n") == 1
    assert [run["server"] for run in json.loads(results.read_text())["runs"]] == servers
