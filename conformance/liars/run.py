#!/usr/bin/env python3
"""Runs the suite against each liar, and shows which cases catch which lie.

`run.py --runner orbited-conformance [--adapter 'COMMAND'] [--page-adapter 'COMMAND'] -- SERVER COMMAND…`

Each lie meets the cases that `caught.json` names for it, all of which have to fail; and the honest liars meet them all,
which have to pass. With `--all` each lie also meets the cases in the same files that no lie was yet seen to make fail,
and those that are left at the end are told, unless `unmoved.json` says why; `--update` notes in `caught.json` what was
found. It exits with 1 if a lie was not caught by one of its cases, if an honest liar was caught, or if a case is left.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import fnmatch
import json
import shlex
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

from page import page

HERE = Path(__file__).parent
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


def cases_of(kind: str) -> dict[str, str]:
    """The ids of the cases that trials of a kind can meet, and their files."""
    files = sorted((HERE.parent / "cases" / SUBJECTS[kind]).glob("*.json"))
    return {case["id"]: path.name for path in files for case in json.loads(path.read_text("utf-8"))}


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
    for honest in (trial for trial in trials if trial.is_honest):
        alike = [one for one in trials if not honest.reads or set(honest.reads) & set(one.reads)]
        met = {case for one in alike if not one.is_honest for case in one.claimed}
        honest.claimed = sorted(met - BEYOND if honest.reads else met)
    # A server's lie need not show to a client.
    return [trial for trial in trials if trial.claimed] if kind == "pair" else trials


def liar_of(kind: str) -> str:
    """The program that tells lies of a kind."""
    return str(HERE / ("server.py" if kind in ("server", "pair") else "client.py"))


def meet(trial: Trial, chosen: list[str], arguments: argparse.Namespace, command: list[str]) -> Trial:
    """Runs the suite against one liar."""
    begun = time.monotonic()
    adapter = ["--adapter", arguments.adapter] if trial.kind == "pair" else []
    browser = ["--browser", *(["--script", arguments.script] if arguments.script else [])]
    mode = trial.kind if trial.kind in ("server", "pair") else "client"
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        suite = [
            arguments.runner,
            mode,
            *(browser if trial.kind == "page" else adapter),
            "--quiet",
            "--cuts",
            "whole",
            "--json",
            str(report),
        ]
        suite += [word for case in chosen for word in ("--id", case)] + shlex.split(arguments.suite)
        suite += ["--", sys.executable, liar_of(trial.kind), "--lie", trial.name, "--", *command]
        done = subprocess.run(suite, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        if report.exists():
            for case in json.loads(report.read_text("utf-8"))["cases"]:
                if case["outcome"] in ("failed", "passed"):
                    (trial.failed if case["outcome"] == "failed" else trial.passed).append(case["id"])
        else:
            trial.fault = done.stdout.decode(errors="replace").strip()[-500:] or f"status {done.returncode}"
    trial.seconds = round(time.monotonic() - begun, 1)
    return trial


def told(trial: Trial) -> str:
    """A line of the table."""
    mark = "ok " if trial.is_right else "BAD"
    caught = ", ".join(trial.failed[:4]) + (f" and {len(trial.failed) - 4} more" if len(trial.failed) > 4 else "")
    missing = [case for case in trial.claimed if case not in trial.failed and not trial.is_honest]
    blind = f"; not by {', '.join(missing)}" if missing else ""
    return f"{mark} {trial.kind:6} {trial.name:40} {trial.seconds:6.1f} s  {trial.fault or (caught or '-') + blind}"


def update(trials: list[Trial], claimed: set[str]) -> None:
    """Notes for each lie the cases that catch it: those that did so before, and those that no other lie has moved."""
    known: dict[str, list[str]] = json.loads(CAUGHT.read_text("utf-8"))
    for trial in trials:
        if trial.is_honest or trial.fault:
            continue
        kept = [case for case in trial.claimed if case in trial.failed]
        new = [case for case in sorted(trial.failed) if case not in claimed] or ([] if kept else trial.failed[:1])
        others = set(known.get(trial.name, [])) - cases_of(trial.kind).keys()
        known[trial.name] = sorted({*others, *kept, *new})
        claimed |= set(new)
    found = {name: cases for name, cases in sorted(known.items()) if cases}
    CAUGHT.write_text(json.dumps(found, indent=2) + "\n", "utf-8")


def arguments_of() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runner", required=True, help="the program orbited-conformance")
    parser.add_argument("--adapter", help="the command of the adapter of a client library; without it no client lies")
    parser.add_argument("--page-adapter", help="that of an adapter of a library for pages")
    parser.add_argument("--script", help="the file with the library for pages")
    parser.add_argument("--lie", action="append", default=[], help="only lies of such a name; * and ? stand for others")
    parser.add_argument("--all", action="store_true", help="each lie also meets cases that none has moved yet")
    parser.add_argument("--parallel", type=int, default=2, help="how many lies are told at a time")
    parser.add_argument("--suite", default="", help="further options for orbited-conformance, in one argument")
    parser.add_argument("--json", type=Path, help="write the table as JSON")
    parser.add_argument("--html", type=Path, help="write the table as a page")
    parser.add_argument("--update", action="store_true", help="write caught.json from what was found")
    parser.add_argument("command", nargs="*", help="the server; without it no server lies")
    return parser.parse_args()


def main() -> int:
    """Reads the arguments, and has each lie told."""
    arguments = arguments_of()
    commands = {
        "server": arguments.command,
        "pair": arguments.command if arguments.adapter else [],
        "client": shlex.split(arguments.adapter or ""),
        "page": shlex.split(arguments.page_adapter or ""),
    }
    trials = [trial for kind, command in commands.items() if command for trial in lies(kind)]
    unmoved = Unmoved(trials)
    trials = [one for one in trials if any(fnmatch.fnmatch(one.name, glob) for glob in arguments.lie or ["*"])]
    unclaimed = [one for one in trials if not one.claimed and not arguments.all and not one.is_honest]
    trials = [one for one in trials if one.claimed or arguments.all]

    def run(trial: Trial) -> Trial:
        more = unmoved.chosen(trial) if arguments.all and not trial.is_honest else []
        done = meet(trial, trial.claimed + more, arguments, commands[trial.kind])
        if not done.is_honest:
            unmoved.left.difference_update(done.failed)
        return done

    with concurrent.futures.ThreadPoolExecutor(arguments.parallel) as pool:
        for done in pool.map(run, trials):
            print(told(done), flush=True)
    wrong = [one.name for one in trials if not one.is_right] + [one.name for one in unclaimed]
    for one in unclaimed:
        print(f"BAD {one.kind:6} {one.name:40} no case claims to catch it")
    still = sorted(unmoved.left) if arguments.all else []
    if still:
        print(f"{len(still)} cases are made to fail by no lie: {', '.join(still)}")
    table = [{**asdict(one), "honest": one.is_honest, "right": one.is_right} for one in trials]
    if arguments.json:
        arguments.json.write_text(json.dumps({"trials": table, "unmoved": still}, indent=1) + "\n", "utf-8")
    if arguments.html:
        arguments.html.write_text(page(table, still), "utf-8")
    if arguments.update:
        update(trials, unmoved.claimed)
    count = sum(not one.is_honest for one in trials)
    print(f"{count} lies, {len(wrong)} faults{': ' if wrong else ''}{', '.join(wrong)}")
    return 1 if wrong or still else 0


if __name__ == "__main__":
    sys.exit(main())
