"""What the engines have in common that Selenium drives."""

from __future__ import annotations

from typing import Any

from selenium.common.exceptions import WebDriverException
from selenium.webdriver.remote.webdriver import WebDriver

from .engine import Engine, EngineFault


class DrivenEngine(Engine):
    """An engine behind WebDriver.

    Args:
        driver: Its driver; the page load strategy is to be ``none``, since a page with an event
            stream in a frame never ends loading.
    """

    def __init__(self, driver: WebDriver) -> None:
        super().__init__()
        self._driver = driver

    @property
    def version(self) -> str:  # noqa: D102
        return str(self._driver.capabilities.get("browserVersion", "of no known version"))

    def quit(self) -> None:  # noqa: D102
        self._driver.quit()

    def new_tab(self) -> str:  # noqa: D102
        if self._current is None:
            self.switch_to(self._driver.window_handles[0])
        self._driver.switch_to.new_window("tab")
        self._current = self._driver.current_window_handle
        return self._current

    def switch_to(self, handle: str) -> None:  # noqa: D102
        self._driver.switch_to.window(handle)

    def navigate(self, url: str) -> None:  # noqa: D102
        self._driver.get(url)

    def press_back(self) -> None:  # noqa: D102
        # The driver's own command waits for a page that never ends loading.
        self._driver.execute_script("setTimeout(() => history.back(), 0)")

    def url(self) -> str:  # noqa: D102
        try:
            return self._driver.current_url
        except WebDriverException as error:
            raise EngineFault(error.msg) from error

    def execute(self, script: str, arguments: tuple[Any, ...]) -> Any:  # noqa: D102
        try:
            return self._driver.execute_script(script, *arguments)
        except WebDriverException as error:
            raise EngineFault(error.msg) from error

    def close_tab(self) -> None:  # noqa: D102
        self._driver.close()
