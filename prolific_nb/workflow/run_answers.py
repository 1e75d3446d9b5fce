"""The responses of a study as a table, Prolific's report and archive, and inter-annotator agreement."""

from __future__ import annotations

import os
import warnings
from dataclasses import replace
from functools import cache, reduce
from pathlib import Path
from threading import RLock
from typing import Any

import pandas as pd

from ..api import Client
from ..api.paging import count_of
from ..api.shapes import reading
from ..common.display import notices_suppressed, notify
from ..data import ROW_COLUMN, Dataset, arranged
from ..data.legacy_csv import HIDDEN
from ..design import Design
from ..errors import ProlificError
from ..report import AgreementReport, agreement
from ..responses import (
    Archive,
    Join,
    check_asked,
    find_rows,
    median_minutes,
    of_question,
    tidy,
    times_finding,
    usable,
    with_or_without,
    with_rows,
    with_uploaded_rows,
)
from ..responses.archive_files import checked_limit
from ..responses.frame import translated
from ..responses.prolific_report.read_report import Report, report_of
from ..responses.prolific_report.report_lines import uploaded_columns
from ..study import StudyPlan
from ..study.gold.gold_check import with_gold_answers
from ..study.launch.draft import Draft
from ..study.monitor.export import MAX_MB, fetch_archive, unpack
from ..study.monitor.status import DRAFT

_FETCHED = ("export", "report")  # sources of row keys that take further requests
_REHEARSAL = ' To rehearse with the times of single answers: pnb.connect(answer_times="per_answer").'


class Answers:
    """The part of a `Run` that reads responses; see there."""

    def __init__(self, client: Client, draft: Draft, data: Dataset | None, design: Design, plan: StudyPlan) -> None:
        self.client, self.data, self.design, self.plan = client, data, design, plan
        self.batch_id, self.study_id = draft.batch_id, draft.study_id
        self.codebook = with_gold_answers(draft.codebook, data, plan.tasks_per_group)
        self._row_column = draft.flow.row_column
        self._lock = RLock()  # one thread at a time matches tasks to rows
        self._join: Join = Join()
        self._said: set[str] = set()  # the notes that were printed
        self._joined: set[str] = set()  # tasks already matched to rows; no second export is requested for them

    def responses(self, include: str = "usable", question: str | None = None, *, checks: bool = False) -> pd.DataFrame:
        """The responses so far as one tidy table, one row per element of a response.

        Parameters
        ----------
        include : {"usable", "all"}
            ``"usable"``: submissions AWAITING REVIEW, APPROVED or PARTIALLY APPROVED.
        question : str, optional
            Only this question; `value` then has its options, in order, as categories.
        checks : bool
            Whether to keep attention checks and gold rows, with their right answers in the column ``expected``. By
            default they are left out, and a note says once how many there are.

        Returns
        -------
        pandas.DataFrame
            The columns of `prolific_nb.responses.frame`, then the columns of the uploaded data. ``attrs`` holds the
            mode, the codebook (``"questions"``), the shown columns (``"shown"``), the pay (``"pay"``), the median time
            of a submission (``"minutes"``) and how rows were joined (``"join"``). If the answers of a submission were
            stored together, `position` and `seconds` are missing, ``"times"`` says so, and a note is printed once.
        """
        frame = self._table(include, question, checks=checks)
        if "checks" in frame.attrs:
            self._say_once("checks", f"Note: {frame.attrs['checks']} run.responses(checks=True) has them.")
        if "times" in frame.attrs:
            rehearsal = _REHEARSAL if self.client.mode == "SANDBOX" else ""
            self._say_once("times", f"Note: {frame.attrs['times']}{rehearsal}")
        return frame

    def latest(self, n: int = 5) -> pd.DataFrame:
        """The answers that arrived last, the newest first, with one request: for looking on while answers arrive.

        Parameters
        ----------
        n : int
            The number of answers.

        Returns
        -------
        pandas.DataFrame
            The columns of `prolific_nb.responses.frame`. ``row`` is NA where finding it would take another request,
            and so are `position`, `seconds` and `submission_status`.
        """
        records = sorted(self._records(), key=lambda record: str(record["created_at"]), reverse=True)[:n]
        found = find_rows(records, self._row_column, skip=_FETCHED, export=bytes, report=bytes).rows
        with self._lock:
            rows = {**self._join.rows, **found}
        frame = tidy(records, [], self.codebook)
        frame = frame.assign(row=translated(frame["task_id"].array, rows))
        frame.attrs["mode"] = self.client.mode
        return frame

    def _table(self, include: str, question: str | None = None, *, checks: bool = False) -> pd.DataFrame:
        """The table, without the notes, which an agreement report has in its words."""
        check_asked(include, question, self.codebook, checks=checks)
        records, submissions = self._records(), list(self.client.studies.submissions(self.study_id))
        frame, join = tidy(records, submissions, self.codebook), self._find_rows(records)
        del records  # more memory than everything that follows takes
        frame = usable(with_rows(frame, join, self._annotated), include)
        frame = with_or_without(frame, self.codebook, checks=checks)
        if question is not None:
            frame = of_question(frame, question, self.codebook)
        frame.attrs |= {"mode": self.client.mode, "pay": self._pay}
        frame.attrs |= {"minutes": median_minutes(submissions), "shown": list(self.design.shown)}
        if finding := times_finding(frame):
            frame.attrs["times"] = f"{finding.what} {finding.remedy}"
        if frame.empty and not notices_suppressed():  # a panel shows the state itself, and asks often
            self._say_why_empty()
        return frame

    def _say_why_empty(self) -> None:
        """Say once for each state of the study why there is no response."""
        state = self.client.studies.get(self.study_id).status
        why = "it is a draft; run.publish(...) sends it to participants" if state == DRAFT else f"it is {state}"
        self._say_once(f"empty, {state}", f"Study {self.study_id} has no usable responses yet: {why}.")

    def _say_once(self, what: str, text: str) -> None:
        if what not in self._said and not notices_suppressed():
            self._said.add(what)
            notify(text)

    @property
    def _annotated(self) -> Dataset | None:
        """The rows of the data, with the gold rows that were uploaded between them."""
        return None if self.data is None else arranged(self.data, self.plan.tasks_per_group).table

    @property
    def _pay(self) -> str:
        return f"{self.plan.pay.in_currency(self.client.currency)} per submission"

    def _records(self) -> list[dict[str, Any]]:
        page = self.client.batches.responses(self.batch_id)
        records: list[dict[str, Any]] = page.results
        count = count_of(page)
        if count is not None and count > len(records):
            warnings.warn(
                f"Prolific counts {count} responses but returned {len(records)}. The table is incomplete; "
                "compare it with run.export(...) before reporting numbers.",
                stacklevel=3,
            )
        return records

    def _find_rows(self, records: list[dict[str, Any]]) -> Join:
        tasks = {record["task_id"] for record in records}
        with self._lock:
            if not tasks <= self._joined:
                # Each is fetched once: for the row keys, and for the content of rows without one.
                sources: dict[str, Any] = {"export": cache(self._export), "report": cache(self._report)}
                sources["codebook"] = self.codebook
                join = find_rows(records, self._row_column, skip=self._join.useless, **sources)
                self._join = with_uploaded_rows(join, records, data=self._annotated, shown=self.design.shown, **sources)
                self._joined = tasks | self._join.rows.keys()
            return self._join

    def _design_with_columns(self) -> Design:
        """The design for another upload. In the legacy flow only the uploaded columns say what participants saw."""
        design = self.design
        if design.shown or self._row_column == ROW_COLUMN:
            return design
        columns = [name for name in uploaded_columns(self._report()) if not name.startswith(HIDDEN)]
        if not columns:
            raise ProlificError(
                f"The columns that participants of batch {self.batch_id} saw are unknown: its report has no responses, "
                "and the legacy flow keeps them only in the upload. Nothing was created. Wait for responses, or launch "
                'run.design with .show("...") for each column: pnb.launch(client, data, design, plan, '
                'flow="instructions").'
            )
        [above] = reduce(Design.show, columns, Design("Columns")).pages
        first, *more = design.pages
        return replace(design, pages=(replace(first, rows=(*above.rows, *first.rows)), *more))

    def _export(self) -> bytes:
        return fetch_archive(self.client, self.batch_id)

    def _report(self) -> bytes:
        return self.client.batches.report(self.batch_id)

    def report(self) -> Report:
        """Prolific's CSV report, unchanged, with every cell as a string.

        For comparison; `responses` returns more. ``run.report().tidy()`` is the tidy table of it.

        Returns
        -------
        Report
            A DataFrame with one row for each answered datapoint and question.
        """
        content = self._report()
        with reading(f"The report of batch {self.batch_id}"):
            report = report_of(content, self.codebook)
        report.attrs["mode"] = self.client.mode
        return report

    def export(self, folder: str | os.PathLike[str], *, max_mb: float = MAX_MB) -> Path:
        """Prolific's archive of all responses so far and of uploaded files, unpacked into a folder.

        Parameters
        ----------
        folder : path
            New, empty, or with an earlier export of this run, which is replaced.
        max_mb : float
            The largest unpacked size in megabytes.

        Returns
        -------
        Path
            The folder: ``responses-by-task.jsonl``, ``responses-by-submission.jsonl``, ``batch.json``, ``files/``.

        Raises
        ------
        FolderInUse
            The folder holds something else; nothing was written.
        StepFailed
            Prolific could not create the archive, or it is damaged, too large, or contains paths outside the folder.
            Nothing was written.
        ValueError
            `max_mb` is not a number above 0.
        """
        checked_limit(max_mb)  # before anything is requested
        counted: list[int] = []

        def check(unpacked: Path) -> None:
            counted.append(len(Archive(unpacked, max_mb=max_mb).responses("submission")))

        current = len(self._records())
        target = unpack(self._export(), folder, self.batch_id, max_mb=max_mb, check=check)
        exported = counted[0]
        if exported < current:
            warnings.warn(
                f"The archive has {exported} responses, but Prolific has {current}: it may have been created "
                "before the others arrived. run.responses() returns all of them.",
                stacklevel=2,
            )
        return target

    def agreement(self, **options: Any) -> AgreementReport:
        """Inter-annotator agreement for each question; `options` are passed to `prolific_nb.agreement`."""
        return agreement(self._table("usable"), **options)
