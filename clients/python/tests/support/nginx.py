"""Runs Debian's nginx before a server, on a port that the system chooses."""

from __future__ import annotations

import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .port import reserved_port
from .server import REPOSITORY

PATIENCE = 30.0
"""Seconds for nginx to start or to end."""

NGINX = "/usr/sbin/nginx"

_DOCUMENTED = "http://127.0.0.1:8000"
PASSED_ON = f"location / {{ proxy_pass {_DOCUMENTED}; }}"
"""The least that nginx needs."""

# One process, which can't leave workers behind; paths that any user may write.
_CONFIGURATION = """\
daemon off;
master_process off;
error_log stderr notice;
pid nginx.pid;
events {{}}
http {{
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    {settings}
    server {{
        listen 127.0.0.1:{port};
        {locations}
    }}
}}
"""
_BLOCK = re.compile(r"^```nginx\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_LISTENING = "event method"  # said once all ports are open


def locations_of_readme() -> str:
    """Take what is to be copied out of README.md."""
    blocks = _BLOCK.findall((REPOSITORY / "README.md").read_text(encoding="utf-8"))
    assert len(blocks) == 1, f"README.md has {len(blocks)} blocks for nginx"
    return "".join(blocks)


@contextmanager
def nginx(folder: Path, upstream: int, locations: str, settings: str = "") -> Iterator[int]:
    """Run nginx before a server's port, and give its own.

    Args:
        folder: Where its files are written.
        upstream: The port that stands for the documented one.
        locations: What ``server`` holds.
        settings: What ``http`` holds besides.
    """
    assert _DOCUMENTED in locations
    locations = locations.replace(_DOCUMENTED, f"http://127.0.0.1:{upstream}")
    with reserved_port() as port:
        config = _CONFIGURATION.format(port=port, locations=locations, settings=settings)
        (folder / "nginx.conf").write_text(config, encoding="utf-8")
        process = subprocess.Popen(
            [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")],
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        log: list[str] = []
        ready = threading.Event()
        reader = threading.Thread(target=_read, args=(process, log, ready), daemon=True)
        reader.start()
        try:
            assert ready.wait(PATIENCE), "nginx did not start in time"
            assert _LISTENING in "".join(log), "nginx did not start"
            yield port
            process.terminate()
            assert process.wait(PATIENCE) == 0, "nginx ended with a fault"
        finally:
            process.kill()
            process.wait(PATIENCE)
            reader.join(PATIENCE)
            print("".join(log))  # which pytest shows if the test fails


def _read(process: subprocess.Popen[str], log: list[str], ready: threading.Event) -> None:
    assert process.stderr
    with process.stderr:
        for line in process.stderr:
            log.append(line)
            if _LISTENING in line:
                ready.set()
    ready.set()
