"""The lines of one annotator: what holds of them, what was taken back, and how long each row was looked at."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

Line = Mapping[str, Any]


class History:
    """The answers and skips of one annotator, as their lines arrive.

    A later line about a row replaces an earlier one; taking a line back makes the earlier one hold again.
    """

    def __init__(self, lines: Iterable[Line] = ()) -> None:
        self._known: set[str] = set()  # IDs of all lines: files put together by hand may have a line twice
        self._kept: dict[str, Line] = {}  # by ID, without lines that were taken back
        self._of_row: dict[str, list[Line]] = {}
        self._typed: dict[str, Mapping[str, Any]] = {}
        self._seconds: dict[str, float] = {}
        self.add(lines)

    def add(self, lines: Iterable[Line]) -> None:
        """Take in further lines, in the order of the file."""
        for line in lines:
            if line["id"] in self._known:
                continue
            self._known.add(line["id"])
            if "undone" in line:
                self._take_back(line["undone"])
            else:
                self._keep(line)

    def _keep(self, line: Line) -> None:
        row = line["row"]
        self._kept[line["id"]] = line
        self._of_row.setdefault(row, []).append(line)
        if "answers" in line:
            self._typed[row] = line["entered"]
            # All times count: what was answered, looked at again and changed took both times.
            self._seconds[row] = self._seconds.get(row, 0.0) + line["seconds"]

    def _take_back(self, identity: str) -> None:
        line = self._kept.pop(identity, None)
        if line is not None:  # two notebooks may take back the same line
            of_row = self._of_row[line["row"]]
            of_row.remove(line)
            if not of_row:
                del self._of_row[line["row"]]

    @property
    def last(self) -> Line | None:
        """The last line that was not taken back."""
        return next(reversed(self._kept.values()), None)

    @property
    def rows(self) -> Collection[str]:
        """The rows that are answered or skipped, in the order in which they were first."""
        return self._of_row.keys()

    @property
    def holding(self) -> dict[str, Line]:
        """The line that holds for each of `rows`."""
        return {row: lines[-1] for row, lines in self._of_row.items()}

    @property
    def answered(self) -> dict[str, Line]:
        """The answers that hold, by row."""
        return {row: line for row, line in self.holding.items() if "answers" in line}

    def typed(self, row: str) -> Mapping[str, Any] | None:
        """What was typed last about a row, also if it was taken back."""
        return self._typed.get(row)

    def seconds(self, row: str) -> float:
        """How long the row was looked at until its last answer, in seconds."""
        return self._seconds.get(row, 0.0)
