"""A file of labels, of one annotator or of several: read as it grows, and refused if it belongs to something else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..line_file import LineFile, LineReader
from .history import History
from .subject import Subject

_CONTENT = "labels"


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
        if lines and not self._opened:
            header, *lines = lines
            self._subject.check(header, {line["row"] for line in lines if "row" in line}, self._file.path.name)
            self._opened = True
        for line in lines:
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
