"""What must hold for any labels, for every coefficient."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from prolific_nb.analysis import (
    brennan_prediger,
    cohen_kappa,
    conger_kappa,
    count,
    fleiss_kappa,
    gwet_ac,
    icc,
    krippendorff_alpha,
    percent_agreement,
    scott_pi,
)
from prolific_nb.errors import DataError

NOMINAL = {
    "percent": percent_agreement,
    "fleiss": fleiss_kappa,
    "conger": conger_kappa,
    "bp": brennan_prediger,
    "ac1": gwet_ac,
    "alpha": krippendorff_alpha,
}
ORDERED = {
    "bp linear": partial(brennan_prediger, weights="linear"),
    "bp quadratic": partial(brennan_prediger, weights="quadratic"),
    "bp ordinal": partial(brennan_prediger, weights="ordinal"),
    "ac2 linear": partial(gwet_ac, weights="linear"),
    "ac2 quadratic": partial(gwet_ac, weights="quadratic"),
    "ac2 ordinal": partial(gwet_ac, weights="ordinal"),
    "ordinal alpha": partial(krippendorff_alpha, level="ordinal"),
}
NUMBERS = {
    "interval alpha": partial(krippendorff_alpha, level="interval"),
    "ratio alpha": partial(krippendorff_alpha, level="ratio"),
}
VARIANCES = {"icc(1,1)": icc, "icc(1,k)": partial(icc, form="1,k")}
TWO = {
    "cohen": cohen_kappa,
    "scott": scott_pi,
    "cohen linear": partial(cohen_kappa, weights="linear"),
    "cohen quadratic": partial(cohen_kappa, weights="quadratic"),
}
MANY = NOMINAL | ORDERED | NUMBERS | VARIANCES
ALL = MANY | TWO


def frame_of(units):
    """From a list of labels per unit, None where an annotator gave none."""
    given = [(row, f"p{who}", x) for row, unit in enumerate(units) for who, x in enumerate(unit) if x is not None]
    return pd.DataFrame(given, columns=["row", "participant_id", "value"]).astype({"value": float})


def tables(annotators):
    answer = st.one_of(st.none(), st.sampled_from([1, 2, 3, 4]), st.sampled_from([1, 2]))
    unit = st.lists(answer, min_size=annotators, max_size=annotators)
    return st.lists(unit, min_size=2, max_size=15).filter(lambda units: any(x is not None for u in units for x in u))


def table_for(name):
    return tables(2 if name in TWO else 4)


def counted(frame, name=""):
    """With the same categories always, so that those that drop out of a part of the frame still count."""
    return count(frame, categories=[1.0, 2.0, 3.0, 4.0])


@pytest.mark.parametrize("name", ALL)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_order_of_rows_and_names_of_units_and_annotators_change_nothing(name, data):
    frame = frame_of(data.draw(table_for(name)))
    before = ALL[name](counted(frame), draws=20)
    moved = frame.iloc[data.draw(st.permutations(range(len(frame))))]
    who = dict(zip("0123", data.draw(st.permutations("wxyz")), strict=True))
    moved = moved.assign(participant_id=moved["participant_id"].str[1].map(who), row=-moved["row"])
    after = ALL[name](counted(moved), draws=20)
    assert (after.value, after.se) == pytest.approx((before.value, before.se), abs=1e-9, nan_ok=True)
    assert after.note.startswith("Undefined") == before.note.startswith("Undefined") == math.isnan(before.value)


@pytest.mark.parametrize("name", NOMINAL | {"cohen": 0, "scott": 0})
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_names_of_labels_change_no_nominal_value(name, data):
    frame = frame_of(data.draw(table_for(name)))
    renamed = frame.assign(
        value=frame["value"].map(dict(zip([1, 2, 3, 4], data.draw(st.permutations("abcd")), strict=True)))
    )
    before = ALL[name](counted(frame), draws=1).value
    after = ALL[name](renamed, categories=list("abcd"), draws=1).value
    assert after == pytest.approx(before, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("name", ORDERED | NUMBERS | TWO)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_order_may_be_turned_round_and_a_scale_stretched(name, data):
    frame = frame_of(data.draw(table_for(name)))
    before = ALL[name](counted(frame), draws=1).value
    new = [10.0, 20.0, 30.0, 40.0] if name == "ratio alpha" else [45.0, 35.0, 25.0, 15.0]
    changed = frame.assign(value=frame["value"].map(dict(zip([1, 2, 3, 4], new, strict=True))))
    assert ALL[name](changed, categories=new, draws=1).value == pytest.approx(before, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("name", sorted(set(ALL) - {"alpha", "ordinal alpha", *NUMBERS, *VARIANCES}))
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_every_unit_twice_changes_nothing_and_narrows_the_error(name, data):
    frame = frame_of(data.draw(table_for(name)))
    twice = pd.concat([frame, frame.assign(row=frame["row"] + 100)])
    once, more = ALL[name](counted(frame), draws=1), ALL[name](counted(twice), draws=1)
    assert more.value == pytest.approx(once.value, abs=1e-9, nan_ok=True)
    if name == "percent" and once.se > 1e-9:
        assert more.se < once.se


@pytest.mark.parametrize("name", ["alpha", "ordinal alpha", *NUMBERS])
def test_many_copies_bring_alpha_to_a_limit(name):
    """α takes pairs of different labels for chance, which matters less the more labels there are."""
    frame = frame_of([[1, 2, 2, 1], [3, 3, 3, None], [4, 4, 2, 4], [1, 1, 1, 1]])
    values = [
        ALL[name](pd.concat([frame.assign(row=frame["row"] + 10 * i) for i in range(n)]), draws=1) for n in (1, 50, 100)
    ]
    first, fifty, hundred = (each.value for each in values)
    assert abs(hundred - fifty) < abs(hundred - first) / 20


@pytest.mark.parametrize("name", ALL)
@settings(max_examples=20, deadline=None)
@given(kinds=st.lists(st.sampled_from([1, 2, 3, 4]), min_size=2, max_size=10).filter(lambda kinds: len(set(kinds)) > 1))
def test_full_agreement_with_several_categories_is_one(name, kinds):
    result = ALL[name](frame_of([[kind] * (2 if name in TWO else 3) for kind in kinds]), draws=20)
    assert result.value == 1


@pytest.mark.parametrize("name", ["fleiss", "conger", "alpha", "ordinal alpha", *NUMBERS, "icc(1,1)", *TWO])
def test_independent_labels_in_unequal_numbers_are_about_zero(name):
    rng = np.random.default_rng(7)
    width = 2 if name in TWO else 6
    labels = rng.choice([1.0, 2.0, 4.0], (6000, width), p=[0.6, 0.3, 0.1])
    labels[rng.random(labels.shape) < 0.4] = np.nan
    unit, who = np.nonzero(~np.isnan(labels))
    frame = pd.DataFrame({"row": unit, "participant_id": who.astype(str), "value": labels[unit, who]})
    assert ALL[name](frame, draws=1).value == pytest.approx(0, abs=0.03)


@pytest.mark.parametrize(
    "name", sorted(set(ALL) - {"percent", "bp", "ac1", *(n for n in ORDERED if n[:2] in ("bp", "ac"))})
)
def test_one_category_in_use_is_undefined_in_words(name):
    result = ALL[name](frame_of([[2, 2], [2, 2], [2, None]]).assign(), draws=20)
    assert math.isnan(result.value)
    assert math.isnan(result.low)
    assert "only one category is in use" in result.note or "do not vary" in result.note


@pytest.mark.parametrize("name", ["bp", "ac1", "bp linear", "ac2 quadratic", "ac2 ordinal"])
def test_one_category_of_several_on_offer_is_full_agreement(name):
    frame = frame_of([[2, 2], [2, 2]])
    assert ALL[name](counted(frame), draws=20).value == 1
    alone = ALL[name](frame, draws=20)
    assert math.isnan(alone.value)
    assert "pass all of them as categories=" in alone.note


@pytest.mark.parametrize("name", sorted(set(ALL) - set(VARIANCES)))
def test_no_pair_of_labels_is_undefined_in_words(name):
    result = ALL[name](frame_of([[1, None], [None, 2]]), draws=20)
    assert math.isnan(result.value)
    assert "no unit has two labels" in result.note


@pytest.mark.parametrize("name", ALL)
def test_no_label_is_undefined_in_words(name):
    result = ALL[name](frame_of([[1, 2]]).assign(value=np.nan), draws=20)
    assert math.isnan(result.value)
    assert "there is no label" in result.note


@pytest.mark.parametrize("name", sorted(set(NOMINAL) - {"bp", "ac1"} | {"ordinal alpha", "cohen", "scott"}))
def test_options_nobody_chose_do_not_count(name):
    frame = frame_of([[1, 2], [2, 2], [4, 4], [1, 1]])
    less = ALL[name](frame, draws=1).value
    assert ALL[name](frame, categories=[0.0, 1.0, 2.0, 3.0, 4.0, 5.0], draws=1).value == pytest.approx(less, abs=1e-12)


@pytest.mark.parametrize("name", ["bp", "ac1", "bp linear", "ac2 linear", "cohen linear"])
def test_options_nobody_chose_count_for_chance_and_ranks(name):
    frame = frame_of([[1, 2], [2, 2], [4, 4], [1, 4], [2, 1]])
    more = ALL[name](frame, categories=[1.0, 2.0, 3.0, 4.0], draws=1).value
    assert ALL[name](frame, draws=1).value != pytest.approx(more, abs=1e-3)


@pytest.mark.parametrize("name", [*ORDERED, "cohen linear"])
def test_words_have_no_order_until_one_is_given(name):
    frame = frame_of([[1, 2], [2, 2], [3, 3]]).assign(value=["bad", "fair", "fair", "fair", "good", "good"])
    with pytest.raises(DataError, match=r"needs the order.*'bad', 'fair', 'good'.*categories="):
        ALL[name](frame)
    ordered = pd.Categorical(frame["value"], categories=["bad", "fair", "good"], ordered=True)
    given = ALL[name](frame, categories=["bad", "fair", "good"], draws=1)
    assert ALL[name](frame.assign(value=ordered), draws=1) == given


@pytest.mark.parametrize("name", [*NUMBERS, *VARIANCES])
def test_words_are_no_numbers(name):
    for strange in ["many", math.inf]:
        frame = frame_of([[1, 2], [2, 2]]).astype({"value": object})
        frame.loc[0, "value"] = strange
        with pytest.raises(DataError, match=f"finite numbers; not a number: {strange!r}"):
            ALL[name](frame)


def test_ratios_need_a_zero_point():
    with pytest.raises(DataError, match=r"negative: -1\.0.*level='interval'"):
        krippendorff_alpha(frame_of([[1, -1], [2, 2]]), level="ratio")


@pytest.mark.parametrize("name", TWO)
def test_two_means_two(name):
    with pytest.raises(DataError, match=r"There are 3 annotators.*fleiss_kappa"):
        ALL[name](frame_of([[1, 2, 1], [2, 2, 2]]))
    twice = frame_of([[1, 2], [2, 2]])
    repeated = count(pd.concat([twice, twice.iloc[:1]]), duplicates="keep")
    with pytest.raises(DataError, match="same unit more than once"):
        ALL[name](repeated)


@pytest.mark.parametrize("name", TWO)
def test_units_of_one_of_the_two_are_left_out_and_counted(name):
    units = [[1, 2], [2, 2], [3, 3], [1, 1], [3, 2]]
    result = ALL[name](frame_of([*units, [3, None], [None, 3]]), draws=1)
    assert result.value == pytest.approx(ALL[name](frame_of(units), draws=1).value, abs=1e-12)
    assert "2 units labelled by only one of the two left out" in result.note


@pytest.mark.parametrize("form", ["2,1", "2,k", "3,1", "3,k"])
def test_two_way_forms_need_a_complete_table(form):
    with pytest.raises(DataError, match=r"every annotator on every unit: 2 units and 3 annotators would make 6 labels"):
        icc(frame_of([[1, 2, 3], [1, 2, None]]), form=form)


def test_sets_are_refused_by_name_if_they_are_none():
    with pytest.raises(DataError, match="needs sets of options; not a set: 'good'"):
        krippendorff_alpha(frame_of([[1, 2]]).assign(value="good"), level="set")
    with pytest.raises(DataError, match=r"needs sets of options; not a set: 1\.0, 2\.0"):
        krippendorff_alpha(count(frame_of([[1, 2]])), level="set")


def test_no_answer_is_missing_and_an_empty_set_is_an_answer():
    units = [[[], []], [["a"], ["a", "b"]], [["b"], ["b"]], [None, ["a"]]]
    given = [(row, f"p{who}", x) for row, unit in enumerate(units) for who, x in enumerate(unit)]
    frame = pd.DataFrame(given, columns=["row", "participant_id", "value"])
    result = krippendorff_alpha(frame, level="set", distance="jaccard", draws=1)
    assert (result.n_ratings, result.n_units, result.n_single) == (7, 4, 1)
    assert result.observed == pytest.approx((1 + 1 / 2 + 1) / 3)
    assert "1 row without a label left out" in result.note


@pytest.mark.parametrize("name", sorted(set(ALL) - set(VARIANCES)))
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_value_is_observed_against_expected(name, data):
    result = ALL[name](counted(frame_of(data.draw(table_for(name)))), draws=1)
    assume(not math.isnan(result.value))
    assert result.value == pytest.approx((result.observed - result.expected) / (1 - result.expected), abs=1e-9)
    assert -1e-9 <= result.expected <= result.observed + 2
