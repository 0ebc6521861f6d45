"""A TCP proxy between browser and server, which counts, cuts, swallows and refuses."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from .link import Link
from .port import reserve
from .request import Request, Treatment

PATIENCE = 15.0
"""Seconds for what a test waits for at the gateway."""

_REPORTED = 30

T = TypeVar("T")


class Gateway:
    """Passes connections on to a port of this machine.

    Its sockets live on a thread of its own; the methods may be called from any other.

    Attributes:
        port: Where browsers connect.
        policy: What is done with each request.

    Args:
        target: The port to which connections are passed on.
    """

    def __init__(self, target: int) -> None:
        self._target = target
        self._loop = asyncio.new_event_loop()
        self._changed = threading.Condition()
        self._requests: list[Request] = []
        self._links: set[Link] = set()
        self._swallowed = 0
        self._passable: int | None = None
        self._place = reserve()
        self.port: int = self._place.getsockname()[1]
        self.policy: Callable[[Request], Treatment] = lambda _: Treatment.PASS
        self._server: asyncio.AbstractServer | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Gateway:
        self._thread.start()
        self.mend()
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()
        self._place.close()

    # Faults

    def cut(self) -> None:
        """Reset all connections, and refuse new ones."""
        self._on_loop(self._cut)

    def mend(self) -> None:
        """Take connections again, and pass all bytes on."""
        self._passable = None
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(PATIENCE)

    def swallow(self, after: int = 0) -> None:
        """Take from the server what it writes, and pass on no more than so many bytes of it."""
        with self._changed:
            self._swallowed = 0
        self._on_loop(lambda: setattr(self, "_passable", after))

    @contextmanager
    def treating(self, policy: Callable[[Request], Treatment]) -> Iterator[None]:
        """Do something else with requests for a while."""
        self.policy = policy
        try:
            yield
        finally:
            self.policy = lambda _: Treatment.PASS

    # What was seen

    def requests(self, text: str) -> list[Request]:
        """Give the requests so far for events whose target holds a text."""
        with self._changed:
            return [request for request in self._requests if request.is_for(text)]

    def open_links(self, text: str) -> int:
        """Count the open connections on which such a request has not been answered whole."""
        with self._changed:
            latest = [link.request for link in self._links]
        return sum(1 for request in latest if request and request.is_for(text))

    def report(self) -> str:
        """Tell of all requests, for the error of a test."""
        with self._changed:
            begun = self._requests[0].at if self._requests else 0
            return "\n".join(f"{request.at - begun:7.3f} {request}" for request in self._requests[-_REPORTED:])

    def wait(self, condition: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
        """Wait until something holds that changes with what comes through.

        Raises:
            AssertionError: It did not.
        """
        deadline = time.monotonic() + seconds
        with self._changed:
            while not condition():
                if not self._changed.wait(deadline - time.monotonic()):
                    raise AssertionError(f"after {seconds} s the gateway still waits for {what}")

    def wait_swallowed(self, count: int = 1) -> None:
        """Wait until so many bytes have been swallowed since it was last told to begin."""
        self.wait(lambda: self._swallowed >= count, f"{count} swallowed bytes")

    # What links ask and tell, on the thread of the sockets

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The loop of the sockets."""
        return self._loop

    @property
    def target(self) -> int:
        """The port to which connections are passed on."""
        return self._target

    def joined(self, link: Link) -> None:
        """Take note of a connection."""
        with self._changed:
            self._links.add(link)
            self._changed.notify_all()

    def left(self, link: Link) -> None:
        """Take note that a connection is closed."""
        with self._changed:
            self._links.discard(link)
            self._changed.notify_all()

    def answered(self, link: Link) -> None:
        """Take note that the request on a connection has been answered: it may wait for the next."""
        with self._changed:
            link.request = None
            self._changed.notify_all()

    def came(self, request: Request) -> Treatment:
        """Take note of a request, and decide about it."""
        with self._changed:
            self._requests.append(request)
            self._changed.notify_all()
        return self.policy(request)

    def passable(self, data: bytes) -> bytes:
        """Give what may be passed on of bytes that came from the server."""
        if self._passable is None:
            return data
        kept = data[: self._passable]
        self._passable -= len(kept)
        if len(kept) < len(data):
            with self._changed:
                self._swallowed += len(data) - len(kept)
                self._changed.notify_all()
        return kept

    def _on_loop(self, action: Callable[[], T]) -> T:
        async def act() -> T:
            return action()

        return asyncio.run_coroutine_threadsafe(act(), self._loop).result(PATIENCE)

    async def _listen(self) -> None:
        if self._server is None:
            place = reserve(self.port)
            self._server = await self._loop.create_server(lambda: Link(self), sock=place)

    def _cut(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for link in list(self._links):
            link.reset()
