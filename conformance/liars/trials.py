"""The trials of lies: which cases a lie meets, which of them have to fail, and which are left."""

from __future__ import annotations

import functools
import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SUITE = HERE.parent
CAUGHT = HERE / "caught.json"
UNMOVED = HERE / "unmoved.json"
SUBJECTS = {"server": "server", "pair": "pair", "client": "client", "page": "browser"}
"""The kinds of trials, and the folders of the cases that they meet."""


@dataclass
class Trial:
    """A lie that meets cases: what it is, what it is expected to fail, and what became of it."""

    kind: str  # `server`, `pair`, `client` or `page`
    name: str
    what: str
    claimed: list[str]
    reads: list[str]  # what the liar takes apart for it
    failed: list[str] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)
    seconds: float = 0
    fault: str = ""  # why the suite could not be run

    @property
    def is_honest(self) -> bool:
        """Whether nothing may fail."""
        return self.name.startswith("honest")

    @property
    def is_right(self) -> bool:
        """Whether the suite has noticed what it should, and no more."""
        if self.fault:
            return False
        if self.is_honest:
            return not self.failed
        return bool(self.failed) and set(self.claimed) <= set(self.failed)


class Unmoved:
    """The cases that no lie was yet seen to make fail, by kinds; `unmoved.json` has those that none can."""

    def __init__(self, trials: list[Trial]) -> None:
        excused = json.loads(UNMOVED.read_text("utf-8"))
        self.claimed = {case for trial in trials for case in trial.claimed}
        self.files = {kind: cases_of(kind) for kind in {trial.kind for trial in trials}}
        self.left = {case for files in self.files.values() for case in files} - self.claimed - excused.keys()

    def chosen(self, trial: Trial) -> list[str]:
        """What a trial meets besides its own cases: those that stand in the same files, and are left."""
        files = self.files[trial.kind]
        own = {files[case] for case in trial.claimed} or set(files.values())
        return [case for case, file in files.items() if file in own and case in self.left]


@functools.cache
def files_of(kind: str) -> dict[str, list[dict[str, Any]]]:
    """The files of cases that trials of a kind can meet, by their names."""
    files = sorted((SUITE / "cases" / SUBJECTS[kind]).glob("*.json"))
    return {path.name: json.loads(path.read_text("utf-8")) for path in files}


def cases_of(kind: str) -> dict[str, str]:
    """The ids of the cases that trials of a kind can meet, and the names of their files."""
    return {case["id"]: name for name, cases in files_of(kind).items() for case in cases}


# What one that takes apart what it reads can't put together again: how lines ended, JSON that is nested more deeply
# than Python reads, how much of an event a browser that reads nothing had taken, and what came just before the end.
BEYOND = {
    "control-1.1-lf-alone",
    "control-lf-alone",
    "control-lf-and-crlf",
    "replace-hands-over-the-queue",
    "script-json-nested-deeply",
    "session-half-an-event-is-tried-again",
    "session-half-an-event-is-tried-once-more",
    "session-takeover-in-the-middle-of-an-event",
    "session-tries-are-a-setting",
    "shutdown-is-told",
}


def lies(kind: str) -> list[Trial]:
    """The lies of one kind, as the liar lists them."""
    lines = subprocess.run([sys.executable, liar_of(kind), "--list"], check=True, stdout=subprocess.PIPE).stdout
    trials = [Trial(kind, *json.loads(line).values()) for line in lines.splitlines()]
    prefix = {"client": "client-", "page": "page-"}.get(kind, "")
    trials = [trial for trial in trials if trial.is_honest or trial.name.startswith(prefix)]
    own = cases_of(kind)
    for trial in trials:
        trial.claimed = [case for case in trial.claimed if case in own]
    told = [one for one in trials if not one.is_honest]
    met: set[str] = set()
    # The one that takes nothing apart comes last, for what the others have not met.
    for honest in sorted((one for one in trials if one.is_honest), key=lambda one: not one.reads):
        alike = [one for one in told if not honest.reads or set(honest.reads) & set(one.reads)]
        shown = {case for one in alike for case in one.claimed}
        honest.claimed = sorted(shown - BEYOND if honest.reads else shown - met)
        met.update(honest.claimed)
    # A server's lie need not show to a client.
    return [trial for trial in trials if trial.claimed] if kind == "pair" else trials


def liar_of(kind: str) -> str:
    """The program that tells lies of a kind."""
    return str(HERE / ("server.py" if kind in ("server", "pair") else "client.py"))
