"""Makes pages of the examples in the documentation, so that they are tested as they are printed."""

from __future__ import annotations

import re
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Snippet:
    """An example that listens.

    Attributes:
        name: Its file and its transport, with ``?`` if the URL has the query form.
        transport: The transport.
        code: The example as HTML, as printed.
    """

    name: str
    transport: str
    code: str

    @property
    def is_foreign(self) -> bool:
        """Whether its page and its events are of two origins."""
        return "https://events.example" in self.code

    def page(self, host: str, user: str, session: str) -> str:
        """Make a page that is loaded from a host and gets a user's events."""
        key = f"{quote(user, safe='')},{quote(session, safe='')}"
        fields = f"user={quote(user, safe='')}&session={quote(session, safe='')}"
        server = "http://127.0.0.1:" + host.partition(":")[2]
        code = re.sub(r"/(example|chat)%7C(username|michael),0,", f"/events%7C{key},", self.code)
        code = re.sub(r"/(example|chat)\?user=(username|michael)(&(amp;)?session=0)?", f"/events?{fields}", code)
        code = code.replace("https://events.example", server).replace(
            quote("https://page.example", safe=""), quote(f"http://{host}", safe="")
        )
        # The page has its own `event` already, which records.
        code = code.replace("function event(data) { show(data); }", "")
        code = code.replace("function event(data) { console.log(data); }", "")
        code = re.sub(r"console\.log\((data|message\.data\.orbited)\)", r"event(\1)", code)
        if self.transport == "iframe_alert":
            code += "<script>catch_alerts(frame)</script>"
        return _PAGE.replace("BODY", code)


def snippets() -> list[Snippet]:
    """Give all examples that listen; where a page has HTML and a script for one transport, the script."""
    found: dict[str, Snippet] = {}
    for path in [REPOSITORY / "README.md", *sorted((REPOSITORY / "protocol" / "transports").glob("[a-z]*.md"))]:
        blocks = _BLOCK.findall(path.read_text(encoding="utf-8"))
        for language, code in sorted(blocks, key=lambda block: block[0] == "html"):
            if (transport := _LISTENS.search(code)) and not code.startswith("import "):
                name = f"{path.name}:{transport[1]}{'' if '%7C' in code else '?'}"
                text = f"<script>\n{code}</script>" if language == "javascript" else code
                found.setdefault(name, Snippet(name, transport[1], text))
    return list(found.values())
