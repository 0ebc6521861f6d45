#!/usr/bin/env python3
"""Runs the suite against each liar, and shows which cases catch which lie.

`run.py --runner orbited-conformance [--adapter 'COMMAND'] [--page-adapter 'COMMAND'] -- SERVER COMMAND…`

Each lie meets the cases that `caught.json` names for it, all of which have to fail; and honest liars, who take apart
the same and change nothing, meet them as well, which have to pass; they come first, each by itself, since cases that
have to do with time may fail beside others. With `--all` each lie also meets the cases in the same files that no lie
was yet seen to make fail, and those that are left at the end are told, unless `unmoved.json` says why; `--update` notes
in `caught.json` what was found. It exits with 1 if a lie was not caught by one of its cases, if an honest liar was
caught, or if a case is left.
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
from dataclasses import asdict
from pathlib import Path

from page import page
from trials import CAUGHT, SUBJECTS, SUITE, Trial, Unmoved, cases_of, files_of, liar_of, lies


def copy(chosen: list[str], kind: str, folder: Path) -> None:
    """Makes a suite of the chosen cases alone: to read them all takes longer than most lies."""
    place = folder / "cases" / SUBJECTS[kind]
    place.mkdir(parents=True)
    for name, cases in files_of(kind).items():
        if few := [case for case in cases if case["id"] in chosen]:
            (place / name).write_text(json.dumps(few), "utf-8")
    for name in ("features.json", "exemptions.json"):
        (folder / name).symlink_to(SUITE / name)
    if any(case.startswith("vectors/") for case in chosen):
        (folder / "vectors").symlink_to(SUITE / "vectors")
    else:
        (folder / "vectors").mkdir()


def meet(trial: Trial, chosen: list[str], arguments: argparse.Namespace, command: list[str]) -> Trial:
    """Runs the suite against one liar."""
    begun = time.monotonic()
    adapter = ["--adapter", arguments.adapter] if trial.kind == "pair" else []
    browser = ["--browser", *(["--script", arguments.script] if arguments.script else [])]
    mode = trial.kind if trial.kind in ("server", "pair") else "client"
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        copy(chosen, trial.kind, folder)
        report = folder / "report.json"
        suite = [
            arguments.runner,
            mode,
            *(browser if trial.kind == "page" else adapter),
            *("--cases", str(folder / "cases"), "--protocol", str(SUITE.parent / "protocol")),
            *("--quiet", "--cuts", "whole", "--json", str(report)),
            *(word for case in chosen for word in ("--id", case)),
            *shlex.split(arguments.suite),
        ]
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

    for is_honest in (True, False):
        with concurrent.futures.ThreadPoolExecutor(1 if is_honest else arguments.parallel) as pool:
            for done in pool.map(run, [one for one in trials if one.is_honest is is_honest]):
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
