"""Amounts, reasons, frames and paths that are none: an error of the package says so, and nothing is sent or spent."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.common.money import Money
from prolific_nb.errors import InputError, LedgerError, ReviewError, SpendError
from prolific_nb.sandbox import Sandbox

from .machines import draft, live, states
from .reviewed_place import Place, finished


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(speed=60.0, truth="sentiment") as made:
        yield made


@pytest.fixture
def place() -> Iterator[Place]:
    with finished() as made:
        yield made


@pytest.mark.parametrize("minor", [float("nan"), float("inf"), 2500.5, 2500.0, "2500", None])
def test_money_is_a_whole_number_so_that_no_cap_is_below_nothing(minor: Any) -> None:
    with pytest.raises(TypeError, match="whole number of pence or cents"):
        Money(minor, "GBP")


@pytest.mark.parametrize("cap", ["£14.00 USD", "$14.00 GBP", "$ 14 gbp"])
def test_a_cap_that_names_two_currencies_publishes_nothing(box: Sandbox, cap: str) -> None:
    run = draft(live(box))
    with pytest.raises(SpendError, match="two currencies"):
        run.publish(max_cost=cap)
    assert states(run.client) == ["UNPUBLISHED"]


@pytest.mark.parametrize("again", [1, None, True, ["reason"]])
def test_a_reason_that_is_no_string_pays_nothing_and_leaves_the_ledger_readable(place: Place, again: Any) -> None:
    proposal = place.run.review(place.frame()).apply(max_cost="10.00")
    with pytest.raises(SpendError, match="is not a string"):
        proposal.apply(max_cost="10.00", again=again)
    assert place.bonuses() == [[50]] * 6
    place.run.review(place.frame()).apply(max_cost="10.00")


@pytest.mark.parametrize("given", [{"again": True}, {"again": None}, {"again": ["x"]}, {"allow_low_pay": 1}])
def test_a_launch_for_a_reason_that_is_no_string_creates_nothing(box: Sandbox, given: Any) -> None:
    client = live(box)
    draft(client)
    with pytest.raises(InputError, match="is not a string"):
        draft(client, **given)
    assert states(client) == ["UNPUBLISHED"]


@pytest.mark.parametrize(
    "frame", [None, [], {"submission_id": []}, pd.Series(dtype=str)], ids=lambda it: type(it).__name__
)
def test_a_review_of_something_else_than_a_frame(box: Sandbox, frame: Any) -> None:
    with pytest.raises(ReviewError, match=r"It is a \w+\. Pass a pandas\.DataFrame"):
        draft(live(box)).review(frame)


@pytest.mark.parametrize("path", [123, b"ledger", ["ledger"], "x" * 300, "a\0b", "~nobody-of-this-name/ledger.sqlite"])
def test_a_ledger_that_cannot_be_a_path(box: Sandbox, path: Any) -> None:
    with pytest.raises(LedgerError, match=r"cannot be (used|created)"):
        draft(live(box), ledger=path)
    assert not [each for each in box.log if each.method == "POST"]


@pytest.mark.parametrize("name", ["~nobody-of-this-name/ledger.sqlite", "x" * 300])
def test_a_variable_that_cannot_be_a_path(box: Sandbox, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROLIFIC_NB_LEDGER", name)
    with pytest.raises(LedgerError, match=r"cannot be (used|created)"):
        draft(live(box))


def test_no_folder_for_locks(box: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "file"
    file.touch()
    monkeypatch.setattr("prolific_nb.study.machine_lock.user_data_path", lambda *_, **__: file)
    monkeypatch.setattr(tempfile, "tempdir", str(file))
    with pytest.raises(LedgerError, match=r"no folder for the locks(.|\n)*nothing was done(.|\n)*TMPDIR"):
        draft(live(box), ledger=tmp_path / "ledger.sqlite")


@pytest.mark.parametrize("given", [{"key": 5}, {"key": ""}, {"study_id": 5}, {"study_id": " "}, {"batch_id": ""}])
def test_open_run_needs_an_id(box: Sandbox, given: Any) -> None:
    client = live(box)
    draft(client)
    with pytest.raises(InputError, match="is not a valid"):
        pnb.open_run(client=client, **given)


@pytest.mark.parametrize("moment", [None, "noon"])
def test_a_step_without_a_time_is_damage(place: Place, moment: Any) -> None:
    ledger = place.run.ledger
    ledger.intend(place.run.key, "pay x", "{}")
    with sqlite3.connect(ledger.path) as db:
        db.execute("UPDATE steps SET at = ? WHERE name = 'pay x'", (moment,))
    with pytest.raises(LedgerError, match="damaged"):
        place.run.review(place.frame())
