"""The browser engines, one file each."""

from __future__ import annotations

from .chromium import Chromium
from .engine import PATIENCE, Engine, EngineFault, NotInTime, Tab
from .firefox import Firefox
from .webkit import WebKit

ENGINES: tuple[type[Engine], ...] = (Chromium, Firefox, WebKit)

__all__ = ["ENGINES", "PATIENCE", "Engine", "EngineFault", "NotInTime", "Tab"]
