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
from .progress import OnProgress, Progress, TextBar
from .report import AgreementReport, agreement
from .responses import USABLE, Join, find_rows, of_question, tidy, usable, with_rows
from .study import StudyPlan
from .study.launch import Draft, create_draft

_RUNNING = ("PUBLISHING", "ACTIVE")
_PUBLISHED = (*_RUNNING, "AWAITING REVIEW", "COMPLETED")


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
        self._lock = RLock()  # publishing asks, compares and acts: never twice at once
        self._join: Join = Join()
        self._joined: set[str] = set()  # tasks that were looked for; an export is not asked for twice for the same

    def status(self) -> Record:
        """The study's state and counts: ``state, places, taken, counts``."""
        study = self.client.studies.get(self.study_id)
        counts = self.client.studies.counts(self.study_id)
        places = int(study.total_available_places)
        return Record(state=study.status, places=places, taken=int(study.get("places_taken", 0)), counts=counts)

    def cost(self) -> Money:
        """What publishing costs by the server's own figures: rewards, fees and VAT of all places."""
        study = self.client.studies.get(self.study_id)
        total = self.client.studies.total_cost(int(study.reward), int(study.total_available_places))
        return Money(total, self.client.currency)

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

        def look() -> Record:
            seen = self.status()
            finished = sum(int(seen.counts.get(status, 0)) for status in USABLE)
            tell(Progress("Collecting submissions", min(finished, seen.places), seen.places))
            return seen

        if self.client.studies.get(self.study_id).status == "UNPUBLISHED":
            raise ProlificError(f"Study {self.study_id} is a draft; nobody answers it. Call run.publish(...) first.")
        what, pace = f"Study {self.study_id}", self.client.pace.study
        until(look, lambda seen: seen.state not in _RUNNING, what=what, every=pace, timeout=timeout)
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
                self._join = find_rows(records, ROW_COLUMN, export=self._export, report=self._report)
                self._joined = tasks
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
        parts = ["import prolific_nb as pnb", "", f"client = {self.client.code}", self.data.to_code()]
        parts += [self.design.to_code(), self.plan.to_code(), "print(pnb.quote(client, data, design, plan))"]
        parts += ["run = pnb.launch(client, data, design, plan)  # a draft; nothing is spent"]
        parts += [f'run.publish(max_cost="{self.cost().major}")', "run.wait()", "", "answers = run.responses()"]
        return "\n".join([*parts, "report = run.agreement()", "print(report)", "axes = report.plot()", ""])

    def _rows(self) -> dict[str, object]:
        return {"study": self.study_id, "batch": self.batch_id, "dataset": self.dataset_id, "name": self.plan.name}

    def __repr__(self) -> str:
        return lines(f"{self.client.mode} run", self._rows())

    def _repr_html_(self) -> str:
        return card(self.client.mode, "run", self._rows())
