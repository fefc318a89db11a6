"""Who holds stored bytes can read them by a schema of their own day."""

import hashlib
from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator

from tests.persistence.make_golden import GOLDEN
from uitvoering.domain.events.topics import FACTS
from uitvoering.persistence.event_schemas import catalogues, newest, of_this_version


def test_the_newest_catalogue_is_what_this_version_writes() -> None:
    shipped = orjson.loads(catalogues()[newest()])
    assert shipped == orjson.loads(of_this_version()), (
        "run `python -m tests.persistence.make_event_schemas`"
    )
    assert set(shipped["topics"]) == set(FACTS)


def test_a_catalogue_is_known_by_the_digest_of_its_bytes() -> None:
    assert all(hashlib.sha256(whole).hexdigest() == name for name, whole in catalogues().items())


@pytest.fixture(scope="module")
def validators() -> dict[str, Any]:
    whole = orjson.loads(catalogues()[newest()])
    return {
        topic: Draft202012Validator({"$defs": whole["$defs"], **place})
        for topic, place in whole["topics"].items()
    }


def test_every_golden_event_of_today_is_read_by_the_schema(validators: dict[str, Any]) -> None:
    for line in GOLDEN.read_bytes().splitlines():
        row = orjson.loads(line)
        state = orjson.loads(row["state"])
        state.pop("class_version", None)
        validators[row["topic"]].validate(state)
        with pytest.raises(Exception, match=r"."):
            validators[row["topic"]].validate(state | {"level": "nobody"})
