"""The server is killed and started again: pages come back, and are told of the gap."""

from __future__ import annotations

from ..support.scene import Scene
from .behaviour import Behaviour


def _restart(scene: Scene) -> None:
    page = scene.begin()
    scene.stage.orbited.kill()
    scene.gateway.cut()
    scene.stage.restart()
    scene.gateway.mend()
    scene.stage.send_to_listener(scene.key, scene.body(1))
    page.expect([0, 1])
    scene.deliver(2)
    page.expect([0, 1, 2])
    if scene.listener.cursors:
        assert page.gaps() == 1, f"the page was told of {page.gaps()} gaps: {page.told()}"


RESTART = Behaviour(
    "restart",
    "kill -9 of the server; pages come back, and those with a cursor are told of the gap",
    _restart,
    why_not=lambda listener: listener.why_not_back,
)
