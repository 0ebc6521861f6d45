#!/usr/bin/env python3
"""Runs the suite against each liar, and shows which cases catch which lie.

`run.py --runner orbited-conformance [--adapter 'COMMAND'] [--page-adapter 'COMMAND'] -- SERVER COMMAND…`

By default each lie meets the cases that `caught.json` names for it, and the honest liars meet them all, which have to
pass. With `--all` each lie meets the whole suite: then the table also tells which cases no lie makes fail, and
`--update` writes a new `caught.json`. It exits with 1 if a lie was caught by none of its cases, or if an honest liar
was caught.
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


@dataclass
class Trial:
    """A lie that meets cases: what it is, what it is expected to fail, and what became of it."""

    kind: str  # `server`, `client` or `page`
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
        return not self.failed if self.is_honest else bool(set(self.failed) & set(self.claimed or self.failed))


def lies(kind: str) -> list[Trial]:
    """The lies of one kind, as the liar lists them."""
    liar = "server.py" if kind == "server" else "client.py"
    lines = subprocess.run([sys.executable, HERE / liar, "--list"], check=True, stdout=subprocess.PIPE).stdout
    trials = [Trial(kind, *json.loads(line).values()) for line in lines.splitlines()]
    prefix = {"server": "", "client": "client-", "page": "page-"}[kind]
    trials = [trial for trial in trials if trial.is_honest or trial.name.startswith(prefix)]
    for honest in (trial for trial in trials if trial.is_honest):
        alike = [one for one in trials if not honest.reads or set(honest.reads) & set(one.reads)]
        honest.claimed = sorted({case for one in alike if not one.is_honest for case in one.claimed})
    return trials


def meet(trial: Trial, arguments: argparse.Namespace, command: list[str]) -> Trial:
    """Runs the suite against one liar."""
    begun = time.monotonic()
    liar = [sys.executable, str(HERE / ("server.py" if trial.kind == "server" else "client.py")), "--lie", trial.name]
    chosen = [] if arguments.all else [word for case in trial.claimed for word in ("--id", case)]
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        suite = [arguments.runner, "server" if trial.kind == "server" else "client", "--quiet", "--cuts", "whole"]
        suite += ["--json", str(report), *chosen, *shlex.split(arguments.suite), "--", *liar, "--", *command]
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
    return f"{mark} {trial.kind:6} {trial.name:40} {trial.seconds:6.1f} s  {trial.fault or caught or '-'}"


def update(trials: list[Trial]) -> None:
    """Notes for each lie the cases that catch it, and that catch the fewest other lies."""
    known: dict[str, list[str]] = json.loads(CAUGHT.read_text("utf-8"))
    honest = {case for trial in trials if trial.is_honest for case in trial.failed}
    often: dict[str, int] = {}
    for trial in trials:
        for case in trial.failed:
            often[case] = often.get(case, 0) + 1
    for trial in trials:
        found = sorted(set(trial.failed) - honest, key=lambda case: (often[case], case))
        if found and not trial.is_honest:
            known[trial.name] = found[:3]
    CAUGHT.write_text(json.dumps(dict(sorted(known.items())), indent=2) + "\n", "utf-8")


def unmoved(trials: list[Trial]) -> list[str]:
    """The cases that no lie makes fail."""
    moved = {case for trial in trials if not trial.is_honest for case in trial.failed}
    return sorted({case for trial in trials for case in trial.passed} - moved)


def arguments_of() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runner", required=True, help="the program orbited-conformance")
    parser.add_argument("--adapter", help="the command of the adapter of a client library; without it no client lies")
    parser.add_argument("--page-adapter", help="that of an adapter of a library for pages")
    parser.add_argument("--lie", action="append", default=[], help="only lies of such a name; * and ? stand for others")
    parser.add_argument("--all", action="store_true", help="each lie meets the whole suite")
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
        "client": shlex.split(arguments.adapter or ""),
        "page": shlex.split(arguments.page_adapter or ""),
    }
    trials = [trial for kind, command in commands.items() if command for trial in lies(kind)]
    trials = [one for one in trials if any(fnmatch.fnmatch(one.name, glob) for glob in arguments.lie or ["*"])]
    unclaimed = [one for one in trials if not one.claimed and not arguments.all and not one.is_honest]
    trials = [one for one in trials if one.claimed or arguments.all]
    with concurrent.futures.ThreadPoolExecutor(arguments.parallel) as pool:
        for done in pool.map(lambda one: meet(one, arguments, commands[one.kind]), trials):
            print(told(done), flush=True)
    wrong = [one.name for one in trials if not one.is_right] + [one.name for one in unclaimed]
    for one in unclaimed:
        print(f"BAD {one.kind:6} {one.name:40} no case claims to catch it")
    still = unmoved(trials) if arguments.all else []
    if still:
        print(f"{len(still)} cases are made to fail by no lie: {', '.join(still)}")
    table = [{**asdict(one), "honest": one.is_honest, "right": one.is_right} for one in trials]
    if arguments.json:
        arguments.json.write_text(json.dumps({"trials": table, "unmoved": still}, indent=1) + "\n", "utf-8")
    if arguments.html:
        arguments.html.write_text(page(table, still), "utf-8")
    if arguments.update:
        update(trials)
    count = sum(not one.is_honest for one in trials)
    print(f"{count} lies, {len(wrong)} faults{': ' if wrong else ''}{', '.join(wrong)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
