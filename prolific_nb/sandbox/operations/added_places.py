"""What a completed sync means for studies of the batch: places for the task groups that it added."""

from __future__ import annotations

from ..contract.http_error import Refusal
from ..state.sandbox_state import World
from ..storage import revealed
from ..storage.store import Document
from . import allocation, batch_tasks, study_opening, syncs

_OPEN = ("ACTIVE", "PAUSED")
_DRAFTS = ("UNPUBLISHED", "SCHEDULED")


def settle_due(world: World) -> None:
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


def _follow(world: World, study: Document, job: Document) -> None:
    status = revealed.status(study, world.wall())
    try:
        if status in _DRAFTS:
            study = study_opening.with_batch(world, study)
        elif status in _OPEN and world.profile.sync_adds_places:
            study = _grown(world, study, job)
    except Refusal:  # without the money the study stays as it is; nobody waits for an answer
        return
    world.store.put("study", study["id"], study)


def _grown(world: World, study: Document, job: Document) -> Document:
    groups = batch_tasks.group_count(world, world.document("batch", job["batch_id"]))
    if groups <= study["groups"]:
        return study
    wanted = allocation.annotators(study)
    changed = {**study, "groups": groups, "total_available_places": groups * wanted}
    opening = allocation.Opening(first=study["groups"], occasion=job["sync_id"])
    return study_opening.reopened(world, study, changed, opening)
