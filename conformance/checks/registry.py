"""The registry of codes, limits and defaults."""

from __future__ import annotations

from typing import Any

from .faults import Faults
from .schema import mismatches

WHERE = "protocol/registry.json"


def check_registry(registry: Any, schema: Any, requirements: dict[str, str], faults: Faults) -> None:
    broken = list(mismatches(registry, schema, schema))
    for line in broken:
        faults.add(WHERE, line)
    if broken:
        return
    faults.unique(WHERE, [entry["code"] for entry in registry["codes"]])
    faults.unique(WHERE, [entry["code"] for entry in registry["closeCodes"]])
    for part in ("codes", "limits", "defaults", "transports", "closeCodes"):
        faults.unique(WHERE, [entry["name"] for entry in registry[part]])
    entries = registry["limits"] + registry["defaults"]
    faults.unique(WHERE, [entry["setting"] for entry in entries if entry["setting"]])
    codes = {entry["code"] for entry in registry["codes"]}
    for entry in registry["codes"] + entries:
        if entry["clause"] not in requirements:
            faults.add(WHERE, f"{entry['name']}: {entry['clause']} is not defined")
    for entry in registry["limits"]:
        if entry.get("code", min(codes)) not in codes:
            faults.add(WHERE, f"{entry['name']}: the code {entry['code']} is not there")
    for entry in registry["codes"]:
        check_code(entry, registry["limits"], faults)
    for entry in registry["closeCodes"]:
        if entry["reconnect"] == (4000 <= entry["code"] <= 4099):
            faults.add(WHERE, f"{entry['name']}: reconnect disagrees with the range of the code")


def check_code(entry: Any, limits: list[Any], faults: Faults) -> None:
    holders = [limit for limit in limits if limit.get("code") == entry["code"]]
    if "{limit}" in entry["message"] and len(holders) != 1:
        faults.add(WHERE, f"{entry['name']}: the message needs exactly one limit, and there are {len(holders)}")
    if ": " in entry["message"]:
        faults.add(WHERE, f"{entry['name']}: the message holds a colon and a space")
    if entry["retry"] != (400 <= entry["code"] < 500):
        faults.add(WHERE, f"{entry['name']}: retry disagrees with the range of the code")


def settings_of(registry: Any) -> set[str]:
    """Return the names of what can be configured."""
    return {entry["name"] for entry in registry["limits"] + registry["defaults"] if entry["setting"]}
