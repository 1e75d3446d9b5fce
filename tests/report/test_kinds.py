"""The kind of a question decides how it is scored."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from prolific_nb.analysis import cohen_kappa, gwet_ac, icc, krippendorff_alpha
from prolific_nb.design.codebook import Question
from prolific_nb.errors import DataError
from prolific_nb.report import agreement

STARS = Question("How many stars?", "scale", "multiple_choice", (1, 2, 3, 4, 5), tuple("12345"), 1)
SIZE = Question("How large?", "scale", "multiple_choice", ("small", "medium", "large"), ("S", "M", "L"), 1)
TOPICS = Question("Which topics?", "many", "multiple_choice", ("price", "battery", "looks"), ("P", "B", "L"))
PRICE = Question("Which price?", "number", "free_text_with_unit", units=("USD", "cent"))


def values(rows, question, **more):
    """One row per (unit, annotator, value)."""
    frame = pd.DataFrame(rows, columns=["row", "participant_id", "value"]).assign(question=question.question)
    return frame.assign(**more)


@pytest.fixture
def stars():
    rng = np.random.default_rng(3)
    truth = rng.integers(1, 6, 40)
    rows = [(f"r{u}", f"p{k}", str(np.clip(truth[u] + rng.integers(-1, 2), 1, 5))) for u in range(40) for k in range(3)]
    return values(rows, STARS)


@pytest.fixture
def topics():
    rng = np.random.default_rng(5)
    rows = []
    for unit in range(40):
        true = [each for each in TOPICS.options if rng.random() < 0.5]
        for who in "abc":
            picks = [each for each in TOPICS.options if (each in true) != (rng.random() < 0.1)]
            rows += [(unit, who, pick) for pick in picks or [None]]
    return values(rows, TOPICS)


def found(report, coefficient, option=None):
    table = report.table
    chosen = table["option"].isna() if option is None else table["option"] == option
    return table[chosen & table["coefficient"].eq(coefficient)]["value"].item()


# --- scales ---------------------------------------------------------------------------------------------------------


def test_a_scale_is_scored_by_its_order(stars):
    report = agreement(stars, questions=[STARS])
    assert report.table["coefficient"].tolist() == [
        "Percent agreement",
        "Gwet's AC2 (ordinal)",
        "Krippendorff's α (ordinal)",
    ]
    numbers = stars.assign(value=stars["value"].astype(int)).drop(columns="question")
    assert found(report, "Krippendorff's α (ordinal)") == krippendorff_alpha(numbers, level="ordinal").value
    assert found(report, "Gwet's AC2 (ordinal)") == gwet_ac(numbers, weights="ordinal", categories=range(1, 6)).value
    assert "By the distance between points of the scale" in report.words
    assert "expected by chance:" not in report.words  # of exact agreement; α here knows chance by distance only


def test_words_of_a_scale_keep_the_order_of_the_codebook():
    rows = [(u, w, v) for u in range(0, 30, 2) for w, v in (("a", "small"), ("b", "small"))]
    rows += [(u, w, v) for u in range(1, 30, 2) for w, v in (("a", "large"), ("b", "medium"))]
    report = agreement(values(rows, SIZE), questions=[SIZE])
    places = {"small": 0, "medium": 1, "large": 2}
    numbers = pd.DataFrame([(u, w, places[v]) for u, w, v in rows], columns=["row", "participant_id", "value"])
    assert found(report, "Krippendorff's α (ordinal)") == krippendorff_alpha(numbers, level="ordinal").value
    expected = cohen_kappa(numbers, weights="quadratic").value
    assert found(report, "Cohen's κ (quadratic)") == pytest.approx(expected)


def test_an_answer_beside_the_scale_is_placed_among_numbers_and_left_out_among_words(stars):
    stars.loc[0, "value"] = "7"
    report = agreement(stars, questions=[STARS])
    assert "placed by their value: “7”" in report.words
    numbers = stars.assign(value=stars["value"].astype(int)).drop(columns="question")
    assert found(report, "Krippendorff's α (ordinal)") == krippendorff_alpha(numbers, level="ordinal").value
    sizes = values([(u, w, "small") for u in range(3) for w in "abc"] + [(9, "a", "huge"), (9, "b", "large")], SIZE)
    words = agreement(sizes, questions=[SIZE]).words
    assert "left out, because they have no position on it: “huge”" in words
    assert "1 row without a label left out" in words


def test_a_falling_scale_stays_falling_with_an_answer_beside_it(stars):
    falling = Question("How many stars?", "scale", "multiple_choice", (5, 4, 3, 2, 1), tuple("54321"), 1)
    stars.loc[0, "value"] = "7"
    assert agreement(stars, questions=[falling]).confusion["How many stars?"].index.tolist() == list("754321")


def test_on_a_scale_the_units_that_are_widest_apart_come_first():
    rows = [(1, "a", "1"), (1, "b", "2"), (1, "c", "3"), (2, "a", "1"), (2, "b", "5"), (2, "c", "1"), (3, "a", "4")]
    report = agreement(values([*rows, (3, "b", "4")], STARS), questions=[STARS])
    assert report.units["unit"].tolist() == [2, 1, 3]
    assert "“2” (1 ×2, 5 ×1); “1” (1 ×1, 2 ×1, 3 ×1)." in report.words


# --- sets -----------------------------------------------------------------------------------------------------------


def test_several_picks_are_scored_as_sets_and_each_option_on_its_own(topics):
    report = agreement(topics, questions=[TOPICS])
    sets = [(*key, frozenset(part.dropna())) for key, part in topics.groupby(["row", "participant_id"])["value"]]
    assert any(not picked for *_, picked in sets)
    by_hand = pd.DataFrame(sets, columns=["row", "participant_id", "value"])
    assert found(report, "Krippendorff's α (set, MASI)") == krippendorff_alpha(by_hand, level="set").value
    for option in TOPICS.options:
        picked = by_hand.assign(value=[option in each for each in by_hand["value"]])
        assert found(report, "Krippendorff's α (nominal)", option) == krippendorff_alpha(picked).value
    assert "picked exactly the same" in report.words
    assert report.confusion == {}


def test_the_order_of_picks_and_a_pick_said_twice_change_nothing(topics):
    first = agreement(topics, questions=[TOPICS]).table
    again = pd.concat([topics.iloc[::-1], topics.dropna().head(5)])
    assert again.groupby(["row", "participant_id"], sort=False).ngroups == 120
    second = agreement(again, questions=[TOPICS]).table
    pd.testing.assert_series_equal(first["value"], second["value"])


def test_two_answers_of_one_person_are_refused_where_answers_have_ids(topics):
    ids = topics["row"].astype(str) + topics["participant_id"]
    once = topics.assign(response_id=ids)
    assert agreement(once, questions=[TOPICS]).table.equals(agreement(topics, questions=[TOPICS]).table)
    twice = pd.concat([once, once.head(1).assign(response_id="another")])
    with pytest.raises(DataError, match="more than once"):
        agreement(twice, questions=[TOPICS])


def test_sets_are_written_out_and_a_pick_that_was_not_offered_is_named(topics):
    topics.loc[0, "value"] = "smell"
    report = agreement(topics, questions=[TOPICS])
    assert "not among the options; they were counted as given: “smell”" in report.words
    assert found(report, "Krippendorff's α (nominal)", "smell") < 0.5
    assert "frozenset" not in report.words + report.units.to_string() + report._repr_html_()
    assert report.units["labels"].str.contains("battery + looks", regex=False).any()


def test_columns_that_are_not_there_are_named_for_sets_too(topics):
    for column in ("row", "participant_id"):
        with pytest.raises(DataError, match=f"no column '{column}'"):
            agreement(topics.drop(columns=column), questions=[TOPICS], unit="row")


# --- numbers --------------------------------------------------------------------------------------------------------


@pytest.fixture
def prices():
    rng = np.random.default_rng(7)
    rows = [(u, w, round(u + rng.normal(0, 2), 2)) for u in range(30) for w in "abc"]
    frame = values([(u, w, str(v)) for u, w, v in rows], PRICE)
    return frame.assign(number=[v for *_, v in rows], number_unit="USD")


def test_numbers_are_scored_by_spread_and_distance(prices):
    report = agreement(prices, questions=[PRICE])
    numbers = prices.assign(value=prices["number"]).drop(columns="question")
    assert found(report, "ICC(1,1)") == icc(numbers).value
    assert found(report, "Krippendorff's α (interval)") == krippendorff_alpha(numbers, level="interval").value
    assert "between units, not annotators" in report.words
    widest = numbers.groupby("row")["value"].std().idxmax()
    assert report.units["unit"].iloc[0] == widest
    assert report.units["sd"].iloc[0] == pytest.approx(numbers.groupby("row")["value"].std().max())
    assert f"on “{widest}” (mean" in report.words


def test_numbers_in_several_units_are_refused_by_name_and_converted_on_request(prices):
    mixed = prices.copy()
    mixed.loc[::2, "number"] *= 100
    mixed.loc[::2, "number_unit"] = "cent"
    refused = agreement(mixed, questions=[PRICE])
    assert refused.table.empty
    assert "in 2 units (“USD”, “cent”)" in refused.not_scored["why"].item()
    assert "has no factor for “cent”" in agreement(mixed, questions=[PRICE], units={"USD": 1}).not_scored["why"].item()
    report = agreement(mixed, questions=[PRICE], units={"USD": 1, "cent": 0.01})
    plain = agreement(prices, questions=[PRICE])
    assert found(report, "ICC(1,1)") == pytest.approx(found(plain, "ICC(1,1)"))
    assert "1 USD = 1, 1 cent = 0.01" in report.words
    mixed.loc[4, "number_unit"] = None
    assert (
        "1 left out because no unit was given"
        in agreement(mixed, questions=[PRICE], units={"USD": 1, "cent": 0.01}).words
    )


def test_answers_that_are_no_numbers_are_left_out_and_named(prices):
    prices.loc[0, ["value", "number"]] = ["about three", None]
    words = agreement(prices, questions=[PRICE]).words
    assert "Left out, because they are not numbers: “about three”." in words
    assert "89 answers" in words
    foreign = prices.drop(columns=["number", "number_unit"]).rename(columns={"value": "score"})
    assert "89 answers" in agreement(foreign, questions=[PRICE], label="score").words


# --- words and picture over all kinds -------------------------------------------------------------------------------


def test_words_name_the_labels_that_are_confused_most(stars):
    report = agreement(stars, questions=[STARS])
    table = report.confusion[STARS.question]
    apart = table.where(np.triu(np.ones(table.shape, dtype=bool), 1)).stack()
    one, other = apart.idxmax()
    share = 100 * apart.max() / apart.sum()
    assert f"{share:.0f} % of the disagreement is between “{one}” and “{other}”." in report.words


def test_words_say_when_annotators_differ_in_their_label_shares():
    rng = np.random.default_rng(0)
    strict, lax = rng.random(100) < 0.2, rng.random(100) < 0.8
    rows = [(u, w, "yes" if said[u] else "no") for w, said in (("a", strict), ("b", lax)) for u in range(100)]
    frame = pd.DataFrame(rows, columns=["row", "participant_id", "value"])
    assert "differ in how often they give each label" in agreement(frame).words
    alike = [(u, w, "yes" if strict[u] ^ (rng.random() < 0.1) else "no") for w in "ab" for u in range(100)]
    assert "differ in how often" not in agreement(pd.DataFrame(alike, columns=frame.columns)).words
    # A dozen labels each say nothing about habits, however different they are.
    few = frame[frame["row"] < 12]
    assert "differ in how often" not in agreement(few).words


def test_all_kinds_together_are_drawn_by_what_they_share(stars, topics, prices):
    frame = pd.concat([stars.astype({"row": object}), topics, prices])
    report = agreement(frame, questions=[STARS, TOPICS, PRICE])
    assert set(report.table["question"]) == {STARS.question, TOPICS.question, PRICE.question}
    ax = report.plot(Figure().add_subplot())
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["Percent agreement", "Krippendorff's α"]
    assert ax.get_title(loc="left").startswith("Krippendorff's α ranges from")
    html = report._repr_html_()
    assert "Which topics? · battery" in html
    assert "Which topics? · battery" in repr(report)
