#!/usr/bin/env python3
"""The adapter of orbited.js, which it drives in a browser; README.md says how adapters speak.

One thread reads calls. Another one carries them out, one after another, since a browser's driver does one thing at a
time, and between them asks the page what its connections were told.
"""

from __future__ import annotations

import argparse
import inspect
import json
import queue
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

CLIENT = Path(__file__).resolve().parents[2] / "clients" / "javascript"
sys.path.insert(0, str(CLIENT / "tests"))

from browsers.engines import ENGINES, Engine, EngineFault, NotInTime, Tab  # noqa: E402 (it is beside the library)

FEATURES = ["browser", "ws", "sse", "ndjson", "poll", "xhr_stream", "iframe", "jsonp", "xhr"]
PAUSE = 0.02  # seconds between two questions to the page

# What the page has to have before it connects. An error of the page belongs to no connection: each of them tells it.
_BEGIN = """
window.suite = { told: [], connections: {} };
suite.tell = (call, word, more) => suite.told.push({ call, told: { word, ...more } });
for (const type of ["error", "unhandledrejection"]) {
  window.addEventListener(type, ({ message, reason }) => {
    for (const call in suite.connections) suite.tell(+call, "error", { message: message || String(reason) });
  });
}
return typeof Orbited;
"""
_CONNECT = """
const [call, options] = arguments;
const connection = new Orbited.Connection(options);
suite.connections[call] = connection;
const on = (type, word, pick) => connection.addEventListener(type, (event) => suite.tell(call, word, pick(event)));
on("open", "open", ({ transport }) => ({ transport }));
on("event", "message", ({ data }) => ({ data }));
on("gap", "gap", () => ({}));
on("replaced", "replaced", () => ({}));
on("closed", "closed", ({ reason }) => ({ reason }));
on("reconnecting", "lost", ({ delay, reason }) => ({ delay: delay / 1000, reason }));
"""
_DISCONNECT = "suite.connections[arguments[0]].close();"
# As text, since drivers differ in what they make of values.
_TAKE = "return JSON.stringify(window.suite ? suite.told.splice(0) : []);"


class Unsupported(Exception):
    """The adapter does not know a verb or a member."""


class Adapter:
    """Carries out calls. A verb is a method ``do_…``, its arguments are the call's number and the members."""

    def __init__(self, make: Callable[[], Engine]) -> None:
        self._make = make
        self._engine: Engine | None = None
        self._tab: Tab | None = None

    def run(self, calls: queue.Queue[dict[str, Any] | None]) -> None:
        """Carry out calls until the last one."""
        try:
            while True:
                try:
                    call = calls.get(timeout=PAUSE)
                except queue.Empty:
                    call = {}
                if call is None:
                    return
                if call:
                    self._answer(**call)
                    if call["do"] == "quit":
                        return
                self._hear()
        finally:
            if self._engine:
                self._engine.quit()

    def _answer(self, call: int, do: str, **members: object) -> None:
        try:
            returns = self._verb(do, members)(call, **members)
        except Exception as error:
            tell({"call": call, "throws": described(error)})
        else:
            tell({"call": call, "returns": returns or {}})

    def _verb(self, do: str, members: dict[str, object]) -> Callable[..., Any]:
        verb: Callable[..., Any] | None = getattr(self, f"do_{do}", None)
        if verb is None:
            raise Unsupported(f"the adapter knows no verb {do!r}")
        try:
            inspect.signature(verb).bind(0, **members)
        except TypeError as error:
            raise Unsupported(f"{do}: {error}") from error
        return verb

    def _hear(self) -> None:
        if self._tab is None:
            return
        try:
            for line in json.loads(self._tab.run(_TAKE)):
                tell(line)
        except EngineFault as fault:
            print(f"the page can't be asked: {fault}", file=sys.stderr)

    def _page(self) -> Tab:
        if self._tab is None:
            raise Unsupported("there is no page yet")
        return self._tab

    def do_hello(self, _: int) -> object:
        """Name the library."""
        version = json.loads((CLIENT / "package.json").read_text(encoding="utf-8"))["version"]
        return {"name": "orbited.js", "version": version, "features": FEATURES}

    def do_page(self, _: int, url: str) -> None:
        """Open a page."""
        self._engine = self._engine or self._make()
        self._hear()
        self._tab = self._engine.open(url)
        if self._tab.run(_BEGIN) == "undefined":
            raise NotInTime(f"the page {url} has no library")

    def do_connect(
        self, call: int, location: str, user: str = "suite", session: str | None = None, transport: str | None = None
    ) -> None:
        """Connect the page, and tell what its connection tells."""
        options: dict[str, object] = {"user": user, "location": location}
        if session is not None:
            options["session"] = session
        if transport is not None:
            options["transports"] = [transport]
        self._page().run(_CONNECT, call, options)

    def do_disconnect(self, _: int, connect: int) -> None:
        """End a connection."""
        self._page().run(_DISCONNECT, connect)

    def do_quit(self, _: int) -> None:
        """Whoever carries out the calls ends after this one."""


def described(error: Exception) -> object:
    name = type(error).__name__
    return {"name": name, "message": str(error), "code": None, "retriable": False, "maybeDelivered": False}


def tell(line: object) -> None:
    print(json.dumps(line), flush=True)


def main() -> None:
    """Carry out what standard input says."""
    engines = {engine.name: engine for engine in ENGINES}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=engines, default="chromium", help="the browser")
    engine = engines[parser.parse_args().engine]
    calls: queue.Queue[dict[str, Any] | None] = queue.Queue()

    def read() -> None:
        for line in sys.stdin.buffer:
            calls.put(json.loads(line))
        calls.put(None)

    # The browser is to end, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    threading.Thread(target=read, daemon=True).start()
    Adapter(engine).run(calls)


if __name__ == "__main__":
    main()
