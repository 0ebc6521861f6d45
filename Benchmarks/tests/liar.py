"""A push server that can do wrong: it handles each event as a test tells it."""

from __future__ import annotations

import functools
import re
import socketserver
import threading
from collections.abc import Callable
from types import TracebackType

Send = Callable[[int, bytes], None]
# Is called with an event's number, its body, a way to send to a browser, and a way to send a receipt.
Behaviour = Callable[[int, bytes, Send, Callable[[int], None]], None]

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"


class Liar:
    """Runs while its block does; ``port`` and ``publish_port`` are its addresses."""

    def __init__(self, behave: Behaviour) -> None:
        browsers: dict[int, socketserver.StreamRequestHandler] = {}

        class Browser(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                request = self.rfile.readline()
                while self.rfile.readline().strip():
                    pass
                browsers[int(re.findall(rb"\d+", request)[0])] = self
                self.wfile.write(HEAD)
                self.rfile.read(1)

        class Control(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                while head := b"".join(iter(self.rfile.readline, b"\r\n")):
                    number = int(re.findall(rb"id: (\d+)", head)[0])
                    body = self.rfile.read(int(re.findall(rb"length: (\d+)", head)[0]))
                    behave(number, body, send, functools.partial(self.reply, number))

            def reply(self, number: int, reached: int) -> None:
                self.wfile.write(b"Success\r\nid: %d\r\nreached: %d\r\n\r\n" % (number, reached))

        def send(browser: int, body: bytes) -> None:
            browsers[browser].wfile.write(b"data: " + body + b"\n\n")

        self.servers = [Server(("127.0.0.1", 0), handler) for handler in (Browser, Control)]
        self.port, self.publish_port = (server.server_address[1] for server in self.servers)

    def __enter__(self) -> Liar:
        """Begin to serve."""
        for server in self.servers:
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End."""
        for server in self.servers:
            server.shutdown()
            server.server_close()


class Server(socketserver.ThreadingTCPServer):
    """Ends with its threads still waiting for browsers that have gone."""

    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Browsers end by a reset; that is no news."""
