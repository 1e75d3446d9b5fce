"""Forms filled as a browser sends them, against the answers of the API description."""

from __future__ import annotations

from typing import Any

import pytest

import prolific_nb as pnb
from prolific_nb.common.answering import UploadedFile, asked_of, read_answers
from prolific_nb.common.render import document
from prolific_nb.sandbox.simulation.simulated_answers import QuestionInstance, answer
from tests.common.answering.forms import fill, inputs
from tests.design.question_types.examples import EXAMPLES, Example, annotator, each_example

PNG = UploadedFile("a.png", "image/png", 2_000_000, "files/a.png")


def pages(example: Example) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = example.design.to_api()["batch_items"]
    return found


def asked(design: pnb.Design) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = design.to_api()["batch_items"]
    return found


def words(design: pnb.Design, *sent: Any, **more: list[Any]) -> list[str]:
    """What is wrong with a form of one question whose input was given these values."""
    name = inputs(document(asked(design), {"review": "x"}))[0].name
    entered = {name: list(sent), **{f"{name}-{end}": values for end, values in more.items()}}
    return [each.words for each in read_answers(asked(design), entered).faults]


@each_example
def test_an_answer_entered_in_the_form_is_read_as_the_api_has_it(example: Example) -> None:
    [(_, _, item)] = asked_of(pages(example))
    html = document(pages(example), {"review": "x"})
    labels = {str(each["value"]): each["label"] for each in item.get("options", ())}
    for number in range(12):
        given = answer(item, QuestionInstance(f"k{number}", "", 0.5), annotator(number))
        read = read_answers(pages(example), fill(html, labels, given))
        assert read.faults == ()
        assert [*read.answers.values()] == [given]


@each_example
def test_every_question_must_be_answered(example: Example) -> None:
    html = document(pages(example), {"review": "x"})
    unit = {one.name: ["cm"] for one in inputs(html) if one.name.endswith("-unit")}
    read = read_answers(pages(example), unit)
    assert [each.question for each in read.faults] == ["Asked?"]
    assert read.answers == {}


def test_all_faults_are_found_at_once_and_good_answers_kept() -> None:
    design = pnb.Design("x").show("review").choose("A?", ["y", "n"]).write("B?").page().rate("C?", [1, 2, 3])
    names = list(dict.fromkeys(each.name for each in inputs(document(asked(design), {"review": "x"}))))
    entered = {names[1]: ["words"], names[2]: ["9"]}
    read = read_answers(asked(design), entered)
    assert [(each.name, each.question) for each in read.faults] == [(names[0], "A?"), (names[2], "C?")]
    assert read.answers == {names[1]: [{"value": "words"}]}
    assert [each.question for each in read_answers(asked(design), entered, screens=[1]).faults] == ["C?"]


TASK = pnb.Design("x")
TEXT = TASK.write("Why?", min_chars=5, max_chars=8)
MANY = TASK.choose_many("Which?", ["a", "b", "c"], at_most=2, none="none")
FILES = TASK.upload("Which?", types=[".png"], max_files=2)
EXPLAINED = TASK.choose_and_explain("Which?", ["a", "b"])


@pytest.mark.parametrize(
    ("design", "sent", "expected"),
    [
        (TEXT, ["abcd"], "Write at least 5 characters; this has 4."),
        (TEXT, ["abcdefghi"], "Write at most 8 characters; this has 9."),
        (TEXT, [" \u200b\u00a0   "], "Write an answer."),
        (TEXT, ["a\r\nb\r\nc\r\nd"], None),  # seven characters: a line break is one
        (MANY, ["a", "b", "c"], "Choose at most 2 options; 3 are chosen."),
        (MANY, ["a", "none"], "“none” cannot be combined with another option."),
        (MANY, ["a", "z"], "Choose among the options that are shown."),
        (MANY, ["none"], None),
        (FILES, [PNG, PNG, PNG], "Choose at most 2 files; 3 are chosen."),
        (FILES, [UploadedFile("a.pdf", "image/png", 9)], "“a.pdf” is not of an accepted type: .png."),
        (FILES, [UploadedFile("a.png", "image/png", 0)], "“a.png” is empty. Choose another file."),
        (
            FILES,
            [UploadedFile("A.PNG", "image/png", 25_000_001)],
            "“A.PNG” has 25.0 MB, above the limit of 25 MB.",
        ),
        (FILES, [UploadedFile("A.PNG", "image/png", 25_000_000)], None),
        (EXPLAINED, ["a"], "Write why you chose “a”."),
    ],
)
def test_limits(design: pnb.Design, sent: list[Any], expected: str | None) -> None:
    assert words(design, *sent) == ([] if expected is None else [expected])


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("3", None),
        ("0.5", "Enter a number from 1 to 5."),
        ("nan", "Enter a number."),
        ("1_0", "Enter a number."),
        ("３", "Enter a number."),  # a full-width digit
        ("1e999", "Enter a number."),
        ("", "Enter a number."),
    ],
)
def test_numbers(typed: str, expected: str | None) -> None:
    rule = {"type": "number", "min": 1, "max": 5}
    units = [{"label": each, "value": each, "validation": rule} for each in ("cm", "m")]
    plain = {"type": "free_text", "description": "How long?", "validation": rule}
    item = {"type": "free_text_with_unit", "description": "How long?", "unit_options": units, "unit_position": "suffix"}
    for each in (plain, item):
        layout = [{"rows": [{"columns": [{"items": [each]}]}]}]
        read = read_answers(layout, {"p1-r1-c1-i1": [typed], "p1-r1-c1-i1-unit": ["m"]})
        assert [fault.words for fault in read.faults] == ([] if expected is None else [expected])
    assert expected or read.answers == {"p1-r1-c1-i1": [{"value": 3, "unit": "m"}]}


def test_a_unit_must_be_one_of_those_shown() -> None:
    assert words(TASK.measure("How long?", ["cm", "m"]), "3", unit=["mile"]) == ["Choose a unit."]


def test_every_type_is_tried() -> None:
    assert len({each.type for each in EXAMPLES}) == 6
