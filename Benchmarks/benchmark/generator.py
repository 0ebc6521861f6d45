"""Run the load generator, and take measures where it waits for them."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Any

from benchmark import build

SECONDS = 180  # after which a run is taken for hanging


class Failed(Exception):
    """A server or the load generator did not do its work: what it was."""


def run(arguments: Sequence[str], before: Sequence[str], measure: Callable[[str], None]) -> dict[str, Any]:
    """Run it once.

    Args:
        arguments: Its command line.
        before: What goes before it, such as ``taskset``.
        measure: Is called with the name of each phase, while the generator stands still.

    Returns:
        What it has measured itself.

    Raises:
        Failed: It came to no end, or to a bad one.
    """
    command = [*before, str(build.generator()), *arguments]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=sys.stderr, text=True
    ) as child:
        assert child.stdin is not None and child.stdout is not None
        timer = threading.Timer(SECONDS, child.kill)
        timer.start()
        try:
            for line in child.stdout:
                if not line.startswith("phase "):
                    result: dict[str, Any] = json.loads(line)
                    return result
                measure(line.split()[1])
                child.stdin.write("\n")
                child.stdin.flush()
        except BaseException:
            child.kill()
            raise
        finally:
            timer.cancel()
    raise Failed(f"the load generator ended with {child.returncode} and without results")
