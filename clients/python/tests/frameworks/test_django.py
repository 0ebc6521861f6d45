from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

import django
import pytest
from django.conf import settings
from django.db import connection, transaction

from pyorbited import InvalidBody, InvalidRecipient, LimitExceeded
from pyorbited.client import Client, Receipt
from pyorbited.django import client, event_on_commit
from tests.frameworks.conftest import Seen
from tests.support.peer import PATIENCE, refused_port

KEY = "a, 0, /x"

if not settings.configured:
    memory = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
    settings.configure(DATABASES={"default": memory})
    django.setup()


@pytest.fixture
def orbit(seen: Seen) -> Iterator[Client]:
    with Client("127.0.0.1", seen.port) as orbit:
        yield orbit


@pytest.fixture(autouse=True)
def database() -> Iterator[None]:
    yield
    connection.close()


def test_an_event_is_sent_when_the_transaction_commits(seen: Seen, orbit: Client) -> None:
    done: Future[Receipt] = Future()
    with transaction.atomic():
        body = {"id": 1}
        event_on_commit(KEY, body, through=orbit, done=lambda it: done.set_result(it.result()))
        body["id"] = 2  # it was written before
        orbit.event(KEY, "within")
        assert seen.next() == b'"within"'
        assert seen.empty()
    assert done.result(PATIENCE).reached == 1
    assert seen.next() == b'{"id":1}'


def test_after_a_rollback_nothing_is_sent(seen: Seen, orbit: Client) -> None:
    with transaction.atomic():
        event_on_commit(KEY, "lost", through=orbit)
        transaction.set_rollback(True)
    with transaction.atomic():
        with transaction.atomic():
            event_on_commit(KEY, "lost in a savepoint", through=orbit)
            transaction.set_rollback(True)
        event_on_commit(KEY, "kept", through=orbit)
    assert seen.next() == b'"kept"'
    assert orbit.event(KEY, "last")
    assert seen.next() == b'"last"'


def test_without_a_transaction_an_event_is_sent_at_once(seen: Seen, orbit: Client) -> None:
    event_on_commit(KEY, "<b>", json=False, ttl=1, ack="browser", through=orbit)
    assert seen.next() == b"<b>"


def test_what_is_invalid_is_refused_within_the_transaction() -> None:
    with transaction.atomic():
        with pytest.raises(InvalidRecipient):
            event_on_commit("nobody", 1)
        with pytest.raises(InvalidBody):
            event_on_commit(KEY, {1})


def test_an_event_that_can_not_be_sent_is_logged_and_leaves_the_commit(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with Client("127.0.0.1", refused_port(), policy="fail", queue=0) as orbit:
        with transaction.atomic():
            event_on_commit(KEY, "x", through=orbit)
            event_on_commit(KEY, "x" * 2_000_000, through=orbit)
        errors = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert ["calls wait" in errors[0].getMessage(), len(errors)] == [True, 2]
    assert errors[1].exc_info
    assert isinstance(errors[1].exc_info[1], LimitExceeded)


def test_the_client_of_the_process_is_made_of_the_settings(
    seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments: dict[str, Any] = {"addr": "127.0.0.1", "port": seen.port}
    monkeypatch.setattr(settings, "ORBITED", arguments, raising=False)
    client.cache_clear()
    try:
        event_on_commit(KEY, "x")
        assert seen.next() == b'"x"'
        assert client() is client()
    finally:
        client().disconnect()
        client.cache_clear()
