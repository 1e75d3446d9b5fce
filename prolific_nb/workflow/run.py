"""Run: one launched study, with its status, responses, review and further studies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Self

import pandas as pd

from ..api import Client
from ..api.polling import wait_until
from ..common.display import card, lines, notify
from ..common.money import Money
from ..common.progress import OnProgress, Progress, TextBar
from ..data import Dataset, Source, arranged, as_dataset
from ..design import Design
from ..errors import InputError, ProlificError
from ..study import StudyPlan
from ..study.flows import flow_named
from ..study.follow_up import follow_up_plan
from ..study.gold.gold_check import check_update
from ..study.idempotent import transition_study
from ..study.launch.asked_again import note_follow_up, refuse_asked_again
from ..study.launch.draft import Draft, create_draft
from ..study.launch.draft_update import update_draft
from ..study.launch.launch_request import LaunchRequest
from ..study.launch.row_selection import Selection
from ..study.launch_key import LaunchKey
from ..study.ledger import Ledger
from ..study.monitor.status import DRAFT, RUNNING, Status, StatusReader
from ..study.monitor.watch import changing
from ..study.review.proposal import Proposal
from ..study.review.review import bonus_to, propose
from ..study.spend.allowance import usable_cap, whole_cost
from ..study.spend.publish import publish
from .collecting.collect import STEP as COLLECT
from .collecting.run_precision import Precise
from .participation.participate import Participation, participate
from .run_disagreements import Disagreeing
from .run_people import Judged
from .script import program
from .top_up.run_needs import Needs, require_origin


class Run(Needs, Precise, Disagreeing, Judged):
    """One study and its responses.

    Attributes
    ----------
    client : Client
        The connection to its server.
    key : str
        Its key in the ledger.
    dataset_id, batch_id, study_id : str
        Ids on the server.
    codebook : Codebook
        Its questions, with instruction ids.
    flow : {"layout", "instructions"}
        The flow with which it was launched.
    data : Dataset or None
        The rows; None if `open_run` was called without `data`.
    design, plan
        The design and plan with which it was launched.
    ledger : Ledger
        The file that records its steps.
    cap : Money or None
        The highest cost that this object was allowed so far, by `publish`, `add_annotators` and `add_rows`; None before
        that, and where no `max_cost` was given.
    """

    is_rehearsal = False
    """Whether the people are simulated in a sandbox of its own, which nothing else uses."""

    def __init__(
        self, client: Client, draft: Draft, *, data: Dataset | None, design: Design, plan: StudyPlan, ledger: Ledger
    ) -> None:
        super().__init__(client, draft, data=data, design=design, plan=plan, ledger=ledger)
        self._status_reader = StatusReader(client, draft.study_id)
        self._cost: Money | None = None

    def status(self) -> Status:
        """The status of the study: state, places, counts, actual hourly pay, money spent and reserved."""
        return self._status_reader.read()

    def cost(self) -> Money:
        """The cost of publishing, computed by the server: rewards, fees and VAT of all places."""
        self._cost = whole_cost(self.client, self.study_id)
        return self._cost

    def publish(self, *, max_cost: str | Money | None = None, again: str = "") -> Self:
        """Publish the study to participants. This spends money on LIVE. A published study is not published again.

        Fields that were edited on the draft since its launch are listed first. The cost is checked right before the
        request and once more after it: if it rose above `max_cost` meanwhile, the study is paused at once.

        Parameters
        ----------
        max_cost : str or Money, optional
            The highest allowed cost with fees and VAT. Required on LIVE.
        again : str
            The reason for publishing although another study of the same launch or batch is published.

        Raises
        ------
        SpendError
            Without `max_cost` on LIVE, above `max_cost`, above the available balance, or next to a published study of
            the same launch or batch.
        Unreachable
            The response was lost and the study is still a draft. Calling this again is safe: it checks first.
        StepFailed
            The server accepted the request, but the study is still a draft.
        """
        with changing(self.study_id):
            publish(self.client, self.ledger, self.key, self.study_id, max_cost, plan=self.plan, again=again)
        self.cap = usable_cap(self.client, max_cost)
        return self

    def update(self, *, allow_low_pay: str = "", **changes: Any) -> Self:
        """Change the draft: ``run.update(name="Reviews, part 2", introduction="<p>Read.</p>")``. Nothing is spent.

        Parameters
        ----------
        allow_low_pay : str
            As for `launch`.
        **changes
            ``introduction`` and ``steps`` of the design; ``name``, ``description``, ``reward``, ``minutes``,
            ``filters``, ``devices``, ``completion_codes``, ``max_submissions`` and ``label`` of the plan.

        Returns
        -------
        Run
            This run, with `design` and `plan` as they are now. The launch cell still describes the first version:
            run again, it lists what differs.

        Raises
        ------
        InputError
            The study is not a draft, or a change cannot be made; with all findings. Nothing was sent.
        """
        if errors := check_update(self.data, self.codebook, self.plan, changes):
            raise InputError("The update", errors)
        ids, asked = (self.study_id, self.batch_id), (self.design, self.plan)
        self.design, self.plan = update_draft(self.client, self.ledger, self.key, ids, asked, changes, allow_low_pay)
        self._cost = None
        return self

    def review(self, frame: pd.DataFrame) -> Proposal:
        """A proposal to approve, reject and pay bonuses; only its ``apply(max_cost=...)`` carries it out.

        Parameters
        ----------
        frame : pandas.DataFrame
            One row per submission. ``submission_id``; ``action``: ``"approve"``, ``"reject"``, ``"bonus"`` or empty;
            ``category`` and ``message`` (at least 100 characters) for rejections; ``bonus``: string, Decimal or Money
            in major units, also allowed with an approval.

        Raises
        ------
        ReviewError
            With all findings about the frame.
        """
        return propose(self.client, self.ledger, self.key, self.study_id, frame)

    def bonus_to(self, hourly: str | Money) -> Proposal:
        """A proposal of the bonuses that raise the actual pay of every completed submission to `hourly`."""
        return bonus_to(self.client, self.ledger, self.key, self.study_id, hourly)

    def participate(self, people: int = 1) -> Participation:
        """Links with which colleagues take this study in a browser; printed, one for each person. SANDBOX only.

        Their answers are those of any submission. Simulated participants take all places of a study within seconds:
        launch it with ``pnb.connect(people=pnb.People.nobody())`` to leave them to people.

        Parameters
        ----------
        people : int
            Number of one-time links. The first links are the same each time.

        Raises
        ------
        LiveError
            The study is LIVE.
        """
        return participate(self.client, self.study_id, people)

    def pause(self) -> Self:
        """Accept no new participants for now; those who have started may finish."""
        return self._transition("PAUSE")

    def resume(self) -> Self:
        """Accept new participants again after a pause."""
        return self._transition("START")

    def stop(self) -> Self:
        """End the study permanently; completed submissions are kept and paid."""
        return self._transition("STOP")

    def _transition(self, action: str) -> Self:
        with changing(self.study_id):
            transition_study(self.client, self.ledger, self.key, self.study_id, action)
        if self.ledger.step(self.key, COLLECT) is not None:  # from now on it is not for its precision that it is paused
            self.ledger.withdraw(self.key, COLLECT)
        return self

    def wait(self, timeout: float | None = None, *, on_progress: OnProgress | None = None) -> Self:
        """Wait until all places are filled or the study has been paused or stopped.

        Parameters
        ----------
        timeout : float, optional
            In seconds; by default no limit. An interrupt ends the waiting, not the study.
        on_progress : callable, optional
            Called with the number of filled places; by default a text bar is drawn.
        """
        report = on_progress or TextBar()

        def current() -> Status:
            status = self._status_reader.read(pay=False)
            report(Progress("Collecting submissions", status.filled, status.places))
            return status

        if self.client.studies.get(self.study_id).status == DRAFT:
            raise ProlificError(f"Study {self.study_id} is a draft and gets no responses. Call run.publish(...) first.")
        what, pace = f"Study {self.study_id}", self.client.pace.study
        try:
            with changing(self.study_id):
                wait_until(current, lambda status: status.state not in RUNNING, what=what, every=pace, timeout=timeout)
        except KeyboardInterrupt:
            notify(f"Interrupted. {what} continues on the server; run.wait() waits for it again, run.stop() ends it.")
            raise
        return self

    def follow_up(
        self,
        rows: Iterable[str] | pd.DataFrame,
        annotators: int | None = None,
        *,
        after: Iterable[Run] = (),
        allow_low_pay: str = "",
    ) -> Run:
        """A second study, as a draft, that asks other participants about some of the rows. Idempotent.

        The participants of this run are added to a participant group, which the new study excludes.

        Parameters
        ----------
        rows : iterable of str, or DataFrame
            Row keys, as in the column ``row`` of `responses`; or the frame of `needs_more`, whose probabilities are
            kept in the ledger for ``combine(weights=True)``.
        annotators : int, optional
            Number of participants per row; by default that of the frame's column ``proposed``, else as in this run.
        after : iterable of Run, optional
            Earlier follow-ups of this run, whose participants are excluded too.
        allow_low_pay : str
            As for `launch`.

        Returns
        -------
        Run
            ``follow.publish(max_cost=...)`` spends the money; `prolific_nb.combine` combines the responses.

        Raises
        ------
        DataError
            Some row keys are not in the data, or the frame proposes different numbers of votes.
        SimilarRunError
            The frame proposes rows of a published follow-up that is not in `after`: answers have changed since.
        ProlificError
            The run was opened without its data, or it is a draft or still running.
        """
        after = list(after)
        require_origin(rows, self.study_id, after)
        selection = Selection.of(rows, annotators)
        data = self._given_data().select(selection.rows)
        plan = follow_up_plan(self.client, self.key, self.study_id, self.plan, selection.annotators)
        name = plan.name
        for each in after:
            plan = follow_up_plan(self.client, each.key, each.study_id, plan, selection.annotators)
        plan = replace(plan, name=name)
        what = f"follow-up of study {self.study_id}" + "".join(f" and {each.study_id}" for each in after)
        identity = f"{what} about {self._digest(data)} by {plan.annotators_per_task}"
        if isinstance(rows, pd.DataFrame):  # proposed by a rule that counts answers; a list was chosen by somebody
            key = LaunchKey.named(identity, self.client.workspace_id).key
            counted = [each.study_id for each in after]
            refuse_asked_again(self.client, self.ledger, self.key, key, data.row_keys, counted)
        follow = self._create(data, plan, what, identity, allow_low_pay)
        selection.record(follow.ledger, follow.key)
        note_follow_up(self.ledger, self.key, follow.key, follow.study_id, data.row_keys)
        return follow

    def duplicate(self, name: str, data: Dataset | Source | None = None, *, allow_low_pay: str = "") -> Run:
        """A second study, as a draft, with the same design and plan. Idempotent.

        Participants of this run may take part again; `follow_up` excludes them.

        Parameters
        ----------
        name : str
            The name that participants see.
        data : Dataset, path, bytes or DataFrame, optional
            Other rows. By default the dataset of this run is shared: nothing is uploaded, so a run that was opened
            without its data can be duplicated too.
        allow_low_pay : str
            As for `launch`.
        """
        what = f"copy {name!r} of study {self.study_id}"
        plan = replace(self.plan, name=name)
        if data is None:
            return self._create(self.data, plan, what, what, allow_low_pay, dataset_id=self.dataset_id)
        given = as_dataset(data)
        return self._create(given, plan, what, f"{what} about {self._digest(given)}", allow_low_pay)

    def _digest(self, data: Dataset) -> str:
        """The digest of the upload: other gold rows make another study."""
        return arranged(data, self.plan.tasks_per_group).upload.digest

    def _create(
        self,
        data: Dataset | None,
        plan: StudyPlan,
        what: str,
        identity: str,
        allow_low_pay: str,
        *,
        dataset_id: str = "",
    ) -> Run:
        """The study of that identity, independent of how the run was opened and of rows added since."""
        design = self.design if dataset_id else self._design_with_columns()
        request = LaunchRequest(
            self.client,
            data,
            design,
            plan,
            again=what,
            allow_low_pay=allow_low_pay,
            flow=flow_named(self.flow),
            identity=identity,
            dataset_id=dataset_id,
            truths=self.codebook,
        )
        draft = create_draft(request, self.ledger, TextBar())
        return Run(self.client, draft, data=data, design=design, plan=plan, ledger=self.ledger)

    def to_code(self) -> str:
        """The program that repeats this run in the sandbox, up to its agreement, ``report``.

        Raises
        ------
        ProlificError
            The run was opened without its data.
        """
        max_cost = self._cost or self.cost()
        return program(
            self.client.code, [self._given_data(), self.design, self.plan], max_cost=max_cost.major, flow=self.flow
        )

    def _rows(self) -> dict[str, object]:
        return {"study": self.study_id, "batch": self.batch_id, "dataset": self.dataset_id, "name": self.plan.name}

    def __repr__(self) -> str:
        return lines(f"{self.client.mode} run", self._rows())

    def _repr_html_(self) -> str:
        return card(self.client.mode, "run", self._rows())
