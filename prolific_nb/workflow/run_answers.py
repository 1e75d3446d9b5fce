"""What came back of a study: its answers as a table, Prolific's own report and archive, and how far people agree."""

from __future__ import annotations

import io
import os
import warnings
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import Any

import pandas as pd

from ..api import Client
from ..data import Dataset
from ..report import AgreementReport, agreement
from ..responses import Archive, Join, check_asked, find_rows, of_question, tidy, usable, with_rows
from ..study import StudyPlan
from ..study.launch.draft import Draft
from ..study.monitor.export import fetch_archive, unpack


class Answers:
    """The part of a `Run` that reads; see there."""

    def __init__(self, client: Client, draft: Draft, data: Dataset | None, plan: StudyPlan) -> None:
        self.client, self.data, self.plan = client, data, plan
        self.batch_id, self.study_id, self.codebook = draft.batch_id, draft.study_id, draft.codebook
        self._row_column = draft.flow.row_column
        self._lock = RLock()  # rows are looked for by one thread at a time
        self._join: Join = Join()
        self._joined: set[str] = set()  # tasks that were looked for; an export is not asked for twice for the same

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
        target = unpack(self._export(), folder, self.batch_id)
        there, counted = len(Archive(target).responses("submission")), len(self._records())
        if there < counted:
            warnings.warn(
                f"The archive holds {there} answers, Prolific has {counted}: it may be one that was made before the "
                "others came. run.responses() has them all.",
                stacklevel=2,
            )
        return target

    def agreement(self, **options: Any) -> AgreementReport:
        """How far people agree, question by question; `options` go to `prolific_nb.agreement`."""
        return agreement(self.responses(), **options)
