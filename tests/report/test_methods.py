"""The paragraph for a paper says what is known and leaves gaps for what is not."""

from __future__ import annotations

import pandas as pd
import pytest

from prolific_nb.analysis import plurality
from prolific_nb.design.codebook import Question
from prolific_nb.report import agreement

FEEL = Question("How?", "single", "multiple_choice", ("good", "bad"), ("Good", "Bad"), 1)
WHY = Question("Why?", "text", "free_text")


@pytest.fixture
def frame():
    rows = [(u, w, "good" if u % 3 or w == "b" else "bad") for u in range(40) for w in "abc"]
    made = pd.DataFrame(rows, columns=["row", "participant_id", "value"])
    made = made.assign(
        question="How?",
        created_at=pd.Timestamp("2026-11-03T23:00Z") + pd.to_timedelta(made["row"], unit="min") * 3,
        submission_id="s-" + made["participant_id"],
        task_id=made["row"],
        seconds=9.0,
    )
    made.attrs |= {"mode": "LIVE", "pay": "1.50 GBP per submission"}
    return made


def test_it_says_who_answered_what_when_and_for_how_much(frame):
    text = agreement(frame, questions=[FEEL]).to_methods()
    assert text.startswith("3 participants recruited through Prolific answered 1 question about 40 units (3 annotators")
    assert "from 2026-11-03 to 2026-11-04 (UTC)" in text
    assert "for 1.50 GBP per submission (median time 6.0 minutes per submission)" in text
    asked_twice = pd.concat([frame, frame.assign(question="Why?")])  # a task's time is that of all its questions
    assert "median time 6.0 minutes" in agreement(asked_twice, questions=[FEEL, WHY]).to_methods()


def test_it_holds_every_coefficient_with_its_interval_and_source(frame):
    report = agreement(frame, questions=[FEEL], draws=200, seed=9)
    text = report.to_methods()
    alpha = report.table.set_index("coefficient").loc["Krippendorff's α (nominal)"]
    interval = f"95 % interval {alpha['low']:.2f} to {alpha['high']:.2f}"
    assert f"Krippendorff's α (nominal) = {alpha['value']:.2f}, {interval} (Krippendorff, 2011)" in text
    assert "Fleiss, 1971" in text
    assert "resampling units (200 draws, seed 9)" in text
    assert "percent agreement 77 %" in text  # 26 units of 40 agree fully, 14 by a third


def test_the_rule_for_ties_comes_from_the_aggregate_and_is_a_gap_without(frame):
    report = agreement(frame, questions=[FEEL])
    assert "[If one label per unit was used: how it was made, and the rule for ties.]" in report.to_methods()
    assert "made by Plurality. No unit was tied between labels." in report.to_methods(plurality(frame))
    tied = frame[frame["participant_id"] != "c"]
    text = report.to_methods(plurality(tied, ties="first"))
    assert "tied between several labels" in text
    assert "[If one label" not in text


def test_what_the_frame_does_not_know_is_a_gap(frame):
    bare = frame[["row", "participant_id", "value"]].reset_index(drop=True)
    bare.attrs.clear()
    text = agreement(bare).to_methods()
    assert "3 annotators [recruited how?]" in text
    assert "[when], for [pay] ([median time] per submission)" in text


def test_what_was_left_out_is_said_and_simulated_people_are_not_to_be_published(frame):
    frame.loc[:4, "value"] = None
    frame.attrs["mode"] = "SANDBOX"
    text = agreement(frame, questions=[FEEL]).to_methods()
    assert text.startswith("[The participants were simulated: these numbers are a rehearsal")
    assert "5 rows were left out as missing." in text
    assert "1 unit has a single answer." in text
    assert "(1 to 3 annotators per unit" in text


def test_without_a_scored_question_it_says_so(frame):
    assert "No question could be scored" in agreement(frame.assign(question="Why?"), questions=[WHY]).to_methods()


def test_a_task_without_a_time_leaves_the_time_to_the_submissions(frame):
    unknown = frame.assign(seconds=frame["seconds"].where(frame["row"] > 0))
    assert "([median time] per submission)" in agreement(unknown, questions=[FEEL]).to_methods()
    unknown.attrs["minutes"] = 7.25
    assert "(median time 7.2 minutes per submission)" in agreement(unknown, questions=[FEEL]).to_methods()
    none = unknown.assign(seconds=pd.array([pd.NA] * len(frame), "Float64"))
    assert "(median time 7.2 minutes per submission)" in agreement(none, questions=[FEEL]).to_methods()
    frame.attrs["minutes"] = 7.25
    assert "(median time 6.0 minutes per submission)" in agreement(frame, questions=[FEEL]).to_methods()
