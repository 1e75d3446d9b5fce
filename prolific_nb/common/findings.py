"""Findings: every problem of an input, reported together, each with its location and its fix."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Literal, overload

from .display import visible

Level = Literal["error", "warning", "note"]
_ORDER: dict[str, int] = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True)
class Finding:
    """One thing to know about an input.

    Parameters
    ----------
    level : {"error", "warning", "note"}
        An error prevents a launch; a warning should be read before one; a note is information only.
    what : str
        What was found, as one sentence.
    remedy : str
        What to do about it, as one sentence.
    row : int, optional
        Row number as in a spreadsheet: the header is row 1, the first datapoint row 2.
    column : str, optional
        Name of the column.
    place : str, optional
        Any other location, such as ``"page 1, question 2"`` or ``"reward"``.
    rows : tuple of int
        The numbers of all rows that it is about, if these are known; `row` is the first of them.
    fix : str, optional
        The change that `Dataset.fixed` makes to remove the cause, if a program can.

    Examples
    --------
    >>> print(Finding("error", "The cell is empty.", "Fill it.", row=3, column="review"))
    error, row 3, column 'review': The cell is empty. Fill it.
    """

    level: Level
    what: str
    remedy: str
    row: int | None = None
    column: str | None = None
    place: str | None = None
    # Not compared: what was found, and where, makes two findings equal.
    rows: tuple[int, ...] = field(default=(), compare=False, repr=False)
    fix: str | None = field(default=None, compare=False, repr=False)

    @property
    def where(self) -> str:
        """The location in words; empty if the finding is about the whole input."""
        parts = [
            self.place or "",
            f"row {self.row}" if self.row is not None else "",
            f"column {self.column!r}" if self.column is not None else "",
        ]
        return ", ".join(part for part in parts if part)

    def __str__(self) -> str:
        head = f"{self.level}, {self.where}" if self.where else self.level
        return visible(f"{head}: {self.what} {self.remedy}".rstrip())


class Findings(Sequence[Finding]):
    """An immutable list of findings, errors first.

    Examples
    --------
    >>> found = Findings([Finding("note", "Read as UTF-8.", ""), Finding("error", "No rows.", "Add some.")])
    >>> [f.level for f in found]
    ['error', 'note']
    >>> bool(found.errors)
    True
    """

    def __init__(self, items: Iterable[Finding] = ()) -> None:
        self._items = tuple(sorted(items, key=lambda f: _ORDER[f.level]))

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> Findings: ...
    def __getitem__(self, index: int | slice) -> Finding | Findings:
        found = self._items[index]
        return Findings(found) if isinstance(found, tuple) else found

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._items)

    def __add__(self, other: Iterable[Finding]) -> Findings:
        return Findings((*self._items, *other))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Findings) and self._items == other._items

    def __hash__(self) -> int:
        return hash(self._items)

    @property
    def errors(self) -> Findings:
        """Only the findings that prevent a launch."""
        return Findings(f for f in self._items if f.level == "error")

    @property
    def warnings(self) -> Findings:
        """Only the findings that should be read before a launch."""
        return Findings(f for f in self._items if f.level == "warning")

    def __str__(self) -> str:
        return "\n".join(f"- {finding}" for finding in self._items) or "Nothing found."

    __repr__ = __str__

    def _repr_html_(self) -> str:
        if not self._items:
            return "<p>Nothing found.</p>"
        return "<ul>" + "".join(f"<li>{escape(str(f))}</li>" for f in self._items) + "</ul>"
