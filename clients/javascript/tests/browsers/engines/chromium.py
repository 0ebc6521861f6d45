"""Chromium, by its own driver."""

from __future__ import annotations

from selenium.webdriver import Chrome, ChromeOptions, ChromeService

from .driven import DrivenEngine

BROWSER = "/usr/bin/chromium"
DRIVER = "/usr/bin/chromedriver"
_FLAGS = ("headless=new", "no-sandbox", "disable-dev-shm-usage", "disable-gpu")


class Chromium(DrivenEngine):
    """Chromium without a window."""

    name = "chromium"

    def __init__(self) -> None:
        options = ChromeOptions()
        options.binary_location = BROWSER
        options.page_load_strategy = "none"
        for flag in _FLAGS:
            options.add_argument(f"--{flag}")
        super().__init__(Chrome(options, ChromeService(DRIVER)))
