"""What each method sends, and what check() reports."""

from __future__ import annotations

import json
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from prolific_nb.design import Design
from prolific_nb.errors import DesignError

ASKS = Design("Task").show("review").choose("How?", ["good", "bad"])
DATA = SimpleNamespace(columns=("review", "Photo", "team"), kinds={"review": "text", "Photo": "image", "team": "group"})


def last(design: Design) -> dict[str, Any]:
    item: dict[str, Any] = design.to_api()["batch_items"][-1]["rows"][-1]["columns"][-1]["items"][-1]
    return item


def reported(design: Design, data: Any = None) -> list[tuple[str, str]]:
    return [(finding.level, f"{finding.where}: {finding.what}") for finding in design.check(data)]


def test_everything_a_small_design_sends() -> None:
    design = Design("Reviews", introduction="<p>Hi</p>").intro("<p>First</p>").show("review", caption="<b>Read</b>")
    design = design.choose("How?", {"g": "Good", "b": "Bad"}).page().side_by_side("a", "b").outro("<p>Bye</p>")
    shown = {"type": "rich_text", "content": "<b>Read</b>"}, {"type": "dataset_field", "field": "review"}
    options = [{"label": "Good", "value": "g"}, {"label": "Bad", "value": "b"}]
    asked = {"type": "multiple_choice", "description": "How?", "answer_limit": 1, "options": options}
    sides = [{"items": [{"type": "dataset_field", "field": name}]} for name in "ab"]

    def text_row(html: str) -> list[Any]:
        return [{"columns": [{"items": [{"type": "rich_text", "content": html}]}]}]

    assert design.to_api() == {
        "task_details": {"task_name": "Reviews", "task_introduction": "<p>Hi</p>", "task_steps": ""},
        "batch_items": [
            {"display_position": "intro", "rows": text_row("<p>First</p>")},
            {"rows": [{"columns": [{"items": list(shown)}]}, {"columns": [{"items": [asked]}]}]},
            {"rows": [{"columns": sides}]},
            {"display_position": "outro", "rows": text_row("<p>Bye</p>")},
        ],
    }
    assert design.shown == ("review", "a", "b")
    assert repr(design) == "Design('Reviews': 4 pages, 1 question, shows review, a, b)"


@pytest.mark.parametrize(
    ("design", "expected"),
    [
        (Design("x").rate("?", [1, 2]), {"answer_limit": 1, "disable_dropdown": True}),
        (Design("x").choose_many("?", ["a", "b"]), {"answer_limit": -1}),
        (
            Design("x").choose_many("?", ["a"], at_most=2, none="None"),
            {
                "answer_limit": 2,
                "options": [{"label": "a", "value": "a"}, {"label": "None", "value": "None", "exclusive": True}],
            },
        ),
        (
            Design("x").choose_and_explain("?", ["a"]),
            {"answer_limit": 1, "options": [{"label": "a", "value": "a", "heading": "?"}]},
        ),
        (
            Design("x").choose_and_explain("?", {"Style": ["ok"], "Facts": {"f": "ok"}}),
            {
                "answer_limit": -1,
                "options": [
                    {"label": "ok", "value": "Style: ok", "heading": "Style"},
                    {"label": "ok", "value": "f", "heading": "Facts"},
                ],
            },
        ),
        (Design("x").write("?", min_chars=5), {"validation": {"type": "string", "min": 5}}),
        (
            Design("x").measure("?", {"cm": "Centimetres"}, position="prefix"),
            {
                "unit_position": "prefix",
                "unit_options": [{"label": "Centimetres", "value": "cm", "validation": {"type": "number"}}],
            },
        ),
        (Design("x").upload("?", types=[".pdf"], max_files=2), {"accepted_file_types": [".pdf"], "max_file_count": 2}),
        (
            Design("x").compare("?", "a", "b", tie=True),
            {
                "options": [
                    {"label": "Left", "value": "left"},
                    {"label": "Right", "value": "right"},
                    {"label": "No difference", "value": "tie"},
                ]
            },
        ),
        (
            Design("x").choose("?", np.array([1, 2])),
            {"options": [{"label": "1", "value": 1}, {"label": "2", "value": 2}]},
        ),
    ],
)
def test_what_methods_send(design: Design, expected: dict[str, Any]) -> None:
    sent = last(design)
    assert {name: sent[name] for name in expected} == expected
    assert json.dumps(sent)


def test_a_method_does_not_change_the_design() -> None:
    before = Design("x")
    after = before.show("review")
    assert (before.shown, after.shown) == ((), ("review",))
    assert before != after
    assert len({before, Design("x"), after}) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Design("x").choose("?", "good"),
        lambda: Design("x").choose("?", {"good", "bad"}),
        lambda: Design("x").choose("?", [None]),
        lambda: Design("x").choose("?", {"a": 1}),
        lambda: Design("x").choose(["good"], "?"),
        lambda: Design("x").show(["a", "b"]),
        lambda: Design("x").upload("?", types=".jpg"),
        lambda: Design(3),
    ],
)
def test_what_cannot_be_stored_is_refused_at_once(wrong: Any) -> None:
    with pytest.raises(TypeError, match=r"must be|not a string|a list"):
        wrong()


def test_numbers_that_json_lacks_are_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        Design("x").rate("?", [1.0, float("nan")])


@pytest.mark.parametrize(
    ("design", "finding"),
    [
        (Design(" ").show("a").write("?"), "name: The design has no name."),
        (Design("x").show("a"), ": The design asks no question."),
        (ASKS.page(), "page 2: The page is empty."),
        (ASKS.choose("One?", ["a"]), "page 1, question 'One?': A choice needs two options or more; this one has 1."),
        (ASKS.choose("Same?", [1, "1"]), "page 1, question 'Same?': Two options have the same value '1'."),
        (ASKS.choose("Same?", ["a", "a"]), "page 1, question 'Same?': Two options have the same value 'a'."),
        (ASKS.page().write(" how? "), "page 2, question ' how? ': The same question is on page 1 too"),
        (ASKS.write(" "), "page 1, row 3, column 1: The question has no text."),
        (ASKS.show("review"), "page 1, column 'review': The column is shown more than once on one page"),
        (ASKS.side_by_side("a", "b", "c"), "page 1, row 3: A row has one or two columns"),
        (ASKS.show("pnb_row"), "page 1, row 3, column 1: The column name 'pnb_row' is reserved"),
        (
            ASKS.picture("http://a.org/b.png", alt="b"),
            "page 1, row 3, column 1: The picture URL 'http://a.org/b.png'",
        ),
        (ASKS.choose_many("M?", ["a", "b"], at_most=3), "page 1, question 'M?': 3 options may be picked, of 2."),
        (ASKS.choose_many("M?", ["a", "b"], at_most=1, none="n"), "page 1, question 'M?': An option that excludes"),
        (ASKS.choose_and_explain("E?", {" ": ["a", "b"]}), "page 1, question 'E?': A heading is empty."),
        (ASKS.write("W?", min_chars=5, max_chars=2), "page 1, question 'W?': The minimum, 5, is above the maximum, 2."),
        (ASKS.write("W?", min_chars=-1), "page 1, question 'W?': Lengths must be whole numbers of characters"),
        (ASKS.measure("N?", ["cm"]), "page 1, question 'N?': A number needs two units or more; this one has 1."),
        (ASKS.measure("N?", ["cm", "cm"]), "page 1, question 'N?': Two units have the same value 'cm'."),
        (ASKS.measure("N?", ["cm", "m"], position="above"), "page 1, question 'N?': The unit position 'above' is"),
        (ASKS.upload("U?", types=["jpg"]), "page 1, question 'U?': 'jpg' is not a valid file extension."),
        (ASKS.upload("U?", max_files=True), "page 1, question 'U?': max_files is True, which is not"),
        (ASKS.upload("U?", max_files=0), "page 1, question 'U?': max_files is 0, which is not"),
        (ASKS.text("<SCRIPT >x</SCRIPT>"), "page 1, row 3, column 1: The text contains a script."),
        (ASKS.intro("<a href='javascript:x'>"), "intro page 1, row 1, column 1: The text contains a script."),
        (Design("x", steps="<script>").show("a").write("?"), "steps: The text contains a script."),
    ],
)
def test_every_rule(design: Design, finding: str) -> None:
    errors = [text for level, text in reported(design) if level == "error"]
    assert len(errors) == 1
    assert errors[0].startswith(finding)
    assert all(each.remedy for each in design.check())


def test_options_that_all_exclude_each_other() -> None:
    assert ("error", "page 1, question 'M?': Every option excludes the others.") in reported(
        ASKS.choose_many("M?", [], none="n")
    )


def test_all_errors_are_reported_at_once() -> None:
    design = Design("").side_by_side("a", "a").choose("q", ["x"]).write("q").page()
    assert len(design.check().errors) == 5


def test_advice_is_a_warning() -> None:
    design = Design("x").choose("?", {1: "same", 2: "same"}).picture("https://a.org/b.png", alt="")
    assert [level for level, _ in reported(design)] == ["warning"] * 3


def test_a_good_design_has_no_findings() -> None:
    assert not ASKS.check()
    assert not ASKS.check(DATA)


def test_shown_columns_are_checked_against_the_data() -> None:
    design = ASKS.show("photo").show("team").show("zzz")
    found = {finding.column: finding for finding in design.check(DATA).errors}
    assert set(found) == {"photo", "team", "zzz"}
    assert found["photo"].remedy == "Similar names: 'Photo'."
    assert found["zzz"].remedy == "It has 'review', 'Photo', 'team'."
    assert found["team"].place == "page 1, row 4, column 1"


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "{}",
        '{"name": "x", "pages": [{"rows": [[[{"type": "film"}]]], "display_position": "body"}]}',
        '{"name": "x", "pages": [{"rows": [], "display_position": "middle"}]}',
        ASKS.to_json().replace("description", "question"),
        Design("x").rate("?", [1.5]).to_json().replace("1.5", "NaN"),
    ],
)
def test_json_that_is_not_a_design(text: str) -> None:
    with pytest.raises(DesignError, match="to_json"):
        Design.from_json(text)


def test_intro_pages_of_edited_json_hold_no_questions_and_still_have_code() -> None:
    edited = Design.from_json(ASKS.to_json().replace('"body"', '"intro"'))
    assert any("Intro and outro pages may contain only" in text for _, text in reported(edited))
    scope = {"pnb": __import__("prolific_nb")}
    exec(edited.to_code(), scope)
    assert scope["design"] == edited


def test_code_reads_like_the_program_a_person_would_write() -> None:
    design = ASKS.rate("Sure?", [1, 2]).compare("Which?", "a", "b").choose_many("Why?", {"p": "Price"}, none="None")
    assert design.to_code("task") == (
        "task = (\n"
        '    pnb.Design("Task")\n'
        '    .show("review")\n'
        '    .choose("How?", ["good", "bad"])\n'
        '    .rate("Sure?", [1, 2])\n'
        '    .compare("Which?", "a", "b")\n'
        '    .choose_many("Why?", {"p": "Price"}, none="None")\n'
        ")\n"
    )
    with pytest.raises(ValueError, match="not a valid variable name"):
        design.to_code("my task")


def test_a_design_needs_the_standard_library_only() -> None:
    code = (
        "import sys, prolific_nb as pnb; pnb.Design('x').show('a').write('b').check()\n"
        "print([m for m in ('pandas', 'numpy', 'requests', 'flask', 'matplotlib', 'jsonschema') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
