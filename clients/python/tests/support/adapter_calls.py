"""What the tests of the adapters ask of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.support.adapter import PATIENCE, Adapter, Line
from tests.support.browser import ask, event_path
from tests.support.server import OrbitedServer, configuration


def key(user: str) -> str:
    """Give a key of a user."""
    return f"{user}, 0, /x"


def path(user: str, transport: str = "sse") -> str:
    """Give the path under which the user's browser asks for events."""
    return event_path(user, "0", "/x", transport)


def connect(adapter: Adapter, port: int, **options: object) -> None:
    """Let an adapter make a client."""
    assert adapter.returns("client", host="127.0.0.1", port=port, **options) == {}


def event(adapter: Adapter, *users: str, body: str = "x", **options: object) -> Line:
    """Send an event to keys of users, and give its receipt."""
    return adapter.returns("event", to=[key(user) for user in users], body=body, **options)


def let_be_away(adapter: Adapter, server: OrbitedServer, user: str) -> None:
    """Give a user a session, whose browser does not ask again."""
    with ThreadPoolExecutor(1) as pool:
        poll = pool.submit(ask, server.http_port, path(user, "xhr"))
        while not event(adapter, user, body='"first"', ttl=0)["reached"]:
            assert not poll.done()
        assert poll.result(PATIENCE) == '"first"'


def with_secret(folder: Path, secret: str) -> str:
    """Write a configuration with a secret."""
    file = folder / "secret"
    file.write_text(secret, encoding="utf-8")
    file.chmod(0o600)
    return configuration({"op.secret_file": file})
