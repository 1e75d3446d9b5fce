"""The lines of Prolific's CSV report: one for each answered datapoint and question.

``DataPoint_ID, Task_Group_ID, Task_Type, Question``, then the columns of the data, then three columns per annotator:
``Annotator1_ID, Annotator1_Response, Annotator1_Timestamp, Annotator2_ID, …``. The columns are told apart by their
position, never by their name: a column of the data may be called ``Question`` or ``Annotator1_ID`` too.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ...common.findings import Finding
from ...errors import InputError

FIXED = ("DataPoint_ID", "Task_Group_ID", "Task_Type", "Question")
PER_ANNOTATOR = ("ID", "Response", "Timestamp")


@dataclass(frozen=True)
class ReportLine:
    """One datapoint and question.

    Parameters
    ----------
    datapoint, group, type, question : str
        The first four columns.
    cells : dict of str to str
        The columns of the data.
    answers : tuple of tuple
        ID, response and timestamp of each annotator.
    """

    datapoint: str
    group: str
    type: str
    question: str
    cells: dict[str, str]
    answers: tuple[tuple[str, str, str], ...]


def data_columns(header: Sequence[str]) -> slice | None:
    """Where the columns of the data are in a report's header; None if it is not the header of a report.

    Examples
    --------
    >>> header = [*FIXED, "review", "Annotator1_ID", *(f"Annotator1_{name}" for name in PER_ANNOTATOR)]
    >>> data_columns(header)
    slice(4, 6, None)
    """
    if tuple(header[: len(FIXED)]) != FIXED:
        return None
    number = len(header)
    last = str(header[-1]).removeprefix("Annotator").partition("_")[0]
    if not last.isdecimal():
        return None
    # From the right, since a column of the data may have the name of an annotator's column.
    for annotator in range(int(last), 0, -1):
        wanted = [f"Annotator{annotator}_{name}" for name in PER_ANNOTATOR]
        if list(header[number - 3 : number]) != wanted:
            return None
        number -= 3
    return slice(len(FIXED), number) if number >= len(FIXED) else None


def lines_of(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[ReportLine]:
    """The lines of a report, whose header `data_columns` accepts; an annotator without an ID is left out."""
    where = data_columns(header)
    assert where is not None, "data_columns was asked before"
    names = header[where]
    for row in rows:
        if len(row) != len(header):
            what = f"A line of the report has {len(row)} cells instead of {len(header)}."
            raise InputError("The report", [Finding("error", what, "Download it again; it may be cut.")])
        tail = row[where.stop :]
        answers = [(tail[n], tail[n + 1], tail[n + 2]) for n in range(0, len(tail), 3) if tail[n]]
        datapoint, group, kind, question = row[: where.start]
        yield ReportLine(datapoint, group, kind, question, dict(zip(names, row[where], strict=True)), tuple(answers))


def read_lines(report: bytes) -> list[ReportLine] | None:
    """The lines of a CSV file; None if its header is not that of a report."""
    header, *rows = table_of(report) or [[]]
    return None if data_columns(header) is None else list(lines_of(header, rows))


def uploaded_columns(report: bytes) -> list[str]:
    """The columns of the upload; none if it is not a report with responses."""
    header = (table_of(report) or [[]])[0]
    where = data_columns(header)
    return [] if where is None else header[where]


def table_of(report: bytes) -> list[list[str]]:
    """The rows of a CSV file, its header first; blank lines are left out."""
    before = csv.field_size_limit(max(csv.field_size_limit(), len(report) + 1))
    try:
        return [row for row in csv.reader(io.StringIO(report.decode("utf-8-sig"), newline=""), strict=True) if row]
    finally:
        csv.field_size_limit(before)
