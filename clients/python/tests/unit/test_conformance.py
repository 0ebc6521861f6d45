"""The decoder reads every reply of the conformance suite, and the defaults are the registry's."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from pyorbited import Client, Limits, RefusedError
from pyorbited.reply import Reply, ReplyDecoder, Status
from tests.support.server import REPOSITORY

REGISTRY: dict[str, list[dict[str, Any]]] = json.loads(
    (REPOSITORY / "protocol" / "registry.json").read_text(encoding="utf-8")
)
VECTORS: dict[str, dict[str, Any]] = {
    vector["id"]: vector
    for path in sorted((REPOSITORY / "conformance" / "vectors" / "replies").glob("*.json"))
    for vector in json.loads(path.read_text(encoding="utf-8"))
}


def test_there_are_vectors() -> None:
    assert VECTORS


@pytest.mark.parametrize("size", [None, 1, 7])
@pytest.mark.parametrize("vector", VECTORS)
def test_replies_are_read_as_the_conformance_suite_has_them(vector: str, size: int | None) -> None:
    data = b"".join(map(piece, VECTORS[vector]["input"]))
    step = size or max(len(data), 1)
    decoder = ReplyDecoder()
    replies = [
        reply
        for start in range(0, len(data), step)
        for reply in decoder.feed(data[start : start + step])
    ]
    assert [*map(written, replies)] == VECTORS[vector]["expect"], VECTORS[vector]["requirements"]


def piece(piece: dict[str, Any]) -> bytes:
    if "base64" in piece:
        return base64.b64decode(piece["base64"], validate=True)
    repeat = piece.get("repeat", {"text": piece.get("text"), "count": 1})
    text: str = repeat["text"]
    return text.encode() * int(repeat["count"])


def written(reply: Reply) -> dict[str, Any]:
    """Write a reply as the vectors do."""
    if reply.status is Status.SUCCESS:
        return {"success": {"id": reply.id}}
    code = {} if reply.code is None else {"code": reply.code}
    recipients = [str(key) for key in reply.recipients]
    return {"failure": {"id": reply.id, "message": reply.message, **code, "recipients": recipients}}


def registered(table: str, name: str) -> object:
    (value,) = (entry["value"] for entry in REGISTRY[table] if entry["name"] == name)
    return value


def test_the_limits_are_those_of_the_registry() -> None:
    for name, value in vars(Limits()).items():
        assert value == registered("limits", f"control.{name}"), name


def test_the_port_is_that_of_the_registry() -> None:
    assert Client().port == registered("defaults", "op.port")


@pytest.mark.parametrize("entry", REGISTRY["codes"], ids=lambda entry: str(entry["code"]))
def test_a_retry_helps_after_the_codes_of_which_the_registry_says_so(
    entry: dict[str, Any],
) -> None:
    assert RefusedError("m", code=entry["code"]).retriable is entry["retry"]
