"""The table of annotators, against numbers counted by hand and plain code."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from prolific_nb.analysis import annotators, flags, pairwise_agreement
from prolific_nb.analysis.answer_speed import _median_of_others
from prolific_nb.analysis.others_agreement import GRID, WithOthers
from prolific_nb.errors import DataError

from .test_influence import crowd


def row_of(frame: pd.DataFrame, who: str, **options: object) -> pd.Series:
    return annotators(frame, **options).set_index("participant_id").loc[who]  # type: ignore[arg-type]


def test_agreement_with_the_others_is_that_of_the_pairs() -> None:
    frame = crowd(people=6, units=60, per_unit=6)
    pairs = pairwise_agreement(frame)
    for who in frame["participant_id"].unique():
        mine = pairs[(pairs["annotator_1"] == who) | (pairs["annotator_2"] == who)]
        assert row_of(frame, who)["agreement"] == pytest.approx(mine["agreement"].mean())


def test_kappa_is_corrected_by_the_mean_of_all_shuffles_of_the_labels() -> None:
    frame = crowd(people=3, units=6, per_unit=3)
    found = row_of(frame, "p00000")
    wide = frame.pivot(index="row", columns="participant_id", values="value")
    own, others = wide["p00000"].to_numpy(), wide[["p00001", "p00002"]].to_numpy()
    rng = np.random.default_rng(0)
    shuffled = np.mean([(rng.permutation(own)[:, None] == others).mean() for _ in range(20_000)])
    assert found["kappa"] == pytest.approx((found["agreement"] - shuffled) / (1 - shuffled), abs=0.02)
    assert found["kappa_low"] < found["kappa"] < found["kappa_high"]


def test_entropies_and_the_longest_run_are_counted_in_order_of_answering() -> None:
    labels = {"a": "xxxyxx", "b": "xyxyxy", "c": "xyxyxy"}
    rows = [(place, who, each) for who, text in labels.items() for place, each in enumerate(text)]
    frame = pd.DataFrame(rows, columns=["row", "participant_id", "value"])
    frame["position"] = pd.array(6 - frame["row"], dtype="Int64")
    found = row_of(frame.sample(frac=1, random_state=1), "a")
    assert (found["longest_run"], found["same_option"], found["of"]) == (3, pytest.approx(5 / 6), 6)
    assert found["entropy"] == pytest.approx(-5 / 6 * math.log2(5 / 6) - 1 / 6 * math.log2(1 / 6))
    assert found["entropy_others"] == pytest.approx(1)
    unknown = annotators(frame.drop(columns="position")).set_index("participant_id")["longest_run"]
    assert unknown.isna().all(), "the order of answering is unknown"


def test_the_median_of_the_other_times_of_a_unit() -> None:
    rng = np.random.default_rng(3)
    units = rng.integers(5, size=60)
    logs = np.log(rng.choice([2.0, 3.0, 5.0, 8.0, 13.0], size=60))
    others, found = _median_of_others(logs, units, 5)
    for place in range(60):
        rest = np.delete(logs, place)[np.delete(units, place) == units[place]]
        assert others[place] == len(rest)
        assert found[place] == pytest.approx(np.median(rest), abs=1e-4)


def timed(seconds: dict[str, list[float]], **columns: list[object]) -> pd.DataFrame:
    rows = [(f"r{place}", who, "xy"[place % 2], each) for who, times in seconds.items()
            for place, each in enumerate(times)]  # fmt: skip
    return pd.DataFrame(rows, columns=["row", "participant_id", "value", "seconds"]).assign(**columns)


def test_speed_is_compared_with_the_others_on_the_same_unit() -> None:
    usual = np.array([4.0, 40, 4, 40, 4, 40])
    seconds = {f"p{each}": list(usual * factor) for each, factor in enumerate([0.8, 0.9, 1, 1.1, 1.25, 0.1])}
    found = annotators(timed(seconds)).set_index("participant_id")
    assert found["seconds_per_task"].tolist() == pytest.approx([np.median(each) for each in seconds.values()])
    assert found["speed_z"].idxmin() == "p5"
    assert found.loc["p5", "speed_z"] < -5
    assert found.drop(index="p5")["speed_z"].abs().max() < 3
    assert found["minutes"].tolist() == pytest.approx([sum(each) / 60 for each in seconds.values()])


def test_with_the_times_of_submissions_only_time_is_that_of_the_submission() -> None:
    frame = timed({f"p{each}": [math.nan] * 6 for each in range(6)})
    frame = frame.assign(submission_id="s" + frame["participant_id"], seconds=pd.array([pd.NA] * 36, dtype="Float64"))
    submissions = pd.DataFrame(
        {"submission_id": [f"sp{each}" for each in range(6)], "minutes": [2, 3, 2.5, 3.5, 3, 0.1]}
    )
    found = annotators(frame, submissions=submissions).set_index("participant_id")
    assert found["minutes"].tolist() == submissions["minutes"].tolist()
    assert found.loc["p5", "seconds_per_task"] == pytest.approx(1)
    assert found.loc["p5", "speed_z"] < -3
    without = annotators(frame)
    assert without[["minutes", "seconds_per_task", "speed_z"]].isna().all().all()


def test_words_shown_predict_the_time_where_nobody_else_has_the_unit() -> None:
    rng = np.random.default_rng(0)
    rows = []
    for person in range(8):
        own = 0.05 if person == 7 else rng.uniform(0.7, 1.4)
        for task in range(12):
            words = int(rng.integers(5, 400))
            pace = own * rng.uniform(0.8, 1.25)
            rows.append((f"r{person}-{task}", f"p{person}", "x", (1 + words) ** 0.7 * pace, "word " * words))
    frame = pd.DataFrame(rows, columns=["row", "participant_id", "value", "seconds", "review"])
    found = annotators(frame, shown=["review"]).set_index("participant_id")["speed_z"]
    assert found["p7"] < -5
    assert found.drop("p7").abs().max() < 3


def test_texts_are_repeated_whatever_their_case_order_and_punctuation() -> None:
    shown = "The room was large, and the bed was very soft indeed."
    texts = {
        "a": ["Clean, but the staff was rude.", "the staff was rude, but clean!", "Nice.", "Nice.", None],
        "b": ["the bed was very soft indeed", "one two three four five", "six seven eight nine ten", None, None],
        "c": ["we waited for a long time and ate nothing", "we waited for a long time and ate soup", None, None, None],
        "d": ["Five four three two one", "an answer that nobody else has", None, None, None],
    }
    rows = [(f"r{place}", who, "x", each, shown) for who, own in texts.items() for place, each in enumerate(own)]
    frame = pd.DataFrame(rows, columns=["row", "participant_id", "value", "explanation", "review"])
    found = annotators(frame, shown=["review"]).set_index("participant_id")
    assert found["texts"].tolist() == [2, 3, 2, 2]
    assert found["repeated_own"].tolist() == [1, 0, 1, 0]
    assert found["repeated_others"].tolist() == pytest.approx([0, 1 / 3, 0, 1 / 2])
    assert found["pasted"].tolist() == pytest.approx([0, 1 / 3, 0, 0])
    assert found["repeated"].tolist() == pytest.approx([1, 2 / 3, 1, 1 / 2])


def test_gold_rows_and_checks_are_scored_and_left_out_of_agreement() -> None:
    frame = crowd(people=4, units=30, per_unit=4)
    gold = frame["row"] < 5
    truth = frame.loc[gold].groupby("row")["value"].agg(lambda each: each.mode()[0])
    frame["expected"] = frame["row"].map(truth)
    frame["question"] = "Which?"
    checks = pd.DataFrame({"row": 7, "participant_id": frame["participant_id"].unique(), "question": "Choose 1.",
                           "value": [1, 1, 2, 1], "expected": 1})  # fmt: skip
    found = annotators(pd.concat([frame, checks], ignore_index=True)).set_index("participant_id")
    assert found["gold_n"].tolist() == [5] * 4
    assert found["checks"].tolist() == [1, 1, 0, 1]
    right = frame[gold].assign(right=lambda each: each["value"] == each["expected"])
    shares = right.groupby("participant_id")["right"].mean()
    assert found["gold"].to_dict() == pytest.approx(shares.to_dict())
    alone = annotators(frame[~gold]).set_index("participant_id")
    assert found["agreement"].to_dict() == pytest.approx(alone["agreement"].to_dict())
    assert found["answers"].tolist() == [31] * 4


def test_sets_of_options_are_one_answer_and_their_order_does_not_matter() -> None:
    rows = [("r1", "a", "x"), ("r1", "a", "y"), ("r1", "b", "y"), ("r1", "b", "x"), ("r2", "a", "x"), ("r2", "b", "y")]
    frame = pd.DataFrame(rows, columns=["row", "participant_id", "value"])
    book = [{"question": "Which?", "kind": "many", "options": ["x", "y"]}]
    found = annotators(frame, questions=book)
    assert found["answers"].tolist() == [2, 2]
    assert found["agreement"].tolist() == [0.5, 0.5]
    with pytest.raises(DataError, match="labelled more than once by the same participant_id"):
        annotators(frame)


def test_sides_of_comparisons() -> None:
    rows = [(f"r{row}", who, side) for who, sides in {"a": "LLLR", "b": "LRT" + "R"}.items()
            for row, side in enumerate({"L": "left", "R": "right", "T": "tie"}[each] for each in sides)]  # fmt: skip
    found = annotators(pd.DataFrame(rows, columns=["row", "participant_id", "value"]))
    assert found["left"].tolist() == pytest.approx([3 / 4, 1 / 3])
    assert found["left_n"].tolist() == [4, 3]


def test_informative_is_the_maximum_of_its_likelihood_with_its_interval() -> None:
    curve = -50 * (GRID - 0.42) ** 2
    nothing = np.full(2, np.nan)
    made = WithOthers(np.array([30.0, 0.0]), *[nothing] * 4, np.array([curve, np.zeros(21)]))
    best, low, high = made.informative()
    half = math.sqrt(1.920729 / 50)
    assert (best[0], low[0], high[0]) == pytest.approx((0.4, 0.42 - half, 0.42 + half), abs=0.01)
    assert np.isnan([best[1], low[1], high[1]]).all()


def test_careless_people_are_told_from_careful_ones() -> None:
    found = annotators(crowd(people=20, units=400, per_unit=4)).set_index("participant_id")
    assert found["informative"].idxmin() == "p00003"
    assert found.loc["p00003", "informative_high"] < 0.3
    assert found.drop(index="p00003")["informative_low"].min() > 0.5


@pytest.mark.parametrize("size", [0, 1])
def test_nothing_is_known_of_few_answers(size: int) -> None:
    frame = crowd(people=4, units=5, per_unit=4).iloc[:size]
    found = annotators(frame)
    assert len(found) == size
    assert found[["agreement", "kappa", "informative", "speed_z", "gold", "left", "repeated"]].isna().all().all()


def test_missing_columns_are_all_named() -> None:
    frame = crowd(people=4, units=5, per_unit=4)
    with pytest.raises(DataError) as caught:
        annotators(frame, annotator="worker", label="label")
    assert "worker" in str(caught.value)
    assert "label" in str(caught.value)
    with pytest.raises(DataError, match="not single values"):
        annotators(frame.assign(value=[["x"]] * len(frame)))
    with pytest.raises(DataError, match="review"):
        annotators(frame, shown=["review"])


def test_many_labels_and_few_units_do_not_make_a_guess_informative() -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(16, size=150)
    frame = pd.DataFrame({"row": np.tile(np.arange(150), 6), "who": np.repeat(np.arange(6), 150)})
    right = (rng.random(len(frame)) < 0.4) & (frame["who"] > 0)
    frame["value"] = np.where(right, truth[frame["row"]], rng.integers(16, size=len(frame)))
    found = annotators(frame, annotator="who").set_index("who")
    assert found.loc[0, "informative_high"] < 0.5
    assert found["informative"].idxmin() == 0
    assert set(flags(frame, annotator="who")["participant_id"]) == {0}


def test_positions_order_the_answers_of_one_moment() -> None:
    """Where all answers of a submission are stored at its end, only the position tells them apart."""
    frame = pd.DataFrame(
        {"row": range(6), "participant_id": "a", "value": list("xyxyxy"), "position": [1, 4, 2, 5, 3, 6]}
    )
    for moment in ("2026-01-01T10:00:00Z", None):
        table = annotators(frame.assign(created_at=moment))
        assert table["longest_run"].tolist() == [3]


@pytest.mark.parametrize(
    ("name", "values", "problem"),
    [
        ("seconds", ["4", "five"], "1 of 2 values are not numbers of at least 0, the first is five"),
        ("seconds", [4, -1], "the first is -1"),
        ("seconds", [4, np.inf], "the first is inf"),
        ("seconds", pd.to_timedelta([4, 5], unit="s"), "total_seconds"),
        ("position", ["first", "second"], "the first is first"),
        ("created_at", ["2026-01-01T10:00:00.5Z", "yesterday"], "Its values are not times"),
    ],
)
def test_times_that_are_no_numbers_are_refused(name: str, values: list[object], problem: str) -> None:
    frame = pd.DataFrame({"row": [1, 2], "participant_id": "a", "value": "x", "position": [1, 2]})
    with pytest.raises(DataError, match=problem) as caught:
        annotators(frame.assign(**{name: values}))
    assert name in str(caught.value)


def test_moments_with_and_without_fractions_are_read() -> None:
    frame = pd.DataFrame({"row": range(3), "participant_id": "a", "value": list("xyx"), "position": [1, 2, 1]})
    frame["created_at"] = ["2026-01-01T10:00:00Z", "2026-01-02T10:00:00.5Z", "2026-01-01T10:00:00.250Z"]
    assert annotators(frame)["longest_run"].tolist() == [2]


def test_expected_answers_of_another_type_are_refused_not_counted_as_wrong() -> None:
    """An empty cell makes a column of numbers of a CSV file a float, next to labels that are strings."""
    frame = pd.DataFrame({"row": [1, 2, 3], "participant_id": "a", "value": ["1", "2", "1"], "expected": [1, 2, None]})
    with pytest.raises(DataError, match=r"1\.0 is expected where '1' is given"):
        annotators(frame)
    right = annotators(frame.assign(value=[1, 2, 1]))
    assert (right["gold"].tolist(), right["gold_n"].tolist()) == ([1.0], [2])
