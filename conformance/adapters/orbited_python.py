#!/usr/bin/env python3
"""The adapter of pyorbited.aio; README.md says how adapters speak.

The main thread reads calls, and an event loop in another carries them out: tasks begin in the order in which they are
made, and so do their calls.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import ssl
import sys
import threading
from collections.abc import Callable
from typing import Any

import pyorbited
from pyorbited.aio import Client, Gap, Notice, Position

FEATURES = ["orbit-1.0", "orbit-1.1", "auth", "watch", "retry", "queue", "reconnect", "heartbeat"]
LAST_SECONDS = 5.0  # for the calls that are under way at the end


class Unsupported(Exception):
    """The adapter does not know a verb or a member."""


class Adapter:
    """Carries out calls, and tells what became of them. A verb is a method `do_…`, its arguments are the members."""

    def __init__(self, name: str, make: Callable[..., Any]) -> None:
        self._name = name
        self._make = make
        self._client: Any = None
        self._watches: dict[int, Any] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, call: dict[str, Any]) -> None:
        """Begin a call, after those that were begun before it."""
        task = asyncio.get_running_loop().create_task(self._answer(**call))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def end(self) -> None:
        """Disconnect, and wait until every call has ended."""
        if self._client:
            await self._client.disconnect(timeout=LAST_SECONDS)
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _answer(self, call: int, do: str, **members: object) -> None:
        try:
            returns = await self._verb(do, members)(**members)
        except Exception as error:
            return tell(call, throws=described(error))
        if do != "watch":
            return tell(call, returns=returns or {})
        self._watches[call] = returns
        tell(call, returns={})
        return await self._follow(call, returns)

    def _verb(self, do: str, members: dict[str, object]) -> Callable[..., Any]:
        verb: Callable[..., Any] | None = getattr(self, f"do_{do}", None)
        if verb is None:
            raise Unsupported(f"the adapter knows no verb {do!r}")
        try:
            inspect.signature(verb).bind(**members)
        except TypeError as error:
            raise Unsupported(f"{do}: {error}") from error
        return verb

    async def _follow(self, call: int, watch: Any) -> None:
        try:
            while (notice := await watch.next()) is not None:
                tell(call, notice=told(notice))
        except pyorbited.OrbitedError as error:
            tell(call, ended=described(error))

    async def do_hello(self) -> object:
        return {"name": self._name, "version": pyorbited.__version__, "features": FEATURES}

    async def do_client(self, host: str, port: int, **options: Any) -> None:
        names = {"secret": "secret", "timeout": "timeout", "heartbeat": "keepalive", "queue": "queue"}
        names |= {"whenFull": "policy", "ca": "tls"}
        if unknown := options.keys() - names:
            raise Unsupported(f"client: unexpected {', '.join(sorted(unknown))}")
        if "ca" in options:
            options["ca"] = ssl.create_default_context(cafile=options["ca"])
        self._client = self._make(host, port, **{names[name]: value for name, value in options.items()})

    async def do_event(
        self, to: list[Any], body: str, ack: str = "written", ttl: int | None = None, retry: bool = False
    ) -> object:
        receipt = await self._client.event(recipients(to), body, json=False, ack=ack, ttl=ttl, retry=retry)
        unreached = [{"key": str(one.key), "code": one.code, "name": one.name} for one in receipt.unreached]
        return {"id": receipt.id, "reached": receipt.reached, "unreached": unreached}

    async def do_list(self, of: list[Any], limit: int | None = None) -> object:
        listing = await self._client.list(recipients(of), limit)
        return {"keys": [str(key) for key in listing.keys], "more": listing.more}

    async def do_close(self, of: list[Any], reason: str | None = None) -> object:
        return {"closed": await self._client.close(recipients(of), reason)}

    async def do_ping(self) -> None:
        await self._client.ping()

    async def do_auth(self, secret: str) -> None:
        await self._client.auth(secret)

    async def do_watch(self, of: list[Any], state: bool = False, since: dict[str, Any] | None = None) -> Any:
        position = Position(**since) if since else None
        watch = self._client.watch(recipients(of), state, position)
        await watch.begin()
        return watch

    async def do_unwatch(self, watch: int) -> None:
        await self._client.unwatch(self._watches.pop(watch))

    async def do_quit(self) -> None:
        """Whoever reads the calls ends after this one."""


def recipients(given: list[Any]) -> list[Any]:
    return [tuple(one) if isinstance(one, list) else one for one in given]


def told(notice: Notice) -> object:
    word = type(notice).__name__.lower()
    if isinstance(notice, Gap):
        return {"word": word}
    members = {name: value for name, value in vars(notice).items() if name != "watch"}
    return {"word": word, **members, "key": str(notice.key)}


def described(error: Exception) -> object:
    return {
        "name": type(error).__name__,
        "message": str(error),
        "code": getattr(error, "code", None),
        "retriable": getattr(error, "retriable", False),
        "maybeDelivered": getattr(error, "maybe_delivered", False),
    }


def tell(call: int, **what: object) -> None:
    print(json.dumps({"call": call, **what}), flush=True)


def main(name: str, make: Callable[..., Any]) -> None:
    """Carry out what standard input says."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    adapter = Adapter(name, make)
    for line in sys.stdin.buffer:
        call = json.loads(line)
        loop.call_soon_threadsafe(adapter.begin, call)
        if call["do"] == "quit":
            break
    asyncio.run_coroutine_threadsafe(adapter.end(), loop).result()


if __name__ == "__main__":
    main("pyorbited.aio", Client)
