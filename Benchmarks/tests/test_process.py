"""What is read from /proc."""

import os
import subprocess
import time

import pytest
from benchmark import process


def test_a_family_has_children_and_their_children() -> None:
    with subprocess.Popen(["sh", "-c", "sleep 60 & echo $!; wait"], stdout=subprocess.PIPE, text=True) as shell:
        assert shell.stdout is not None
        sleeper = int(shell.stdout.readline())
        try:
            assert process.family(shell.pid) == [shell.pid, sleeper]
            assert {shell.pid, sleeper} < set(process.family(os.getpid()))
        finally:
            os.kill(sleeper, 15)


def test_cpu_time_is_what_the_process_has_used() -> None:
    before, begun = process.cpu_seconds(os.getpid()), time.process_time()
    while time.process_time() - begun < 0.1:
        pass
    used = process.cpu_seconds(os.getpid()) - before
    assert 0.09 < used <= time.process_time() - begun + 0.05


def test_memory_is_in_bytes() -> None:
    rollup = "0-1 ---p 0 00:00 0 [rollup]\nRss:   4096 kB\nPss:     12 kB\nPss_Anon:   8 kB\n"
    assert process.parse_rollup(rollup) == 12 * 1024
    assert process.proportional_bytes(os.getpid()) > 1_000_000


def test_a_rollup_without_memory_is_an_error() -> None:
    with pytest.raises(ValueError, match="no Pss"):
        process.parse_rollup("Rss: 4096 kB\n")


def test_idle_time_and_waiting_are_not_busy() -> None:
    assert process.parse_stat("cpu  1 20 300 9999 9999 4000 50000 9999 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n") == 54321
