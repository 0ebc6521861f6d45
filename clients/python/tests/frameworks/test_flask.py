from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import text

from pyorbited import InvalidBody
from pyorbited.flask import Orbited
from tests.frameworks.conftest import Seen
from tests.support.peer import PATIENCE

KEY = "a, 0, /x"


@pytest.fixture
def app(seen: Seen) -> Flask:
    app = Flask(__name__)
    app.config["ORBITED"] = {"addr": "127.0.0.1", "port": seen.port, "timeout": PATIENCE}
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    return app


@pytest.fixture
def orbited(app: Flask) -> Iterator[Orbited]:
    orbited = Orbited()
    orbited.init_app(app)
    yield orbited
    with app.app_context():
        orbited.client.disconnect()


@pytest.fixture
def db(app: Flask) -> Iterator[SQLAlchemy]:
    db = SQLAlchemy(app)
    yield db
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def finish(orbited: Orbited, seen: Seen) -> list[bytes]:
    """Give what was sent, up to an event of this function's own."""
    assert orbited.client.event(KEY, "last")
    bodies = [seen.next()]
    while bodies[-1] != b'"last"':
        bodies.append(seen.next())
    return bodies[:-1]


def test_events_are_sent_after_a_request_that_went_well(
    app: Flask, orbited: Orbited, seen: Seen
) -> None:
    @app.get("/")
    def view() -> str:
        body = ["1"]
        orbited.event_after_request(KEY, body)
        body.append("2")
        orbited.event_after_request(KEY, "<b>", json=False)
        orbited.client.event(KEY, "within")
        return "done"

    assert app.test_client().get("/").text == "done"
    with app.app_context():
        assert finish(orbited, seen) == [b'"within"', b'["1"]', b"<b>"]


def test_events_of_a_request_that_failed_are_not_sent(
    app: Flask, orbited: Orbited, seen: Seen
) -> None:
    @app.get("/")
    def view() -> str:
        orbited.event_after_request(KEY, "lost")
        raise RuntimeError

    assert app.test_client().get("/").status_code == 500
    with app.app_context():
        assert finish(orbited, seen) == []


def test_what_is_invalid_is_refused_within_the_request(
    app: Flask, orbited: Orbited, seen: Seen
) -> None:
    with app.app_context():
        with pytest.raises(InvalidBody):
            orbited.event_after_request(KEY, {1})
        assert finish(orbited, seen) == []


def test_events_wait_for_the_commit(
    app: Flask, orbited: Orbited, db: SQLAlchemy, seen: Seen
) -> None:
    with app.app_context():
        db.session.execute(text("select 1"))
        orbited.event_after_commit(KEY, 1)
        orbited.client.event(KEY, "within")
        db.session.commit()
        db.session.commit()
        orbited.event_after_commit(KEY, 2)
        db.session.commit()
        assert finish(orbited, seen) == [b'"within"', b"1", b"2"]


def test_events_are_forgotten_with_a_rollback_and_with_a_session(
    app: Flask, orbited: Orbited, db: SQLAlchemy, seen: Seen
) -> None:
    with app.app_context():
        orbited.event_after_commit(KEY, "rolled back")
        db.session.rollback()
        db.session.commit()
        orbited.event_after_commit(KEY, "closed")
        db.session.close()
        db.session.commit()
        orbited.event_after_commit(KEY, "kept")
        db.session.commit()
        assert finish(orbited, seen) == [b'"kept"']


def test_an_event_in_a_savepoint_shares_its_fate(
    app: Flask, orbited: Orbited, db: SQLAlchemy, seen: Seen
) -> None:
    with app.app_context():
        session = db.session()
        orbited.event_after_commit(KEY, "outer", session=session)
        inner = session.begin_nested()
        orbited.event_after_commit(KEY, "lost")
        inner.rollback()
        with session.begin_nested():
            orbited.event_after_commit(KEY, "kept")
        outer = session.begin_nested()
        with session.begin_nested():
            orbited.event_after_commit(KEY, "lost with the outer savepoint")
        outer.rollback()
        orbited.client.event(KEY, "within")
        session.commit()
        assert finish(orbited, seen) == [b'"within"', b'"outer"', b'"kept"']
