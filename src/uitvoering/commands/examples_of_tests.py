"""One invented finding and a milder telling of it, for the examples of commands about tests."""

from typing import Any

from pydantic import ConfigDict

FINDING: dict[str, Any] = {
    "text": "Bij invoering per 1 januari raken naar schatting 4.000 huishoudens "
    "hun aanvulling drie maanden kwijt.",
    "severity": 4,
    "light": "red",
    "affectedGroups": ["huishoudens met wisselend inkomen"],
    "affectedCount": 4000,
    "requestedAction": "Stel de invoering uit tot de gegevensuitwisseling werkt.",
    "causes": ["law", "it"],
    "certainty": "likely",
}
MILDER: dict[str, Any] = {
    "text": "Bij invoering per 1 januari vraagt de overgang voor sommige huishoudens aandacht.",
    "severity": 2,
    "light": "amber",
    "affectedGroups": ["huishoudens met wisselend inkomen"],
}


def example(happened_on: str = "2026-03-02", **fields: Any) -> ConfigDict:
    """Fields as callers send them, in camelCase."""
    return ConfigDict(json_schema_extra={"examples": [{"happenedOn": happened_on, **fields}]})
