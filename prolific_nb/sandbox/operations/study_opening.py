"""Opening the places of a study: computed from its batch, paid for, and reopened if the study grows."""

from __future__ import annotations

from ..contract.http_error import HTTPError
from ..state.sandbox_state import SandboxState
from ..storage import revealed
from ..storage.store import Document
from . import allocation, batch_tasks, syncs, wallet
from .participation import sittings

_OPEN = ("ACTIVE", "PAUSED")
_DRAFTS = ("UNPUBLISHED", "SCHEDULED")


def with_batch(state: SandboxState, study: Document) -> Document:
    """The study with the workspace of its project, and its places computed from its batch."""
    project = state.store.get("project", study["project"])
    if project is None:
        known = ", ".join(each["id"] for each in state.store.all("project"))
        raise HTTPError(400, f"This account has no project {study['project']}. Use one of {known}.")
    study = {**study, "workspace": project["workspace"]}
    if study["data_collection_method"] == "AI_TASK_BUILDER_COLLECTION":
        raise HTTPError(501, "The sandbox does not support studies of collections. Use AI_TASK_BUILDER_BATCH.")
    if study["data_collection_method"] is None:
        return {**study, "data_collection_id": None}
    batch = state.store.get("batch", study["data_collection_id"])
    if batch is None:
        raise HTTPError(
            400, f"There is no batch {study['data_collection_id']} in this sandbox. Check data_collection_id."
        )
    if batch_tasks.status_of(state, batch) != "READY":
        status = batch_tasks.status_of(state, batch)
        raise HTTPError(400, f"Batch {batch['id']} is {status}, not READY. Set it up and wait until it is READY.")
    if batch["workspace_id"] != study["workspace"]:
        sentence = f"Batch {batch['id']} is in workspace {batch['workspace_id']}, project {study['project']} in"
        raise HTTPError(400, f"{sentence} {study['workspace']}. Use a batch of the project's workspace.")
    groups = batch_tasks.group_count(state, batch)
    sent = study.get("sent_places") if state.profile.batch_places == "as_sent" else None
    places = groups * allocation.annotators(study) if sent is None else sent
    return {**study, "groups": groups, "sent_places": sent, "total_available_places": places}


def group_count(state: SandboxState, study: Document) -> int:
    """Number of task groups of a study's batch."""
    return batch_tasks.group_count(state, state.document("batch", study["data_collection_id"]))


def reopened(state: SandboxState, study: Document, changed: Document, *openings: allocation.PlaceIncrease) -> Document:
    """The published study with more places, active again unless it is paused; earlier events are unchanged.

    Raises
    ------
    HTTPError
        400 if the funds do not cover the new places.
    """
    now = state.wall()
    whole = wallet.cost(changed, changed["total_available_places"]).total
    wallet.check_funds(state, study["workspace"], whole - wallet.committed(state, study), "The new places cost")
    elapsed, paused = revealed.elapsed(study, now), revealed.status(study, now) == "PAUSED"
    ends = max(study["ends"], *(allocation.fill(state, changed, opening, elapsed) for opening in openings))
    changed["status"] = "PAUSED" if paused else "ACTIVE"
    return {**changed, "ends": ends, "run": run_clock(state, changed, elapsed, None if paused else now)}


def run_clock(state: SandboxState, study: Document, before: float, since: float | None) -> Document:
    """The study's clock: elapsed sandbox seconds, the wall time since which it has been running, and its speed."""
    return {"before": before, "since": since, "speed": sittings.pace(state, study)}


def settle_due(state: SandboxState) -> None:
    """Update studies for syncs that were completed since the last request."""
    for due in state.store.all("unsettled"):
        job = state.document("sync", due["sync_id"])
        if syncs.show(state, job)["status"] != "complete":
            continue
        state.store.drop("unsettled", job["sync_id"])
        for study in state.store.all("study"):
            if study["data_collection_id"] == job["batch_id"] and not study.get("test"):
                _follow(state, study, job)
        state.store.settle()  # not rolled back if the current request fails


def _follow(state: SandboxState, study: Document, job: Document) -> None:
    status = revealed.status(study, state.wall())
    try:
        if status in _DRAFTS:
            study = with_batch(state, study)
        elif status in _OPEN and state.profile.sync_adds_places:
            study = _grown(state, study, job)
    except HTTPError:  # without funds the study is unchanged; no client waits for a response
        return
    state.store.put("study", study["id"], study)


def _grown(state: SandboxState, study: Document, job: Document) -> Document:
    groups = group_count(state, study)
    if groups <= study["groups"] or allocation.has_sent_places(study):
        return study
    wanted = allocation.annotators(study)
    changed = {**study, "groups": groups, "total_available_places": groups * wanted}
    opening = allocation.PlaceIncrease(first=study["groups"], occasion=job["sync_id"])
    return reopened(state, study, changed, opening)
