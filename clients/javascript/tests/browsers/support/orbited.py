"""The real server as a process, which can be killed and started again on the same ports."""

from __future__ import annotations

import os
import subprocess
import threading
from pathlib import Path

from .port import reserve

PATIENCE = 30.0
"""Seconds for the server to start or to end."""

REPOSITORY = Path(__file__).parents[5]
_READY = "orbited: control listening on"


def server_binary() -> Path:
    """Find the server: ORBITED_BINARY, or what was built in this repository.

    Raises:
        FileNotFoundError: There is none.
    """
    named = os.environ.get("ORBITED_BINARY")
    built = [REPOSITORY / ".build" / kind / "orbited" for kind in ("release", "debug")]
    candidates = [Path(named)] if named else built
    for candidate in candidates:
        if candidate.is_file() and os.access(candidate, os.X_OK):
            return candidate
    places = " or ".join(map(str, candidates))
    raise FileNotFoundError(f"there is no server at {places}: build it, or name it in ORBITED_BINARY")


class Orbited:
    """A server and its ports.

    Attributes:
        http_port: Where browsers connect.
        control_port: Where applications connect.

    Args:
        folder: Where its configuration and its log are written.
        sections: The configuration, but for the ports.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._places = (reserve(), reserve())
        self.http_port, self.control_port = (place.getsockname()[1] for place in self._places)
        self._process: subprocess.Popen[str] | None = None

    def configure(self, settings: str) -> None:
        """Write the configuration: further lines of ``[global]``, and other sections."""
        ports = f"[global]\nhttp.port = {self.http_port}\nop.port = {self.control_port}\n"
        (self._folder / "orbited.cfg").write_text(ports + settings, encoding="utf-8")

    def start(self) -> None:
        """Start the server, and wait until both ports are open."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ORBITED_")}
        with (self._folder / "orbited.log").open("a", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [str(server_binary()), "serve", "--config", str(self._folder / "orbited.cfg")],
                stdout=subprocess.PIPE,
                stderr=log,
                env=environment,
                text=True,
                encoding="utf-8",
            )
        ready = threading.Event()
        threading.Thread(target=self._read, args=(self._process, ready), daemon=True).start()
        if not ready.wait(PATIENCE) or self._process.poll() is not None:
            self.kill()
            raise AssertionError(f"the server did not start:\n{self.log()}")

    def kill(self) -> None:
        """End the server as a fault would: with SIGKILL. A second time does nothing."""
        if self._process:
            self._process.kill()
            self._process.wait(PATIENCE)
            self._process = None

    def stop(self) -> int:
        """End the server as an operator would, and give its exit status."""
        assert self._process, "the server does not run"
        process, self._process = self._process, None
        process.terminate()
        try:
            return process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(PATIENCE)
            raise

    def close(self) -> None:
        """Kill the server, and give its ports back."""
        self.kill()
        for place in self._places:
            place.close()

    def log(self) -> str:
        """Give the end of what the server logged."""
        path = self._folder / "orbited.log"
        return path.read_text(encoding="utf-8", errors="replace")[-4000:] if path.exists() else ""

    def _read(self, process: subprocess.Popen[str], ready: threading.Event) -> None:
        assert process.stdout
        with process.stdout, (self._folder / "orbited.log").open("a", encoding="utf-8") as log:
            for line in process.stdout:
                log.write(line)
                log.flush()
                if line.startswith(_READY):
                    ready.set()
        ready.set()
