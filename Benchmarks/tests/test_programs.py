"""The parts of the load generator, compiled and run by themselves."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from benchmark.build import FLAGS, HOME


def compiled(name: str, folder: Path, *parts: str) -> Path:
    sources = [HOME / "tests" / f"{name}.c", *(HOME / "generator" / f"{part}.c" for part in parts)]
    subprocess.run(["cc", *FLAGS, "-fsanitize=undefined", "-o", folder / name, *sources], check=True)
    return folder / name


def test_the_histogram_is_exact_to_one_part_in_128(tmp_path: Path) -> None:
    program = compiled("test_histogram", tmp_path, "histogram")
    printed = json.loads(subprocess.run([program], check=True, stdout=subprocess.PIPE).stdout)
    assert printed == [[5, 2], [pytest.approx(1_000_000, rel=1 / 128), 1]]


def test_events_are_found_in_what_browsers_read(tmp_path: Path) -> None:
    subprocess.run([compiled("test_marker", tmp_path, "marker")], check=True)


def test_a_response_and_its_fields_are_read(tmp_path: Path) -> None:
    subprocess.run([compiled("test_response", tmp_path, "response", "system")], check=True)


def test_the_ledger_counts_each_kind_of_fault(tmp_path: Path) -> None:
    subprocess.run([compiled("test_ledger", tmp_path, "ledger", "system")], check=True)
