"""A publisher of some language as a program beside the test."""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from ..engines import PATIENCE
from ..outcome import Skip
from .orbited import server_binary

_FOLDER = Path(__file__).parents[1] / "publishers"
COMMANDS = {
    "Python": [sys.executable, str(_FOLDER / "publisher.py")],
    "Ruby": ["ruby", str(_FOLDER / "publisher.rb")],
    "Node": ["node", str(_FOLDER / "publisher.mjs")],
    "Swift": [sys.executable, str(_FOLDER / "publisher_swift.py")],
}


class Program:
    """A running publisher.

    Args:
        language: One of COMMANDS.
        port: The server's control port.
        pattern: Whom it watches.
    """

    def __init__(self, language: str, port: int, pattern: str) -> None:
        command = COMMANDS[language]
        if shutil.which(command[0]) is None:
            raise Skip(f"there is no {command[0]}")
        self.language = language
        self._process = subprocess.Popen(
            [*command, str(port), pattern],
            env={**os.environ, "ORBITED_BINARY": str(server_binary())},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._told: queue.Queue[list[Any]] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def push(self, recipient: str, value: Any) -> None:
        """Have it send an event."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps([recipient, value]) + "\n")
        self._process.stdin.flush()

    def expect(self, *words: Any) -> None:
        """Wait for what it tells next.

        Raises:
            AssertionError: It tells something else, or nothing in time.
        """
        try:
            told = self._told.get(timeout=PATIENCE)
        except queue.Empty:
            raise AssertionError(f"{self.language} does not tell {list(words)}") from None
        assert told[0] in words[0] and told[1:] == list(words[1:]), f"{self.language} tells {told}, not {list(words)}"

    def close(self) -> None:
        """End it: it has nothing more to read."""
        assert self._process.stdin
        self._process.stdin.close()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._told.put(json.loads(line))
