"""The task groups of a batch study as its access details: of each the URL, the places, and the places taken."""

from __future__ import annotations

from collections.abc import Sequence

from ..contract.http_error import invalid
from ..state.sandbox_state import SandboxState
from ..storage import revealed
from ..storage.store import Document
from . import allocation, batch_tasks

_URL = "https://app.prolific.com/data-collection-tool/batches/{}/task-groups/{}"


def is_of_batch(study: Document) -> bool:
    """Whether a study has a batch, so that its access details are computed."""
    return study["data_collection_method"] is not None


def collection_id(state: SandboxState, study: Document) -> str:
    """The ID of the access details of a study."""
    return state.ids.uuid("access details", study["id"])


def of_groups(state: SandboxState, study: Document) -> list[Document]:
    """The access details of a batch study, one for each task group that has places in it."""
    batch = state.document("batch", study["data_collection_id"])
    groups = batch_tasks.group_ids(state, batch)[: study["groups"]]
    taken = revealed.taken_by_group(state.store, study, state.wall())
    return [
        {
            "external_url": _URL.format(batch["id"], group),
            "total_allocation": places,
            "allocated": taken.get(group, 0),
        }
        for group, places in zip(groups, allocation.shares(study), strict=True)
    ]


def check_sent(state: SandboxState, study: Document, sent: Sequence[Document] | None) -> None:
    """Refuse access details that differ from those that a batch study has after the request.

    Raises
    ------
    HTTPError
        400: they are computed from the batch, the annotators and the places.
    """
    if sent is None:
        return
    own = {each["external_url"]: each["total_allocation"] for each in of_groups(state, study)}
    if {each["external_url"]: each["total_allocation"] for each in sent} != own:
        raise invalid(
            "access_details",
            "The access details of a batch study are computed: one for each task group, with its places. Send them as "
            "they are, or omit them and change data_collection_metadata.annotators_per_task.",
        )
