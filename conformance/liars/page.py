"""The table of lies and cases as a page."""

from __future__ import annotations

from html import escape
from typing import Any

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #8884; }
code { font-size: .9em; }
.bad { color: #b3261e; }
:root { color-scheme: light dark; }
"""


def row(trial: dict[str, Any]) -> str:
    """A row of the table."""
    mark = "caught" if trial["right"] else "<b class=bad>not caught</b>"
    if trial["honest"]:
        mark = "passes" if trial["right"] else "<b class=bad>fails</b>"
    claimed = set(trial["claimed"])
    cases = [f"<code>{escape(case)}</code>" for case in sorted(trial["failed"], key=lambda case: case not in claimed)]
    more = f" and {len(cases) - 8} more" if len(cases) > 8 else ""
    told = escape(trial["fault"]) or ", ".join(cases[:8]) + more
    return (
        f"<tr><td><code>{escape(trial['name'])}</code><td>{escape(trial['what'])}<td>{mark}<td>{told}"
        f"<td>{trial['seconds']} s"
    )


def page(trials: list[dict[str, Any]], unmoved: list[str]) -> str:
    """A whole page of HTML."""
    parts = ["<!doctype html><html lang=en><meta charset=utf-8><title>Lies and the cases that catch them</title>"]
    parts.append(f"<style>{STYLE}</style><h1>Lies and the cases that catch them</h1>")
    lies = [trial for trial in trials if not trial["honest"]]
    parts.append(f"<p>{sum(trial['right'] for trial in lies)} of {len(lies)} lies are caught.")
    for kind in dict.fromkeys(trial["kind"] for trial in trials):
        parts.append(f"<h2>{escape(kind)}</h2><table><tr><th>lie<th>what is wrong<th><th>cases that fail<th>")
        parts += [row(trial) for trial in trials if trial["kind"] == kind]
        parts.append("</table>")
    if unmoved:
        items = "".join(f"<li><code>{escape(case)}</code>" for case in unmoved)
        parts.append(f"<h2>Cases that no lie makes fail</h2><ul>{items}</ul>")
    return "\n".join(parts) + "\n"
