"""A rehearsal is a finished run, private, marked as simulated, and its figures are those of its own frames."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.errors import ArgumentError, ArgumentTypeError, InputError, SpendError

from .a_study import FEELS, SAYS, rehearsed, study


def value(rehearsal: pnb.Rehearsal, figure: str, column: str = "value") -> float:
    [found] = rehearsal.figures.loc[rehearsal.figures["figure"] == figure, column]
    return float(found)


def test_it_is_a_finished_run_with_the_figures_of_its_frames() -> None:
    run = rehearsed()
    assert isinstance(run, pnb.Run)
    assert run.status().state == "AWAITING REVIEW"
    answers, submissions, report = run.responses(question=FEELS), run.submissions(), run.agreement()
    assert len(answers) == 24 * 3
    lead = report.scored[0].lead
    row = run.figures[run.figures["figure"] == "agreement"].iloc[0]
    assert [row["value"], row["low"], row["high"]] == pytest.approx([lead.value, lead.low, lead.high], abs=1e-6)
    assert row["question"] == FEELS
    assert value(run, "minutes per submission") == pytest.approx(submissions["minutes"].median(), abs=1e-6)
    assert value(run, "returned submissions") == (submissions["status"] == "RETURNED").sum()
    last = submissions["completed_at"].max() - pd.Timestamp(run.client.studies.get(run.study_id).published_at)
    assert value(run, "hours until all places are filled") == pytest.approx(last.total_seconds() / 3600, abs=1e-6)
    expected = [share_of_intended(each) for _, each in answers.astype({"row": object}).groupby("row")]
    assert any(0 < each < 1 for each in expected)  # some rows are tied
    assert value(run, "right labels") == pytest.approx(sum(expected) / len(expected), abs=1e-6)


def share_of_intended(answers: pd.DataFrame) -> float:
    """How often the intended answer is the most frequent one, where one of several that are tied is drawn."""
    modes = answers["value"].astype(object).mode().tolist()
    return (answers["sentiment"].iloc[0] in modes) / len(modes)


@pytest.mark.parametrize("column", ["label", "share of good"])
def test_the_column_of_intended_answers_may_have_a_name_that_tables_of_labels_have(column: str) -> None:
    data, *rest = study(tasks_per_group=12)
    table = data.table[["review", "sentiment"]].rename(columns={"sentiment": column})
    one, other = (pnb.rehearse(rows, *rest, truth=truth) for rows, truth in ((table, column), (data, "sentiment")))
    assert value(one, "right labels") == value(other, "right labels") < 1


def test_a_row_whose_intended_answer_nobody_gives_is_not_right() -> None:
    people = pnb.People.mix(careful=0, straight_liner=1)
    run = pnb.rehearse(*study(tasks_per_group=24, annotators_per_task=1), truth="sentiment", people=people)
    answers = run.responses(question=FEELS).astype({"value": object})
    assert set(answers["value"]) < set(answers["sentiment"])
    assert value(run, "right labels") == pytest.approx((answers["value"] == answers["sentiment"]).mean(), abs=1e-6)


def test_the_cost_is_that_of_the_quote_and_no_assumption() -> None:
    run = rehearsed()
    total = pnb.quote(run.client, *study()).total
    assert value(run, "cost of all places") == total.minor / 100
    assert value(run, "cost of all places", "assumption") == 0
    assert str(total) in run.words
    exact = set(run.figures.loc[~run.figures["assumption"], "figure"])
    assert exact == {"places", "cost of all places", "answers with a time of their own"}
    assert (run.figures["depends_on"] == "").equals(~run.figures["assumption"])


def test_one_more_annotator_is_added_to_the_same_answers() -> None:
    run = rehearsed()
    assert value(run, "places", "one_more") == value(run, "places") + 8
    four = pnb.quote(run.client, *study(annotators_per_task=4)).total
    assert value(run, "cost of all places", "one_more") == four.minor / 100
    assert value(run, "half-width of the interval", "one_more") < value(run, "half-width of the interval")
    assert "One more annotator per task" in run.words


def test_the_words_about_a_single_place_and_annotator() -> None:
    run = pnb.rehearse(*study(tasks_per_group=24, annotators_per_task=1))
    assert "Time: the place was filled after" in run.words
    assert f"± {value(run, 'half-width of the interval', 'one_more'):.3f} instead of no interval" in run.words
    assert "nan" not in run.words


def test_every_output_says_that_the_people_are_simulated() -> None:
    run = rehearsed()
    for text in (run.words, repr(run), run._repr_html_()):
        assert SAYS in text
    frames = [run.responses(), run.submissions(), run.figures, run.caught, run.assumptions]
    assert [frame.attrs.get("rehearsal") for frame in frames] == [SAYS] * len(frames)
    assert "simulated" in run.agreement().words
    assert "(assumption: " in run.words


def test_neither_the_environment_nor_the_ledger_of_the_user_is_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Any
) -> None:
    for name, given in (("URL", "https://api.prolific.com"), ("TOKEN", "secret"), ("NB_LEDGER", tmp_path / "mine")):
        monkeypatch.setenv(f"PROLIFIC_{name}", str(given))
    run = pnb.rehearse(*study(annotators_per_task=1))
    assert run.client.mode == "SANDBOX"
    assert run.client.url.startswith("http://127.0.0.1:")
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == []
    assert capsys.readouterr().out == ""
    # it was given no truth, and says what agreement then means
    assert "nothing about how hard your rows are" in run.words
    assert "nothing about how hard your rows are" not in rehearsed().words


def test_a_cost_above_the_cap_is_refused_as_by_publish() -> None:
    parts = study()
    draft = pnb.launch(pnb.connect(), *parts)
    with pytest.raises(SpendError) as refused:
        draft.publish(max_cost="54.48")
    for times in (None, 2):
        with pytest.raises(SpendError) as rehearsal:
            pnb.rehearse(*parts, max_cost="54.48", times=times)
        assert str(rehearsal.value) == str(refused.value)


@pytest.mark.parametrize(
    ("arguments", "kind", "words"),
    [
        ({"truth": "feeling"}, ArgumentError, "'feeling' is not a column of the data, which has product, review"),
        ({"people": 3}, ArgumentTypeError, "people is an int"),
        ({"times": 1}, ArgumentError, "leave it out for one rehearsal"),
        ({"seed": -1}, ArgumentError, "seed is -1"),
        ({"ledger": "x", "only": "g"}, ArgumentError, "ledger, only: a rehearsal is private"),
        ({"scenario": 3}, ArgumentTypeError, "scenario is an int"),
        ({"scenarios": "slow start"}, ArgumentError, "rehearse has no argument 'scenarios'"),
    ],
)
def test_wrong_arguments_are_refused(arguments: dict[str, Any], kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words):
        pnb.rehearse(*study(), **arguments)


def test_what_cannot_be_launched_is_refused_with_its_findings() -> None:
    with pytest.raises(InputError, match="below Prolific's minimum"):
        pnb.rehearse(*study(reward="0.10"))
    data, design, _ = study()
    with pytest.raises(InputError, match="plan is missing"):
        pnb.rehearse(data, design, None)  # type: ignore[call-overload]


def test_what_belongs_to_an_account_is_left_out_and_said() -> None:
    filters = [pnb.Filter.exclude(studies=["5" * 24])]
    run = pnb.rehearse(*study(project="6" * 24, filters=filters, annotators_per_task=1))
    assert run.status().filled == 8
    assert "They match every filter of the plan" in run.words
    assert "They match every filter" not in rehearsed().words


def test_caught_counts_each_kind_as_the_flags_do() -> None:
    people = pnb.People.mix(careful=0.5, straight_liner=0.5)
    parts = study(tasks_per_group=12, annotators_per_task=8)
    run = pnb.rehearse(*parts, truth="sentiment", people=people)
    kinds, flagged = run.client.kinds, run.flags()
    assert kinds is not None
    caught = run.caught.set_index("kind")
    took_part = Counter(kinds[each] for each in run.responses()["participant_id"].astype(str).unique())
    assert caught["people"].to_dict() == dict(took_part)
    for flag, part in flagged.groupby("flag", observed=True):
        found = Counter(kinds[each] for each in part["participant_id"].unique())
        assert {kind: n for kind, n in caught[flag].items() if n} == dict(found)
    assert caught["flagged"].sum() == flagged["participant_id"].nunique() > 0
    assert caught["honest"].to_dict() == {"careful": True, "straight_liner": False}
    assert value(run, "flagged honest people") == caught.loc["careful", "flagged"]
    assert f"straight_liner: {caught.loc['straight_liner', 'flagged']} of" in run.words


def test_its_program_repeats_it() -> None:
    parts = study(annotators_per_task=1)
    people = pnb.People.mix(careful=0.8, hurried=0.2)
    run = pnb.rehearse(*parts, people=people, scenario="slow start", seed=4, max_cost="90.00")
    call = run.to_code().split("rehearsal = ")[1].split("\n")[0]
    again = eval(call, {"pnb": pnb, **dict(zip(("data", "design", "plan"), parts, strict=True))})
    assert again.words == run.words
    assert str(again.cap) == "90.00 GBP"
    pd.testing.assert_frame_equal(again.responses(), run.responses())


def test_a_study_that_nobody_takes_is_described() -> None:
    run = pnb.rehearse(*study(), people=pnb.People(fills=0.0))
    assert run.status().state == "COMPLETED"
    assert run.responses().empty
    assert "0 of 24 in the end" in run.words
    assert run.figures.set_index("figure").loc["tasks with too few answers", "value"] == 24


def test_what_is_done_with_it_later_does_not_wait_long() -> None:
    run = pnb.rehearse(*study(tasks_per_group=12, annotators_per_task=1))
    run.add_annotators(to=2).wait(timeout=60)
    assert run.status().filled == 4
