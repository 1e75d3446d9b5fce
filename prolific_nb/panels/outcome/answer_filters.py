"""Filters of the answers, each of which is also shown as a word that can be removed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...design.question_types import text_of
from ..kit import widgets as w
from ..kit.controls import button, row, stack
from ..kit.html_table import shorten
from ..kit.panel import Panel
from ..kit.traits import set_if_changed, set_visible
from .fetched_answers import Answers

_ANY = "Any"
_MOST = 200  # options of a list that can still be read
_LABELLED = ("single", "many", "scale")


class Filters:
    """Label, participant and text.

    Parameters
    ----------
    panel : Panel
        Shows the errors.
    changed : callable
        Called after every change.
    *others : ipywidgets.Widget
        Other controls in the same row.

    Attributes
    ----------
    box : ipywidgets.VBox
    """

    def __init__(self, panel: Panel, changed: Callable[[], Any], *others: w.Widget) -> None:
        self._changed = panel.guard(lambda _: self._follow(changed))
        self._panel = panel
        look: dict[str, Any] = {"layout": {"width": "auto", "flex": "1 1 150px", "min_width": "0"}}
        self._text = w.Text(description="Search", placeholder="Answers and rows", **look)
        self._label = w.Dropdown(description="Label", options=[(_ANY, "")], **look)
        self._participant = w.Combobox(description="Participant", placeholder="ID", ensure_option=True, **look)
        self._fields: dict[str, Any] = {"text": self._text, "label": self._label, "participant": self._participant}
        self._words = {name: self._word(name) for name in self._fields}
        for field in self._fields.values():
            field.observe(self._changed, names=["value"])
        self._row = row(*self._words.values())
        set_visible(self._row, False)
        self.box = stack(row(*self._fields.values(), *others), self._row)

    def _word(self, name: str) -> w.Button:
        word = button("", lambda: self._remove(name), self._panel.guard, "Remove this filter")
        word.add_class("pnb-word")
        self._panel.surface.delete(word, word)
        return word

    def _remove(self, name: str) -> None:
        self._fields[name].value = ""

    def _follow(self, changed: Callable[[], Any]) -> None:
        for name, word in self._words.items():
            value = self._fields[name].value
            set_if_changed(
                word, "description", f"{self._fields[name].description}: {shorten(value, 40)} ✕" if value else ""
            )
            set_visible(word, bool(value))
        set_visible(self._row, bool(self.values))
        changed()

    @property
    def values(self) -> dict[str, str]:
        """The filters in use, as arguments of `find_answers`."""
        return {name: field.value for name, field in self._fields.items() if field.value}

    def offer(self, answers: Answers, question: str) -> None:
        """Offer the labels of a question and the participants; a filter that is no longer possible is removed."""
        labels = answers.once(("labels", question), lambda: _labels(answers, question))
        options = [(_ANY, ""), *((shorten(each, 60), each) for each in labels)]
        if list(self._label.options) != options:
            before = self._label.value
            self._label.options = options
            self._label.value = before if before in labels else ""
        set_if_changed(self._label, "disabled", not labels)
        people = answers.once("people", lambda: tuple(sorted(map(str, answers.frame["participant_id"].unique()))))
        set_if_changed(self._participant, "options", people)
        if self._participant.value not in people:
            self._participant.value = ""


def _labels(answers: Answers, question: str) -> list[str]:
    """The labels of the questions that have any: the options offered, then the other answers given."""
    asked = [each for each in answers.asked(question) if each.kind in _LABELLED]
    offered = [text_of(option) for each in asked for option in each.options]
    frame = answers.frame
    given = frame["value"][frame["question"].isin([each.question for each in asked])].dropna().unique().tolist()
    return list(dict.fromkeys([*offered, *given]))[:_MOST]
