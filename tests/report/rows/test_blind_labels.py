"""Blind adjudication: no names, an order that does not lead, the same for the same seed."""

from __future__ import annotations

import pandas as pd

from prolific_nb.report.rows.blind_labels import blind

from .test_disagreement_table import answers, how


def test_who_answered_cannot_be_seen() -> None:
    frame = answers(*how("1", "ggb")).assign(submission_id="s", created_at=pd.Timestamp("2026-01-01"), seconds=3.0)
    table = blind(frame)
    assert not {"participant_id", "submission_id", "response_id", "created_at", "seconds"} & set(table.columns)
    assert table["answer"].tolist() == ["A", "B", "C"]
    assert sorted(table["value"]) == ["bad", "good", "good"]


def test_the_order_depends_on_the_seed_and_not_on_what_else_is_there() -> None:
    people = "ggggbbbb"
    frame = answers(*how("1", people), *how("2", people))
    orders = {tuple(blind(frame, seed)["value"].head(8)) for seed in range(20)}
    assert len(orders) > 5
    first = blind(frame, 4)
    pd.testing.assert_frame_equal(blind(frame, 4), first)
    shuffled = frame.sample(frac=1, random_state=1).sort_values("row", kind="stable")
    assert blind(shuffled, 4)["value"].tolist() == first["value"].tolist()
    alone = blind(frame[frame["row"] == "2"], 4)
    assert alone["value"].tolist() == first["value"].tail(8).tolist()
    assert first["value"].head(8).tolist() != first["value"].tail(8).tolist()


def test_picks_of_one_answer_stay_together_and_the_adjudicator_is_left_out() -> None:
    picks = [("1", "a", "What?", "price"), ("1", "b", "What?", "price"), ("1", "a", "What?", "battery")]
    table = blind(answers(*picks, ("1", "adjudicator", "What?", "price")), 1)
    both = table.groupby("answer")["value"].apply(list)
    assert sorted(both, key=len) == [["price"], ["price", "battery"]]
