"""The table of own labels: that of a run, so that everything that takes a run's answers takes it as it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.errors import DataError
from prolific_nb.responses import COLUMNS

from ...conftest import Run
from .own_cases import DATA, DESIGN, typed


def labelled(path: Path, annotator: str, wrong: int = 0, rows: int = 9) -> pnb.OwnLabels:
    """Labels after the column truth, but for some rows."""
    own = pnb.OwnLabels(DESIGN, DATA, annotator=annotator, path=path / f"{annotator}.jsonl", order="file", rows=rows)
    truth = dict(zip(DATA.row_keys, DATA.cells("truth"), strict=True))
    for place, row in enumerate(own.rows):
        feeling = truth[row] if place >= wrong else {"good": "bad", "bad": "good"}[truth[row]]
        own.answer(row, typed(feeling, ("case",) if place % 2 else ("price", "case")), seconds=10 + place)
    return own


@pytest.fixture
def frame(tmp_path: Path) -> pd.DataFrame:
    people = {name: labelled(tmp_path, name, wrong).path for wrong, name in enumerate(("ann", "ben", "cat"))}
    return pnb.OwnLabels.read(people, DESIGN, DATA)


def test_columns_and_dtypes_are_those_of_a_run(answered: Callable[..., Run], tmp_path: Path) -> None:
    run = answered(seed=1)
    assert run.data is not None
    own = pnb.OwnLabels(run.design, run.data, path=tmp_path / "l.jsonl", annotator="me")
    how, why = (str(each.instruction_id) for each in own.codebook)
    empty = own.answers()
    for row in own.rows:
        assert own.answer(row, {how: ["good"], why: ["It is praise."]}, seconds=7.25) == ()
    answers, responses = own.answers(), run.responses()
    for each in (answers, empty):
        assert each.dtypes.astype(str).to_dict() == responses.dtypes.astype(str).to_dict()
        assert list(each.columns) == list(responses.columns)
    assert set(answers["submission_status"]) == {"OWN"}
    assert set(answers["seconds"]) == {7.25}
    rated = answers[answers["question"] == "How?"]
    assert rated["position"].tolist() == list(range(1, len(own.rows) + 1))
    assert rated["row"].tolist() == list(own.rows)
    both = pd.concat([responses, answers], ignore_index=True)
    report = pnb.agreement(both, questions=run.codebook, draws=1)
    assert report.scored[0].reading.counts.n_ratings == len(both) / 2
    labels = pnb.aggregate_labels(responses, "How?", adjudications=answers)
    assert set(labels["decided_by"]) == {"adjudicator"}
    assert set(labels["label"]) == {"good"}
    for each in rated.head(2).itertuples():
        run.adjudications.decide(each.row, each.question, each.value)
    assert len(run.adjudications) == 2


def test_several_elements_numbers_and_times(tmp_path: Path) -> None:
    own = labelled(tmp_path, "ann", rows=2)
    own.answer(own.rows[0], typed("good", ("price", "case")), seconds=4)
    frame = own.answers()
    assert tuple(frame.columns) == (*COLUMNS, *DATA.columns)
    first = frame[frame["row"] == own.rows[0]]
    assert first["value"].tolist() == ["good", "price", "case", "2.5"]
    assert first["number"].dropna().tolist() == [2.5]
    assert first["number_unit"].dropna().tolist() == ["kg"]
    assert set(first["seconds"]) == {14.0}  # both times that it was looked at
    assert frame.drop_duplicates("row")["position"].tolist() == [1, 2]
    assert frame["response_id"].nunique() == 6


def test_agreement_disagreements_annotators_and_plots_take_it(frame: pd.DataFrame) -> None:
    report = pnb.agreement(frame, draws=20)
    assert [each.question for each in report.scored] == ["Feeling?", "Parts?", "Weight?"]
    assert report.mode is None
    assert "annotators" in report.to_methods()
    assert "Prolific" not in report.to_methods()
    worst = pnb.disagreements(frame, "Feeling?")
    assert worst["row"].tolist()[:2] == list(DATA.row_keys[:2])
    table = pnb.analysis.annotators(frame, shown=["review"])
    assert table["participant_id"].tolist() == ["ann", "ben", "cat"]
    assert table["seconds_per_task"].tolist() == [14.0] * 3
    assert pnb.analysis.flags(frame, shown=["review"]).empty
    pairs = pnb.analysis.pairwise_agreement(frame[frame["question"] == "Feeling?"], unit="row")
    assert pnb.plots.annotators(pairs).get_title("left")
    assert pnb.plots.labels(frame, question="Feeling?").get_title("left")
    assert pnb.plots.time_per_task(frame).get_title("left")
    assert report.plot() is not None


def test_tables_of_several_people_can_be_put_together(tmp_path: Path, frame: pd.DataFrame) -> None:
    parts = [labelled(tmp_path / "more", name, wrong).answers() for wrong, name in enumerate(("ann", "ben", "cat"))]
    both = pd.concat(parts, ignore_index=True)
    once, again = (pnb.agreement(each, draws=1).table for each in (frame, both))
    pd.testing.assert_frame_equal(once, again)


def test_attention_checks_are_left_out_unless_they_are_asked_for(tmp_path: Path) -> None:
    design = pnb.Design("R").show("review").choose("Good?", ["yes", "no"])
    design = design.attention("Choose no.", ["yes", "no"], right="no")
    own = pnb.OwnLabels(design, DATA, path=tmp_path / "l.jsonl", rows=1)
    good, check = (each.instruction_id for each in own.codebook)
    assert own.answer(own.rows[0], {good: ["yes"], check: ["no"]}, seconds=1) == ()
    assert own.answers()["question"].tolist() == ["Good?"]
    assert own.answers(checks=True)["expected"].tolist()[1:] == ["no"]
    assert b"right" not in own.path.read_bytes()


def test_labels_become_gold(tmp_path: Path) -> None:
    own = labelled(tmp_path, "ann", rows=4)
    rest = DATA.without(own.answers()["row"])
    assert len(rest) == len(DATA) - 4
    data = rest.with_gold(own.answers(), per_group=2)
    assert data.gold is not None
    assert not data.check().errors
    assert data.gold.frame.columns.tolist() == ["id", "review", "truth", "Feeling?"]
    assert data.gold.frame["Feeling?"].tolist() == data.gold.frame["truth"].tolist()
    assert data.with_gold(own.answers(), per_group=2) is data  # the cell was run again
    assert data.to_code().endswith(".with_gold(gold, per_group=2)\n")
    plan = pnb.StudyPlan("R", reward="1.00", minutes=5, tasks_per_group=4)
    assert not pnb.quote(pnb.connect(), data, DESIGN, plan).findings.errors


def test_only_what_all_agree_on_becomes_gold(frame: pd.DataFrame) -> None:
    gold = DATA.with_gold(frame).gold
    assert gold is not None
    assert gold.frame["id"].tolist() == list(map(str, range(2, 9)))  # ben and cat were wrong about the first ones


@pytest.mark.parametrize("wanted", ["Parts?", "Weight?"])
def test_what_cannot_become_gold_is_named(frame: pd.DataFrame, wanted: str) -> None:
    with pytest.raises(DataError, match="one option"):
        DATA.with_gold(frame[frame["question"] == wanted])


@pytest.mark.parametrize("given", [b"review,truth\nFine.,good\n", DATA, DATA.frame])
def test_gold_rows_that_are_not_answers_need_the_column_of_the_right_ones(given: object) -> None:
    with pytest.raises(DataError, match=r"table of answers.*answers="):
        DATA.with_gold(given)  # type: ignore[arg-type]
