"""Run: one launched study as a person thinks of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from ..api import Client
from ..api.polling import wait_until
from ..common.display import card, lines, notify
from ..common.findings import Finding
from ..common.money import Money
from ..common.progress import OnProgress, Progress, TextBar
from ..data import Dataset, Source, read_data
from ..design import Design
from ..errors import DataError, InputError, ProlificError
from ..study import StudyPlan
from ..study.add_rows import AddRowsResult, StudyTarget, add_rows, nothing_new
from ..study.flows import flow_named
from ..study.follow_up import follow_up_plan
from ..study.launch.draft import Draft, LaunchRequest, create_draft
from ..study.ledger import Ledger
from ..study.monitor.status import DRAFT, RUNNING, Status, StatusReader
from ..study.monitor.submissions_table import submissions_frame
from ..study.monitor.watch import Watch, watch
from ..study.quote import check_content
from ..study.review.proposal import Proposal
from ..study.review.review import bonus_to, propose
from ..study.spend import publish
from ..study.transitions import transition_study
from .run_answers import Answers
from .script import program


class Run(Answers):
    """One study and its answers.

    Attributes
    ----------
    client : Client
        Where it runs.
    key : str
        Its name in the ledger.
    dataset_id, batch_id, study_id : str
        Ids on the server.
    codebook : Codebook
        Its questions, with instruction ids.
    flow : {"layout", "instructions"}
        The way in which it was launched.
    data : Dataset or None
        What it was launched with; None for a run that `open_run` gave back without its data.
    design, plan
        What it was launched with.
    ledger : Ledger
        Where its steps are written down.
    """

    def __init__(
        self, client: Client, draft: Draft, *, data: Dataset | None, design: Design, plan: StudyPlan, ledger: Ledger
    ) -> None:
        super().__init__(client, draft, data, plan)
        self.ledger, self.key, self.flow = ledger, draft.key, draft.flow.name
        self.dataset_id, self.design = draft.dataset_id, design
        self._status_reader = StatusReader(client, draft.study_id)
        self._cost: Money | None = None

    def status(self) -> Status:
        """Where the study stands: state, places, counts, real hourly pay, money spent and reserved."""
        return self._status_reader.read()

    def watch(self) -> Watch:
        """The one poller of this study; ``run.watch().subscribe(f)`` calls ``f`` with its news."""
        return watch(self.client, self.study_id)

    def cost(self) -> Money:
        """What publishing costs by the server's own figures: rewards, fees and VAT of all places."""
        self._cost = publish.whole_cost(self.client, self.study_id)
        return self._cost

    def publish(self, *, max_cost: str | Money | None = None) -> Run:
        """Publish the study to participants. This spends money on LIVE. A published study is not published again.

        Parameters
        ----------
        max_cost : str or Money, optional
            The most it may cost with fees and VAT. LIVE needs it.

        Raises
        ------
        SpendError
            Without `max_cost` on LIVE, above `max_cost`, or above the available balance. Nothing was spent.
        Unreachable
            The answer was lost, and the study is a draft so far. Call it again: it looks before it publishes.
        StepFailed
            The server did not take the study into publication.
        """
        publish.publish(self.client, self.ledger, self.key, self.study_id, max_cost)
        return self

    def add_annotators(self, n: int, *, max_cost: str | Money | None = None) -> Run:
        """Let `n` more people than planned answer each task; the only way in which places grow. This spends money.

        Parameters
        ----------
        n : int
            Counted from the plan's ``annotators_per_task``, so that running the same cell twice adds nobody twice:
            after ``add_annotators(2)``, two more need ``add_annotators(4)``.
        max_cost : str or Money, optional
            The most that the new places may cost with fees and VAT. LIVE needs it.

        Raises
        ------
        SpendError, Unreachable, StepFailed
            As for `publish`.
        InputError
            `n` is no number of people, or the study is a draft.
        """
        base = self.plan.annotators_per_task
        publish.add_annotators(self.client, self.ledger, self.key, self.study_id, n, base, max_cost)
        return self

    def submissions(self) -> pd.DataFrame:
        """Who took part: one row per submission, with status, times, minutes, reward, bonus and hourly pay."""
        return submissions_frame(self.client, self.study_id)

    def review(self, frame: pd.DataFrame) -> Proposal:
        """A proposal to approve, reject and pay bonuses; nothing happens before its ``apply(max_cost=...)``.

        Parameters
        ----------
        frame : pandas.DataFrame
            ``submission_id, action, category, message, bonus``; see `prolific_nb.study.review.review.propose`.
        """
        return propose(self.client, self.ledger, self.key, self.study_id, frame)

    def bonus_to(self, hourly: str | Money) -> Proposal:
        """A proposal of the bonuses that lift the real pay of every finished submission to `hourly`."""
        return bonus_to(self.client, self.ledger, self.key, self.study_id, hourly)

    def pause(self) -> Run:
        """Stop taking new participants for now; those at work may finish."""
        return self._transition("PAUSE")

    def resume(self) -> Run:
        """Take participants again after a pause."""
        return self._transition("START")

    def stop(self) -> Run:
        """End the study for good; what was answered stays and is paid."""
        return self._transition("STOP")

    def _transition(self, action: str) -> Run:
        transition_study(self.client, self.ledger, self.key, self.study_id, action)
        return self

    def wait(self, timeout: float | None = None, *, on_progress: OnProgress | None = None) -> Run:
        """Wait until all places are filled or the study has been paused or stopped.

        Parameters
        ----------
        timeout : float, optional
            Seconds; by default without end. An interrupt ends only the waiting, never the study.
        on_progress : callable, optional
            Called with the places filled; by default a text bar is drawn.
        """
        tell = on_progress or TextBar()

        def seen_now() -> Status:
            seen = self._status_reader.read(pay=False)
            tell(Progress("Collecting submissions", seen.filled, seen.places))
            return seen

        if self.client.studies.get(self.study_id).status == DRAFT:
            raise ProlificError(f"Study {self.study_id} is a draft; nobody answers it. Call run.publish(...) first.")
        what, pace = f"Study {self.study_id}", self.client.pace.study
        try:
            wait_until(seen_now, lambda seen: seen.state not in RUNNING, what=what, every=pace, timeout=timeout)
        except KeyboardInterrupt:
            notify(f"Interrupted. {what} goes on at the server; run.wait() waits for it again, run.stop() ends it.")
            raise
        return self

    def follow_up(self, rows: Iterable[str], annotators: int | None = None, *, allow_low_pay: str = "") -> Run:
        """A second study, as a draft, that asks other people about some of the rows. Calling it again gives the same.

        The people who took part in this run are put into a participant group that the new study is kept from.

        Parameters
        ----------
        rows : iterable of str
            Keys of rows, as in the column ``row`` of `responses`.
        annotators : int, optional
            How many people answer each row; by default as many as in this run.
        allow_low_pay : str
            As for `launch`.

        Returns
        -------
        Run
            ``follow.publish(max_cost=...)`` spends the money; `prolific_nb.combine` puts the answers together.

        Raises
        ------
        DataError
            Some keys are not in the data.
        ProlificError
            The run was opened without its data, or people still come to it.
        """
        data = self._given_data().select(rows)
        plan = follow_up_plan(self.client, self.key, self.study_id, self.plan, annotators)
        what = f"follow-up of study {self.study_id}"
        about = f"{what} about {data.digest} by {plan.annotators_per_task}"
        return self._another(data, plan, what, about, allow_low_pay)

    def duplicate(self, name: str, data: Dataset | Source | None = None, *, allow_low_pay: str = "") -> Run:
        """A second study, as a draft, of the same design and plan. The same call again gives the same study.

        Nobody is kept out: people who took part in this run may take part again. `follow_up` keeps them out.

        Parameters
        ----------
        name : str
            What participants read as its name.
        data : Dataset, path, bytes or DataFrame, optional
            Other rows to ask about; by default the same.
        allow_low_pay : str
            As for `launch`.
        """
        what = f"copy {name!r} of study {self.study_id}"
        given = self._given_data() if data is None else data if isinstance(data, Dataset) else read_data(data)
        about = what if data is None else f"{what} about {given.digest}"
        return self._another(given, replace(self.plan, name=name), what, about, allow_low_pay)

    def _another(self, data: Dataset, plan: StudyPlan, what: str, identity: str, allow_low_pay: str) -> Run:
        """The study of that identity; the same one however the run was opened, and whatever came to its data since."""
        order = LaunchRequest(
            self.client,
            data,
            self.design,
            plan,
            again=what,
            allow_low_pay=allow_low_pay,
            flow=flow_named(self.flow),
            identity=identity,
        )
        draft = create_draft(order, self.ledger, TextBar())
        return Run(self.client, draft, data=data, design=self.design, plan=plan, ledger=self.ledger)

    def add_rows(self, rows: Dataset | Source, *, max_cost: str | Money | None = None) -> AddRowsResult:
        """More rows for this study: appended to its dataset and made into tasks. This may spend money.

        Whether a study that is published gets places for new tasks Prolific does not say. So the places are read back,
        and the answer tells how many came, or that none did.

        Parameters
        ----------
        rows : Dataset, path, bytes or DataFrame
            With the columns of the data. Rows whose content is there already are left out, so that the same call a
            second time adds nothing.
        max_cost : str or Money, optional
            The most that places for these rows may cost with fees and VAT. LIVE needs it once the study is published.

        Returns
        -------
        AddRowsResult
            Counts of tasks, groups and places that came, and what to do where no places did.

        Raises
        ------
        DataError
            The columns are others, or the rows cannot be shown; with everything found. Nothing was sent.
        SpendError
            As for `publish`. Nothing was sent.
        InputError
            The study has ended, or is one of the older flow, whose datasets cannot grow.
        StepFailed
            Rows were rejected, or no tasks could be made of them.
        """
        if self.flow == "instructions":
            what, remedy = (
                "Datasets of the older flow cannot grow.",
                "Make a study of these: run.duplicate(name, data).",
            )
            raise InputError("add_rows", [Finding("error", what, remedy)])
        known = self._given_data()
        given = rows if isinstance(rows, Dataset) else read_data(rows)
        whole = known.extended(given)
        keys = whole.row_keys[len(known) :]
        if not keys:
            return nothing_new(self.client, self.batch_id, self.study_id, self._about_missing(known))
        fresh = whole.select(keys)
        if errors := check_content(fresh, self.design).errors:
            raise DataError(f"What is to be added ({given.name!r})", errors)
        target = StudyTarget(self.dataset_id, self.batch_id, self.study_id, self.plan.tasks_per_group)
        added = add_rows(self.client, self.ledger, self.key, target, fresh, max_cost)
        self.data = whole
        return added

    def _about_missing(self, known: Dataset) -> str:
        """What to do where the run was given more rows than the study has."""
        held = int(self.client.datasets.get(self.dataset_id).get("total_datapoint_count") or 0)
        if held >= len(known):
            return ""
        return (
            f"run.data has {len(known)} rows and the study {held}, so some of these may not be there. Open the run "
            "with the rows that it was launched with, then add the others."
        )

    def _given_data(self) -> Dataset:
        if self.data is None:
            raise ProlificError("This run was opened without its data. Give it: pnb.open_run(..., data=data).")
        return self.data

    def to_code(self) -> str:
        """The program that makes this run again in the sandbox and ends with its agreement, ``report``.

        Raises
        ------
        ProlificError
            The run was opened without its data.
        """
        cap = self._cost or self.cost()
        return program(
            self.client.code, [self._given_data(), self.design, self.plan], max_cost=cap.major, flow=self.flow
        )

    def _rows(self) -> dict[str, object]:
        return {"study": self.study_id, "batch": self.batch_id, "dataset": self.dataset_id, "name": self.plan.name}

    def __repr__(self) -> str:
        return lines(f"{self.client.mode} run", self._rows())

    def _repr_html_(self) -> str:
        return card(self.client.mode, "run", self._rows())
