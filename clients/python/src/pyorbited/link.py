"""One connection of the blocking client, and the thread that serves it."""

from __future__ import annotations

import contextlib
import functools
import selectors
import socket
import ssl
import threading
import time
import weakref
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any, Callable, Union

from .call import Action, Admitted, Call, EndWatch, Failed, Open, Result, Shut, Succeeded, Tell
from .connecting import State
from .courier import Courier
from .exceptions import ConnectionLost, OrbitedError
from .opener import Opened, Opener
from .watchstate import WatchState

_READ_SIZE = 262_144
_WRITE_SIZE = 262_144
_WOULD_BLOCK = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
_PATIENCE = 5.0
"""Seconds for a thread to end that has nothing more to do but callbacks of the program."""

_Selector: type[selectors.BaseSelector] = getattr(
    selectors, "PollSelector", selectors.SelectSelector
)
"""Cheap to make, and two sockets are not many."""

Reader = Callable[[Union[Tell, None], Union[OrbitedError, None]], None]
"""Is given each notice of a watch, and None at its end, with the reason if it is an error."""


class Link:
    """Carries out what its courier says. Thread-safe; its thread begins with the first call.

    The thread alone touches the socket. Whoever takes actions of the courier carries them out
    after it has let go of the lock, so that callbacks of futures may call the client again.

    Args:
        courier: A fresh one.
        opener: Makes the connections.
    """

    def __init__(self, courier: Courier, opener: Opener) -> None:
        self._courier = courier
        self._opener = opener
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._socket: socket.socket | None = None
        self._attempt = 0
        self._wakeup: tuple[socket.socket, socket.socket] | None = None
        self._futures: dict[Call, Future[Any]] = {}
        self._admissions: dict[Call, threading.Event] = {}
        self._readers: dict[WatchState, Reader] = {}
        self._shut: list[socket.socket] = []
        self._may_finish = False
        _links.add(self)

    @property
    def connected(self) -> bool:
        """Whether the server has answered the greeting on the present connection."""
        return self._courier.state is State.READY

    def submit(self, call: Call) -> Future[Result | None]:
        """Take a call; wait until it is admitted to the queue, or has ended.

        Raises:
            LimitExceeded: It is larger than the wire allows.
        """
        future: Future[Result | None] = Future()
        future.set_running_or_notify_cancel()  # what is sent can't be taken back
        admitted = threading.Event()
        with self._turn():
            self._start()
            self._futures[call] = future
            self._admissions[call] = admitted
            try:
                self._courier.submit(call, time.monotonic())
            except BaseException:
                del self._futures[call], self._admissions[call]
                raise
        if not self._is_own_thread():
            admitted.wait()  # ends at the latest with the call's deadline
        return future

    def call(self, call: Call) -> Result | None:
        """Take a call, and wait for its end.

        Raises:
            OrbitedError: What it failed with.
            RuntimeError: This is the link's own thread, which can't wait for itself.
        """
        if self._is_own_thread():
            raise RuntimeError("a callback of a future can't wait for a call: use submit")
        return self.submit(call).result()

    def _is_own_thread(self) -> bool:
        return threading.current_thread() is self._thread

    def watch(self, call: Call, state: WatchState, reader: Reader) -> Future[Result | None]:
        """Take a call that begins a watch; its notices go to the reader, in the link's thread."""
        with self._lock:
            self._readers[state] = reader
        call.watch = state
        call.retry = True
        return self.submit(call)

    def unwatch(self, state: WatchState) -> None:
        """End a watch."""
        with self._turn():
            self._courier.unwatch(state, time.monotonic())
            self._readers.pop(state, None)

    def set_secret(self, secret: bytes) -> None:
        """Show this secret from the next connection on."""
        with self._lock:
            self._courier.set_secret(secret)

    def finish(self, timeout: float | None) -> None:
        """End when the calls that there are have ended, or at the latest after so many seconds."""
        with self._turn():
            thread = self._thread
            self._courier.finish(time.monotonic())
        if thread is None or self._is_own_thread():
            return
        thread.join(timeout)
        if thread.is_alive():
            with self._turn():
                self._courier.stop(time.monotonic())
            thread.join(_PATIENCE)

    def let_finish(self) -> None:
        """End when the calls that there are have ended, without waiting for it.

        It takes no lock, since the garbage collector calls it, in any thread and at any moment.
        """
        self._may_finish = True
        wakeup = self._wakeup
        if wakeup:
            with contextlib.suppress(OSError):  # full: it is awake; closed: it has ended
                wakeup[1].send(b"\0")

    def forget(self) -> None:
        """Close everything in a child process, where the parent's threads are not."""
        self._lock = threading.Lock()
        for sock in [self._socket, *(self._wakeup or ()), *self._shut]:
            if sock:
                sock.close()
        self._socket = self._wakeup = self._thread = None

    # Under the lock

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        """Hold the lock; then carry out what the courier said, without it."""
        with self._lock:
            try:
                yield
            finally:
                todo = self._prepare(self._courier.take_actions())
                self._wake()
        for do in todo:
            do()

    def _prepare(self, actions: list[Action]) -> list[Callable[[], object]]:
        todo: list[Callable[[], object]] = []
        for action in actions:
            if isinstance(action, Open):
                self._attempt += 1
                todo.append(functools.partial(self._open, self._attempt))
            elif isinstance(action, Shut):
                self._attempt += 1
                if self._socket:
                    self._shut.append(self._socket)
                    self._socket = None
            elif isinstance(action, Admitted):
                self._admissions.pop(action.call).set()
            elif isinstance(action, (Succeeded, Failed)):
                todo.append(self._ending(action))
            elif isinstance(action, Tell):
                reader = self._readers.get(action.watch)
                if reader:
                    todo.append(_telling(reader, action, None))
            elif isinstance(action, EndWatch):
                reader = self._readers.pop(action.watch, None)
                if reader:
                    todo.append(_telling(reader, None, action.error))
        return todo

    def _ending(self, action: Succeeded | Failed) -> Callable[[], object]:
        future = self._futures.pop(action.call)
        admitted = self._admissions.pop(action.call, None)

        def end() -> None:
            if isinstance(action, Failed):
                future.set_exception(action.error)
            else:
                future.set_result(action.result)
            if admitted:
                admitted.set()

        return end

    def _start(self) -> None:
        if self._thread is None:
            self._wakeup = socket.socketpair()
            for end in self._wakeup:
                end.setblocking(False)
            self._thread = threading.Thread(target=self._run, name="orbited", daemon=True)
            self._thread.start()

    def _wake(self) -> None:
        if self._wakeup and not self._is_own_thread():
            with contextlib.suppress(BlockingIOError):  # full: it is awake
                self._wakeup[1].send(b"\0")

    def _open(self, attempt: int) -> None:
        self._opener.begin(functools.partial(self._opened, attempt))

    # In the opener's thread

    def _opened(self, attempt: int, how: Opened) -> None:
        with self._turn():
            if attempt != self._attempt:
                if isinstance(how, socket.socket):
                    how.close()
            elif isinstance(how, socket.socket):
                self._socket = how
                self._courier.opened(time.monotonic())
            else:
                self._courier.open_failed(how, time.monotonic())

    # In the link's thread

    def _run(self) -> None:
        assert self._wakeup
        wakeup, waker = self._wakeup
        try:
            while not self._courier.done:
                self._wait(wakeup)
        finally:
            with self._turn():  # also if there was a fault: nobody waits for ever
                self._courier.stop(time.monotonic())
            self._close_shut()
            with self._lock:
                self._wakeup = None
                wakeup.close()
                waker.close()

    def _wait(self, wakeup: socket.socket) -> None:
        self._close_shut()
        with self._lock:
            sock = self._socket
            writes = bool(sock and self._courier.data_to_send(1))
            wakes_at = self._courier.wakes_at()
        timeout = None if wakes_at is None else max(0.0, wakes_at - time.monotonic())
        with _Selector() as selector:
            selector.register(wakeup, selectors.EVENT_READ)
            if sock:
                events = selectors.EVENT_READ | (selectors.EVENT_WRITE if writes else 0)
                selector.register(sock, events)
            ready = {key.fileobj: events for key, events in selector.select(timeout)}
        if wakeup in ready:
            with contextlib.suppress(BlockingIOError):
                wakeup.recv(4096)
        if sock and ready.get(sock, 0):
            self._exchange(sock)
        with self._turn():
            if self._may_finish:
                self._courier.finish(time.monotonic())
            self._courier.tick(time.monotonic())

    def _exchange(self, sock: socket.socket) -> None:
        try:
            self._write(sock)
            self._read(sock)
        except OSError as error:
            with self._turn():
                if self._socket is sock:
                    self._lost(ConnectionLost(f"the connection was lost: {error}"))

    def _write(self, sock: socket.socket) -> None:
        # Under the lock, since who ends a call meanwhile must know whether its bytes have left.
        with self._lock:
            data = self._courier.data_to_send(_WRITE_SIZE) if self._socket is sock else b""
            if data:
                with contextlib.suppress(*_WOULD_BLOCK):
                    self._courier.data_sent(sock.send(data))

    def _read(self, sock: socket.socket) -> None:
        while True:
            try:
                data = sock.recv(_READ_SIZE)
            except _WOULD_BLOCK:
                return
            with self._turn():
                if self._socket is not sock:
                    return
                if not data:
                    self._lost(ConnectionLost("the server closed the connection"))
                    return
                self._courier.receive_data(data, time.monotonic())
            if not isinstance(sock, ssl.SSLSocket):
                return

    def _lost(self, error: OrbitedError) -> None:
        assert self._socket
        self._shut.append(self._socket)
        self._socket = None
        self._courier.ended(error, time.monotonic())

    def _close_shut(self) -> None:
        with self._lock:
            shut, self._shut = self._shut, []
        for sock in shut:
            sock.close()


def _telling(reader: Reader, told: Tell | None, error: OrbitedError | None) -> Callable[[], object]:
    return lambda: reader(told, error)


_links: weakref.WeakSet[Link] = weakref.WeakSet()


def live_links() -> list[Link]:
    """Give the links that there are, for the end of the program."""
    return list(_links)
