"""An application closes the session: the page is told, and does not come back."""

from __future__ import annotations

from ..engines import PATIENCE
from ..support.scene import Scene
from .behaviour import Behaviour

_LONGER_THAN_ANY_RETRY = 2500


def _closed(scene: Scene) -> None:
    page = scene.begin()
    scene.stage.close_session(scene.key, "You have logged out.")
    page.wait_told("closed")
    before = len(scene.gateway.requests(scene.user))
    page.let_timers_pass(_LONGER_THAN_ANY_RETRY)
    after = len(scene.gateway.requests(scene.user))
    assert after == before, f"{after - before} requests came after the end"
    assert not scene.send(1).result(PATIENCE), "a page whose session was closed counts as reached"
    assert "closed: You have logged out." in " ".join(page.notes()), f"the reason is missing: {page.notes()}"


CLOSED = Behaviour(
    "closed",
    "an application closes the session; the page is told why, and does not come back",
    _closed,
    concerns=lambda listener: listener.path == "pages/library.html",
    why_not=lambda listener: listener.why_not_told,
)
