"""A validator for the keywords of JSON Schema 2020-12 that our schemas use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}
KEYWORDS = {
    *("$defs", "$ref", "$schema", "additionalProperties", "description", "enum", "items", "maximum", "maxItems"),
    *("minItems", "minLength", "minProperties", "minimum", "oneOf", "pattern", "properties", "required", "title"),
    *("type", "uniqueItems"),
}


def is_of(value: Any, kind: str) -> bool:
    """Tell whether a value is of a type; true and false are no numbers, though Python says so."""
    if isinstance(value, bool) and kind in ("integer", "number"):
        return False
    return isinstance(value, TYPES[kind])


def mismatches(value: Any, schema: Any, root: Any, path: str = "$") -> Iterator[str]:
    """Yield a line for each way in which value breaks the schema."""
    for keyword in schema.keys() - KEYWORDS:
        yield f"{path}: check.py does not know the schema keyword {keyword}"
    if "$ref" in schema:
        yield from mismatches(value, root["$defs"][schema["$ref"].rsplit("/", 1)[1]], root, path)
    if "oneOf" in schema:
        yield from mismatches_of_alternatives(value, schema["oneOf"], root, path)
    # 1 and true are the same to Python.
    if "enum" in schema and not any(value == one and type(value) is type(one) for one in schema["enum"]):
        yield f"{path}: {value!r} is not one of {schema['enum']}"
    if "type" in schema:
        names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        if not any(is_of(value, kind) for kind in names):
            yield f"{path}: is not of type {' or '.join(names)}"
            return
    if isinstance(value, str):
        if "pattern" in schema and not re.search(schema["pattern"], value):
            yield f"{path}: {value!r} does not match {schema['pattern']}"
        if len(value) < schema.get("minLength", 0):
            yield f"{path}: is too short"
    elif is_of(value, "number"):
        if not schema.get("minimum", value) <= value <= schema.get("maximum", value):
            yield f"{path}: {value} is out of range"
    elif isinstance(value, list):
        yield from mismatches_of_array(value, schema, root, path)
    elif isinstance(value, dict):
        yield from mismatches_of_object(value, schema, root, path)


def mismatches_of_alternatives(value: Any, options: list[Any], root: Any, path: str) -> Iterator[str]:
    found = [list(mismatches(value, option, root, path)) for option in options]
    if found.count([]) == 1:
        return
    yield f"{path}: fits {found.count([])} of the alternatives"
    if [] not in found:
        # What was meant is most likely what has the right members.
        yield from min(found, key=lambda lines: (sum(line.startswith(f"{path}: ") for line in lines), len(lines)))


def mismatches_of_array(value: list[Any], schema: Any, root: Any, path: str) -> Iterator[str]:
    if len(value) < schema.get("minItems", 0):
        yield f"{path}: has too few items"
    if len(value) > schema.get("maxItems", len(value)):
        yield f"{path}: has too many items"
    if schema.get("uniqueItems") and any(item in value[:index] for index, item in enumerate(value)):
        yield f"{path}: has an item twice"
    for index, item in enumerate(value):
        yield from mismatches(item, schema.get("items", {}), root, f"{path}[{index}]")


def mismatches_of_object(value: dict[str, Any], schema: Any, root: Any, path: str) -> Iterator[str]:
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
