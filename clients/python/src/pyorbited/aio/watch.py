"""What a program reads of a watch, in the asyncio client."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Callable, cast

from ..call import Call, Tell
from ..exceptions import OrbitedError
from ..mailbox import Mailbox
from ..notices import Notice, Position
from ..outcome import Watching
from ..watchstate import WatchState
from .link import Link


class Watch:
    """An asynchronous iterator of notices, and a context manager that ends the watch.

    One task reads it at a time. It ends when the program ends it or disconnects the client; if
    the server or a slow reader ends it, the iterator raises why, after the notices that wait.
    """

    def __init__(
        self, link: Link, state: WatchState, begin: Callable[[], Call], mailbox: Mailbox
    ) -> None:
        self._link = link
        self._state = state
        self._begin = begin
        self._mailbox = mailbox
        self._arrival: asyncio.Future[None] | None = None
        self._begun = False

    @property
    def position(self) -> Position | None:
        """How far it is read, for ``since`` of another watch; None: not where one could go on.

        It is None before the watch has begun, unless that has a ``since`` itself, and between the
        first and the last Present of a state.
        """
        return self._mailbox.position

    async def begin(self) -> None:
        """Begin the watch, unless it has begun, and wait until the server has confirmed it.

        Raises:
            RefusedError: The server refused it, such as 206 too_many_watches.
            Timeout: It took too long. Safe to retry.
        """
        if self._begun:
            return
        self._begun = True
        me = weakref.ref(self)
        link, state = self._link, self._state

        def take(told: Tell | None, error: OrbitedError | None) -> None:
            watch = me()
            if watch is None:
                link.unwatch(state)
            else:
                watch._take(told, error)

        try:
            reply = await link.watch(self._begin(), state, take)
        except BaseException:
            self._begun = False
            link.unwatch(state)
            raise
        self._mailbox.begin(cast(Watching, reply))

    def end(self) -> None:
        """End the watch. A second time does nothing."""
        self._link.unwatch(self._state)
        self._take(None, None)

    async def next(self) -> Notice | None:
        """Wait for the next notice; None at the end.

        Raises:
            OrbitedError: The watch has ended with it.
        """
        await self.begin()
        while not self._mailbox:
            if self._arrival is None or self._arrival.done():
                self._arrival = asyncio.get_running_loop().create_future()
            await self._arrival
        return self._mailbox.take()

    def __aiter__(self) -> AsyncIterator[Notice]:
        return self

    async def __anext__(self) -> Notice:
        notice = await self.next()
        if notice is None:
            raise StopAsyncIteration
        return notice

    async def __aenter__(self) -> Watch:
        await self.begin()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()

    def __repr__(self) -> str:
        return f"<Watch of {self._state.recipient}>"

    def _take(self, told: Tell | None, error: OrbitedError | None) -> None:
        if told is None:
            self._mailbox.end(error)
        elif not self._mailbox.put(told.notice, told.position):
            self._link.unwatch(self._state)
        if self._arrival and not self._arrival.done():
            self._arrival.set_result(None)
