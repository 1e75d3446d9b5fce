"""Rows of a study that was made elsewhere: by content, and without data the uploaded cells themselves.

The report and the export hold the columns of the upload. The report is read first, since the service keeps only ten
exports of a batch; the export then for the tasks that are still missing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..data import Dataset
from ..design import Codebook, text_of
from .archive_files import ArchiveFiles
from .content_join import ContentMatch, match_content
from .join import FAILURES, Join
from .prolific_report.match_datapoints import match_datapoints
from .prolific_report.report_lines import read_lines

Cells = dict[str, dict[str, str]]


def with_uploaded_rows(
    join: Join,
    records: Iterable[Mapping[str, Any]],
    *,
    data: Dataset | None,
    shown: Collection[str],
    codebook: Codebook,
    report: Callable[[], bytes],
    export: Callable[[], bytes],
) -> Join:
    """The join with the tasks that row keys did not join to the data.

    Parameters
    ----------
    join : Join
        From `find_rows`.
    records : iterable of mapping
        Records of the API's responses.
    data : Dataset or None
        The rows; None to take the uploaded cells instead.
    shown : collection of str
        The columns that participants saw.
    codebook : Codebook
        The questions with their instruction IDs.
    report, export : callable
        Fetch the CSV file and the ZIP file; called only if tasks are missing.
    """
    records = list(records)
    keys = set() if data is None else set(data.row_keys)
    wanted = {record["task_id"] for record in records if join.rows.get(record["task_id"]) not in keys}
    sources: dict[str, Callable[[], Cells]] = {
        "report": lambda: _of_report(report(), records, codebook),
        "export": lambda: _of_export(export(), {record["task_id"] for record in records}, shown),
    }
    for by, read in sources.items():
        if not wanted or f"{by} cells" in join.useless:
            continue
        try:
            cells = read()
        except FAILURES as failure:
            join = replace(join, failed={**join.failed, by: str(failure) or type(failure).__name__})
            continue
        if not cells:
            join = replace(join, useless=join.useless | {f"{by} cells"})
            continue
        if data is None:
            join = replace(join, cells={**cells, **join.cells}, by=join.by or by)
        elif (match := match_content(cells, data, shown, wanted)).compared:
            join = _with_match(join, match, by)
        else:
            continue
        wanted -= cells.keys()
    return join


def _with_match(join: Join, match: ContentMatch, by: str) -> Join:
    methods = dict.fromkeys([*(join.by or "").split(" + "), *([f"content of the {by}"] if match.rows else [])])
    return replace(
        join,
        by=" + ".join(filter(None, methods)) or None,
        rows={**join.rows, **match.rows},
        ambiguous=join.ambiguous | match.ambiguous,
        notes=tuple(dict.fromkeys([*join.notes, *match.notes])),
    )


def _of_report(report: bytes, records: list[Mapping[str, Any]], codebook: Codebook) -> Cells:
    """The uploaded row of each task. A datapoint whose task is uncertain keeps its own ID: its content counts too."""
    lines = read_lines(report) or []
    tasks = {datapoint: task for task, datapoint in match_datapoints(records, lines, codebook).items()}
    return {tasks.get(line.datapoint, line.datapoint): line.cells for line in lines}


def _of_export(archive: bytes, tasks: set[str], shown: Collection[str]) -> Cells:
    """The uploaded row of each task in the export, whatever it is called there."""
    found: Cells = {}
    for _, line in ArchiveFiles(archive).lines("responses-by-task.jsonl"):
        row = next((row for name, row in _records(line) if _is_row(name, row, shown)), None)
        named = {value for value in line.values() if isinstance(value, str) and value in tasks}
        if row is not None and (isinstance(line.get("task_id"), str) or len(named) == 1):
            found[line.get("task_id") or named.pop()] = {name: _text(cell) for name, cell in row.items()}
    return found


def _records(value: Any, name: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every record inside a line, with the name of its key; not those of responses."""
    if isinstance(value, Mapping):
        yield name, value
        for inner, item in value.items():
            if not str(inner).startswith("response"):
                yield from _records(item, str(inner))


def _is_row(name: str, record: Mapping[str, Any], shown: Collection[str]) -> bool:
    flat = all(not isinstance(cell, Mapping | list) for cell in record.values())
    return flat and (name == "datapoint" or (bool(shown) and set(shown) <= record.keys()))


def _text(cell: Any) -> str:
    return "" if cell is None else text_of(cell)
