#!/usr/bin/env python3
"""Measure Orbited beside other servers: fan-out, unicast, latency, idle connections, growth, slow readers.

The servers are `floor` (a program in C that does nothing but write), `nchan` (nginx with nchan, from Debian) and
`orbited`; `NAME-2` has two loops or workers. Each run has a fresh server. A server of one loop has a CPU to itself, and
the load generator another. All servers take turns, scenario by scenario, and then again, so that a machine which is
slower for a while is so for all of them; the report has the median of the runs, the least and the most.

The main figure is the server's CPU time per million deliveries. As a ratio to another server of the same report it can
be compared between machines. A difference under a quarter is none, unless many runs agree. With `--together` the
servers run at the same time, step by step, and share what disturbs them: then a difference of a twentieth shows.
Deliveries a second and latencies mean nothing then.

Every event is numbered and every receipt read: the exit status is 1 if one was lost, doubled, reordered or wrongly
confirmed, by any server, or if a run came to no end; the others are reported all the same.
"""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmark import build, machine, plots, together
from benchmark.generator import Failed
from benchmark.result import Result
from benchmark.scenario import SCENARIOS
from benchmark.servers import Server
from benchmark.summary import Summary
from benchmark.table import report
from benchmark.together import Pair

BINARY = build.HOME.parent / ".build" / "release" / "orbited"
RESULTS = build.BUILT / "results.json"
PAUSE_SECONDS = 0.3  # for the system to tidy up thousands of sockets


def main() -> int:
    """Read the command line, measure, and report."""
    options = parser().parse_args()
    if options.list:
        print("\n".join(f"{scenario.name:18} {', '.join(scenario.servers)}" for scenario in SCENARIOS))
        return 0
    failures: list[str] = []
    if options.read:
        recorded = json.loads(options.read.read_text("utf-8"))
        results = [Result.from_json(each) for each in recorded["runs"]]
    else:
        results = measure(chosen(options), options, failures)
        save(results, options.json)
    if not results:
        print("bench: there is nothing to report", file=sys.stderr)
        return 2
    summary = Summary(results)
    print(report(summary))
    if options.svg:
        print(*plots.write(summary, options.svg), sep="\n", file=sys.stderr)
    for failure in failures:
        print(f"FAILED: {failure}")
    return 1 if failures or summary.faulty() else 0


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("-r", "--repeat", type=int, help="how many runs each cell has (3; quick 1)")
    made.add_argument("-q", "--quick", action="store_true", help="the main scenarios alone, in two minutes")
    made.add_argument("-s", "--scenario", action="append", help="only this one; may be repeated")
    made.add_argument("-S", "--server", action="append", help="only this one; may be repeated")
    made.add_argument("-b", "--binary", type=Path, default=BINARY, help="the server to measure (%(default)s)")
    made.add_argument("--former", type=Path, metavar="BINARY", help="measure another build, too, as `former`")
    made.add_argument(
        "--together", action="store_true", help="run the servers of a scenario at once: sharper, for CPU time alone"
    )
    made.add_argument("--json", type=Path, default=RESULTS, help="where all runs are written (%(default)s)")
    made.add_argument("--svg", type=Path, metavar="FOLDER", help="draw charts there, too")
    made.add_argument("--read", type=Path, metavar="JSON", help="report what was measured before")
    made.add_argument("--list", action="store_true", help="list the scenarios and the servers that each is for")
    return made


def chosen(options: argparse.Namespace) -> list[Pair]:
    """List what is to be run once, in order."""
    known = {scenario.name: scenario for scenario in SCENARIOS}
    for name in options.scenario or ():
        if name not in known:
            raise SystemExit(f"bench: there is no scenario {name}; --list names them")
    scenarios = [known[name] for name in options.scenario or known]
    if options.quick and not options.scenario:
        scenarios = [scenario for scenario in scenarios if scenario.quick]
    pairs, absent = [], {}
    for scenario in scenarios:
        kinds = {kind_of(name) for name in scenario.servers}
        servers = [server_named(name, options.binary) for name in options.server or scenario.servers]
        if options.former:
            servers.append(Server("orbited", 1, options.former.resolve(), "former"))
        for server in servers:
            if reason := server.absent():
                absent[server.name] = reason
            elif server.kind in kinds:
                pairs.append((scenario, server))
    for name, reason in absent.items():
        print(f"bench: {name} is left out: {reason}", file=sys.stderr)
    return pairs


def kind_of(name: str) -> str:
    return name.partition("-")[0]


def server_named(name: str, binary: Path) -> Server:
    kind, loops = kind_of(name), name.partition("-")[2]
    if kind not in ("floor", "nchan", "orbited") or not (loops or "1").isdigit():
        raise SystemExit(f"bench: there is no server {name}; there are floor, nchan, orbited, nchan-2, orbited-2")
    return Server(kind, int(loops or "1"), binary.resolve())


def measure(pairs: Sequence[Pair], options: argparse.Namespace, failures: list[str]) -> list[Result]:
    """Run all, again and again, but not what came to no end; Ctrl-C ends it with what there is."""
    build.generator()
    build.floor()
    results: list[Result] = []
    failed: set[Pair] = set()
    repeats = options.repeat or (1 if options.quick else 3)
    for repeat, group in itertools.product(range(1, repeats + 1), groups(pairs, options.together)):
        left = [pair for pair in group if pair not in failed]
        if not left:
            continue
        begun = time.monotonic()
        try:
            outcomes = together.measure(left) if options.together else together.measure_alone(left[0])
        except KeyboardInterrupt:
            names = ", ".join(server.name for _, server in left)
            failures.append(f"{left[0][0].name}, {names}, and what was to follow: interrupted")
            break
        took = time.monotonic() - begun
        for (scenario, server), outcome in zip(left, outcomes, strict=True):
            if isinstance(outcome, Failed):
                failed.add((scenario, server))
                failures.append(f"{scenario.name}, {server.name}: {outcome}")
                print(f"bench: {failures[-1]}", file=sys.stderr)
                continue
            results.append(outcome)
            title = f"{repeat}/{repeats} {scenario.name:18} {server.name:10}"
            print(f"{title} {took:5.1f} s  {line(outcome)}", file=sys.stderr)
        time.sleep(PAUSE_SECONDS)
    return results


def groups(pairs: Sequence[Pair], are_together: bool) -> list[list[Pair]]:
    """Part what is to be run into what is run at once."""
    if not are_together:
        return [[pair] for pair in pairs]
    return [list(group) for _, group in itertools.groupby(pairs, key=lambda pair: pair[0])]


def line(result: Result) -> str:
    """Say shortly what a run has shown."""
    names = ("cpu_per_million", "deliveries_per_second", "p99_ms", "bytes_per_connection", "connect_cpu_us")
    figures = [f"{name} {result.figures[name]:,.1f}" for name in names if name in result.figures]
    return "  ".join([*figures, *(f"{name} {count:,}" for name, count in result.faults.items())])


def save(results: Sequence[Result], path: Path) -> None:
    """Write all runs, and their summary, for other programs."""
    recorded: dict[str, Any] = {
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "machine": machine.describe(),
        "scenarios": [dataclasses.asdict(scenario) for scenario in SCENARIOS],
        "summary": Summary(results).to_json(),
        "runs": [result.to_json() for result in results],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(recorded) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
