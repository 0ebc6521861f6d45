"""What is wrong, as lines for people."""

from __future__ import annotations

from typing import Any


class Faults(list[str]):
    """Lines, each with the place where something is wrong."""

    def add(self, where: object, text: object) -> None:
        """Add a line."""
        self.append(f"{where}: {text}")

    def unique(self, where: object, values: list[Any]) -> None:
        """Add a line for each value that is there more than once."""
        for value in sorted({value for value in values if values.count(value) > 1}, key=str):
            self.add(where, f"{value} is there twice")
