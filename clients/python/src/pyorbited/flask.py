"""Events from Flask, sent once the request or the database transaction has gone well.

::

    from flask import Flask
    from pyorbited.flask import Orbited

    app = Flask(__name__)
    app.config["ORBITED"] = {"policy": "fail"}
    orbited = Orbited(app)

    @app.post("/messages")
    def post():
        orbited.event_after_request("*, *, /chat", request.form["text"])
        return "", 204

With Flask-SQLAlchemy, ``orbited.event_after_commit(…)`` sends when ``db.session`` commits. Flask
and SQLAlchemy themselves are needed only by who uses this.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app, g

from .afterwards import Outgoing

if TYPE_CHECKING:
    from .afterwards import Done
    from .client import Client
    from .frames import Ack
    from .pattern import AddressForms

__all__ = ["Orbited"]

_NAME = "orbited"
_WAITING = "_pyorbited_waiting"


class Orbited:
    """The extension. One may serve several applications, each through a client of its own.

    The configuration ``ORBITED`` of an application holds the arguments of
    :class:`pyorbited.client.Client`, by name; it may be missing.

    Args:
        app: The application; None to give it later to :meth:`init_app`.
    """

    def __init__(self, app: Flask | None = None) -> None:
        self._lock = threading.Lock()
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask) -> None:
        """Serve an application. The client connects with its first event."""
        app.extensions[_NAME] = None
        app.teardown_appcontext(self._end_context)

    @property
    def client(self) -> Client:
        """The client of the current application, which all its requests share."""
        from .client import Client

        with self._lock:
            if current_app.extensions[_NAME] is None:
                current_app.extensions[_NAME] = Client(**current_app.config.get("ORBITED", {}))
            client: Client = current_app.extensions[_NAME]
            return client

    def event_after_request(
        self,
        recipients: AddressForms,
        body: object,
        json: bool = True,
        ttl: int | None = None,
        ack: Ack = "written",
        retry: bool = False,
        *,
        done: Done | None = None,
    ) -> None:
        """Send an event when the request has ended without an unhandled exception.

        The body is written now. Nobody waits for the receipt: what goes wrong afterwards is logged
        as an error of ``pyorbited.afterwards``, and recipients that were not reached as
        information, or ``done`` is called with the future, in a thread of the client.

        Raises:
            InvalidRecipient: A recipient is neither key nor pattern.
            InvalidBody: The body can't be sent.
            ValueError: ``ttl`` or ``ack`` is not such.
        """
        outgoing = Outgoing.read(recipients, body, json, ttl, ack, retry, done)
        g.setdefault(_WAITING, []).append(outgoing)

    def event_after_commit(
        self,
        recipients: AddressForms,
        body: object,
        json: bool = True,
        ttl: int | None = None,
        ack: Ack = "written",
        retry: bool = False,
        *,
        session: Any = None,  # noqa: ANN401 (SQLAlchemy may be missing)
        done: Done | None = None,
    ) -> None:
        """Send an event when a SQLAlchemy session commits, and not if it rolls back.

        Otherwise as :meth:`event_after_request`. An event from within a savepoint waits for the
        outermost commit, and is forgotten with its savepoint.

        Args:
            recipients: One or several keys or patterns.
            body: What the browsers get.
            json: Whether it is a value to be written as JSON.
            ttl: Whole seconds that it may wait at the server.
            ack: ``written`` or ``browser``.
            retry: Whether to send it again after a lost connection, perhaps twice.
            session: A session or a scoped session. Default: ``db.session`` of Flask-SQLAlchemy.
            done: Is called with the future of the receipt once that has ended.
        """
        from .sqlalchemy import send_after_commit

        outgoing = Outgoing.read(recipients, body, json, ttl, ack, retry, done)
        if session is None:
            session = current_app.extensions["sqlalchemy"].session
        send_after_commit(session, outgoing, self.client)

    def _end_context(self, error: BaseException | None) -> None:
        waiting: list[Outgoing] = g.pop(_WAITING, [])
        if error is None:
            for outgoing in waiting:
                outgoing.send(self.client)
