"""The card in which one filter is chosen or edited: its choices, its range, or the studies and groups that it lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from ....api import Record
from ....errors import PlanError
from ....study import Filter
from ....study.audience.range_ends import above, position
from ...kit import widgets as w
from ...kit.controls import Guard, button, row, stack
from ...kit.html_table import shorten
from ...kit.traits import set_if_changed, set_visible
from .audience_tree import Path
from .audience_words import title_of
from .filter_library import Known
from .picker import Picker

_KEEP_OUT, _LET_IN = "are kept out", "are the only ones admitted"
_LISTED = {"StudyID": "Participants of these studies", "ParticipantGroupID": "Members of these groups"}
_PICKED = {"StudyID": "Studies", "ParticipantGroupID": "Groups"}
_TYPED = {"StudyID": "Study IDs", "ParticipantGroupID": "Group IDs", "ParticipantID": "Participant IDs"}
_EMPTY = {
    "StudyID": "There are no studies in this workspace; enter the IDs.",
    "ParticipantGroupID": "There are no groups in this workspace; enter the IDs.",
}
_LOOK: dict[str, Any] = {"style": {"description_width": "initial"}, "layout": {"width": "auto", "min_width": "0"}}


class NotComplete(Exception):
    """What was entered does not make a filter; the message says what to do."""


@dataclass(frozen=True)
class Subject:
    """What the card is about: a filter to be added, or the one at a path of the plan."""

    filter_id: str
    path: Path | None = None
    before: Filter | None = None


class FilterCard:
    """The widgets of the card; `save`, `remove` and `cancel` are called without arguments.

    Parameters
    ----------
    guard : callable
        Wraps callbacks.
    save, remove, cancel : callable
        What the buttons do.
    """

    def __init__(
        self, guard: Guard, save: Callable[[], None], remove: Callable[[], None], cancel: Callable[[], None]
    ) -> None:
        self.subject: Subject | None = None
        self._known, self._kind = Known(), ""
        self.title, self.note = w.HTML(), w.HTML()
        self.way = w.Dropdown(options=[_KEEP_OUT, _LET_IN], description="", **_LOOK)
        self.choices = Picker(multiple=True, description="Choices")
        self.ids = w.Textarea(description="IDs", placeholder="separated by commas, spaces or lines", rows=2, **_LOOK)
        self.low = w.Text(description="From", placeholder="no limit", continuous_update=True, **_LOOK)
        self.high = w.Text(description="to", placeholder="no limit", continuous_update=True, **_LOOK)
        self.place = w.Dropdown(description="Combine", options=[("and", ())], **_LOOK)
        self.keep = button("Add", save, guard, "Add this filter to the audience")
        self.drop = button("Remove", remove, guard, "Remove this filter from the audience")
        self.leave = button("Cancel", cancel, guard, "Close without a change")
        self.ends = row(self.low, self.high)
        last = row(self.place, self.keep, self.drop, self.leave)
        self.box = stack(self.title, self.way, self.choices, self.ids, self.ends, self.note, last)
        self.box.add_class("pnb-plan-card")
        for field in (self.low, self.high, self.ids):
            field.observe(guard(lambda _: self.complain("")), names=["value"])
        set_visible(self.box, False)

    def open(self, subject: Subject, known: Known, places: Sequence[tuple[str, Path]]) -> None:
        """Show a filter; a new one may be combined with the others at one of the places."""
        self.subject = subject
        self.choices.chosen = list(subject.before.any_of or ()) if subject.before else []
        ends = subject.before.between or (None, None) if subject.before else (None, None)
        self.low.value, self.high.value = ("" if end is None else str(end) for end in ends)
        self.ids.value = ", ".join(subject.before.any_of or ()) if subject.before else ""
        self.way.value = _LET_IN if subject.filter_id.endswith("allowlist") else _KEEP_OUT
        self.place.options = list(places)
        new = subject.path is None
        set_if_changed(self.keep, "description", "Add" if new else "Save")
        set_visible(self.place, new and len(places) > 1)
        set_visible(self.drop, not new)
        self.complain("")
        self.choices.clear()
        self.show(known)
        set_visible(self.box)

    def close(self) -> None:
        """Hide the card."""
        self.subject = None
        set_visible(self.box, False)

    def show(self, known: Known, reading: bool = False) -> None:
        """Show what is known by now about the filter."""
        if self.subject is None:
            return
        self._known = known
        ident, definition = self.subject.filter_id, known.filters.get(self.subject.filter_id)
        refers, labels = known.refers_to(ident), known.labels(ident)
        before = self.subject.before
        ranged = definition.get("type") == "range" if definition else bool(before and before.between)
        unknown = definition is None and before is None and not refers
        self._kind = refers or ("range" if ranged else "select")
        listed = self._kind in ("select", *_LISTED)
        typed = self._kind == "ParticipantID" or (listed and not labels and not reading)
        set_if_changed(self.title, "value", self._heading(known))
        set_visible(self.way, bool(refers))
        set_if_changed(self.way, "description", _LISTED.get(self._kind, "These participants"))
        set_visible(self.choices, listed and not typed)
        set_if_changed(self.choices, "description", _PICKED.get(self._kind, "Choices"))
        set_if_changed(self.choices, "busy", "Reading the list…" if reading and not labels else "")
        set_if_changed(self.choices, "items", _items(labels, self.choices.chosen))
        set_visible(self.ids, typed)
        set_if_changed(self.ids, "description", _TYPED.get(self._kind, "Choice IDs"))
        set_visible(self.ends, ranged or unknown)

    def _heading(self, known: Known) -> str:
        assert self.subject is not None
        ident = self.subject.filter_id
        definition = known.filters.get(ident) or Record()
        question = "" if known.refers_to(ident) else str(definition.get("question") or "")
        least, most = definition.get("min"), definition.get("max")
        ends = f" Values from {least} to {most}." if definition.get("type") == "range" and least is not None else ""
        gap = " ".join(known.gaps.get(name, "") for name in ("filters", f"choices of {ident}", *self._needed(known)))
        empty = "" if known.labels(ident) or gap.strip() else _EMPTY.get(known.refers_to(ident), "")
        words = escape(shorten(f"{question}{ends} {gap} {empty}".strip(), 400))
        title = escape(shorten(title_of(ident, known), 120))
        return f'<h5 class="pnb-heading">{title}</h5><div class="pnb-muted">{words}</div>'

    def _needed(self, known: Known) -> list[str]:
        kind = known.refers_to(self.subject.filter_id) if self.subject else ""
        return {"StudyID": ["studies"], "ParticipantGroupID": ["groups"]}.get(kind, [])

    def complain(self, words: str) -> None:
        """Show what is missing; empty words hide it."""
        alert = f'<p role="alert" class="pnb-field-error"><b>Error:</b> {escape(words)}</p>' if words else ""
        set_if_changed(self.note, "value", alert)

    def first_field(self) -> Any:
        """The widget that takes the keyboard focus."""
        fields = (self.choices, self.ids, self.ends)
        shown = next((each for each in fields if each.layout.display != "none"), self.ids)
        return self.low if shown is self.ends else shown

    def value(self) -> Filter:
        """The filter as it was entered.

        Raises
        ------
        NotComplete
            Nothing was chosen, or the ends do not form a range.
        """
        assert self.subject is not None
        chosen = list(self.choices.chosen) if self.choices.layout.display != "none" else _split(self.ids.value)
        ends = tuple(self._end(field, place) for place, field in enumerate((self.low, self.high)))
        if self.ends.layout.display != "none" and not (chosen and self._kind == "select"):
            return self._range(ends)
        if not chosen:
            raise NotComplete("Choose at least one.")
        return _filter(self._ident(), any_of=chosen)

    def _range(self, ends: tuple[Any, Any]) -> Filter:
        given = [end for end in ends if end is not None]
        if not given:
            raise NotComplete("Enter a lowest value, a highest value, or both.")
        wrong = [end for end in given if position(end) is None]
        if wrong:
            raise NotComplete(f"“{wrong[0]}” is neither a number nor a date such as 2000-01-31.")
        if len(given) == 2 and above(*given):
            raise NotComplete(f"The range is empty: {given[0]} is above {given[1]}.")
        return _filter(self._ident(), between=ends)

    def _end(self, field: Any, place: int) -> Any:
        """An end as entered; one that was not edited stays the value that it was."""
        before = self.subject.before.between if self.subject and self.subject.before else None
        text = field.value.strip()
        if before is not None and str(before[place]) == text:
            return before[place]
        if re.fullmatch(r"[-+]?\d+", text):
            return int(text)
        return (float(text) if re.fullmatch(r"[-+]?\d*\.\d+", text) else text) or None

    def _ident(self) -> str:
        assert self.subject is not None
        if self.way.layout.display == "none":
            return self.subject.filter_id
        kind = self.subject.filter_id.rpartition("_")[0]
        return f"{kind}_{'allowlist' if self.way.value == _LET_IN else 'blocklist'}"


def _filter(ident: str, **given: Any) -> Filter:
    try:
        return Filter(ident, **given)
    except PlanError as wrong:
        raise NotComplete(wrong.findings[0].what) from None


def _split(text: str) -> list[str]:
    return [part for part in re.split(r"[\s,;]+", text) if part]


def _items(labels: Mapping[str, str], chosen: Sequence[str]) -> list[dict[str, Any]]:
    """The choices in the catalogue's order, after those that are chosen and not in it."""
    unknown = {ident: ident for ident in chosen if ident not in labels}
    return [{"id": ident, "title": label, "detail": ""} for ident, label in {**unknown, **labels}.items()]
