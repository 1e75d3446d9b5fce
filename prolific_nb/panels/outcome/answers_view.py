"""The answers as a table that is filtered, sorted and saved."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ...common.display import quoted
from ..kit import widgets as w
from ..kit.controls import stack, toggle
from ..kit.html_table import shorten
from ..kit.traits import set_if_changed
from .answer_filters import Filters
from .answer_table import in_view
from .fetched_answers import Answers
from .pager import Pager
from .saving import Saving
from .view import View, named

PAGE = 50
_AS_RECEIVED = "As received"


class AnswersView(View):
    """The table of answers, with filters, order and a file to save it to."""

    saving: Saving

    def build(self) -> w.Widget:
        """Filters above the table, pages and file below it."""
        panel = self.panel
        self._found: pd.DataFrame | None = None
        look: dict[str, Any] = {"layout": {"width": "auto", "flex": "1 1 150px", "min_width": "0"}}
        self._order = w.Dropdown(description="Sort by", options=[(_AS_RECEIVED, "")], **look)
        self._order.observe(panel.guard(lambda _: self._find()), names=["value"])
        self._down = toggle("Descending", lambda _: self._find(), panel.guard, "The largest or last first")
        self._pager = Pager("Answers", PAGE, panel.guard)
        self.saving = Saving(panel, "responses.csv", lambda: self._found)
        self._filters = Filters(panel, self._find, self._order, self._down)
        return stack(self._filters.box, self._pager.box, self.saving.box)

    def matching(self, answers: Answers, question: str) -> pd.DataFrame:
        """The answers to a question that match the filters, in the order chosen."""
        found, by = answers.table.find(question=question or None, **self._filters.values), self._order.value
        return found.sort_values(by, ascending=not self._down.value, kind="stable") if by else found

    def renew(self) -> None:
        """Offer the filters and columns of these answers, and show them."""
        answers, question = self.answers, self.question
        if answers is None:
            return
        self._columns = answers.once(("columns", question), lambda: in_view(answers.of(question)))
        options = [(_AS_RECEIVED, ""), *((shorten(name, 40), name) for name in self._columns)]
        if list(self._order.options) != options:
            before = self._order.value
            self._order.options = options
            self._order.value = before if before in self._columns else ""
        self._filters.offer(answers, question)
        self._find()

    def _find(self) -> None:
        if self.answers is None:
            return
        found, by = self.matching(self.answers, self.question), self._order.value
        self._found = found
        self.saving.forget()
        set_if_changed(self._down, "disabled", not by)
        whole = len(self.answers.frame)
        more = f" (of {whole:,} in all)" if len(found) < whole else ""
        sorted_by = (by, bool(self._down.value)) if by else None
        self._pager.show(_columns(found, self._columns), sorted_by=sorted_by, more=more)
        self.panel.announce()

    def code(self) -> str:
        """Filter, sort and save."""
        arguments = named(self.question) + "".join(
            f", {name}={quoted(value)}" for name, value in self._filters.values.items()
        )
        lines, table = [], "answers"
        if arguments:
            lines, table = [f"shown = pnb.find_answers(answers{arguments})"], "shown"
        if by := self._order.value:
            descending = ", ascending=False" if self._down.value else ""
            lines.append(f'shown = {table}.sort_values({quoted(by)}{descending}, kind="stable")')
            table = "shown"
        return "\n".join([*lines, f"pnb.save_table({table}, {quoted(self.saving.path)})", ""])


def _columns(frame: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Some columns in this order, all of those of one name."""
    places = [place for name in names for place in range(frame.shape[1]) if frame.columns[place] == name]
    return frame.iloc[:, places]
