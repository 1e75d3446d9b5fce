"""The controls by which a judge chooses what to see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..kit import widgets as w
from ..kit.controls import row, toggle
from ..kit.html_table import shorten
from ..kit.panel import Panel
from ..kit.traits import set_if_changed, set_visible
from .chosen_disputes import Choice, Pair, pairs
from .disputes import Disputes

_ALL = "All that can be compared"
_MOST_PAIRS = 100  # options of a list that can still be read


class ChoiceBar:
    """Question, labels, slice, and what is left to decide.

    Parameters
    ----------
    panel : Panel
        Shows the errors.
    changed : callable
        Called after every change.
    ask : bool
        Whether the question is chosen here.
    *others : ipywidgets.Widget
        Other controls in the same row.

    Attributes
    ----------
    box : ipywidgets.Box
    """

    def __init__(self, panel: Panel, changed: Callable[[], Any], ask: bool, *others: w.Widget) -> None:
        self._quiet = False
        self._changed, self._guard = changed, panel.guard
        self._question = self._list("Question", [(_ALL, "")], "2 1 240px", self._asked)
        self._pair = self._list("Labels", [("Any", "")], "1 1 190px", self._follow)
        self._column = self._list("Column", [("All rows", "")], "1 1 190px", self._sliced)
        self._cell = self._list("Value", [("", "")], "1 1 190px", self._follow)
        self._ties = toggle("Only ties", lambda _: self._follow(), panel.guard, "Rows without a majority")
        undecided = "Leaves out what is decided already"
        self._undecided = toggle("Not decided yet", lambda _: self._follow(), panel.guard, undecided)
        self._given = ""
        self._ask = ask
        self._disputes = Disputes()
        lists = (*([self._question] if ask else ()), self._pair, self._column, self._cell)
        self.box = row(*lists, self._ties, self._undecided, *others)

    def _list(self, label: str, options: list[tuple[str, Any]], grow: str, act: Callable[[], None]) -> w.Dropdown:
        look = {"width": "auto", "flex": grow, "min_width": "0", "max_width": "420px"}
        made = w.Dropdown(description=label, options=options, layout=look)
        made.observe(self._guard(lambda _: act()), names=["value"])
        return made

    @property
    def value(self) -> Choice:
        """What was chosen."""
        cell = self._cell.value if self._column.value else ""
        return Choice(
            self._question.value if self._ask else self._given,
            self._pair.value or None,
            self._column.value,
            cell,
            bool(self._ties.value),
            bool(self._undecided.value),
        )

    def offer(self, disputes: Disputes, question: str = "") -> None:
        """Offer what these disputes have; what was chosen is kept where it is still possible. Calls nothing.

        Parameters
        ----------
        question : str
            The question, where it is not chosen here.
        """
        self._quiet, self._disputes, self._given = True, disputes, question
        try:
            asked = [(shorten(each.question, 90), each.question) for each in disputes.questions]
            _renew(self._question, [(_ALL, ""), *asked])
            self._offer_pairs()
            _renew(self._column, [("All rows", ""), *((shorten(name, 40), name) for name in disputes.columns)])
            self._offer_cells()
        finally:
            self._quiet = False
        set_visible(self._column, len(self._column.options) > 1)

    def _offer_pairs(self) -> None:
        found = list(pairs(self._disputes, self.value.question).items())[:_MOST_PAIRS]
        _renew(self._pair, [("Any", ""), *((_words(pair, number), pair) for pair, number in found)])
        set_visible(self._pair, len(found) > 1 or bool(self._pair.value))

    def _offer_cells(self) -> None:
        cells = self._disputes.columns.get(self._column.value, [])
        _renew(self._cell, [(shorten(each, 60) or "(empty)", each) for each in cells] or [("", "")])
        set_visible(self._cell, bool(cells))

    def _asked(self) -> None:
        self._silently(self._offer_pairs)

    def _sliced(self) -> None:
        self._silently(self._offer_cells)

    def _silently(self, act: Callable[[], None]) -> None:
        """Change other lists, which then calls only once."""
        if self._quiet:
            return
        self._quiet = True
        try:
            act()
        finally:
            self._quiet = False
        self._follow()

    def _follow(self) -> None:
        if not self._quiet:
            self._changed()


def _renew(made: w.Dropdown, options: list[tuple[str, Any]]) -> None:
    if list(made.options) == options:
        return
    before = made.value
    made.options = options
    values = [value for _, value in options]
    set_if_changed(made, "value", before if before in values else values[0])


def _words(pair: Pair, number: int) -> str:
    return f"{shorten(pair[0], 30)} / {shorten(pair[1], 30)} ({number:,})"
