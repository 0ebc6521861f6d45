"""One case's surroundings: an engine, a stage, a listener, and a user of its own."""

from __future__ import annotations

import json
from concurrent.futures import Future
from typing import Any
from urllib.parse import quote, urlencode

from pyorbited import ConnectionKey, Receipt

from ..engines import PATIENCE, Engine
from ..listeners import IN_SCRIPT, Listener
from .gateway import Gateway
from .page import Page
from .request import LOCATION
from .stage import Stage


class Scene:
    """What a behaviour acts in.

    Attributes:
        user: Nobody else's.
        key: Whom events are sent to.

    Args:
        engine: The browser.
        stage: The server and what is around it.
        listener: How the page listens.
        user: The user.
    """

    def __init__(self, engine: Engine, stage: Stage, listener: Listener, user: str) -> None:
        self.engine = engine
        self.stage = stage
        self.listener = listener
        self.user = user
        self.key = ConnectionKey(user, "0", LOCATION)
        self.pages: list[Page] = []

    @property
    def gateway(self) -> Gateway:
        """What is between browser and server."""
        return self.stage.gateway

    def url(self, path: str, origin: str = "", **fields: str) -> str:
        """Write the address of a page, for this listener's user."""
        host = self.listener.host or "127.0.0.1"
        query = {"user": self.user, "session": "0", **self.listener.fields, **fields}
        return f"{origin or f'http://{host}:{self.gateway.port}'}/{quote(path)}?{urlencode(query)}"

    def open(self, origin: str = "", **fields: str) -> Page:
        """Open the listener's page in a new tab.

        Raises:
            Skip: The engine can't run it.
        """
        url = self.url(self.listener.path, origin, **fields)
        page = Page(self.engine.open(url), url)
        self.pages.append(page)
        page.skip_if_it_cannot_run()
        return page

    def begin(self, origin: str = "", **fields: str) -> Page:
        """Open the page, and see that it gets a first event, the number 0."""
        page = self.open(origin, **fields)
        self.gateway.wait(lambda: self.gateway.requests(self.user), "an event request")
        page.wait_ready()
        self.stage.send_to_listener(self.key, self.body(0))
        page.expect([0])
        return page

    def send(self, value: Any) -> Future[Receipt]:
        """Send a value, and do not wait."""
        return self.stage.send_bytes(self.key, self.body(value))

    def deliver(self, value: Any) -> None:
        """Send a value, which must reach the browser."""
        receipt = self.send(value).result(PATIENCE)
        assert receipt, f"the event was not delivered: {receipt.message}"

    def body(self, value: Any) -> bytes:
        """Write a value as JSON, in the way that the listener can read."""
        text = json.dumps(value, ensure_ascii=False)
        if self.listener.body == IN_SCRIPT:
            text = text.replace("<", r"\u003c")
        return self.listener.body.replace("BODY", text).encode()

    def report(self) -> str:
        """Tell all that is known, for a failure."""
        requests = [str(request) for request in self.gateway.requests(self.user)]
        lines = ["event requests at the gateway:", *(f"  {line}" for line in requests)]
        for number, page in enumerate(self.pages, 1):
            lines += [f"page {number}: {page.url}", f"  told: {page.told()}"]
            lines += [f"  {note}" for note in page.notes()]
        return "\n".join(lines)

    def close(self) -> None:
        """Close the pages."""
        for page in self.pages:
            page.tab.close()
