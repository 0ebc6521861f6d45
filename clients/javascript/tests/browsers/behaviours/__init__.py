"""What is tested of each listener, a file a concern."""

from __future__ import annotations

from .behaviour import Behaviour
from .closed import CLOSED
from .cut import CUT, SWALLOWED
from .deliver import DELIVER
from .fallback import NO_STREAMS, NO_WEBSOCKETS
from .gone import GONE
from .history import HISTORY
from .origins import LISTED, REFUSED
from .publishers import PUBLISHERS
from .replaced import REPLACED
from .restart import RESTART
from .tabs import SHARED

BEHAVIOURS = (
    DELIVER,
    GONE,
    REPLACED,
    CLOSED,
    CUT,
    SWALLOWED,
    RESTART,
    SHARED,
    HISTORY,
    LISTED,
    REFUSED,
    NO_WEBSOCKETS,
    NO_STREAMS,
    PUBLISHERS,
)
__all__ = ["BEHAVIOURS", "Behaviour"]
