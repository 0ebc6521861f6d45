"""Runs an adapter of the conformance suite, and makes calls on it."""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Any

PATIENCE = 30.0
"""Seconds for a call, or the adapter, to end."""

_REPOSITORY = Path(__file__).parents[4]
_FOLDER = _REPOSITORY / "conformance" / "adapters"
_SOURCES = _REPOSITORY / "clients" / "python" / "src"

COMMANDS = {
    "python": [sys.executable, str(_FOLDER / "orbited_python.py")],
    "python_sync": [sys.executable, str(_FOLDER / "orbited_python_sync.py")],
    "ruby": ["ruby", str(_FOLDER / "orbited_ruby.rb")],
    "node": ["node", str(_FOLDER / "orbited_node.mjs")],
    "swift": [str(_REPOSITORY / ".build" / "debug" / "orbited-adapter-swift")],
}
"""How each adapter is started."""


def is_there(name: str) -> bool:
    """Whether the adapter's interpreter, or its binary, is there."""
    return shutil.which(COMMANDS[name][0]) is not None


Line = dict[str, Any]


class Adapter:
    """A process of an adapter. It must end with status 0, and tell the end of each call once.

    Args:
        name: Which one.
    """

    def __init__(self, name: str) -> None:
        self._process = subprocess.Popen(
            COMMANDS[name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(_SOURCES)},
            text=True,
            encoding="utf-8",
        )
        self._calls = 0
        # Made before the call is, by one thread: of two that find one missing, each may make its
        # own.
        self._ends: dict[int, queue.SimpleQueue[Line]] = {}
        self._news: dict[int, queue.SimpleQueue[Line]] = {}
        self._ended: set[int] = set()
        self._faults: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)

    def __enter__(self) -> Adapter:
        self._reader.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            status = self.finish()
            assert error or (status, self._faults) == (0, [])
        finally:
            self._process.kill()
            self._process.wait(PATIENCE)

    def finish(self) -> int:
        """End its standard input, and give its status."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        status = self._process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        self._process.stdout.close()
        return status

    def wait(self) -> int:
        """Give its status when it has ended by itself."""
        return self._process.wait(PATIENCE)

    def begin(self, do: str, **members: object) -> int:
        """Begin a call, and give its number."""
        assert self._process.stdin
        self._calls += 1
        self._ends[self._calls] = queue.SimpleQueue()
        self._news[self._calls] = queue.SimpleQueue()
        line = json.dumps({"call": self._calls, "do": do, **members}, ensure_ascii=False)
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return self._calls

    def end_of(self, call: int, patience: float = PATIENCE) -> Line:
        """Wait for the end of a call; the line has ``returns`` or ``throws``."""
        return self._ends[call].get(timeout=patience)

    def returns(self, do: str, **members: object) -> Line:
        """Make a call, and give what it returns."""
        end = self.end_of(self.begin(do, **members))
        assert "returns" in end, end
        returned: Line = end["returns"]
        return returned

    def throws(self, do: str, **members: object) -> Line:
        """Make a call, and give what it throws."""
        end = self.end_of(self.begin(do, **members))
        assert "throws" in end, end
        thrown: Line = end["throws"]
        return thrown

    def news_of(self, call: int) -> Line:
        """Wait for what a watch tells next: a notice, or its end."""
        return self._news[call].get(timeout=PATIENCE)

    def has_news_of(self, call: int) -> bool:
        """Whether a watch has told more than was asked for."""
        return not self._news[call].empty()

    def _read(self) -> None:
        assert self._process.stdout
        for text in self._process.stdout:
            line = json.loads(text)
            call = line["call"]
            if call not in self._ends:
                self._faults.append(f"no such call: {text}")
            elif "notice" in line or "ended" in line:
                if call not in self._ended:
                    self._faults.append(f"news before the end of their call: {text}")
                self._news[call].put(line.get("notice", line))
            else:
                if call in self._ended or not ("returns" in line) ^ ("throws" in line):
                    self._faults.append(f"an end too many: {text}")
                self._ended.add(call)
                self._ends[call].put(line)
