"""Programs in four languages push to the page in turn, and each hears that it comes and goes."""

from __future__ import annotations

from contextlib import ExitStack

from ..support.program import COMMANDS, Program
from ..support.scene import Scene
from .behaviour import Behaviour


def _publishers(scene: Scene) -> None:
    with ExitStack() as stack:
        port = scene.stage.orbited.control_port
        programs = []
        for language in COMMANDS:
            programs.append(Program(language, port, f"{scene.user}, *, *"))
            stack.callback(programs[-1].close)
        page = scene.begin()
        for program in programs:
            # Those whose watch began after the page are told that it is there.
            program.expect(("signon", "present"), str(scene.key))
        for program in programs:
            program.push(str(scene.key), f"Hello from {program.language}!")
            program.expect(("receipt",), 1)
        page.expect([0, *(f"Hello from {language}!" for language in COMMANDS)])
        page.tab.close()
        scene.pages.clear()
        for program in programs:
            program.expect(("signoff",), str(scene.key))


PUBLISHERS = Behaviour(
    "publishers",
    "programs in Python, Ruby, Node and Swift push to the page in turn, confirmed by it; each hears it come and go",
    _publishers,
    concerns=lambda listener: listener.name == "orbited.js",
)
