"""Runs the cases in the engines, and prints the table."""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
import traceback
from contextlib import ExitStack
from pathlib import Path
from typing import Callable

from .behaviours import BEHAVIOURS
from .cases import Case, cases
from .engines import ENGINES, Engine
from .lane import Lane
from .outcome import Outcome, Verdict
from .support.stage import Stage
from .table import Table

_LANES = 3


class Run:
    """One run of the whole."""

    def __init__(self, engines: list[type[Engine]], wanted: list[Case], lanes: int, limit: float) -> None:
        self._engines = engines
        self._cases = wanted
        self._lanes = lanes
        self._limit = limit
        self._table = Table([engine.name for engine in engines], wanted)
        self._lock = threading.Lock()
        self._begun = time.monotonic()
        self._faults: list[str] = []
        self._running: list[Callable[[], object]] = []

    def run(self) -> int:
        """Run all engines side by side, and give the exit status."""
        threads = [threading.Thread(target=self._run_engine, args=(engine,), daemon=True) for engine in self._engines]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(max(0.0, self._begun + self._limit - time.monotonic()))
        with self._lock:
            print(f"\n{self._table}")
            for fault in self._faults:
                print(fault, file=sys.stderr)
            seconds = time.monotonic() - self._begun
            late = any(thread.is_alive() for thread in threads)
            if late:
                print(f"stopped after {seconds:.0f} s", file=sys.stderr)
            print(f"{seconds:.0f} s")
            good = self._table.is_good and not self._faults
        if late:
            self._end_what_runs()
        return 0 if good else 1

    def _end_what_runs(self) -> None:
        for end in self._running:
            try:
                end()
            except Exception as fault:  # the others are to end, too
                print(f"could not end what runs: {fault}", file=sys.stderr)

    def _run_engine(self, kind: type[Engine]) -> None:
        try:
            with ExitStack() as stack:
                engine = kind()
                self._running.append(engine.quit)
                stack.callback(engine.quit)
                self._say(f"{engine.name} {engine.version}")
                threads = [
                    threading.Thread(target=self._run_lane, args=(engine, number), daemon=True)
                    for number in range(self._lanes)
                ]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
        except Exception:
            self._faults.append(f"{kind.name}: {traceback.format_exc()}")

    def _run_lane(self, engine: Engine, number: int) -> None:
        try:
            with tempfile.TemporaryDirectory() as folder, Stage(Path(folder)) as stage:
                self._running.append(stage.orbited.kill)
                lane = Lane(engine, stage, f"{engine.name}-{number}", self._tell)
                lane.run(self._cases[number :: self._lanes])
        except Exception:
            self._faults.append(f"{engine.name}, lane {number}: {traceback.format_exc()}")

    def _tell(self, engine: str, case: Case, outcome: Outcome, seconds: float) -> None:
        with self._lock:
            self._table.put(engine, case, outcome)
        if outcome.verdict is not Verdict.SKIPPED:
            self._say(f"{outcome.verdict.value:4} {engine}: {case} ({seconds:.1f} s)")
        if outcome.verdict is Verdict.FAILED:
            self._say("\n".join(f"     {line}" for line in outcome.detail.splitlines()))

    def _say(self, text: str) -> None:
        with self._lock:
            print(f"{time.monotonic() - self._begun:6.1f} {text}", flush=True)


def main() -> int:
    engines = {engine.name: engine for engine in ENGINES}
    parser = argparse.ArgumentParser(prog="python -m browsers", description=__doc__)
    parser.add_argument("--engine", action="append", choices=engines, help="one of the engines; all without it")
    parser.add_argument("--listener", action="append", default=[], help="a row of the table, or a transport")
    parser.add_argument(
        "--behaviour", action="append", default=[], choices=[behaviour.name for behaviour in BEHAVIOURS]
    )
    parser.add_argument("--lanes", type=int, default=_LANES, help="how many cases an engine runs at once")
    parser.add_argument("--limit", type=float, default=900.0, help="seconds after which the run is stopped")
    options = parser.parse_args()
    wanted = cases(options.listener, options.behaviour)
    if not wanted:
        parser.error("there is no such case")
    return Run([engines[name] for name in options.engine or engines], wanted, options.lanes, options.limit).run()


if __name__ == "__main__":
    sys.exit(main())
