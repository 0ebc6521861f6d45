"""Shows that each kind of fault is found: a small sound suite, and what is broken in it one by one."""

from __future__ import annotations

import copy
import json
import pathlib
import tempfile
from collections.abc import Callable
from typing import Any

from .cases import CaseRules
from .coverage import Coverage, check_features
from .faults import Faults
from .liars import check_liars
from .pages import read_pages
from .repository import CASES, load

PAGE = """# A page

- [CTL-1] A server MUST answer each
  question at once.
- [CTL-2] A server SHOULD be polite.
- [CTL-3] A client MAY ask again.
- [CTL-4] A server MUST NOT sleep.
- [CTL-5] A server MUST be quick.
"""
SOUND: dict[str, Any] = {
    "page": PAGE,
    "cases": {
        "server/one.json": [
            {
                "id": "one",
                "requirements": ["CTL-1", "CTL-2"],
                "level": "MUST",
                "quote": "answer each question",
                "description": "A question is answered.",
                "features": ["orbit-1.0"],
                "settings": {"control.line": 10},
                "for": {"transport": ["sse"]},
                "steps": [
                    {"browse": "b", "transport": "${transport}"},
                    {"expect": "b", "item": {"event": {"save": "it"}}},
                    {"open": "c", "to": "control"},
                    {"send": "c", "bytes": ["$${x}${it}", {"repeat": {"text": "x", "count": 2}}]},
                ],
            }
        ]
    },
    "vectors": {"CTL-4": 1},
    "caught": {"silent": ["one"]},
    "unmoved": {},
    "exemptions": {"CTL-5": "No peer can show it."},
    "features": {
        "features": {"orbit-1.0": "Orbit 1.0", "sse": "the transport sse"},
        "sets": {"core": ["orbit-1.0", "sse"]},
    },
}

Change = Callable[[Any, Any], object]
"""Breaks a copy of the sound suite; its first case is there, too."""
BROKEN: list[tuple[str, Change]] = [
    ("CTL-9 is not defined", lambda _, case: case["requirements"].append("CTL-9")),
    ("the quote stands in none", lambda _, case: case.update(quote="answer no question")),
    ("CTL-1 has neither", lambda _, case: case.update(level="SHOULD")),
    ("the level is MUST", lambda _, case: case.update(requirements=["CTL-3"], quote="ask again")),
    ("one is there twice", lambda suite, case: suite["cases"].update({"server/two.json": [case]})),
    ("the feature flying", lambda _, case: case["features"].append("flying")),
    ("the feature ws", lambda _, case: case["for"].update(transport=["ws"])),
    ("browses with ws", lambda _, case: case["steps"][0].update(transport="ws")),
    ("the setting control.lime", lambda _, case: case["settings"].update({"control.lime": 1})),
    ("the variable that has no value", lambda _, case: case["steps"][3].update(bytes="${that}")),
    ("the variable it has no value", lambda _, case: case["steps"].pop(1)),
    ("the variable index has no value", lambda _, case: case["steps"][3].update(bytes="${index}")),
    ("the variable it# has no value", lambda _, case: case["steps"][3].update(bytes="${it${index}}", times=3)),
    ("level is missing", lambda _, case: case.pop("level")),
    ("colour is not allowed", lambda _, case: case.update(colour="red")),
    ("bites is not allowed", lambda _, case: case["steps"][3].update(bites="")),
    ("fits 0 of the alternatives", lambda _, case: case["steps"].append({"opn": "c"})),
    ("is not of type integer", lambda _, case: case["steps"][3]["bytes"][1]["repeat"].update(count="2")),
    ("True is not one of", lambda _, case: case.update(cuts=True)),
    ("the folder is none of", lambda suite, case: suite["cases"].update({"sever/two.json": [{**case, "id": "2"}]})),
    ("CTL-1 has neither", lambda _, case: case.update(requirements=["CTL-2"], quote="polite", level="SHOULD")),
    ("CTL-4 has neither", lambda suite, _: suite["vectors"].clear()),
    ("CTL-5 has neither", lambda suite, _: suite["exemptions"].clear()),
    ("CTL-1 has a case, and needs no", lambda suite, _: suite["exemptions"].update({"CTL-1": "It is too hard."})),
    ("CTL-4 has a vector, and needs no", lambda suite, _: suite["exemptions"].update({"CTL-4": "It is too hard."})),
    ("CTL-3 has no MUST", lambda suite, _: suite["exemptions"].update({"CTL-3": "It is too hard."})),
    ("CTL-8 is not defined", lambda suite, _: suite["exemptions"].update({"CTL-8": "It is too hard."})),
    ("CTL-5 needs a reason", lambda suite, _: suite["exemptions"].update({"CTL-5": "hard"})),
    ("CTL-7 is not defined", lambda suite, _: suite.update(page=PAGE + "See [CTL-7].\n")),
    ("CTL-4 is defined twice", lambda suite, _: suite.update(page=PAGE + "- [CTL-4] It MUST NOT.\n")),
    ("BRW-1 does not belong", lambda suite, _: suite.update(page=PAGE + "- [BRW-1] It may.\n")),
    ("longer than 120 columns", lambda suite, _: suite.update(page=PAGE + "x" * 121)),
    ("no lie makes one fail", lambda suite, _: suite["caught"].clear()),
    ("silent: there is no case two", lambda suite, _: suite["caught"]["silent"].append("two")),
    ("silent: one is there twice", lambda suite, _: suite["caught"]["silent"].append("one")),
    ("unmoved.json: there is no case two", lambda suite, _: suite["unmoved"].update(two="It is too easy.")),
    ("a lie makes one fail", lambda suite, _: suite["unmoved"].update(one="It is too easy.")),
    ("one needs a reason", lambda suite, _: (suite["caught"].clear(), suite["unmoved"].update(one="easy"))),
    ("no case asks for flying", lambda suite, _: suite["features"]["features"].update(flying="to fly")),
    ("sse needs a meaning", lambda suite, _: suite["features"]["features"].update(sse="")),
    ("the transport sse is not there", lambda suite, _: suite["features"]["features"].pop("sse")),
    ("tls, of the set core", lambda suite, _: suite["features"]["sets"]["core"].append("tls")),
]


def faults_of(suite: Any) -> Faults:
    faults = Faults()
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "control.md").write_text(suite["page"], "utf-8")
        requirements = read_pages(pathlib.Path(folder), faults)
    schema = load(CASES / "cases.schema.json", faults)
    features = check_features(suite["features"], {"sse"}, faults)
    proved = CaseRules(requirements, features, {"control.line"}, schema).check(suite["cases"], faults)
    if not faults:
        check_liars(suite["cases"], suite["caught"], suite["unmoved"], faults)
    Coverage(requirements, proved, suite["vectors"], suite["exemptions"]).check(faults)
    return faults


def self_test(faults: Faults) -> None:
    """Add a fault for each that is not found, and for each that is found where there is none."""
    for line in faults_of(SOUND):
        faults.add("the sound suite", line)
    for expected, change in BROKEN:
        suite = copy.deepcopy(SOUND)
        change(suite, suite["cases"]["server/one.json"][0])
        found = faults_of(suite)
        if not any(expected in line for line in found):
            faults.add("a fault is not found", f"{expected}; found {json.dumps(found)}")
    print(f"{len(BROKEN)} faults are found")
