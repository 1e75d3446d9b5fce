"""The form for one item: built once from the fields that the item types declare, bound to the selected item."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from graphlib import TopologicalSorter
from html import escape
from itertools import pairwise
from typing import Any

from ...design.items import Item
from ...design.question_types import ITEM_TYPES, VERBATIM_TYPES, type_of
from ...design.question_types.form_edit import edited
from ...design.question_types.form_fields import FormField, Values
from ..kit import widgets as w
from ..kit.controls import stack
from .rich_text import RichText

# Hidden until an item has the field: each field that is hidden later is another message to the browser.
_LAYOUT = {"width": "100%", "min_width": "0", "display": "none"}
_WIDE: dict[str, Any] = {"layout": _LAYOUT, "style": {"description_width": "7.5em"}}

_WIDGETS: Mapping[str, Callable[[FormField], w.DOMWidget]] = {
    "text": lambda field: w.Text(description=field.label, placeholder=field.hint, **_WIDE),
    "lines": lambda field: w.Textarea(description=field.label, placeholder=field.hint, rows=field.rows, **_WIDE),
    "rich": lambda field: RichText(label=field.label, placeholder=field.hint, layout=_LAYOUT),
    "number": lambda field: w.BoundedIntText(
        description=field.label, min=field.least, max=field.most, tooltip=field.hint, **_WIDE
    ),
    "decimal": lambda field: w.BoundedFloatText(
        description=field.label, min=field.least, max=field.most, tooltip=field.hint, **_WIDE
    ),
    "choice": lambda field: w.Dropdown(description=field.label, options=list(field.choices), **_WIDE),
    "column": lambda field: w.Dropdown(description=field.label, **_WIDE),
}


def form_fields() -> list[FormField]:
    """The fields of all item types, each once; those of one type keep their order."""
    kinds = [*ITEM_TYPES.values(), *VERBATIM_TYPES.values()]
    declared = {field.name: field for kind in kinds for field in kind.fields}
    order: TopologicalSorter[str] = TopologicalSorter(dict.fromkeys(declared, ()))
    for kind in kinds:
        for before, after in pairwise(kind.fields):
            order.add(after.name, before.name)
    return [declared[name] for name in order.static_order()]


class Editor:
    """Fields for one item at a time.

    Parameters
    ----------
    changed : callable
        Called with the new item and the name of the field when the user changes a field.
    """

    def __init__(self, changed: Callable[[Item, str], None], guard: Callable[..., Callable[..., None]]) -> None:
        self._changed = changed
        self._item: Item | None = None
        self._binding = False
        self._declared = form_fields()
        self._fields = {field.name: _WIDGETS[field.input](field) for field in self._declared}
        self.empty = w.HTML('<p class="pnb-muted">Select an entry in the list, or add one.</p>')
        self._problem = w.HTML(layout={"display": "none"})
        self.box = stack(self.empty, *self._fields.values(), self._problem)
        self.box.add_class("pnb-editor")
        for name, field in self._fields.items():
            field.observe(guard(lambda change, name=name: self._typed(name)), names=["value"])
        self.bind(None, ())

    def bind(self, item: Item | None, columns: Sequence[str]) -> None:
        """Show an item; `columns` are those that can be chosen."""
        self._binding = True
        try:
            self._item = item
            self._report("")
            values = type_of(item).to_form(item) if item is not None else {}
            self.empty.layout.display = "none" if item is not None else ""
            self._offer(columns, values.get("column"))
            # While the user types, other text may give the same item ("good " and "good"): it is not overwritten.
            if not self._gives(item):
                for name, value in values.items():
                    self._fields[name].value = value
            for field in self._declared:
                if field.raw_if is not None and field.name in values:
                    self._fields[field.name].raw = _holds(field.raw_if, values)
            # Shown last, so that a field never appears with the text of another item.
            for field in self._declared:
                self._fields[field.name].layout.display = "" if _applies(field, values) else "none"
        finally:
            self._binding = False

    def _report(self, problem: str) -> None:
        """Show why what was typed is not taken over, or nothing."""
        self._problem.value = f'<p class="pnb-muted">{escape(problem)}</p>' if problem else ""
        self._problem.layout.display = "" if problem else "none"

    def _offer(self, columns: Sequence[str], current: str | None) -> None:
        # A column that is missing from the data stays visible: it has to be fixed.
        options = list(dict.fromkeys([*columns, *([current] if current is not None else [])]))
        if list(self._fields["column"].options) != options:
            self._fields["column"].options = options

    def _gives(self, item: Item | None) -> bool:
        try:
            return item is None or type_of(item).from_form(self._read()) == item
        except ValueError:
            return False

    def _read(self) -> Values:
        return {name: field.value for name, field in self._fields.items()}

    def _typed(self, name: str) -> None:
        if self._binding or self._item is None:
            return
        try:
            item = edited(type_of(self._item), self._item, self._read())
        except ValueError as unfinished:  # such as JSON that is still being typed
            self._report(str(unfinished))
            return
        self._report("")
        if item != self._item:
            self._item = item
            self._changed(item, name)


def _applies(field: FormField, values: Values) -> bool:
    if field.name not in values or field.only_if is None:
        return field.name in values
    return _holds(field.only_if, values)


def _holds(condition: tuple[str, object], values: Values) -> bool:
    other, wanted = condition
    return bool(values[other] == wanted)
