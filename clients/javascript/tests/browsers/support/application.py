"""The web application behind the server's proxy: it serves the pages of the tests."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from .snippets import snippet_page

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
        folder, _, name = split.path.lstrip("/").partition("/")
        fields = {field: values[0] for field, values in parse_qs(split.query).items()}
        path = PAGES / name
        if folder == "snippets" and (page := snippet_page(name, fields)):
            self._answer(200, _TYPES[".html"], page.encode())
        elif folder == "pages" and ".." not in name and path.is_file():
            self._answer(200, _TYPES[path.suffix], path.read_bytes())
        else:
            self._answer(404, "text/plain", b"There is no such page.\n")

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
