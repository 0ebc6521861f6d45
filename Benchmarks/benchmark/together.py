"""Run several servers at once, phase by phase, so that whatever slows the machine slows them alike."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from benchmark import run
from benchmark.generator import Failed
from benchmark.result import Result
from benchmark.scenario import Scenario
from benchmark.servers import Server

Pair = tuple[Scenario, Server]


def measure(pairs: Sequence[Pair]) -> list[Result | Failed]:
    """Measure one scenario with each of these servers at the same time; say for each what came of it.

    Servers share one CPU then, and generators another, so that CPU time can be compared, and latencies can not.
    """
    barrier = threading.Barrier(len(pairs))

    def one(pair: Pair) -> Result | Failed:
        try:
            result = run.run(*pair, barrier.wait)
        except threading.BrokenBarrierError:
            return Failed("another server of the same run failed")
        except BaseException as error:
            # Whatever ended it, the others must not wait for it.
            barrier.abort()
            if isinstance(error, Failed):
                return error
            raise
        # Those that ran at the same time are no disturbance.
        return dataclasses.replace(result, others=0.0)

    with ThreadPoolExecutor(len(pairs)) as pool:
        return list(pool.map(one, pairs))


def measure_alone(pair: Pair) -> list[Result | Failed]:
    """Measure one, which has the machine to itself."""
    try:
        return [run.run(*pair)]
    except Failed as failure:
        return [failure]
