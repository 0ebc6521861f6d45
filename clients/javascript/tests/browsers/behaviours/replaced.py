"""A second browser takes over; the first is told, and does not come back."""

from __future__ import annotations

from ..listeners import Listener
from ..support.scene import Scene
from .behaviour import Behaviour

_LONGER_THAN_ANY_RETRY = 2500


def _replaced(scene: Scene) -> None:
    first = scene.begin()
    second = scene.open()
    first.wait_told("replaced")
    scene.stage.send_to_listener(scene.key, scene.body(1))
    second.expect([1])
    # A poll asks again after its answer.
    second.let_timers_pass(100)
    before = len(scene.gateway.requests(scene.user))
    first.let_timers_pass(_LONGER_THAN_ANY_RETRY)
    after = len(scene.gateway.requests(scene.user))
    assert after == before, f"{after - before} requests came after the replacement"
    scene.deliver(2)
    second.expect([1, 2])
    assert first.got() == [0]
    assert "replaced" not in second.told()
    assert not first.gaps(), "the first page was told of a gap, and nothing is missing"


def _why_not(listener: Listener) -> str:
    return listener.why_not_told


REPLACED = Behaviour(
    "replaced",
    "a second browser takes over; the first is told, and does not come back",
    _replaced,
    lambda listener: not listener.example,
    _why_not,
)
