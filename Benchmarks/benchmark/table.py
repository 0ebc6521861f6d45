"""The report as text: a table for each figure, a row for each scenario, a column for each server."""

from __future__ import annotations

from collections.abc import Iterator

from benchmark.result import FAULTS
from benchmark.summary import FIGURES, Spread, Summary

SHOWN = (
    *("cpu_per_million", "deliveries_per_second", "p50_ms", "p99_ms", "grown_bytes_per_browser"),
    *("receipts_waiting", "bytes_per_connection", "connect_cpu_us", "connects_per_second"),
    *("reconnect_cpu_us", "reconnects_per_second", "reconnect_p50_ms", "reconnect_p99_ms", "reconnect_max_ms"),
)
LATENCIES = ("p50_ms", "p99_ms")
RATIOS = (("orbited", "floor"), ("orbited", "nchan"), ("orbited-2", "orbited"))
WITHOUT_RATIOS = ("grown_bytes_per_browser", "receipts_waiting")
NOISE = 0.05  # a share of CPU time that others may have before the report says so
EMPTY = ""


def report(summary: Summary) -> str:
    """Write the whole report."""
    tables = (table(summary, figure) for figure in SHOWN)
    return "\n\n".join([*filter(None, tables), "\n".join([*quiet(summary), *faults(summary)])])


def table(summary: Summary, figure: str) -> str:
    """Write the table of one figure, or nothing if it was not measured."""
    scenarios = [scenario for scenario in summary.scenarios if shown(scenario, figure)]
    pairs = () if figure in WITHOUT_RATIOS else RATIOS
    rows = []
    for scenario in scenarios:
        spreads = [summary.spread(scenario, server, figure) for server in summary.servers]
        if any(spreads):
            ratios = [summary.ratio(scenario, *pair, figure) for pair in pairs]
            rows.append([scenario, *map(cell, spreads), *map(ratio_cell, ratios)])
    if not rows:
        return ""
    head = ["", *summary.servers, *(f"{ours} / {theirs}" for ours, theirs in pairs)]
    columns = [i for i in range(len(head)) if i == 0 or any(row[i] for row in rows)]
    kept = [[row[i] for i in columns] for row in [head, *rows]]
    return f"{FIGURES[figure]}: median (least to most)\n" + "\n".join(lines(kept))


def shown(scenario: str, figure: str) -> bool:
    """Tell whether a figure means something; at full speed latency only shows how large the window is."""
    return figure not in LATENCIES or scenario.startswith(("latency", "steady", "slow", "unicast"))


def cell(spread: Spread | None) -> str:
    if spread is None:
        return EMPTY
    if spread.runs == 1:
        return number(spread.median)
    return f"{number(spread.median)} ({number(spread.least)} to {number(spread.most)})"


def ratio_cell(ratio: float | None) -> str:
    return EMPTY if ratio is None else f"{ratio:,.2f}"


def number(value: float) -> str:
    """Write as many digits as mean something."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}"


def lines(rows: list[list[str]]) -> Iterator[str]:
    """Align the columns: the first to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    for first, *others in rows:
        aligned = [text.rjust(width) for text, width in zip(others, widths[1:])]
        yield "  ".join([first.ljust(widths[0]), *aligned]).rstrip()


def quiet(summary: Summary) -> Iterator[str]:
    """Say how much else the machine had to do, if that was more than nothing."""
    noisy = [result for result in summary.results if result.others > NOISE]
    if noisy:
        most = max(result.others for result in noisy)
        yield (
            f"NOT QUIET: in {len(noisy)} of {len(summary.results)} runs others used more than {NOISE:.0%} "
            f"of the CPU time, up to {most:.0%}. Do not compare these figures with those of other days."
        )


def faults(summary: Summary) -> Iterator[str]:
    """Say what went wrong, or that nothing did."""
    for result in summary.faulty():
        for name, count in result.faults.items():
            yield f"FAULT: {result.scenario}, {result.server}: {name}: {count:,} {FAULTS[name]}"
    if not summary.faulty():
        yield f"Of {len(summary.results)} runs none lost, doubled, reordered or wrongly confirmed an event."
