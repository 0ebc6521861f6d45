"""What an event carries."""

from __future__ import annotations

import json

from .exceptions import InvalidBody


def json_body(value: object) -> bytes:
    """Write a value as JSON: compact, in UTF-8, with every character as itself.

    Raises:
        InvalidBody: JSON has no form for it (``NaN``, a set, a lone surrogate …).
    """
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidBody(f"the body can't be written as JSON: {error}") from error
    return _utf8(text)


def raw_body(value: object) -> bytes:
    """Take bytes as they are, and text as UTF-8.

    Raises:
        InvalidBody: It is neither text nor bytes, or holds a lone surrogate.
    """
    if isinstance(value, str):
        return _utf8(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    kind = type(value).__name__
    raise InvalidBody(f"with json=False the body must be str or bytes, not {kind}")


def _utf8(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        reason = f"a lone surrogate at character {error.start}, which UTF-8 can't express"
        raise InvalidBody(f"the body holds {reason}") from error
