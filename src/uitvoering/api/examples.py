"""An example for every parameter of the API, valid and about nobody."""

from typing import Any

_ID = "0190a2b4-3c5d-7e6f-8a9b-0c1d2e3f4a5b"
EXAMPLES: dict[str, Any] = {
    "id": _ID,
    "event": "0190a2b4-3c5d-7e6f-8a9b-0c1d2e3f4a5c",
    "happenedAsOf": "2025-12-31",
    "recordedAsOf": "2025-12-31T22:59:59Z",
    "pageSize": 50,
    "organisation": "uwv",
    "level": "team-lead",
    "theme": "terugvordering",
    "signal": _ID,
    "proposal": _ID,
    "journey": _ID,
    "test": _ID,
    "If-Match": '"7"',
    "If-None-Match": '"7"',
    "Idempotency-Key": "2026-01-05-melding-1",
    "identifier": "happenedOn",
    "area": "Rotterdam",
    "tester": "uwv",
    "requester": "szw",
    "dateFrom": "2025-01-01",
    "weeks": 8,
    "atLeastDays": 1,
}


def example_of(name: str, schema: dict[str, Any]) -> Any:
    """The one in the table, where the schema allows it; else the first the schema names."""
    for choice in (schema, *schema.get("anyOf", ())):
        if "enum" in choice:
            return EXAMPLES[name] if EXAMPLES.get(name) in choice["enum"] else choice["enum"][0]
        if "const" in choice:
            return choice["const"]
    if name in EXAMPLES:
        return EXAMPLES[name]
    kinds = {choice.get("type") for choice in (schema, *schema.get("anyOf", ()))}
    dated = {choice.get("format") for choice in (schema, *schema.get("anyOf", ()))}
    if "date" in dated:
        return "2025-01-01"
    if "integer" in kinds:
        return schema.get("default", 1)
    return True if "boolean" in kinds else "voorbeeld"
