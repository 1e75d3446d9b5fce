"""The places of a study: how many each task group wants, who fills them, and how they grow after the publication."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from ..contract import dataset_v3, semantic_rules
from ..contract.http_error import HTTPError
from ..simulation import schedule
from ..simulation.participants import OpenPlaces
from ..state.sandbox_state import SandboxState
from ..storage.store import Document
from . import batch_tasks, dataset_contents

_METADATA = "data_collection_metadata"
_ANNOTATORS = "annotators_per_task"
_PLACES = "total_available_places"
BLOCKED_STUDIES = "previous_studies_blocklist"
BLOCKED_GROUPS = "participant_group_blocklist"
_MOST = 100_000
_ADDRESSES = "access_details"
_MAY_CHANGE = ("internal_name", "submissions_config", _PLACES, _METADATA, _ADDRESSES)


def annotators(study: Document) -> int:
    """Submissions wanted for each group of a batch study."""
    return int((study.get(_METADATA) or {}).get(_ANNOTATORS, 1))


def wanted(study: Document) -> int:
    """Submissions wanted for each group; a study without a batch has one group of all its places."""
    return int(study[_PLACES]) if study["data_collection_id"] is None else annotators(study)


@dataclass(frozen=True)
class PlaceIncrease:
    """Places that open together.

    Parameters
    ----------
    before : int
        Submissions that each group wanted already; only what is wanted beyond them is worked out.
    first : int
        The first group, from 0, that has new places; those before it have none.
    end : int or None
        The first group behind it that has none; None for all that the study has.
    occasion : str
        What the places come of, where that is neither the publication nor more annotators.
    """

    before: int = 0
    first: int = 0
    end: int | None = None
    occasion: str = ""


def fill(world: SandboxState, study: Document, opening: PlaceIncrease, begun: float = 0.0) -> float:
    """Work out who fills the places of a published study that open `begun` seconds after its publication.

    Returns
    -------
    float
        Seconds after the publication at which the last of them is filled.

    Raises
    ------
    HTTPError
        400 for more places than the sandbox can play.
    """
    work = _work(world, study, opening.first, opening.end)
    asked = len(work.groups) * wanted(study)
    if asked > _MOST:
        raise HTTPError(400, f"The study has {asked:.0f} places; the sandbox plays at most {_MOST}. Ask for fewer.")
    demand = replace(
        _demand(study, work),
        annotators=wanted(study) - opening.before,
        begun=begun,
        before=opening.before,
        occasion=opening.occasion,
    )
    return schedule.simulate_fieldwork(world.store, world.ids, world.people, study, demand, work, _barred(world, study))


def invite(world: SandboxState, study: Document, numbers: Sequence[int]) -> float:
    """Work out how the people of these numbers, and nobody else, take part in a test study; returns as `fill` does."""
    work = _work(world, study)
    return schedule.invite(world.store, world.ids, world.people, study, _demand(study, work), work, numbers)


def refill(world: SandboxState, study: Document, group_id: str, submission_id: str, begun: float) -> float:
    """Work out who takes the place that a submission left to somebody else; returns as `fill` does."""
    whole = _work(world, study)
    work = replace(whole, groups={group_id: whole.groups[group_id]})
    # Named after the submission, so that every place that becomes free is taken by chances of its own.
    demand = replace(_demand(study, work), study_id=f"{study['id']}/{submission_id}", begun=begun)
    return schedule.simulate_fieldwork(world.store, world.ids, world.people, study, demand, work, _barred(world, study))


def _demand(study: Document, work: schedule.FieldworkPlan) -> OpenPlaces:
    """One submission for each group, from the publication on."""
    return OpenPlaces(
        study["id"],
        tuple(len(tasks) for tasks in work.groups.values()),
        1,
        study["estimated_completion_time"],
        study["maximum_allowed_time"],
        study["submissions_config"].get("max_submissions_per_participant") or 1,
    )


def _barred(world: SandboxState, study: Document) -> set[str]:
    """The people whom the study's filters keep out by name: members of groups, participants of other studies."""
    barred = set[str]()
    for each in study["filters"]:
        for ident in each.get("selected_values", []):
            if each["filter_id"] == BLOCKED_GROUPS:
                # A group that was deleted, or is of another account, has nobody to keep out.
                group = world.store.get("group", ident) or {"members": []}
                barred |= {member["participant_id"] for member in group["members"]}
            if each["filter_id"] == BLOCKED_STUDIES:
                took_part = world.store.rows("SELECT participant_id FROM submissions WHERE study_id = ?", ident)
                barred |= {row["participant_id"] for row in took_part}
    return barred


def _work(world: SandboxState, study: Document, first: int = 0, end: int | None = None) -> schedule.FieldworkPlan:
    """What participants work on: the study's groups from number `first` up to number `end`."""
    if study["data_collection_id"] is None:
        # Answered elsewhere: people come and go, but the sandbox has nothing of what they answer.
        return schedule.FieldworkPlan({"": []}, [], {"fields": {}}, None)
    batch = world.document("batch", study["data_collection_id"])
    groups: dict[str, list[schedule.Task]] = {}
    for task in batch_tasks.tasks(world, batch):
        groups.setdefault(task["group_id"], []).append(schedule.Task(task["id"], task["datapoint"]))
    groups = dict(islice(groups.items(), first, study["groups"] if end is None else end))
    fields = dataset_contents.fields_of(world, batch["dataset_id"])
    hidden = f"{dataset_v3.HIDDEN}{world.truth}"
    truth = hidden if hidden in fields["fields"] else world.truth
    return schedule.FieldworkPlan(groups, batch_tasks.questions(batch), fields, truth)


def change(study: Document, body: dict[str, Any]) -> Document:
    """A published study with the little that may still change; its places only ever rise.

    Raises
    ------
    HTTPError
        400, naming every field that cannot be changed so.
    """
    faults = {field: [message] for field, message in _faults(study, body)}
    if faults:
        raise HTTPError(400, " ".join(f"{field}: {message}" for field, [message] in faults.items()), faults)
    changed = {**study, **body}
    if _METADATA in body:
        changed[_METADATA] = {**(study.get(_METADATA) or {}), **body[_METADATA]}
        changed[_PLACES] = study[_PLACES] // annotators(study) * annotators(changed)
    if _ADDRESSES in body and _PLACES not in body:
        changed[_PLACES] = sum(each["total_allocation"] for each in body[_ADDRESSES])
    semantic_rules.check_study(changed)
    return changed


def _faults(study: Document, body: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for field in sorted(set(body) - set(_MAY_CHANGE)):
        yield field, f"The study is published, so this cannot be changed any more. Only {', '.join(_MAY_CHANGE)} can."
    of_batch = study["data_collection_id"] is not None
    if _PLACES in body and of_batch:
        yield _PLACES, f"The places of a batch study are computed. Raise {_METADATA}.{_ANNOTATORS}."
    elif _PLACES in body and body[_PLACES] < study[_PLACES]:
        yield _PLACES, f"The places of a published study only rise; there are {study[_PLACES]}."
    if _ADDRESSES in body and not _adds(study.get(_ADDRESSES) or [], body[_ADDRESSES] or []):
        yield _ADDRESSES, "Addresses of a published study are only added: send those it has, with no fewer people each."
    if _METADATA in body and not of_batch:
        yield _METADATA, f"The study has no batch. Raise {_PLACES}."
    elif _METADATA in body and set(body[_METADATA] or {}) != {_ANNOTATORS}:
        yield _METADATA, f"The study is published, so only {_ANNOTATORS} can be changed."
    elif _METADATA in body and body[_METADATA][_ANNOTATORS] < annotators(study):
        yield _METADATA, f"{_ANNOTATORS} of a published study only rises; it is {annotators(study)}."


def _adds(had: list[Document], sent: list[Document]) -> bool:
    """Whether a study with addresses keeps all of them."""
    most = {each["external_url"]: each["total_allocation"] for each in sent}
    return bool(had) and all(most.get(each["external_url"], -1) >= each["total_allocation"] for each in had)
