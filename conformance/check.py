#!/usr/bin/env python3
"""Check pages, registry, vectors and cases against each other; exit with 1 if anything disagrees."""

from __future__ import annotations

import argparse
import pathlib
import sys
from typing import Any

from checks.cases import CaseRules
from checks.coverage import Coverage, check_features
from checks.faults import Faults
from checks.liars import check_liars
from checks.pages import read_pages
from checks.registry import check_registry, settings_of
from checks.repository import CASES, CONFORMANCE, PROTOCOL, VECTORS, load
from checks.self_test import self_test
from checks.vectors import check_vectors


def load_folder(folder: pathlib.Path, faults: Faults) -> dict[str, Any]:
    """Read the files `KIND/NAME.json` of a folder, by these paths."""
    paths = sorted(folder.glob("*/*.json"))
    return {path.relative_to(folder).as_posix(): load(path, faults) for path in paths}


def check(faults: Faults) -> None:
    requirements = read_pages(PROTOCOL, faults)
    registry = load(PROTOCOL / "registry.json", faults)
    registry_schema = load(PROTOCOL / "registry.schema.json", faults)
    vectors, vectors_schema = load_folder(VECTORS, faults), load(VECTORS / "vectors.schema.json", faults)
    cases, cases_schema = load_folder(CASES, faults), load(CASES / "cases.schema.json", faults)
    features = load(CONFORMANCE / "features.json", faults)
    exemptions = load(CONFORMANCE / "exemptions.json", faults)
    caught, unmoved = (load(CONFORMANCE / "liars" / name, faults) for name in ("caught.json", "unmoved.json"))
    if faults:
        return
    check_registry(registry, registry_schema, requirements, faults)
    if faults:
        return
    names = check_features(features, {entry["name"] for entry in registry["transports"]}, faults)
    tested = check_vectors(vectors, vectors_schema, registry, requirements, names, faults)
    rules = CaseRules(requirements, names, settings_of(registry), cases_schema)
    proved = rules.check(cases, faults)
    if not faults:
        check_liars(cases, caught, unmoved, faults)
    coverage = Coverage(requirements, proved, tested, exemptions)
    coverage.check(faults)
    counts = [sum(len(items) for items in files.values()) for files in (vectors, cases)]
    print(f"{counts[0]} vectors, {counts[1]} cases")
    for line in coverage.lines():
        print(line)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--self-test", action="store_true", help="show that each kind of fault is found")
    faults = Faults()
    if parser.parse_args().self_test:
        self_test(faults)
    else:
        check(faults)
    for line in faults:
        print(line, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
