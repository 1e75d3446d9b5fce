"""Pairwise comparisons: win rates, sides, Bradley-Terry scores, and what keeps them from meaning anything."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from prolific_nb.analysis import preference
from prolific_nb.errors import DataError

SIDES = {"left": "by_left", "right": "by_right", "items": "values"}


def met(rows):
    """From (unit, annotator, left, right, choice)."""
    return pd.DataFrame(rows, columns=["row", "participant_id", "by_left", "by_right", "value"])


def of(values, **more):
    """One annotator's choices, one per unit."""
    return pd.DataFrame({"row": range(len(values)), "participant_id": "p", "value": values, **more})


def matches(wins):
    """From {(winner, loser): times}; the winner stands on the left every other time."""
    rows = [(winner, loser) for (winner, loser), times in wins.items() for _ in range(times)]
    sides = [(a, b, "left") if k % 2 else (b, a, "right") for k, (a, b) in enumerate(rows)]
    return met([(unit, "p", *side) for unit, side in enumerate(sides)])


@st.composite
def frames(draw, most=4):
    """A few annotators compare pairs of items, drawn anew for every unit."""
    items = list("abcd"[:most])
    pair = st.tuples(st.sampled_from(items), st.sampled_from(items)).filter(lambda two: two[0] != two[1])
    rows = []
    for unit in range(draw(st.integers(1, 12))):
        one, other = draw(pair)
        choices = draw(st.lists(st.sampled_from(["left", "right", "tie"]), min_size=1, max_size=3))
        rows += [(unit, f"p{who}", one, other, choice) for who, choice in enumerate(choices)]
    return met(rows)


@settings(max_examples=60, deadline=None)
@given(frame=frames())
def test_table_is_what_counting_by_hand_says(frame):
    found = preference(frame, **SIDES, draws=20)
    assert found.table["win_rate"].is_monotonic_decreasing
    for row in found.table.itertuples():
        left, right = frame[frame["by_left"] == row.item], frame[frame["by_right"] == row.item]
        won = (left["value"] == "left").sum() + (right["value"] == "right").sum()
        ties = (left["value"] == "tie").sum() + (right["value"] == "tie").sum()
        assert (row.n, row.wins, row.ties) == (len(left) + len(right), won, ties)
        assert row.losses == row.n - won - ties
        assert row.win_rate == pytest.approx((won + ties / 2) / row.n)
    chosen = frame[frame["value"] != "tie"]
    assert found.side_bias.value == pytest.approx((chosen["value"] == "left").mean(), nan_ok=True)
    assert found.ties.value == pytest.approx((frame["value"] == "tie").mean())
    assert found.n_ratings == len(frame)


@settings(max_examples=60, deadline=None)
@given(frame=frames(2))
def test_of_two_items_the_win_rate_is_the_probability_of_bradley_and_terry(frame):
    table = preference(frame, **SIDES, draws=1).table
    assume(not table["score"].isna().any())
    best, other = table["score"]
    assert 1 / (1 + math.exp(other - best)) == pytest.approx(table["win_rate"][0], abs=1e-9)


# Agresti 2002, table 10.10: wins of the team of the row over the team of the column, American League, 1987.
TEAMS = ["Milwaukee", "Detroit", "Toronto", "New York", "Boston", "Cleveland", "Baltimore"]
GAMES = """
 0  7  9  7  7  9 11
 6  0  7  5 11  9  9
 4  6  0  7  7  8 12
 6  8  6  0  6  7 10
 6  2  6  7  0  7 12
 4  4  5  6  6  0  6
 2  4  1  3  1  7  0
"""
# Ignoring who was at home, Baltimore 0; printed in Agresti 2002, section 10.6, and in BradleyTerry2's vignette.
PRINTED = [1.5814, 1.4364, 1.2945, 1.2476, 1.1077, 0.6839, 0.0]


def test_published_scores_of_seven_teams():
    wins = np.array([row.split() for row in GAMES.split("\n") if row.strip()], dtype=int)
    frame = matches({(TEAMS[i], TEAMS[j]): wins[i, j] for i in range(7) for j in range(7) if i != j})
    found = preference(frame, **SIDES, draws=50)
    scores = found.scores.set_index("item")["score"]
    assert (scores - scores["Baltimore"])[TEAMS].to_numpy() == pytest.approx(PRINTED, abs=0.00006)
    assert scores.mean() == pytest.approx(0, abs=1e-9)
    assert (found.scores["low"] < found.scores["score"]).all()
    assert (found.scores["score"] < found.scores["high"]).all()
    assert found.table["item"].tolist() == found.scores["item"].tolist()
    assert found.table["score"].tolist() == found.scores["score"].tolist()


@settings(max_examples=40, deadline=None)
@given(frame=frames())
def test_no_other_scores_are_more_likely(frame):
    found = preference(frame, **SIDES, draws=1).scores.set_index("item")["score"]
    assume(not found.isna().any())

    def likelihood(scores):
        total = 0.0
        for row in frame.itertuples():
            lead = scores[row.by_left] - scores[row.by_right]
            share = {"left": 1, "tie": 0.5, "right": 0}[row.value]
            total -= share * math.log1p(math.exp(-lead)) + (1 - share) * math.log1p(math.exp(lead))
        return total

    best = likelihood(found)
    for item in found.index:
        for step in (-0.01, 0.01):
            assert likelihood(found + step * (found.index == item)) <= best + 1e-9


@settings(max_examples=40, deadline=None)
@given(frame=frames(), data=st.data())
def test_order_and_names_and_swapped_sides_change_nothing(frame, data):
    before = preference(frame, **SIDES, draws=1).table.set_index("item").sort_index()
    names = dict(zip("abcd", data.draw(st.permutations("abcd")), strict=True))
    moved = frame.iloc[data.draw(st.permutations(range(len(frame))))]
    other = {"left": "right", "right": "left", "tie": "tie"}
    moved = moved.assign(
        by_left=moved["by_right"].map(names),
        by_right=moved["by_left"].map(names),
        value=moved["value"].map(other),
        row="u" + moved["row"].astype(str),
    )
    after = preference(moved, **SIDES, draws=1).table.set_index("item")
    columns = ["n", "wins", "ties", "losses", "win_rate", "score"]
    assert after.loc[before.index.map(names), columns].to_numpy() == pytest.approx(
        before[columns].to_numpy(), abs=1e-6, nan_ok=True
    )


@settings(max_examples=60, deadline=None)
@given(frame=frames())
def test_scores_exist_if_and_only_if_no_group_of_items_is_apart(frame):
    """Ford's (1957) condition, tried on every split of the items into two groups."""
    found = preference(frame, **SIDES, draws=1)
    items = found.table["item"].tolist()
    winner = frame["by_left"].where(frame["value"] == "left", frame["by_right"])
    loser = frame["by_right"].where(frame["value"] == "left", frame["by_left"])
    tie = frame["value"] == "tie"
    edges = set(zip(winner, loser, strict=True)) | set(zip(loser[tie], winner[tie], strict=True))
    for code in range(1, 2 ** len(items) - 1):
        group = {item for k, item in enumerate(items) if code >> k & 1}
        if not any(a in group and b not in group for a, b in edges):
            assert found.scores["score"].isna().all()
            assert found.note.startswith("The scores are undefined: ")
            return
    assert found.scores["score"].notna().all()
    assert "undefined: " not in found.note


@pytest.mark.parametrize(
    ("wins", "said"),
    [
        ({("a", "b"): 3}, "'a' won everything, and 'b' lost everything, so no finite scores fit. Use the win rate"),
        ({("a", "b"): 2, ("b", "c"): 1, ("c", "b"): 1}, "'a' won everything, so no finite scores fit. Leave such"),
        ({("a", "b"): 1, ("b", "a"): 1, ("c", "d"): 1, ("d", "c"): 1}, "'a', 'b' never compared with 'c', 'd'"),
        (
            {("a", "b"): 1, ("b", "a"): 1, ("c", "d"): 1, ("d", "c"): 1, ("a", "c"): 1},
            "'c', 'd' never won over 'a', 'b'",
        ),
    ],
)
def test_why_there_are_no_scores(wins, said):
    found = preference(matches(wins), **SIDES, draws=20)
    assert said in found.note
    assert found.scores[["score", "low", "high"]].isna().all(axis=None)
    assert found.table["win_rate"].notna().all()


def test_columns_are_the_items_and_need_not_be_there():
    found = preference(of(["left", "left", "tie", "right", None]), left="model_a", right="model_b", draws=50)
    assert found.table["item"].tolist() == ["model_a", "model_b"]
    assert found.table["win_rate"].tolist() == [0.625, 0.375]
    assert "'model_a' was always on the left and 'model_b' on the right" in found.note
    assert "1 row without a label left out" in found.note
    assert "1 tie, each counted as half a win" in found.note


def test_columns_with_names_are_refused_and_texts_are_not():
    names = of(["left", "right"], one=["gpt", "llama"], two=["llama", "gpt"])
    with pytest.raises(DataError, match=r"'one' and 'two' contain 'gpt', 'llama'.*items='values'.*frame\.drop"):
        preference(names, left="one", right="two")
    assert preference(names, left="one", right="two", items="values").table["item"].tolist() == ["gpt", "llama"]
    dropped = preference(names.drop(columns=["one", "two"]), left="one", right="two")
    assert dropped.table["item"].tolist() == ["one", "two"]
    for cells in ({"one": "gpt", "two": "llama"}, {"one": ["good", "bad"] * 2, "two": ["bad", "bad", "good", "good"]}):
        with pytest.raises(DataError, match="over and over"):
            preference(of(["left", "right", "tie", "left"], **cells), left="one", right="two")
    echoed = of(["left"] * 4, one=["I agree.", "A cat.", "No.", "Rain."], two=["Snow.", "I agree.", "Yes.", "Sun."])
    assert "'I agree.' is in both" in preference(echoed, left="one", right="two").note
    texts = of(["left", "right"], one=["A cat.", "A dog."], two=["Cats!", "Dogs!"])
    assert "is in both" not in preference(texts, left="one", right="two").note


def test_sides_that_never_change_or_are_uneven_are_said():
    same = of(["left", "right"] * 20, by_left="a", by_right="b")
    assert "Always on the same side: 'a', 'b'" in preference(same, **SIDES, draws=20).note
    uneven = of(["left", "right"] * 20, by_left=["a"] * 30 + ["b"] * 10, by_right=["b"] * 30 + ["a"] * 10)
    assert "Not equally often on both sides: 'a', 'b'" in preference(uneven, **SIDES, draws=20).note
    even = of(["left", "right"] * 20, by_left=["a"] * 20 + ["b"] * 20, by_right=["b"] * 20 + ["a"] * 20)
    assert preference(even, **SIDES, draws=20).note == ""


def test_a_habit_shows_as_side_bias_and_not_as_preference():
    rng = np.random.default_rng(0)
    swap = rng.random(3000) < 0.5
    sides = {"by_left": np.where(swap, "b", "a"), "by_right": np.where(swap, "a", "b")}
    found = preference(of(np.where(rng.random(3000) < 0.7, "left", "right"), **sides), **SIDES, draws=300)
    assert found.side_bias.value == pytest.approx(0.7, abs=0.03)
    assert found.side_bias.low > 0.65
    assert found.table["low"][0] < 0.5 < found.table["high"][0]


def test_interval_is_that_of_a_share_where_units_have_one_label():
    rng = np.random.default_rng(1)
    found = preference(of(np.where(rng.random(400) < 0.6, "left", "right")), left="a", right="b", draws=4000)
    first = found.table.iloc[0]
    half = 1.96 * math.sqrt(first["win_rate"] * (1 - first["win_rate"]) / 400)
    assert (first["low"], first["high"]) == pytest.approx(
        (first["win_rate"] - half, first["win_rate"] + half), abs=0.01
    )


def test_units_are_drawn_and_not_comparisons():
    """Ten people who say the same of a unit tell no more than one."""
    one = of(["left", "right", "left", "left"] * 25)
    ten = pd.concat([one.assign(participant_id=f"p{k}") for k in range(10)])
    few, many = (preference(frame, left="a", right="b", seed=3).table for frame in (one, ten))
    assert many[["low", "high"]].to_numpy() == pytest.approx(few[["low", "high"]].to_numpy(), abs=1e-12)


def test_same_seed_same_interval():
    frame = of(["left", "right", "left"] * 20)
    first, same, other = (preference(frame, left="a", right="b", seed=seed, draws=99).table for seed in (5, 5, 6))
    pd.testing.assert_frame_equal(first, same)
    assert first["low"][0] != other["low"][0] or first["high"][0] != other["high"][0]


def test_few_units_and_undefined_resamples_are_said():
    found = preference(of(["left"] * 9 + ["right"]), left="a", right="b")
    assert "The intervals are likely to be too narrow: only 10 units." in found.note
    assert "resamples excluded from the intervals of the scores" in found.note
    alone = preference(of(["left"]), left="a", right="b", draws=10)
    assert "There is no interval: a single unit" in alone.note
    assert alone.table["low"].isna().all()


def test_no_comparison_at_all():
    found = preference(of([None, None]), left="a", right="b", draws=10)
    assert found.table["n"].tolist() == [0, 0]
    assert found.table["win_rate"].isna().all()
    assert found.note.startswith("There is no comparison.")
    assert str(found.side_bias) == "undefined"
    empty = preference(met([(1, "p", "a", "b", None)]), **SIDES, draws=10)
    assert len(empty.table) == len(empty.scores) == 0
    assert "no comparison" in empty._repr_html_()


def test_categories_and_ties_without_choices():
    frame = met([(1, "p", "a", "b", "tie"), (2, "p", "b", "a", "tie")]).astype("category")
    found = preference(frame, **SIDES, draws=10)
    assert found.table["win_rate"].tolist() == [0.5, 0.5]
    assert found.scores["score"].tolist() == [0, 0]
    assert math.isnan(found.side_bias.value)
    assert found.ties.value == 1


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            [(1, "p", "a", "b", "Left"), (2, "p", "a", "b", "same")],
            "'Left', 'same' is not a valid choice; use 'left'",
        ),
        ([(1, "p", "a", None, "left"), (2, "p", "b", "a", "left")], "1 comparison without the name of an item"),
        ([(1, "p", "a", "a", "left"), (2, "p", "b", "a", "left")], "1 comparison of an item with itself"),
        ([(1, "p", "a", "b", "left"), (1, "p", "b", "a", "left")], "had already compared, the first by 'p' on 1"),
    ],
)
def test_frames_that_cannot_be_read(rows, said):
    with pytest.raises(DataError, match=said):
        preference(met(rows), **SIDES)


def test_all_that_is_wrong_with_the_items_is_said_at_once():
    with pytest.raises(DataError) as refused:
        preference(met([(1, "p", None, "b", "left"), (2, "p", "a", "a", "tie")]), **SIDES)
    assert len(refused.value.findings) == 2
    with pytest.raises(DataError) as refused:
        preference(of(["left"]), **SIDES)
    assert len(refused.value.findings) == 2


def test_an_annotator_may_compare_several_pairs_of_a_unit():
    frame = met([(1, "p", "a", "b", "left"), (1, "p", "b", "c", "left"), (1, "p", "c", "a", "left")])
    assert preference(frame, **SIDES, draws=5).n_units == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"left": "a", "right": "a"}, "left and right are both 'a'"),
        ({"left": "a", "right": "b", "items": "names"}, "items is 'names'; use 'columns' or 'values'"),
        ({"left": "a", "right": "b", "draws": 0}, "draws is 0"),
    ],
)
def test_options_that_cannot_be_used(options, said):
    with pytest.raises(ValueError, match=said):
        preference(of(["left"]), **options)


def test_what_a_notebook_shows_is_escaped():
    frame = matches({("<b>a</b>", "b"): 2, ("b", "<b>a</b>"): 1})
    shown = preference(frame, **SIDES, draws=20)._repr_html_()
    assert "<b>a" not in shown
    assert "&lt;b&gt;a" in shown
    assert repr(preference(frame, **SIDES, draws=20)).startswith(
        "Preference: '<b>a</b>' has the highest win rate, 0.67,"
    )
