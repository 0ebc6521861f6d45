"""The page is left and come back to, by the back/forward cache where the engine uses it."""

from __future__ import annotations

from ..support.scene import Scene
from .behaviour import Behaviour


def _history(scene: Scene) -> None:
    page = scene.begin()
    gateway = scene.gateway
    page.tab.go(scene.url("pages/elsewhere.html"))
    gateway.wait(lambda: not gateway.open_links(scene.user), "the page that was left to close its connection")
    for number in range(1, 4):
        scene.send(number)
    page.tab.back(page.url)
    page.expect(range(4))
    scene.deliver(4)
    page.expect(range(5))
    assert not page.gaps(), "the page was told of a gap, and nothing is missing"


HISTORY = Behaviour(
    "back",
    "the page is left and come back to within the grace, and misses nothing",
    _history,
    concerns=lambda listener: listener.library,
)
