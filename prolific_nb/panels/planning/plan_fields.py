"""Fields of a plan, each with a place for its error: what is typed, what is shown, and the sentences in between."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from ...common.findings import Finding
from ...errors import PlanError
from ...study import StudyPlan
from ..kit import widgets as w
from ..kit.controls import Guard
from ..kit.traits import set_if_changed, set_visible

_REMEDIES = {
    "name": "Enter a name; participants see it.",
    "reward": "Enter an amount with its decimals, such as 1.50.",
    "minutes": "Enter the minutes that one submission takes, such as 6.",
    "annotators_per_task": "Enter a whole number of at least 1.",
    "tasks_per_group": "Enter a whole number of at least 1.",
    "max_submissions": "Enter a whole number of at least 1, or tick “no limit”.",
    "completion_codes": "Enter a JSON list of objects.",
    "extra": "Enter a JSON object.",
}


class NotReadable(ValueError):
    """The text of a field is not what the field holds."""


def _same(value: Any) -> Any:
    return value


@dataclass(frozen=True)
class PlanField:
    """One field of a plan.

    Parameters
    ----------
    name : str
        The plan's field.
    widget : ipywidgets.Widget
        Has a `value`.
    read, show : callable
        From the widget's value to the plan's, and back; `read` may raise NotReadable.
    """

    name: str
    widget: Any
    read: Callable[[Any], Any] = _same
    show: Callable[[Any], Any] = _same


class PlanFields:
    """Fields that together make a plan.

    Parameters
    ----------
    guard : callable
        Wraps callbacks.
    typed : callable
        Called with a new plan and the name of the field that was changed, if all fields are valid.
    """

    def __init__(self, guard: Guard, typed: Callable[[StudyPlan, str], None]) -> None:
        self._guard, self._typed = guard, typed
        self._fields: dict[str, PlanField] = {}
        self._notes: dict[str, w.HTML] = {}
        self._kept: StudyPlan | None = None
        self._setting = False

    def add(self, field: PlanField, room: str = "1 1 200px") -> w.Widget:
        """Watch a field; returns it with the place for its error."""
        note = w.HTML(layout={"display": "none"})
        self._fields[field.name], self._notes[field.name] = field, note
        if self._kept is not None:
            self._set(field, self._kept)
        field.widget.observe(self._guard(lambda _: self._changed(field.name)), names=["value"])
        return w.VBox([field.widget, note], layout={"min_width": "0", "flex": room})

    def fill(self, plan: StudyPlan) -> None:
        """Show a plan; fields whose value stays the same are left alone, also while something is typed in them."""
        before, self._kept = self._kept, plan
        for field in self._fields.values():
            if before is None or getattr(before, field.name) != getattr(plan, field.name):
                self._set(field, plan)
        self._check()

    def accept(self, plan: StudyPlan) -> None:
        """Keep a plan that these fields made, without rewriting what was typed."""
        self._kept = plan

    @contextmanager
    def silently(self) -> Iterator[None]:
        """Changes of the widgets in this context are not typed by anyone."""
        self._setting = True
        try:
            yield
        finally:
            self._setting = False

    def _set(self, field: PlanField, plan: StudyPlan) -> None:
        with self.silently():
            set_if_changed(field.widget, "value", field.show(getattr(plan, field.name)))

    def _changed(self, name: str) -> None:
        if self._setting or self._kept is None:
            return
        plan = self._check()
        if plan is not None and plan != self._kept:
            self._typed(plan, name)

    def _check(self) -> StudyPlan | None:
        """The plan of the fields; None if one is not valid, in which case its error is shown below it."""
        assert self._kept is not None
        wrong: dict[str, str] = {}
        typed: dict[str, Any] = {}
        for name, field in self._fields.items():
            try:
                if field.widget.value != field.show(getattr(self._kept, name)):
                    typed[name] = field.read(field.widget.value)
            except NotReadable as failure:
                wrong[name] = str(failure)
        try:
            plan = replace(self._kept, **typed)
        except PlanError as failure:
            plan = self._kept
            wrong |= {_place(finding): _what(finding) for finding in failure.findings}
        self._show_errors(wrong)
        return None if wrong else plan

    def _show_errors(self, wrong: dict[str, str]) -> None:
        assert self._kept is not None
        for name, note in self._notes.items():
            what = wrong.get(name)
            set_if_changed(note, "value", _alert(what, name, self._kept) if what else "")
            set_visible(note, what is not None)


def as_number(value: Any) -> Any:
    """A whole number as an int, so that the code reads ``minutes=6``."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def or_none(text: str) -> str | None:
    """A text, or None for an empty one."""
    return text.strip() or None


def json_of(kind: type, empty: Any) -> Callable[[str], Any]:
    """A reader of JSON text: a value of this kind, or the empty one."""

    def read(text: str) -> Any:
        if not text.strip():
            return empty
        try:
            value = json.loads(text)
        except ValueError as wrong:
            raise NotReadable(f"This is not JSON: {wrong}.") from None
        if not isinstance(value, kind) or (
            isinstance(value, list) and not all(isinstance(each, dict) for each in value)
        ):
            raise NotReadable("This is JSON of another kind.")
        return value

    return read


def as_json(value: Any) -> str:
    """JSON text of a value; empty for an empty one."""
    return json.dumps(value, ensure_ascii=False, default=str) if value else ""


def _place(finding: Finding) -> str:
    return finding.place or "name"


def _what(finding: Finding) -> str:
    """What is wrong; the remedy for people who write code follows it in some messages."""
    return finding.what.split(" Pass ")[0]


def _alert(what: str, name: str, kept: StudyPlan) -> str:
    value = str(kept.pay) if name == "reward" else getattr(kept, name)
    stays = f"Until then the plan uses {value}." if value and not isinstance(value, list | dict | tuple) else ""
    words = escape(" ".join(part for part in (what, _REMEDIES.get(name, ""), stays) if part))
    return f'<p role="alert" class="pnb-field-error"><b>Error:</b> {words}</p>'
