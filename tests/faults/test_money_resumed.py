"""What another call did between two tries: more places, a second batch, a clone, a bonus that is not shown yet."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import prolific_nb as pnb
from prolific_nb.errors import SpendError, StepFailed, Unreachable
from prolific_nb.sandbox import Sandbox

from .machines import DATA, draft, live, machine, states
from .reviewed_place import Place, finished


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(speed=60.0, truth="sentiment", sync_adds_places=True) as made:
        yield made


@pytest.fixture
def place() -> Iterator[Place]:
    with finished() as made:
        yield made


def unreachable(*_: Any) -> None:
    raise Unreachable("The network is gone.")


# --- rows that were added only in part ----------------------------------------------------------------------------


def test_rows_added_again_after_more_annotators_keep_the_cap(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    run, more = draft(live(box)).publish(max_cost="25.00"), pnb.read_data(pnb.sample_data().frame.head(24))
    with monkeypatch.context() as patch:
        patch.setattr(run.client.batches, "sync", unreachable)
        with pytest.raises(StepFailed):
            run.add_rows(more, max_cost="50.00")
    run.add_annotators(to=5, max_cost="20.00")
    with pytest.raises(SpendError, match="above max_cost"):
        run.add_rows(more, max_cost="0.01")
    assert run.status().places == 10


def test_rows_added_again_after_other_rows_keep_the_cap(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    run, rows = draft(live(box)).publish(max_cost="25.00"), pnb.sample_data().frame
    with monkeypatch.context() as patch:
        patch.setattr(run.client.datasets, "append", unreachable)
        with pytest.raises(StepFailed):
            run.add_rows(pnb.read_data(rows.iloc[:18]), max_cost="50.00")
    run.add_rows(pnb.read_data(rows.drop(index=rows.index[12:18]).head(18)), max_cost="50.00")
    other = pnb.open_run(study_id=run.study_id, client=run.client, data=DATA)
    with pytest.raises(SpendError, match="above max_cost"):
        other.add_rows(pnb.read_data(rows.iloc[:18]), max_cost="0.01")
    assert run.status().places == 9


# --- several batches or studies of one launch ---------------------------------------------------------------------


def second_batch(box: Sandbox, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that stopped after its batch, at a moment when it could not see the batch of another one."""
    client = live(box)
    with machine(folder), monkeypatch.context() as patch:
        patch.setattr(client.batches, "list", lambda _: [])
        patch.setattr(client.studies, "list", list)
        patch.setattr(client.studies, "create", unreachable)
        with pytest.raises(StepFailed):
            draft(client)
    assert len(list(client.batches.list(client.workspace_id))) == 2


@pytest.mark.parametrize("first", [True, False])
def test_a_renamed_study_is_found_on_each_batch_of_its_launch(
    box: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: bool
) -> None:
    client = live(box)
    run = draft(client)
    second_batch(box, tmp_path / "second", monkeypatch)
    client.studies.update(run.study_id, {"internal_name": "renamed"})
    if first:  # whichever the server lists first
        listed = type(client.batches).list
        monkeypatch.setattr(type(client.batches), "list", lambda *given: [*listed(*given)][::-1])
    with machine(tmp_path / "third"):
        assert draft(live(box)).study_id == run.study_id
    assert states(client) == ["UNPUBLISHED"]


def test_a_renamed_published_study_on_another_batch_of_the_launch_stops_a_second(
    box: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = live(box)
    run = draft(client)
    with machine(tmp_path / "second"):
        other = live(box)
        with monkeypatch.context() as patch:
            patch.setattr(other.batches, "list", lambda _: [])
            patch.setattr(other.studies, "list", list)
            second = draft(other)
    client.studies.update(run.study_id, {"internal_name": "renamed"})
    run.publish(max_cost="25.00")
    with pytest.raises(SpendError, match=run.study_id):
        second.publish(max_cost="25.00")
    assert states(client) == ["ACTIVE", "UNPUBLISHED"]


def test_a_clone_opened_first_is_not_taken_for_the_launch(box: Sandbox, tmp_path: Path) -> None:
    client = live(box)
    run = draft(client)
    clone = client.studies.clone(run.study_id)
    with machine(tmp_path / "other"):
        opened = pnb.open_run(study_id=clone.id, client=live(box))
        assert opened.key != run.key
        assert draft(live(box)).study_id == run.study_id


# --- bonuses that are not shown yet -------------------------------------------------------------------------------


def test_bonuses_to_another_rate_wait_for_those_that_are_not_shown_yet(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = place.client
    client.pace = type(client.pace)(job=0.01, study=0.01, grace=0.0)
    listed = client.submissions.list

    def late(study_id: str) -> Iterator[Any]:
        for each in listed(study_id):
            each["bonus_payments"] = []
            yield each

    with monkeypatch.context() as patch:
        patch.setattr(client.submissions, "list", late)
        with pytest.warns(UserWarning, match="do not show it yet"):
            place.run.bonus_to("40.00").apply(max_cost="99.00")
        with pytest.raises(SpendError, match=r"does not show yet.*run\.submissions\(\)"):
            place.run.bonus_to("41.00").apply(max_cost="99.00")
    time.sleep(0.3)  # now the server shows them
    client.pace = type(client.pace)(job=0.01, study=0.01, grace=5.0)
    place.run.bonus_to("41.00").apply(max_cost="99.00")
    assert all(len(each) == 2 and each[0] > each[1] for each in place.bonuses())
