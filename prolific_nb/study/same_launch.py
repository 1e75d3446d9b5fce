"""What belongs to the same launch or batch on the server, whichever machine created it: publishing two pays twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..api import Client, Record
from ..errors import NotFound
from .launch_key import LaunchKey
from .monitor.status import DRAFT


def oldest_first(studies: Iterable[Record]) -> list[Record]:
    """The studies in the order in which they were created; of one moment, by ID, the same on every machine."""
    return sorted(studies, key=lambda study: (str(study.get("date_created") or ""), str(study.get("id"))))


def tagged_studies(client: Client, tag: LaunchKey) -> tuple[list[Record], list[Record]]:
    """The studies of a launch, and studies of other launches of the same data, oldest first.

    A clone or a test study carries the tag of its original, which is older.
    """
    mine, others = [], []
    for study in oldest_first(client.studies.list()):
        found = LaunchKey.read(study.get("internal_name"))
        if found is not None and found.key == tag.key:
            mine.append(study)
        elif found is not None and found.content == tag.content:
            others.append(study)
    return mine, others


def tagged_batch(client: Client, tag: LaunchKey) -> str | None:
    """The batch of a launch, or None; one whose set-up failed is not counted."""
    listed = client.batches.list(client.workspace_id)
    found = (each.id for each in listed if LaunchKey.read(each.name) == tag and each.get("status") != "ERROR")
    return next(found, None)


def study_exists(client: Client, study_id: str) -> bool:
    """Whether the server has a study; it may not list a new one yet."""
    try:
        client.studies.get(study_id)
    except NotFound:
        return False
    return True


def studies_on(client: Client, batch_id: str, since: str = "") -> Iterator[Record]:
    """The studies of a batch, oldest first. The list of studies does not name batches, so each is read.

    Parameters
    ----------
    since : str
        Only those created at this moment (ISO 8601) or later: a study is younger than its batch.
    """
    for each in oldest_first(client.studies.list()):
        if str(each.get("date_created") or "~")[:19] < since[:19]:
            continue
        whole = each if "data_collection_id" in each else client.studies.get(each.id)
        if whole.get("data_collection_id") == batch_id:
            yield whole


def published_duplicates(client: Client, study: Record) -> list[Record]:
    """Other studies with the tag or the batch of this one that are published, or will be."""
    tag, batch_id = LaunchKey.read(study.get("internal_name")), study.get("data_collection_id")
    found = {
        each.id: each
        for each in client.studies.list()
        if tag is not None and LaunchKey.read(each.get("internal_name")) == tag
    }
    if batch_id:
        created = str(client.batches.get(batch_id).get("created_at") or "")
        found |= {each.id: each for each in studies_on(client, batch_id, created)}
    return [each for each in found.values() if each.id != study.id and each.get("status") != DRAFT]
