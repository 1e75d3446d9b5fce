"""Run: one launched study as a person thinks of it."""

from __future__ import annotations

import io
import os
import warnings
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import Any

import pandas as pd

from .api import Client
from .api.polling import until
from .data import Dataset
from .design import Codebook, Design
from .display import card, lines, say
from .errors import ProlificError
from .money import Money
from .program import program
from .progress import OnProgress, Progress, TextBar
from .report import AgreementReport, agreement
from .responses import Join, check_asked, find_rows, of_question, tidy, usable, with_rows
from .study import StudyPlan, spending
from .study.archive import fetch_archive, unpack
from .study.flows import SUNSET, flow_named
from .study.follow_up import follow_up_plan
from .study.launch import Draft, Order, create_draft
from .study.ledger import DEFAULT, Ledger
from .study.moves import move
from .study.proposal import Proposal
from .study.review import bonus_to, propose
from .study.status import DRAFT, RUNNING, Looker, Status
from .study.submissions import submissions_frame
from .study.watch import Watch, watch


def launch(
    client: Client,
    data: Dataset,
    design: Design,
    plan: StudyPlan,
    *,
    flow: str = "layout",
    again: str = "",
    allow_low_pay: str = "",
    accept_partial: bool = False,
    ledger: str | os.PathLike[str] = DEFAULT,
    on_progress: OnProgress | None = None,
) -> Run:
    """Create everything a study needs and the study itself as a draft, once. Nothing is spent.

    The same data, design and plan in the same workspace are the same run: calling this again, in this kernel or the
    next, goes on where it stopped and gives the study that is there.

    Parameters
    ----------
    client : Client
        From `connect`.
    data, design, plan
        What to ask about, what to ask, whom and for how much.
    flow : {"layout", "instructions"}
        Prolific's current flow: typed dataset, batch with a layout, study. Or the older one, for workspaces without
        typed datasets: untyped dataset, batch with instructions, study; its end was announced for 2026-09-01.
    again : str
        The reason for a deliberate second study of the same data.
    allow_low_pay : str
        The reason for paying less than Prolific's least.
    accept_partial : bool
        Go on with the rows that Prolific accepted, if it rejected some.
    ledger : path
        The file that remembers what was launched.
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
    SimilarRunError
        The same data was launched here before with another design or plan, and no reason was given.
    StepFailed
        A step ended badly on the server; what was created is named and nothing is published.
    LedgerError
        The ledger cannot be written, or another process holds it.
    """
    way = flow_named(flow)
    if flow == "instructions":
        what = f"Prolific announced the end of flow='instructions' for {SUNSET}. Use flow='layout' where it works."
        warnings.warn(what, FutureWarning, stacklevel=2)
    order, book = Order(client, data, design, plan, again, allow_low_pay, accept_partial, way), Ledger(ledger)
    draft = create_draft(order, book, on_progress or TextBar())
    return Run(client, draft, data=data, design=design, plan=plan, ledger=book)


class Run:
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
        self.client, self.ledger, self.key = client, ledger, draft.key
        self.dataset_id, self.batch_id, self.study_id = draft.dataset_id, draft.batch_id, draft.study_id
        self.codebook: Codebook = draft.codebook
        self.flow = draft.flow.name
        self._row_column = draft.flow.row_column
        self.data, self.design, self.plan = data, design, plan
        self._looker = Looker(client, draft.study_id)
        self._cost: Money | None = None
        self._lock = RLock()  # rows are looked for by one thread at a time
        self._join: Join = Join()
        self._joined: set[str] = set()  # tasks that were looked for; an export is not asked for twice for the same

    def status(self) -> Status:
        """Where the study stands: state, places, counts, real hourly pay, money spent and reserved."""
        return self._looker.look()

    def watch(self) -> Watch:
        """The one poller of this study; ``run.watch().subscribe(f)`` calls ``f`` with its news."""
        return watch(self.client, self.study_id)

    def cost(self) -> Money:
        """What publishing costs by the server's own figures: rewards, fees and VAT of all places."""
        self._cost = spending.whole_cost(self.client, self.study_id)
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
        spending.publish(self.client, self.ledger, self.key, self.study_id, max_cost)
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
        spending.add_annotators(self.client, self.ledger, self.key, self.study_id, n, base, max_cost)
        return self

    def submissions(self) -> pd.DataFrame:
        """Who took part: one row per submission, with status, times, minutes, reward, bonus and hourly pay."""
        return submissions_frame(self.client, self.study_id)

    def review(self, frame: pd.DataFrame) -> Proposal:
        """A proposal to approve, reject and pay bonuses; nothing happens before its ``apply(max_cost=...)``.

        Parameters
        ----------
        frame : pandas.DataFrame
            ``submission_id, action, category, message, bonus``; see `prolific_nb.study.review.propose`.
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
        move(self.client, self.ledger, self.key, self.study_id, action)
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
            seen = self._looker.look(pay=False)
            tell(Progress("Collecting submissions", seen.filled, seen.places))
            return seen

        if self.client.studies.get(self.study_id).status == DRAFT:
            raise ProlificError(f"Study {self.study_id} is a draft; nobody answers it. Call run.publish(...) first.")
        what, pace = f"Study {self.study_id}", self.client.pace.study
        try:
            until(seen_now, lambda seen: seen.state not in RUNNING, what=what, every=pace, timeout=timeout)
        except KeyboardInterrupt:
            say(f"Interrupted. {what} goes on at the server; run.wait() waits for it again, run.stop() ends it.")
            raise
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
            codebook (``"questions"``), the pay in words (``"pay"``) and how answers were joined to rows (``"join"``).
        """
        check_asked(include, question, self.codebook)
        records = self._records()
        frame = tidy(records, self.client.studies.submissions(self.study_id), self.codebook)
        frame = usable(with_rows(frame, self._find_rows(records), self.data), include)
        if question is not None:
            frame = of_question(frame, question, self.codebook)
        frame.attrs |= {"mode": self.client.mode, "questions": self.codebook.to_records(), "pay": self._pay}
        return frame

    @cached_property
    def _pay(self) -> str:
        return f"{self.plan.pay.in_currency(self.client.currency)} per submission"

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
                self._join = find_rows(records, self._row_column, **ways)
                self._joined = tasks | self._join.rows.keys()
            return self._join

    def _export(self) -> bytes:
        return fetch_archive(self.client, self.batch_id)

    def _report(self) -> bytes:
        return self.client.batches.report(self.batch_id)

    def report(self) -> pd.DataFrame:
        """Prolific's own CSV report as it is, every cell a text; its columns are not documented.

        For reading and for comparing; `responses` has the answers in a documented shape.
        """
        frame = pd.read_csv(io.BytesIO(self._report()), dtype=str, keep_default_na=False, encoding="utf-8-sig")
        frame.attrs["mode"] = self.client.mode
        return frame

    def export(self, folder: str | os.PathLike[str]) -> Path:
        """Prolific's archive of all answers so far, with the files people uploaded, unpacked into a folder.

        Parameters
        ----------
        folder : path
            New, empty, or one that holds an earlier export of this run, which is then renewed.

        Returns
        -------
        Path
            The folder: ``responses-by-task.jsonl``, ``responses-by-submission.jsonl``, ``batch.json``, ``files/``.

        Raises
        ------
        FileExistsError
            The folder holds something else; nothing was written.
        StepFailed
            Prolific could not make the archive, or it would write outside the folder.
        """
        return unpack(self._export(), folder, self.batch_id)

    def agreement(self, **options: Any) -> AgreementReport:
        """How far people agree, question by question; `options` go to `prolific_nb.agreement`."""
        return agreement(self.responses(), **options)

    def follow_up(self, rows: Iterable[str], annotators: int | None = None) -> Run:
        """A second study, as a draft, that asks other people about some of the rows. Calling it again gives the same.

        The people who took part in this run are put into a participant group that the new study is kept from.

        Parameters
        ----------
        rows : iterable of str
            Keys of rows, as in the column ``row`` of `responses`.
        annotators : int, optional
            How many people answer each row; by default as many as in this run.

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
        why = f"follow-up of study {self.study_id}"
        return launch(self.client, data, self.design, plan, flow=self.flow, again=why, ledger=self.ledger.path)

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
