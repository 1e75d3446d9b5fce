"""Which uploaded row an answer is about.

Prolific's answers name a task, not a row. Every upload therefore carries a hidden column with the row's key, and
this module looks for that key beside the task's id in the three places where the service may hand it back. Which of
them the real service uses is not documented, so all are tried, the cheapest first, each for the tasks still missing.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import ProlificError

Lines = Iterable[Mapping[str, Any]]

# A way that fails is one way less, not the end: the answers themselves are here.
_FAILURES = (ProlificError, zipfile.BadZipFile, ValueError, KeyError, csv.Error)


@dataclass(frozen=True)
class Join:
    """The result: `rows` by task id, and by which ways they were found.

    Parameters
    ----------
    by : str or None
        ``"metadata"``, ``"export"`` or ``"report"``, several joined by ``" + "``; None if no way worked.
    rows : mapping of str to str
        Key of the uploaded row by task id; of tasks without answers too, where the way names them.
    failed : dict of str to str
        Ways that were tried and failed, with the reason.
    useless : frozenset of str
        Ways that were read and named no row at all; there is no use in asking again.
    """

    by: str | None = None
    rows: Mapping[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    useless: frozenset[str] = frozenset()


def find_rows(
    responses: Iterable[Mapping[str, Any]],
    key: str,
    *,
    export: Callable[[], bytes],
    report: Callable[[], bytes],
    skip: Collection[str] = (),
) -> Join:
    """Find the row of each task: in the answers' metadata, else in the export, else in the report.

    Parameters
    ----------
    responses : iterable of mapping
        Records of the API's responses.
    key : str
        Name of the hidden column, ``pnb_row``.
    export, report : callable
        Fetch the ZIP file and the CSV file; called only while tasks are missing.
    skip : collection of str
        Ways not to try: Prolific keeps ten exports of a batch, so none should be asked for in vain.

    Returns
    -------
    Join
        What no way names stays unmatched; what failed is told, not raised.
    """
    records = list(responses)
    missing = {record["task_id"] for record in records}
    ways: dict[str, Callable[[], Lines]] = {
        "metadata": lambda: records,
        "export": lambda: _export_lines(export()),
        "report": lambda: _report_lines(report()),
    }
    found: dict[str, str] = {}
    worked, failed, useless = [], {}, set(skip)
    for by, lines in ways.items():
        if not missing or by in skip:
            continue
        try:
            rows = _rows(lines(), key, missing)
        except _FAILURES as failure:
            failed[by] = str(failure)
            continue
        if missing & rows.keys():
            worked.append(by)
        elif not rows:
            useless.add(by)
        found = rows | found
        missing -= found.keys()
    return Join(" + ".join(worked) or None, found, failed, frozenset(useless))


def _export_lines(archive: bytes) -> Iterator[Mapping[str, Any]]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        for name in opened.namelist():
            if name.endswith("responses-by-task.jsonl"):
                # Not splitlines(): it would cut inside texts that hold U+2028 and its like.
                lines = opened.read(name).decode("utf-8").split("\n")
                yield from (json.loads(line) for line in lines if line.strip())


def _report_lines(report: bytes) -> Iterator[Mapping[str, Any]]:
    before = csv.field_size_limit(max(csv.field_size_limit(), len(report) + 1))
    try:
        yield from csv.DictReader(io.StringIO(report.decode("utf-8-sig"), newline=""))
    finally:
        csv.field_size_limit(before)


def _rows(lines: Lines, key: str, tasks: set[str]) -> dict[str, str]:
    """Pairs of task id and row key that stand in one line, whatever the line's keys are called."""
    found = {}
    for line in lines:
        texts = list(_texts(line))
        row = next((text for name, text in texts if name == key and text), None)
        if row is not None:
            named = {text for name, text in texts if name.endswith("task_id") and text}
            found.update(dict.fromkeys(named | {text for _, text in texts if text in tasks}, row))
    return found


def _texts(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text inside a JSON value with the name of its key."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, Mapping):
        for inner, item in value.items():
            yield from _texts(item, str(inner))
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, name)
