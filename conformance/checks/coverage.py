"""Which requirements are proved, and how."""

from __future__ import annotations

from typing import Any

from .faults import Faults
from .pages import PAGES, has_must

WHERE = "conformance/exemptions.json"


class Coverage:
    """Of each requirement, what proves it.

    Args:
        requirements: the text of each by its id.
        cases: how many cases each has.
        vectors: how many vectors each has.
        exemptions: why some can have neither.
    """

    def __init__(
        self, requirements: dict[str, str], cases: dict[str, int], vectors: dict[str, int], exemptions: dict[str, str]
    ) -> None:
        self.requirements = requirements
        self.cases = cases
        self.vectors = vectors
        self.exemptions = exemptions

    def check(self, faults: Faults) -> None:
        """Find what nothing proves, and exemptions that are none."""
        for name, reason in self.exemptions.items():
            if name not in self.requirements:
                faults.add(WHERE, f"{name} is not defined")
            elif name in self.cases or name in self.vectors:
                faults.add(WHERE, f"{name} has a {'case' if name in self.cases else 'vector'}, and needs no exemption")
            elif not has_must(self.requirements[name]):
                faults.add(WHERE, f"{name} has no MUST, and needs no exemption")
            if not isinstance(reason, str) or len(reason.split()) < 3:
                faults.add(WHERE, f"{name} needs a reason")
        for name, text in self.requirements.items():
            if has_must(text) and not (name in self.cases or name in self.vectors or name in self.exemptions):
                faults.add(
                    f"protocol/{PAGES.get(name[:3], '?')}", f"{name} has neither a case, a vector nor an exemption"
                )

    def lines(self) -> list[str]:
        """Return a line for each page."""
        lines = []
        for prefix, page in PAGES.items():
            own = [name for name in self.requirements if name.startswith(prefix)]
            must = sum(has_must(self.requirements[name]) for name in own)
            cases = sum(name in self.cases for name in own)
            vectors = sum(name in self.vectors and name not in self.cases for name in own)
            exempt = sum(name in self.exemptions for name in own)
            lines.append(
                f"{prefix}: {len(own)} requirements, {must} with MUST; {cases} with a case,"
                f" {vectors} with vectors alone, {exempt} exempt ({page})"
            )
        return lines


def check_features(features: Any, transports: set[str], faults: Faults) -> set[str]:
    """Return the names of the features."""
    where = "conformance/features.json"
    names: dict[str, str] = features["features"]
    for name, meaning in names.items():
        if not meaning or "\n" in meaning:
            faults.add(where, f"{name} needs a meaning of one line")
    for name in sorted(transports - names.keys()):
        faults.add(where, f"the transport {name} is not there")
    for title, members in features["sets"].items():
        for name in sorted(set(members) - names.keys()):
            faults.add(where, f"{name}, of the set {title}, is not there")
    return set(names)
