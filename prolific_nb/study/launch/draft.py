"""The idempotent steps that create the draft of a study from data, design and plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from ...api import Record
from ...api.polling import wait_until
from ...common.display import notify
from ...common.progress import OnProgress, Progress
from ...design import Codebook, Design
from ...design.right_answers import without_right
from ...errors import (
    ApiError,
    NotFound,
    SimilarRunError,
    StepFailed,
    UnexpectedResponse,
    Unreachable,
    WaitTimeout,
    named,
)
from ...jobs import Cancelled
from ..draft_edits import draft_edits
from ..flows import Flow, check_version, dataset_of, untyped_hint
from ..gold.keep_answers import keep_answers
from ..idempotent import IdempotentSteps
from ..launch_key import LaunchKey
from ..ledger import Ledger
from ..local_truths import recall
from ..monitor.status import DRAFT
from ..quote import group_count
from ..same_launch import studies_on, study_exists, tagged_batches, tagged_studies
from ..spend.annotators import BASE
from .launch_checks import refuse_audience, refuse_errors
from .launch_request import LaunchRequest
from .upload import Rows, send_rows

STEPS = "Creating the draft"
_COUNT = 4
_OPEN = 'pnb.open_run(study_id="{}", client=client)'


@dataclass(frozen=True)
class Draft:
    """The result of a launch: ids on the server, and the questions with their instruction ids."""

    key: str
    dataset_id: str
    batch_id: str
    study_id: str
    codebook: Codebook
    flow: Flow


def create_draft(request: LaunchRequest, ledger: Ledger, on_progress: OnProgress) -> Draft:
    """Check all inputs, upload the data, create the batch, set it up and create the study as a draft.

    Steps that an earlier launch with the same inputs completed are not repeated.

    Raises
    ------
    InputError
        Data, design or plan have errors; nothing was created.
    SimilarRunError
        The same data was launched in this workspace with another design or plan.
    StepFailed
        A step failed. The message names what was created; nothing is published.
    """
    for finding in refuse_errors(request):
        notify(str(finding))
    project = request.plan.project or request.client.project_id  # read before anything is created: there may be none
    with ledger.hold(f"launching {request.plan.name!r}", f"{request.client.url} launch {request.tag.content}"):
        builder = _DraftBuilder(request, ledger, project)
        with naming_created(builder.created):
            return builder.build(on_progress)


@dataclass
class _DraftBuilder:
    """The steps of one launch."""

    request: LaunchRequest
    ledger: Ledger
    project: str
    created: dict[str, str] = field(default_factory=dict)

    def build(self, on_progress: OnProgress) -> Draft:
        def report(done: int) -> None:
            on_progress(Progress(STEPS, done, _COUNT))

        report(0)
        self._retire_if_gone()
        study_id = self._existing_study()
        if study_id is None:  # an existing study is opened even if a group in its filters was deleted meanwhile
            refuse_audience(self.request)
        self._enter()
        before = recall(self.ledger, self._key, self.request.design.codebook())
        keep_answers(self.request.client, self.ledger, self._key, self.request.codebook(before))
        batch_id = self._existing_batch(study_id)
        if batch_id is None:
            self._upload(on_progress)
        report(1)
        batch = self._batch(batch_id)
        codebook = self.request.flow.send_questions(self.request.client, self._steps, batch, self.request.design)
        report(2)
        self._set_up(batch.id)
        report(3)
        self.created["study"] = study_id or self._study(batch.id)
        # What add_annotators(n) counts from: the plan is part of the key, so it is the same on every machine.
        self.ledger.done(self._key, BASE, str(self.request.plan.annotators_per_task))
        report(4)
        known = recall(self.ledger, self._key, codebook)
        return Draft(self._key, self.created["dataset"], batch.id, self.created["study"], known, self.request.flow)

    # --- what exists -----------------------------------------------------------------------------------------

    @property
    def _key(self) -> str:
        return self.request.tag.key

    @property
    def _steps(self) -> IdempotentSteps:
        return IdempotentSteps(self.request.client, self.ledger, self._key)

    def _enter(self) -> None:
        request = self.request
        about = {"name": request.plan.name, "mode": request.client.mode, "workspace": request.client.workspace_id}
        self.ledger.enter(self._key, **about, design=request.design.to_json(), again=request.again)

    def _retire_if_gone(self) -> None:
        """Start over if the server no longer has what the ledger records, as after an in-memory sandbox ended."""
        steps, client = self.ledger.steps(self._key), self.request.client
        reads = {
            "study": lambda ident: client.studies.get(ident).get("internal_name"),
            "batch": lambda ident: client.batches.get(ident).name,
            "dataset": lambda ident: client.datasets.get(ident).name,
        }
        for kind, read in reads.items():
            if kind not in steps or steps[kind].state != "done":
                continue
            if not self._still_exists(kind, steps[kind].ident, read):
                self.ledger.retire(self._key)
            return  # the later objects depend on the earlier ones, so those exist too

    def _still_exists(self, kind: str, ident: str, read: Callable[[str], str | None]) -> bool:
        live = self.request.client.mode == "LIVE"
        try:
            name = read(ident)
        except NotFound:
            if kind == "study" and live:
                raise StepFailed(
                    f"This was launched before as study {ident}, which no longer exists: it was deleted, or it belongs "
                    'to another account. To launch it again: pnb.launch(..., again="the draft was deleted").'
                ) from None
            return False
        # A sandbox derives ids from its seed, so in a new sandbox the same id may belong to another object.
        return live or LaunchKey.read(name) == self.request.tag

    def _existing_study(self) -> str | None:
        """The study of this launch, wherever it was created; another launch of the same data is refused."""
        known = self.ledger.step(self._key, "study")
        if known is not None and known.state == "done":
            return self._resumed(known.ident)
        mine, others = tagged_studies(self.request.client, self.request.tag)
        found = mine[0].id if mine else None
        if found is None and known is not None:
            found = self._steps.search(self._find_study, known.at)
        found = found or self._untagged_study()
        if found is not None:
            self._enter()
            self.ledger.done(self._key, "study", found)
            return self._resumed(found)
        if others and not self.request.again:
            raise _similar(others, self.request)
        return None

    def _untagged_study(self) -> str | None:
        """The study on a batch of this launch, where its internal name was changed and the tag is lost with it."""
        client, tag = self.request.client, self.request.tag
        return next((str(study.id) for study in studies_on(client, tagged_batches(client, tag))), None)

    def _resumed(self, study_id: str) -> str:
        """Say that the study exists, and in what it differs from the plan by now."""
        request = self.request
        notify(f"Already launched as study {study_id}. To create a second study: pnb.launch(..., again='reason').")
        study = request.client.studies.get(study_id)
        if study.status == DRAFT:
            counted = request.data is not None
            places = group_count(request.rows, request.plan) * request.plan.annotators_per_task if counted else None
            for edit in draft_edits(study, request.plan, request.client.currency, places):
                notify(str(edit))
            recorded = self.ledger.run(self._key)
            known = None if recorded is None else without_right(Design.from_json(recorded["design"]))
            if known is not None and known != without_right(request.design):
                notify(f"Its introduction or steps were changed by run.update; {_OPEN.format(study_id)} has them.")
        return study_id

    def _existing_batch(self, study_id: str | None) -> str | None:
        """The batch of this launch: that of the study, or one with the tag whose response was lost."""
        known = self.ledger.step(self._key, "batch")
        if known is not None and known.state == "done":
            return known.ident
        if study_id is not None:
            batch_id = self.request.client.studies.get(study_id).get("data_collection_id")
            if not batch_id:
                raise StepFailed(f"Study {study_id} of this launch names no batch. Check it on Prolific's page.")
            return str(batch_id)
        return self._find_batch() if known is None else self._steps.search(self._find_batch, known.at)

    def _find_batch(self) -> str | None:
        return next(iter(tagged_batches(self.request.client, self.request.tag)), None)

    def _find_study(self) -> str | None:
        return next((study.id for study in tagged_studies(self.request.client, self.request.tag)[0]), None)

    # --- what is created ------------------------------------------------------------------------------------------

    def _upload(self, on_progress: OnProgress) -> None:
        request, tag = self.request, self.request.tag
        if request.dataset_id:
            self.created["dataset"] = request.dataset_id
            self.ledger.done(self._key, "dataset", request.dataset_id)
            return
        datasets, schema = request.client.datasets, request.flow.schema(request.rows, request.design)
        before = self.ledger.step(self._key, "dataset")
        if before is not None and before.state == "intended":
            notify(
                f"An earlier attempt may have left an empty dataset {tag.on(request.rows.name)!r}. It costs nothing."
            )

        def make() -> str:
            try:
                made = datasets.create(tag.on(request.rows.name), request.client.workspace_id, schema)
            except ApiError as refused:
                raise (untyped_hint(refused) if schema else refused) from None
            check_version(made, schema is not None)
            return str(made.id)

        # Prolific cannot list datasets: if the response is lost, the dataset cannot be found and a new one is created.
        self.created["dataset"] = self._steps.run_once("dataset", make, lambda: None)
        write = partial(request.flow.write, request.rows, request.design)
        rows = Rows(
            request.arrangement.row_names,
            write,
            schema is not None,
            request.accept_partial,
            request.arrangement.most_used > 1,
        )
        send_rows(request.client, self.ledger, self._key, self.created["dataset"], rows, on_progress)

    def _batch(self, existing: str | None) -> Record:
        batches, request = self.request.client.batches, self.request

        def make() -> str:
            name, dataset = request.tag.on(request.batch_name), self.created["dataset"]
            return str(batches.create(name, request.client.workspace_id, dataset, request.flow.task(request.design)).id)

        if existing is not None:
            self.ledger.done(self._key, "batch", existing)
        ident = existing or self._steps.run_once("batch", make, self._find_batch)
        batch = batches.get(ident)
        self.created |= {"dataset": dataset_of(batch), "batch": ident}
        return batch

    def _set_up(self, batch_id: str) -> None:
        batches, pace = self.request.client.batches, self.request.client.pace

        def make() -> str:
            batches.set_up(batch_id, self.request.plan.tasks_per_group)
            return size

        # Prolific does not return the group size later, so the ledger stores it.
        size = str(self.request.plan.tasks_per_group)
        self._steps.run_once("set-up", make, lambda: None if batches.status(batch_id) == "UNINITIALISED" else size)
        status = wait_until(
            lambda: batches.status(batch_id),
            lambda seen: seen in ("READY", "ERROR"),
            what="The set-up of tasks",
            every=pace.job,
        )
        if status == "ERROR":
            self.ledger.withdraw(self._key, "batch", "set-up")  # the batch is of no use; its rows are kept
            raise StepFailed(
                "Setting up the tasks ended in ERROR; Prolific gives no reason. Check the batch on Prolific's page and "
                "that every shown column has content, then launch again: a new batch is created from the same rows."
            )

    def _study(self, batch_id: str) -> str:
        client, request = self.request.client, self.request

        def make() -> str:
            body = request.plan.to_study(batch_id, self.project, client.currency, request.tag)
            return str(client.studies.create(body).id)

        made = self._steps.run_once("study", make, self._find_study)
        return self._oldest(made)

    def _oldest(self, made: str) -> str:
        """Of two drafts that two machines created at one time, the older; the younger is deleted if it is ours."""
        client = self.request.client
        mine = [study.id for study in tagged_studies(client, self.request.tag)[0]]
        if made not in mine and not study_exists(client, made):
            self.ledger.intend(self._key, "study")  # the next launch finds it by its tag
            raise UnexpectedResponse(f"The server named the new study {made}, but there is no such study.", field="id")
        if not mine or mine[0] == made or made not in mine:
            return made
        if client.studies.get(made).status == DRAFT:
            client.studies.delete(made)
        self.ledger.done(self._key, "study", mine[0])
        notify(f"Another program launched the same at the same time: study {mine[0]} is used, draft {made} deleted.")
        return str(mine[0])


def _similar(others: list[Record], request: LaunchRequest) -> SimilarRunError:
    known = "; ".join(f"study {each.id} {each.get('name')!r}, {each.get('status')}" for each in others)
    return SimilarRunError(
        f"The data {request.rows.name!r} was launched in this workspace before, with another design or plan: {known}. "
        "A second study would pay participants again. To continue with the existing study: "
        f'pnb.open_run(study_id="{others[0].id}", client=client). To create another: pnb.launch(..., again="reason").'
    )


@contextmanager
def naming_created(created: dict[str, str]) -> Iterator[None]:
    """Convert any server failure to StepFailed, naming what was created so far; also when cancelled."""
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
    except BaseException as other:  # an interrupt, or a response of an unknown shape
        if created:
            other.add_note(named(created))
        if isinstance(other, KeyboardInterrupt):  # not every front end shows its notes
            notify(f"Interrupted. {named(created) if created else 'Nothing was created.'}")
        raise
    if failure is not None:
        raise StepFailed(failure, created)
