from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.support.peer import PATIENCE, PeerConnection, ScriptedPeer, refused_port

KEY = "username, 0, /example"

PROGRAM = """
import json, sys
from twisted.internet import reactor
from twisted.internet.defer import gatherResults
from pyorbited.twistedorbit import OrbitClient

first, later = json.load(sys.stdin)
orbit = OrbitClient("127.0.0.1", int(sys.argv[1]))
said = []

def succeeded(response):
    said.append([response.status, response.headers])

def failed(failure):
    error = failure.value
    said.append([type(error).__name__, error.maybe_delivered])

def send(what):
    arguments = what if isinstance(what, list) else [what]
    return orbit.event([%r], *arguments).addCallbacks(succeeded, failed)

def end(_):
    orbit.disconnect()
    reactor.callLater(0, reactor.stop)

def rest(_):
    return gatherResults([send(what) for what in later])

gatherResults([send(what) for what in first]).addCallback(rest).addBoth(end)
reactor.callLater(%d, reactor.stop)
reactor.run()
print(json.dumps(said))
""" % (KEY, PATIENCE)  # noqa: UP031 (the program has braces)


def run(port: int, *first: object, then: tuple[object, ...] = ()) -> list[list[object]]:
    """Run a program, since a reactor runs once in a process."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(port)],
        input=json.dumps([first, then]),
        capture_output=True,
        text=True,
        timeout=2 * PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    assert "Unhandled" not in done.stderr, done.stderr
    said: list[list[object]] = json.loads(done.stdout)
    return said


def test_events_are_sent_as_in_2007_and_their_responses_have_status_and_headers() -> None:
    def script(connection: PeerConnection) -> None:
        first, second = connection.read_frame(), connection.read_frame()
        assert first.lines == ["Orbit 1.0", "Event", "id: 1", f"recipient: {KEY}", "length: 17"]
        assert first.body == b'"Hello, browser!"'
        assert second.body == b"<b>"
        connection.send(
            f"Failure\r\nid: 2\r\nmsg: Gone\r\nrecipient: ({KEY})\r\n\r\n"
            "Success\r\nid: 1\r\n\r\n".encode()
        )
        assert connection.read_to_end() == b""

    with ScriptedPeer(script) as peer:
        assert run(peer.port, "Hello, browser!", ["<b>", False]) == [
            ["Failure", {"id": "2", "msg": "Gone", "recipients": [f"({KEY})"]}],
            ["Success", {"id": "1"}],
        ]


def test_a_refused_event_fails_alone() -> None:
    def script(connection: PeerConnection) -> None:
        connection.read_frame()
        connection.send(b"Failure\r\nid: 1\r\nmsg: No\r\ncode: 204 body_too_large\r\n\r\n")
        connection.answer_all()

    with ScriptedPeer(script) as peer:
        assert run(peer.port, 1, then=(2,)) == [["RefusedError", False], ["Success", {"id": "2"}]]


@pytest.mark.parametrize(
    ("reply", "error"), [(b"", "ConnectionLost"), (b"HTTP/1.1 400 No\r\n", "ProtocolError")]
)
def test_after_a_loss_the_next_event_makes_a_new_connection(reply: bytes, error: str) -> None:
    def script(connection: PeerConnection) -> None:
        connection.read_frame()
        connection.send(reply)

    with ScriptedPeer(script, PeerConnection.answer_all) as peer:
        assert run(peer.port, 1, then=(2,)) == [[error, True], ["Success", {"id": "2"}]]


def test_where_nobody_listens_events_fail() -> None:
    assert run(refused_port(), 1, 2) == [["ConnectFailed", False]] * 2


def test_what_is_invalid_fails_and_is_not_sent() -> None:
    with ScriptedPeer(PeerConnection.answer_all) as peer:
        said = run(peer.port, [None, False], "x" * 2_000_000, then=(1,))
    assert said == [["InvalidBody", False], ["LimitExceeded", False], ["Success", {"id": "1"}]]
