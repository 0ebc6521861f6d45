from __future__ import annotations

from collections.abc import Iterator

import pytest

from pyorbited import ConnectionKey, InvalidRecipient, Recipients
from pyorbited.recipients import connection_keys

A = ConnectionKey("a", "0", "/x")
B = ConnectionKey("b", "1", "/y")
C = ConnectionKey("c", "2", "/z")


def generated() -> Iterator[str]:
    yield "a, 0, /x"
    yield "b, 1, /y"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("a, 0, /x", [A]),
        (("a", "0", "/x"), [A]),
        (A, [A]),
        (["a, 0, /x"], [A]),
        (["a, 0, /x", ("b", "1", "/y"), C], [A, B, C]),
        (("a, 0, /x", "b, 1, /y"), [A, B]),
        (("a, 0, /x", "b, 1, /y", "c, 2, /z"), [A, B, C]),
        ((A, B, C), [A, B, C]),
        ((("a", "0", "/x"), ("b", "1", "/y"), ("c", "2", "/z")), [A, B, C]),
        (("a, 0, /x", B, "c, 2, /z"), [A, B, C]),
        (("a", "0", "/x, 1, /y"), [ConnectionKey("a", "0", "/x, 1, /y")]),
        (generated(), [A, B]),
        ({A: 1, B: 2}.keys(), [A, B]),
        (["a, 0, /x", A, ("a", "0", "/x")], [A]),
        ([], []),
    ],
)
def test_recipients_may_be_given_in_many_forms(
    given: Recipients, expected: list[ConnectionKey]
) -> None:
    assert connection_keys(given) == expected


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("", "does not have the form"),
        ("a, 0, x", "does not start with '/'"),
        ("a, 0, /x\r\nlength: 0", "control character"),
        ([""], "does not have the form"),
        (["a, 0, /x", "b"], "'b' does not have the form"),
        (("a", "0"), "'a' does not have the form"),
        (("a, b", "0", "/x"), "holds ', '"),
        (("a", 0, "/x"), "the session must be a string, not int"),
        ([("a", "0")], "is no recipient"),
        ([["a", "0", "/x"]], "is no recipient"),
        ([None], "None is no recipient"),
        (None, "None is no recipient"),
        (7, "7 is no recipient"),
        (b"a, 0, /x", "is no recipient"),
        ([b"a, 0, /x"], "is no recipient"),
    ],
)
def test_what_is_no_recipient_is_refused(given: Recipients, reason: str) -> None:
    with pytest.raises(InvalidRecipient) as caught:
        connection_keys(given)
    assert reason in caught.value.message
