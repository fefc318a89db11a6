"""Which types have the same bytes for ever, and how is a stored state held to them when read?"""

from collections.abc import Mapping
from functools import cache, cached_property
from typing import Any

from pydantic import BaseModel
from pydantic_core import SchemaValidator

_EXACT = 2**53 - 1
"""Above it a second implementation may read another number (RFC 8259, section 6)."""
Schema = Mapping[str, Any]


@cache
def shape_of(model: type[BaseModel]) -> SchemaValidator:
    """Reads stored bytes as a model: its names, its types and its closed lists, nothing else.

    What may be said (lengths, patterns, ranges, one field against another) was judged when the
    fact was recorded. Judging it again on every read would cost more than all the rest, and a
    rule made stricter later would make history unreadable. Refuses, once per class, what has no
    canonical bytes.
    """
    # Without `_use_prebuilt=False` every nested model would be read by its own validator, with
    # all its rules. The parameter is pydantic's own for rebuilt models, and there since 2.13.
    shape: Any = _shape(model.__pydantic_core_schema__, ())
    return SchemaValidator(shape, _use_prebuilt=False)


def _shape(schema: Schema, at: tuple[str, ...]) -> Schema:
    kind = schema["type"]
    if "serialization" in schema:
        raise TypeError(f"{_dotted(at)}: a serializer of its own may give other bytes later")
    match kind:
        case "str":
            return {"type": "str"}
        case "int":
            return {"type": "int", "ge": -_EXACT, "le": _EXACT}
        case "datetime" if at == ("timestamp",):  # the only one that is brought to UTC on writing
            return {"type": "datetime", "tz_constraint": "aware"}
        case "bool" | "date" | "literal" | "definition-ref":
            return schema
        case "enum" if schema.get("sub_type") == "str":
            return schema
        case "nullable" | "default":
            return {**schema, "schema": _shape(schema["schema"], at)}
        case "tuple":
            return {
                **schema,
                "items_schema": [_shape(s, (*at, "*")) for s in schema["items_schema"]],
            }
        case "union":
            return {**schema, "choices": [_shape(choice, at) for choice in schema["choices"]]}
        case "function-before" | "function-after":
            named = {"ref": schema["ref"]} if "ref" in schema else {}
            return {**_shape(schema["schema"], at), **named}
        case "definitions":
            definitions = [_shape(definition, at) for definition in schema["definitions"]]
            return {**schema, "schema": _shape(schema["schema"], at), "definitions": definitions}
        case "model":
            _refuse_other_attributes(schema, at)
            return {**schema, "schema": _shape(schema["schema"], at)}
        case "model-fields":
            fields = {name: _field(f, (*at, name)) for name, f in schema["fields"].items()}
            return {**schema, "fields": fields}
        case _:
            raise TypeError(f"{_dotted(at)}: {kind} has no canonical bytes")


def _field(schema: Schema, at: tuple[str, ...]) -> Schema:
    # What proves an event is stored like all the rest, and never answered.
    if schema.get("serialization_exclude") and at != ("proof",):
        raise TypeError(f"{_dotted(at)}: a fact is stored whole, so no field can be left out")
    # Without its alias: in a stored state a field has one name.
    return {"type": "model-field", "schema": _shape(schema["schema"], at)}


def _refuse_other_attributes(schema: Schema, at: tuple[str, ...]) -> None:
    """What a model holds are its fields, all of them and no more: they are what is written."""
    model: type[BaseModel] = schema["cls"]
    cached = any(isinstance(v, cached_property) for c in model.__mro__ for v in vars(c).values())
    if cached or model.model_computed_fields or model.model_config.get("extra") != "forbid":
        raise TypeError(f"{_dotted(at)}: {model.__name__} may hold more than its fields")


def _dotted(at: tuple[str, ...]) -> str:
    return ".".join(at) or "state"
