"""Attention checks in a design: what is refused, what is advised, and what stays on this machine."""

from __future__ import annotations

import json

import pytest

from prolific_nb import Design
from prolific_nb.design.question_types import type_of
from prolific_nb.design.question_types.form_edit import edited

READ, OPTIONS = "To show that you have read this, choose “Never”.", {"a": "Always", "n": "Never"}
CHECKED = Design("Reviews").show("review").attention(READ, OPTIONS, right="n")


def test_the_right_answer_is_saved_and_written_as_code_but_not_sent() -> None:
    assert CHECKED.check() == Design("Reviews").show("review").choose(READ, OPTIONS).check()
    assert CHECKED.to_api() == Design("Reviews").show("review").choose(READ, OPTIONS).to_api()
    assert Design.from_json(CHECKED.to_json()) == CHECKED
    assert '.attention("To show' in CHECKED.to_code()
    assert json.loads(CHECKED.to_json())["pages"][0]["rows"][1][0][0]["right"] == "n"
    assert '"right"' not in Design("Reviews").choose(READ, OPTIONS).to_json()
    assert CHECKED.codebook()[0].right == "n"


def test_an_edit_of_another_field_keeps_it() -> None:
    item, kind = CHECKED.items[-1], type_of(CHECKED.items[-1])
    values = kind.to_form(item)
    assert values["right"] == "n"
    assert edited(kind, item, values | {"helper": "Read."}).right == "n"  # type: ignore[attr-defined]
    assert edited(kind, item, values | {"right": "a"}).right == "a"  # type: ignore[attr-defined]
    assert CHECKED.edit(READ, helper_text="Read.").codebook()[0].right == "n"


def test_a_right_answer_that_is_not_offered_is_an_error() -> None:
    with pytest.raises(ValueError, match="right='Never' is not one of the options, 'a', 'n'"):
        Design("Reviews").attention(READ, OPTIONS, right="Never")
    with pytest.raises(TypeError, match="must be the value of an option"):
        CHECKED.edit(READ, right=["n"])
    (error,) = CHECKED.edit(READ, options=["x", "y"]).check().errors
    assert "'n' is not one of the options" in error.what
    (error,) = CHECKED.edit(READ, answer_limit=-1).check().errors
    assert "asks for one option" in error.what


@pytest.mark.parametrize(
    ("design", "advice"),
    [
        (Design("R").show("review").attention("Choose “Always”.", OPTIONS, right="a"), "is the first option"),
        (Design("R").show("review").attention("Do you read?", OPTIONS, right="n"), "does not name the right answer"),
        (CHECKED.attention("Choose “Never” again.", OPTIONS, right="n"), "several attention checks"),
    ],
)
def test_what_makes_a_poor_check_is_a_warning(design: Design, advice: str) -> None:
    assert not design.check().errors
    assert [advice in each.what for each in design.check()] == [True]
