"""Sends events over one control connection, many at once, and gives their receipts."""

from __future__ import annotations

import json
import socket
import threading
from concurrent.futures import Future
from typing import Any

from pyorbited import ConnectionKey, Receipt, RefusedError
from pyorbited.protocol import Protocol

_READ_SIZE = 65_536


class Publisher:
    """A web application, seen from the server's control port.

    Args:
        port: The control port.
    """

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._protocol = Protocol()
        self._lock = threading.Lock()
        self._awaited: dict[int, Future[Receipt]] = {}
        threading.Thread(target=self._read, daemon=True).start()

    def send(self, key: ConnectionKey, value: Any) -> Future[Receipt]:
        """Send a value as JSON, after all that was sent before, and do not wait."""
        return self.send_bytes(key, json.dumps(value, ensure_ascii=False).encode())

    def send_bytes(self, key: ConnectionKey, body: bytes) -> Future[Receipt]:
        """Send a body as it is."""
        with self._lock:
            number, frame = self._protocol.send_event([key], body)
            receipt = self._awaited[number] = Future()
            self._socket.sendall(frame)
        return receipt

    def close(self) -> None:
        """Close the connection; receipts that have not come never will."""
        self._socket.close()

    def _read(self) -> None:
        try:
            while data := self._socket.recv(_READ_SIZE):
                with self._lock:
                    outcomes = self._protocol.receive_data(data)
                for outcome in outcomes:
                    self._settle(outcome)
            self._fail(ConnectionError("the server closed the control connection"))
        except Exception as error:  # raised again where the receipts are awaited
            self._fail(error)

    def _settle(self, outcome: Receipt | RefusedError) -> None:
        if isinstance(outcome, Receipt):
            self._awaited.pop(outcome.id).set_result(outcome)
        elif outcome.id is not None:
            self._awaited.pop(outcome.id).set_exception(outcome)
        else:
            raise outcome

    def _fail(self, error: Exception) -> None:
        while self._awaited:
            _, receipt = self._awaited.popitem()
            receipt.set_exception(error)
