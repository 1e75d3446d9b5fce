"""Join responses to the uploaded rows that they are about.

Prolific's responses have a task ID, but no row. Every upload therefore has a hidden column with the row's key, and this
module looks for that key next to the task ID in the three sources that may return it. Which of them the real service
uses is undocumented, so all are tried, the cheapest first, each for the tasks that are still missing.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..api.shapes import WRONG_SHAPE
from ..design import Codebook
from ..errors import ProlificError
from .archive_files import ArchiveFiles
from .prolific_report.match_datapoints import match_datapoints
from .prolific_report.report_lines import data_columns, lines_of, table_of

Lines = Iterable[Mapping[str, Any]]

# A source that fails is skipped: the responses are usable without it.
FAILURES = (ProlificError, csv.Error, *WRONG_SHAPE)
_MAPPINGS = (dict, Mapping)  # dict first: Mapping alone takes many times as long


@dataclass(frozen=True)
class Join:
    """The row of each task, and the sources in which the rows were found.

    Parameters
    ----------
    by : str or None
        ``"metadata"``, ``"export"`` or ``"report"``, several joined by ``" + "``; None if no source has rows.
    rows : mapping of str to str
        Key of the uploaded row by task ID; includes tasks without responses if the source lists them.
    failed : dict of str to str
        Sources that failed, with the reason.
    useless : frozenset of str
        Sources that were read and have no row keys at all; they should not be fetched again.
    cells : mapping of str to mapping
        The uploaded row by task, where the run has no data of its own to take it from.
    ambiguous : frozenset of str
        Tasks whose content is that of another task, or of several rows.
    notes : tuple of str
        What kept tasks from being joined by content.
    """

    by: str | None = None
    rows: Mapping[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    useless: frozenset[str] = frozenset()
    cells: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ambiguous: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()


def find_rows(
    responses: Iterable[Mapping[str, Any]],
    key: str,
    *,
    export: Callable[[], bytes],
    report: Callable[[], bytes],
    codebook: Codebook | None = None,
    skip: Collection[str] = (),
) -> Join:
    """Find the row of each task: in the metadata of the responses, then in the export, then in the report.

    Parameters
    ----------
    responses : iterable of mapping
        Records of the API's responses.
    key : str
        Name of the hidden column, ``pnb_row``.
    export, report : callable
        Fetch the ZIP file and the CSV file; called only if tasks are still missing.
    codebook : Codebook, optional
        The questions; needed to tell the tasks of the report's datapoints by their answers.
    skip : collection of str
        Sources to skip. Prolific keeps only ten exports of a batch, so none should be wasted.

    Returns
    -------
    Join
        Tasks found in no source stay unmatched; failures are recorded in it, not raised.
    """
    records = list(responses)
    missing = {record["task_id"] for record in records}
    sources: dict[str, Callable[[], Lines]] = {
        "metadata": lambda: records,
        "export": lambda: _export_lines(export()),
        "report": lambda: _report_lines(report(), key, records, codebook or Codebook()),
    }
    found: dict[str, str] = {}
    worked, failed, useless = [], {}, set(skip)
    for by, lines in sources.items():
        if not missing or by in skip:
            continue
        try:
            rows = _rows(lines(), key, missing)
        except FAILURES as failure:
            failed[by] = str(failure) or type(failure).__name__
            continue
        if missing & rows.keys():
            worked.append(by)
        elif not rows:
            useless.add(by)
        found = rows | found
        missing -= found.keys()
    return Join(" + ".join(worked) or None, found, failed, frozenset(useless))


def _export_lines(archive: bytes) -> Iterator[Mapping[str, Any]]:
    yield from (line for _, line in ArchiveFiles(archive).lines("responses-by-task.jsonl"))


def _report_lines(
    report: bytes, key: str, records: list[Mapping[str, Any]], codebook: Codebook
) -> Iterator[Mapping[str, Any]]:
    header, *rows = table_of(report) or [[]]
    if data_columns(header) is None:
        yield from (dict(zip(header, row, strict=False)) for row in rows)
        return
    lines = [line for line in lines_of(header, rows) if key in line.cells]
    tasks = {datapoint: task for task, datapoint in match_datapoints(records, lines, codebook).items()}
    for line in lines:
        # A datapoint whose task is uncertain keeps its own ID, so that it is known that the report has row keys.
        yield {key: line.cells[key], "task_id": tasks.get(line.datapoint, line.datapoint)}


def _rows(lines: Lines, key: str, tasks: set[str]) -> dict[str, str]:
    """Row key by task ID, for every line that has both, whatever the names of its keys."""
    found = {}
    for line in lines:
        strings = list[tuple[str, str]]()
        _collect_strings(line, "", strings)
        row = next((string for name, string in strings if name == key and string), None)
        if row is not None:
            named = {string for name, string in strings if name.endswith("task_id") and string}
            found.update(dict.fromkeys(named | {string for _, string in strings if string in tasks}, row))
    return found


def _collect_strings(value: Any, name: str, found: list[tuple[str, str]]) -> None:
    """Add every string inside a JSON value, with the name of its key. A generator would take three times as long."""
    if isinstance(value, str):
        found.append((name, value))
    elif isinstance(value, _MAPPINGS):
        for inner, item in value.items():
            _collect_strings(item, str(inner), found)
    elif isinstance(value, list):
        for item in value:
            _collect_strings(item, name, found)
