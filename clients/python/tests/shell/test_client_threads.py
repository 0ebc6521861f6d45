from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pyorbited import Receipt
from pyorbited.simple import Client
from tests.support.peer import PATIENCE, Frame, PeerConnection, ScriptedPeer

SOURCE = Path(__file__).parents[2] / "src"

FORKING_PROGRAM = """
import os, sys
from pyorbited.simple import Client

orbit = Client("127.0.0.1", int(sys.argv[1]))
orbit.event("parent, 0, /x", 1)
child = os.fork()
if child == 0:
    assert not orbit.connected
    orbit.event("child, 0, /x", 2)
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
assert orbit.connected
orbit.event("parent, 0, /x", 3, retry=False)
orbit.disconnect()
"""


def test_many_threads_share_one_client_and_each_gets_its_own_receipt() -> None:
    frames: list[Frame] = []

    def answer_some(connection: PeerConnection) -> None:
        for _ in range(150):
            frames.append(connection.read_frame())
            connection.succeed(frames[-1])
        # Then the connection is lost once, with an event under way or none.

    def answer_the_others(connection: PeerConnection) -> None:
        while frame := connection.read_frame_or_end():
            frames.append(frame)
            connection.succeed(frame)

    def send(number: int) -> tuple[int, Receipt]:
        return number, orbit.event(f"user{number}, 0, /x", number)

    with (
        ScriptedPeer(answer_some, answer_the_others) as peer,
        Client("127.0.0.1", peer.port) as orbit,
        ThreadPoolExecutor(8) as pool,
    ):
        receipts = list(pool.map(send, range(400)))
        orbit.disconnect()
        peer.join()

    sent = {frame.id: frame for frame in frames}
    assert len(sent) == len(frames) == 400
    for number, receipt in receipts:
        assert sent[receipt.id].values("recipient") == [f"user{number}, 0, /x"]
        assert sent[receipt.id].body == b"%d" % number


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_child_has_a_connection_of_its_own() -> None:
    def parent(connection: PeerConnection) -> None:
        for body in (b"1", b"3"):
            frame = connection.read_frame()
            assert (frame.values("recipient"), frame.body) == (["parent, 0, /x"], body)
            connection.succeed(frame)
        assert connection.read_to_end() == b""

    def child(connection: PeerConnection) -> None:
        frame = connection.read_frame()
        assert (frame.values("recipient"), frame.body) == (["child, 0, /x"], b"2")
        connection.succeed(frame)
        assert connection.read_to_end() == b""

    with ScriptedPeer(parent, child, at_once=True) as peer:
        done = subprocess.run(
            [sys.executable, "-c", FORKING_PROGRAM, str(peer.port)],
            env={**os.environ, "PYTHONPATH": str(SOURCE)},
            timeout=PATIENCE,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
