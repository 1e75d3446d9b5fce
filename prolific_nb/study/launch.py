"""The steps that turn data, design and plan into a draft of a study on the server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import Any

from ..api import Client, Record
from ..api.polling import until
from ..data import Dataset
from ..design import Codebook, Design
from ..errors import (
    ApiError,
    DataError,
    DesignError,
    InputError,
    PlanError,
    StepFailed,
    Unreachable,
    WaitTimeout,
    named,
)
from ..findings import Findings
from ..jobs import Cancelled
from ..progress import OnProgress, Progress
from .plan import StudyPlan
from .quote import check_content, check_pay

_IMPORT_ENDED = ("complete", "partial", "failed", "pending_schema")
_STEPS = 4
_SHOWN_ERRORS = 20


@dataclass(frozen=True)
class Draft:
    """What a launch created: ids on the server, and the questions with their instruction ids."""

    dataset_id: str
    batch_id: str
    study_id: str
    codebook: Codebook


def create_draft(
    client: Client, data: Dataset, design: Design, plan: StudyPlan, on_progress: OnProgress, flow: str = "layout"
) -> Draft:
    """Check everything, then upload, build the batch, set it up and make the study as a draft.

    Raises
    ------
    InputError
        Something is wrong with data, design or plan; nothing was sent to be kept.
    StepFailed
        A step ended badly; what was created is named, nothing is published.
    """
    if flow != "layout":
        raise ValueError(f"flow={flow!r} is not known. Use flow='layout'.")
    refuse_faults(client, data, design, plan)
    project = plan.project or client.project_id  # asked for before anything is created: there may be none
    created: dict[str, str] = {}

    def tell(done: int) -> None:
        on_progress(Progress("Creating the draft", done, _STEPS))

    with naming(created):
        tell(0)
        _upload(client, data, design, created)
        tell(1)
        batch = client.batches.create(design.name, client.workspace_id, created["dataset"], design.to_api())
        created["batch"] = batch.id
        codebook = design.codebook().with_instructions(client.batches.get(batch.id).batch_items)
        tell(2)
        _set_up(client, batch.id, plan)
        tell(3)
        study = client.studies.create(plan.to_study(batch.id, project, client.currency))
        created["study"] = study.id
        tell(4)
    return Draft(created["dataset"], batch.id, study.id, codebook)


def refuse_faults(client: Client, data: Dataset, design: Design, plan: StudyPlan) -> None:
    """Raise with every finding about data, design and plan if one of them is an error; nothing is created."""
    about_data, about_design = data.check().errors, design.check(data).errors
    about_both = check_content(data, design).errors[len(about_data + about_design) :]
    subjects: list[tuple[type[InputError], str, Findings]] = [
        (DataError, f"The data {data.name!r}", about_data + about_both),
        (DesignError, f"The design {design.name!r}", about_design),
        (PlanError, f"The plan {plan.name!r}", check_pay(client, plan).errors),
    ]
    wrong = [each for each in subjects if each[2]]
    if len(wrong) == 1:
        kind, subject, errors = wrong[0]
        raise kind(subject, errors)
    if wrong:
        raise InputError(", ".join(subject for _, subject, _ in wrong), [e for _, _, errors in wrong for e in errors])


@contextmanager
def naming(created: dict[str, str]) -> Iterator[None]:
    """Turn any failure of the server into StepFailed that names what exists by now; so does a cancel."""
    failure: str | None = None
    try:
        yield
    except Cancelled as cancelled:
        if not created:
            raise
        raise Cancelled(f"{cancelled} {named(created)}") from None
    except StepFailed as failed:
        failed.created = dict(created)
        raise
    except (ApiError, Unreachable, WaitTimeout) as failed:
        if not created:
            raise
        failure = str(failed)
    except BaseException as other:  # an interrupt, or an answer of a shape that nobody has seen
        if created:
            other.add_note(named(created))
        raise
    if failure is not None:
        raise StepFailed(failure, created)


def _upload(client: Client, data: Dataset, design: Design, created: dict[str, str]) -> None:
    dataset = client.datasets.create(data.name, client.workspace_id, data.schema(design.shown))
    created["dataset"] = dataset.id
    with TemporaryFile() as file:
        data.write_upload(file)
        file.seek(0)
        target = client.datasets.upload(dataset.id, "data.csv", file)
    job = _wait(
        client,
        lambda: client.datasets.import_job(dataset.id, target.import_id),
        lambda job: job.status in _IMPORT_ENDED,
        "The import of the rows",
    )
    if job.status != "complete":
        raise StepFailed(_import_failure(job, data.rows))


def _wait(client: Client, look: Callable[[], Any], done: Callable[[Any], bool], what: str) -> Any:
    return until(look, done, what=what, every=client.pace.job)


def _import_failure(job: Record, rows: Sequence[int]) -> str:
    """The end of an import in words; `rows` are the spreadsheet's numbers of the records, which count from zero."""
    errors = job.get("errors") or []
    said = []
    for error in errors[:_SHOWN_ERRORS]:
        index, column = error.get("record_index"), error.get("field")
        row = f"row {rows[index]}" if index is not None and index < len(rows) else "a row"
        said.append(f"{row}{f', column {column!r}' if column else ''}: {error.get('reason')}")
    if len(errors) > _SHOWN_ERRORS:
        said.append(f"and {len(errors) - _SHOWN_ERRORS} more")
    counts = f"{job.get('accepted_count', 0)} rows accepted, {job.get('rejected_count', 'all')} rejected"
    reasons = "; ".join([*said, *([str(job.reason)] if job.get("reason") else [])])
    return (
        f"The import ended {job.status!r} ({counts}): {reasons or 'no reason given'}. Mend these rows and launch again."
    )


def _set_up(client: Client, batch_id: str, plan: StudyPlan) -> None:
    client.batches.set_up(batch_id, plan.tasks_per_group)
    status = _wait(
        client, lambda: client.batches.status(batch_id), lambda seen: seen in ("READY", "ERROR"), "The set-up of tasks"
    )
    if status == "ERROR":
        raise StepFailed(
            "Setting up the tasks ended in ERROR; Prolific gives no reason. Look at the batch on Prolific's page, "
            "check that every shown column has content, and launch again."
        )
