"""What the judge sees: blind, nothing tells who gave an answer or how often; otherwise people, times and order."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from prolific_nb.panels.judging.disputes import disputes_of
from prolific_nb.panels.judging.shown_dispute import shown_dispute

from .tables import BOOK, answers


class NoPages:
    """Pages of a run without its rows."""

    def html(self, row: str) -> str:
        return ""

    def title(self, row: str) -> str:
        return f"Row {row}"

    def missing(self) -> str:
        return "Not loaded."


def seen(lines: list[tuple[Any, ...]], question: str = "", *, blind: bool) -> list[dict[str, Any]]:
    found = disputes_of(answers(lines), BOOK).about(question)
    return [shown_dispute(each, place, NoPages(), None, blind=blind) for place, each in enumerate(found)]  # type: ignore[arg-type]


def ten(row: str) -> list[tuple[Any, ...]]:
    """Nine for good, one against."""
    people = [(row, f"person-{n}", "How?", "good", {"seconds": 30.0 + n}) for n in range(9)]
    return [*people, (row, "person-9", "How?", "bad", {"seconds": 125.0, "explanation": "Irony."})]


def test_a_blind_judge_sees_each_answer_once_without_names_times_or_counts() -> None:
    [dispute] = seen(ten("r1"), blind=True)
    assert sorted(each["label"] for each in dispute["answers"]) == ["Bad", "Good"]
    sent = json.dumps(dispute)
    assert "person" not in sent
    assert "9" not in sent.replace('"key"', "")
    assert [each["words"] for each in dispute["answers"] if each["label"] == "Bad"] == [[["", "Irony."]]]


def test_the_order_is_random_by_row_and_stays_the_same() -> None:
    lines = [line for n in range(60) for line in ten(f"r{n}")]
    first = Counter(each["answers"][0]["label"] for each in seen(lines, blind=True))
    assert 15 < first["Good"] < 45
    assert seen(lines, blind=True) == seen(lines, blind=True)


def test_an_informed_judge_sees_people_seconds_and_the_order_of_answering() -> None:
    [dispute] = seen(ten("r1"), blind=False)
    assert [each["label"] for each in dispute["answers"]] == ["Good"] * 9 + ["Bad"]
    assert dispute["answers"][0]["who"] == "1. person-0 · 30 s"
    assert dispute["answers"][-1]["who"] == "10. person-9 · 2 min 5 s"


def test_keys_are_places_or_the_digits_of_a_scale() -> None:
    def keys(question: str, *given: str) -> list[str]:
        [dispute] = seen([("r", f"p{n}", question, value) for n, value in enumerate(given)], question, blind=True)
        return [f"{option['key']}={option['label']}" for option in dispute["options"]]

    assert keys("How?", "good", "bad") == ["1=Good", "2=Bad", "3=Mixed"]
    assert keys("Sure?", "0", "4") == ["0=0", "1=1", "2=2", "3=3", "4=4"]
    assert keys("Why?", *"abcdefghijkl")[8:10][1].startswith("=")  # only nine have a key


def test_texts_and_numbers_are_chosen_among_the_answers_or_typed() -> None:
    unit = {"number_unit": "kg"}
    lines = [("r", "a", "Heavy?", "5", unit), ("r", "b", "Heavy?", "7", unit), ("r", "c", "Heavy?", "5", unit)]
    [dispute] = seen(lines, "Heavy?", blind=False)
    assert dispute["own"] == "number"
    assert [(each["value"], each["label"]) for each in dispute["options"]] == [("5", "5 kg"), ("7", "7 kg")]
    assert dispute["answers"][0]["who"] == "1. a, 3. c"


def test_without_the_rows_the_key_is_shown_and_what_to_do() -> None:
    [dispute] = seen(ten("r1"), blind=True)
    assert (dispute["html"], dispute["title"], dispute["missing"]) == ("", "Row r1", "Not loaded.")
