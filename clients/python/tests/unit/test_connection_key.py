from __future__ import annotations

import pytest

from pyorbited import ConnectionKey, InvalidRecipient


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("username, 0, /example", ("username", "0", "/example")),
        ("michael, 0, /", ("michael", "0", "/")),
        ("a,b, 1,2, /c", ("a,b", "1,2", "/c")),
        ("a, b, /c, d, e", ("a", "b", "/c, d, e")),
        ("a,, ,, /c", ("a,", ",", "/c")),
        ("José Müller, ☃, /räume/中文", ("José Müller", "☃", "/räume/中文")),
        ("👩‍💻, 0, /x", ("👩‍💻", "0", "/x")),
        ("a: b, (c), /d: e", ("a: b", "(c)", "/d: e")),
    ],
)
def test_a_key_is_split_at_its_first_two_commas_and_written_the_same(
    text: str, parts: tuple[str, str, str]
) -> None:
    key = ConnectionKey.parse(text)
    assert (key.user, key.session, key.location) == parts
    assert key == ConnectionKey(*parts)
    assert str(key) == text


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        (("", "0", "/x"), "the user is empty"),
        (("a", "", "/x"), "the session is empty"),
        (("a", "0", ""), "the location is empty"),
        (("a", "0", "x"), "does not start with '/'"),
        (("a, b", "0", "/x"), "the user 'a, b' holds ', '"),
        (("a", "0, 1", "/x"), "the session '0, 1' holds ', '"),
        (("a\r\nid: 2", "0", "/x"), "the user 'a\\r\\nid: 2' holds a control character"),
        (("a", "0\n", "/x"), "control character"),
        (("a", "0", "/x\r"), "control character"),
        (("a\0", "0", "/x"), "control character"),
        (("a\x7f", "0", "/x"), "control character"),
        (("\ud800", "0", "/x"), "lone surrogate"),
    ],
)
def test_a_part_that_breaks_the_wire_is_refused(parts: tuple[str, str, str], reason: str) -> None:
    with pytest.raises(InvalidRecipient) as caught:
        ConnectionKey(*parts)
    assert reason in caught.value.message
    assert caught.value.recipient == parts


@pytest.mark.parametrize("text", ["", "a", "a, b", "a,b,/c", "a, 0", "/x"])
def test_a_text_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(InvalidRecipient, match="does not have the form 'user, session, /location'"):
        ConnectionKey.parse(text)


def test_a_part_that_is_no_string_is_refused() -> None:
    with pytest.raises(InvalidRecipient, match="the session must be a string, not int"):
        ConnectionKey("a", 0, "/x")  # type: ignore[arg-type]


def test_keys_can_be_counted_and_sorted() -> None:
    first, second = ConnectionKey("a", "0", "/x"), ConnectionKey("b", "0", "/x")
    assert {first, second, ConnectionKey.parse("a, 0, /x")} == {first, second}
    assert sorted([second, first]) == [first, second]
