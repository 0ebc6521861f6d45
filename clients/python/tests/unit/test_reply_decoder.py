from __future__ import annotations

import pytest

from pyorbited import ConnectionKey, Limits, ProtocolError
from pyorbited.reply import Reply, ReplyDecoder, Status

SUCCESS = Reply(Status.SUCCESS, id="7")

VECTORS: dict[str, tuple[bytes, list[Reply]]] = {
    "success": (b"Success\r\nid: 7\r\n\r\n", [SUCCESS]),
    "bare line feeds": (b"Success\nid: 7\n\n", [SUCCESS]),
    "names in any case": (b"Success\r\nID: 7\r\n\r\n", [SUCCESS]),
    "an unknown header": (b"Success\r\nx-new: a: b\r\nid: 7\r\n\r\n", [SUCCESS]),
    "failure of 2007": (
        b"Failure\r\nid: 7\r\nmsg: Failed to reach one or more recipients\r\n"
        b"recipient: (jacob, 0, /chat)\r\nrecipient: (michael, 0, /a, b)\r\n\r\n",
        [
            Reply(
                Status.FAILURE,
                id="7",
                message="Failed to reach one or more recipients",
                recipients=[
                    ConnectionKey("jacob", "0", "/chat"),
                    ConnectionKey("michael", "0", "/a, b"),
                ],
            )
        ],
    ),
    "a recipient with its own parentheses": (
        b"Failure\r\nid: 7\r\nrecipient: ((a), 0, /(b))\r\n\r\n",
        [Reply(Status.FAILURE, id="7", recipients=[ConnectionKey("(a)", "0", "/(b)")])],
    ),
    "names in UTF-8": (
        "Failure\r\nid: 7\r\nrecipient: (José ☃, 0, /中文)\r\n\r\n".encode(),
        [Reply(Status.FAILURE, id="7", recipients=[ConnectionKey("José ☃", "0", "/中文")])],
    ),
    "a violation": (
        b"Failure\r\nid: 7\r\nmsg: A body may have 1048576 bytes.\r\n"
        b"code: 204 body_too_large\r\n\r\n",
        [
            Reply(
                Status.FAILURE,
                id="7",
                message="A body may have 1048576 bytes.",
                code=204,
                name="body_too_large",
            )
        ],
    ),
    "a violation without an id": (
        b"Failure\r\nmsg: Good-bye.\r\ncode: 402 shutting_down\r\n\r\n",
        [Reply(Status.FAILURE, message="Good-bye.", code=402, name="shutting_down")],
    ),
    "two replies": (
        b"Success\r\nid: 7\r\n\r\nSuccess\r\nid: 8\r\n\r\n",
        [SUCCESS, Reply(Status.SUCCESS, id="8")],
    ),
}

GARBAGE: dict[str, tuple[bytes, str]] = {
    "another protocol": (b"HTTP/1.1 400 Bad Request\r\n", "not with Success or Failure"),
    "an empty line": (b"\r\n", "not with Success or Failure"),
    "another case": (b"success\r\n", "not with Success or Failure"),
    "no colon": (b"Success\r\nid 7\r\n", "no 'name: value'"),
    "no space": (b"Success\r\nid:7\r\n", "no 'name: value'"),
    "two ids": (b"Success\r\nid: 7\r\nid: 7\r\n", "two ids"),
    "code without a number": (b"Failure\r\ncode: bad_key\r\n", "not begin with a number"),
    "code in other digits": ("Failure\r\ncode: \u0667\r\n".encode(), "not begin with a number"),
    "code of ten digits": (b"Failure\r\ncode: 1234567890 x\r\n", "not begin with a number"),
    "no key": (b"Failure\r\nrecipient: (a, b)\r\n", "no recipient"),
    "not UTF-8": (b"Failure\r\nmsg: \xff\r\n", "not UTF-8"),
    "a stray carriage return": (b"Failure\r\nmsg: a\rb\r\n", "stray carriage return"),
}


CODES = {
    "204 body_too_large": (204, "body_too_large"),
    "107": (107, None),
    "107 ": (107, None),
    "107 missing_length of old": (107, "missing_length"),
    "107: missing_length": (107, None),
    "499 brand_new": (499, "brand_new"),
}


def fed(*parts: bytes, limits: Limits | None = None) -> list[Reply]:
    decoder = ReplyDecoder(limits or Limits())
    return [reply for part in parts for reply in decoder.feed(part)]


@pytest.mark.parametrize("name", VECTORS)
def test_replies_are_read_whole(name: str) -> None:
    data, expected = VECTORS[name]
    assert fed(data) == expected


@pytest.mark.parametrize("name", VECTORS)
def test_replies_are_read_byte_by_byte(name: str) -> None:
    data, expected = VECTORS[name]
    assert fed(*(data[i : i + 1] for i in range(len(data)))) == expected


@pytest.mark.parametrize("name", VECTORS)
def test_replies_survive_every_split(name: str) -> None:
    data, expected = VECTORS[name]
    for cut in range(len(data) + 1):
        assert fed(data[:cut], data[cut:]) == expected


@pytest.mark.parametrize("name", VECTORS)
def test_a_reply_is_not_given_before_its_last_byte(name: str) -> None:
    data, expected = VECTORS[name]
    assert fed(data[:-1]) == expected[:-1]


@pytest.mark.parametrize("name", GARBAGE)
def test_garbage_is_refused_whole_and_byte_by_byte(name: str) -> None:
    data, reason = GARBAGE[name]
    with pytest.raises(ProtocolError, match=reason):
        fed(data)
    with pytest.raises(ProtocolError, match=reason):
        fed(*(data[i : i + 1] for i in range(len(data))))


@pytest.mark.parametrize("code", CODES)
def test_of_a_code_the_number_counts_and_the_name_may_be_missing(code: str) -> None:
    (reply,) = fed(f"Failure\r\nid: 7\r\ncode: {code}\r\n\r\n".encode())
    assert (reply.code, reply.name) == CODES[code]


def test_a_line_may_have_the_limit_and_its_parentheses_but_no_more() -> None:
    start, limits = b"Failure\r\nmsg: ", Limits(line=100)
    longest = start + b"a" * 97
    assert fed(longest + b"\r\n\r\n", limits=limits)[0].message == "a" * 97
    with pytest.raises(ProtocolError, match="longer than 100 bytes"):
        fed(longest + b"a\r\n", limits=limits)


def test_a_line_without_an_end_is_not_collected_for_ever() -> None:
    with pytest.raises(ProtocolError, match="longer than 100 bytes"):
        fed(*[b"a" * 10] * 11, limits=Limits(line=100))


def test_headers_and_recipients_are_counted_each_by_themselves() -> None:
    limits = Limits(headers=2, recipients=2)
    recipients = b"recipient: (a, 0, /x)\r\n" * 2
    fits = b"Failure\r\nid: 1\r\nmsg: m\r\n" + recipients
    assert len(fed(fits + b"\r\n", limits=limits)) == 1
    for one_more in (b"x: y\r\n", b"recipient: (b, 0, /x)\r\n"):
        with pytest.raises(ProtocolError, match="too many lines"):
            fed(fits + one_more, limits=limits)
