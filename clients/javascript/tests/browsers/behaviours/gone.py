"""An event for a browser that has gone is a Failure."""

from __future__ import annotations

from ..engines import PATIENCE
from ..support.scene import Scene
from .behaviour import Behaviour, Finish


def _gone(scene: Scene) -> Finish:
    scene.begin().tab.close()
    scene.pages.clear()
    gateway = scene.gateway
    gateway.wait(lambda: not gateway.open_links(scene.user), "the browser to close its connection")
    receipt = scene.send(1)

    def finish() -> None:
        assert not receipt.result(PATIENCE), "an event for a tab that was closed counts as delivered"

    return finish


GONE = Behaviour(
    "gone", "an event for a tab that was closed is a Failure", _gone, lambda listener: not listener.example
)
