"""Events arrive as they were sent, each once, in order, and their receipts are true."""

from __future__ import annotations

from ..support.scene import Scene
from .behaviour import Behaviour

_TEXTS = [
    "Grüße | 你好 & שלום, 🎉\u2028\u2029",
    "</script><script>tell('injected')</script><!--",
    "one\r\ntwo\rthree\n\n|O| --orbited--\\",
    "",
    "x" * 100_000,
]
_VALUES = [None, 0.5, {"a": [1, {"b": "ü"}], "constructor": "</script>"}]
_NOT_JSON = "This is <b>no</b> JSON: 'ü'"


def _deliver(scene: Scene) -> None:
    page = scene.begin()
    # Pages of 2007 run `eval` on the body, which makes values of texts and numbers alone.
    values = _TEXTS + ([] if scene.listener.path.endswith("slides_2007.html") else _VALUES)
    for value in values:
        scene.deliver(value)
    page.expect([0, *values])
    for number in range(1, 101):
        scene.send(number)
    page.expect([0, *values, *range(1, 101)])
    if scene.listener.library:
        receipt = scene.stage.send_bytes(scene.key, _NOT_JSON.encode())
        assert receipt.result(), "the text was not delivered"
        page.expect([0, *values, *range(1, 101), _NOT_JSON])
    told = [what for what in page.told() if not what.startswith("open ")]
    assert told == [], f"the page was told {told}"
    if scene.listener.transport and scene.listener.library:
        assert page.told() == [f"open {scene.listener.transport}"]


DELIVER = Behaviour("deliver", "any text, JSON, 100 KB and 100 events at once, with true receipts", _deliver)
