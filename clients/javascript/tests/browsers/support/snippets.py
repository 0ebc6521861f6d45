"""Makes pages of the examples in the documentation, so that they are tested as they are printed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from .orbited import REPOSITORY

_BLOCK = re.compile(r"^```(html|javascript)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_LISTENS = re.compile(r"(?:%7C(?:username|michael),0,|transport=)(\w+)")
_PAGE = """<!DOCTYPE html>
<meta charset="utf-8">
<title>An example of the documentation</title>
<script src="/pages/record.js"></script>
<body>
<script>function show(data) { event(data); }</script>
BODY
"""


def snippet_names() -> list[str]:
    """Name all examples that listen, each by its file and its transport."""
    return [name for path in _documents() for name in _snippets(path)]


def snippet_page(name: str, fields: Mapping[str, str]) -> str | None:
    """Make a page of an example, for a user of the test; None if there is no such example."""
    for path in _documents():
        if code := _snippets(path).get(name):
            return _PAGE.replace("BODY", _addressed(code, fields))
    return None


def _documents() -> list[Path]:
    return [REPOSITORY / "README.md", *sorted((REPOSITORY / "protocol" / "transports").glob("[a-z]*.md"))]


def _snippets(path: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for language, code in _BLOCK.findall(path.read_text(encoding="utf-8")):
        transport = _LISTENS.search(code)
        if transport is None:
            continue
        form = "" if "%7C" in code else "?"
        name = f"{path.name}:{transport[1]}{form}"
        if name not in found:
            found[name] = f"<script>\n{code}</script>" if language == "javascript" else code
    return found


def _addressed(code: str, fields: Mapping[str, str]) -> str:
    # What differs between example and test: whose events, and what is done with them.
    user, session = (quote(fields.get(field, "0"), safe="") for field in ("user", "session"))
    code = re.sub(r"/(example|chat)%7C(username|michael),0,", f"/events%7C{user},{session},", code)
    code = re.sub(
        r"/(example|chat)\?user=(username|michael)&(amp;)?session=0", rf"/events?user={user}&\3session={session}", code
    )
    return (
        code.replace("console.log(data)", "window.event(data)")
        .replace("function event(data) { show(data); }", "")
        .replace("function event(data) { window.event(data); }", "")
    )
