from __future__ import annotations

import pytest

from pyorbited import InvalidBody
from pyorbited.body import json_body, raw_body


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Hello, browser!", b'"Hello, browser!"'),
        ({"a": [1, None, True]}, b'{"a":[1,null,true]}'),
        ("h\u00e9", b'"h\xc3\xa9"'),
        ("a\r\nb", b'"a\\r\\nb"'),
        ("\U0001f600", b'"\xf0\x9f\x98\x80"'),
        (None, b"null"),
    ],
)
def test_json_is_compact_utf8(value: object, expected: bytes) -> None:
    assert json_body(value) == expected


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1, 2}, object(), b"bytes"])
def test_what_json_has_no_form_for_is_refused(value: object) -> None:
    with pytest.raises(InvalidBody, match="can't be written as JSON"):
        json_body(value)


def test_a_body_that_holds_itself_is_refused() -> None:
    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(InvalidBody, match="Circular"):
        json_body(endless)


@pytest.mark.parametrize("encode", [json_body, raw_body])
def test_a_lone_surrogate_is_refused_by_name(encode: object) -> None:
    assert callable(encode)
    with pytest.raises(InvalidBody, match="lone surrogate at character"):
        encode("a\ud83d")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("<b>h\u00e9</b>", b"<b>h\xc3\xa9</b>"),
        (b"\xff\x00", b"\xff\x00"),
        (bytearray(b"ab"), b"ab"),
        (memoryview(b"ab"), b"ab"),
        ("", b""),
    ],
)
def test_a_raw_body_goes_as_it_is(value: object, expected: bytes) -> None:
    assert raw_body(value) == expected


@pytest.mark.parametrize("value", [None, 7, ["a"], {"a": 1}])
def test_a_raw_body_is_text_or_bytes(value: object) -> None:
    with pytest.raises(InvalidBody, match="must be str or bytes, not"):
        raw_body(value)
