"""The file of one's own labels of a task: another task has another file, so nothing is refused and nothing mixed."""

from __future__ import annotations

from pathlib import Path

from ...common.display import suppress_notices
from ...data import Dataset
from ...design import Design
from ...errors import InputError
from ...study.idempotent import stable_hash
from ...workflow.own import OwnLabels
from ...workflow.own.subject import Subject

ROWS = 10
"""The number of rows to take."""


def open_labels(design: Design, data: Dataset) -> OwnLabels:
    """One's own labels of ten rows, in the working folder; they go on where they were.

    The name of the file follows from the questions, their options and the columns that are shown. Where its labels are
    of rows that are not in the data, the next number is taken.

    Raises
    ------
    DesignError
        The design has errors.
    LedgerError
        The file cannot be used.
    """
    stem = _stem(Subject.of(design, data))
    number = 1
    while True:
        path = f"{stem}.jsonl" if number == 1 else f"{stem}-{number}.jsonl"
        try:
            with suppress_notices():
                return OwnLabels(design, data, rows=ROWS, path=path)
        except InputError:
            if not Path(path).exists():
                raise
        number += 1


def _stem(subject: Subject) -> str:
    header = subject.header()
    asked = {"questions": header["questions"], "shown": sorted(header["shown"])}
    return f"labels-{stable_hash(asked, 6)}"
