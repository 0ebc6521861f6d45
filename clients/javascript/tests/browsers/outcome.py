"""What became of a case, and what keeps one from being run."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Skip(Exception):
    """The engine can't run the case; the message says why."""


class Verdict(Enum):
    """How a case ended."""

    PASSED = "ok"
    FAILED = "FAIL"
    SKIPPED = "skip"


@dataclass(frozen=True)
class Outcome:
    """How a case ended.

    Attributes:
        detail: Why it was skipped, or how it failed.
    """

    verdict: Verdict
    detail: str = ""
