"""Pages of other origins: those in `[http] origins` can listen, and others are refused."""

from __future__ import annotations

from ..engines import PATIENCE
from ..listeners import Listener
from ..support.scene import Scene
from .behaviour import Behaviour

_SAME_ORIGIN = "a frame of another origin can't call the page; orbited.js has frames that post"


def _foreign(scene: Scene) -> tuple[str, str, str]:
    server = f"http://127.0.0.1:{scene.gateway.port}"
    return server, f"http://localhost:{scene.gateway.port}", f"http://127.0.0.1:{scene.stage.application.port}"


def _listed(scene: Scene) -> None:
    server, listed, _ = _foreign(scene)
    page = scene.begin(listed, server=server)
    scene.deliver("ü")
    page.expect([0, "ü"])


def _refused(scene: Scene) -> None:
    server, _, foreign = _foreign(scene)
    page = scene.open(foreign, server=server)
    scene.gateway.wait(lambda: len(scene.gateway.requests(scene.user)) > 0, "an event request")
    # It may ask again: all the time that takes nobody can be reached.
    page.let_timers_pass(1000)
    assert not scene.send(1).result(PATIENCE), "a page of an origin that is not listed was reached"
    assert page.got() == []


def _concerns(listener: Listener) -> bool:
    return listener.path in (
        "pages/library.html", *(f"pages/{name}.html" for name in ("sse", "ws", "ndjson", "poll", "jsonp", "xhr"))
    )  # fmt: skip


def _why_not(listener: Listener) -> str:
    return _SAME_ORIGIN if listener.path == "pages/iframe_bar.html" else ""


LISTED = Behaviour("listed", "a page of an origin in [http] origins gets events", _listed, _concerns, _why_not)
REFUSED = Behaviour(
    "foreign", "a page of another origin gets none, and no session begins", _refused, _concerns, _why_not
)
