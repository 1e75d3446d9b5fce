"""What carries the tag of a launch on the server, whichever machine created it."""

from __future__ import annotations

from ...api import Client, Record
from ...errors import NotFound
from ..launch_key import LaunchKey
from ..twins import oldest_first


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
