from __future__ import annotations

import pytest

from pyorbited import Client, Timeout
from pyorbited.deadline import MAX_TIMEOUT, Deadline


def test_no_deadline_never_ends() -> None:
    assert Deadline(None).remaining() is None


def test_a_deadline_counts_down() -> None:
    deadline = Deadline(MAX_TIMEOUT)
    left = deadline.remaining()
    assert left is not None
    assert MAX_TIMEOUT - 60 < left <= MAX_TIMEOUT


def test_no_time_at_all_is_over_at_once() -> None:
    with pytest.raises(Timeout, match="longer than the 0 s"):
        Deadline(0).remaining()


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf"), MAX_TIMEOUT + 1])
def test_what_is_no_time_is_refused(seconds: float) -> None:
    with pytest.raises(ValueError, match="a timeout is from 0 to 2,000,000 seconds, or None"):
        Deadline(seconds)
    with pytest.raises(ValueError, match="a timeout is"):
        Client(timeout=seconds)
