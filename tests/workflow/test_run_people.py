"""Annotators and flags of a run in the sandbox, and the review made from them."""

from __future__ import annotations

import pytest

import prolific_nb as pnb
from prolific_nb.common.progress import silent

from ..conftest import DESIGN, PLAN


@pytest.fixture(scope="module")
def run() -> pnb.Run:
    client = pnb.connect(answer_times="per_answer")
    rows = pnb.sample_data().frame[["review", "sentiment"]]
    data = pnb.read_data(rows.head(20)).with_gold(rows.tail(8), answers={"How?": "sentiment"}, per_group=2)
    design = DESIGN.attention("Choose blue.", ["blue", "red"], right="blue")
    run = pnb.launch(client, data, design, PLAN, on_progress=silent)
    return run.publish().wait(timeout=60, on_progress=silent)


def test_there_is_one_row_per_participant(run: pnb.Run) -> None:
    found, submissions, answers = run.annotators(), run.submissions(), run.responses()
    assert set(found["participant_id"]) == set(answers["participant_id"])
    minutes = submissions.set_index("participant_id")["minutes"]
    for each in found.itertuples():
        assert each.minutes == pytest.approx(minutes[each.participant_id])
    assert found["agreement"].notna().any()
    assert found["seconds_per_task"].notna().all()
    everything = run.responses(checks=True)
    known = everything[everything["expected"].notna()]
    for question, column in {"How?": "gold", "Choose blue.": "checks"}.items():
        part = known[known["question"] == question]
        right = (part["value"].astype(str) == part["expected"].astype(str)).groupby(part["participant_id"].astype(str))
        assert found.set_index("participant_id")[column].to_dict() == pytest.approx(right.mean().to_dict())
    answered = answers.loc[answers["question"] == "How?", "participant_id"].value_counts()
    assert (found.set_index("participant_id")["of"] <= answered).all(), "gold rows are left out"


def careless(run: pnb.Run, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let one participant of the run have taken half a second per task; returns the submission."""
    frame = run._table("usable")
    who = frame["participant_id"].iloc[0]
    mine = frame["participant_id"] == who
    frame["seconds"] = frame["seconds"].mask(mine, 0.5)
    monkeypatch.setattr(run, "_table", lambda *_, **__: frame)
    return str(frame.loc[mine, "submission_id"].iloc[0])


def test_the_flags_make_a_frame_that_the_review_accepts(run: pnb.Run, monkeypatch: pytest.MonkeyPatch) -> None:
    flagged = careless(run, monkeypatch)
    found = run.flags(rules=pnb.analysis.Rules(least=3, chance=0.2))
    table = found.to_review(approve_rest=True)
    rest = set(table.loc[table["action"] == "approve", "submission_id"])
    assert flagged in set(found["submission_id"]) - rest
    acts = run.review(table).acts
    assert set(acts["submission_id"]) == rest
    assert set(acts["action"]) == {"approve"}
    decided = table.assign(action=table["action"].mask(table["submission_id"] == flagged, "reject"))
    run.review(decided).apply()
    status = run.submissions().set_index("submission_id")["status"]
    assert status[flagged] == "REJECTED"
    assert set(status[list(rest)]) == {"APPROVED"}
