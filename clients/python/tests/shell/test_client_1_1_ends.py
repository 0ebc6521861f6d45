from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
import weakref
from concurrent.futures import Future
from pathlib import Path

import pytest

import pyorbited
from pyorbited import (
    Disconnected,
    OrbitedError,
)
from pyorbited.client import Client, Receipt
from tests.support.peer import PATIENCE, PeerConnection, ScriptedPeer
from tests.support.peer11 import answer, answer_all, close_after_frame, greet

KEY = "a, 0, /x"


def test_to_disconnect_waits_for_the_events_under_way() -> None:
    sent = threading.Event()
    released = threading.Event()

    def script(connection: PeerConnection) -> None:
        greet(connection)
        frame = connection.read_frame()
        sent.set()
        assert released.wait(PATIENCE)
        answer(connection, frame)

    with ScriptedPeer(script) as peer:
        orbit = Client("127.0.0.1", peer.port)
        future = orbit.submit(KEY, 1)
        assert sent.wait(PATIENCE)
        ending = threading.Thread(target=orbit.disconnect)
        ending.start()
        released.set()
        ending.join(PATIENCE)
        assert not ending.is_alive()
        assert future.result()
        orbit.disconnect()
        with pytest.raises(Disconnected):
            orbit.event(KEY, 2)


def test_to_disconnect_in_no_time_fails_what_is_under_way() -> None:
    def script(connection: PeerConnection) -> None:
        close_after_frame(connection)
        sent.set()
        assert connection.read_to_end() == b""

    sent = threading.Event()
    with ScriptedPeer(script) as peer:
        orbit = Client("127.0.0.1", peer.port)
        future = orbit.submit(KEY, 1)
        assert sent.wait(PATIENCE)
        orbit.disconnect(timeout=0)
        with pytest.raises(Disconnected) as caught:
            future.result()
        assert caught.value.maybe_delivered


def test_a_callback_of_a_future_may_use_the_client() -> None:
    with ScriptedPeer(answer_all) as peer, Client("127.0.0.1", peer.port) as orbit:
        second: Future[Receipt] = Future()

        def go_on(first: Future[Receipt]) -> None:
            assert first.result()
            with pytest.raises(RuntimeError, match="use submit"):
                orbit.event(KEY, "would wait for itself")
            orbit.submit(KEY, 2).add_done_callback(lambda done: second.set_result(done.result()))

        orbit.submit(KEY, 1).add_done_callback(go_on)
        assert second.result(PATIENCE)


def test_a_client_that_nobody_holds_any_more_ends_its_connection() -> None:
    def script(connection: PeerConnection) -> None:
        answer_all(connection)
        ended.set()

    ended = threading.Event()
    with ScriptedPeer(script) as peer:
        orbit = Client("127.0.0.1", peer.port)
        assert orbit.event(KEY, 1)
        gone = weakref.ref(orbit)
        del orbit
        gc.collect()
        assert gone() is None
        assert ended.wait(PATIENCE)


def test_a_client_in_a_cycle_is_ended_by_the_garbage_collector_in_any_thread() -> None:
    def script(connection: PeerConnection) -> None:
        answer_all(connection)
        ended.set()

    ended = threading.Event()
    with ScriptedPeer(script) as peer:
        orbit = Client("127.0.0.1", peer.port)
        cycle: list[object] = [orbit]
        cycle.append(cycle)
        link = orbit._pool.links[0]
        assert orbit.event(KEY, 1)
        del orbit, cycle
        with link._lock:  # as if the collector ran in the middle of the link's own work
            gc.collect()
        assert ended.wait(PATIENCE)


def test_events_under_way_leave_before_the_program_ends() -> None:
    bodies: list[bytes] = []

    def script(connection: PeerConnection) -> None:
        greet(connection)
        while frame := connection.read_frame_or_end():
            bodies.append(frame.body)
            answer(connection, frame)

    program = (
        "import sys; from pyorbited.client import Client\n"
        "orbit = Client('127.0.0.1', int(sys.argv[1]))\n"
        "for number in range(100): orbit.submit('a, 0, /x', number)\n"
    )
    with ScriptedPeer(script) as peer:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", program, str(peer.port)],
            env={**os.environ, "PYTHONPATH": str(Path(pyorbited.__file__).parents[1])},
            capture_output=True,
            text=True,
            timeout=2 * PATIENCE,
        )
    assert (done.returncode, done.stderr) == (0, "")
    assert bodies == [b"%d" % number for number in range(100)]


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_forked_child_has_a_connection_of_its_own() -> None:
    with (
        ScriptedPeer(answer_all, answer_all, at_once=True) as peer,
        Client("127.0.0.1", peer.port) as orbit,
    ):
        assert orbit.event(KEY, 1)
        child = os.fork()
        if child == 0:
            status = 1
            try:
                status = 0 if orbit.event(KEY, 2, timeout=PATIENCE) else 2
            except OrbitedError:
                status = 3
            finally:
                os._exit(status)
        assert os.waitpid(child, 0)[1] == 0
        assert orbit.event(KEY, 3)
