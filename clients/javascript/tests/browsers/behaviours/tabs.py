"""Eight tabs of one key share one connection."""

from __future__ import annotations

from ..engines import PATIENCE
from ..support.page import Page
from ..support.scene import Scene
from .behaviour import Behaviour

TABS = 8
_WHEN_THE_LEADER_GOES = 10
_LAST = 30


def _tabs(scene: Scene) -> None:
    first = scene.begin(share="1")
    pages = [first, *(scene.open(share="1") for _ in range(TABS - 1))]
    _all_open(pages)
    _one_connection(scene)
    scene.deliver(1)
    first.expect([0, 1])
    for page in pages[1:]:
        page.expect([1])
    for number in range(2, _LAST):
        scene.send(number)
        if number == _WHEN_THE_LEADER_GOES:
            first.tab.close()
            scene.pages.remove(first)
    for page in pages[1:]:
        page.expect(range(1, _LAST))
    scene.deliver(_LAST)
    for page in pages[1:]:
        page.expect(range(1, _LAST + 1))
        assert not page.gaps(), "a tab was told of a gap, and nothing is missing"
        assert "replaced" not in page.told(), "a tab was told that it was replaced"
    _one_connection(scene)


def _all_open(pages: list[Page]) -> None:
    for page in pages:
        page.tab.wait("return connection.state === 'open'", what="a tab to be connected", seconds=PATIENCE)


def _one_connection(scene: Scene) -> None:
    links = scene.gateway.open_links(scene.user)
    assert links == 1, f"{TABS} tabs have {links} connections"


SHARED = Behaviour(
    "8 tabs",
    "tabs share one connection; the leader is closed in mid-stream, and the others miss nothing",
    _tabs,
    concerns=lambda listener: listener.name.startswith("orbited.js"),
    why_not=lambda listener: listener.why_not_resumed,
)
