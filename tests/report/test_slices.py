"""The same report per slice of the answers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from prolific_nb.analysis import krippendorff_alpha
from prolific_nb.design.codebook import Codebook, Question
from prolific_nb.errors import DataError, ProlificError
from prolific_nb.report import agreement

FEEL = Question("How?", "single", "multiple_choice", ("good", "bad"), ("Good", "Bad"), 1)
TOPIC = Question("What?", "single", "multiple_choice", ("x", "y"), ("X", "Y"), 1)


@pytest.fixture
def frame():
    """Reviews of phones, on which people agree, and of lamps, on which they guess."""
    rng = np.random.default_rng(2)
    rows = []
    for unit in range(80):
        kind, true = ("phone", "lamp")[unit % 2], rng.choice(FEEL.options)
        for place, who in enumerate("abc"):
            said = rng.choice(FEEL.options) if kind == "lamp" else true
            when = pd.Timestamp("2026-11-03T09:30Z") + pd.Timedelta(minutes=unit)
            rows.append((unit, who, said, kind, place + 1, when, "How?"))
    columns = ["row", "participant_id", "value", "kind", "position", "created_at", "question"]
    return pd.DataFrame(rows, columns=columns)


def alphas(report, by):
    table = report.table
    return table[table["coefficient"] == "Krippendorff's α (nominal)"].set_index(by)["value"].to_dict()


def test_each_slice_is_scored_as_if_it_were_alone(frame):
    report = agreement(frame, questions=[FEEL], by="kind")
    assert list(report.table.columns)[:3] == ["kind", "question", "coefficient"]
    alone = {kind: krippendorff_alpha(part).value for kind, part in frame.groupby("kind")}
    assert alphas(report, "kind") == alone
    rows = report.table[report.table["kind"] == "lamp"]
    pd.testing.assert_frame_equal(
        rows.drop(columns="kind").reset_index(drop=True),
        agreement(frame[frame["kind"] == "lamp"], questions=[FEEL]).table,
    )


def test_words_name_the_least_and_the_most_and_whether_the_intervals_overlap(frame):
    words = agreement(frame, questions=[FEEL], by="kind").words
    assert "“How?” by kind: 2 slices, α from" in words
    assert "for “lamp” to 1.00" in words
    assert "do not overlap" in words
    assert "240 answers by 3 people on 80 units" in words  # the whole stands before the slices
    assert "of several" not in words


def test_intervals_that_share_a_part_overlap(frame):
    rng = np.random.default_rng(6)
    mixed = frame.assign(kind=rng.choice(["x", "y"], 80).repeat(3))
    report = agreement(mixed, questions=[FEEL], by="kind")
    alphas = report.table[report.table["coefficient"] == "Krippendorff's α (nominal)"].sort_values("value")
    assert alphas["low"].iloc[1] < alphas["high"].iloc[0] < alphas["value"].iloc[1]
    assert "these two intervals overlap" in report.words


def test_the_hour_is_that_of_the_answer_in_utc(frame):
    report = agreement(frame, questions=[FEEL], by="hour")
    hours = frame["created_at"].dt.tz_convert("UTC").dt.hour
    assert alphas(report, "hour") == {h: krippendorff_alpha(part).value for h, part in frame.groupby(hours)}
    own = agreement(frame.assign(hour="always"), questions=[FEEL], by="hour")
    assert set(own.table["hour"]) == {"always"}  # a column of the rows goes first


def test_a_slice_with_too_little_is_nan_with_a_reason(frame):
    report = agreement(frame, questions=[FEEL], by="position")
    assert report.table["value"].isna().all()
    assert report.table["note"].str.contains("no unit has two labels").all()
    assert "no score for “1”, “2”, “3”." in report.words
    assert set(report.table["position"]) == {1, 2, 3}


def test_rows_without_a_slice_are_in_none_and_categories_without_rows_make_none(frame):
    kinds = pd.Categorical(frame["kind"].where(frame["row"] >= 2), categories=["phone", "lamp", "oven"])
    report = agreement(frame.assign(kind=kinds), questions=[FEEL], by="kind")
    assert list(dict.fromkeys(report.table["kind"])) == ["phone", "lamp"]
    assert set(report.table["n_units"]) == {39}


def test_slices_of_several_questions_are_drawn_and_told_apart(frame):
    both = pd.concat([frame, frame.assign(question="What?", value=np.where(frame["row"] % 3, "x", "y"))])
    report = agreement(both, questions=Codebook([FEEL, TOPIC]), by="kind")
    assert len(report.table) == 2 * 2 * 4
    drawn = report.plot(Figure().add_subplot())
    assert {text.get_text() for text in drawn.get_yticklabels()} == {
        f"{q} · {k}" for q in ("How?", "What?") for k in ("phone", "lamp")
    }
    one = agreement(frame, questions=[FEEL], by="kind").plot(Figure().add_subplot())
    assert [text.get_text() for text in one.get_yticklabels()] == ["kind: lamp", "kind: phone"]


def test_what_cannot_be_sliced_by_is_said(frame):
    with pytest.raises(DataError, match=r"no column 'brand' to slice by.*by='hour'"):
        agreement(frame, questions=[FEEL], by="brand")
    with pytest.raises(DataError, match=r"would make 80 slices.*qcut"):
        agreement(frame, questions=[FEEL], by="row")
    with pytest.raises(ValueError, match="has no effect: a report already scores every question separately"):
        agreement(frame, questions=[FEEL], by="question")


def test_an_empty_frame_has_no_slices(frame):
    report = agreement(frame.iloc[:0], questions=[FEEL], by="kind")
    assert report.table.empty
    assert list(report.table.columns)[:2] == ["kind", "question"]
    assert "(no scores)" in repr(report)


@pytest.fixture
def stored_together(frame):
    """The same answers, each submission's stored at one moment, as `tidy` returns them."""
    return frame.assign(submission_id="s-" + frame["participant_id"], position=pd.array([pd.NA] * len(frame), "Int64"))


@pytest.mark.parametrize(
    ("by", "reason"),
    [
        ("position", r"needs the order of the answers in a submission.*stored together.*another column"),
        ("hour", r"needs the time of each answer.*moment of storing.*assign\(hour=frame\['created_at'\]\.dt\.hour\)"),
    ],
)
def test_answers_stored_together_have_no_position_and_no_hour(stored_together, by, reason):
    with pytest.raises(ProlificError, match=reason):
        agreement(stored_together, questions=[FEEL], by=by)


def test_the_remedy_for_the_hour_works(stored_together, frame):
    asked = stored_together.assign(hour=stored_together["created_at"].dt.hour)
    assert alphas(agreement(asked, questions=[FEEL], by="hour"), "hour") == alphas(
        agreement(frame, questions=[FEEL], by="hour"), "hour"
    )


@pytest.mark.parametrize("by", ["position", "hour"])
def test_answers_without_a_time_of_their_own_are_in_no_slice(stored_together, frame, by):
    own = frame.assign(submission_id="t-" + frame["participant_id"], participant_id=frame["participant_id"] + "2")
    with pytest.warns(UserWarning, match=f"240 of 480 answers are in no slice by {by}: .*stored together"):
        both = agreement(pd.concat([stored_together, own], ignore_index=True), questions=[FEEL], by=by)
    pd.testing.assert_frame_equal(both.table, agreement(own, questions=[FEEL], by=by).table)


def test_answers_without_a_submission_have_an_hour_but_no_position(stored_together, frame):
    alone = stored_together.assign(submission_id=None)
    with pytest.raises(ProlificError, match="the submission is unknown"):
        agreement(alone, questions=[FEEL], by="position")
    assert alphas(agreement(alone, questions=[FEEL], by="hour"), "hour") == alphas(
        agreement(frame, questions=[FEEL], by="hour"), "hour"
    )


def test_no_answers_need_no_times(stored_together):
    for by in ("position", "hour"):
        assert agreement(stored_together.head(0), questions=[FEEL], by=by).table.empty


@pytest.mark.parametrize("by", ["question", "value", "option", "n_units", "coefficient"])
def test_a_column_of_other_data_named_like_one_of_the_table_can_be_sliced_by(by):
    rows = [(item, who, who != "b" or item % 2, item % 2) for item in range(8) for who in "ab"]
    other = pd.DataFrame(rows, columns=["item", "worker", "answer", by])
    report = agreement(other, by=by, unit="item", annotator="worker", label="answer", draws=10)
    assert report.table.columns[0] == f"{by} (slice)"
    assert report.table.columns.is_unique
    assert report.table[f"{by} (slice)"].unique().tolist() == [0, 1]
    assert len(repr(report)) > 100
    assert len(report._repr_html_()) > 100
    assert report.plot(Figure().add_subplot()).get_title(loc="left")
