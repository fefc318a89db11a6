"""A line in, a line out: the promise of `uitvoering compare`."""

import json
import time
from itertools import count, islice
from typing import Any

import pytest

from uitvoering.softening.facets import Dimension
from uitvoering.softening.lines import answer, answers

PAIR: dict[str, Any] = {
    "id": "p1",
    "lang": "nl",
    "original": {
        "text": "Van 41 huurders is de woning ontruimd.",
        "light": "red",
        "evidence": ["memo-1"],
    },
    "original_on": "2026-01-15",
    "restated": {
        "text": "Enkele huurders wonen nu mogelijk elders.",
        "light": "amber",
        "evidence": [{"kind": "document", "locator": "memo-2", "dated": "2026-02-01"}],
    },
    "restated_on": "2026-03-05",
    "reason_code": None,
    "reason": None,
}


def line(**changed: Any) -> str:
    return json.dumps(PAIR | changed)


def test_a_line_answers_with_all_twelve_dimensions() -> None:
    said = answer(line())
    assert list(said) == ["id", "overall", "justification", "labels", "method", "dimensions"]
    assert set(said["dimensions"]) == {dimension.value for dimension in Dimension}
    assert (said["id"], said["overall"], said["justification"]) == ("p1", "softened", "none")
    assert said["labels"] == ["greened", "hedged", "de-specified", "reference-dropped"]
    assert said["dimensions"]["wording"]["text_only"]
    assert json.loads(json.dumps(said)) == said


def test_a_reason_code_with_newer_evidence_is_evidenced_and_free_text_is_not() -> None:
    told = {**PAIR["restated"], "text": PAIR["original"]["text"]}
    assert answer(line(reason_code="new-facts", restated=told))["overall"] == "reassessed"
    assert answer(line(reason="na afstemming genuanceerd"))["justification"] == "none"


def test_new_evidence_does_not_excuse_what_is_left_out() -> None:  # decision 21
    said = answer(line(reason_code="new-facts"))
    assert said["dimensions"]["omission"]["result"] == "softened"
    assert (said["overall"], said["justification"]) == ("softened", "evidenced")


@pytest.mark.parametrize(
    ("bad", "named", "code", "says"),
    [
        ("{", None, "input-invalid", "one JSON object"),
        ("[1]", None, "input-invalid", "not a list"),
        ("[" * 100_000, None, "input-invalid", "one JSON object"),
        (line(original={"text": ""}), "p1", "input-invalid", "original.text"),
        (line(original={"text": " \n "}), "p1", "input-invalid", "original.text"),
        (line(original={"text": "x", "severity": 6}), "p1", "input-invalid", "severity"),
        (line(original={"text": "x", "severity": 2.0}), "p1", "input-invalid", "severity"),
        (line(original={"text": "x" * 200_001}), "p1", "input-invalid", "original.text"),
        (line(original_on=0), "p1", "input-invalid", "original_on"),
        (line(reason_code="because"), "p1", "input-invalid", "reason_code"),
        (line(colour="red"), "p1", "input-invalid", "colour"),
        (line(id=False), None, "input-invalid", "id"),
        (json.dumps({"id": 7}), 7, "input-invalid", "restated"),
    ],
)
def test_a_bad_line_gets_its_error_in_its_place(
    bad: str, named: str | int | None, code: str, says: str
) -> None:
    said = answer(bad)
    assert (said["id"], said["error"]["code"]) == (named, code)
    assert says in said["error"]["detail"]
    assert len(said["error"]["detail"]) < 1000


@pytest.mark.parametrize(
    "text",
    [
        "<p>Van <b>41</b> huurders is de woning <i>ontruimd</i>.</p>",
        "🔥🏠 41 huurders ontruimd 👩‍👩‍👧‍👦!",
        "تم إخلاء 41 مستأجرا ظلما",
        "\u202e41 huurders\u202c ontruimd \ud83d",
        "İSTANBUL ﬁnance 41 huurders cafe\u0301",
        "<" * 5000,
        "'" * 5000,
        "¤",
    ],
)
def test_any_text_is_read_and_spans_stay_verbatim(text: str) -> None:
    said = answer(line(original={"text": text}))
    if "error" in said:  # half a surrogate pair is no text
        assert "\ud83d" in text
        return
    sides = {"original": text, "restated": PAIR["restated"]["text"]}
    for row in said["dimensions"].values():
        for span in row["spans"]:
            assert sides[span["side"]][span["start"] : span["end"]] == span["text"]


def test_twenty_thousand_words_take_a_second_at_most() -> None:
    words = ["Enkele", "41", "huurders", "zijn", "mogelijk", "ten", "onrechte", "ontruimd", "en"]
    original = " ".join(f"{words[n % 9]}{n if n % 3 == 0 else ''}" for n in range(20_000))
    began = time.process_time()
    said = answer(
        line(original={"text": original[:200_000]}, restated={"text": original[5:150_000]})
    )
    assert "error" not in said
    assert time.process_time() - began < 3  # the promise is one second on a machine of its own


def test_answers_keep_the_order_of_the_lines_over_processes() -> None:
    lines = [line(id=n) if n % 7 else "{" for n in range(120)]
    alone = list(answers([*lines, "  \n"]))
    assert alone == list(answers(lines, jobs=2))
    assert [said["id"] for said in alone] == [n if n % 7 else None for n in range(120)]


def test_endless_input_is_answered_as_it_comes() -> None:
    endless = (line(id=n) for n in count())
    assert [said["id"] for said in islice(answers(endless), 3)] == [0, 1, 2]
