"""What a test needs of a browser engine: tabs that load pages, go back, and run scripts."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar

PATIENCE = 15.0
"""Seconds for anything that a page is waited for."""

_PAUSE = 0.03
_IS_THERE = "return location.href === arguments[0] && document.readyState !== 'loading'"


class EngineFault(Exception):
    """The engine did not do what it was told, or a script threw."""


class NotInTime(AssertionError):
    """A page did not come to be as it was waited for."""


class Tab:
    """One tab of a browser. Threads may share the browser, but not a tab.

    Args:
        engine: Whose tab it is.
        handle: The engine's name for it.
    """

    def __init__(self, engine: Engine, handle: str) -> None:
        self._engine = engine
        self._handle = handle
        self._closed = False

    def go(self, url: str) -> None:
        """Load a page, and wait until its scripts have run; its frames may still be loading."""
        self._engine.command(self._handle, lambda: self._engine.navigate(url))
        self._arrive(url)

    def back(self, url: str) -> None:
        """Press *Back*, which is to lead to this page."""
        self._engine.command(self._handle, self._engine.press_back)
        self._arrive(url)

    def run(self, script: str, *arguments: Any) -> Any:
        """Run the body of a function in the page, and give what it returns."""
        return self._engine.command(self._handle, lambda: self._engine.execute(script, arguments))

    def wait(self, script: str, *arguments: Any, what: str, seconds: float = PATIENCE) -> Any:
        """Run a script again and again until what it returns is true, and give that.

        Args:
            script: The body of a function.
            arguments: What it is given.
            what: What is waited for, for the error.
            seconds: For how long.

        Raises:
            NotInTime: It did not become true.
        """
        return self._wait(lambda: self.run(script, *arguments), what, seconds)

    def _wait(self, look: Callable[[], Any], what: str, seconds: float = PATIENCE) -> Any:
        deadline = time.monotonic() + seconds
        fault = ""
        while True:
            try:
                if found := look():
                    return found
                fault = ""
            except EngineFault as error:  # between two pages there is nothing to run a script in
                fault = f": {error}"
            if time.monotonic() > deadline:
                raise NotInTime(f"after {seconds} s still waiting for {what}{fault}")
            time.sleep(_PAUSE)

    def close(self) -> None:
        """Close the tab. A second time does nothing."""
        if not self._closed:
            self._closed = True
            self._engine.close(self._handle)

    def _arrive(self, url: str) -> None:
        # By its address first: WebKit's driver never answers a script that it ran in a page which another replaced
        # meanwhile.
        self._wait(lambda: self._engine.command(self._handle, self._engine.url) == url, f"the address {url}")
        self.wait(_IS_THERE, url, what=f"the page {url}")


class Engine(ABC):
    """A running browser.

    Its commands go to one tab at a time, so they take turns.
    """

    name: ClassVar[str]

    def __init__(self) -> None:
        self._turn = threading.RLock()
        self._current: str | None = None

    def open(self, url: str) -> Tab:
        """Load a page in a new tab."""
        with self._turn:
            tab = Tab(self, self.new_tab())
        tab.go(url)
        return tab

    def command(self, handle: str, action: Any) -> Any:
        """Do something in a tab."""
        with self._turn:
            if self._current != handle:
                self.switch_to(handle)
                self._current = handle
            return action()

    def close(self, handle: str) -> None:
        """Close a tab."""
        with self._turn:
            try:
                self.command(handle, self.close_tab)
            finally:
                self._current = None

    @property
    @abstractmethod
    def version(self) -> str:
        """The engine's own version."""

    @abstractmethod
    def quit(self) -> None:
        """End the browser."""

    @abstractmethod
    def new_tab(self) -> str:
        """Open an empty tab and give its handle."""

    @abstractmethod
    def switch_to(self, handle: str) -> None:
        """Send the next commands to this tab."""

    @abstractmethod
    def navigate(self, url: str) -> None:
        """Begin to load a page."""

    @abstractmethod
    def press_back(self) -> None:
        """Begin to go back in the tab's history."""

    @abstractmethod
    def url(self) -> str:
        """The address of the current tab's page.

        Raises:
            EngineFault: There is none just now.
        """

    @abstractmethod
    def execute(self, script: str, arguments: tuple[Any, ...]) -> Any:
        """Run a script.

        Raises:
            EngineFault: It threw, or there is no page.
        """

    @abstractmethod
    def close_tab(self) -> None:
        """Close the current tab."""
