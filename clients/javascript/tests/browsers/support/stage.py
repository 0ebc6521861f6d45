"""What stands behind a browser: gateway, server, application and publisher."""

from __future__ import annotations

import socket
from concurrent.futures import Future
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from pyorbited import ConnectionKey, Receipt
from pyorbited.client import Client

from .application import Application
from .gateway import PATIENCE, Gateway
from .orbited import Orbited
from .publisher import Publisher
from .request import LOCATION

_SETTINGS = """\
proxy.enabled = 1
session.timeout = 5
[transport]
raw = 1
heartbeat = 1
[http]
origins = http://localhost:{gateway}
[proxy]
{location} -> ORBITED
/ -> http://127.0.0.1:{application}
"""


class Stage:
    """A server of its own, for cases that follow one another.

    Attributes:
        orbited: The server.
        gateway: What browsers connect to.
        application: The pages.

    Args:
        folder: An empty folder.
    """

    def __init__(self, folder: Path) -> None:
        self.application = Application()
        self.orbited = Orbited(folder)
        self.gateway = Gateway(self.orbited.http_port)
        self._open = ExitStack()

    def __enter__(self) -> Stage:
        with ExitStack() as opening:
            opening.callback(self.orbited.close)
            opening.enter_context(self.application)
            opening.enter_context(self.gateway)
            self.orbited.configure(
                _SETTINGS.format(gateway=self.gateway.port, application=self.application.port, location=LOCATION)
            )
            self.orbited.start()
            self._publisher = Publisher(self.orbited.control_port)
            self._open = opening.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._publisher.close()
        self._open.close()

    def restart(self) -> None:
        """Kill the server with SIGKILL, and start it again on the same ports."""
        self.orbited.kill()
        self._publisher.close()
        self.orbited.start()
        self._publisher = Publisher(self.orbited.control_port)

    def send(self, key: ConnectionKey, value: Any) -> Future[Receipt]:
        """Send a value to a browser."""
        return self._publisher.send(key, value)

    def send_bytes(self, key: ConnectionKey, body: bytes) -> Future[Receipt]:
        """Send a body to a browser as it is."""
        return self._publisher.send_bytes(key, body)

    def close_session(self, key: ConnectionKey, reason: str) -> None:
        """End a session as an application, with a connection of its own."""
        frame = f"Orbit 1.1\r\nClose\r\nid: 1\r\nrecipient: {key}\r\nreason: {reason}\r\n\r\n"
        with socket.create_connection(("127.0.0.1", self.orbited.control_port), PATIENCE) as control:
            control.sendall(frame.encode())
            reply = control.recv(1000)
        assert reply == b"Success\r\nid: 1\r\nclosed: 1\r\n\r\n", f"the session was not closed: {reply!r}"

    def send_to_listener(self, key: ConnectionKey, body: bytes) -> None:
        """Wait until the key has a session, and send it an event, which must reach its browser."""
        with Client(port=self.orbited.control_port) as orbit, orbit.watch(str(key), state=True) as notices:
            notices.next(PATIENCE)  # that it is there, or comes
        assert self.send_bytes(key, body).result(PATIENCE), f"nobody listens to {key}"
