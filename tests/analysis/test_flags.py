"""Flags: simulated studies with planted careless people, and the frame to review them."""

from __future__ import annotations

import pickle
from dataclasses import replace
from html import escape

import numpy as np
import pandas as pd
import pytest

from prolific_nb.analysis import Flags, Rules, flags
from prolific_nb.analysis.flag_sentences import Flagged, sentence_of
from prolific_nb.analysis.proportions import at_least, chi_square_above, hoeffding
from prolific_nb.errors import ArgumentError, ArgumentTypeError, DataError

from ..benchmarks.crowds import HONEST, PLANTED, replay, scores, study
from .test_influence import crowd


def test_careless_people_are_flagged_and_honest_ones_are_not() -> None:
    """The small version of ``python -m tests.benchmarks crowds``."""
    people, chances = replay(range(10))
    table = scores(people, chances).set_index("flag")
    honest = people[people["kind"].isin(HONEST)]
    assert honest[list(PLANTED)].any(axis=1).mean() <= 0.02
    assert table.loc[["straight-lining", "repeated text"], "recall"].min() > 0.7
    assert table["precision"].min() > 0.85
    assert table.loc["low agreement", "recall"] > 0.5
    assert not honest.loc[honest["kind"] == "slow", ["too fast", "outlier in speed"]].any().any()


def dissent(labels: dict[int, int], people: int = 12, minority: int = 2, rows: int = 40) -> pd.DataFrame:
    """Everybody answers everything, right in nine of ten cases; the first people give other labels for some truths."""
    rng = np.random.default_rng(5)
    truth = rng.integers(3, size=rows)
    frame = pd.DataFrame({"row": np.tile(np.arange(rows), people), "who": np.repeat(np.arange(people), rows)})
    seen = truth[frame["row"]]
    other = pd.Series(seen).map(labels).fillna(pd.Series(seen)).astype(int)
    seen = np.where(frame["who"] < minority, other, seen)
    value = np.where(rng.random(len(frame)) < 0.9, seen, rng.integers(3, size=len(frame)))
    return frame.assign(participant_id="p" + frame["who"].astype(str), value=value)


def test_a_minority_with_another_view_is_not_flagged() -> None:
    frame = dissent({0: 1, 1: 2, 2: 0})
    assert flags(frame).empty, "its labels depend on what was shown"
    guess = frame.assign(value=frame["value"].where(frame["who"] >= 2, np.arange(len(frame)) * 7 % 11 % 3))
    assert set(flags(guess)["participant_id"]) == {"p0", "p1"}


def test_a_minority_is_protected_by_those_who_share_its_view() -> None:
    frame = dissent({}, minority=0)
    own = np.random.default_rng(13).integers(3, size=40)  # a view that has nothing to do with the others'
    share = frame["who"] < 2
    frame.loc[share, "value"] = own[frame.loc[share, "row"]]
    assert flags(frame).empty
    assert set(flags(frame[frame["who"] != 1])["participant_id"]) == {"p0"}, "alone it looks like a guess"


def test_somebody_who_sees_little_of_a_rare_label_is_cautious_and_no_straight_liner() -> None:
    rng = np.random.default_rng(3)
    rare = rng.random(400) < 0.25
    given = {f"p{each}": np.where(rng.random(400) < 0.05, ~rare, rare) for each in range(8)}
    given["cautious"] = rare & (rng.random(400) < 0.4)
    given["careless"] = rng.random(400) < 0.02
    parts = [pd.DataFrame({"row": range(400), "participant_id": who, "value": np.where(own, "yes", "no")})
             for who, own in given.items()]  # fmt: skip
    found = flags(pd.concat(parts, ignore_index=True))
    assert set(found.loc[found["flag"] == "straight-lining", "participant_id"]) == {"careless"}
    assert "cautious" not in set(found["participant_id"])


def test_straight_lining_is_judged_by_what_the_others_answered() -> None:
    frame = dissent({}, minority=0)
    same = frame.assign(value=frame["value"].where(frame["who"] > 0, 1), position=frame["row"])
    found = flags(same)
    assert found.loc[found["flag"] == "straight-lining", ["participant_id", "value", "n"]].to_numpy().tolist() == [
        ["p0", 40, 40]
    ]
    everybody = frame.assign(value=1)
    assert flags(everybody).empty, "there was one answer to give"


def test_too_little_evidence_raises_no_flag() -> None:
    frame = dissent({}, minority=0)
    same = frame.assign(value=frame["value"].where(frame["who"] > 0, 1))
    assert flags(same[same["row"] < 9]).empty
    assert flags(same, rules=Rules(least=41)).empty


def test_fast_people_are_flagged_and_slow_ones_are_not() -> None:
    frame = dissent({}, minority=0)
    pace = frame["who"].map({0: 0.04, 1: 30.0}).fillna(1.0)
    rng = np.random.default_rng(1)
    frame["seconds"] = 15 * pace * np.exp(rng.normal(0, 0.4, len(frame)) + rng.normal(0, 0.2, 12)[frame["who"]])
    found = flags(frame)
    assert found[["participant_id", "flag"]].to_numpy().tolist() == [["p0", "too fast"], ["p0", "outlier in speed"]]
    assert flags(frame, rules=Rules(without=("too fast", "outlier in speed"))).empty
    assert "0.6 seconds" in found["sentence"].iloc[0]


def test_where_the_task_is_short_a_person_somewhat_faster_is_not_too_fast() -> None:
    frame = dissent({}, minority=0)
    own = np.array([0.55, 0.8, 0.85, 0.9, 0.95, 1, 1, 1.05, 1.1, 1.2, 1.3, 1.4])
    frame["seconds"] = 2.2 * own[frame["who"]] * np.exp(np.random.default_rng(1).normal(0, 0.2, len(frame)))
    assert flags(frame).empty


def scored(right: int, n: int, check: bool = False) -> pd.DataFrame:
    """Eleven people who are right about everything, and one who is right about some."""
    frame = dissent({}, minority=0)
    extra = pd.DataFrame({"who": np.repeat(np.arange(12), n), "row": 1000 + np.tile(np.arange(n), 12)})
    extra["value"] = np.where((extra["who"] == 0) & (extra["row"] >= 1000 + right), 1, 2)
    extra = extra.assign(expected=2, participant_id="p" + extra["who"].astype(str))
    both = pd.concat([frame.assign(question="Which?"), extra.assign(question="Check." if check else "Which?")])
    return both.reset_index(drop=True)


@pytest.mark.parametrize(("right", "n", "flagged"), [(0, 2, False), (0, 3, True), (2, 5, False), (2, 8, True)])
def test_gold_needs_enough_wrong_answers(right: int, n: int, flagged: bool) -> None:
    found = flags(scored(right, n))
    assert found["flag"].tolist() == (["failed gold"] if flagged else [])


@pytest.mark.parametrize(("right", "n", "flagged"), [(0, 1, False), (1, 2, False), (0, 2, True), (8, 10, False)])
def test_two_failed_checks_are_a_flag(right: int, n: int, flagged: bool) -> None:
    found = flags(scored(right, n, check=True))
    assert found["flag"].tolist() == (["failed check"] if flagged else [])


def test_a_gold_row_that_the_others_get_wrong_is_no_evidence() -> None:
    frame = scored(0, 8)
    frame["expected"] = frame["expected"].mask(frame["expected"].notna(), 1)
    frame.loc[(frame["who"] == 0) & frame["expected"].notna(), "value"] = 0
    assert flags(frame).empty


def test_the_columns_the_words_and_the_number_expected_by_chance() -> None:
    found = flags(study(2).frame)
    assert list(found.columns) == ["participant_id", "submission_id", "flag", "value", "threshold", "n", "sentence"]
    assert found["flag"].dtype == "category"
    assert set(found.attrs["expected_by_chance"]) == set(PLANTED)
    assert all(0 <= each <= 0.05 * found["participant_id"].nunique() + 1
               for each in found.attrs["expected_by_chance"].values())  # fmt: skip
    assert "expected to be flagged by chance alone is at most" in found.words
    assert len(found.people) == study(2).frame["participant_id"].nunique()
    kept = found[found["flag"] == "low agreement"]
    assert isinstance(kept, Flags)
    assert kept.words == found.words
    assert pickle.loads(pickle.dumps(found)).words == found.words


def test_the_review_proposes_and_decides_nothing() -> None:
    made = study(2)
    found = flags(made.frame)
    table = found.to_review(approve_rest=True)
    assert table["submission_id"].is_unique
    assert set(table["submission_id"]) == set(made.frame["submission_id"])
    flagged = table["submission_id"].isin(found["submission_id"])
    assert set(table.loc[flagged, "action"]) == {""}
    assert set(table.loc[~flagged, "action"]) == {"approve"}
    assert table.loc[flagged, "message"].str.len().min() >= 100
    assert (table.loc[~flagged, "message"] == "").all()
    assert not table["message"].str.contains("nan").any()
    assert len(found.to_review()) == flagged.sum()


def test_flags_that_were_deselected_do_not_count() -> None:
    found = flags(study(2).frame)
    kept = found[found["flag"] == "straight-lining"]
    table = kept.to_review(approve_rest=True)
    assert (table["action"] == "").sum() == kept["submission_id"].nunique()
    assert set(table.loc[table["action"] == "", "flags"]) == {"straight-lining"}
    assert not table["message"].str.contains("attention checks").any()


def test_only_what_awaits_review_is_approved() -> None:
    frame = study(2).frame
    first = frame.loc[~frame["submission_id"].isin(flags(frame)["submission_id"]), "submission_id"].iloc[0]
    done = frame.assign(submission_status=frame["submission_status"].mask(frame["submission_id"] == first, "APPROVED"))
    assert first in set(flags(frame).to_review(approve_rest=True)["submission_id"])
    assert first not in set(flags(done).to_review(approve_rest=True)["submission_id"])


def test_without_submissions_there_is_nothing_to_review() -> None:
    with pytest.raises(DataError, match="submissions are not known"):
        flags(crowd()).to_review()


def test_html_is_escaped() -> None:
    frame = dissent({}, minority=0).assign(position=0)
    frame["value"] = frame["value"].where(frame["who"] > 0, 1).map({0: "a", 1: "<script>", 2: "b"})
    assert "<script>" not in flags(frame)._repr_html_()


def test_html_has_the_whole_sentences() -> None:
    found = flags(study(2).frame)
    assert len(found)
    assert all(escape(sentence, quote=False) in found._repr_html_() for sentence in found["sentence"])


def test_a_run_of_all_answers_is_counted_once() -> None:
    always = Flagged("straight-lining", 20, 10, 20, 0.3, "good", run=True, same=20)
    assert sentence_of(always).startswith("20 of 20 answers were 'good';")
    assert "12 of 20 answers were 'good' in a row, and 15 in all" in sentence_of(replace(always, value=12, same=15))


def test_wrong_rules_are_refused() -> None:
    with pytest.raises(ArgumentTypeError, match="Rules"):
        flags(crowd(), rules={"gold": 0.8})  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="not a share"):
        Rules(gold=80)
    with pytest.raises(ArgumentError, match="low agreement"):
        Rules(without=("agreement",))


def test_tails_are_those_of_scipy() -> None:
    stats = pytest.importorskip("scipy.stats")
    k, n, p = np.array([0.0, 3, 7, 10]), np.array([10.0, 10, 20, 10]), np.array([0.2, 0.5, 0.31, 0.9])
    assert at_least(k, n, p) == pytest.approx(stats.binom.sf(k - 1, n, p), rel=1e-9)
    assert (hoeffding(k, n, p) >= stats.binom.sf(k - 1, n, p)).all()
    value, df = np.array([0.5, 3.0, 9.0, 20.0]), np.array([1.0, 2.5, 4.0, 9.1])
    assert chi_square_above(value, df) == pytest.approx(stats.chi2.sf(value, df), abs=0.01)
