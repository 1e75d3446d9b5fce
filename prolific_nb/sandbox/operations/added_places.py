"""What a completed sync means for studies of the batch: places for the task groups that it added."""

from __future__ import annotations

from . import batches, places, progress, studies, syncs
from .refusal import Refusal
from .store import Document
from .world import World

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
    status = progress.status(study, world.wall())
    try:
        if status in _DRAFTS:
            study = studies.with_batch(world, study)
        elif status in _OPEN and world.profile.sync_adds_places:
            study = _grown(world, study, job)
    except Refusal:  # without the money the study stays as it is; nobody waits for an answer
        return
    world.store.put("study", study["id"], study)


def _grown(world: World, study: Document, job: Document) -> Document:
    groups = batches.group_count(world, world.document("batch", job["batch_id"]))
    if groups <= study["groups"]:
        return study
    wanted = places.annotators(study)
    changed = {**study, "groups": groups, "total_available_places": groups * wanted}
    opening = places.Opening(first=study["groups"], occasion=job["sync_id"])
    return studies.reopened(world, study, changed, opening)
