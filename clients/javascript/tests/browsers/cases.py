"""The cases: each listener with each behaviour that concerns it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from .behaviours import BEHAVIOURS, Behaviour
from .listeners import Listener, listeners


@dataclass(frozen=True)
class Case:
    """A cell of the table, for each engine."""

    listener: Listener
    behaviour: Behaviour

    @property
    def reason(self) -> str:
        """Why it can't be run in any engine; empty if it can."""
        return self.behaviour.why_not(self.listener)

    def __str__(self) -> str:
        return f"{self.listener.name}, {self.behaviour.name}"


def cases(names: Collection[str] = (), behaviours: Collection[str] = ()) -> list[Case]:
    """List the cases, by behaviour.

    Args:
        names: The listeners, or the transports, that are wanted; none for all.
        behaviours: The behaviours that are wanted; none for all.
    """
    return [
        Case(listener, behaviour)
        for behaviour in BEHAVIOURS
        if not behaviours or behaviour.name in behaviours
        for listener in listeners()
        if (not names or listener.name in names or listener.transport in names) and behaviour.concerns(listener)
    ]
