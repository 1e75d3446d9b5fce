"""What is no label, labels that only look different, and columns of other people's tables."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from math import fsum
from typing import Any

import numpy as np
import pandas as pd
import pytest

from prolific_nb import agreement, analysis
from prolific_nb.analysis import brennan_prediger, cohen_kappa, count, gwet_ac, icc, krippendorff_alpha
from prolific_nb.errors import DataError, ProlificError

Colour = Enum("Colour", ["RED", "BLUE"])


def frame_of(labels: Any, **columns: Any) -> pd.DataFrame:
    n = len(labels)
    base = {"row": [i // 2 for i in range(n)], "participant_id": [f"p{i % 2}" for i in range(n)], "value": labels}
    return pd.DataFrame(base | columns)


@pytest.mark.parametrize("blank", ["", "  \t\n", "\u00a0", "\u200b", "\ufeff\u2060", "\u3000"])
@pytest.mark.parametrize("dtype", [object, "str", "string", "category"])
def test_blank_text_is_left_out_counted_and_said(blank: str, dtype: Any) -> None:
    frame = frame_of(pd.Series(["x", "y", *[blank] * 4], dtype=dtype))
    counts = count(frame)
    assert (counts.n_ratings, counts.n_units, counts.n_blank, counts.n_missing) == (2, 1, 4, 0)
    assert counts.categories == ("x", "y")
    assert repr(counts) == "Counts(2 labels of 1 unit by 2 annotators, 2 categories; 4 blank labels left out)"
    percent = analysis.percent_agreement(frame)
    assert percent.value == 0
    assert "4 blank labels left out." in str(percent)
    for vote in (analysis.plurality, analysis.dawid_skene, analysis.weighted_vote):
        assert vote(frame).posteriors.columns.tolist() == ["x", "y"]
        assert "4 blank labels left out." in repr(vote(frame))
    report = agreement(frame, draws=5)
    assert "4 blank labels left out." in report.words
    coded = [{"question": "Q", "kind": "single", "type": "multiple_choice", "options": ["x", "y"]}]
    with_codebook = agreement(frame, questions=coded, draws=5)
    assert "not among the options" not in with_codebook.words
    assert "4 blank labels left out." in with_codebook.words


def test_blank_and_missing_categories_are_not_offered() -> None:
    frame = frame_of(["x", "y", "", "x"])
    given = brennan_prediger(frame, categories=["x", "y", "", None])
    assert given.value == brennan_prediger(frame, categories=["x", "y"]).value
    typed = pd.Categorical(["x", "y", " ", "x"], categories=["x", "y", " ", "z"])
    assert count(frame.assign(value=typed)).categories == ("x", "y", "z")


def test_blank_picks_and_choices_and_names() -> None:
    sets = frame_of([["a"], [""], "", [" ", "a"]])
    result = krippendorff_alpha(sets, level="set", draws=5)
    assert (result.n_ratings, "1 blank label left out." in result.note) == (3, True)
    chosen = analysis.preference(frame_of(["left", "", "right", " "]), left="a", right="b", draws=5)
    assert (chosen.n_ratings, "2 blank labels left out." in chosen.note) == (2, True)
    nobody = count(frame_of(["x", "y", "x", "y"], participant_id=["p", " ", "p", "\u200b"]))
    assert (nobody.n_unplaced, nobody.n_annotators) == (2, 1)
    with pytest.raises(DataError, match="1 comparison without the name of an item"):
        analysis.preference(frame_of(["left"], l=[""], r=["b"]), left="l", right="r", items="values")


def test_a_float_that_is_nan_in_a_nullable_column_is_missing() -> None:
    column = pd.Series([0.0, 1.0, 1.0, 0.0], dtype="Float64")
    counts = count(frame_of(column / pd.Series([0.0, 1.0, 1.0, 1.0], dtype="Float64")))
    assert (counts.categories, counts.n_missing) == ((0.0, 1.0), 1)


@pytest.mark.parametrize("word", ["nan", "n/a", "none", "NULL", "NA", "<NA>"])
def test_words_for_nothing_are_labels_with_a_note(word: str) -> None:
    frame = frame_of(["x", word, "x", word])
    counts = count(frame)
    assert counts.n_ratings == 4
    assert f"{word!r} (2 labels)" in analysis.percent_agreement(frame).note
    assert not count(frame, categories=["x", word]).notes


@pytest.mark.parametrize(
    ("labels", "pair"),
    [
        ([1, "1"], "1 and '1'"),
        (["Yes", "yes "], "'Yes' and 'yes '"),
        ([1.5, "1.50"], "1.5 and '1.50'"),
        ([True, "true"], "True and 'true'"),
        (["a  b", "a b"], "'a  b' and 'a b'"),
        (["caf\u00e9", "cafe\u0301"], "'caf\u00e9' and 'cafe\u0301'"),
        ([Decimal("2.0"), " 2"], "Decimal('2.0') and ' 2'"),
        ([frozenset(["Yes"]), frozenset(["yes"])], "'Yes' and 'yes'"),
        (["\uff11", "1"], "'\uff11' and '1'"),
        (["a\u00a0b", "a b"], "'a\\xa0b' and 'a b'"),
        ([1000, "1,000"], "1000 and '1,000'"),
        ([1000.0, "1e3"], "1000.0 and '1e3'"),
        ([0.5, ".5"], "0.5 and '.5'"),
        ([-1, "\u22121"], "-1 and '\u22121'"),
        ([b"yes", "yes"], "b'yes' and 'yes'"),
        ([Decimal("0.1"), 0.1], "Decimal('0.1') and 0.1"),
    ],
)
def test_labels_that_differ_in_form_only_are_named(labels: list[Any], pair: str) -> None:
    frame = frame_of(pd.Series(labels * 2, dtype=object))
    (note,) = count(frame).notes
    one, other = pair.split(" and ")
    assert {pair, f"{other} and {one}"} & set(note.split(": ")[1].split(". ")[0].split(", "))
    assert "only in type, case, spacing or notation" in note
    assert note in str(analysis.percent_agreement(frame))


def test_numbers_that_are_equal_or_huge_have_no_gaps_between_them() -> None:
    for labels in ([Decimal("0.1"), 0.1, 1, 2], [10**400, 1, 2, 4], [float("inf"), 1, 2, 4]):
        frame = frame_of(pd.Series(labels, dtype=object))
        assert "gaps" not in gwet_ac(frame, draws=5).note
        assert agreement(frame, draws=5).words


def test_different_labels_have_no_note() -> None:
    assert count(frame_of(["1,5", "15", "1.5", "-", "5-1", "51"])).notes == ()
    assert count(frame_of(["yes", "no", "yes!", "1", "11", "10"])).notes == ()
    assert count(frame_of([1, 2, 11, 10])).notes == ()


def test_true_and_one_are_said_to_be_one_label() -> None:
    assert count(frame_of(pd.Series([True, 1, 1.0, False], dtype=object))).notes == (
        "Counted as one label, because Python takes them for equal: True and 1.",
    )
    assert count(frame_of(pd.Series([True, False, None, True], dtype=object))).notes == ()


@pytest.mark.parametrize(
    "labels",
    [[1, date(2024, 1, 1)], [(1, "a"), ("a", 1)], [Colour.RED, Colour.BLUE], [1, (1, 2)], [b"x", 3]],
)
def test_labels_that_cannot_be_sorted_are_refused_in_words(labels: list[Any]) -> None:
    column = pd.Series(labels * 2, dtype=object)
    with pytest.raises(DataError, match=r"cannot be sorted.*categories="):
        count(frame_of(column))
    assert count(frame_of(column), categories=labels).n_ratings == 4
    with pytest.raises(ProlificError, match="not single values"):
        count(frame_of(["x", "y"], row=[[1], [2]]))


def test_decimals_and_fractions_are_numbers() -> None:
    plain = frame_of([1.5, 2.5, 3.0, 3.5, 1.0, 1.5])
    for kind in (Decimal, Fraction):
        frame = plain.assign(value=plain["value"].map(lambda x, kind=kind: kind(str(x))).astype(object))
        assert icc(frame, draws=5).value == icc(plain, draws=5).value
        for level in ("ordinal", "interval", "ratio"):
            assert krippendorff_alpha(frame, level=level).value == krippendorff_alpha(plain, level=level).value


def test_a_missing_unit_does_not_put_its_label_on_offer() -> None:
    frame = frame_of(["x", "y", "x", "x", "z", "w"], row=[0, 0, 1, 1, None, 2])
    frame.loc[5, "participant_id"] = None
    assert count(frame).categories == ("x", "y")
    assert count(frame, categories=["x", "y"]).n_unplaced == 2


def test_question_is_only_a_column_where_the_columns_are_named() -> None:
    crowd = pd.DataFrame({"question": ["q1", "q1", "q2", "q2"], "worker": [*"abab"], "answer": [*"xxyx"]})
    counts = count(crowd, unit="question", annotator="worker", label="answer")
    assert (counts.n_units, counts.n_ratings) == (2, 4)
    report = agreement(crowd, unit="question", annotator="worker", label="answer", draws=5)
    assert report.table["n_units"].tolist()[0] == 2
    text = crowd.rename(columns={"question": "item"}).assign(question=["Who?", "Who?", "When?", "When?"])
    assert count(text, unit="item", annotator="worker", label="answer").n_units == 2
    assert len(agreement(text, unit="item", annotator="worker", label="answer", by="question", draws=5).slices) == 2
    valued = text.rename(columns={"answer": "value"})
    assert count(valued, unit="item", annotator="worker", label="value").n_units == 2
    mixed = valued.assign(question=["Who?", "When?"] * 2)
    with pytest.raises(DataError, match="2 questions"):
        count(mixed, unit="item", annotator="worker", label="value")


@pytest.mark.parametrize("label", ["value", "option_id"])
def test_question_divides_a_tidy_frame_whichever_columns_are_named(label: str) -> None:
    """Even where each unit has one question, so that nothing else shows that the answers differ in their question."""
    ours = ["response_id", "participant_id", "submission_id", "task_id", "instruction_id", "question", "value"]
    tidy = pd.DataFrame({name: [*"wxyz"] for name in ours}).assign(
        row=[0, 0, 1, 1], question=["Good?"] * 2 + ["Bad?"] * 2
    )
    tidy = tidy.assign(option_id=tidy["value"])
    with pytest.raises(DataError, match=r"2 questions: 'Good\?', 'Bad\?'"):
        count(tidy, unit="row", label=label)
    with pytest.raises(DataError, match="2 questions"):
        agreement(tidy, unit="row", label=label, draws=5)


@pytest.mark.parametrize("named", [{}, {"unit": "row"}])
def test_a_question_column_that_cannot_be_read_is_refused_in_words(named: dict[str, str]) -> None:
    frame = frame_of(["x", "y", "x", "x"], question=[["Good?"]] * 4)
    for read in (count, agreement):
        with pytest.raises(DataError, match="column 'question': Its cells are not single values"):
            read(frame, **named)
        with pytest.raises(DataError, match="column 'row': Its cells are not single values"):
            read(frame.assign(question="Good?", row=[[1], [1], [2], [2]]), **named)
    twice = frame.assign(question="Good?")
    twice.insert(0, "question", "Bad?", allow_duplicates=True)
    for read in (count, agreement):
        with pytest.raises(DataError, match="column 'question': Several columns have this name"):
            read(twice)


def test_integers_beyond_the_range_of_a_float_are_labels_units_and_items() -> None:
    huge = 10**400
    frame = frame_of(pd.Series([huge, 1, huge, huge], dtype=object))
    plain = frame.assign(value=[3, 1, 3, 3])
    for coefficient in (analysis.percent_agreement, krippendorff_alpha, cohen_kappa):
        assert coefficient(frame, draws=5).value == coefficient(plain, draws=5).value
    assert count(frame, categories=[1, huge]).categories == (1, huge)
    found = analysis.dawid_skene(frame, gold={0: huge})
    assert found.labels.tolist() == [huge, huge]
    assert analysis.plurality(frame, ties="first").labels.tolist() == [1, huge]
    turned = frame_of([*"xyxx"], row=pd.Series([huge, huge, 2, 2], dtype=object))
    assert analysis.dawid_skene(turned, gold={huge: "y"}).labels[huge] == "y"
    sides = {"l": pd.Series([huge, 1], dtype=object), "r": pd.Series([1, huge], dtype=object)}
    chosen = analysis.preference(frame_of(["left", "right"], **sides), left="l", right="r", items="values", draws=5)
    assert chosen.table["item"].tolist() == [huge, 1]


@pytest.mark.parametrize(
    "names", [[Colour.RED, Colour.BLUE], [(1, "a"), ("a", 1)], [["a"], ["b"]], [{"a": 1}, {"b": 1}]]
)
def test_items_that_cannot_be_sorted_are_refused_in_words(names: list[Any]) -> None:
    sides = {"l": pd.Series(names, dtype=object), "r": pd.Series(names[::-1], dtype=object)}
    frame = frame_of(["left", "right"], **sides)
    with pytest.raises(DataError, match=r"names that can be sorted.*frame\['l'\].map\(str\)"):
        analysis.preference(frame, left="l", right="r", items="values", draws=5)
    texts = frame.assign(l=frame["l"].map(str), r=frame["r"].map(str))
    assert len(analysis.preference(texts, left="l", right="r", items="values", draws=5).table) == 2


def test_texts_to_compare_may_be_lists() -> None:
    turns = frame_of(["left", "right"], l=[["Hi"], ["Bye"]], r=[["Hello"], ["Ciao"]], row=[0, 1])
    assert analysis.preference(turns, left="l", right="r", draws=5).n_ratings == 2


def test_reading_comprehension_data_may_have_several_questions_per_unit() -> None:
    qa = pd.DataFrame({"context": ["c", "c", "d", "d"], "question": ["Who?", "When?", "Who?", "Who?"]})
    qa = qa.assign(annotator=[*"abab"], answer=[*"xxyx"], id=[1, 1, 2, 2], value=0, row=9, task_id="t", type="span")
    for unit in ("context", "id", "question"):
        counts = count(qa, unit=unit, annotator="annotator", label="answer", duplicates="keep")
        assert (counts.n_units, counts.n_ratings) == (2, 4)
        assert agreement(qa[qa["id"] == 2], unit=unit, annotator="annotator", label="answer", draws=5).words
    whole = agreement(qa, unit="id", annotator="annotator", label="answer", by="question", draws=5)
    assert whole.table["question (slice)"].unique().tolist() == ["When?", "Who?"]


def test_columns_named_like_ours_are_only_columns() -> None:
    rated = pd.DataFrame({"participant_id": [1, 1, 2, 2], "coder": [*"abab"], "code": [*"xxyx"], "value": 7, "run": 1})
    rated = rated.assign(type="t", slot=2, created_at="yesterday")
    assert count(rated, unit="participant_id", annotator="coder", label="code").n_units == 2
    assert "Fleiss" in agreement(rated, unit="participant_id", annotator="coder", label="code", draws=5).to_methods()


def test_codes_are_combined_beyond_32_bits() -> None:
    """80,000 annotators times 60,000 units, and 60,000 categories: the codes of pairs are beyond 2**32."""
    n, rng = 60_000, np.random.default_rng(0)
    who = rng.permutation(2 * n) % 80_000
    frame = pd.DataFrame({"row": np.arange(n).repeat(2), "participant_id": who, "value": rng.integers(0, 3, 2 * n)})
    frame = frame[~frame.duplicated(["row", "participant_id"])]
    met = {tuple(sorted(pair)) for pair in who.reshape(-1, 2).tolist() if pair[0] != pair[1]}
    found = analysis.pairwise_agreement(frame)
    assert set(zip(found["annotator_1"], found["annotator_2"], strict=True)) == met
    wide = count(frame.assign(value=rng.permutation(2 * n)[: len(frame)] // 2))
    two = pd.DataFrame({"row": [0, 0, 1, 1], "participant_id": [*"abab"], "value": [69_998, 69_999, 69_999, 69_999]})
    (pair,) = analysis.pairwise_agreement(two, categories=range(70_000)).itertuples()
    assert (pair.agreement, pair.kappa) == (0.5, 0.0)  # each of the two agrees with the other by chance in a half
    apart = analysis.unit_disagreement(wide)
    values = pd.Series(np.array(wide.categories)[wide.labels]).groupby(wide.units).nunique()
    assert (apart["agreement"] == 1).sum() == (values[wide.per_unit > 1] == 1).sum()


def test_gaps_in_a_scale_are_said_with_the_value_without_them() -> None:
    frame = frame_of([1, 2, 2, 2, 5, 1, 1, 1, 5, 5])
    for coefficient, weights in ((gwet_ac, "ordinal"), (brennan_prediger, "linear"), (cohen_kappa, "quadratic")):
        full = coefficient(frame, weights=weights, categories=[1, 2, 3, 4, 5])
        note = coefficient(frame, weights=weights).note
        assert (
            f"no label is 3, 4. With all points from 1 to 5 as categories the value would be {full.value:.2f}" in note
        )
        assert "gaps" not in full.note
        typed = frame.assign(value=frame["value"].astype("category").cat.as_ordered())
        assert "gaps" not in coefficient(typed, weights=weights).note
    assert "no label is 1.5." in gwet_ac(frame_of([0.5, 1, 2, 0.5]), weights="linear").note
    assert "gaps" not in gwet_ac(frame_of([1, 2, 3, 3]), weights="linear").note
    assert "gaps" not in gwet_ac(frame_of([1, 2, 1000, 3]), weights="linear").note


def test_notes_are_printed_and_no_zero_has_a_sign() -> None:
    same = analysis.percent_agreement(frame_of(["x", "x"] * 40))
    assert "Every resample gives the same value" in str(same)
    zero = analysis.Coefficient("κ", -0.0004, -0.001, 0.2, 0.1, 0.5, 0.5, 10, 0, 20)
    assert str(zero) == "κ = 0.00, 95 % interval 0.00 to 0.20, 10 units"
    balanced = analysis.fleiss_kappa(frame_of(["x", "y", "y", "x", "x", "x", "y", "y"]))
    assert not np.signbit(balanced.value)


@pytest.mark.parametrize("turn", [False, True])
def test_undefined_correlations_have_true_reasons(turn: bool) -> None:
    table = [[0, 0, 1], [0, 1, 0]]
    rows = [
        (u, f"p{a}", x)
        for u, unit in enumerate(zip(*table, strict=True) if turn else table)
        for a, x in enumerate(unit)
    ]
    frame = pd.DataFrame(rows, columns=["row", "participant_id", "value"])
    result = icc(frame, form="2,k")
    assert np.isnan(result.value)
    assert "ICC(2,k) divides, is not above 0" in result.note
    additive = frame_of([1, 2, 1, 2, 1, 2])
    assert "except that some annotators give larger numbers" in icc(additive, form="3,1").note
    assert "means of the units do not vary" in icc(frame_of([1, 2, 2, 1]), form="1,k").note
    assert "there is only one unit" in icc(frame_of([1, 2])).note
    coarse = icc(frame_of([1e6, 1e6, 1e6, 1e6 + 1e-9, 1e6, 1e6]), form="3,k")
    assert "differ too little, for their size" in coarse.note
    assert "do not vary" in icc(frame_of([0.1 + 0.2, 0.3, 0.3, 0.1 + 0.2])).note


def test_close_ratios_are_as_exact_as_wide_ones() -> None:
    values = 1e8 + np.arange(400) % 390
    frame = frame_of(values)
    exact = values.tolist()  # whole numbers, so that each term has no rounding but that of its division
    far = fsum(((a - b) / (a + b)) ** 2 for a in exact for b in exact) / (400 * 399)
    near = fsum(2 * ((a - b) / (a + b)) ** 2 for a, b in zip(exact[::2], exact[1::2], strict=True)) / 400
    assert krippendorff_alpha(frame, level="ratio").value == pytest.approx(1 - near / far, abs=1e-9)


def test_a_win_rate_near_a_half_cannot_be_told_apart() -> None:
    even = analysis.preference(frame_of(["left", "right"] * 50 + ["left", "left"]), left="a", right="b")
    assert "the interval contains 0.5, so 'a' and 'b' cannot be told apart" in repr(even)
    tied = analysis.preference(frame_of(["left", "right"] * 50), left="a", right="b")
    assert "'a', 'b' have the same win rate, 0.50" in repr(tied)
    clear = analysis.preference(frame_of(["left", "left", "left", "right"] * 30), left="a", right="b")
    assert "told apart" not in repr(clear)
