"""The cases, and the features that they may ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .faults import Faults
from .pages import LEVELS, level_of
from .schema import mismatches

KINDS = ("server", "client", "browser", "pair")
"""The folders; see cases/README.md."""
GIVEN = {"user", "control.host", "control.port", "http.port", "admin.port", "http.origin"}
"""The variables that each case has."""


SECTIONS = {"proxy": "proxy"}
"""Settings that are no entries of the registry, and the features that they belong to: the rules of the proxy."""
OF_SUITE = {"settings", "process"}
"""Features that cases need without naming them."""


class CaseRules:
    """What the cases have to agree with.

    Args:
        requirements: the text of each requirement by its id.
        features: the names of features.json.
        settings: the names in the registry that can be configured.
        schema: that of a file of cases.
    """

    def __init__(self, requirements: dict[str, str], features: set[str], settings: set[str], schema: Any) -> None:
        self.requirements = requirements
        self.features = features
        self.settings = settings
        self.schema = schema

    def check(self, files: dict[str, Any], faults: Faults) -> dict[str, int]:
        """Check the files, by their paths `KIND/NAME.json`; return how often each requirement is proved."""
        proved: dict[str, int] = {}
        ids: list[str] = []
        asked: set[str] = set()
        for path, cases in files.items():
            where = f"conformance/cases/{path}"
            if path.split("/")[0] not in KINDS:
                faults.add(where, f"the folder is none of {', '.join(KINDS)}")
            broken = list(mismatches(cases, self.schema, self.schema))
            for line in broken:
                faults.add(where, line)
            for case in [] if broken else cases:
                ids.append(case["id"])
                asked.update(asked_by(case))
                for fault in self.faults_of(case):
                    faults.add(f"{where}: {case['id']}", fault)
                for requirement in case["requirements"]:
                    # A case of a weaker level asks for more than the requirement does, or for something beside it.
                    level = level_of([self.requirements.get(requirement, "")])
                    if LEVELS.index(case["level"]) >= LEVELS.index(level):
                        proved[requirement] = proved.get(requirement, 0) + 1
        faults.unique("conformance/cases", ids)
        for name in sorted(self.features - OF_SUITE - asked):
            faults.add("conformance/features.json", f"no case asks for {name}")
        return proved

    def faults_of(self, case: Any) -> Iterator[str]:
        """Yield what is wrong with one case that fits the schema."""
        known = [name for name in case["requirements"] if name in self.requirements]
        for name in sorted(set(case["requirements"]) - set(known)):
            yield f"{name} is not defined"
        texts = [" ".join(self.requirements[name].split()) for name in known]
        if not any(" ".join(case["quote"].split()) in text for text in texts):
            yield "the quote stands in none of the requirements"
        strongest = level_of(texts)
        if LEVELS.index(case["level"]) > LEVELS.index(strongest):
            yield f"the level is {case['level']}, and the strongest word of the requirements is {strongest}"
        asked = set(asked_by(case))
        for name in sorted(asked - self.features):
            yield f"the feature {name} is not in features.json"
        for name in sorted({*transports_of(case)} - asked):
            yield f"a step browses with {name}, which is not among the features"
        sections = {name for name, feature in SECTIONS.items() if feature in asked}
        for name in sorted(case.get("settings", {}).keys() - self.settings - sections):
            yield f"the setting {name} is not in the registry"
        yield from unknown_variables(case)


def asked_by(case: Any) -> Iterator[str]:
    """Yield the features that a case asks for, also as transports."""
    yield from case.get("features", [])
    yield from case.get("for", {}).get("transport", [])


def transports_of(case: Any) -> Iterator[str]:
    """Yield the transports that the steps name themselves."""
    for step in case["steps"]:
        if "browse" in step and "$" not in step["transport"]:
            yield step["transport"]


def texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from texts_in(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from texts_in(item)


def saved_in(value: Any) -> Iterator[str]:
    """Yield the names that patterns in a step give to what they match."""
    if isinstance(value, list):
        for item in value:
            yield from saved_in(item)
    elif isinstance(value, dict):
        if isinstance(value.get("save"), str):
            yield value["save"]
        for item in value.values():
            yield from saved_in(item)


def unknown_variables(case: Any) -> Iterator[str]:
    """Yield a line for each variable that nothing has given a value when it is used."""
    known = GIVEN | case.get("for", {}).keys()
    for number, step in enumerate(case["steps"]):
        if "listen" in step:
            known |= {f"{step['listen']}.port"}
        # Also within one step: an earlier item of a list may save what a later one uses.
        known |= {counted(name) for name in saved_in(step)}
        for text in texts_in(step):
            text = text.replace("$$", "")
            for name in re.findall(r"\$\{([^}]*)\}", counted(text) if "times" in step else text):
                if name not in known and re.sub("[0-9]+", "#", name) not in known:
                    yield f"step {number}: the variable {name} has no value"


def counted(text: str) -> str:
    """Put one sign for all numbers that a step with `times` counts."""
    return text.replace("${index}", "#").replace("${countdown}", "#")
