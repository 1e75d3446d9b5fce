"""The places of a study as they open: computed from its batch, paid for, and opened again where it grows."""

from __future__ import annotations

from ..contract.http_error import HTTPError
from ..state.sandbox_state import SandboxState
from ..storage import revealed
from ..storage.store import Document
from . import allocation, batch_tasks, syncs, wallet

_OPEN = ("ACTIVE", "PAUSED")
_DRAFTS = ("UNPUBLISHED", "SCHEDULED")


def with_batch(world: SandboxState, study: Document) -> Document:
    """The study in the workspace of its project, with its places computed from its batch."""
    project = world.store.get("project", study["project"])
    if project is None:
        known = ", ".join(each["id"] for each in world.store.all("project"))
        raise HTTPError(400, f"This account has no project {study['project']}; it has {known}.")
    study = {**study, "workspace": project["workspace"]}
    if study["data_collection_method"] == "AI_TASK_BUILDER_COLLECTION":
        raise HTTPError(501, "Studies of collections are not part of the sandbox. Use AI_TASK_BUILDER_BATCH.")
    if study["data_collection_method"] is None:
        return study
    batch = world.store.get("batch", study["data_collection_id"])
    if batch is None:
        raise HTTPError(
            400, f"There is no batch {study['data_collection_id']} in this sandbox. Check data_collection_id."
        )
    if batch_tasks.state(world, batch) != "READY":
        state = batch_tasks.state(world, batch)
        raise HTTPError(400, f"Batch {batch['id']} is {state}, not READY. Set it up and wait before attaching it.")
    if batch["workspace_id"] != study["workspace"]:
        sentence = f"Batch {batch['id']} is in workspace {batch['workspace_id']}, project {study['project']} in"
        raise HTTPError(400, f"{sentence} {study['workspace']}. Use a batch of the project's workspace.")
    groups = batch_tasks.group_count(world, batch)
    return {**study, "groups": groups, "total_available_places": groups * allocation.annotators(study)}


def group_count(world: SandboxState, study: Document) -> int:
    """How many task groups the batch of a study has."""
    return batch_tasks.group_count(world, world.document("batch", study["data_collection_id"]))


def reopened(world: SandboxState, study: Document, changed: Document, *openings: allocation.PlaceIncrease) -> Document:
    """The published study with more places, open again unless it is paused; what has happened in it stays.

    Raises
    ------
    HTTPError
        400 if the new places cannot be paid.
    """
    now = world.wall()
    whole = wallet.cost(changed, changed["total_available_places"]).total
    wallet.check_funds(world, study["workspace"], whole - wallet.committed(world, study), "The new places cost")
    begun, paused = revealed.elapsed(study, now), revealed.status(study, now) == "PAUSED"
    ends = max(study["ends"], *(allocation.fill(world, changed, opening, begun) for opening in openings))
    changed["status"] = "PAUSED" if paused else "ACTIVE"
    return {**changed, "ends": ends, "run": run_clock(world, begun, None if paused else now)}


def run_clock(world: SandboxState, before: float, since: float | None) -> Document:
    """The study's clock: sandbox seconds that have passed, and the wall time from which it runs on."""
    return {"before": before, "since": since, "speed": world.speed}


def settle_due(world: SandboxState) -> None:
    """Let the studies follow the syncs that have become complete since the last request."""
    for due in world.store.all("unsettled"):
        job = world.document("sync", due["sync_id"])
        if syncs.show(world, job)["status"] != "complete":
            continue
        world.store.drop("unsettled", job["sync_id"])
        for study in world.store.all("study"):
            if study["data_collection_id"] == job["batch_id"] and not study.get("test"):
                _follow(world, study, job)
        world.store.settle()  # whatever becomes of the request that came by


def _follow(world: SandboxState, study: Document, job: Document) -> None:
    status = revealed.status(study, world.wall())
    try:
        if status in _DRAFTS:
            study = with_batch(world, study)
        elif status in _OPEN and world.profile.sync_adds_places:
            study = _grown(world, study, job)
    except HTTPError:  # without the money the study stays as it is; nobody waits for an answer
        return
    world.store.put("study", study["id"], study)


def _grown(world: SandboxState, study: Document, job: Document) -> Document:
    groups = group_count(world, study)
    if groups <= study["groups"]:
        return study
    wanted = allocation.annotators(study)
    changed = {**study, "groups": groups, "total_available_places": groups * wanted}
    opening = allocation.PlaceIncrease(first=study["groups"], occasion=job["sync_id"])
    return reopened(world, study, changed, opening)
