"""Runs the programs of the duet behind the real server."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .port import reserved_port
from .server import OrbitedServer

PATIENCE = 30.0
PROJECT = Path(__file__).parents[2]
EXAMPLE = PROJECT.parent / "examples" / "duet"
PYTHON = [sys.executable, str(EXAMPLE / "duet.py")]
RUBY = ["ruby", str(EXAMPLE / "duet.rb")]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(PROJECT / "src")}


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a program that is to end by itself."""
    return subprocess.run(
        command, env=ENVIRONMENT, capture_output=True, text=True, timeout=PATIENCE
    )


@contextmanager
def voice(*command: str) -> Iterator[Iterator[str]]:
    """Run a program as from the command line; give its lines; end it with Ctrl-C."""
    process = subprocess.Popen(
        command,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    watchdog = threading.Timer(PATIENCE, process.kill)
    watchdog.start()
    try:
        assert process.stdout
        yield iter(process.stdout.readline, "")
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, errors
        assert "Traceback" not in errors
        assert ".rb:" not in errors
    finally:
        watchdog.cancel()
        process.kill()
        process.communicate()


@contextmanager
def stage(folder: Path, control: int = 0) -> Iterator[tuple[OrbitedServer, int]]:
    """Run Orbited with the example's own configuration, on other ports; give the page's, too."""
    config = (EXAMPLE / "orbited.cfg").read_text(encoding="utf-8")
    with reserved_port() as page:
        ports = {"http.port = 8000": 0, "op.port = 9000": control, "-> http://127.0.0.1:4700": page}
        for old, new in ports.items():
            assert old in config
            config = config.replace(old, re.sub(r"\d+$", str(new), old))
        with OrbitedServer(folder, config) as orbited:
            yield orbited, page
