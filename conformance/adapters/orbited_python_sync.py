#!/usr/bin/env python3
"""The adapter of pyorbited.client, whose calls block; README.md says how adapters speak.

Events begin in the order of the lines, and wait where the queue makes them wait; each other call has its own thread.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from orbited_python import main
from pyorbited.client import Client, Notice, Receipt, Watch


class Threads:
    """The blocking client, with the coroutines of the other one."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._client = Client(*arguments, **options)

    async def event(self, *arguments: Any, **options: Any) -> Receipt:
        return await asyncio.wrap_future(self._client.submit(*arguments, **options))

    async def list(self, *arguments: Any) -> Any:
        return await in_thread(self._client.list, *arguments)

    async def close(self, *arguments: Any) -> Any:
        return await in_thread(self._client.close, *arguments)

    async def ping(self) -> None:
        await in_thread(self._client.ping)

    async def auth(self, secret: str) -> None:
        await in_thread(self._client.auth, secret)

    def watch(self, *arguments: Any) -> Notices:
        return Notices(self._client.watch(*arguments))

    async def unwatch(self, notices: Notices) -> None:
        await in_thread(self._client.unwatch, notices.watch)

    async def disconnect(self, timeout: float) -> None:
        await in_thread(lambda: self._client.disconnect(timeout=timeout))


class Notices:
    """A watch of the blocking client."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch

    async def begin(self) -> None:
        await in_thread(self.watch.begin)

    async def next(self) -> Notice | None:
        notice: Notice | None = await in_thread(self.watch.next)
        return notice


async def in_thread(call: Callable[..., Any], *arguments: Any) -> Any:
    """Make a call in a thread of its own, of which there may be any number."""
    future: Future[Any] = Future()

    def run() -> None:
        try:
            future.set_result(call(*arguments))
        except Exception as error:
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return await asyncio.wrap_future(future)


if __name__ == "__main__":
    main("pyorbited.client", Threads)
