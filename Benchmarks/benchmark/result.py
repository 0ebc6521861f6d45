"""What one run has shown."""

from __future__ import annotations

import dataclasses
from typing import Any

from benchmark.latency import Histogram

# What must be 0 in each run, and what it means.
FAULTS = {
    "lost": "deliveries that never came",
    "duplicated": "deliveries that came twice",
    "reordered": "deliveries that came after a later event",
    "stray": "deliveries and receipts that nobody was to get",
    "false_receipts": "deliveries that a receipt promised and that never came",
    "denied": "deliveries that came although the receipt says no",
    "unanswered": "events without a receipt",
    "refused": "receipts that say that not all were reached",
    "unsent": "events that were not sent, since those before them did not arrive",
    "gone": "connections of browsers that the server ended",
}


@dataclasses.dataclass(frozen=True)
class Result:
    """One run of one scenario against one server.

    Args:
        scenario: The scenario's name.
        server: The server's name.
        figures: What was measured, by the names of ``summary.FIGURES``.
        faults: How often each of ``FAULTS`` happened, where it did.
        latency: The histogram of the times from when an event was due to when a browser had it.
        others: The share of the machine's CPU time that neither server nor generator used.
    """

    scenario: str
    server: str
    figures: dict[str, float]
    faults: dict[str, int]
    latency: Histogram
    others: float

    def to_json(self) -> dict[str, Any]:
        """Turn it into what JSON can express."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Result:
        """Make it of what ``to_json`` returned."""
        return cls(**value)
