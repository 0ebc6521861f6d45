"""A page of the tests in a tab: what it got, and what it was told."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ..engines import PATIENCE, NotInTime, Tab
from ..outcome import Skip

_SHOWN = 60


class Page:
    """A page that records, as ``pages/record.js`` does.

    Args:
        tab: Where it is.
        url: Its address.
    """

    def __init__(self, tab: Tab, url: str) -> None:
        self.tab = tab
        self.url = url

    def skip_if_it_cannot_run(self) -> None:
        """Look whether the engine has what the page needs.

        Raises:
            Skip: It has not.
        """
        if missing := self.tab.run("return missing"):
            raise Skip(str(missing))

    def wait_ready(self) -> None:
        """Wait until it can take events."""
        self.tab.wait("return ready", what="the page to be ready for events")

    def got(self) -> list[Any]:
        """Give the values of all events so far."""
        return list(json.loads(self.tab.run("return JSON.stringify(got)")))

    def told(self) -> list[str]:
        """Give what else it was told, in order."""
        return list(self.tab.run("return told"))

    def notes(self) -> list[str]:
        """Give its console and its errors."""
        return list(self.tab.run("return notes"))

    def expect(self, values: Sequence[Any], seconds: float = PATIENCE) -> None:
        """Wait until as many events have come, and see that they are these, in this order.

        Raises:
            AssertionError: They are not.
        """
        try:
            self.tab.wait(
                "return got.length >= arguments[0]", len(values), what=f"{len(values)} events", seconds=seconds
            )
        except NotInTime as late:
            raise NotInTime(f"{late}; there are {_short(self.got())}") from late
        got = self.got()
        assert got == list(values), f"the page got {_short(got)}, not {_short(values)}"

    def wait_told(self, what: str, seconds: float = PATIENCE) -> None:
        """Wait until it was told something."""
        try:
            self.tab.wait("return told.includes(arguments[0])", what, what=f"{what!r} to be told", seconds=seconds)
        except NotInTime as late:
            raise NotInTime(f"{late}; told were {self.told()}") from late

    def let_timers_pass(self, milliseconds: int) -> None:
        """Wait until the page's timers have run that were set before, and for less than this."""
        self.tab.run("window.passed = false; setTimeout(() => { window.passed = true; }, arguments[0])", milliseconds)
        self.tab.wait("return window.passed", what="a timer of the page")

    def gaps(self) -> int:
        """Count how often it was told that events are missing."""
        return self.told().count("gap")


def _short(values: Sequence[Any]) -> str:
    texts = (json.dumps(value, ensure_ascii=False) for value in values)
    return "[" + ", ".join(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({len(text)})" for text in texts) + "]"
