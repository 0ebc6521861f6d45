#!/usr/bin/env python3
"""Hold a delivery and a connection to their budgets, in counts that do not depend on the clock or on other programs.

System calls, allocations and instructions (those of the program, not of the kernel) are counted over hundreds of
deliveries, one event under way at a time, and divided by them; and over a hundred connections. budgets.json beside this
file has the bounds, for debug and release builds; one that is exceeded fails.

When a change is worth what it costs, or has made something cheaper, measure again with --write, which sets the bounds
to a fifth more than what was measured, and commit them with the change.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from concurrent import futures
from pathlib import Path
from typing import Any

from benchmark import build, generator
from benchmark.generator import Failed
from benchmark.probes import Allocations, Instructions, Probe, SystemCalls
from benchmark.result import FAULTS
from benchmark.run import running
from benchmark.scenario import Scenario
from benchmark.servers import Server

BUDGETS = build.HOME / "budgets.json"
BINARY = build.HOME.parent / ".build" / "debug" / "orbited"
PROBES: tuple[type[Probe], ...] = (SystemCalls, Allocations, Instructions)
ROOM = 1.2  # how much more than what was measured is allowed

SCENARIOS = (
    Scenario("fan-out", 100, count=20, warmup=5, window=1),
    Scenario("fan-out to WebSockets", 100, transport="ws", count=20, warmup=5, window=1),
    Scenario("list of names", 100, count=10, warmup=5, window=1, audience="names"),
    Scenario("unicast", 100, count=200, warmup=100, window=1, audience="one"),
    Scenario("connecting", 100),
)
COUNTED = {scenario.name: "a connection" if scenario.idle else "a delivery" for scenario in SCENARIOS}

Counts = dict[str, dict[str, float]]


def main() -> int:
    """Read the command line, count, and compare or write."""
    options = parser().parse_args()
    kind = options.build or ("release" if "release" in options.binary.parts else "debug")
    if not options.binary.exists():
        print(f"budget: there is no server at {options.binary}", file=sys.stderr)
        return 2
    for probe in PROBES:
        if probe.absent():
            print(f"budget: {probe.unit} are not counted: Debian's package {probe.program} is not installed")
    counted = count_all(options.binary.resolve())
    budgets = json.loads(BUDGETS.read_text("utf-8"))
    if options.write:
        budgets[kind] = with_bounds(counted)
        BUDGETS.write_text(json.dumps(budgets, indent=2) + "\n", "utf-8")
        return 0
    faults = compare(counted, budgets[kind], kind)
    for fault in faults:
        print(f"budget: {fault}", file=sys.stderr)
    return 1 if faults else 0


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("-b", "--binary", type=Path, default=BINARY, help="the server (%(default)s)")
    made.add_argument("--build", choices=("debug", "release"), help="its kind of build, if its path does not tell")
    made.add_argument("--write", action="store_true", help="write what was counted as the new bounds")
    return made


def count_all(binary: Path) -> Counts:
    """Count with each probe in each scenario, several at once, and print each number."""
    counted: Counts = {}
    with futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        counts = [
            (scenario.name, probe.unit, pool.submit(count_one, scenario, probe, binary))
            for scenario in SCENARIOS
            for probe in PROBES
            if not probe.absent()
        ]
        for name, unit, count in counts:
            counted.setdefault(name, {})[unit] = count.result()
            print(f"{name:22} {count.result():12,.2f} {unit} {COUNTED[name]}", flush=True)
    return counted


def count_one(scenario: Scenario, kind: type[Probe], binary: Path) -> float:
    """Count with one probe in one scenario, over a fresh server."""
    counts: dict[str, int] = {}
    first, last = ("start", "connected") if scenario.idle else ("warm", "done")
    with tempfile.TemporaryDirectory(prefix="orbited-budget-") as name:
        folder = Path(name)
        probe = kind(folder)
        launch = Server("orbited", 1, binary).launch(scenario, folder)
        with running(probe.command(launch.command), launch, folder / "log", probe.environment()) as pid:

            def measure(phase: str) -> None:
                if phase in (first, last):
                    counts[phase] = probe.read(pid)

            result = generator.run(launch.to_generator(scenario), (), measure)
    faults = {fault: result[fault] for fault in FAULTS if result[fault]}
    if faults:
        raise Failed(f"{scenario.name} went wrong: {faults}")
    return (counts[last] - counts[first]) / float(scenario.browsers if scenario.idle else result["deliveries"])


def with_bounds(counted: Counts) -> dict[str, dict[str, dict[str, float]]]:
    """Give each count its room."""
    return {
        scenario: {
            unit: {"measured": round(count, 3), "bound": round(count * ROOM, 3)} for unit, count in counts.items()
        }
        for scenario, counts in counted.items()
    }


def compare(counted: Counts, budgets: dict[str, Any], kind: str) -> list[str]:
    """Write a sentence for each bound that is exceeded or missing."""
    faults = []
    for scenario, counts in counted.items():
        for unit, count in counts.items():
            budget = budgets.get(scenario, {}).get(unit)
            if budget is None:
                faults.append(f"{scenario}: there is no bound for {unit} of a {kind} build; --write makes one")
            elif count > budget["bound"]:
                faults.append(
                    f"{scenario}: {count:,.2f} {unit} {COUNTED[scenario]} are over the bound of {budget['bound']:,} "
                    f"({budget['measured']:,} when it was set, {kind} build); if that is meant, see budget.py --help"
                )
    return faults


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failed as failed:
        sys.exit(f"budget: {failed}")
