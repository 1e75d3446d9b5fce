"""Disagreement of a run: found, settled by an adjudicator, and carried into one label for each row."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.common.progress import silent
from prolific_nb.errors import UnknownName

from ..conftest import DESIGN, PLAN, Connect, Run


def test_adjudications_are_found_by_the_key_of_the_run(sandboxed: Connect) -> None:
    data = pnb.read_data(pnb.sample_data().head(6))
    run = pnb.launch(sandboxed(), data, DESIGN, PLAN, on_progress=silent)
    run.adjudications.decide(data.row_keys[0], "How?", "good", "It is praise.")
    with pytest.raises(UnknownName, match="no row 'r9'"):
        run.adjudications.decide("r9", "How?", "good")
    again = pnb.open_run(run.key, client=run.client)
    assert again.adjudications.frame()["value"].tolist() == ["good"]
    again.adjudications.decide("of a row that only the server knows", "How?", "bad")
    assert len(run.adjudications) == 2
    other = pnb.launch(run.client, data, DESIGN, PLAN, again="once more", on_progress=silent)
    assert len(other.adjudications) == 0


def test_adjudications_of_a_sandbox_in_memory_live_as_long_as_its_ledger() -> None:
    client = pnb.connect()
    run = pnb.launch(client, pnb.sample_data().head(6), DESIGN, PLAN, on_progress=silent)
    run.adjudications.decide(run.data.row_keys[0], "How?", "good")  # type: ignore[union-attr]
    assert pnb.open_run(run.key, client=client).adjudications.frame()["value"].tolist() == ["good"]


def test_labels_of_a_run_say_who_decided(answered: Callable[..., Run]) -> None:
    run = answered(seed=1)
    table = run.disagreements("How?")
    assert len(table)
    assert table["agreement"].is_monotonic_increasing
    assert table["explanations"].isna().all()  # none was asked for
    [row] = table["row"].head(1)
    unanswered = run.labels("How?").iloc[:0]["row"].tolist()
    assert unanswered == []
    run.adjudications.decide(row, "How?", "mixed", "Both sides are told.")
    settled = run.labels("How?", method="dawid_skene").set_index("row")
    assert settled.loc[row, ["label", "decided_by", "reason"]].tolist() == [
        "mixed", "adjudicator", "Both sides are told.",
    ]  # fmt: skip
    assert set(settled["decided_by"].drop(row).dropna()) == {"dawid_skene"}
    alone = run.labels("How?", adjudicated=False)
    pd.testing.assert_frame_equal(alone, pnb.aggregate_labels(run.responses(), "How?"))
    both = pd.concat([run.responses(), run.adjudications.frame()], ignore_index=True)
    both.attrs = run.responses().attrs
    assert pnb.agreement(both, draws=1).table["value"].tolist() == run.agreement(draws=1).table["value"].tolist()
    assert str(table["review"].iloc[0])[:50] in run.agreement(draws=1).words
