"""Which uploaded row an answer is about.

Prolific's answers name a task, not a row. Every upload therefore carries a hidden column with the row's key, and
this module looks for that key beside the task's id in the three places where the service may hand it back. Which of
them the real service uses is not documented, so all are tried, the cheapest first.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Lines = Iterable[Mapping[str, Any]]


@dataclass(frozen=True)
class Join:
    """The result: `rows` by task id, and by which way they were found.

    Parameters
    ----------
    by : {"metadata", "export", "report"} or None
        None if no way worked.
    rows : mapping of str to str
        Key of the uploaded row by task id.
    """

    by: str | None = None
    rows: Mapping[str, str] = field(default_factory=dict)


def find_rows(
    responses: Iterable[Mapping[str, Any]],
    key: str,
    *,
    export: Callable[[], bytes],
    report: Callable[[], bytes],
) -> Join:
    """Find the row of each task: in the answers' metadata, else in the export, else in the report.

    Parameters
    ----------
    responses : iterable of mapping
        Records of the API's responses.
    key : str
        Name of the hidden column, ``pnb_row``.
    export, report : callable
        Fetch the ZIP file and the CSV file; called only when needed.

    Returns
    -------
    Join
        The first way that finds at least one row; what it misses stays unmatched.
    """
    records = list(responses)
    tasks = {record["task_id"] for record in records}
    if not tasks:
        return Join()
    ways: dict[str, Callable[[], Lines]] = {
        "metadata": lambda: records,
        "export": lambda: _export_lines(export()),
        "report": lambda: csv.DictReader(io.StringIO(report().decode("utf-8-sig"))),
    }
    for by, lines in ways.items():
        if rows := _rows(lines(), key, tasks):
            return Join(by, rows)
    return Join()


def _export_lines(archive: bytes) -> Iterator[Mapping[str, Any]]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        names = [name for name in opened.namelist() if name.endswith("responses-by-task.jsonl")]
        for name in names:
            for line in opened.read(name).decode("utf-8").splitlines():
                if line.strip():
                    yield json.loads(line)


def _rows(lines: Lines, key: str, tasks: set[str]) -> dict[str, str]:
    """Pairs of task id and row key that stand in one line, whatever the line's keys are called."""
    found = {}
    for line in lines:
        texts = dict(_texts(line))
        if texts.get(key):
            found.update({text: texts[key] for text in texts.values() if text in tasks})
    return found


def _texts(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text inside a JSON value with the name of its key."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, Mapping):
        for inner, item in value.items():
            yield from _texts(item, inner)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, name)
