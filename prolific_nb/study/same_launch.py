"""What belongs to the same launch or batch on the server, whichever machine created it: publishing two pays twice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

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


def tagged_batches(client: Client, tag: LaunchKey) -> list[str]:
    """The batches of a launch: more than one if two machines launched at one time. Failed ones are not counted."""
    listed = client.batches.list(client.workspace_id)
    return [each.id for each in listed if LaunchKey.read(each.name) == tag and each.get("status") != "ERROR"]


def study_exists(client: Client, study_id: str) -> bool:
    """Whether the server has a study; it may not list a new one yet."""
    try:
        client.studies.get(study_id)
    except NotFound:
        return False
    return True


def studies_on(client: Client, batch_ids: Collection[str]) -> Iterator[Record]:
    """The studies of some batches, oldest first. The list of studies does not name batches, so each is read."""
    if not batch_ids:
        return
    since = min(str(client.batches.get(each).get("created_at") or "") for each in batch_ids)  # studies are younger
    for each in oldest_first(client.studies.list()):
        if str(each.get("date_created") or "~")[:19] < since[:19]:
            continue
        whole = each if "data_collection_id" in each else client.studies.get(each.id)
        if whole.get("data_collection_id") in batch_ids:
            yield whole


def published_duplicates(client: Client, study: Record) -> list[Record]:
    """Other studies with the tag of this one, or on a batch of its launch, that are published, or will be."""
    batch_id = study.get("data_collection_id")
    tag = LaunchKey.read(study.get("internal_name"))
    if tag is None and batch_id:  # the study was renamed on the website
        tag = LaunchKey.read(client.batches.get(batch_id).name)
    batches = {str(batch_id)} if batch_id else set()
    found: dict[str, Record] = {}
    if tag is not None:
        batches.update(tagged_batches(client, tag))
        found = {each.id: each for each in client.studies.list() if LaunchKey.read(each.get("internal_name")) == tag}
    found |= {each.id: each for each in studies_on(client, batches)}
    return [each for each in found.values() if each.id != study.id and each.get("status") != DRAFT]
