"""Budgets: how counts are read, and what is said of them."""

from __future__ import annotations

import json
import os
import struct
import subprocess
from pathlib import Path

import budget
import pytest
from benchmark import build
from benchmark.generator import Failed
from benchmark.probes import Allocations, count_calls, total_of_callgrind

STRACE = """\
17 epoll_wait(3, [{events=EPOLLIN}], 64, -1) = 1
18 read(4, ""..., 128)            = 50
18 write(5, ""..., 50 <unfinished ...>
17 <... write resumed>)          = 50
18 --- SIGTERM {si_signo=SIGTERM} ---
18 +++ exited with 0 +++
"""


def test_a_call_that_was_interrupted_by_another_counts_once() -> None:
    assert count_calls(STRACE) == 3


def test_callgrind_tells_its_sum() -> None:
    assert total_of_callgrind("events: Ir\nfn=(1)\n+3 44\n\ntotals: 276408\n") == 276408


def test_a_file_of_callgrind_that_is_cut_off_is_an_error() -> None:
    with pytest.raises(Failed, match="without totals"):
        total_of_callgrind("events: Ir\n")


def test_each_allocation_of_a_program_counts(tmp_path: Path) -> None:
    source = tmp_path / "allocate.c"
    source.write_text(
        "#include <stdlib.h>\n"
        "int main(int n, char **a) { (void)a; for (int i = 1; i < n; i++) {\n"
        "  char *volatile p = malloc(1); p = realloc(p, 2); free(p); free(calloc(1, 1));\n"
        "  free(aligned_alloc(64, 64)); } }\n"
    )
    subprocess.run(["cc", "-O0", "-o", tmp_path / "allocate", source], check=True)
    counts = []
    for times in (0, 10):
        probe = Allocations(tmp_path)
        environment = {**os.environ, **probe.environment()}
        subprocess.run([tmp_path / "allocate", *["x"] * times], check=True, env=environment)
        counts.append(probe.read(0))
        (tmp_path / "allocations").unlink()
    assert counts[1] - counts[0] == 40


def test_the_counter_is_shared_through_the_file_that_the_environment_names(tmp_path: Path) -> None:
    environment = Allocations(tmp_path).environment()
    assert str(build.allocations()) in environment["LD_PRELOAD"]
    Path(environment["ORBITED_ALLOCATIONS"]).write_bytes(struct.pack("Q", 12345))
    assert Allocations(tmp_path).read(0) == 12345


def test_a_count_over_its_bound_is_named_with_both() -> None:
    budgets = {"unicast": {"allocations": {"measured": 10, "bound": 12}}}
    assert budget.compare({"unicast": {"allocations": 12.0}}, budgets, "debug") == []
    (fault,) = budget.compare({"unicast": {"allocations": 12.1}}, budgets, "debug")
    assert fault.startswith("unicast: 12.10 allocations a delivery are over the bound of 12 (10 when it was set, debug")


def test_a_count_without_a_bound_is_a_fault() -> None:
    (fault,) = budget.compare({"unicast": {"allocations": 1.0}}, {}, "release")
    assert fault.startswith("unicast: there is no bound for allocations of a release build")


def test_bounds_leave_a_fifth_of_room() -> None:
    assert budget.with_bounds({"unicast": {"allocations": 10.0}}) == {
        "unicast": {"allocations": {"measured": 10.0, "bound": 12.0}}
    }


@pytest.mark.parametrize("kind", ["debug", "release"])
def test_each_kind_of_build_has_bounds_for_all_that_is_counted(kind: str) -> None:
    budgets = json.loads(budget.BUDGETS.read_text("utf-8"))
    for scenario in budget.SCENARIOS:
        assert set(budgets[kind][scenario.name]) == {probe.unit for probe in budget.PROBES}
