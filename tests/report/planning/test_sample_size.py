"""`pnb.sample_size`: the cheapest design, its words and table, power, and every error with what to do."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

import prolific_nb as pnb
from prolific_nb.analysis.crowd_model import assumed_crowd
from prolific_nb.errors import ArgumentError, DataError, ProlificError, UnknownName

PLAN = pnb.StudyPlan("Reviews", reward="1.50 GBP", minutes=6)


def pilot(n: int = 60, m: int = 3, names: tuple[str, ...] = ("good", "bad", "mixed"), seed: int = 1) -> pd.DataFrame:
    """Answers of groups of people to ten rows each, three in four of them right."""
    q = len(names)
    labels = (
        assumed_crowd(np.full(q, 1 / q), 0.75, 0.1).draw(n, m, np.random.default_rng(seed), per_person=10).labels[:n]
    )
    who = [f"p{row // 10}-{turn}" for row in range(n) for turn in range(m)]
    values = np.array(names)[labels.ravel()]
    return pd.DataFrame({"row": np.repeat(np.arange(n), m), "participant_id": who, "value": values})


@pytest.fixture(scope="module")
def found() -> Any:
    return pnb.sample_size(pilot(), plan=PLAN, precision=0.06)


def test_the_cheapest_design_is_a_row_of_the_table_and_precise_enough(found: Any) -> None:
    table = found.table
    fits = table[table["half_width"] <= 0.06]
    assert found.cost == min(fits["cost"], key=lambda cost: cost.minor)
    best = table[(table["annotators"] == found.annotators) & (table["units"] == found.units)]
    assert best["half_width"].item() == found.half_width <= 0.06
    assert found.places == found.units // 10 * found.annotators
    assert found.cost == PLAN.pay * found.places
    assert table.groupby("annotators").size().nunique() == 1  # every number of annotators with every number of rows


def test_fewer_rows_by_one_group_would_not_be_precise_enough(found: Any) -> None:
    with pytest.raises(ArgumentError, match=r"No design reaches ± 0\.06"):
        pnb.sample_size(pilot(), plan=PLAN, precision=0.06, annotators=[found.annotators], units=[found.units - 10])


def test_what_the_pilot_does_not_have_is_marked(found: Any) -> None:
    table = found.table
    assert (table["extrapolated"] == (table["annotators"] > 3)).all()
    assert any("3 labels per row" in note for note in found.notes)
    assert any("60 rows are uncertain by about 9 %" in note for note in found.notes)


def test_the_words_hold_the_figures_of_the_designs(found: Any) -> None:
    best, more = found.cheapest, found.more
    assert more.annotators == best.annotators + 1
    first = f"{best.annotators} annotators on {best.units} rows give Krippendorff's α ± {best.half_width:.3f}"
    assert found.words.startswith(f"{first} for {best.cost}")
    assert f"narrows it by {best.half_width - more.half_width:.3f} for {more.cost - best.cost} more" in found.words
    assert f"{100 * more.accuracy:.1f} % are right instead of {100 * best.accuracy:.1f} %" in found.words


def test_a_gain_is_what_the_next_annotator_adds(found: Any) -> None:
    by_annotators = found.table.drop_duplicates("annotators").set_index("annotators")
    for m in (2, 3, 4):
        step = by_annotators["accuracy"][m + 1] - by_annotators["accuracy"][m]
        assert by_annotators["accuracy_gain"][m] == pytest.approx(step)


def test_the_card_shows_names_from_the_data_as_text() -> None:
    frame = pilot().assign(question="<b>Good?</b>")
    shown = pnb.sample_size(frame, units=[500])._repr_html_()
    assert "&lt;b&gt;Good?" in shown
    assert "<b>Good?" not in shown


def test_the_plot_marks_the_cheapest_design(found: Any) -> None:
    ax = found.plot(ax=Figure().add_subplot())
    dots = [(line.get_xdata()[0], line.get_ydata()[0]) for line in ax.lines if line.get_marker() == "o"]
    assert dots == [(found.units, found.annotators)]


def test_a_table_takes_less_than_a_second() -> None:
    frame = pilot(100, 3)
    start = time.process_time()
    made = pnb.sample_size(frame, annotators=[2, 3, 4, 5, 7], units=[100, 200, 300, 400, 500, 800])
    assert len(made.table) == 30
    assert time.process_time() - start < 1  # 0.2 s on a quiet machine


def test_power_is_given_where_a_threshold_is() -> None:
    assert "power" not in pnb.sample_size(skill=0.9, options=2, units=[400]).table
    strong = pnb.sample_size(skill=0.95, options=2, against=0.667, units=[50, 200, 800], annotators=[3])
    assert strong.value == pytest.approx(0.81, abs=0.02)  # (2 · 0.95 - 1)²
    assert (strong.table["power"].diff().dropna() > 0).all()
    assert "The chance to tell 0.8" in strong.words


def test_the_power_of_a_comparison_is_that_of_a_binomial() -> None:
    """People who agree perfectly: one row is one draw, won with a chance of 0.6."""
    made = pnb.sample_size(skill=1.0, win_rate=0.6, annotators=[2], units=[50, 100, 200, 400], precision=0.07)
    n = made.table["units"].to_numpy()
    assert made.table["half_width"].to_numpy() == pytest.approx(1.96 * np.sqrt(0.24 / n), rel=0.02)
    rng = np.random.default_rng(0)
    for rows, power in zip(n, made.table["power"], strict=True):
        rate = rng.binomial(rows, 0.6, 20_000) / rows
        told = np.mean(rate - 1.96 * np.sqrt(rate * (1 - rate) / rows) > 0.5)
        assert power == pytest.approx(told, abs=0.06)


def test_a_pilot_of_comparisons_plans_the_win_rate() -> None:
    frame = pilot(80, 3, ("left", "right"))
    made = pnb.sample_size(frame, win_rate=0.6)
    assert made.name == "the win rate"
    assert made.value == pytest.approx(0.6, abs=0.01)
    assert made.against == 0.5
    with pytest.raises(ArgumentError, match="lies between"):
        pnb.sample_size(frame, win_rate=0.99)
    with pytest.raises(ArgumentError, match="for comparisons"):
        pnb.sample_size(pilot(), win_rate=0.6)


@pytest.mark.parametrize("kind", ["scale", "many", "number"])
def test_every_kind_of_question_that_is_scored_can_be_planned(kind: str) -> None:
    rng = np.random.default_rng(3)
    if kind == "number":
        true = rng.normal(50, 20, 40)
        frame = pilot(40, 3)
        frame["value"] = np.round(true[frame["row"]] + rng.normal(0, 10, len(frame)), 1).astype(str)
        options: tuple[str, ...] = ()
    else:
        options = ("1", "2", "3", "4")
        frame = pilot(40, 3, options)
        if kind == "many":
            again = frame.sample(frac=0.4, random_state=0)
            again = again.assign(value=again["value"].map({"1": "2", "2": "3", "3": "4", "4": "1"}))
            frame = pd.concat([frame, again], ignore_index=True)
    frame["question"] = "How?"
    frame.attrs["questions"] = [{"question": "How?", "kind": kind, "type": "x", "options": list(options)}]
    made = pnb.sample_size(frame, annotators=[2, 3, 5], units=[200, 2_000], precision=0.2)
    report = pnb.agreement(frame).table
    printed = report[report["coefficient"].str.startswith("Krippendorff") & report["option"].isna()].iloc[0]
    at_pilot = pnb.sample_size(frame, annotators=[3], units=[40], precision=0.9)
    assert at_pilot.half_width == pytest.approx((printed["high"] - printed["low"]) / 2, rel=0.15)
    assert at_pilot.value == pytest.approx(printed["value"], abs=0.05)
    assert made.table["accuracy"].isna().all() == (kind == "number")


def test_people_are_covered_when_asked_for() -> None:
    plain = pnb.sample_size(skill=0.8, options=3, per_person=40)
    covered = pnb.sample_size(skill=0.8, options=3, per_person=40, people=True)
    assert covered.cheapest.half_width_people <= 0.05 < plain.cheapest.half_width_people
    assert "With the choice of people" in plain.words


def test_decisions_of_an_adjudicator_do_not_count() -> None:
    frame = pilot()
    decided = frame.drop_duplicates("row").assign(participant_id="adjudicator", value="good")
    both = pd.concat([frame, decided], ignore_index=True)
    pd.testing.assert_frame_equal(pnb.sample_size(both, units=[900]).table, pnb.sample_size(frame, units=[900]).table)


def test_gold_rows_of_the_pilot_do_not_count() -> None:
    frame = pilot()
    gold = frame.assign(row=frame["row"] + 1_000, value="good", expected="good")
    both = pd.concat([frame.assign(expected=None), gold], ignore_index=True)
    pd.testing.assert_frame_equal(pnb.sample_size(both, units=[900]).table, pnb.sample_size(frame, units=[900]).table)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({}, "neither a pilot nor"),
        ({"skill": 0.8}, "neither a pilot nor"),
        ({"skill": 0.2, "options": 3}, r"skill is 0\.2; use a number from 0\.333 to 1"),
        ({"skill": 0.8, "options": 1}, "options is 1; use at least 2"),
        ({"skill": 0.8, "options": ["a", "a"]}, "two different labels"),
        ({"skill": 0.8, "options": 3, "prevalence": [0.5, 0.5]}, "use 3 shares that sum to 1"),
        ({"skill": 0.8, "options": 2, "prevalence": 1.0}, "prevalence is 1; use a number between 0 and 1"),
        ({"skill": 0.8, "options": 2, "skill_sd": 0.5}, r"differ by less than 0\.4"),
        ({"skill": 0.8, "options": 2, "precision": 0}, "precision is 0; use a number between 0 and 1"),
        ({"skill": 0.8, "options": 2, "against": 1.5}, "against is 1.5"),
        ({"skill": 0.8, "options": 2, "annotators": [1, 2]}, "annotators is 1; use at least 2"),
        ({"skill": 0.8, "options": 2, "annotators": []}, "annotators is empty"),
        ({"skill": 0.8, "options": 2, "aggregate": "mean"}, "aggregate is 'mean'"),
        ({"skill": 0.8, "options": 2, "coefficient": "kappa"}, "coefficient is 'kappa'"),
        ({"skill": 0.8, "options": 2, "units": [20, 50]}, r"7 annotators on 50 rows, gives ± 0\.\d+. Raise units= or"),
        ({"skill": 0.8, "win_rate": 0.95}, "lies between 0.20 and 0.80"),
        ({"skill": 0.8, "win_rate": 0.6, "options": 2}, "Omit options="),
        ({"skill": 0.8, "win_rate": 0.6, "against": 0.7}, "Omit against="),
        ({"skill": "high", "options": 2}, r"skill is 'high'; use a number from 0\.5 to 1"),
        ({"skill": float("nan"), "options": 2}, r"skill is nan; use a number from 0\.5 to 1"),
        ({"skill": 0.8, "options": 2.5}, "options is 2.5; use a whole number of at least 2"),
        ({"skill": 0.8, "options": 2, "scale": "yes"}, "scale is 'yes'; use True or False"),
        ({"skill": 0.8, "options": 2, "people": "no"}, "people is 'no'; use True or False"),
        ({"skill": 0.8, "options": 2, "plan": 3}, "plan is an int. Pass a StudyPlan"),
        ({"skill": 0.8, "options": 2, "client": 3}, "client is an int. Pass the result of pnb.connect"),
    ],
)
def test_assumptions_out_of_range_are_named_with_what_to_do(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(ProlificError, match=said):
        pnb.sample_size(**arguments)


@pytest.mark.parametrize(("plan", "units"), [(None, 15), (PLAN, 20)])
def test_no_study_of_a_handful_of_rows_is_proposed(plan: pnb.StudyPlan | None, units: int) -> None:
    """Where all labels differ, the interval over units is narrow from the second unit on, and says nothing."""
    numbers = np.random.default_rng(0).normal(size=120)
    who = [f"p{turn}" for turn in range(4)] * 30
    frame = pd.DataFrame({"row": np.repeat(range(30), 4), "participant_id": who, "value": numbers})
    assert pnb.sample_size(frame, plan=plan, annotators=[2, 3]).units == units
    assert pnb.sample_size(skill=1, options=np.int64(2), plan=plan, annotators=[2]).units == units


def test_a_pilot_that_says_too_little_is_refused() -> None:
    with pytest.raises(DataError, match="9 units with at least two labels; 10 are the fewest"):
        pnb.sample_size(pilot(9))
    with pytest.raises(DataError, match="0 units with at least two labels"):
        pnb.sample_size(pilot(40, 1))
    with pytest.raises(DataError, match="All of its labels are the same"):
        pnb.sample_size(pilot().assign(value="good"))
    with pytest.raises(DataError, match="no answers yet"):
        pnb.sample_size(pilot().head(0), question="Good?")
    with pytest.raises(ArgumentError, match="skill=, options= are assumptions"):
        pnb.sample_size(pilot(), skill=0.8, options=3)
    with pytest.raises(ArgumentError, match="The pilot is a list"):
        pnb.sample_size([1, 2])  # type: ignore[arg-type]


def test_the_question_must_be_one_that_can_be_scored() -> None:
    asked = [
        ("Good?", "single", ["good", "bad", "mixed"]),
        ("Funny?", "single", ["good", "bad", "mixed"]),
        ("Why?", "text", []),
    ]
    frame = pd.concat([pilot(seed=n).assign(question=text) for n, (text, _, _) in enumerate(asked)], ignore_index=True)
    frame.attrs["questions"] = [{"question": text, "kind": kind, "type": "x", "options": o} for text, kind, o in asked]
    with pytest.raises(DataError, match=r"several questions: 'Good\?', 'Funny\?'.*question="):
        pnb.sample_size(frame)
    with pytest.raises(DataError, match="free text has no fixed labels"):
        pnb.sample_size(frame, question="Why?")
    with pytest.raises(UnknownName, match=r"Did you mean 'Good\?'"):
        pnb.sample_size(frame, question="Goood?")
    assert "'Funny?'" in pnb.sample_size(frame, question="Funny?", units=[900]).basis


def test_any_other_design_comes_from_the_same_simulation() -> None:
    plan = pnb.StudyPlan("R", reward="1.50", minutes=6, annotators_per_task=3)
    data = pd.DataFrame({"text": [f"row {n}" for n in range(40)]})
    found = pnb.sample_size(skill=0.8, options=3, annotators=[2, 4], plan=plan, data=data)
    best = found.cheapest
    assert found.at(best.annotators, best.units) == best
    assert found.planned == found.at(3, 40)
    with pytest.raises(ArgumentError, match="only 2, 3, 4"):
        found.at(5, 40)
