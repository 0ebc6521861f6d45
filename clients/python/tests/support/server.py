"""Runs the real server for a test, on ports that the system chooses."""

from __future__ import annotations

import os
import re
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

PATIENCE = 30.0
"""Seconds for the server to start or to end."""

REPOSITORY = Path(__file__).parents[4]

_HTTP = re.compile(r"orbited: http listening on http://127\.0\.0\.1:(\d+)")
_CONTROL = re.compile(r"orbited: control listening on 127\.0\.0\.1:(\d+)")
_ADMIN = re.compile(r"orbited: admin listening on http://127\.0\.0\.1:(\d+)")


def server_binary() -> Path:
    """Find the server: ORBITED_BINARY, or what was built in this repository."""
    named = os.environ.get("ORBITED_BINARY")
    built = [REPOSITORY / ".build" / kind / "orbited" for kind in ("release", "debug")]
    candidates = [Path(named)] if named else built
    for candidate in candidates:
        if os.access(candidate, os.X_OK) and candidate.is_file():
            return candidate
    places = " or ".join(str(candidate) for candidate in candidates)
    raise FileNotFoundError(
        f"there is no orbited server at {places}: build it, or name it in ORBITED_BINARY"
    )


def configuration(settings: Mapping[str, object] | None = None, sections: str = "") -> str:
    """Write a configuration.

    Args:
        settings: Settings of ``[global]``; without any, the system chooses the ports.
        sections: Further sections, as they are.
    """
    lines = {"http.port": 0, "op.port": 0, **(settings or {})}
    body = "".join(f"{name} = {value}\n" for name, value in lines.items())
    return f"[global]\n{body}\n{sections}"


class OrbitedServer:
    """A server process.

    Args:
        folder: Where its configuration and its log are written.
        config: The configuration.
    """

    def __init__(self, folder: Path, config: str) -> None:
        command = [str(server_binary()), "serve", "--config", str(folder / "orbited.cfg")]
        (folder / "orbited.cfg").write_text(config, encoding="utf-8")
        self._log = (folder / "orbited.log").open("w+b")
        self._process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env={
                name: value for name, value in os.environ.items() if not name.startswith("ORBITED_")
            },
            text=True,
            encoding="utf-8",
        )
        self._awaited = [_HTTP, _CONTROL, *([_ADMIN] if "admin.enabled = 1" in config else [])]
        self._output: list[str] = []
        self._ready = threading.Event()
        self._reader = threading.Thread(target=self._read_output, daemon=True)

    def __enter__(self) -> OrbitedServer:
        self._reader.start()
        try:
            if not self._ready.wait(PATIENCE):
                raise AssertionError("the server did not say in time where it listens")
            self.http_port = self._port(_HTTP)
            self.control_port = self._port(_CONTROL)
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process.poll() is None:
            status = self.terminate()
            assert error or status == 0, self._report(f"the server ended with status {status}")
        self._close()

    @property
    def admin_port(self) -> int:
        """The port of the HTTP control API, if the configuration switches it on."""
        return self._port(_ADMIN)

    def terminate(self) -> int:
        """End the server as an operator would, and give its exit status."""
        self._process.terminate()
        try:
            return self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def kill(self) -> None:
        """End the server as a fault would."""
        self._process.kill()
        self._process.wait(PATIENCE)
        self._close()

    def _close(self) -> None:
        self._reader.join(PATIENCE)
        assert self._process.stdout
        self._process.stdout.close()
        self._log.close()

    def _read_output(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._output.append(line)
            text = "".join(self._output)
            if all(pattern.search(text) for pattern in self._awaited):
                self._ready.set()
        self._ready.set()

    def _port(self, pattern: re.Pattern[str]) -> int:
        found = pattern.search("".join(self._output))
        if not found:
            raise AssertionError(self._report("the server did not say where it listens"))
        return int(found[1])

    def _report(self, what: str) -> str:
        self._log.seek(0)
        log = self._log.read().decode(errors="replace")
        output = "".join(self._output)
        return f"{what}\nstandard output:\n{output}\nstandard error:\n{log}"
