"""Runs cases one after another in one engine, against a server of its own."""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Callable

from .cases import Case
from .engines import Engine
from .outcome import Outcome, Skip, Verdict
from .support.scene import Scene
from .support.stage import Stage

Tell = Callable[[str, Case, Outcome, float], None]
"""Takes the name of an engine, a case, what became of it, and how many seconds it took."""


class Lane:
    """A sequence of cases. Lanes of one engine run side by side.

    Args:
        engine: The browser, which lanes share.
        stage: The server, which they do not.
        name: What its users are called.
        tell: Is told of each outcome.
    """

    def __init__(self, engine: Engine, stage: Stage, name: str, tell: Tell) -> None:
        self._engine = engine
        self._stage = stage
        self._name = name
        self._tell = tell
        self._number = 0

    def run(self, cases: Iterable[Case]) -> None:
        """Run the cases; what one of them leaves to be seen is seen at the end of its behaviour."""
        for _, of_one_behaviour in groupby(cases, lambda case: case.behaviour.name):
            for finish in [self._begin(case) for case in of_one_behaviour]:
                finish()

    def _begin(self, case: Case) -> Callable[[], None]:
        if reason := case.listener.lacking.get(self._engine.name) or case.reason:
            self._tell(self._engine.name, case, Outcome(Verdict.SKIPPED, reason), 0.0)
            return lambda: None
        self._number += 1
        begun = time.monotonic()
        scene = Scene(self._engine, self._stage, case.listener, f"{self._name}-{self._number}")
        finish, outcome = None, None
        try:
            finish = case.behaviour.run(scene)
        except Skip as skip:
            outcome = Outcome(Verdict.SKIPPED, str(skip))
        except Exception:  # any fault is the case's outcome
            outcome = self._failure(scene)
        self._clean(scene)
        seconds = time.monotonic() - begun

        def end() -> None:
            result = outcome
            if result is None and finish is not None:
                try:
                    finish()
                except Exception:
                    result = Outcome(Verdict.FAILED, _told_of_fault())
            self._tell(self._engine.name, case, result or Outcome(Verdict.PASSED), seconds)

        if finish is None:
            end()
            return lambda: None
        return end

    def _failure(self, scene: Scene) -> Outcome:
        detail = _told_of_fault()
        try:
            detail += scene.report()
        except Exception as fault:  # a page that hangs can't be asked
            detail += f"the pages can't be asked: {fault}\nall requests:\n{scene.gateway.report()}"
        return Outcome(Verdict.FAILED, f"{detail}\nthe server's log ends:\n{self._stage.orbited.log()}")

    def _clean(self, scene: Scene) -> None:
        self._stage.gateway.mend()
        scene.close()


def _told_of_fault() -> str:
    """Tell the present fault and where in the tests it arose, without what the drivers add of their own."""
    fault = sys.exc_info()[1]
    places = [
        f"  {Path(frame.filename).name}:{frame.lineno} {frame.line}"
        for frame in traceback.extract_tb(fault.__traceback__ if fault else None)
        if "browsers" in frame.filename
    ]
    return "\n".join([f"{type(fault).__name__}: {fault}", *places, ""])
