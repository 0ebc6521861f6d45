#!/usr/bin/env python3
"""Check pages, registry and vectors against each other; exit with 1 if anything disagrees."""

import json
import pathlib
import re
import sys
from collections.abc import Iterator
from typing import Any

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROTOCOL = ROOT / "protocol"
VECTORS = ROOT / "conformance" / "vectors"
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
NOT_DECODED = {
    113: "a decoder does not know the watches of its connection",
    206: "a decoder does not know the watches of its connection",
    **dict.fromkeys(range(301, 306), "the fate of a recipient is known later than its frame"),
    401: "vectors know no time",
    402: "a decoder does not know that its server shuts down",
    403: "a decoder knows its own connection alone",
    404: "a decoder sends no notices",
    501: "a decoder does not know the secret",
    502: "a decoder does not know the secret",
}
"""The codes that no vector for servers can show, and why; those for clients have them."""
TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "boolean": bool,
    "null": type(None),
}
KEYWORDS = {
    *("$defs", "$ref", "$schema", "additionalProperties", "description", "enum", "items", "maximum", "minItems"),
    *("minLength", "minProperties", "minimum", "oneOf", "pattern", "properties", "required", "title", "type"),
    "uniqueItems",
}

faults: list[str] = []


def fault(where: object, text: object) -> None:
    faults.append(f"{where}: {text}")


def load(path: pathlib.Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except ValueError as error:
        fault(path.relative_to(ROOT), error)
        return None


def mismatches(value: Any, schema: Any, root: Any, path: str = "$") -> Iterator[str]:
    """Yield a line for each way in which value breaks the schema, for the keywords that ours use."""
    for keyword in schema.keys() - KEYWORDS:
        yield f"{path}: check.py does not know the schema keyword {keyword}"
    if "$ref" in schema:
        yield from mismatches(value, root["$defs"][schema["$ref"].rsplit("/", 1)[1]], root, path)
    if "oneOf" in schema:
        found = [list(mismatches(value, option, root, path)) for option in schema["oneOf"]]
        if found.count([]) != 1:
            yield f"{path}: fits {found.count([])} of the alternatives"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{path}: {value!r} is not one of {schema['enum']}"
    if "type" in schema:
        names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        is_number = isinstance(value, int) and not isinstance(value, bool)
        if not any(is_number if name == "integer" else isinstance(value, TYPES[name]) for name in names):
            yield f"{path}: is not of type {' or '.join(names)}"
            return
    if isinstance(value, str):
        if "pattern" in schema and not re.search(schema["pattern"], value):
            yield f"{path}: {value!r} does not match {schema['pattern']}"
        if len(value) < schema.get("minLength", 0):
            yield f"{path}: is too short"
    elif isinstance(value, int) and not isinstance(value, bool):
        if not schema.get("minimum", value) <= value <= schema.get("maximum", value):
            yield f"{path}: {value} is out of range"
    elif isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            yield f"{path}: has too few items"
        if schema.get("uniqueItems") and any(item in value[:index] for index, item in enumerate(value)):
            yield f"{path}: has an item twice"
        for index, item in enumerate(value):
            yield from mismatches(item, schema.get("items", {}), root, f"{path}[{index}]")
    elif isinstance(value, dict):
        if len(value) < schema.get("minProperties", 0):
            yield f"{path}: has too few members"
        for name in schema.get("required", []):
            if name not in value:
                yield f"{path}: {name} is missing"
        for name, item in value.items():
            rule = schema.get("properties", {}).get(name, schema.get("additionalProperties", {}))
            if rule is False:
                yield f"{path}: {name} is not allowed"
            else:
                yield from mismatches(item, rule, root, f"{path}.{name}")


def unique(where: str, values: list[Any]) -> None:
    for value in sorted({value for value in values if values.count(value) > 1}, key=str):
        fault(where, f"{value} is there twice")


def read_pages() -> dict[str, str]:
    """Return the text of each requirement by its id."""
    requirements: dict[str, str] = {}
    mentions: list[tuple[str, str]] = []
    for page in sorted(PROTOCOL.rglob("*.md")):
        name = page.relative_to(PROTOCOL).as_posix()
        current = None
        for number, line in enumerate(page.read_text("utf-8").split("\n"), 1):
            where = f"protocol/{name}:{number}"
            if len(line) > 120:
                fault(where, "the line is longer than 120 columns")
            mentions += [(where, mention) for mention in re.findall(r"\[([A-Z]{3}-\d+)\]", line)]
            start = re.match(r"\s*- \[(([A-Z]{3})-\d+)\] ", line)
            if start:
                current = start[1]
                if current in requirements:
                    fault(where, f"{current} is defined twice")
                if PAGES.get(start[2]) != name:
                    fault(where, f"{current} does not belong in this page")
                requirements[current] = line
            elif current and line.startswith("  ") and not line.lstrip().startswith(("-", "*", "|")):
                requirements[current] += " " + line.strip()
            else:
                current = None
    for where, mention in mentions:
        if mention not in requirements:
            fault(where, f"{mention} is not defined")
    return requirements


def check_registry(registry: Any, requirements: dict[str, str]) -> None:
    where = "protocol/registry.json"
    schema = load(PROTOCOL / "registry.schema.json")
    broken = list(mismatches(registry, schema, schema))
    for line in broken:
        fault(where, line)
    if broken:
        return
    unique(where, [entry["code"] for entry in registry["codes"]])
    unique(where, [entry["code"] for entry in registry["closeCodes"]])
    for part in ("codes", "limits", "defaults", "transports", "closeCodes"):
        unique(where, [entry["name"] for entry in registry[part]])
    unique(where, [entry["setting"] for entry in registry["limits"] + registry["defaults"] if entry["setting"]])
    codes = {entry["code"] for entry in registry["codes"]}
    for entry in registry["codes"] + registry["limits"] + registry["defaults"]:
        if entry["clause"] not in requirements:
            fault(where, f"{entry['name']}: {entry['clause']} is not defined")
    for entry in registry["limits"]:
        if entry.get("code", min(codes)) not in codes:
            fault(where, f"{entry['name']}: the code {entry['code']} is not there")
    for entry in registry["codes"]:
        holders = [limit for limit in registry["limits"] if limit.get("code") == entry["code"]]
        if "{limit}" in entry["message"] and len(holders) != 1:
            fault(where, f"{entry['name']}: the message needs exactly one limit, and there are {len(holders)}")
        if ": " in entry["message"]:
            fault(where, f"{entry['name']}: the message holds a colon and a space")
        if entry["retry"] != (400 <= entry["code"] < 500):
            fault(where, f"{entry['name']}: retry disagrees with the range of the code")
    for entry in registry["closeCodes"]:
        if entry["reconnect"] == (4000 <= entry["code"] <= 4099):
            fault(where, f"{entry['name']}: reconnect disagrees with the range of the code")


def check_refusals(label: str, vector: Any, codes: dict[int, Any]) -> list[int]:
    """Return the codes that the server's decoder gives in a vector."""
    failures = [item["failure"]["code"] for item in vector["expect"] if "failure" in item]
    for code in failures:
        if code not in codes:
            fault(label, f"the code {code} is not in the registry")
    if vector["open"] and any(codes[code]["closes"] for code in failures if code in codes):
        fault(label, "a code closes the connection, but it is said to be open")
    return failures


def check_replies(label: str, vector: Any) -> list[int]:
    """Return the codes that the client reads in a vector."""
    if any("violation" in item for item in vector["expect"][:-1]):
        fault(label, "there is an outcome after a violation")
    failures = [item["failure"] for item in vector["expect"] if "failure" in item]
    unreached = [recipient["code"] for failure in failures for recipient in failure.get("unreached", [])]
    return unreached + [failure["code"] for failure in failures if "code" in failure]


def check_vectors(registry: Any, requirements: dict[str, str]) -> dict[str, int]:
    """Return how often each requirement is tested."""
    schema = load(VECTORS / "vectors.schema.json")
    codes = {entry["code"]: entry for entry in registry["codes"]}
    names = {entry["name"] for entry in registry["codes"]}
    limits = {entry["name"] for entry in registry["limits"]}
    transports = {entry["name"] for entry in registry["transports"]}
    ids: list[str] = []
    decoded: set[int] = set()
    replied: set[int] = set()
    tested: dict[str, int] = {}
    for path in sorted(VECTORS.glob("*/*.json")):
        kind, where = path.parent.name, path.relative_to(ROOT).as_posix()
        vectors = load(path)
        broken = list(mismatches(vectors, schema["$defs"][kind], schema))
        for line in broken:
            fault(where, line)
        for vector in [] if broken else vectors:
            label = f"{where}: {vector['id']}"
            ids.append(vector["id"])
            for requirement in vector["requirements"]:
                tested[requirement] = tested.get(requirement, 0) + 1
                if requirement not in requirements:
                    fault(label, f"{requirement} is not defined")
            if kind == "urls" and vector["expect"].get("transport", "sse") not in transports:
                fault(label, "the transport is not in the registry")
            if kind == "frames" and "error" in vector and vector["error"] not in names:
                fault(label, f"the error {vector['error']} is not in the registry")
            if kind in ("control", "control-1.1"):
                for name in vector.get("limits", {}).keys() - limits:
                    fault(label, f"the limit {name} is not in the registry")
                decoded.update(check_refusals(label, vector, codes))
            if kind in ("replies", "replies-1.1"):
                replied.update(check_replies(label, vector))
    unique("conformance/vectors", ids)
    for code in sorted(codes.keys() - decoded - NOT_DECODED.keys()):
        fault("conformance/vectors/control", f"no vector has the code {code}")
    for code in sorted(NOT_DECODED.keys() & decoded):
        fault("conformance/check.py", f"a vector for servers has the code {code}, and NOT_DECODED, too")
    for code in sorted(NOT_DECODED.keys() - codes.keys()):
        fault("conformance/check.py", f"the code {code} of NOT_DECODED is not in the registry")
    for code in sorted(NOT_DECODED.keys() & codes.keys() - replied):
        fault("conformance/vectors/replies", f"no vector has the code {code}")
    print(f"{len(ids)} vectors")
    return tested


def main() -> int:
    requirements = read_pages()
    registry = load(PROTOCOL / "registry.json")
    if registry is not None:
        check_registry(registry, requirements)
    tested = check_vectors(registry, requirements) if registry is not None and not faults else {}
    for prefix, page in PAGES.items():
        own = [requirement for requirement in requirements if requirement.startswith(prefix)]
        must = [requirement for requirement in own if re.search(r"\bMUST\b", requirements[requirement])]
        held = [requirement for requirement in own if requirement in tested]
        print(f"{prefix}: {len(own)} requirements, {len(must)} with MUST, {len(held)} with a vector ({page})")
    for line in faults:
        print(line, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
