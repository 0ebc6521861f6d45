"""The lies by which the suite itself is tested, and the cases that they make fail."""

from __future__ import annotations

from typing import Any

from .faults import Faults

CAUGHT = "conformance/liars/caught.json"
UNMOVED = "conformance/liars/unmoved.json"


def check_liars(cases: dict[str, Any], caught: dict[str, list[str]], unmoved: dict[str, str], faults: Faults) -> None:
    """Find cases that no lie makes fail and that have no excuse, and excuses and claims of cases that are none.

    Args:
        cases: the files of cases by their paths.
        caught: the ids of the cases that each lie makes fail, which `liars/run.py` verifies.
        unmoved: for each case that no lie can make fail, the reason.
        faults: where to tell.
    """
    ids = {case["id"] for file in cases.values() for case in file}
    moved = {case for claimed in caught.values() for case in claimed}
    for name, claimed in caught.items():
        for case in sorted(set(claimed) - ids):
            faults.add(CAUGHT, f"{name}: there is no case {case}")
        faults.unique(f"{CAUGHT}: {name}", claimed)
    for case, reason in unmoved.items():
        if case not in ids:
            faults.add(UNMOVED, f"there is no case {case}")
        elif case in moved:
            faults.add(UNMOVED, f"a lie makes {case} fail, and it needs no excuse")
        if len(reason.split()) < 3:
            faults.add(UNMOVED, f"{case} needs a reason")
    for case in sorted(ids - moved - unmoved.keys()):
        faults.add(CAUGHT, f"no lie makes {case} fail")
