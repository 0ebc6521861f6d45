"""Firefox ESR, by the protocol Marionette, which it speaks without a driver."""

from __future__ import annotations

import os
import socket
from typing import Any

from marionette_driver.errors import MarionetteException  # type: ignore[import-untyped]
from marionette_driver.marionette import Marionette  # type: ignore[import-untyped]

from .engine import Engine, EngineFault

BROWSER = "/usr/bin/firefox-esr"
_CAPABILITIES = {"pageLoadStrategy": "none"}


class Firefox(Engine):
    """Firefox without a window."""

    name = "firefox"

    def __init__(self) -> None:
        super().__init__()
        with socket.socket() as reserved:
            # Bound and not listening: nobody else gets the port, and Firefox may have it.
            reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            reserved.bind(("127.0.0.1", 0))
            port = reserved.getsockname()[1]
        self._marionette = Marionette(bin=BROWSER, headless=True, host="127.0.0.1", port=port, gecko_log=os.devnull)
        self._marionette.start_session(_CAPABILITIES)

    @property
    def version(self) -> str:  # noqa: D102
        return str(self._marionette.session_capabilities["browserVersion"])

    def quit(self) -> None:  # noqa: D102
        try:
            self._marionette.quit()
        finally:
            self._marionette.cleanup()
            self._marionette.instance.close(clean=True)

    def new_tab(self) -> str:  # noqa: D102
        if self._current is None:
            self.switch_to(self._marionette.window_handles[0])
        handle = str(self._marionette.open(type="tab", focus=True)["handle"])
        self.switch_to(handle)
        self._current = handle
        return handle

    def switch_to(self, handle: str) -> None:  # noqa: D102
        self._marionette.switch_to_window(handle, focus=False)

    def navigate(self, url: str) -> None:  # noqa: D102
        self._marionette.navigate(url)

    def press_back(self) -> None:  # noqa: D102
        self._marionette.go_back()

    def url(self) -> str:  # noqa: D102
        try:
            return str(self._marionette.get_url())
        except MarionetteException as error:
            raise EngineFault(str(error)) from error

    def execute(self, script: str, arguments: tuple[Any, ...]) -> Any:  # noqa: D102
        try:
            return self._marionette.execute_script(script, arguments, sandbox=None, new_sandbox=False)
        except MarionetteException as error:
            raise EngineFault(str(error)) from error

    def close_tab(self) -> None:  # noqa: D102
        self._marionette.close()
