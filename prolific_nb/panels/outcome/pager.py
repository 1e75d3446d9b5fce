"""A long table, a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape

import pandas as pd

from ..kit import widgets as w
from ..kit.controls import Guard, button, row, stack
from ..kit.traits import set_if_changed, set_visible
from .answer_table import place, table_html

Cells = Callable[[pd.DataFrame], Mapping[str, list[str]]]


class Pager:
    """A table with buttons for the next and the previous page.

    Parameters
    ----------
    label : str
        What the rows are, for screen readers.
    rows : int
        The length of a page.
    guard : callable
        `Panel.guard`.
    cells : callable, optional
        Returns the HTML of some columns of a page.

    Attributes
    ----------
    box : ipywidgets.VBox
    frame : DataFrame
        All rows.
    """

    def __init__(self, label: str, rows: int, guard: Guard, cells: Cells = lambda page: {}) -> None:
        self._label, self._rows, self._cells = label, rows, cells
        self.frame = pd.DataFrame()
        self._start, self._more = 0, ""
        self._sorted_by: tuple[str, bool] | None = None
        self._table, self._position = w.HTML(layout={"width": "100%"}), w.HTML()
        hint = f"The {{}} {rows} rows"
        self._previous = button("Previous rows", lambda: self._turn(-rows), guard, hint.format("previous"))
        self._next = button("Next rows", lambda: self._turn(rows), guard, hint.format("next"))
        self.box = stack(self._table, row(self._previous, self._next, self._position))

    def show(self, frame: pd.DataFrame, *, sorted_by: tuple[str, bool] | None = None, more: str = "") -> None:
        """Show the first page of a table; `more` is said after the number of its rows."""
        self.frame, self._start, self._sorted_by, self._more = frame, 0, sorted_by, more
        self._draw()

    def _turn(self, by: int) -> None:
        last = max(0, (len(self.frame) - 1) // self._rows * self._rows)
        self._start = min(max(0, self._start + by), last)
        self._draw()

    def _draw(self) -> None:
        page, total = self.frame.iloc[self._start : self._start + self._rows], len(self.frame)
        words = f"{place(self._start, self._rows, total)}{self._more}"
        html = table_html(page, self._start, self._label, sorted_by=self._sorted_by, cells=self._cells(page))
        set_if_changed(self._table, "value", html if total else "")
        set_if_changed(self._position, "value", f'<span role="status">{escape(words)}</span>')
        for control, disabled in ((self._previous, self._start == 0), (self._next, self._start + self._rows >= total)):
            set_if_changed(control, "disabled", disabled)
            set_visible(control, total > self._rows)
