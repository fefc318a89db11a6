"""By which schema can a stored event be read without this product? Catalogues that never change.

Each catalogue is one JSON Schema (2020-12) over all topics of its day; the proof of an event names
the catalogue by its SHA-256. What later versions add stands in a next one.
"""

import hashlib
from functools import cache
from importlib.resources import files

import orjson
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from uitvoering.domain.events.topics import FACTS
from uitvoering.persistence.topics import recorded_type

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_FOLDER = files("uitvoering.persistence") / "data" / "event_schemas"
_CANONICAL = orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE


@cache
def catalogues() -> dict[str, bytes]:
    """Every catalogue there ever was, by its SHA-256 in hex, oldest first."""
    found = sorted(_FOLDER.iterdir(), key=lambda file: int(file.name.removesuffix(".json")))
    shipped = [file.read_bytes() for file in found]
    return {hashlib.sha256(catalogue).hexdigest(): catalogue for catalogue in shipped}


@cache
def newest() -> str:
    """The SHA-256 of the catalogue that describes what this version writes."""
    return [*catalogues()][-1]


def of_this_version() -> bytes:
    """The catalogue as the present classes make it; the newest shipped one says the same."""
    kinds: dict[str, tuple[type[BaseModel], JsonSchemaMode]] = {
        topic: (recorded_type(kind), "validation") for topic, kind in FACTS.items()
    }
    places, shared = models_json_schema(
        [*kinds.values()], by_alias=False, ref_template="#/$defs/{model}"
    )
    return orjson.dumps(
        {
            "$schema": DIALECT,
            "$defs": shared["$defs"],
            "topics": {topic: places[kind] for topic, kind in kinds.items()},
        },
        option=_CANONICAL,
    )
