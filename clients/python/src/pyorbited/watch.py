"""What a program reads of a watch, in the blocking client."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Callable, cast

from .call import Call, Tell
from .exceptions import OrbitedError, Timeout
from .link import Link
from .mailbox import Mailbox
from .notices import Notice, Position
from .outcome import Watching
from .watchstate import WatchState

if TYPE_CHECKING:
    from .client import Client


class Watch:
    """An iterator of notices, and a context manager that ends the watch.

    One thread reads it at a time. It ends when the program ends it or disconnects the client;
    if the server or a slow reader ends it, the iterator raises why, after the notices that wait.
    """

    def __init__(
        self,
        client: Client,
        link: Link,
        state: WatchState,
        begin: Callable[[], Call],
        mailbox: Mailbox,
    ) -> None:
        self._client = client  # which must not end while it is read
        self._link = link
        self._state = state
        self._begin = begin
        self._mailbox = mailbox
        self._arrival = threading.Condition()
        self._begun = False

    @property
    def position(self) -> Position | None:
        """How far it is read, for ``since`` of another watch; None: not where one could go on.

        It is None before the watch has begun, unless that has a ``since`` itself, and between the
        first and the last Present of a state.
        """
        return self._mailbox.position

    def begin(self) -> None:
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
            reply = link.watch(self._begin(), state, take).result()
        except BaseException:
            self._begun = False
            link.unwatch(state)
            raise
        self._mailbox.begin(cast(Watching, reply))

    def end(self) -> None:
        """End the watch. A second time does nothing."""
        self._link.unwatch(self._state)
        self._take(None, None)

    def next(self, timeout: float | None = None) -> Notice | None:
        """Wait for the next notice; None at the end.

        Args:
            timeout: Seconds to wait, None for no end.

        Raises:
            Timeout: None came in time. The watch goes on.
            OrbitedError: The watch has ended with it.
        """
        self.begin()
        end = None if timeout is None else time.monotonic() + timeout
        with self._arrival:
            while not self._mailbox:
                left = None if end is None else end - time.monotonic()
                if left is not None and left <= 0:
                    raise Timeout(f"no notice came in {timeout:g} s")
                self._arrival.wait(left)
            return self._mailbox.take()

    def __iter__(self) -> Iterator[Notice]:
        return self

    def __next__(self) -> Notice:
        notice = self.next()
        if notice is None:
            raise StopIteration
        return notice

    def __enter__(self) -> Watch:
        self.begin()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()

    def __repr__(self) -> str:
        return f"<Watch of {self._state.recipient}>"

    def _take(self, told: Tell | None, error: OrbitedError | None) -> None:
        with self._arrival:
            if told is None:
                self._mailbox.end(error)
                fits = True
            else:
                fits = self._mailbox.put(told.notice, told.position)
            self._arrival.notify_all()
        if not fits:
            self._link.unwatch(self._state)
