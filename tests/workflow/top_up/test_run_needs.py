"""Rows that need more votes, the follow-up that asks for them, and the weights of its answers, in the sandbox."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.common.progress import silent
from prolific_nb.errors import ArgumentError, DataError, InputError, SimilarRunError, SpendError
from prolific_nb.study.launch.row_selection import STEP

from ...conftest import DESIGN, PLAN, Connect

Answered = Callable[..., pnb.Run]
TARGET = 0.999


def finished(follow: pnb.Run, frame: pd.DataFrame) -> pnb.Run:
    """Published for exactly what the frame said, to the end."""
    return follow.publish(max_cost=frame.attrs["cost"]).wait(timeout=60, on_progress=silent)


def test_from_disagreement_to_labels_and_weighted_agreement(answered: Answered) -> None:
    run = answered()
    frame = run.needs_more(TARGET, random_share=0.3)
    assert list(frame.columns[:10]) == [
        *("row", "label", "posterior", "entropy", "votes", "proposed", "gain", "cost", "probability", "reason"),
    ]
    assert "review" in frame.columns
    by_gain, drawn = frame[frame["reason"] == "gain"], frame[frame["reason"] == "random"]
    assert len(by_gain)
    assert len(drawn)
    assert (by_gain["posterior"] < TARGET).all()
    assert (drawn["probability"] == len(drawn) / (24 - len(by_gain))).all()
    assert frame.attrs["note"].startswith(f"{len(by_gain)} row")

    follow = run.follow_up(frame)
    assert follow.plan.annotators_per_task == 1
    assert follow.cost() == frame.attrs["cost"]
    assert frame["cost"].sum() == pytest.approx(float(frame.attrs["cost"].major))
    assert follow.status().state == "UNPUBLISHED"
    finished(follow, frame)

    whole = pnb.combine([run, follow], question="How?", weights=True)
    assert list(whole.columns[-2:]) == ["study_id", "weight"]
    more = whole[whole["study_id"] == follow.study_id]
    expected = 1 / more["row"].astype(object).map(frame.set_index("row")["probability"].to_dict()).astype(float)
    assert more["weight"].tolist() == pytest.approx(expected.tolist())
    assert (whole.loc[whole["study_id"] == run.study_id, "weight"] == 1).all()
    assert len(pnb.aggregate_labels(whole)) == 24
    table = pnb.agreement(whole, weight="weight", draws=50).table.set_index("coefficient")
    alpha = pnb.analysis.krippendorff_alpha(whole, weight="weight", draws=50)
    assert table.loc["Krippendorff's α (nominal)", "value"] == alpha.value
    assert alpha.value != pnb.analysis.krippendorff_alpha(whole, draws=50).value

    # The probabilities survive a restart with the ledger, and are missed without it.
    again = pnb.open_run(study_id=follow.study_id, client=run.client, data=follow.data)
    pd.testing.assert_frame_equal(pnb.combine([run, again], question="How?", weights=True), whole)
    elsewhere = pnb.open_run(study_id=follow.study_id, client=run.client, data=follow.data, ledger="elsewhere.db")
    with pytest.raises(InputError, match="this ledger does not hold their probabilities"):
        pnb.combine([run, elsewhere], weights=True)


def test_a_second_round_counts_the_first_and_excludes_its_people(answered: Answered) -> None:
    run = answered()
    first = run.needs_more(TARGET, votes=2)
    follow = finished(run.follow_up(first), first)
    assert follow.plan.annotators_per_task == 2
    second = run.needs_more(1, after=[follow])
    assert set(second.loc[second["row"].isin(first["row"]), "votes"]) <= {5}
    with pytest.raises(InputError, match=rf"counts the answers of study {follow.study_id}"):
        run.follow_up(second)
    third = finished(run.follow_up(second, after=[follow]), second)
    assert run.follow_up(second, after=[follow]).study_id == third.study_id
    earlier = {*run.submissions()["participant_id"], *follow.submissions()["participant_id"]}
    assert not earlier & set(third.submissions()["participant_id"])
    assert third.plan.name == follow.plan.name
    assert [len(run.plan.filters[-1].any_of) for run in (follow, third)] == [1, 2]  # groups that are kept out
    assert len(pnb.aggregate_labels(pnb.combine([run, follow, third], question="How?"))) == 24


def test_a_cell_that_runs_again_after_a_rejection_does_not_pay_for_the_same_rows_again(answered: Answered) -> None:
    run = answered()
    frame = run.needs_more(TARGET)
    follow = finished(run.follow_up(frame), frame)
    message = "The answers of this submission repeat one label for every review, also where it is clearly wrong. " * 2
    for each in list(run.client.studies.submissions(run.study_id))[:2]:
        run.client.submissions.transition(each["id"], "REJECT", message=message, category="LOW_EFFORT")
    changed = run.needs_more(TARGET)
    assert set(changed["row"]) != set(frame["row"])
    with pytest.raises(SimilarRunError, match=rf"asked about in study {follow.study_id} already"):
        run.follow_up(changed)
    assert len(list(run.client.studies.list())) == 2
    assert run.follow_up(frame).study_id == follow.study_id
    more = run.needs_more(1, after=[follow])
    assert run.follow_up(more, after=[follow]).study_id != follow.study_id


def test_a_frame_of_another_run_about_the_same_rows_is_refused(answered: Answered) -> None:
    run = answered()
    twin = run.duplicate("Twin").publish(max_cost="120.00").wait(timeout=60, on_progress=silent)
    with pytest.raises(InputError, match=rf"answers of study {twin.study_id}, and this run is study {run.study_id}"):
        run.follow_up(twin.needs_more(1).head(6))


def test_as_many_rows_as_the_cap_pays_for(answered: Answered) -> None:
    run = answered()
    everything = run.needs_more(1, votes=2)
    cap = pnb.Money(everything.attrs["cost"].minor // 2, "GBP")
    some = run.needs_more(1, votes=2, max_cost=cap)
    assert 0 < len(some) < len(everything)
    assert some.attrs["cost"] <= cap
    assert len(some) % PLAN.tasks_per_group == 0  # groups are filled, since places are paid by group
    assert run.follow_up(some).cost() == some.attrs["cost"]
    nothing = run.needs_more(1, max_cost="0.01")
    assert (len(nothing), nothing.attrs["cost"].minor) == (0, 0)
    with pytest.raises(SpendError, match="cannot be used"):
        run.needs_more(max_cost="50 USD")


def test_rows_that_were_listed_by_hand_have_no_weights(answered: Answered) -> None:
    run = answered()
    follow = run.follow_up(run.needs_more(1)["row"].head(6))
    with pytest.raises(InputError, match=rf"study {follow.study_id}: Its rows were listed by hand"):
        pnb.combine([run, follow], weights=True)
    assert "weight" not in pnb.combine([run, follow])
    same = run.duplicate("All of it again")
    assert set(pnb.combine([run, same], weights=True)["weight"]) == {1}


def test_the_first_probabilities_of_a_follow_up_stay(answered: Answered) -> None:
    run = answered()
    frame = run.needs_more(1)
    follow = run.follow_up(frame)
    noted = run.ledger.step(follow.key, STEP)
    run.follow_up(frame.assign(probability=0.5))
    assert run.ledger.step(follow.key, STEP) == noted
    run.ledger.intend(follow.key, STEP, "[1]")
    with pytest.raises(pnb.ProlificError, match="no probabilities that can be read"):
        pnb.combine([run, follow], weights=True)


CHANGES: dict[str, dict[str, Any]] = {
    r"Different numbers of votes are proposed \(1, 2, 3": {"proposed": range(1, 25)},
    "0.0.*must be above 0 and at most 1": {"probability": 0.0},
    "nan.*must be above 0 and at most 1": {"probability": float("nan")},
    "Some row keys are missing": {"row": None},
}


def test_a_frame_that_was_changed_is_refused(answered: Answered) -> None:
    run = answered()
    frame = run.needs_more(1)
    for what, change in CHANGES.items():
        with pytest.raises(DataError, match=what):
            run.follow_up(frame.assign(**change))
    with pytest.raises(DataError, match="no column 'row'"):
        run.follow_up(frame.drop(columns="row"))
    assert len(list(run.client.studies.list())) == 1


def test_a_question_with_one_label_per_row_is_needed(sandboxed: Connect) -> None:
    design = DESIGN.choose("Who?", ["I", "you"]).choose_many("Which?", ["a", "b"])
    data = pnb.read_data(pnb.sample_data().head(6))
    run = pnb.launch(sandboxed(), data, design, PLAN, on_progress=silent)
    run.publish(max_cost="120.00").wait(timeout=60, on_progress=silent)
    with pytest.raises(ArgumentError, match=r"Pass question="):
        run.needs_more()
    with pytest.raises(ArgumentError, match="no single label per row"):
        run.needs_more(question="Which?")
    assert run.needs_more(1, question="Who?")["label"].cat.categories.tolist() == ["I", "you"]
    assert len(run.needs_more(1, question="Who?", random_share=0)) == 6


def test_gold_rows_are_never_proposed_and_their_places_are_paid_for(sandboxed: Connect) -> None:
    sample = pnb.sample_data().frame
    gold = sample.tail(4)[["review"]].assign(truth=sample.tail(4)["sentiment"])
    data = pnb.read_data(sample.head(16)[["review"]]).with_gold(gold, answers={"How?": "truth"})
    run = pnb.launch(sandboxed(truth=None), data, DESIGN, PLAN, on_progress=silent)
    run.publish(max_cost="120.00").wait(timeout=60, on_progress=silent)
    frame = run.needs_more(1, random_share=0)
    assert set(frame["row"]) == set(data.row_keys)
    follow = run.follow_up(frame)
    assert follow.cost() == frame.attrs["cost"]
    finished(follow, frame)
    assert set(pnb.combine([run, follow], weights=True)["weight"]) == {1}
