"""What more annotators and rows would cost, what was allowed so far, and looking on while answers arrive."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.common.progress import silent
from prolific_nb.errors import InputError, SpendError
from prolific_nb.workflow.run import Run

from ..conftest import DESIGN, PLAN, Connect

SAMPLE = pnb.sample_data().table


@pytest.fixture
def run(sandboxed: Connect) -> Run:
    data = pnb.read_data(SAMPLE.head(12))
    return pnb.launch(sandboxed("LIVE", speed=1), data, DESIGN, PLAN, on_progress=silent)


def test_the_quote_for_annotators_is_exactly_what_allows_them(run: Run) -> None:
    with pytest.raises(InputError, match="is a draft"):
        run.quote_annotators(5)
    run.publish(max_cost="60.00")
    quoted = run.quote_annotators(5)
    assert (quoted.annotators, quoted.annotators_before) == (5, 3)
    assert (quoted.places, quoted.places_before) == (4, 6)
    assert (quoted.cost, str(quoted.cost)) == (run.quote_annotators(5).cost, "9.08 GBP")
    assert run.status().places == 6
    with pytest.raises(SpendError, match="above max_cost"):
        run.add_annotators(to=5, max_cost=quoted.cost - pnb.Money(1, "GBP"))
    run.add_annotators(to=5, max_cost=quoted.cost)
    assert run.status().places == 10
    fewer = run.quote_annotators(2)
    assert (fewer.annotators, fewer.places, fewer.cost.minor) == (5, 0, 0)
    assert "none new" in str(fewer)
    with pytest.raises(InputError, match="not a valid number"):
        run.quote_annotators(0)


def test_the_quote_for_rows_is_exactly_what_allows_them(run: Run) -> None:
    run.publish(max_cost="60.00")
    more = SAMPLE.iloc[6:20]  # six rows are there already
    quoted = run.quote_rows(more)
    assert (quoted.rows, quoted.groups, quoted.places) == (8, 2, 6)
    with pytest.raises(SpendError, match="above max_cost"):
        run.add_rows(more, max_cost=quoted.cost - pnb.Money(1, "GBP"))
    assert run.data is not None
    assert len(run.data) == 12
    added = run.add_rows(more, max_cost=quoted.cost)
    assert (added.rows, added.places) == (8, 6)
    nothing = run.quote_rows(more)
    assert (nothing.rows, nothing.places, nothing.cost.minor) == (0, 0, 0)
    with pytest.raises(pnb.errors.DataError, match="use the same names"):
        run.quote_rows(pd.DataFrame({"other": ["x"]}))


def test_the_cap_is_the_sum_of_what_was_allowed_and_spent(run: Run) -> None:
    assert run.cap is None
    run.publish(max_cost="60.00")
    run.add_annotators(to=4, max_cost="9.00").add_annotators(to=4, max_cost="9.00")
    run.add_rows(SAMPLE.iloc[12:18], max_cost="20.00")
    run.add_rows(SAMPLE.iloc[12:18], max_cost="20.00")
    assert str(run.cap) == "89.00 GBP"


def test_the_latest_answers_take_one_request_and_name_their_rows(answered: Any) -> None:
    run = answered()
    asked: list[str] = []
    real = run.client.batches.responses
    run.client.batches.responses = lambda *given: asked.append("responses") or real(*given)
    run._export = lambda: pytest.fail("an export was requested")  # Prolific keeps ten of a batch
    frame = run.latest(3)
    assert (len(frame), asked) == (3, ["responses"])
    everything = run.responses("all").sort_values("created_at", ascending=False)
    assert list(frame["created_at"]) == list(everything["created_at"].head(3))
    assert set(frame["row"]) <= set(run.data.row_keys)
    assert set(frame["question"]) <= {"How?", "Why?"}


def test_the_status_knows_when_each_place_was_filled(answered: Any, run: Run) -> None:
    status = answered().status()
    assert len(status.completed) == status.filled == 12
    assert list(status.completed) == sorted(status.completed)
    assert status.started is not None
    assert status.started < status.completed[0]
    assert status.as_of == status.completed[-1]
    assert (run.status().completed, run.status().started) == ((), None)
