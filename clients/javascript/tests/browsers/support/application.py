"""The web application behind the server's proxy: it serves the pages of the tests."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from .snippets import snippets

PAGES = Path(__file__).parents[1] / "pages"
_TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8"}


class Application:
    """Serves ``/pages/…`` from a folder, and ``/snippets/…`` from the documentation."""

    def __init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self.port: int = self._server.server_port

    def __enter__(self) -> Application:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        split = urlsplit(self.path)
        folder, _, name = unquote(split.path).lstrip("/").partition("/")
        path = PAGES / name
        if folder == "snippets":
            self._answer(200, _TYPES[".html"], self._snippet(name, parse_qs(split.query)).encode())
        elif folder == "pages" and ".." not in name and path.is_file():
            self._answer(200, _TYPES[path.suffix], path.read_bytes())
        else:
            self._answer(404, "text/plain", b"There is no such page.\n")

    def _snippet(self, name: str, fields: dict[str, list[str]]) -> str:
        (snippet,) = (snippet for snippet in snippets() if snippet.name == name)
        return snippet.page(self.headers["Host"], fields["user"][0], fields["session"][0])

    def _answer(self, status: int, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        # Pages that share document.domain with a frame need it.
        self.send_header("Origin-Agent-Cluster", "?0")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing; the gateway tells of the requests."""
