"""The ways in which a page listens: a table, one row each."""

from __future__ import annotations

from dataclasses import dataclass, field

from .support.snippets import snippet_names

NO_CURSOR = "this transport has no cursor: what was written counts as delivered"
NO_END = "a page can't see that a frame's connection has ended"
NO_WORD = "this transport can't say that another connection took over"
OLD_STREAM = "this transport has nothing with which a page could come back"


@dataclass(frozen=True)
class Listener:
    """A page, and what can be asked of it.

    Attributes:
        name: Its row in the table.
        path: The page.
        fields: What the page is told in its query.
        transport: The transport that it is to end up with; empty if any will do.
        cursors: Whether it asks for what it missed.
        returns: Whether it comes back by itself when the connection is lost.
        told: Whether it is told that it was replaced.
        library: Whether it uses orbited.js.
        records: Whether it records what it is told beside events.
        lines: Whether a body needs a line end for the page to see where it stops.
        host: A host name to load the page from, if it is not to be the server's address.
    """

    name: str
    path: str
    fields: dict[str, str] = field(default_factory=dict, hash=False)
    transport: str = ""
    cursors: bool = False
    returns: bool = True
    told: bool = False
    library: bool = False
    records: bool = True
    lines: bool = False
    host: str = ""

    @property
    def why_not_back(self) -> str:
        """Why it does not come back by itself; empty if it does."""
        return "" if self.returns else NO_END

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


def _progress(name: str, *, lines: bool = False) -> Listener:
    return Listener(name, "pages/progress.html", {"transport": name}, transport=name, lines=lines)


def _library(transport: str, *, cursors: bool = True, told: bool = True) -> Listener:
    return Listener(
        f"orbited.js {transport}",
        "pages/library.html",
        {"transports": transport},
        transport=transport,
        cursors=cursors,
        told=told,
        library=True,
    )


def _old(name: str, path: str, **fields: str) -> Listener:
    return Listener(name, path, fields, returns=True)


PLAIN = (
    *(_plain(name) for name in ("sse", "ws", "ndjson", "poll", "jsonp")),
    _plain("xhr", cursors=False),
    Listener("iframe", "pages/iframe_bar.html", transport="iframe", returns=False),
    Listener("iframe?", "pages/iframe_query.html", transport="iframe", returns=False),
    Listener(
        "iframe_domain",
        "pages/iframe_domain.html",
        transport="iframe_domain",
        returns=False,
        host="page.orbited.localhost",
    ),
    *(_progress(name) for name in ("xhr_stream", "xhr_multipart", "server_sent_events", "basic")),
    *(_progress(name, lines=True) for name in ("stream", "raw")),
)

LIBRARY = (
    Listener("orbited.js", "pages/library.html", transport="ws", cursors=True, told=True, library=True),
    Listener("orbited.mjs", "pages/module.html", transport="ws", cursors=True, told=True, library=True),
    *(_library(name) for name in ("sse", "ws", "ndjson", "poll", "jsonp")),
    *(_library(name, cursors=False, told=False) for name in ("xhr_stream", "iframe", "xhr")),
)

OLD = (
    _old("2008 connect", "pages/connect_2008.html"),
    *(
        _old(f"2008 connect {name}", "pages/connect_2008.html", transport=name)
        for name in ("stream", "iframe", "xhr", "server_sent_events", "xhr_multipart")
    ),
    _old("2007 slides", "pages/slides_2007.html"),
)


def listeners() -> list[Listener]:
    """All ways to listen, the examples of the documentation among them."""
    examples = (
        Listener(name, f"snippets/{name}", records=False, returns="iframe" not in name) for name in snippet_names()
    )
    return [*PLAIN, *examples, *LIBRARY, *OLD]
