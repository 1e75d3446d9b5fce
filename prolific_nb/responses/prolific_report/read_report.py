"""Prolific's CSV report as it is, and as the tidy table.

The report has the labels that participants saw, not the values of the options; several answers of one participant are
in one cell. How these are separated is undocumented, so a cell is split only if there is one way to do it.
"""

from __future__ import annotations

import csv
import os
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd

from ...common.arguments import require_path
from ...common.findings import Finding
from ...data.columns import free_names
from ...data.legacy_csv import HIDDEN
from ...design import Codebook
from ...errors import InputError
from ..content_join import ROW_COLUMNS
from ..expected_answers import with_or_without
from ..frame import CATEGORICAL, COLUMNS, categorical
from ..timing import times
from .match_datapoints import plain
from .report_cells import Element, reader_of
from .report_lines import ReportLine, data_columns, lines_of, table_of


class Report(pd.DataFrame):
    """Prolific's CSV report, every cell a string; `tidy` makes the tidy table of it."""

    @property
    def _constructor(self) -> Callable[..., Report]:
        return Report

    def tidy(self, *, checks: bool = False) -> pd.DataFrame:
        """The report as one tidy table, one row per element of an answer, as far as the report has it.

        Parameters
        ----------
        checks : bool
            As for `Run.responses`.

        Returns
        -------
        pandas.DataFrame
            The columns of ``run.responses("all")``. `task_id` holds the report's ``DataPoint_ID``, which need not be
            the ID of the task. `value` is the option's value; a label that several options share has none, and a cell
            that could be read in several ways is NA. ``attrs["unread"]`` counts these by reason. IDs of responses
            and submissions, `submission_status`, `position`, `seconds` and `file_key` are not in a report: all NA. The
            columns of the data follow; a column whose name is taken gets the prefix ``row_``.

        Raises
        ------
        InputError
            Columns were removed or added, or the file is not Prolific's report.

        Warns
        -----
        UserWarning
            Some cells could not be read.
        """
        header = self.attrs.get("header", list(self.columns))
        if len(header) != self.shape[1] or data_columns(header) is None:
            remedy = "Call tidy() on the whole report: its rows may be selected, its columns must be as downloaded."
            what = "Its columns are not DataPoint_ID, Task_Group_ID, Task_Type, Question, …, Annotator1_ID, …."
            raise InputError("The report", [Finding("error", what, remedy)])
        codebook = Codebook.from_records(self.attrs.get("questions", ()))
        unread: Counter[str] = Counter()
        frame = _tidy(list(lines_of(header, self.to_numpy().tolist())), codebook, unread)
        if "questions" in self.attrs:
            frame = with_or_without(frame, codebook, checks=checks)
        frame.attrs |= {"mode": self.attrs["mode"]} if "mode" in self.attrs else {}
        frame.attrs |= {"unread": dict(unread)}
        if unread:
            counts = ", ".join(f"{count} {reason}" for reason, count in unread.items())
            warnings.warn(f"Not read from the report: {counts}. run.responses() has them.", stacklevel=2)
        return frame


def report_of(content: bytes, codebook: Codebook | None = None) -> Report:
    """The report in the bytes of a CSV file; columns of the same name get a number, as in `pandas.read_csv`."""
    try:
        header, *rows = table_of(content)
        reason = ""
    except (csv.Error, UnicodeDecodeError, ValueError) as failure:
        reason = "it is empty" if not content.strip() else str(failure)
    if reason:
        what = f"It cannot be read as a CSV file: {reason}."
        raise InputError("The report", [Finding("error", what, "Download it again; it may be cut.")])
    short = [number for number, row in enumerate(rows, 2) if len(row) != len(header)]
    if short:
        what = f"It does not have {len(header)} cells, as the header has."
        raise InputError("The report", [Finding("error", what, "Download it again.", place=f"record {short[0]}")])
    report = Report(rows, columns=pd.Index(_numbered(header)), dtype=str)
    report.attrs["header"] = header
    if codebook is not None:
        report.attrs["questions"] = codebook.to_records()
    return report


def read_report(path: str | os.PathLike[str], *, codebook: Codebook | None = None) -> Report:
    """A report that was downloaded from Prolific's website.

    Parameters
    ----------
    path : path
        The CSV file.
    codebook : Codebook, optional
        The questions, such as ``design.codebook()`` or ``run.codebook``. Without it, labels stand for values, and
        several answers in one cell are not split.

    Returns
    -------
    Report
        A DataFrame of strings; its ``tidy()`` is the tidy table.

    Raises
    ------
    InputError
        The file cannot be read, or is not a CSV file in UTF-8.
    """
    file = require_path("path", path)
    try:
        content = file.read_bytes()
    except (OSError, ValueError) as failure:
        reason = getattr(failure, "strerror", None) or str(failure)
    else:
        return _downloaded(report_of(content, codebook), str(file))
    what, remedy = f"The file cannot be read: {reason}.", "Pass the CSV file as it was downloaded from Prolific."
    raise InputError(str(file), [Finding("error", what, remedy)])


def _downloaded(report: Report, name: str) -> Report:
    if data_columns(report.attrs["header"]) is None:
        what = f"It is not Prolific's report of responses; its columns are {', '.join(map(repr, report.columns[:10]))}."
        remedy = "Download it on the study's page. pnb.read_responses(path) reads what save_table wrote."
        raise InputError(name, [Finding("error", what, remedy)])
    return report


def _numbered(header: Iterable[str]) -> list[str]:
    names: list[str] = []
    for name in header:
        free, number = name, 0
        while free in names:
            number += 1
            free = f"{name}.{number}"
        names.append(free)
    return names


def _tidy(lines: list[ReportLine], codebook: Codebook, unread: Counter[str]) -> pd.DataFrame:
    cells: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    moments: list[str] = []
    places: list[int] = []  # of the line of each row
    readers = {text: reader_of(text, codebook, lines) for text in {line.question for line in lines}}
    asked = {plain(each.question): each for each in codebook}
    for place, line in enumerate(lines):
        question = asked.get(plain(line.question))
        row = next((line.cells[name] for name in ROW_COLUMNS if line.cells.get(name)), None)
        shared = {
            "task_id": line.datapoint,
            "row": row,
            "instruction_id": question.instruction_id if question else None,
            "question": question.question if question else line.question,
            "type": question.type if question else line.type,
        }
        for participant, response, timestamp in line.answers:
            for element in readers[line.question](response, unread):
                _append(cells, {**shared, "participant_id": participant, **element})
                moments.append(timestamp)
                places.append(place)
    frame = pd.DataFrame({name: _typed(name, each) for name, each in cells.items()})
    frame["created_at"] = _times(moments, unread)
    frame = _with_data(frame, lines, places)
    return frame.sort_values("created_at", kind="stable", ignore_index=True)


def _append(cells: Mapping[str, list[Any]], row: Element) -> None:
    for name, column in cells.items():
        column.append(row.get(name))


def _typed(name: str, cells: list[Any]) -> Any:
    if name in CATEGORICAL:
        return categorical(cells)
    if name in ("seconds", "number"):
        return pd.array(cells, dtype="Float64")
    return pd.array(cells, dtype="Int64") if name == "position" else _strings(cells)


def _strings(cells: list[Any]) -> Any:
    return pd.Series(cells, dtype=pd.Series(["text"]).dtype)


def _times(moments: list[str], unread: Counter[str]) -> Any:
    try:
        return times(moments)
    except ValueError:
        parsed = pd.to_datetime(pd.Series(moments, dtype=object), utc=True, format="mixed", errors="coerce")
    if lost := int(parsed.isna().sum()):
        unread["timestamps"] += lost
    return parsed.dt.as_unit("us").array


def _with_data(frame: pd.DataFrame, lines: list[ReportLine], places: list[int]) -> pd.DataFrame:
    own = [name for name in (lines[0].cells if lines else ()) if name not in ROW_COLUMNS]
    free = free_names([name.removeprefix(HIDDEN) for name in own], list(frame.columns))
    pairs = zip(own, free, strict=True)
    columns = {new: _strings([lines[place].cells[name] for place in places]) for name, new in pairs}
    return pd.concat([frame, pd.DataFrame(columns, index=frame.index)], axis=1)
