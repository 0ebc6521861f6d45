from __future__ import annotations

import pickle

import pytest

import pyorbited
from pyorbited import (
    ConnectFailed,
    ConnectionLost,
    InvalidBody,
    InvalidRecipient,
    LimitExceeded,
    OrbitedConnectionError,
    OrbitedError,
    ProtocolError,
    RefusedError,
    Timeout,
)


@pytest.mark.parametrize(
    ("error", "builtin"),
    [
        (OrbitedConnectionError, ConnectionError),
        (ConnectFailed, ConnectionError),
        (ConnectionLost, OSError),
        (Timeout, TimeoutError),
        (InvalidRecipient, ValueError),
        (InvalidBody, ValueError),
        (LimitExceeded, ValueError),
        (ProtocolError, Exception),
        (RefusedError, Exception),
    ],
)
def test_each_error_is_also_the_builtin_that_one_would_catch(
    error: type[OrbitedError], builtin: type[Exception]
) -> None:
    assert issubclass(error, OrbitedError)
    assert issubclass(error, builtin)
    assert getattr(pyorbited, error.__name__) is error


@pytest.mark.parametrize(
    ("code", "name", "text"),
    [
        (None, None, "No"),
        (107, None, "No (107)"),
        (107, "missing_length", "No (107 missing_length)"),
    ],
)
def test_a_refusal_is_written_with_what_is_known_of_its_code(
    code: int | None, name: str | None, text: str
) -> None:
    assert str(RefusedError("No", code=code, name=name)) == text


@pytest.mark.parametrize(
    ("error", "retriable", "safe"),
    [
        (ConnectFailed("m"), True, True),
        (ConnectionLost("m"), True, True),
        (ConnectionLost("m", maybe_delivered=True), True, False),
        (Timeout("m"), True, True),
        (Timeout("m", maybe_delivered=True), True, False),
        (ProtocolError("m", maybe_delivered=True), False, False),
        (RefusedError("m", code=204, name="body_too_large"), False, False),
        (RefusedError("m", code=402, name="shutting_down"), True, True),
        (RefusedError("m"), False, False),
        (InvalidRecipient("m", recipient=7), False, False),
        (InvalidBody("m"), False, False),
        (LimitExceeded("m", limit="body", value=2, maximum=1), False, False),
    ],
)
def test_each_error_says_whether_a_retry_helps_and_survives_pickling(
    error: OrbitedError, retriable: bool, safe: bool
) -> None:
    for same in (error, pickle.loads(pickle.dumps(error))):
        assert same.retriable is retriable
        assert same.safe_to_retry is safe
        assert same.message == "m"
        assert str(same).startswith("m")
        assert vars(same) == vars(error)
