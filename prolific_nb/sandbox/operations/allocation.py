"""The places of a study: their number for each task group, who fills them, and increases after the publication."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from ..contract import dataset_v3, semantic_rules
from ..contract.http_error import HTTPError
from ..simulation import schedule
from ..simulation.crowd.workload import Workload, question_load, words_in, words_of_tasks
from ..simulation.participants import People
from ..simulation.recruiting import OpenPlaces
from ..state.sandbox_state import SandboxState
from ..storage.clock import Calendar
from ..storage.pricing import ADVISED_PER_HOUR
from ..storage.store import Document
from . import batch_tasks, dataset_contents, eligibility, wallet
from .participation import sittings

_METADATA = "data_collection_metadata"
_ANNOTATORS = "annotators_per_task"
_UNPAID = 1e-9  # share of the recommended pay, below any reward that is paid: people divide by it
_PLACES = "total_available_places"
_MOST = 100_000
_ACCESS_DETAILS = "access_details"
_MAY_CHANGE = ("internal_name", "submissions_config", _PLACES, _METADATA, _ACCESS_DETAILS)


def annotators(study: Document) -> int:
    """Submissions requested for each group of a batch study."""
    return int((study.get(_METADATA) or {}).get(_ANNOTATORS, 1))


def has_sent_places(study: Document) -> bool:
    """Whether a batch study has the number of places that was sent, in place of groups times annotators."""
    return study["data_collection_id"] is not None and study.get("sent_places") is not None


def shares(study: Document) -> list[int]:
    """The places of each group of a batch study; where they do not divide evenly, the first groups have one more."""
    each, more = divmod(int(study[_PLACES]), study["groups"])
    return [each + (number < more) for number in range(study["groups"])]


def wanted(study: Document) -> int:
    """Submissions requested for each group; a study without a batch has one group with all its places."""
    return int(study[_PLACES]) if study["data_collection_id"] is None else annotators(study)


@dataclass(frozen=True)
class PlaceIncrease:
    """Places that open together.

    Parameters
    ----------
    before : int
        Submissions already requested for each group (for the study, if its places were sent); only those beyond are
        simulated.
    first : int
        Index of the first group with new places.
    end : int or None
        Index after the last group with new places; None for all groups of the study.
    occasion : str
        Why the places open, if not for the publication or for more annotators; part of the random seed.
    """

    before: int = 0
    first: int = 0
    end: int | None = None
    occasion: str = ""


def fill(state: SandboxState, study: Document, opening: PlaceIncrease, opens_at: float = 0.0) -> float:
    """Simulate who fills the places of a published study that open `opens_at` seconds after its publication.

    Returns
    -------
    float
        Seconds after the publication at which the last place is filled; infinity if some never are.

    Raises
    ------
    HTTPError
        400 if the study has more places than the sandbox supports.
    """
    work = _work(state, study, opening.first, opening.end)
    sent = has_sent_places(study)
    places = int(study[_PLACES]) if sent else len(work.groups) * wanted(study)
    if places > _MOST:
        raise HTTPError(400, f"The study has {places:.0f} places, above the sandbox's limit of {_MOST}. Request fewer.")
    demand = replace(_demand(study, work), opens_at=opens_at, occasion=opening.occasion)
    if sent:
        first = opening.before % len(work.groups)
        demand = replace(demand, annotators=0, single=places - opening.before, first=first)
    else:
        demand = replace(demand, annotators=wanted(study) - opening.before, before=opening.before)
    return _simulate(state, study, demand, work, state.people)


def invite(state: SandboxState, study: Document, numbers: Sequence[int]) -> float:
    """Simulate a test study in which only the participants with these numbers take part; returns like `fill`."""
    work = _work(state, study)
    demand = replace(_demand(study, work), workload=_workload(state, study, work))
    return schedule.invite(state.store, state.ids, state.people, study, demand, work, numbers)


def refill(state: SandboxState, study: Document, group_id: str, submission_id: str, opens_at: float) -> float:
    """Simulate who takes the place freed by a submission, or let it wait again for a person; returns like `fill`."""
    whole = _work(state, study)
    work = replace(whole, groups={group_id: whole.groups[group_id]})
    # Seeded with the submission's ID, so that each freed place has its own random sequence.
    demand = replace(_demand(study, work), study_id=f"{study['id']}/{submission_id}", opens_at=opens_at)
    sitting = sittings.find(state, submission_id)
    waited = sitting is not None and sitting["waited"]
    return _simulate(state, study, demand, work, replace(state.people, fills=0.0 if waited else 1.0))


def _simulate(
    state: SandboxState, study: Document, demand: OpenPlaces, work: schedule.FieldworkPlan, people: People
) -> float:
    demand = replace(demand, workload=_workload(state, study, work))
    barred, admitted = eligibility.barred(state, study), eligibility.admitted(state, study)
    # Whichever sandbox serves the file later: the places of a study that waits for people go on waiting.
    people = People.nobody() if study.get("waits") else people
    return schedule.simulate_fieldwork(state.store, state.ids, people, study, demand, work, barred, admitted)


def _demand(study: Document, work: schedule.FieldworkPlan) -> OpenPlaces:
    """One submission for each group, open from the publication."""
    return OpenPlaces(
        study["id"],
        tuple(len(tasks) for tasks in work.groups.values()),
        1,
        study["estimated_completion_time"],
        study["maximum_allowed_time"],
        study["submissions_config"].get("max_submissions_per_participant") or 1,
    )


def _work(state: SandboxState, study: Document, first: int = 0, end: int | None = None) -> schedule.FieldworkPlan:
    """The tasks and questions of the study's groups from index `first` up to, but not including, `end`."""
    if study["data_collection_id"] is None:
        # Answered on an external site: submissions are simulated, but the sandbox has no responses.
        return schedule.FieldworkPlan({"": []}, [], {"fields": {}}, None)
    batch = state.document("batch", study["data_collection_id"])
    groups: dict[str, list[schedule.Task]] = {}
    for task in batch_tasks.tasks(state, batch):
        groups.setdefault(task["group_id"], []).append(schedule.Task(task["id"], task["datapoint"]))
    groups = dict(islice(groups.items(), first, study["groups"] if end is None else end))
    fields = dataset_contents.fields_of(state, batch["dataset_id"])
    hidden = f"{dataset_v3.HIDDEN}{state.truth}"
    truth = hidden if hidden in fields["fields"] else state.truth
    profile = state.profile
    return schedule.FieldworkPlan(
        groups, batch_tasks.questions(batch), fields, truth, profile.unit_values, profile.per_submission, state.gold,
        state.kinds,
    )  # fmt: skip


def _workload(state: SandboxState, study: Document, work: schedule.FieldworkPlan) -> Workload:
    """What people of a kind have to read and to write; others do not look at it."""
    people = state.people
    if not (people.kinds or people.waves or people.day_swing):
        return Workload(())
    batch = {} if study["data_collection_id"] is None else state.document("batch", study["data_collection_id"])
    groups = ([task.datapoint for task in tasks] for tasks in work.groups.values())
    hourly = study["reward"] * 60 / study["estimated_completion_time"]
    pay = hourly / ADVISED_PER_HOUR[wallet.currency(state, study["workspace"])]
    return Workload(
        words_of_tasks(groups, work.displayed),
        tuple(map(question_load, work.questions)),
        words_in((batch.get("task_details") or {}).values()),
        max(pay, _UNPAID),
        Calendar.of(state.store).hours(study["published"]),
        tuple(study.get("device_compatibility") or ()),
    )


def change(study: Document, body: dict[str, Any]) -> Document:
    """A published study with allowed changes applied; the number of places can only increase.

    Raises
    ------
    HTTPError
        400, listing every field that cannot be changed this way.
    """
    faults = {field: [message] for field, message in _faults(study, body)}
    if faults:
        raise HTTPError(400, " ".join(f"{field}: {message}" for field, [message] in faults.items()), faults)
    changed = {**study, **body}
    if _METADATA in body:
        changed[_METADATA] = {**(study.get(_METADATA) or {}), **body[_METADATA]}
        changed[_PLACES] = _recomputed(study, changed)
    if has_sent_places(study):
        changed["sent_places"] = changed[_PLACES]
    if _ACCESS_DETAILS in body and _PLACES not in body:
        changed[_PLACES] = sum(each["total_allocation"] for each in body[_ACCESS_DETAILS])
    semantic_rules.check_study(changed)
    return changed


def _recomputed(study: Document, changed: Document) -> int:
    """The number of places after more annotators were requested."""
    if has_sent_places(study):
        return max(int(changed[_PLACES]), int(study["groups"]) * annotators(changed))
    return int(study[_PLACES] // annotators(study) * annotators(changed))


def _faults(study: Document, body: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for field in sorted(set(body) - set(_MAY_CHANGE)):
        yield field, f"This cannot be changed after publication. Only {', '.join(_MAY_CHANGE)} can."
    of_batch = study["data_collection_id"] is not None
    if _PLACES in body and of_batch and not has_sent_places(study):
        yield _PLACES, f"The number of places of a batch study is computed. Increase {_METADATA}.{_ANNOTATORS} instead."
    elif _PLACES in body and body[_PLACES] < study[_PLACES]:
        yield _PLACES, f"The number of places of a published study cannot decrease. Send at least {study[_PLACES]}."
    if _ACCESS_DETAILS in body and not _keeps_all(study.get(_ACCESS_DETAILS) or [], body[_ACCESS_DETAILS] or []):
        yield (
            _ACCESS_DETAILS,
            "URLs of a published study can only be added. Send the existing ones too, with at least their allocations.",
        )
    if _METADATA in body and not of_batch:
        yield _METADATA, f"The study has no batch. Increase {_PLACES} instead."
    elif _METADATA in body and set(body[_METADATA] or {}) != {_ANNOTATORS}:
        yield _METADATA, f"Only {_ANNOTATORS} can be changed after publication."
    elif _METADATA in body and body[_METADATA][_ANNOTATORS] < annotators(study):
        yield _METADATA, f"{_ANNOTATORS} of a published study cannot decrease. Send at least {annotators(study)}."


def _keeps_all(before: list[Document], sent: list[Document]) -> bool:
    """Whether a study with access details keeps all of them."""
    most = {each["external_url"]: each["total_allocation"] for each in sent}
    return bool(before) and all(most.get(each["external_url"], -1) >= each["total_allocation"] for each in before)
