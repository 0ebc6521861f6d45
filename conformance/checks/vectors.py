"""The vectors."""

from __future__ import annotations

from typing import Any

from .faults import Faults
from .schema import mismatches

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


def check_vectors(
    files: dict[str, Any], schema: Any, registry: Any, requirements: dict[str, str], features: set[str], faults: Faults
) -> dict[str, int]:
    """Check the files, by their paths `KIND/NAME.json`; return how often each requirement is tested."""
    codes = {entry["code"]: entry for entry in registry["codes"]}
    names = {entry["name"] for entry in registry["codes"]}
    limits = {entry["name"] for entry in registry["limits"]}
    transports = {entry["name"] for entry in registry["transports"]}
    ids: list[str] = []
    decoded: set[int] = set()
    replied: set[int] = set()
    tested: dict[str, int] = {}
    for path, vectors in files.items():
        kind, where = path.split("/")[0], f"conformance/vectors/{path}"
        broken = list(mismatches(vectors, schema["$defs"][kind], schema))
        for line in broken:
            faults.add(where, line)
        for vector in [] if broken else vectors:
            label = f"{where}: {vector['id']}"
            ids.append(vector["id"])
            for requirement in vector["requirements"]:
                tested[requirement] = tested.get(requirement, 0) + 1
                if requirement not in requirements:
                    faults.add(label, f"{requirement} is not defined")
            for name in sorted(set(vector.get("features", [])) - features):
                faults.add(label, f"the feature {name} is not in features.json")
            if kind == "urls" and vector["expect"].get("transport", "sse") not in transports:
                faults.add(label, "the transport is not in the registry")
            if kind == "frames" and "error" in vector and vector["error"] not in names:
                faults.add(label, f"the error {vector['error']} is not in the registry")
            if kind in ("control", "control-1.1"):
                for name in vector.get("limits", {}).keys() - limits:
                    faults.add(label, f"the limit {name} is not in the registry")
                decoded.update(check_refusals(label, vector, codes, faults))
            if kind in ("replies", "replies-1.1"):
                replied.update(check_replies(label, vector, faults))
    faults.unique("conformance/vectors", ids)
    check_codes(codes.keys(), decoded, replied, faults)
    return tested


def check_refusals(label: str, vector: Any, codes: dict[int, Any], faults: Faults) -> list[int]:
    """Return the codes that the server's decoder gives in a vector."""
    failures = [item["failure"]["code"] for item in vector["expect"] if "failure" in item]
    for code in failures:
        if code not in codes:
            faults.add(label, f"the code {code} is not in the registry")
    if vector["open"] and any(codes[code]["closes"] for code in failures if code in codes):
        faults.add(label, "a code closes the connection, but it is said to be open")
    return failures


def check_replies(label: str, vector: Any, faults: Faults) -> list[int]:
    """Return the codes that the client reads in a vector."""
    if any("violation" in item for item in vector["expect"][:-1]):
        faults.add(label, "there is an outcome after a violation")
    failures = [item["failure"] for item in vector["expect"] if "failure" in item]
    unreached = [recipient["code"] for failure in failures for recipient in failure.get("unreached", [])]
    return unreached + [failure["code"] for failure in failures if "code" in failure]


def check_codes(codes: Any, decoded: set[int], replied: set[int], faults: Faults) -> None:
    for code in sorted(codes - decoded - NOT_DECODED.keys()):
        faults.add("conformance/vectors/control", f"no vector has the code {code}")
    for code in sorted(NOT_DECODED.keys() & decoded):
        faults.add("conformance/checks/vectors.py", f"a vector has the code {code}, and NOT_DECODED, too")
    for code in sorted(NOT_DECODED.keys() - codes):
        faults.add("conformance/checks/vectors.py", f"the code {code} of NOT_DECODED is not in the registry")
    for code in sorted(NOT_DECODED.keys() & codes - replied):
        faults.add("conformance/vectors/replies", f"no vector has the code {code}")
