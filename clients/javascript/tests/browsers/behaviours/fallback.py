"""What stands between browser and server forbids a transport: the library finds another."""

from __future__ import annotations

from ..support.request import Request, Treatment
from ..support.scene import Scene
from .behaviour import Behaviour

_STREAMS = ("transport=sse", "transport=ndjson", "transport=xhr_stream", "transport=iframe")


def _no_websockets(request: Request) -> Treatment:
    return Treatment.REFUSE if request.is_websocket else Treatment.PASS


def _no_streams(request: Request) -> Treatment:
    if request.is_websocket:
        return Treatment.REFUSE
    return Treatment.HOLD if any(name in request.target for name in _STREAMS) else Treatment.PASS


def _falls_back_to_sse(scene: Scene) -> None:
    with scene.gateway.treating(_no_websockets):
        _works(scene, "sse")


def _falls_back_to_poll(scene: Scene) -> None:
    with scene.gateway.treating(_no_streams):
        _works(scene, "poll")


def _works(scene: Scene, transport: str) -> None:
    page = scene.open(openTimeout="1000")
    page.wait_told(f"open {transport}")
    scene.deliver(1)
    page.expect([1])
    assert page.told() == [f"open {transport}"], f"the page was told {page.told()}"


NO_WEBSOCKETS = Behaviour(
    "no ws",
    "a proxy refuses WebSockets: sse is used",
    _falls_back_to_sse,
    lambda listener: listener.name == "orbited.js",
)
NO_STREAMS = Behaviour(
    "no streams",
    "a proxy refuses WebSockets and holds streams back: poll is used",
    _falls_back_to_poll,
    lambda listener: listener.name == "orbited.js",
)
