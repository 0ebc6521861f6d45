"""Starting a server, and ending it."""

from __future__ import annotations

import os
import select
import sys
from pathlib import Path

import pytest
from benchmark.generator import Failed
from benchmark.run import running
from benchmark.servers import Launch, free_ports

# Says who it is once it listens on both ports.
SERVER = """
import os, signal, socket, sys
listeners = [socket.create_server(("127.0.0.1", int(port))) for port in sys.argv[2:]]
open(sys.argv[1], "w").write(str(os.getpid()))
signal.pause()
"""


def test_a_server_ends_although_what_started_it_ends_before_it(tmp_path: Path) -> None:
    ports = free_ports(2)
    script = tmp_path / "server.py"
    script.write_text(SERVER)
    name = tmp_path / "pid"
    command = ["sh", "-c", f"{sys.executable} {script} {name} {ports[0]} {ports[1]} & exec sleep 60"]
    with running(command, Launch(command, ports[0], ports[1], []), tmp_path / "log"):
        process = os.pidfd_open(int(name.read_text()))
    assert select.select([process], [], [], 20)[0] == [process]
    os.close(process)


def test_a_server_that_ends_at_once_is_a_failure_with_its_words(tmp_path: Path) -> None:
    command = ["sh", "-c", "echo no such setting; exit 7"]
    ports = free_ports(2)
    with (
        pytest.raises(Failed, match="no such setting"),
        running(command, Launch(command, ports[0], ports[1], []), tmp_path / "log"),
    ):
        pass
