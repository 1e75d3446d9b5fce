"""What a newcomer gets wrong: labels that do not survive a file, scales with holes, fixed sides, lost methods."""

from __future__ import annotations

from io import StringIO
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pandas._libs.parsers import STR_NA_VALUES

import prolific_nb as pnb
from prolific_nb.design import Design

ASKS = Design("Task").show("review").choose("How?", ["good", "bad"])


def warnings_of(design: Design, data: Any = None) -> list[str]:
    return [finding.what for finding in design.check(data) if finding.level == "warning"]


@pytest.mark.parametrize("value", ["NA", "None", "nan", "N/A", "null"])
@pytest.mark.parametrize(
    "ask",
    [
        lambda value: ASKS.choose("Fits?", ["yes", value]),
        lambda value: ASKS.rate("Fits?", {value: "Cannot say", "good": "Good"}),
        lambda value: ASKS.choose_many("Fits?", ["a", "b"], none=value),
        lambda value: ASKS.choose_and_explain("Fits?", ["a", value]),
        lambda value: ASKS.measure("Fits?", ["cm", value]),
    ],
)
def test_values_that_a_csv_file_cannot_hold_are_warned_of(ask: Any, value: str) -> None:
    assert pd.read_csv(StringIO(f"value\n{value}\n"))["value"].isna().all()  # pandas is the judge
    (what,) = warnings_of(ask(value))
    assert f"value {value!r} is read as a missing answer" in what


def test_every_word_that_pandas_reads_as_missing_is_warned_of() -> None:
    words = sorted(STR_NA_VALUES - {""})  # an empty value is an error of its own
    assert len(warnings_of(ASKS.choose("Fits?", words))) == len(words) > 15


def test_values_that_a_csv_file_can_hold_are_not() -> None:
    kept = ["na", "no", "none", "Nothing", "n.a.", "NaNs", " NA"]
    assert list(pd.read_csv(StringIO("\n".join(["value", *kept])))["value"]) == kept
    assert not ASKS.choose("Fits?", kept).check()
    assert not ASKS.choose("Fits?", {"yes": "Yes", "not_applicable": "NA"}).check()  # the remedy


@pytest.mark.parametrize(
    ("options", "missing"),
    [
        ({1: "not at all", 7: "very"}, "2 to 6 are missing"),
        ({"1": "not at all", "7": "very"}, "2 to 6 are missing"),
        ({1: "low", 4: "middle", 7: "high"}, "2 to 3 and 5 to 6 are missing"),
        ({-3: "low", 0: "middle", 3: "high"}, "-2 to -1 and 1 to 2 are missing"),
        ([1, 2, 3, 5], "4 is missing"),
        ([7, 1], "2 to 6 are missing"),
        ([0, 100], "1 to 99 are missing"),
        ([1, 3, 2], "not in order: 1, 3, 2"),
    ],
)
def test_scales_with_missing_points_are_warned_of(options: Any, missing: str) -> None:
    (what,) = warnings_of(ASKS.rate("Fit?", options))
    assert missing in what
    assert not ASKS.choose("Fit?", options).check()


@pytest.mark.parametrize("options", [[1, 2], range(5), [5, 4, 3], [0, 25, 50, 75, 100], ["low", "high"], [0.5, 1.5]])
def test_complete_scales_are_not(options: Any) -> None:
    assert not ASKS.rate("Fit?", options).check()
    assert not ASKS.rate("Fit?", range(1, 8), ends=("not at all", "very")).check()  # the remedy


ANSWERS = pd.DataFrame({"a": [f"first {n}" for n in range(9)], "b": [f"second {n}" for n in range(9)]})
COMPARISONS = [
    lambda left, right: Design("x").compare("Better?", left, right),
    lambda left, right: Design("x").compare("Better?", left, right, tie=True),
    lambda left, right: Design("x").side_by_side(left, right).choose("Better?", ["Left", "Right", "Both"]),
    lambda left, right: Design("x").side_by_side(left, right).choose("Better?", [left, right, "neither"]),
    lambda left, right: Design("x").show(left).show(right).beside().choose_and_explain("Better?", ["left", "right"]),
]


@pytest.mark.parametrize("compare", COMPARISONS)
def test_fixed_sides_are_warned_of_and_the_remedy_draws_them(compare: Any) -> None:
    design = compare("a", "b")
    assert not design.check()
    data = pnb.read_data(ANSWERS)
    (finding,) = design.check(data)
    assert (finding.level, finding.place) == ("warning", "page 1")
    assert "position bias cannot be told from preference" in finding.what
    recipe = finding.remedy.split("read_data(df): ")[1].split(". Then")[0]
    scope = {"df": ANSWERS.copy(), "numpy": np}
    exec(recipe, scope)
    drawn = scope["df"]
    assert not compare("on_left", "on_right").check(pnb.read_data(drawn))
    for by, on in (("by_left", "on_left"), ("by_right", "on_right")):
        assert [row[row[by]] for _, row in drawn.iterrows()] == list(drawn[on])
        assert set(drawn[by]) == {"a", "b"}


def test_other_two_columns_beside_each_other_are_no_comparison() -> None:
    data = pnb.read_data(ANSWERS)
    assert not Design("x").side_by_side("a", "b").choose("Do they agree?", ["yes", "no"]).check(data)
    assert not Design("x").show("a").choose("Which hand?", ["left", "right"]).check(data)


def test_hidden_columns_that_do_not_change_sides_do_not_count_as_drawn() -> None:
    fixed = ANSWERS.assign(by_left="a", by_right="b")
    assert warnings_of(Design("x").compare("Better?", "a", "b"), pnb.read_data(fixed))


def test_a_design_without_questions_is_told_that_methods_return_a_new_one() -> None:
    design = Design("x").show("a")
    design.choose("Lost?", ["yes", "no"])
    (error,) = design.check().errors
    assert "each method returns a new design" in error.remedy
    assert "design = design.choose(" in error.remedy
