"""Run one scenario against one server, and measure both."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmark import generator, process
from benchmark.latency import percentile
from benchmark.result import FAULTS, Result
from benchmark.scenario import Scenario
from benchmark.servers import Launch, Server

START_SECONDS, STOP_SECONDS = 60, 10
SETTLE_SECONDS = 0.7  # a server may listen before it is done with starting, which is not to be measured
MICROSECOND, MILLION = 1e-6, 1e6


@dataclasses.dataclass(frozen=True)
class Reading:
    """What the clocks say while the generator stands still."""

    cpu: float
    memory: int
    busy: float

    @classmethod
    def take(cls, pid: int) -> Reading:
        """Read them."""
        return cls(process.cpu_seconds(pid), process.proportional_bytes(pid), process.busy_seconds())


def run(scenario: Scenario, server: Server, meet: Callable[[], object] = lambda: None) -> Result:
    """Start a server, measure it, and end it.

    Args:
        scenario: What is to happen.
        server: Which server.
        meet: Is called at the end of each phase, to wait for others.
    """
    readings: dict[str, Reading] = {}
    on_server, on_generator = pinned(server)
    with tempfile.TemporaryDirectory(prefix="orbited-bench-") as folder:
        launch = server.launch(scenario, Path(folder))
        with running([*on_server, *launch.command], launch, Path(folder, "log")) as pid:

            def measure(phase: str) -> None:
                meet()
                readings[phase] = Reading.take(pid)

            counted = generator.run(launch.to_generator(scenario), on_generator, measure)
    return result(scenario, server, readings, counted)


def pinned(server: Server) -> tuple[Sequence[str], Sequence[str]]:
    """Say what keeps a server of one loop and the generator from each other's CPU, where there are two."""
    cpus = sorted(os.sched_getaffinity(0))
    if server.loops > 1 or len(cpus) < 2:
        return (), ()
    return ("taskset", "-c", str(cpus[0])), ("taskset", "-c", str(cpus[1]))


@contextlib.contextmanager
def running(
    command: Sequence[str], launch: Launch, log: Path, environment: Mapping[str, str] | None = None
) -> Iterator[int]:
    """Start a server, wait until it takes connections, and end it after all."""
    with log.open("wb") as output:
        variables = {**os.environ, **(environment or {})}
        # In a session of its own: strace may end without the server that it watches.
        child = subprocess.Popen(
            command, stdout=output, stderr=output, stdin=subprocess.DEVNULL, env=variables, start_new_session=True
        )
        try:
            await_port(child, launch.port, log)
            await_port(child, launch.publish_port, log)
            time.sleep(SETTLE_SECONDS)
            yield child.pid
        finally:
            signal_group(child.pid, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(STOP_SECONDS)
            signal_group(child.pid, signal.SIGKILL)
            child.wait()


def signal_group(leader: int, number: signal.Signals) -> None:
    """Send a signal to all of a group that are still there."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, number)


def await_port(child: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if child.poll() is not None or time.monotonic() > deadline:
            raise generator.Failed(f"the server did not start; it says:\n{log.read_text('utf-8', 'replace')}")
        time.sleep(0.05)


def result(scenario: Scenario, server: Server, readings: dict[str, Reading], counted: dict[str, Any]) -> Result:
    """Turn readings and counts into figures."""
    start, connected = readings["start"], readings["connected"]
    figures = {
        "connect_cpu_us": (connected.cpu - start.cpu) / MICROSECOND / scenario.browsers,
        "connects_per_second": scenario.browsers / counted["connect_seconds"],
        "bytes_per_connection": (connected.memory - start.memory) / scenario.browsers,
    }
    if scenario.storm:
        gone, back = readings["gone"], readings["back"]
        figures = {
            "reconnect_cpu_us": (back.cpu - gone.cpu) / MICROSECOND / scenario.browsers,
            "reconnects_per_second": scenario.browsers / counted["reconnect_seconds"],
            "reconnect_p50_ms": percentile(counted["waits"], 0.5),
            "reconnect_p99_ms": percentile(counted["waits"], 0.99),
            "reconnect_max_ms": percentile(counted["waits"], 1),
        }
    first, last = start, connected
    if not scenario.idle and counted["deliveries"] > 0:
        first, last = readings["warm"], readings["done"]
        # Slow browsers have been written to as well, as far as their sockets took it.
        deliveries = counted["deliveries"] * scenario.browsers / (scenario.browsers - scenario.slow)
        figures = {
            "cpu_per_million": (last.cpu - first.cpu) * MILLION / deliveries,
            "generator_cpu_per_million": counted["generator_cpu_seconds"] * MILLION / counted["deliveries"],
            "deliveries_per_second": counted["deliveries"] / counted["seconds"],
            "p50_ms": percentile(counted["latency"], 0.5),
            "p90_ms": percentile(counted["latency"], 0.9),
            "p99_ms": percentile(counted["latency"], 0.99),
            "p999_ms": percentile(counted["latency"], 0.999),
            "max_ms": percentile(counted["latency"], 1),
        }
        figures["grown_bytes_per_browser"] = (last.memory - first.memory) / scenario.browsers
    if scenario.slow:
        figures["receipts_waiting"] = counted["receipts_waiting"]
    busy = last.busy - first.busy
    ours = last.cpu - first.cpu + counted["generator_cpu_seconds"]
    others = max(busy - ours, 0) / busy if busy > 0 and not scenario.idle else 0.0
    faults = {name: counted[name] for name in FAULTS if counted[name]}
    return Result(scenario.name, server.name, figures, faults, counted["latency"], others)
