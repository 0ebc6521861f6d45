"""The client that was released in 2008 runs unchanged against today's server.

pyorbited 0.2.2 comes from PyPI with the JSON writer of its time, and runs on Python 2.7.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.support.browser import get, next_sse_event
from tests.support.python27 import python27
from tests.support.server import OrbitedServer

RELEASES = {"pyorbited-0.2.2": "pyorbited==0.2.2", "demjson-1.6": "demjson==1.6"}

PROGRAM = """
import json, sys
from pyorbited.simple import Client

orbit = Client(port=int(sys.argv[1]))
replies = []
for n in range(int(sys.argv[3])):
    replies.append(orbit.event([sys.argv[2]], "Hello, browser!"))
orbit.disconnect()
print(json.dumps(replies))
"""


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The folders of the old releases, as a PYTHONPATH."""
    folder = tmp_path_factory.mktemp("releases")
    for name, requirement in RELEASES.items():
        download = ["download", "--no-deps", "--no-binary", ":all:", "--dest", folder, requirement]
        done = subprocess.run(
            [sys.executable, "-m", "pip", *map(str, download)],
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, f"pip could not download {requirement}:\n{done.stderr}"
        with tarfile.open(folder / f"{name}.tar.gz") as archive:
            unpack(archive, folder)
    return os.pathsep.join(str(folder / name) for name in RELEASES)


def unpack(archive: tarfile.TarFile, folder: Path) -> None:
    for member in archive.getmembers():
        target = (folder / member.name).resolve()
        assert folder.resolve() in target.parents, f"{member.name} leaves its folder"
        content = archive.extractfile(member) if member.isfile() else None
        if content:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.read())


def replies_to_old_program(releases: str, port: int, key: str, count: int) -> list[str]:
    done = subprocess.run(
        [python27(), "-c", PROGRAM, str(port), key, str(count)],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": releases, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 0, done.stderr
    replies: list[str] = json.loads(done.stdout)
    return replies


@pytest.mark.timeout(600)
def test_the_old_client_reaches_a_browser(releases: str, orbited: OrbitedServer) -> None:
    with get(orbited.http_port, "/example%7Cusername,0,sse") as browser:
        key, count = "username, 0, /example", 12
        replies = replies_to_old_program(releases, orbited.control_port, key, count)
        assert [next_sse_event(browser) for _ in range(count)] == ['"Hello, browser!"'] * count
    assert replies == [f"Success\r\nid: {n}\r\n\r\n" for n in range(1, count + 1)]


@pytest.mark.timeout(600)
def test_the_old_client_is_told_of_an_unknown_key(releases: str, orbited: OrbitedServer) -> None:
    key = "nobody, 0, /example"
    assert replies_to_old_program(releases, orbited.control_port, key, 1) == [
        "Failure\r\nid: 1\r\nmsg: Failed to reach one or more recipients\r\n"
        "recipient: (nobody, 0, /example)\r\n\r\n"
    ]
