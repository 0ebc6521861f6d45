"""WebKitGTK, by its own driver; the browser needs a display, such as the one of xvfb-run."""

from __future__ import annotations

from pathlib import Path

from selenium.webdriver import WebKitGTK, WebKitGTKOptions
from selenium.webdriver.webkitgtk.service import Service

from .driven import DrivenEngine

DRIVER = "/usr/bin/WebKitWebDriver"


def browser() -> str:
    """Find MiniBrowser, which Debian keeps in a folder of the machine's architecture."""
    found = sorted(Path("/usr/lib").glob("*/webkit2gtk-4.1/MiniBrowser"))
    if not found:
        raise FileNotFoundError("there is no MiniBrowser of WebKitGTK: install webkit2gtk-driver")
    return str(found[0])


class WebKit(DrivenEngine):
    """WebKitGTK's own small browser."""

    name = "webkit"

    def __init__(self) -> None:
        options = WebKitGTKOptions()
        options.binary_location = browser()
        options.set_capability("pageLoadStrategy", "none")
        options.add_argument("--automation")
        super().__init__(WebKitGTK(options=options, service=Service(DRIVER)))
