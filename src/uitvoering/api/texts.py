"""What does the description say of each operation, parameter and field? All from the labels."""

from typing import Any

from fastapi.routing import APIRoute

from uitvoering.labels.table import Labels


def described_as(route: APIRoute, labels: Labels) -> tuple[str, str]:
    """Summary and description, by what the endpoint is about."""
    endpoint: Any = route.endpoint
    if command := getattr(endpoint, "command", None):
        fact = labels.term("fact", endpoint.topic)
        roles = ", ".join(sorted(labels.value(role) for role in command.ROLES))
        key = "act" if command.PATH else "creation"
        return (
            labels.text(f"api.{key}.summary", fact=fact),
            labels.text(f"api.{key}.description", fact=fact, roles=roles),
        )
    if topic := getattr(endpoint, "topic", None):
        fact = labels.term("fact", topic)
        return labels.text("api.facts.summary", fact=fact), labels.text("api.facts.description")
    if read := getattr(endpoint, "read", None):
        label = labels.label("read_model", read)
        return label.term, label.question or label.meaning or label.term
    kind = route.path.split("/")[1]
    if about := getattr(endpoint, "about", None):
        noun = labels.term("path", kind)
        return (
            labels.text(f"api.{about}.summary", noun=noun),
            labels.text(f"api.{about}.description", noun=noun),
        )
    return (
        labels.text(f"api.operation.{route.name}.summary"),
        labels.text(f"api.operation.{route.name}.description"),
    )


def parameter_text(name: str, labels: Labels) -> str:
    """A parameter of HTTP has its own text; a selection means what the field of that name means."""
    key = f"api.parameter.{name}"
    if labels.has("text", key):
        return labels.text(key)
    label = labels.label("field", name)
    return label.meaning or label.term


def described_fields(schema: dict[str, Any], labels: Labels) -> None:
    schema.pop("description", None)
    for name, field in schema.get("properties", {}).items():
        field.pop("title", None)
        label = labels.label("field", name)
        field["description"] = label.meaning or label.term
