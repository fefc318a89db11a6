"""Every expectation in the shipped case files holds, judged on the product's own observations."""

import json
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from tests.cases.checker import holds
from tests.cases.stores import seen
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.cases.case import read_case, shipped
from uitvoering.cases.loading import Loading
from uitvoering.projections.signal_trail import signal_trail
from uitvoering.settings import Settings
from uitvoering.wiring import migrate, running


def case_file(name: str) -> dict[str, Any]:
    data = resources.files("uitvoering.cases") / "data" / f"{name}.json"
    found: dict[str, Any] = json.loads(data.read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Loading]]:
    """Each shipped case in a store of its own."""
    found: dict[str, Loading] = {}
    apps: list[Any] = []
    for name in shipped():
        file: Path = tmp_path_factory.mktemp("case") / "case.db"
        settings = Settings(store=f"sqlite:///{file}")
        migrate(settings)
        context = running(settings)
        app: Uitvoering = context.__enter__()
        apps.append(context)
        found[name] = Loading(app, read_case(name))
        found[name].run()
    yield found
    for context in apps:
        context.__exit__(None, None, None)


EXPECTED = [
    pytest.param(name, expectation, id=f"{name}-{n}-{expectation['check']}-{expectation['basis']}")
    for name in shipped()
    for n, expectation in enumerate(case_file(name)["expected"])
]


@pytest.mark.parametrize(("name", "expectation"), EXPECTED)
def test_every_expectation_of_the_file_holds(
    loaded: dict[str, Loading], name: str, expectation: dict[str, Any]
) -> None:
    loading = loaded[name]
    if expectation["check"] == "as-of":
        found = seen(loading, expectation["clock"], expectation["on"])["visible"]
        assert found == expectation["facts"], expectation["because"]
        return
    instead = holds(expectation, seen(loading), case_file(name))
    assert instead is None, f"{expectation} but seen: {instead}"


@pytest.mark.parametrize("name", shipped())
def test_a_reply_stands_beside_its_fact_wherever_the_fact_is_shown(
    loaded: dict[str, Loading], name: str
) -> None:
    loading = loaded[name]
    reading = loading.app.reading
    documents = reading.documents(reading.moment())
    for expectation in case_file(name)["expected"]:
        if expectation["check"] != "reply-shown":
            continue
        told = next(f for f in case_file(name)["facts"] if f["n"] == expectation["fact"])
        stream = loading.streams.of[told["n"]]
        event = loading.streams.event_of[told["n"]]
        rows = signal_trail(documents, reading.moment(), signal=stream)
        shown = [row for row in rows if row.event_id == event]
        assert [row.reply.text for row in shown if row.reply] == [told["reply"]["text"]]


def test_nothing_the_product_says_of_a_case_names_a_motive(loaded: dict[str, Loading]) -> None:
    for name, loading in loaded.items():
        said = json.dumps(seen(loading), ensure_ascii=False).casefold()
        for expectation in case_file(name)["expected"]:
            if expectation["check"] == "never-asserted":
                assert expectation["text"].casefold() not in said
        assert "met opzet" not in said


def test_loading_a_case_again_records_nothing(loaded: dict[str, Loading]) -> None:
    for loading in loaded.values():
        before = loading.app.store.position()
        Loading(loading.app, loading.case).run()
        assert loading.app.store.position() == before


def test_stored_views_say_what_a_replay_says(loaded: dict[str, Loading]) -> None:
    for loading in loaded.values():
        reading = loading.app.reading
        assert reading.stored() == reading.replay(reading.moment())
