"""The ways in which a page listens: a table, one row each."""

from __future__ import annotations

from dataclasses import dataclass, field

from .support.snippets import Snippet, snippets

NO_CURSOR = "this transport has no cursor: what was written counts as delivered"
NO_END = "a page can't see that a frame's connection has ended"
LONG_SILENCE = "a frame that broke off is noticed by its silence, which pages of 2008 can't set: after 60 s"
SLIDES = "the page of the slides, as it is printed there, asks again after an answer alone"
NO_WORD = "this transport can't say that another connection took over"
OLD_STREAM = "this transport has nothing with which a page could come back"

IN_SCRIPT = "<script>parent.event(BODY)</script>"
"""What an application sends whose bodies are HTML."""

# Each event is to end with a line. Chromium passes nothing on before it has four bytes, which may be a byte order mark.
_LINE = "    BODY\n"
_BODIES = {"raw": _LINE, "stream": _LINE, "iframe_raw": IN_SCRIPT}
_LACKING = {"xhr_multipart": {"webkit": "XMLHttpRequest of WebKit shows nothing of a multipart response"}}
_HOST = "page.orbited.localhost"
_CURSORS = ("sse", "ws", "ndjson", "poll", "jsonp")


@dataclass(frozen=True)
class Listener:
    """A page, and what can be asked of it.

    Attributes:
        name: Its row in the table.
        path: The page.
        fields: What the page is told in its query.
        transport: The transport that it is to end up with; empty if any will do.
        cursors: Whether it asks for what it missed.
        why_not_back: Why it does not come back by itself when the connection is lost; empty if it does.
        told: Whether it is told that it was replaced.
        library: Whether it uses orbited.js.
        body: What is sent for a value, where a transport leaves that to the application.
        example: Whether it is an example of the documentation, whose few lines are not tested in all ways.
        host: A host name to load the page from, if it is not to be the server's address.
        lacking: Why engines of these names can't run it.
    """

    name: str
    path: str
    fields: dict[str, str] = field(default_factory=dict, hash=False)
    transport: str = ""
    cursors: bool = False
    why_not_back: str = ""
    told: bool = False
    library: bool = False
    body: str = "BODY"
    example: bool = False
    host: str = ""
    lacking: dict[str, str] = field(default_factory=dict, hash=False)

    @property
    def why_not_resumed(self) -> str:
        """Why it can't ask for what it missed; empty if it can."""
        return "" if self.cursors else NO_CURSOR

    @property
    def why_not_told(self) -> str:
        """Why it is not told of a replacement; empty if it is."""
        return "" if self.told else NO_WORD


def _plain(name: str, *, cursors: bool = True) -> Listener:
    return Listener(name, f"pages/{name}.html", transport=name, cursors=cursors, told=cursors)


def _progress(name: str) -> Listener:
    return Listener(
        name,
        "pages/progress.html",
        {"transport": name},
        transport=name,
        body=_BODIES.get(name, "BODY"),
        lacking=_LACKING.get(name, {}),
    )


def _frame(name: str) -> Listener:
    body = _BODIES.get(name, "BODY")
    if name == "iframe_domain":
        return Listener(name, "pages/iframe_domain.html", transport=name, why_not_back=NO_END, host=_HOST)
    return Listener(name, "pages/iframe_bar.html", {"transport": name}, name, why_not_back=NO_END, body=body)


def _library(transport: str, *, cursors: bool = True, told: bool = True, **fields: str) -> Listener:
    return Listener(
        f"orbited.js {transport}",
        "pages/library.html",
        {"transports": transport, **fields},
        transport=transport,
        cursors=cursors,
        told=told,
        library=True,
    )


def _old(name: str, path: str, why_not_back: str = "", **fields: str) -> Listener:
    return Listener(name, path, fields, why_not_back=why_not_back)


PLAIN = (
    *(_plain(name) for name in _CURSORS),
    _plain("xhr", cursors=False),
    *(_frame(name) for name in ("iframe", "iframe_raw", "iframe_alert", "iframe_domain")),
    Listener("iframe?", "pages/iframe_query.html", transport="iframe", why_not_back=NO_END),
    *(_progress(name) for name in ("xhr_stream", "xhr_multipart", "server_sent_events", "basic", "stream", "raw")),
)

LIBRARY = (
    Listener("orbited.js", "pages/library.html", transport="ws", cursors=True, told=True, library=True),
    Listener("orbited.mjs", "pages/module.html", transport="ws", cursors=True, told=True, library=True),
    *(_library(name) for name in ("sse", "ws", "ndjson", "poll", "jsonp")),
    *(_library(name, cursors=False, told=False) for name in ("xhr_stream", "xhr")),
    # The tests' server has a heartbeat each second.
    _library("iframe", cursors=False, told=False, silence="3000"),
)

OLD = (
    _old("2008 connect", "pages/connect_2008.html"),
    *(
        _old(f"2008 connect {name}", "pages/connect_2008.html", transport=name)
        for name in ("stream", "xhr", "server_sent_events", "xhr_multipart")
    ),
    _old("2008 connect iframe", "pages/connect_2008.html", LONG_SILENCE, transport="iframe"),
    _old("2007 slides", "pages/slides_2007.html", SLIDES),
)


def _example(snippet: Snippet) -> Listener:
    return Listener(
        snippet.name,
        f"snippets/{snippet.name}",
        transport=snippet.transport,
        cursors=snippet.transport in _CURSORS and "gap" in snippet.code,
        why_not_back=NO_END if "iframe" in snippet.transport else "",
        body=_BODIES.get(snippet.transport, "BODY"),
        example=True,
        host="localhost" if snippet.is_foreign else "",
        lacking=_LACKING.get(snippet.transport, {}),
    )


def listeners() -> list[Listener]:
    """All ways to listen, the examples of the documentation among them."""
    return [*PLAIN, *map(_example, snippets()), *LIBRARY, *OLD]
