"""The connections of a blocking client, shared by the threads of the program."""

from __future__ import annotations

import atexit
import itertools
import os
import random
import secrets
import threading
import time
import weakref

from .call import Call
from .courier import Courier
from .frames import Auth, Frame
from .link import Link, live_links
from .opener import Opener
from .request import Default, Seconds, new_call
from .settings import Settings

_AT_EXIT = 5.0
"""Seconds for the calls under way when the program ends."""


class Pool:
    """A number of links, of which each thread uses one.

    They end after their calls when the pool is gone, and are new in a child process that was
    forked.

    Args:
        size: How many connections.
        settings: How each of them behaves.
        opener: Makes them.

    Attributes:
        settings: How each of them behaves.
        links: All of them.

    Raises:
        ValueError: The size is below 1.
    """

    def __init__(self, size: int, settings: Settings, opener: Opener) -> None:
        if size < 1:
            raise ValueError(f"a pool has at least one connection: not {size!r}")
        self._size = size
        self._opener = opener
        self.settings = settings
        self._begin()
        _pools.add(self)

    def _begin(self) -> None:
        name = secrets.token_hex(5)
        self.links = [self._new_link(f"{name}.{n}-") for n in range(self._size)]
        self._own = threading.local()
        self._turns = itertools.count()
        self._finalizer = weakref.finalize(self, _let_finish, self.links)
        self._finalizer.atexit = False  # see _at_exit, which waits

    def _new_link(self, prefix: str) -> Link:
        return Link(Courier(self.settings, prefix=prefix, random=random.random), self._opener)

    @property
    def connected(self) -> bool:
        """Whether all connections are there, as far as is known."""
        return all(link.connected for link in self.links)

    def link(self) -> Link:
        """Give the link of this thread; the threads take turns when they first ask."""
        index = getattr(self._own, "index", None)
        if index is None:
            index = self._own.index = next(self._turns) % self._size
        return self.links[index]

    def new_call(self, frame: Frame | None, timeout: Seconds, *, retry: bool = False) -> Call:
        """Begin a call, whose time begins now.

        Raises:
            ValueError: The timeout is no number of seconds.
        """
        return new_call(frame, self._seconds(timeout), time.monotonic(), retry=retry)

    def connect(self, timeout: Seconds) -> None:
        """Wait until each link has a connection.

        Raises:
            OrbitedError: Why one of them has none.
        """
        self._call_each(None, timeout)

    def auth(self, frame: Auth, timeout: Seconds) -> None:
        """Show the secret on each connection, now and whenever there is a new one.

        Raises:
            OrbitedError: Why that failed on one of them.
        """
        for link in self.links:
            link.set_secret(frame.body)
        self._call_each(frame, timeout, retry=True)

    def disconnect(self, timeout: Seconds) -> None:
        """End all links: when their calls have ended, or at the latest after so many seconds."""
        seconds = self._seconds(timeout)
        _let_finish(self.links)
        _finish(self.links, None if seconds is None else time.monotonic() + seconds)

    def start_afresh(self) -> None:
        """Begin again with new links, in a child process that was forked."""
        self._finalizer.detach()
        for link in self.links:
            link.forget()
        self._begin()

    def _call_each(self, frame: Frame | None, timeout: Seconds, *, retry: bool = False) -> None:
        futures = [link.submit(self.new_call(frame, timeout, retry=retry)) for link in self.links]
        for future in futures:
            future.result()

    def _seconds(self, timeout: Seconds) -> float | None:
        return self.settings.timeout if isinstance(timeout, Default) else timeout


_pools: weakref.WeakSet[Pool] = weakref.WeakSet()


def _let_finish(links: list[Link]) -> None:
    for link in links:
        link.let_finish()


def _finish(links: list[Link], end: float | None) -> None:
    for link in links:
        link.finish(None if end is None else max(0.0, end - time.monotonic()))


def _at_exit() -> None:
    end = time.monotonic() + _AT_EXIT
    links = live_links()
    _let_finish(links)
    _finish(links, end)


def _after_fork_in_child() -> None:
    # The parent goes on with its connections and its threads, which the child does not have.
    for pool in list(_pools):
        pool.start_afresh()


atexit.register(_at_exit)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)
