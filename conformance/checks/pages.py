"""The pages of the specification, and the requirements in them."""

from __future__ import annotations

import pathlib
import re

from .faults import Faults

PAGES = {
    "CTL": "control.md",
    "HTC": "control-http.md",
    "CBK": "callbacks.md",
    "BRW": "browser.md",
    "IFR": "transports/iframe.md",
    "XHR": "transports/xhr.md",
    "SSE": "transports/sse.md",
    "WSK": "transports/ws.md",
    "NDJ": "transports/ndjson.md",
    "POL": "transports/poll.md",
    "JSP": "transports/jsonp.md",
    "IFD": "transports/iframe_domain.md",
    "IFW": "transports/iframe_raw.md",
    "IFA": "transports/iframe_alert.md",
    "RAW": "transports/raw.md",
    "STM": "transports/stream.md",
    "BAS": "transports/basic.md",
    "XST": "transports/xhr_stream.md",
    "XMP": "transports/xhr_multipart.md",
    "SEV": "transports/server_sent_events.md",
}
LEVELS = ("MAY", "SHOULD", "MUST")
"""The key words, from the weakest to the strongest; with NOT they are as strong."""


def level_of(texts: list[str]) -> str:
    """Return the strongest key word of some requirements; if there is none, they say how things are: a MUST."""
    found = [word for word in LEVELS if any(re.search(rf"\b{word}\b", text) for text in texts)]
    return found[-1] if found else "MUST"


def has_must(text: str) -> bool:
    return re.search(r"\bMUST\b", text) is not None


def read_pages(folder: pathlib.Path, faults: Faults) -> dict[str, str]:
    """Return the text of each requirement by its id."""
    requirements: dict[str, str] = {}
    mentions: list[tuple[str, str]] = []
    for page in sorted(folder.rglob("*.md")):
        name = page.relative_to(folder).as_posix()
        current = None
        for number, line in enumerate(page.read_text("utf-8").split("\n"), 1):
            where = f"protocol/{name}:{number}"
            if len(line) > 120:
                faults.add(where, "the line is longer than 120 columns")
            mentions += [(where, mention) for mention in re.findall(r"\[([A-Z]{3}-\d+)\]", line)]
            start = re.match(r"\s*- \[(([A-Z]{3})-\d+)\] ", line)
            if start:
                current = start[1]
                if current in requirements:
                    faults.add(where, f"{current} is defined twice")
                if PAGES.get(start[2]) != name:
                    faults.add(where, f"{current} does not belong in this page")
                requirements[current] = line
            elif current and line.startswith("  ") and not line.lstrip().startswith(("- ", "* ", "|")):
                requirements[current] += " " + line.strip()
            else:
                current = None
    for where, mention in mentions:
        if mention not in requirements:
            faults.add(where, f"{mention} is not defined")
    return requirements
