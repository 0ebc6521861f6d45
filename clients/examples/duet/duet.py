#!/usr/bin/env python3
"""The first voice of the duet: pushes to the page once a second, and serves it.

Run Orbited with the configuration beside this file, then this program and duet.rb, and open http://127.0.0.1:8000/.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import http.server
import itertools
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from pyorbited import OrbitedError
from pyorbited.client import Client

PAGE = Path(__file__).resolve().parent / "page"
EVERYBODY = "*, *, /duet"
CALL_SECONDS = 5.0
LAST_SECONDS = 1.0


class PageHandler(http.server.SimpleHTTPRequestHandler):
    """Serves the page's files, and keeps silent about it."""

    def end_headers(self) -> None:
        """Let the page have nothing but what is of its own origin."""
        self.send_header("Content-Security-Policy", "default-src 'self'")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its name in the standard library)
        """Leave the terminal to the receipts."""


@contextlib.contextmanager
def served_page(port: int) -> Iterator[int]:
    """Serve the page on 127.0.0.1 meanwhile; give the port, which the system chooses for 0."""
    handler = functools.partial(PageHandler, directory=str(PAGE))
    try:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        reason = error.strerror
        sys.exit(f"duet.py: port {port} can't be had ({reason}): choose another with --port, and in orbited.cfg")
    with server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def push(orbit: Client, every: float) -> None:
    """Push to everybody who has the page open, and print the receipts."""
    for number in itertools.count(1):
        try:
            receipt = orbit.event(EVERYBODY, {"from": "Python", "number": number}, ttl=1)
        except OrbitedError as error:
            print(f"Python {number}: {error}", file=sys.stderr, flush=True)
        else:
            unreached = "".join(f", not {one}" for one in receipt.unreached)
            print(f"Python {number}: {receipt.reached} reached{unreached}", flush=True)
        time.sleep(every)


def perform(port: int, orbited: tuple[str, int], every: float) -> None:
    """Serve and push until interrupted."""
    orbit = Client(*orbited, timeout=CALL_SECONDS)
    try:
        orbit.connect()
    except OrbitedError as error:
        sys.exit(f"duet.py: {error}\nIs Orbited running? orbited serve --config orbited.cfg")
    try:
        with served_page(port) as chosen:
            print(f"duet.py: serving the page on http://127.0.0.1:{chosen}/, for Orbited's proxy", flush=True)
            push(orbit, every)
    finally:
        orbit.disconnect(timeout=LAST_SECONDS)


def host_and_port(text: str) -> tuple[str, int]:
    """Read ``host:port``."""
    host, colon, port = text.rpartition(":")
    if not (colon and host and port.isdecimal() and 0 < int(port) < 65536):
        raise argparse.ArgumentTypeError(f"{text!r} is not host:port")
    return host, int(port)


def port_or_0(text: str) -> int:
    """Read a port; 0 stands for one that the system chooses."""
    port = int(text)
    if not 0 <= port < 65536:
        raise ValueError(f"{text} is no port")
    return port


def seconds(text: str) -> float:
    """Read a time that is above 0."""
    value = float(text)
    if not 0 < value <= 3600:
        raise ValueError(f"{text} is no time between 0 and 3600 s")
    return value


def main() -> None:
    """Read the command line and perform."""
    parser = argparse.ArgumentParser(description="The Python voice of the duet.")
    parser.add_argument("--port", type=port_or_0, default=4700, help="of the page; 0 lets the system choose (4700)")
    parser.add_argument(
        "--orbited",
        type=host_and_port,
        default=("127.0.0.1", 9000),
        metavar="HOST:PORT",
        help="Orbited's control port (127.0.0.1:9000)",
    )
    parser.add_argument("--every", type=seconds, default=1.0, metavar="SECONDS", help="between two events (1)")
    arguments = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGTERM):  # shells switch Ctrl-C off for what runs in the background
        signal.signal(number, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt):
        perform(arguments.port, arguments.orbited, arguments.every)


if __name__ == "__main__":
    main()
