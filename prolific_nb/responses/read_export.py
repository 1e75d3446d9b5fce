"""Prolific's archive of responses → the same tidy table, without a server.

The structure of the lines in the archive is undocumented. Any record with a ``response`` counts as a response, and an
ID that such a record lacks (of its task, submission or participant) is taken from the records that enclose it.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import pandas as pd

from ..api.shapes import WRONG_SHAPE
from ..common.arguments import require_path
from ..common.findings import Finding
from ..data import ROW_COLUMN
from ..data.columns import free_names
from ..data.legacy_csv import HIDDEN
from ..design import Codebook, Design
from ..errors import ArgumentError, InputError, StepFailed, UnexpectedResponse
from .archive_files import MAX_MB, ArchiveFiles
from .expected_answers import with_or_without
from .frame import RESPONSE, SUBMISSION, categorical, tidy, translated
from .timing import times_finding

_FILES = {"task": "responses-by-task.jsonl", "submission": "responses-by-submission.jsonl"}
_ROW_COLUMNS = (ROW_COLUMN, f"{HIDDEN}{ROW_COLUMN}")
_INHERITED = ("task_id", "submission_id", "participant_id")


class Archive:
    """An export: the downloaded ZIP file, or the folder of its unpacked files.

    Parameters
    ----------
    source : path
    max_mb : float
        The largest unpacked size of one of its files, in megabytes.

    Attributes
    ----------
    left_out : dict of str to int
        What could not be used, and how often, by reason; filled by `responses` and `datapoints`.

    Raises
    ------
    InputError
        If it is neither, or lacks one of its files, or a line cannot be read; names the file and the line.
    """

    def __init__(self, source: str | os.PathLike[str], *, max_mb: float = MAX_MB) -> None:
        self.path = require_path("source", source)
        self._files = ArchiveFiles(self.path, max_mb)
        self._lines: dict[str, list[tuple[int, dict[str, Any]]]] = {}
        self.left_out: dict[str, int] = {}

    def _numbered(self, by: str) -> list[tuple[int, dict[str, Any]]]:
        if by not in self._lines:
            self._lines[by] = self._files.lines(_FILES[by])
        return self._lines[by]

    def lines(self, by: str) -> list[dict[str, Any]]:
        """The lines of the file by ``"task"`` or by ``"submission"``."""
        return [line for _, line in self._numbered(by)]

    def responses(self, by: str) -> list[dict[str, Any]]:
        """The responses in the order of their creation, each once."""
        located = self._located(by)
        try:
            ordered = sorted((record for _, record in located), key=lambda each: (each["created_at"], each["id"]))
            once = {record["id"]: record for record in ordered}
        except WRONG_SHAPE:
            self.refuse_faulty(by)
            raise
        if len(once) < len(ordered):
            self._refuse_ambiguous(by, located)
            self.left_out["copies of a response"] = len(ordered) - len(once)
        return list(once.values())

    def _located(self, by: str) -> list[tuple[int, dict[str, Any]]]:
        """The responses with the numbers of their lines."""
        found, unnamed = [], 0
        for number, line in self._numbered(by):
            try:
                for record in _responses(line, {}):
                    if "instruction_id" in record["response"]:
                        found.append((number, record))
                    else:
                        unnamed += 1
            except RecursionError:
                pass
            else:
                continue
            raise self._files.refusal(
                *self._files.findings(_FILES[by], [(number, "It is nested too deeply to be read.")])
            )
        self.left_out |= {"responses without an instruction_id": unnamed} if unnamed else {}
        return found

    def refuse_faulty(self, by: str) -> None:
        """Raise an InputError that names the lines of responses and submissions with unusable fields, if any."""
        faults = [
            (_FILES[name], number, fault.sentence())
            for name, shape, located in (
                (by, RESPONSE, self._located(by)),
                ("submission", SUBMISSION, self._submissions()),
            )
            for number, record in located
            if (fault := shape.fault(record))
        ]
        for file in dict.fromkeys(file for file, _, _ in faults):
            of_file = [(number, f"{what[0].upper()}{what[1:]}.") for name, number, what in faults if name == file]
            raise self._files.refusal(*self._files.findings(file, of_file))

    def _refuse_ambiguous(self, by: str, located: list[tuple[int, dict[str, Any]]]) -> None:
        first: dict[str, dict[str, Any]] = {}
        faults = [
            (number, f"The response ID {record['id']!r} belongs to another response too.")
            for number, record in located
            if first.setdefault(record["id"], record) != record
        ]
        if faults:
            raise self._files.refusal(*self._files.findings(_FILES[by], faults))

    @cached_property
    def batch(self) -> dict[str, Any]:
        """The batch."""
        return self._files.record("batch.json")

    @property
    def codebook(self) -> Codebook:
        """The questions in the batch's layout; empty for a batch of the legacy flow, which has no layout."""
        layout = self.batch.get("batch_items")
        try:
            return Design.from_api(self.batch).codebook().with_instructions(layout) if layout else Codebook()
        except (*WRONG_SHAPE, StepFailed, InputError) as failure:
            reason = type(failure).__name__
        what = f"The layout of the batch cannot be read ({reason})."
        raise self._files.refusal(Finding("error", what, "Pass codebook=run.codebook.", place="batch.json"))

    def _submissions(self) -> list[tuple[int, dict[str, Any]]]:
        lines = self._numbered("submission")
        return [(number, {"id": line["submission_id"], **line}) for number, line in lines if "submission_id" in line]

    @property
    def submissions(self) -> list[dict[str, Any]]:
        """The records of the submissions, with their status and start."""
        return [record for _, record in self._submissions()]

    @cached_property
    def datapoints(self) -> dict[str, dict[str, Any]]:
        """The uploaded row by task, if the lines contain it."""
        rows = [line for line in self.lines("task") if isinstance(line.get("datapoint"), dict)]
        found = {line["task_id"]: line["datapoint"] for line in rows if isinstance(line.get("task_id"), str)}
        if len(found) < len(rows):
            self.left_out["rows without a task ID of their own"] = len(rows) - len(found)
        return found


def _responses(value: Any, inherited: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every response inside a JSON value, with the IDs of the enclosing records."""
    if isinstance(value, list):
        for each in value:
            yield from _responses(each, inherited)
    elif isinstance(value, Mapping):
        known = {**inherited, **{name: value[name] for name in _INHERITED if value.get(name) is not None}}
        if isinstance(value.get("response"), Mapping):
            yield {**value, **known}
            return
        for each in value.values():
            yield from _responses(each, known)


def read_export(
    source: str | os.PathLike[str],
    *,
    by: str = "submission",
    codebook: Codebook | None = None,
    checks: bool = False,
    max_mb: float = MAX_MB,
) -> pd.DataFrame:
    """The responses in Prolific's archive as one tidy table, like `Run.responses` with ``include="all"``.

    Parameters
    ----------
    source : path
        The ZIP file or the folder written by `Run.export`.
    by : {"submission", "task"}
        Which of the archive's two files to read; both contain the same responses.
    codebook : Codebook, optional
        The questions; by default those of the batch in the archive. Required for a batch of the legacy flow, and
        where there are attention checks or gold rows: only ``run.codebook`` knows them.
    checks : bool
        As for `Run.responses`.
    max_mb : float
        The largest unpacked size of one of the archive's files, in megabytes, so that a small ZIP file cannot fill the
        memory.

    Returns
    -------
    pandas.DataFrame
        The columns of `prolific_nb.responses.frame`, then those of the uploaded row if the archive has them.
        ``attrs["left_out"]`` counts what could not be used, by reason; ``attrs["times"]`` says where position and
        seconds are missing because the answers of a submission were stored together.

    Raises
    ------
    InputError
        If `source` is not such an archive, or is damaged; names the file and the line.
    ValueError
        If `by` is not valid.
    """
    if by not in _FILES:
        raise ArgumentError(f"by={by!r} is not valid. Use one of {', '.join(map(repr, _FILES))}.")
    archive = Archive(source, max_mb=max_mb)
    book = archive.codebook if codebook is None else codebook
    if not book:
        warnings.warn("The archive does not contain the questions. Pass codebook=run.codebook.", stacklevel=2)
    frame = with_or_without(_table(archive, by, book), book, checks=checks)
    frame.attrs["left_out"] = dict(archive.left_out)
    if times := times_finding(frame):
        frame.attrs["times"] = f"{times.what} {times.remedy}"
    if archive.left_out:
        counts = ", ".join(f"{count} {reason}" for reason, count in archive.left_out.items())
        warnings.warn(f"Left out of the table: {counts}. Compare it with run.responses().", stacklevel=2)
    return frame


def _table(archive: Archive, by: str, book: Codebook) -> pd.DataFrame:
    try:
        return _with_datapoints(tidy(archive.responses(by), archive.submissions, book), archive.datapoints)
    except (UnexpectedResponse, *WRONG_SHAPE) as failure:
        reason = str(failure) or type(failure).__name__
    archive.refuse_faulty(by)
    what, remedy = f"The table cannot be made: {reason.rstrip('.')}.", "Create the archive again: run.export(folder)."
    raise InputError(str(archive.path), [Finding("error", what, remedy)])


def _with_datapoints(frame: pd.DataFrame, datapoints: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    keys = {
        task: next((row[name] for name in _ROW_COLUMNS if isinstance(row.get(name), str)), None)
        for task, row in datapoints.items()
    }
    frame = frame.assign(row=translated(frame["task_id"].array, keys))
    unmatched = int(frame["row"].isna().sum())
    own = list(dict.fromkeys(name for row in datapoints.values() for name in row if name not in _ROW_COLUMNS))
    names = free_names([name.removeprefix(HIDDEN) for name in own], list(frame.columns))
    tasks = categorical(frame["task_id"])
    for name, free in zip(own, names, strict=True):
        cells = [datapoints.get(task, {}).get(name) for task in tasks.categories]
        frame[free] = pd.Series(cells).reindex(tasks.codes).array
    frame.attrs["join"] = {"by": "export", "unmatched": unmatched}
    return frame
