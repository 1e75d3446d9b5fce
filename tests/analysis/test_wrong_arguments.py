"""Arguments of the wrong type or value are refused by name with a `ProlificError`, in every function."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pandas as pd
import pytest

from prolific_nb import agreement, analysis
from prolific_nb.errors import ArgumentTypeError, DataError, ProlificError

FRAME = pd.DataFrame({"row": [0, 0, 1, 1, 2, 2], "participant_id": ["a", "b"] * 3, "value": [1, 2, 2, 2, 3, 3]})
FUNCTIONS = {
    name: function
    for name in analysis.__all__
    if inspect.isfunction(function := getattr(analysis, name)) and name != "unit_column"
} | {"agreement": agreement}
CELLS: dict[str, Any] = {
    "lists": [[1], [2]] * 3,
    "dicts": [{1: 2}, {3: 4}] * 3,
    "objects": [object() for _ in range(6)],
    "complex": [1j] * 6,
    "intervals": pd.interval_range(0, 6),
    "periods": pd.period_range("2020", periods=6, freq="D"),
    "huge": [10**400, 1] * 3,
    "infinite": [float("inf"), 1.0] * 3,
}
DATA: dict[str, Any] = {
    "None": None,
    "string": "text",
    "list": [1, 2],
    "dict": {"row": 1},
    "series": pd.Series([1, 2]),
    "array": FRAME.to_numpy(),
    "nothing": pd.DataFrame(),
    "no rows": FRAME.iloc[:0],
    "no label": FRAME.drop(columns="value"),
    "twice": pd.concat([FRAME, FRAME], axis=1),
    "levels": FRAME.set_axis(pd.MultiIndex.from_product([["a"], FRAME.columns]), axis=1),
    **{name: FRAME.assign(value=cells) for name, cells in CELLS.items()},
}
WRONG: dict[str, list[Any]] = {
    "unit": [["row"], {}, "nope"],
    "annotator": [["a"], None, "nope"],
    "label": [["value"], {}, "nope"],
    "categories": ["123", 3, [[1], [2]], [1, 1, 2, 3]],
    "draws": ["x", None, 0, 1.5, True, [3], float("nan")],
    "seed": ["x", None, -1, 1.5, [1]],
    "duplicates": ["x", None, []],
    "weights": ["x", 3, ["linear"], pd.Series([1, 2]), {"a": "x", "b": 1}],
    "level": ["x", None, 3, ["nominal"]],
    "distance": ["x", None, []],
    "form": ["x", None, []],
    "ties": ["x", None, []],
    "max_iterations": ["x", None, 0, 1.5],
    "tolerance": ["x", None, -1, float("nan")],
    "most": ["x", 0, 1.5, [1]],
    "coefficient": ["fleiss_kappa", None, 3],
    "gold": ["x", 3, [1], {0: [1]}, {0: "q"}, pd.DataFrame()],
    "left": [["a"], "right"],
    "right": [["a"], {}],
    "items": ["x", None, []],
    "questions": [3, [1], "There is none", [{}]],
    "by": [["row"], 3, "nope"],
    "weight": [["weight"], {}, "nope"],
    "target": ["x", None, -1, 2, float("nan")],
    "votes": ["x", None, 0, 1.5],
    "random_share": ["x", None, -1, 1, float("nan")],
}


def call(name: str, data: Any, **options: Any) -> object:
    function = FUNCTIONS[name]
    needed = {"left": "a", "right": "right"} if name == "preference" else {}
    if name == "preference" and data is FRAME:
        data = FRAME.assign(value=["left", "right", "tie"] * 2)
    if "draws" in inspect.signature(function).parameters:
        needed["draws"] = 5  # type: ignore[assignment]
    return function(data, **(needed | options))


@pytest.mark.parametrize("kind", DATA)
def test_any_data_give_a_result_or_an_error_in_words(kind: str) -> None:
    levels = [{"level": level} for level in ("ordinal", "interval", "ratio", "set")]
    refused = 0
    for name in FUNCTIONS:
        for options in [{}, *(levels if name == "krippendorff_alpha" else [])]:
            try:
                call(name, DATA[kind], **options)
            except ProlificError:
                refused += 1
    assert refused or kind not in ("None", "string", "list", "dict", "series", "array", "nothing", "no label", "twice")


@pytest.mark.parametrize(
    ("name", "option"),
    [(name, each) for name in FUNCTIONS for each in inspect.signature(FUNCTIONS[name]).parameters if each in WRONG],
)
def test_an_option_of_the_wrong_kind_is_refused_by_name(name: str, option: str) -> None:
    for value in WRONG[option]:
        with pytest.raises(ProlificError) as caught:
            call(name, FRAME, **{option: value})
        said = str(caught.value)
        assert option in said or repr(value) in said or option in ("left", "gold", "weights", "questions"), said


def test_right_values_of_unusual_types_are_accepted() -> None:
    want = analysis.gwet_ac(FRAME, weights="linear", categories=[1, 2, 3]).value
    for categories in ((1, 2, 3), range(1, 4), np.array([1, 2, 3]), pd.Series([1, 2, 3]), {1: "a", 2: "b", 3: "c"}):
        assert analysis.gwet_ac(FRAME, weights="linear", categories=categories).value == want
    assert analysis.fleiss_kappa(FRAME, draws=np.int64(50), seed=np.int32(3)).value
    assert analysis.weighted_vote(FRAME, weights={"a": np.float32(1), "b": 1}).labels.notna().all()


def test_a_set_of_categories_has_no_order() -> None:
    words = FRAME.assign(value=[*"xyyyxx"])
    assert analysis.count(words, categories={"y", "x", "a"}).categories == ("a", "x", "y")
    with pytest.raises(DataError, match="needs the order of the categories"):
        analysis.gwet_ac(words, weights="linear", categories={"y", "x", "a"})


def test_the_type_is_named() -> None:
    with pytest.raises(ArgumentTypeError, match="draws is 'many'; use a whole number of at least 1"):
        analysis.icc(FRAME, draws="many")
    with pytest.raises(ArgumentTypeError, match="is a single string; it would be split into characters"):
        analysis.count(FRAME, categories="123")
    with pytest.raises(TypeError, match=r"unit is \['row'\], a list; use the name of one column"):
        analysis.plurality(FRAME, unit=["row"])


@pytest.mark.parametrize(
    ("call", "problem"),
    [
        (lambda: analysis.RunningAlpha(categories="ab"), "categories='ab' is a single string"),
        (lambda: analysis.RunningAlpha(categories=["a", "b", "a"]), "a label more than once"),
        (
            lambda: analysis.RunningAlpha().add(1, "p", ["a"]),
            "is a list; pass a set of options as a frozenset",
        ),
        (lambda: analysis.RunningAlpha().update(FRAME), "answers is a DataFrame. Pass tuples"),
        (lambda: analysis.RunningAlpha().update(["abc"]), "answers contains 'abc'"),
        (lambda: analysis.Rules(without="too fast"), "without='too fast' is a single string"),
        (lambda: analysis.Rules(without=None), "without is None"),
        (lambda: analysis.needs_more(FRAME, units=[1, None]), "units contains None"),
        (lambda: analysis.needs_more(FRAME, units=[["a"]]), r"units contains \['a'\]"),
        (lambda: analysis.flags(FRAME.assign(submission_id="s"))[["flag"]].to_review(), "nothing to review"),
    ],
)
def test_what_people_pass_by_mistake_is_refused_by_name(call: Any, problem: str) -> None:
    with pytest.raises(ProlificError, match=problem):
        call()


def test_minutes_of_submissions_that_are_no_numbers_are_refused() -> None:
    submissions = pd.DataFrame({"submission_id": ["s"], "minutes": ["five"]})
    with pytest.raises(DataError, match=r"(?s)submissions=.*minutes.*the first is five"):
        analysis.annotators(FRAME.assign(submission_id="s"), submissions=submissions)


def test_advice_on_labels_that_are_no_numbers_fits_the_function() -> None:
    words = FRAME.assign(value=list("xyxyxy"))
    with pytest.raises(DataError, match=r"pd\.to_numeric\(frame\[\.\.\.\]\)\.$"):
        analysis.mean(words)
    with pytest.raises(DataError, match="or use level='nominal'"):
        analysis.krippendorff_alpha(words, level="interval")


def test_questions_that_are_numbers_are_listed_as_such() -> None:
    frame = pd.concat([FRAME.assign(question=number) for number in (1, 2)])
    with pytest.raises(DataError, match="no codebook: 1; 2"):
        agreement(frame)
