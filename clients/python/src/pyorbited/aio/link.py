"""One connection of the asyncio client."""

from __future__ import annotations

import asyncio
import ssl
from typing import Callable, Union

from ..call import Action, Admitted, Call, EndWatch, Failed, Open, Result, Shut, Succeeded, Tell
from ..connecting import State
from ..courier import Courier
from ..exceptions import ConnectFailed, ConnectionLost, OrbitedError
from ..watchstate import WatchState
from .transport import Wire

_WRITE_SIZE = 65_536

Reader = Callable[[Union[Tell, None], Union[OrbitedError, None]], None]
"""Is given each notice of a watch, and None at its end, with the reason if it is an error."""


class Link:
    """Carries out what its courier says, on the loop in which it is first used.

    Args:
        courier: A fresh one.
        addr: The server's name or address.
        port: Its control port.
        tls: The context for TLS; None for plain TCP.
    """

    def __init__(self, courier: Courier, addr: str, port: int, tls: ssl.SSLContext | None) -> None:
        self._courier = courier
        self._addr = addr
        self._port = port
        self._tls = tls
        self._loop: asyncio.AbstractEventLoop | None = None
        self._opening: asyncio.Task[None] | None = None
        self._wire: Wire | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at: float | None = None
        self._writing = False
        self._futures: dict[Call, asyncio.Future[Result | None]] = {}
        self._readers: dict[WatchState, Reader] = {}
        self._ended: asyncio.Event | None = None

    @property
    def connected(self) -> bool:
        """Whether the server has answered the greeting on the present connection."""
        return self._courier.state is State.READY

    def now(self) -> float:
        """Give the loop's time."""
        return self._in_loop().time()

    async def call(self, call: Call) -> Result | None:
        """Take a call, and wait for its end.

        To cancel it is to forget it: what was not sent yet is not sent.

        Raises:
            OrbitedError: What it failed with.
        """
        future: asyncio.Future[Result | None] = self._in_loop().create_future()
        self._futures[call] = future
        try:
            self._courier.submit(call, self.now())
            self._act()
            return await future
        finally:
            if self._futures.pop(call, None) is not None:
                self._courier.cancel(call, self.now())
                self._act()

    async def watch(self, call: Call, state: WatchState, reader: Reader) -> Result | None:
        """Take a call that begins a watch; its notices go to the reader."""
        self._readers[state] = reader
        call.watch = state
        call.retry = True
        return await self.call(call)

    def unwatch(self, state: WatchState) -> None:
        """End a watch."""
        self._readers.pop(state, None)
        if self._loop and not self._loop.is_closed():
            self._courier.unwatch(state, self.now())
            self._act()

    def set_secret(self, secret: bytes) -> None:
        """Show this secret from the next connection on."""
        self._courier.set_secret(secret)

    async def finish(self, timeout: float | None) -> None:
        """End when the calls that there are have ended, or at the latest after so many seconds."""
        self._ended = self._ended or asyncio.Event()
        self._courier.finish(self.now())
        self._act()
        try:
            await asyncio.wait_for(self._ended.wait(), timeout)
        except (asyncio.TimeoutError, asyncio.CancelledError) as error:
            self._courier.stop(self.now())
            self._act()
            if isinstance(error, asyncio.CancelledError):
                raise

    def _in_loop(self) -> asyncio.AbstractEventLoop:
        loop = asyncio.get_running_loop()
        if self._loop is None:
            self._loop = loop
        if self._loop is not loop:
            raise RuntimeError("a client belongs to the event loop in which it was first used")
        return loop

    def _act(self) -> None:
        for action in self._courier.take_actions():
            self._do(action)
        if not self._writing:
            # Once a turn of the loop, whatever number of tasks sends in it.
            self._writing = True
            self._in_loop().call_soon(self.write)
        self._set_timer()
        if self._ended and self._courier.done:
            self._ended.set()

    def _do(self, action: Action) -> None:
        if isinstance(action, Open):
            self._opening = self._in_loop().create_task(self._open())
        elif isinstance(action, Shut):
            self._shut()
        elif isinstance(action, Succeeded):
            future = self._futures.pop(action.call)
            if not future.done():
                future.set_result(action.result)
        elif isinstance(action, Failed):
            future = self._futures.pop(action.call)
            if not future.done():
                future.set_exception(action.error)
        elif isinstance(action, Tell):
            reader = self._readers.get(action.watch)
            if reader:
                reader(action, None)
        elif isinstance(action, EndWatch):
            reader = self._readers.pop(action.watch, None)
            if reader:
                reader(None, action.error)
        else:
            assert isinstance(action, Admitted)  # each task waits for the end of its call

    def _shut(self) -> None:
        if self._opening:
            self._opening.cancel()
            self._opening = None
        if self._wire:
            wire, self._wire = self._wire, None
            wire.close()

    async def _open(self) -> None:
        place = f"{self._addr}:{self._port}"
        try:
            name = self._addr if self._tls else None
            _, wire = await self._in_loop().create_connection(
                lambda: Wire(self), self._addr, self._port, ssl=self._tls, server_hostname=name
            )
        except (OSError, UnicodeError, ValueError) as error:
            self._opening = None
            failure = ConnectFailed(f"no connection to {place}: {error}")
            failure.__cause__ = error
            self._courier.open_failed(failure, self.now())
        else:
            self._opening = None
            self._wire = wire
            self._courier.opened(self.now())
        self._act()

    def write(self) -> None:
        """Hand to the system what it takes without a long queue."""
        self._writing = False
        while self._wire and self._wire.takes:
            data = self._courier.data_to_send(_WRITE_SIZE)
            if not data:
                return
            self._wire.write(data)
            self._courier.data_sent(len(data))

    def received(self, wire: Wire, data: bytes) -> None:
        """Take bytes of a connection."""
        if wire is self._wire:
            self._courier.receive_data(data, self.now())
            self._act()

    def lost(self, wire: Wire, error: Exception | None) -> None:
        """Take the end of a connection."""
        if wire is not self._wire:
            return
        self._wire = None
        what = f"the connection was lost: {error}" if error else "the server closed the connection"
        self._courier.ended(ConnectionLost(what), self.now())
        self._act()

    def _set_timer(self) -> None:
        at = self._courier.wakes_at()
        if at == self._timer_at:
            return
        if self._timer:
            self._timer.cancel()
        self._timer_at = at
        self._timer = None if at is None else self._in_loop().call_at(at, self._tick)

    def _tick(self) -> None:
        self._timer = self._timer_at = None
        self._courier.tick(self.now())
        self._act()
