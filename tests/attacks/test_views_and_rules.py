"""Events and log intact, and what people see of them changed: views, the method, the policy."""

from dataclasses import replace

from tests.application.desk import REGISTRAR
from tests.attacks.operator_ import relist
from tests.attacks.scene import MILDER, Scene, adoption
from tests.attacks.test_store import codes
from uitvoering.application.evidence_replay import replayed
from uitvoering.application.monitor_report import Alarm, Difference
from uitvoering.application.monitored_rules import RunningMethod
from uitvoering.application.monitoring import Monitoring
from uitvoering.integrity.fast_json import dumps, loads
from uitvoering.integrity.verify.pack import READ_MODELS
from uitvoering.integrity.verify.verify import verify
from uitvoering.softening import method


def alarms(scene: Scene) -> dict[Difference, Alarm]:
    return {alarm.difference: alarm for alarm in scene.monitored().alarms}


def test_a_view_edited_by_hand(either: Scene) -> None:
    scene = either
    with scene.app() as app:
        app.reading.views.catch_up()
    assert alarms(scene) == {}
    with scene.operator.database() as execute:
        found = execute(
            "SELECT kind, key, document FROM view_document WHERE document LIKE ? ORDER BY key",
            ("%300 mensen%",),
        ).fetchall()
        kind, key, document = found[0]
        execute(
            "UPDATE view_document SET document = ? WHERE kind = ? AND key = ?",
            (document.replace("Bij 300 mensen", "Bij 3 mensen"), kind, key),
        )
    told = alarms(scene)
    differs = told[Difference.DOCUMENT_DIFFERS].values
    assert (differs["kind"], differs["document"]) == (kind, key)
    assert Difference.READ_MODEL_DIFFERS in told
    assert scene.verified().code == 0, "events and log are as they were"


def test_a_row_taken_out_of_a_view(scene: Scene) -> None:
    with scene.app() as app:
        app.reading.views.catch_up()
    with scene.operator.database() as execute:
        kind, key = execute(
            "SELECT kind, key FROM view_document WHERE document LIKE ?", ("%300 mensen%",)
        ).fetchone()
        execute("DELETE FROM view_document WHERE kind = ? AND key = ?", (kind, key))
    gone = alarms(scene)[Difference.DOCUMENT_GONE].values
    assert (gone["kind"], gone["document"]) == (kind, key)


def test_a_lexicon_changed_without_its_event(scene: Scene) -> None:
    """The product then runs by a method that nobody adopted."""
    runs = RunningMethod(method.METHOD_VERSION, "0" * 64)
    with scene.app() as app:
        found = replace(Monitoring(app, scene.log), runs=runs).look()
    (alarm,) = found.alarms
    assert alarm.difference is Difference.METHOD_DIFFERS
    assert str(alarm.values["adopted"]).endswith(method.digest())


def test_the_cosigning_policy_changed_without_its_event(scene: Scene) -> None:
    (scene.ledger / "policy").write_bytes(scene.policy_text("either"))
    assert alarms(scene).keys() == {Difference.POLICY_DIFFERS}
    (scene.ledger / "policy").unlink()
    assert alarms(scene).keys() == {Difference.POLICY_GONE}


def test_a_policy_changed_with_its_event_is_for_everyone_to_see(scene: Scene) -> None:
    """Nothing is hidden then: the weaker policy stands in the log, with its source."""
    weaker = scene.policy_text("either")
    with scene.app() as app:
        app.handle(
            adoption(weaker).model_copy(update={"in_force_from": app.clock().date()}), REGISTRAR
        )
    (scene.ledger / "policy").write_bytes(weaker)
    scene.sequence()
    assert alarms(scene) == {}
    found = scene.verified()
    assert found.code == 0
    assert "policy-differs" in {each.code for each in found.findings}


def test_a_pack_tells_of_rules_that_nobody_adopted(scene: Scene) -> None:
    """An auditor needs no `monitor` of the operator to see it."""
    (scene.ledger / "policy").write_bytes(scene.policy_text("either"))
    pack = scene.pack(with_read_models=True)
    stated = loads((pack / READ_MODELS).read_bytes())
    stated["method"] = stated["method"].partition("+")[0] + "+000000000000"
    (pack / READ_MODELS).write_bytes(dumps(stated))
    relist(pack)
    asking = replace(scene.asking(pack), replay=replayed)
    assert codes(verify(asking)) == {"method-unadopted", "policy-unadopted"}


def test_a_milder_event_and_the_views_that_follow_from_it(scene: Scene) -> None:
    """A view that agrees with the store proves nothing: the event is held against its leaf."""
    with scene.operator.history() as events:
        at = next(at for at, event in enumerate(events) if event.is_signal)
        events[at] = events[at].reworded(MILDER).recommitted()
    with scene.app() as app:
        app.reading.views.catch_up()
    told = alarms(scene)
    assert told.keys() == {Difference.EVENT_CHANGED}
    assert told[Difference.EVENT_CHANGED].values["index"] == at
