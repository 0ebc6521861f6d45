"""Medians with their spread, over the runs of each scenario and server."""

from __future__ import annotations

import dataclasses
import statistics
from collections.abc import Iterable, Sequence

from benchmark.result import Result

# Each figure of a run, and what it is.
FIGURES = {
    "cpu_per_million": "server's CPU seconds per million deliveries",
    "deliveries_per_second": "deliveries a second",
    "p50_ms": "median latency, ms",
    "p90_ms": "90 % latency, ms",
    "p99_ms": "99 % latency, ms",
    "p999_ms": "99.9 % latency, ms",
    "max_ms": "longest latency, ms",
    "bytes_per_connection": "bytes of user space for an idle connection",
    "connect_cpu_us": "server's CPU microseconds for a connection",
    "connects_per_second": "connections a second",
    "reconnect_cpu_us": "server's CPU microseconds for a connection, when all come back at once",
    "reconnects_per_second": "connections a second, when all come back at once",
    "reconnect_p50_ms": "median of the times until a browser waits again, when all come back at once, ms",
    "reconnect_p99_ms": "the same, 99 %, ms",
    "reconnect_max_ms": "the same, the longest, ms",
    "grown_bytes_per_browser": "bytes by which the server grows for a browser, from the first event to the last",
    "receipts_waiting": "receipts that wait for browsers which do not read",
    "generator_cpu_per_million": "load generator's CPU seconds per million deliveries",
}


@dataclasses.dataclass(frozen=True)
class Spread:
    """Several values of one figure: the middle one, and how far they lie apart."""

    median: float
    least: float
    most: float
    runs: int

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Sum up at least one value."""
        return cls(statistics.median(values), min(values), max(values), len(values))


class Summary:
    """All runs of a benchmark, by scenario, server and figure; rows and columns in the order of the runs."""

    def __init__(self, results: Iterable[Result]) -> None:
        self.results = list(results)
        self.scenarios = list(dict.fromkeys(result.scenario for result in self.results))
        self.servers = list(dict.fromkeys(result.server for result in self.results))

    def spread(self, scenario: str, server: str, figure: str) -> Spread | None:
        """Sum up one cell; there is none where nothing was measured."""
        values = [result.figures[figure] for result in self.of(scenario, server) if figure in result.figures]
        return Spread.of(values) if values else None

    def of(self, scenario: str, server: str) -> list[Result]:
        """Name the runs of one cell."""
        return [result for result in self.results if (result.scenario, result.server) == (scenario, server)]

    def faulty(self) -> list[Result]:
        """Name the runs in which something went wrong."""
        return [result for result in self.results if result.faults]

    def ratio(self, scenario: str, server: str, peer: str, figure: str) -> float | None:
        """Divide a server's median by that of another."""
        ours, theirs = self.spread(scenario, server, figure), self.spread(scenario, peer, figure)
        return ours.median / theirs.median if ours and theirs and theirs.median > 0 else None

    def to_json(self) -> list[dict[str, object]]:
        """List all cells."""
        return [
            {"scenario": scenario, "server": server, "figure": figure, **dataclasses.asdict(spread)}
            for scenario in self.scenarios
            for server in self.servers
            for figure in FIGURES
            if (spread := self.spread(scenario, server, figure))
        ]
