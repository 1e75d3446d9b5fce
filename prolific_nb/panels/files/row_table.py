"""The rows, ten at a time: all of them, those with a text, those with findings."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from html import escape

from ...common.findings import Findings
from ...common.plurals import counted
from ...data import Dataset
from ...jobs import Debouncer
from ..kit import widgets as w
from ..kit.controls import Guard, button, row, stack, toggle
from ..kit.html_table import PAGE, shorten
from ..kit.traits import set_if_changed, set_visible

_BEFORE = 60  # characters in front of a match deep in a long cell
_LONGEST = 200


class RowTable:
    """A page of rows, with what chooses them.

    Parameters
    ----------
    guard : callable
        `Panel.guard`.

    Attributes
    ----------
    box : ipywidgets.VBox
    """

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._data: Dataset | None = None
        self._with_findings: frozenset[int] = frozenset()
        self._matches: list[int] | None = None  # None: every row
        self._first = 0
        self._later = Debouncer("searching the rows")
        self.text = w.Text(
            description="Search rows",
            placeholder="text in any column",
            style={"description_width": "initial"},
            layout={"width": "auto", "flex": "0 1 300px", "min_width": "0"},
        )
        self.text.observe(guard(lambda _: self._search()), names="value")
        self._only = toggle("Only rows with findings", lambda _: self._restart(), guard)
        self._previous = button("Previous rows", lambda: self._turn(-PAGE), guard)
        self._next = button("Next rows", lambda: self._turn(PAGE), guard)
        self._position, self._rows = w.HTML(), w.HTML()
        self.box = stack(
            row(self.text, self._only, self._position), self._rows, row(self._previous, self._next, width="auto")
        )

    def show(self, data: Dataset, *, restart: bool) -> None:
        """Show other data, from its first row if `restart`."""
        self._data = data
        if restart:
            self._first, self._matches = 0, None
            set_if_changed(self.text, "value", "")
        self._draw()

    def mark(self, findings: Findings) -> None:
        """Show which rows these findings are about."""
        numbers = {number for each in findings for number in (each.rows or (each.row,)) if number is not None}
        set_visible(self._only, bool(numbers) or bool(self._only.value))
        if numbers != self._with_findings:
            self._with_findings = frozenset(numbers)
            self._draw()

    @property
    def places(self) -> Sequence[int]:
        """The places of the chosen rows."""
        if self._data is None:
            return ()
        chosen: Sequence[int] = range(len(self._data)) if self._matches is None else self._matches
        if self._only.value:
            rows = self._data.rows
            return [place for place in chosen if rows[place] in self._with_findings]
        return chosen

    def _search(self) -> None:
        text, data = self.text.value, self._data
        if not text or data is None:
            self._matches = None
            self._restart()
            return

        def work() -> None:
            found = data.find(text)  # before the lock that a guard holds
            self._guard(self._found)(data, text, found)

        self._later(work)

    def _found(self, data: Dataset, text: str, found: list[int]) -> None:
        if data is self._data and text == self.text.value:
            self._matches = found
            self._restart()

    def _restart(self) -> None:
        self._first = 0
        self._draw()

    def _turn(self, rows: int) -> None:
        self._first += rows
        self._draw()

    def _draw(self) -> None:
        if self._data is None:
            return
        places = self.places
        last = max(len(places) - 1, 0) // PAGE * PAGE
        self._first = min(max(self._first, 0), last)
        page = places[self._first : self._first + PAGE]
        set_if_changed(self._previous, "disabled", self._first == 0)
        set_if_changed(self._next, "disabled", self._first == last)
        set_if_changed(
            self._position, "value", f'<span role="status">{escape(self._words(len(places), len(page)))}</span>'
        )
        searched = self.text.value if self._matches is not None else ""
        set_if_changed(self._rows, "value", rows_html(self._data, page, self._with_findings, searched))

    def _words(self, chosen: int, shown: int) -> str:
        text = f" with “{shorten(self.text.value, 30)}”" if self._matches is not None else ""
        found = f"{' and' if text else ' with'} findings" if self._only.value else ""
        if not chosen:
            return f"No row{text}{found}."
        return f"{self._first + 1:,} to {self._first + shown:,} of {counted(chosen, 'row')}{text}{found}"


def rows_html(data: Dataset, places: Sequence[int], found: Collection[int] = (), text: str = "") -> str:
    """These rows as a table; those with findings are marked, and so is each occurrence of a text."""
    if not places:
        return ""
    names = "".join(f'<th scope="col"><bdi>{escape(shorten(name))}</bdi></th>' for name in data.columns)
    lines = "".join(_line(data, place, found, text) for place in places)
    label = escape(f"Rows of {shorten(data.name)}")
    table = (
        f'<table class="pnb-rows"><thead><tr><th scope="col">row</th>{names}</tr></thead><tbody>{lines}</tbody></table>'
    )
    return f'<div class="pnb-scroll pnb-row-page" tabindex="0" role="region" aria-label="{label}">{table}</div>'


def _line(data: Dataset, place: int, found: Collection[int], text: str) -> str:
    number = data.rows[place]
    mark = ' <b class="pnb-row-mark" role="img" aria-label="has findings">!</b>' if number in found else ""
    cells = "".join(f"<td>{_cell(cell, text)}</td>" for cell in data.row(place).values())
    return f'<tr><th scope="row">row {number}{mark}</th>{cells}</tr>'


def _cell(cell: str, text: str) -> str:
    if not text:
        return escape(shorten(cell))
    pattern = re.compile(re.escape(text), re.IGNORECASE)
    first = pattern.search(cell)
    # A match far down a long text would be cut off.
    start = first.start() - _BEFORE if first is not None and first.end() > _LONGEST else 0
    shown = shorten(f"…{cell[start:]}" if start > 0 else cell)
    parts, end = [], 0
    for match in pattern.finditer(shown):
        parts += [escape(shown[end : match.start()]), f"<mark>{escape(match[0])}</mark>"]
        end = match.end()
    return "".join([*parts, escape(shown[end:])])
