"""Drafts that are scheduled, deleted or copied, through the client: states, funds and participants."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

import prolific_nb as pnb
from prolific_nb.api.polling import wait_until
from prolific_nb.errors import NotFound, Rejected
from prolific_nb.sandbox import Fault

from ....conftest import DESIGN, PLAN, Connect

LATER = datetime(2030, 1, 31, 9, tzinfo=UTC)


def draft(client: pnb.Client) -> pnb.Run:
    return pnb.launch(client, pnb.read_data(pnb.sample_data().head(24)), DESIGN, PLAN)


def left(client: pnb.Client, study_id: str, state: str) -> str:
    """The state after this one."""
    look = partial(client.studies.get, study_id)
    return str(wait_until(look, lambda seen: seen.status != state, what="The study", every=0.05, timeout=60).status)


def balance(client: pnb.Client) -> int:
    return int(client.workspaces.balance(client.workspace_id).available_balance)


def test_a_scheduled_study_is_published_at_its_time(sandboxed: Connect) -> None:
    client = sandboxed()
    run, studies = draft(client), client.studies
    full = balance(client)
    soon = datetime.now(UTC) + timedelta(seconds=1.5)
    planned = studies.schedule(run.study_id, soon)
    assert planned.status == "SCHEDULED"
    assert abs(datetime.fromisoformat(planned.publish_at) - soon) < timedelta(milliseconds=2)
    assert balance(client) == full
    with pytest.raises(Rejected, match="Allowed: CANCEL_PUBLISH"):
        studies.transition(run.study_id, "PUBLISH")
    assert left(client, run.study_id, "SCHEDULED") in ("ACTIVE", "AWAITING REVIEW")
    assert datetime.now(UTC) >= soon
    run.wait(timeout=60)
    assert balance(client) < full
    assert run.status().filled == 12


def test_a_schedule_can_be_cancelled(sandboxed: Connect) -> None:
    client = sandboxed()
    run, studies = draft(client), client.studies
    studies.schedule(run.study_id, LATER)
    taken_back = studies.unschedule(run.study_id)
    assert (taken_back.status, taken_back.publish_at) == ("UNPUBLISHED", None)
    for at in (datetime(2020, 1, 1, tzinfo=UTC), datetime.now(UTC) - timedelta(seconds=1)):
        with pytest.raises(Rejected, match="is in the past"):
            studies.schedule(run.study_id, at)
    with pytest.raises(ValueError, match="no time zone"):
        studies.schedule(run.study_id, datetime(2030, 1, 1))
    with pytest.raises(Rejected, match="requires a time"):
        studies.transition(run.study_id, "SCHEDULE_PUBLISH")
    with pytest.raises(Rejected, match="not allowed while the study is UNPUBLISHED"):
        studies.unschedule(run.study_id)
    assert studies.get(run.study_id).status == "UNPUBLISHED"


def test_a_scheduled_study_without_funds_becomes_a_draft_again(sandboxed: Connect) -> None:
    client = sandboxed(faults=[Fault("*", "no funds")])
    run = draft(client)
    full = balance(client)
    client.studies.schedule(run.study_id, datetime.now(UTC) + timedelta(seconds=0.3))
    assert left(client, run.study_id, "SCHEDULED") == "UNPUBLISHED"
    assert balance(client) == full


def test_only_drafts_can_be_deleted(answered: Callable[..., pnb.Run]) -> None:
    run = answered()
    studies = run.client.studies
    with pytest.raises(Rejected, match="not a draft"):
        studies.delete(run.study_id)
    copy = studies.clone(run.study_id)
    studies.delete(copy.id)
    with pytest.raises(NotFound):
        studies.get(copy.id)
    assert [each.id for each in studies.list()] == [run.study_id]


@pytest.mark.parametrize("block", [True, False])
def test_a_copy_excludes_the_participants_of_the_original(answered: Callable[..., pnb.Run], block: bool) -> None:
    # Many places, so that people would certainly meet again if nothing kept them apart.
    run = answered()
    studies = run.client.studies
    studies.update(run.study_id, {"data_collection_metadata": {"annotators_per_task": 60}})
    run.wait(timeout=60)
    copy = studies.clone(run.study_id, block_previous=block)
    assert (copy.status, copy.places_taken, copy.published_at) == ("UNPUBLISHED", 0, None)
    assert copy.data_collection_id == run.batch_id
    studies.transition(copy.id, "PUBLISH")
    first = {each.participant_id for each in studies.submissions(run.study_id)}
    left(run.client, copy.id, "ACTIVE")
    second = {each.participant_id for each in studies.submissions(copy.id)}
    assert len(second) >= 240
    assert bool(first & second) is not block
