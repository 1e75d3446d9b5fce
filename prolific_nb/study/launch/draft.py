"""The steps that turn data, design and plan into a draft of a study on the server, each done only once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial

from ...api import Client, Record
from ...api.polling import wait_until
from ...common.display import notify
from ...common.findings import Findings
from ...common.progress import OnProgress, Progress
from ...data import Dataset
from ...design import Codebook, Design
from ...errors import (
    ApiError,
    DataError,
    DesignError,
    InputError,
    NotFound,
    PlanError,
    SimilarRunError,
    StepFailed,
    Unreachable,
    WaitTimeout,
    named,
)
from ...jobs import Cancelled
from ..flows import FLOWS, Flow, check_version, untyped_hint
from ..idempotent import IdempotentSteps
from ..ledger import Ledger
from ..plan import StudyPlan
from ..quote import check_content, check_pay, refuse_mixed_up
from .launch_key import LaunchKey
from .upload import Rows, send_rows

STEPS = "Creating the draft"
_COUNT = 4


@dataclass(frozen=True)
class Draft:
    """What a launch created: ids on the server, and the questions with their instruction ids."""

    key: str
    dataset_id: str
    batch_id: str
    study_id: str
    codebook: Codebook
    flow: Flow


@dataclass(frozen=True)
class LaunchRequest:
    """What is to be launched.

    Parameters
    ----------
    again : str
        The reason for launching deliberately what was launched before; empty for a first launch.
    allow_low_pay : str
        The reason for paying below Prolific's floor; empty to refuse that.
    accept_partial : bool
        Whether to go on with the rows that an import accepted, if it rejected some.
    flow : Flow
        The way in which Prolific makes the tasks.
    identity : str
        What the launch is for, where that alone makes it the same launch; empty where data, design and plan do.
    """

    client: Client
    data: Dataset
    design: Design
    plan: StudyPlan
    again: str = ""
    allow_low_pay: str = ""
    accept_partial: bool = False
    flow: Flow = FLOWS["layout"]
    identity: str = ""

    @cached_property
    def tag(self) -> LaunchKey:
        """The mark of everything this launch makes."""
        if self.identity:
            return LaunchKey.named(self.identity, self.client.workspace_id)
        return LaunchKey.of(self.data, self.design, self.plan, self.client.workspace_id, self.again, self.flow.name)


def create_draft(order: LaunchRequest, ledger: Ledger, on_progress: OnProgress) -> Draft:
    """Check everything, then upload, build the batch, set it up and make the study as a draft.

    What an earlier launch of the same order has done is not done again.

    Raises
    ------
    InputError
        Something is wrong with data, design or plan; nothing was sent to be kept.
    SimilarRunError
        The same data was launched here with another design or plan.
    StepFailed
        A step ended badly; what was created is named, nothing is published.
    """
    refuse_mixed_up(order.data, order.design, order.plan)
    refuse_faults(order)
    project = order.plan.project or order.client.project_id  # asked for before anything is created: there may be none
    with ledger.hold(f"launching {order.plan.name!r}"):
        launch = _DraftBuilder(order, ledger, project)
        with naming(launch.created):
            return launch.carry_out(on_progress)


@dataclass
class _DraftBuilder:
    """One launch at work."""

    order: LaunchRequest
    ledger: Ledger
    project: str
    created: dict[str, str] = field(default_factory=dict)

    def carry_out(self, on_progress: OnProgress) -> Draft:
        def tell(done: int) -> None:
            on_progress(Progress(STEPS, done, _COUNT))

        tell(0)
        self._forget_what_is_gone()
        study_id = self._existing_study()
        self._enter()
        batch_id = self._existing_batch(study_id)
        if batch_id is None:
            self._upload(on_progress)
        tell(1)
        batch = self._batch(batch_id)
        codebook = self.order.flow.ask(self.order.client, self._steps, batch, self.order.design)
        tell(2)
        self._set_up(batch.id)
        tell(3)
        self.created["study"] = study_id or self._study(batch.id)
        tell(4)
        return Draft(self._key, self.created["dataset"], batch.id, self.created["study"], codebook, self.order.flow)

    # --- what there is -----------------------------------------------------------------------------------------

    @property
    def _key(self) -> str:
        return self.order.tag.key

    @property
    def _steps(self) -> IdempotentSteps:
        return IdempotentSteps(self.order.client, self.ledger, self._key)

    def _enter(self) -> None:
        order = self.order
        about = {"name": order.plan.name, "mode": order.client.mode, "workspace": order.client.workspace_id}
        self.ledger.enter(self._key, **about, design=order.design.to_json(), again=order.again)

    def _forget_what_is_gone(self) -> None:
        """Start afresh where the server no longer has what the ledger knows, as with a sandbox that was in memory."""
        steps, client = self.ledger.steps(self._key), self.order.client
        reads = {
            "study": lambda ident: client.studies.get(ident).get("internal_name"),
            "batch": lambda ident: client.batches.get(ident).name,
            "dataset": lambda ident: client.datasets.get(ident).name,
        }
        for kind, read in reads.items():
            if kind not in steps or steps[kind].state != "done":
                continue
            if not self._is_there(kind, steps[kind].ident, read):
                self.ledger.retire(self._key)
            return  # what stands on the others vouches for them

    def _is_there(self, kind: str, ident: str, read: Callable[[str], str | None]) -> bool:
        live = self.order.client.mode == "LIVE"
        try:
            name = read(ident)
        except NotFound:
            if kind == "study" and live:
                raise StepFailed(
                    f"This was launched before as study {ident}, which is not there any more: it was deleted, or it "
                    'belongs to another account. To launch it anew: pnb.launch(..., again="the draft was deleted").'
                ) from None
            return False
        # The ids of a sandbox depend on its seed alone, so in a new one they may belong to something else.
        return live or LaunchKey.read(name) == self.order.tag

    def _existing_study(self) -> str | None:
        """The study of this very launch, wherever it was made; another launch of the same data is refused."""
        known = self.ledger.step(self._key, "study")
        if known is not None and known.state == "done":
            self._say_resumed(known.ident)
            return known.ident
        mine, others = self._tagged_studies()
        if not mine and known is not None:
            found = self._steps.search(lambda: next(iter(self._tagged_studies()[0]), None), known.at)
            mine = [found] if found else []
        if mine:
            self._say_resumed(mine[0])
            self._enter()
            self.ledger.done(self._key, "study", mine[0])
            return mine[0]
        if others and not self.order.again:
            raise _similar(others, self.order)
        return None

    def _tagged_studies(self) -> tuple[list[str], list[Record]]:
        """Ids of the studies of this launch, and studies of other launches of the same data, the oldest first.

        A clone and a test study carry the tag of the study that they were made from; that one is older.
        """
        mine, others = [], []
        for study in oldest_first(self.order.client.studies.list()):
            tag = LaunchKey.read(study.get("internal_name"))
            if tag is not None and tag.key == self._key:
                mine.append(study.id)
            elif tag is not None and tag.content == self.order.tag.content:
                others.append(study)
        return mine, others

    def _say_resumed(self, study_id: str) -> None:
        notify(f"Launched already: this is study {study_id}. A second one on purpose: pnb.launch(..., again='reason').")

    def _existing_batch(self, study_id: str | None) -> str | None:
        """The batch of this launch: the study's own, or one with the tag that a lost answer left behind."""
        known = self.ledger.step(self._key, "batch")
        if known is not None and known.state == "done":
            return known.ident
        if study_id is not None:
            return str(self.order.client.studies.get(study_id).data_collection_id)
        return self._find_batch() if known is None else self._steps.search(self._find_batch, known.at)

    def _find_batch(self) -> str | None:
        client = self.order.client
        listed = client.batches.list(client.workspace_id)
        found = (
            each.id for each in listed if LaunchKey.read(each.name) == self.order.tag and each.get("status") != "ERROR"
        )
        return next(found, None)

    # --- what is made ------------------------------------------------------------------------------------------

    def _upload(self, on_progress: OnProgress) -> None:
        order, tag = self.order, self.order.tag
        datasets, schema = order.client.datasets, order.flow.schema(order.data, order.design)
        before = self.ledger.step(self._key, "dataset")
        if before is not None and before.state == "intended":
            notify(f"An empty dataset {tag.on(order.data.name)!r} may be left over from before. It costs nothing.")

        def make() -> str:
            try:
                made = datasets.create(tag.on(order.data.name), order.client.workspace_id, schema)
            except ApiError as refused:
                raise (untyped_hint(refused) if schema else refused) from None
            check_version(made, schema is not None)
            return str(made.id)

        # Prolific has no list of datasets: one whose answer was lost cannot be found, and a new one is made.
        self.created["dataset"] = self._steps.run_once("dataset", make, lambda: None)
        write = partial(order.flow.write, order.data, order.design)
        rows = Rows(order.data.rows, write, schema is not None, order.accept_partial)
        send_rows(order.client, self.ledger, self._key, self.created["dataset"], rows, on_progress)

    def _batch(self, existing: str | None) -> Record:
        batches, order = self.order.client.batches, self.order

        def make() -> str:
            name, dataset = order.tag.on(order.design.name), self.created["dataset"]
            return str(batches.create(name, order.client.workspace_id, dataset, order.flow.task(order.design)).id)

        if existing is not None:
            self.ledger.done(self._key, "batch", existing)
        ident = existing or self._steps.run_once("batch", make, self._find_batch)
        batch = batches.get(ident)
        self.created |= {"dataset": str(batch.datasets[0]["id"]), "batch": ident}
        return batch

    def _set_up(self, batch_id: str) -> None:
        batches, pace = self.order.client.batches, self.order.client.pace

        def make() -> str:
            batches.set_up(batch_id, self.order.plan.tasks_per_group)
            return size

        # Prolific does not tell the size of the groups again, so the ledger keeps it.
        size = str(self.order.plan.tasks_per_group)
        self._steps.run_once("set-up", make, lambda: None if batches.status(batch_id) == "UNINITIALISED" else size)
        status = wait_until(
            lambda: batches.status(batch_id),
            lambda seen: seen in ("READY", "ERROR"),
            what="The set-up of tasks",
            every=pace.job,
        )
        if status == "ERROR":
            self.ledger.withdraw(self._key, "batch", "set-up")  # of no use any more; the rows are
            raise StepFailed(
                "Setting up the tasks ended in ERROR; Prolific gives no reason. Look at the batch on Prolific's page, "
                "check that every shown column has content, and launch again: a new batch is made of the same rows."
            )

    def _study(self, batch_id: str) -> str:
        client, order = self.order.client, self.order

        def make() -> str:
            body = order.plan.to_study(batch_id, self.project, client.currency, order.tag)
            return str(client.studies.create(body).id)

        return self._steps.run_once("study", make, lambda: next(iter(self._tagged_studies()[0]), None))


def oldest_first(studies: Iterable[Record]) -> list[Record]:
    """The studies in the order in which they were made."""
    return sorted(studies, key=lambda study: str(study.get("date_created") or ""))


def _similar(others: list[Record], order: LaunchRequest) -> SimilarRunError:
    known = "; ".join(f"study {each.id} {each.get('name')!r}, {each.get('status')}" for each in others)
    return SimilarRunError(
        f"The data {order.data.name!r} was launched in this workspace before, with another design or plan: {known}. "
        "A second study asks and pays people again. Go on with that one: "
        f'pnb.open_run(study_id="{others[0].id}", client=client). Or, on purpose: pnb.launch(..., again="reason").'
    )


def refuse_faults(order: LaunchRequest) -> None:
    """Raise with every finding about data, design and plan if one of them is an error; nothing is created."""
    data, design, plan = order.data, order.design, order.plan
    about_data, about_design = data.check().errors, design.check(data).errors
    about_both = check_content(data, design, order.flow).errors[len(about_data + about_design) :]
    of_columns = Findings(each for each in about_both if each.column is not None or each.row is not None)
    of_flow = Findings(each for each in about_both if each not in of_columns)
    subjects: list[tuple[type[InputError], str, Findings]] = [
        (DataError, f"The data {data.name!r}", about_data + of_columns),
        (DesignError, f"The design {design.name!r}", about_design + of_flow),
        (PlanError, f"The plan {plan.name!r}", _about_pay(order).errors),
    ]
    wrong = [each for each in subjects if each[2]]
    if len(wrong) == 1:
        kind, subject, errors = wrong[0]
        raise kind(subject, errors)
    if wrong:
        raise InputError(", ".join(subject for _, subject, _ in wrong), [e for _, _, errors in wrong for e in errors])


def _about_pay(order: LaunchRequest) -> Findings:
    found = check_pay(order.client, order.plan)
    return Findings(each for each in found if not (order.allow_low_pay and each.place == "pay"))


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
        if isinstance(other, KeyboardInterrupt):  # its notes are not shown everywhere
            notify(f"Interrupted. {named(created) if created else 'Nothing was created yet.'}")
        raise
    if failure is not None:
        raise StepFailed(failure, created)
