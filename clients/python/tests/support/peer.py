"""A TCP server on the loopback that does what a test scripts, a script a connection."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType

PATIENCE = 20.0
"""Seconds after which a peer gives up, so that a fault fails a test rather than hang it."""


@dataclass(frozen=True)
class Frame:
    """An event as it arrived, read without the code under test."""

    lines: list[str]
    body: bytes

    @property
    def raw(self) -> bytes:
        return "\r\n".join([*self.lines, "", ""]).encode() + self.body

    @property
    def id(self) -> int:
        return int(self.values("id")[0])

    def values(self, name: str) -> list[str]:
        return [
            value for line in self.lines[2:] for n, _, value in [line.partition(": ")] if n == name
        ]


class PeerConnection:
    """The peer's end of one connection."""

    def __init__(self, sock: socket.socket) -> None:
        sock.settimeout(PATIENCE)
        self._socket = sock
        self._stream = sock.makefile("rb")

    def read_frame(self) -> Frame:
        lines: list[str] = []
        while True:
            raw = self._stream.readline()
            assert raw.endswith(b"\r\n"), f"no whole line: {raw!r}"
            if raw == b"\r\n":
                break
            lines.append(raw[:-2].decode())
        frame = Frame(lines, b"")
        # In Orbit 1.1 only some frames have a length.
        length = frame.values("length") or (["0"] if lines[0] == "Orbit 1.1" else [])
        return Frame(lines, self._stream.read(int(length[0])))

    def read_frame_or_end(self) -> Frame | None:
        return self.read_frame() if self._stream.peek(1) else None

    def read_byte(self) -> None:
        """Wait until the client has connected and begun to send."""
        assert self._stream.read(1)

    def read_to_end(self) -> bytes:
        return self._stream.read()

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def succeed(self, frame: Frame) -> None:
        self.send(b"Success\r\nid: %d\r\n\r\n" % frame.id)

    def answer_all(self) -> None:
        """Say Success to each event until the client is gone."""
        while frame := self.read_frame_or_end():
            self.succeed(frame)

    def finish_sending(self) -> None:
        self._socket.shutdown(socket.SHUT_WR)

    def reset(self) -> None:
        """Close so that the client gets a reset rather than an end."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def close(self) -> None:
        self._stream.close()
        self._socket.close()


Script = Callable[[PeerConnection], None]


class ScriptedPeer:
    """Accepts one connection for each script, in order, and closes it at the script's end.

    The second connection is accepted when the first script is done, or, with ``at_once``,
    while it runs. With ``tls`` it speaks TLS; None stands for a script whose client must give up
    during the handshake.
    """

    def __init__(
        self, *scripts: Script | None, at_once: bool = False, tls: ssl.SSLContext | None = None
    ) -> None:
        self._scripts = scripts
        self._tls = tls
        self._at_once = at_once
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(PATIENCE)
        self._faults: list[BaseException] = []
        self._all_accepted = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> ScriptedPeer:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                self.join()
        finally:
            self._listener.close()

    def stop_listening(self) -> None:
        """Refuse further connections, once those of all scripts have been accepted."""
        assert self._all_accepted.wait(PATIENCE)
        self._listener.close()

    def join(self) -> None:
        """Wait until all scripts are done, and raise what went wrong in one."""
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive(), "a script of the peer did not end"
        if self._faults:
            raise self._faults[0]

    def _run(self) -> None:
        threads: list[threading.Thread] = []
        try:
            for script in self._scripts:
                sock, _ = self._listener.accept()
                thread = threading.Thread(target=self._serve, args=(script, sock), daemon=True)
                threads.append(thread)
                if len(threads) == len(self._scripts):
                    self._all_accepted.set()
                thread.start()
                if not self._at_once:
                    thread.join()
        except OSError as fault:  # raised again in the test's thread
            self._faults.append(fault)
        for thread in threads:
            thread.join()

    def _serve(self, script: Script | None, sock: socket.socket) -> None:
        if self._tls:
            sock.settimeout(PATIENCE)
            try:
                sock = self._tls.wrap_socket(sock, server_side=True)
            except OSError as fault:
                sock.close()
                if script:
                    self._faults.append(fault)
                return
        connection = PeerConnection(sock)
        try:
            # In TLS 1.3 the server is done before the client has judged its certificate.
            if script:
                script(connection)
            else:
                _expect_refusal(connection)
        except BaseException as fault:  # raised again in the test's thread
            self._faults.append(fault)
        finally:
            connection.close()


def _expect_refusal(connection: PeerConnection) -> None:
    try:
        data = connection.read_to_end()
    except OSError:
        return
    assert data == b"", f"the client sent {data!r}"


def refused_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
    return port
