"""A file of labels, of one annotator or of several: read as it grows, and refused if it belongs to something else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from math import inf
from pathlib import Path
from typing import Any

from ...common.findings import Finding
from ...errors import InputError
from ..line_file import LineFile, LineReader
from .history import History
from .subject import Subject

_CONTENT = "labels"
_UNKNOWN, _REMEDY = "A line in it is not a label", "Remove the line with a text editor, or pass another file."


class LabelFile:
    """The labels in a file, which other programs may add to at the same time.

    Parameters
    ----------
    path : Path
        Of the file; it is made by the first label.
    subject : Subject
        What the labels belong to.

    Raises
    ------
    InputError
        By every method: the file belongs to another design or to other data.
    LedgerError
        By every method: the file cannot be used.
    """

    def __init__(self, path: Path, subject: Subject) -> None:
        self._file, self._subject = LineFile(path, _CONTENT), subject
        self._begin()

    def _begin(self) -> None:
        self._reader = LineReader(self._file)
        self._opened = False
        self._people: dict[str, History] = {}

    def people(self) -> Mapping[str, History]:
        """The history of each annotator, in the order of their first lines, up to now."""
        if self._reader.replaced:
            self._begin()
        lines = self._reader.new_lines()
        opening = lines[:1] if not self._opened else []
        labels = [line for line in lines if "file" not in line and line not in opening]
        # Files that were put together by hand have several first lines.
        for header in (*opening, *(line for line in lines if "file" in line)):
            self._subject.check(header, {str(line.get("row")) for line in labels}, self._file.path.name)
            self._opened = True
        for line in labels:
            if not _is_label(line, len(self._subject.names)):
                raise InputError(self._file.path.name, [Finding("error", f"{_UNKNOWN}: {str(line)[:80]}", _REMEDY)])
            self._people.setdefault(line["by"], History()).add([line])
        return self._people

    def append(self, line: Mapping[str, Any]) -> None:
        """Add a line, and return when it is on disk."""
        header = self._subject.header()
        self.people()
        if not self._opened:
            # Another program may have begun the file just now, for another design.
            self._file.append(first=header)
            self.people()
        self._file.append(line, first=header)

    def __repr__(self) -> str:
        return f"LabelFile({str(self._file.path)!r})"


def _is_label(line: Mapping[str, Any], questions: int) -> bool:
    """Whether a line is an answer to so many questions, a skip, or takes one of these back."""
    if not all(isinstance(line.get(name), str) for name in ("id", "by", "row", "at")) or not _is_moment(line["at"]):
        return False
    if "answers" not in line:
        return isinstance(line.get("skipped", line.get("undone")), str)
    answers, entered = line["answers"], line.get("entered")
    if not isinstance(answers, list) or len(answers) != questions or not isinstance(entered, dict):
        return False
    return _is_time(line.get("seconds")) and all(isinstance(each, list) for each in (*answers, *entered.values()))


def _is_time(seconds: Any) -> bool:
    """Whether it is a number of seconds; Python's JSON also has NaN and Infinity."""
    return isinstance(seconds, int | float) and not isinstance(seconds, bool) and 0 <= seconds < inf


def _is_moment(text: str) -> bool:
    """Whether it is a time in ISO 8601."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
