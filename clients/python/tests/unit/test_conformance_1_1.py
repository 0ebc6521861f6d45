"""The machine of Orbit 1.1 reads and writes what the conformance suite has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pyorbited import ConnectionKey, InvalidRecipient, Pattern, ProtocolError
from pyorbited.answer import Answer, Failure, Success, read_answer
from pyorbited.frames import (
    MAX_LIST,
    Auth,
    Close,
    Event,
    Frame,
    List,
    Ping,
    Unwatch,
    Watch,
    encode_frame,
    watched,
)
from pyorbited.limits import DEFAULT_LIMITS
from pyorbited.message import MessageDecoder
from pyorbited.notices import Present, Signon
from pyorbited.pattern import AddressForm, address, addresses
from pyorbited.protocol import encode_event
from pyorbited.recipients import connection_keys
from tests.support.vectors import joined, vectors

REPLIES = vectors("replies-1.1")
FRAMES = vectors("frames")

NOT_SAYABLE = {
    **dict.fromkeys(
        [
            vector
            for vector in FRAMES
            if vector.startswith(("refused10-id", "frame10-event-id", "frame10-event-longest-id"))
        ],
        "the client of Orbit 1.0 numbers its events itself",
    ),
    "refused11-unwatch-nothing": "an Unwatch without a name is no Unwatch",
}


def test_there_are_vectors() -> None:
    assert len(REPLIES) > 100
    assert len(FRAMES) > 100


@pytest.mark.parametrize("size", [None, 1, 7, 4093])
@pytest.mark.parametrize("vector", REPLIES)
def test_replies_are_read(vector: str, size: int | None) -> None:
    data = joined(REPLIES[vector]["input"])
    step = size or max(len(data), 1)
    if size == 1 and len(data) > 100_000:
        step = 101
    found = list(everything([data[start : start + step] for start in range(0, len(data), step)]))
    expected = [*map(read_expected, REPLIES[vector]["expect"])]
    assert found == expected, REPLIES[vector]["requirements"]


def everything(parts: list[bytes]) -> Iterator[dict[str, Any]]:
    decoder = MessageDecoder()
    try:
        for part in parts:
            for message in decoder.feed(part):
                answer = read_answer(message)
                if answer is not None:
                    yield written(answer)
    except ProtocolError:
        yield {"violation": ...}


def read_expected(expected: dict[str, Any]) -> dict[str, Any]:
    if "violation" in expected:
        return {"violation": ...}
    if "body" in expected.get("success", {}):
        return {"success": {**expected["success"], "body": joined([expected["success"]["body"]])}}
    return expected


def written(answer: Answer) -> dict[str, Any]:
    """Write an answer as the vectors do."""
    values = {name: value for name, value in vars(answer).items() if value is not None}
    if "key" in values:
        values["key"] = str(values["key"])
    if isinstance(answer, Failure):
        unreached = [{**vars(item), "key": str(item.key)} for item in answer.unreached]
        lists = {"recipients": [*map(str, answer.recipients)], "unreached": unreached}
        values = {
            "id": answer.id,
            "message": answer.message,
            **{name: values[name] for name in ("code", "reached") if name in values},
            **{name: items for name, items in lists.items() if items},
        }
    kinds = {Success: "success", Failure: "failure", Present: "present", Signon: "signon"}
    return {kinds.get(type(answer), "signoff"): values}


@pytest.mark.parametrize("vector", [name for name in FRAMES if name not in NOT_SAYABLE])
def test_frames_are_written_or_refused(vector: str) -> None:
    entry = FRAMES[vector]
    call = entry["call"]
    if "bytes" in entry:
        assert frame_bytes(call) == joined(entry["bytes"]), entry["requirements"]
        return
    errors = {"bad_key": InvalidRecipient}
    with pytest.raises(errors.get(entry["error"], ValueError)):
        frame_bytes(call)


def frame_bytes(call: dict[str, Any]) -> bytes:
    if call["version"] == "1.0":
        keys = [key for item in call["recipients"] for key in connection_keys([form_10(item)])]
        return encode_event(int(call["id"]), keys, joined([call["body"]]))
    return encode_frame(call["id"], frame(call), DEFAULT_LIMITS)


def form(recipient: str | dict[str, str]) -> AddressForm:
    if isinstance(recipient, str):
        return recipient
    return recipient["user"], recipient["session"], recipient["location"]


def form_10(recipient: str | dict[str, str]) -> str | tuple[str, str, str]:
    parts = form(recipient)
    assert not isinstance(parts, (ConnectionKey, Pattern))
    return parts


def frame(call: dict[str, Any]) -> Frame:
    action = call["action"]
    # Not addresses(): it leaves out what was named before, which the vectors do not.
    recipients = [address(form(item)) for item in call.get("recipients", [])]
    if action == "Event":
        return Event(recipients, joined([call["body"]]), call.get("ack"), call.get("ttl"))
    if action == "Auth":
        return Auth(joined([call["secret"]]))
    if action == "Watch":
        resume = call.get("epoch"), call.get("sequence")
        return Watch(watched(recipients), call.get("state", False), *resume)
    if action == "Unwatch":
        return Unwatch(call["watch"])
    if action == "List":
        return List(recipients, call.get("limit"))
    if action == "Close":
        return Close(recipients, call.get("reason"))
    assert action == "Ping"
    return Ping()


def test_what_is_not_sayable_is_in_the_suite() -> None:
    assert set(NOT_SAYABLE) <= set(FRAMES)
    assert len(NOT_SAYABLE) < 20


def test_a_list_may_have_as_many_keys_as_the_limit_says() -> None:
    assert List(addresses([]), MAX_LIST).limit == 100_000
