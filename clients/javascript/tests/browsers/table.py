"""The table engine × transport × behaviour."""

from __future__ import annotations

from collections.abc import Sequence

from .behaviours import BEHAVIOURS
from .cases import Case
from .outcome import Outcome, Verdict


class Table:
    """Collects outcomes, and prints them.

    Args:
        engines: The engines' names, in order.
        cases: All cases, in order.
    """

    def __init__(self, engines: Sequence[str], cases: Sequence[Case]) -> None:
        self._engines = engines
        self._cases = cases
        self._outcomes: dict[tuple[str, Case], Outcome] = {}

    def put(self, engine: str, case: Case, outcome: Outcome) -> None:
        """Take one outcome."""
        self._outcomes[engine, case] = outcome

    @property
    def is_good(self) -> bool:
        """Whether every case has ended, and none failed."""
        everything = len(self._outcomes) == len(self._engines) * len(self._cases)
        return everything and not self.failures()

    def failures(self) -> list[tuple[str, Case, Outcome]]:
        """The failed cases."""
        return [
            (engine, case, outcome)
            for (engine, case), outcome in self._outcomes.items()
            if outcome.verdict is Verdict.FAILED
        ]

    def __str__(self) -> str:
        columns = [behaviour for behaviour in BEHAVIOURS if any(case.behaviour is behaviour for case in self._cases)]
        rows = list(dict.fromkeys(case.listener.name for case in self._cases))
        reasons: dict[str, int] = {}
        lines = [["engine", "listener", *(column.name for column in columns)]]
        for engine in self._engines:
            for row in rows:
                cells = [self._cell(engine, row, column.name, reasons) for column in columns]
                lines.append([engine, row, *cells])
        widths = [max(map(len, column)) for column in zip(*lines)]
        text = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines]
        text.insert(1, "  ".join("-" * width for width in widths))
        text += ["", *(f"{column.name}: {column.summary}" for column in columns)]
        text += ["", *(f"[{number}] not run: {reason}" for reason, number in reasons.items())]
        return "\n".join([*text, "an empty cell: the behaviour does not concern the listener", self._counts()])

    def _cell(self, engine: str, row: str, column: str, reasons: dict[str, int]) -> str:
        for case in self._cases:
            if case.listener.name == row and case.behaviour.name == column:
                outcome = self._outcomes.get((engine, case))
                if outcome is None:
                    return "never ended"
                if outcome.verdict is Verdict.SKIPPED:
                    return f"[{reasons.setdefault(outcome.detail, len(reasons) + 1)}]"
                return outcome.verdict.value
        return ""

    def _counts(self) -> str:
        verdicts = [outcome.verdict for outcome in self._outcomes.values()]
        return ", ".join(
            f"{verdicts.count(verdict)} {name}"
            for verdict, name in (
                (Verdict.PASSED, "passed"),
                (Verdict.FAILED, "failed"),
                (Verdict.SKIPPED, "not run for the reasons above"),
            )
        )
