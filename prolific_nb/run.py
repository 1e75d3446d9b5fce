"""Run: one launched study as a person thinks of it."""

from __future__ import annotations

import warnings
from threading import RLock
from typing import Any

import pandas as pd

from .api import Client, Record
from .api.polling import until
from .data import ROW_COLUMN, Dataset
from .design import Codebook, Design
from .display import card, lines
from .errors import ProlificError, SpendError, StepFailed
from .money import Money
from .program import program
from .progress import OnProgress, Progress, TextBar
from .report import AgreementReport, agreement
from .responses import Join, check_asked, find_rows, finished, of_question, tidy, usable, with_rows
from .study import StudyPlan
from .study.launch import Draft, create_draft
from .study.watch import ENDED, RUNNING, look

_PUBLISHED = (*RUNNING, *ENDED)


def launch(
    client: Client,
    data: Dataset,
    design: Design,
    plan: StudyPlan,
    *,
    flow: str = "layout",
    on_progress: OnProgress | None = None,
) -> Run:
    """Create everything a study needs and the study itself as a draft. Nothing is spent.

    Parameters
    ----------
    client : Client
        From `connect`.
    data, design, plan
        What to ask about, what to ask, whom and for how much.
    flow : {"layout"}
        Prolific's current flow: typed dataset, batch with a layout, study.
    on_progress : callable, optional
        Called with `Progress`; by default a text bar is drawn.

    Returns
    -------
    Run
        A draft; ``run.publish(max_cost="120.00")`` spends the money.

    Raises
    ------
    InputError
        With every finding; nothing was created.
    StepFailed
        A step ended badly on the server; what was created is named and nothing is published.
    """
    draft = create_draft(client, data, design, plan, on_progress or TextBar(), flow)
    return Run(client, draft, data=data, design=design, plan=plan)


class Run:
    """One study and its answers.

    Attributes
    ----------
    client : Client
        Where it runs.
    dataset_id, batch_id, study_id : str
        Ids on the server.
    codebook : Codebook
        Its questions, with instruction ids.
    data, design, plan
        What it was launched with.
    """

    def __init__(self, client: Client, draft: Draft, *, data: Dataset, design: Design, plan: StudyPlan) -> None:
        self.client = client
        self.dataset_id, self.batch_id, self.study_id = draft.dataset_id, draft.batch_id, draft.study_id
        self.codebook: Codebook = draft.codebook
        self.data, self.design, self.plan = data, design, plan
        self._cost: Money | None = None
        self._lock = RLock()  # publishing asks, compares and acts: never twice at once
        self._join: Join = Join()
        self._joined: set[str] = set()  # tasks that were looked for; an export is not asked for twice for the same

    def status(self) -> Record:
        """The study's state and counts: ``state, places, taken, counts``."""
        return look(self.client, self.study_id)

    def cost(self) -> Money:
        """What publishing costs by the server's own figures: rewards, fees and VAT of all places."""
        study = self.client.studies.get(self.study_id)
        total = self.client.studies.total_cost(int(study.reward), int(study.total_available_places))
        self._cost = Money(total, self.client.currency)
        return self._cost

    def publish(self, *, max_cost: str | Money | None = None) -> Run:
        """Publish the study to participants. This spends money on LIVE.

        Parameters
        ----------
        max_cost : str or Money, optional
            The most it may cost with fees and VAT. LIVE needs it.

        Raises
        ------
        SpendError
            Without `max_cost` on LIVE, above `max_cost`, or above the available balance. Nothing was spent.
        StepFailed
            The server did not take the study into publication.
        """
        with self._lock:
            study = self.client.studies.get(self.study_id)
            if study.status in _PUBLISHED:
                return self  # publishing twice is publishing once
            self._refuse_spending(self.cost(), max_cost)
            self.client.studies.transition(self.study_id, "PUBLISH")
            seen = self.client.studies.get(self.study_id).status
        if seen not in _PUBLISHED:
            raise StepFailed(f"Study {self.study_id} is {seen} after PUBLISH. Look at it on Prolific's page first.")
        return self

    def _refuse_spending(self, cost: Money, max_cost: str | Money | None) -> None:
        if max_cost is None:
            if self.client.mode == "LIVE":
                raise SpendError(f'This would cost {cost}. To allow it: run.publish(max_cost="{cost.major}").')
        elif cost > (cap := Money.parse(max_cost, cost.currency)):
            raise SpendError(f"Prolific asks {cost}, more than the allowed {cap}. Raise max_cost or plan fewer places.")
        balance = self.client.workspaces.balance(self.client.workspace_id)
        available = Money(int(balance.available_balance), cost.currency)
        if cost > available:
            raise SpendError(f"Prolific asks {cost}; the workspace has {available}. Add money or plan fewer places.")

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
        with self._lock:
            self.client.studies.transition(self.study_id, action)
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

        def seen_now() -> Record:
            seen = self.status()
            tell(Progress("Collecting submissions", min(finished(seen.counts), seen.places), seen.places))
            return seen

        if self.client.studies.get(self.study_id).status == "UNPUBLISHED":
            raise ProlificError(f"Study {self.study_id} is a draft; nobody answers it. Call run.publish(...) first.")
        what, pace = f"Study {self.study_id}", self.client.pace.study
        until(seen_now, lambda seen: seen.state not in RUNNING, what=what, every=pace, timeout=timeout)
        return self

    def responses(self, include: str = "usable", question: str | None = None) -> pd.DataFrame:
        """The answers so far as one tidy table, one row per answer element.

        Parameters
        ----------
        include : {"usable", "all"}
            ``"usable"``: submissions AWAITING REVIEW, APPROVED or PARTIALLY APPROVED.
        question : str, optional
            Only this question; `value` then has the offered options, in order, as categories.

        Returns
        -------
        pandas.DataFrame
            The columns of `prolific_nb.responses.frame`, then the uploaded row's own. ``attrs`` holds the mode, the
            codebook (``"questions"``) and how answers were joined to rows (``"join"``).
        """
        check_asked(include, question, self.codebook)
        records = self._records()
        frame = tidy(records, self.client.studies.submissions(self.study_id), self.codebook)
        frame = usable(with_rows(frame, self._find_rows(records), self.data), include)
        if question is not None:
            frame = of_question(frame, question, self.codebook)
        frame.attrs |= {"mode": self.client.mode, "questions": self.codebook.to_records()}
        return frame

    def _records(self) -> list[dict[str, Any]]:
        answer = self.client.batches.responses(self.batch_id)
        records: list[dict[str, Any]] = answer.results
        count = (answer.get("meta") or {}).get("count", len(records))
        if count > len(records):
            warnings.warn(
                f"Prolific counts {count} answers and sent {len(records)}. The table is incomplete; "
                "compare it with the export before reporting numbers.",
                stacklevel=3,
            )
        return records

    def _find_rows(self, records: list[dict[str, Any]]) -> Join:
        tasks = {record["task_id"] for record in records}
        with self._lock:
            if not tasks <= self._joined:
                ways: dict[str, Any] = {"export": self._export, "report": self._report, "skip": self._join.useless}
                self._join = find_rows(records, ROW_COLUMN, **ways)
                self._joined = tasks | self._join.rows.keys()
            return self._join

    def _export(self) -> bytes:
        batches = self.client.batches
        job = batches.request_export(self.batch_id)
        if job.status == "generating":
            ident = job.export_id
            job = until(
                lambda: batches.export_job(self.batch_id, ident),
                lambda seen: seen.status != "generating",
                what="The export",
                every=self.client.pace.job,
            )
        if job.status != "complete":
            raise StepFailed(f"The export of batch {self.batch_id} ended {job.status!r}. Ask for it again.")
        return batches.download_export(job)

    def _report(self) -> bytes:
        return self.client.batches.report(self.batch_id)

    def agreement(self, **options: Any) -> AgreementReport:
        """How far people agree, question by question; `options` go to `prolific_nb.agreement`."""
        return agreement(self.responses(), **options)

    def to_code(self) -> str:
        """The program that makes this run again in the sandbox and ends with its agreement, ``report``."""
        cap = self._cost or self.cost()
        return program(self.client.code, [self.data, self.design, self.plan], max_cost=cap.major)

    def _rows(self) -> dict[str, object]:
        return {"study": self.study_id, "batch": self.batch_id, "dataset": self.dataset_id, "name": self.plan.name}

    def __repr__(self) -> str:
        return lines(f"{self.client.mode} run", self._rows())

    def _repr_html_(self) -> str:
        return card(self.client.mode, "run", self._rows())
