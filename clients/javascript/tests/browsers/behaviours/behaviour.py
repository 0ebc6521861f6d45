"""What a behaviour is: a test that all listeners go through, or that says why one can't."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Optional

from ..listeners import Listener
from ..support.scene import Scene

Finish = Optional[Callable[[], None]]
"""What is still to be seen when all cases of a behaviour have begun."""


@dataclass(frozen=True)
class Behaviour:
    """A column of the table.

    Attributes:
        name: Its title.
        summary: What it shows.
        concerns: Whether a listener has anything to do with it.
        why_not: Why a listener which it concerns can't do it; empty if it can.
        run: The test.
    """

    name: str
    summary: str
    run: Callable[[Scene], Finish]
    concerns: Callable[[Listener], bool] = lambda _: True
    why_not: Callable[[Listener], str] = lambda _: ""
