"""The network is cut: what is sent meanwhile arrives once, in order, when it is there again."""

from __future__ import annotations

from ..engines import PATIENCE
from ..support.scene import Scene
from .behaviour import Behaviour


def _cut(scene: Scene) -> None:
    page = scene.begin()
    scene.gateway.cut()
    receipts = [scene.send(number) for number in range(1, 6)]
    scene.gateway.mend()
    page.expect(range(6))
    for receipt in receipts:
        assert receipt.result(PATIENCE), "an event that arrived counts as not delivered"
    scene.deliver(6)
    page.expect(range(7))
    assert not page.gaps(), "the page was told of a gap, and nothing is missing"


def _swallowed(scene: Scene) -> None:
    page = scene.begin()
    large = "x" * 1000
    scene.gateway.swallow(after=700)
    written = scene.send(large)
    further = [scene.send(number) for number in (1, 2)]
    assert written.result(PATIENCE), "the event was not even written"
    scene.gateway.wait_swallowed()
    scene.gateway.cut()
    scene.gateway.mend()
    page.expect([0, large, 1, 2])
    for receipt in further:
        assert receipt.result(PATIENCE), "an event that arrived counts as not delivered"
    scene.deliver(3)
    page.expect([0, large, 1, 2, 3])
    assert not page.gaps(), "the page was told of a gap, and nothing is missing"


CUT = Behaviour(
    "cut",
    "the network is cut; what is sent meanwhile arrives once, in order",
    _cut,
    why_not=lambda listener: listener.why_not_back,
)
SWALLOWED = Behaviour(
    "resume",
    "events that were written, and lost half-way, arrive once, in order",
    _swallowed,
    concerns=lambda listener: listener.cursors or not listener.example,
    why_not=lambda listener: listener.why_not_resumed,
)
