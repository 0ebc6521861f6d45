"""The report as charts."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from pathlib import Path

from benchmark.latency import merged, percentile
from benchmark.summary import Spread, Summary
from benchmark.svg import BOTTOM, COLOURS, HEIGHT, LEFT, RIGHT, WIDTH, Picture

INNER = WIDTH - LEFT - RIGHT
NINES = (0.0, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999)


def write(summary: Summary, folder: Path) -> list[Path]:
    """Draw all for which there are figures."""
    folder.mkdir(parents=True, exist_ok=True)
    speed = [name for name in summary.scenarios if re.match("(fanout|list|unicast)-", name) and "-5k" not in name]
    idle = [name for name in summary.scenarios if name.startswith("idle-")]
    charts = {
        "cpu": bars(summary, "CPU seconds of the server per million deliveries", "cpu_per_million", speed),
        "idle": bars(summary, "Bytes of user space for an idle connection", "bytes_per_connection", idle),
        "growth": growth(summary),
        "latency": latency(summary, "latency-1k-100"),
    }
    files = {folder / f"{name}.svg": chart for name, chart in charts.items() if chart}
    for file, chart in files.items():
        file.write_text(str(chart), "utf-8")
    return list(files)


def bars(summary: Summary, title: str, figure: str, scenarios: Sequence[str]) -> Picture | None:
    """A group of bars for each scenario, with the spread of the runs on top."""
    spreads = {
        (scenario, server): spread
        for scenario in scenarios
        for server in summary.servers
        if (spread := summary.spread(scenario, server, figure))
    }
    if not spreads:
        return None
    picture = Picture(title, max(spread.most for spread in spreads.values()))
    servers = [server for server in summary.servers if any(key[1] == server for key in spreads)]
    picture.legend(servers)
    group = INNER / len(scenarios)
    crowded = len(scenarios) > 4  # names would run into each other
    width = group * 0.8 / len(servers)
    for place, scenario in enumerate(scenarios):
        x = LEFT + group * place + group * 0.1
        present = [(server, spreads[scenario, server]) for server in servers if (scenario, server) in spreads]
        for index, (server, spread) in enumerate(present):
            picture.bar(x + index * width, width * 0.9, spread.median, COLOURS[server])
            whisker(picture, x + (index + 0.45) * width, spread)
        picture.text(x + group * 0.4, HEIGHT - BOTTOM + (32 if crowded and place % 2 else 16), scenario)
    return picture


def growth(summary: Summary) -> Picture | None:
    """What a delivery costs, from few browsers to many."""
    sizes = {
        int(match[1]) * 1000: name for name in summary.scenarios if (match := re.fullmatch(r"fanout-(\d+)k-100", name))
    }
    lines: dict[str, list[tuple[int, Spread]]] = {}
    for server in summary.servers:
        for browsers, name in sorted(sizes.items()):
            if spread := summary.spread(name, server, "cpu_per_million"):
                lines.setdefault(server, []).append((browsers, spread))
    lines = {server: points for server, points in lines.items() if len(points) > 1}
    if not lines:
        return None
    picture = Picture(
        "CPU seconds of the server per million deliveries, by the number of browsers",
        max(spread.most for points in lines.values() for _, spread in points),
    )
    picture.legend(list(lines))
    scale = INNER * 0.95 / max(sizes)
    for server, points in lines.items():
        picture.path([(LEFT + n * scale, picture.y(spread.median)) for n, spread in points], COLOURS[server])
        for browsers, spread in points:
            whisker(picture, LEFT + browsers * scale, spread, COLOURS[server])
    for browsers in sizes:
        picture.text(LEFT + browsers * scale, HEIGHT - BOTTOM + 18, f"{browsers:,}")
    return picture


def latency(summary: Summary, scenario: str) -> Picture | None:
    """How long the fastest, the middle and the slowest deliveries take; the axis stretches towards the slowest."""
    histograms = {
        server: merged(result.latency for result in runs)
        for server in summary.servers
        if (runs := summary.of(scenario, server)) and all(result.latency for result in runs)
    }
    if not histograms:
        return None
    points = {server: [percentile(values, share) for share in NINES] for server, values in histograms.items()}
    picture = Picture(
        f"Latency in ms, {scenario}: that share of the deliveries took no longer", max(map(max, points.values()))
    )
    picture.legend(list(points))
    places = [LEFT + INNER * 0.97 * math.log(1 / (1 - share)) / math.log(1 / (1 - NINES[-1])) for share in NINES]
    for server, values in points.items():
        picture.path([(x, picture.y(value)) for x, value in zip(places, values)], COLOURS[server])
    for share, x in zip(NINES[1:], places[1:]):
        picture.text(x, HEIGHT - BOTTOM + 18, f"{share * 100:g} %")
    return picture


def whisker(picture: Picture, x: float, spread: Spread, colour: str = "#777") -> None:
    picture.line(x, picture.y(spread.least), x, picture.y(spread.most), colour, 1.5)
