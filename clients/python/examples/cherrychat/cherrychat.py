"""CherryChat: people in a room, who hear each other at once.

Run Orbited with the configuration beside this file, then this program, and open
http://127.0.0.1:8000/ in two windows.
"""

from __future__ import annotations

import argparse
import functools
from collections.abc import Callable
from pathlib import Path
from string import Template

import cherrypy
from room import NotInRoom, Room, RoomError

from pyorbited import Client, InvalidRecipient, OrbitedError

FOLDER = Path(__file__).resolve().parent
PAGE = Template((FOLDER / "page.html").read_text(encoding="utf-8"))

Answer = dict[str, object]


def json_post(method: Callable[[CherryChat, object], Answer]) -> Callable[[CherryChat], Answer]:
    """Make a page handler of a method that takes and gives JSON."""

    @cherrypy.expose
    @cherrypy.tools.allow(methods=["POST"])
    @cherrypy.tools.json_in()
    @cherrypy.tools.json_out()
    @functools.wraps(method)
    def handler(chat: CherryChat) -> Answer:
        try:
            return method(chat, cherrypy.request.json)
        except (RoomError, OrbitedError) as error:
            cherrypy.response.status, sentence = explanation(error)
            return {"error": sentence}

    page_handler: Callable[[CherryChat], Answer] = handler
    return page_handler


class CherryChat:
    """The pages, and what they post."""

    def __init__(self, room: Room) -> None:
        self._room = room

    @cherrypy.expose
    def index(self) -> str:
        """The page that gets its events by long polling."""
        return page("longpoll")

    @cherrypy.expose
    def iframe(self) -> str:
        """The page that gets its events through an iframe."""
        return page("iframe")

    @json_post
    def enter(self, posted: object) -> Answer:
        """Let somebody in. A browser whose events can't reach it yet is to ask again."""
        name, session = texts(posted, "name", "session")
        return {"entered": self._room.enter(name, session)}

    @json_post
    def say(self, posted: object) -> Answer:
        """Tell everybody."""
        session, text = texts(posted, "session", "text")
        self._room.say(session, text)
        return {}

    @json_post
    def leave(self, posted: object) -> Answer:
        """Let somebody go."""
        (session,) = texts(posted, "session")
        self._room.leave(session)
        return {}


def page(transport: str) -> str:
    """Fill in the page for a transport, which has a script of that name."""
    cherrypy.response.headers["Content-Security-Policy"] = "default-src 'self'"
    return PAGE.substitute(transport=transport)


def texts(posted: object, *names: str) -> list[str]:
    """Take fields out of what was posted."""
    values = [posted.get(name) for name in names] if isinstance(posted, dict) else []
    found = [value for value in values if isinstance(value, str)]
    if len(found) != len(names):
        raise cherrypy.HTTPError(400, f"Post a JSON object with {' and '.join(names)}.")
    return found


def explanation(error: Exception) -> tuple[int, str]:
    """Say what went wrong as an HTTP status and a sentence for people."""
    if isinstance(error, NotInRoom):
        return 403, str(error)
    if isinstance(error, RoomError):
        return 409, str(error)
    if isinstance(error, InvalidRecipient):
        return 400, "This name can't be used."
    return 502, f"Orbited did not take the message: {error}"


def serve(port: int, orbited: tuple[str, int]) -> None:
    """Run until interrupted.

    Args:
        port: Where to listen on 127.0.0.1; 0 lets the system choose.
        orbited: Host and control port of Orbited.
    """
    cherrypy.config.update(
        {
            "environment": "production",
            "log.screen": False,
            "server.socket_host": "127.0.0.1",
            "server.socket_port": port,
        }
    )
    static = {"tools.staticdir.on": True, "tools.staticdir.dir": str(FOLDER / "static")}
    with Client(*orbited, timeout=20) as orbit:
        cherrypy.tree.mount(CherryChat(Room(orbit)), "/", {"/static": static})
        cherrypy.engine.signals.subscribe()
        cherrypy.engine.start()
        host, chosen = cherrypy.server.bound_addr
        print(f"cherrychat: listening on http://{host}:{chosen}/", flush=True)
        cherrypy.engine.block()


def host_and_port(text: str) -> tuple[str, int]:
    """Read ``host:port``."""
    host, colon, port = text.rpartition(":")
    if not (colon and host and port.isdecimal()):
        raise argparse.ArgumentTypeError(f"{text!r} is not host:port")
    return host, int(port)


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description="A chat room over Orbited.")
    parser.add_argument("--port", type=int, default=4700, help="0 lets the system choose (4700)")
    parser.add_argument(
        "--orbited",
        type=host_and_port,
        default=("127.0.0.1", 9000),
        metavar="HOST:PORT",
        help="Orbited's control port (127.0.0.1:9000)",
    )
    arguments = parser.parse_args()
    serve(arguments.port, arguments.orbited)


if __name__ == "__main__":
    main()
