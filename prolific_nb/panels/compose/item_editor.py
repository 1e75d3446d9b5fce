"""The form for one item: built once from the fields that the item types declare, bound to the selected item."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from graphlib import TopologicalSorter
from itertools import pairwise
from typing import Any

from ...design.items import Item
from ...design.question_types import ITEM_TYPES, type_of
from ...design.question_types.form_fields import FormField, Values
from ..kit import widgets as w

_WIDE: dict[str, Any] = {"layout": {"width": "98%", "min_width": "0"}, "style": {"description_width": "7.5em"}}

_WIDGETS: Mapping[str, Callable[[FormField], w.ValueWidget]] = {
    "text": lambda field: w.Text(description=field.label, placeholder=field.hint, **_WIDE),
    "lines": lambda field: w.Textarea(description=field.label, placeholder=field.hint, rows=field.rows, **_WIDE),
    "number": lambda field: w.BoundedIntText(
        description=field.label, min=field.least, max=field.most, tooltip=field.hint, **_WIDE
    ),
    "choice": lambda field: w.Dropdown(description=field.label, options=list(field.choices), **_WIDE),
    "column": lambda field: w.Dropdown(description=field.label, **_WIDE),
}


def form_fields() -> list[FormField]:
    """The fields of all item types, each once; those of one type keep their order."""
    declared = {field.name: field for kind in ITEM_TYPES.values() for field in kind.fields}
    order: TopologicalSorter[str] = TopologicalSorter(dict.fromkeys(declared, ()))
    for kind in ITEM_TYPES.values():
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
        self.box = w.VBox([self.empty, *self._fields.values()], layout={"width": "100%"})
        self.box.add_class("pnb-editor")
        for name, field in self._fields.items():
            field.observe(guard(lambda change, name=name: self._typed(name)), names=["value"])
        self.bind(None, ())

    def bind(self, item: Item | None, columns: Sequence[str]) -> None:
        """Show an item; `columns` are those that can be chosen."""
        self._binding = True
        try:
            self._item = item
            values = type_of(item).to_form(item) if item is not None else {}
            self.empty.layout.display = "none" if item is not None else ""
            self._offer(columns, values.get("column"))
            # While the user types, other text may give the same item ("good " and "good"): it is not overwritten.
            if not self._gives(item):
                for name, value in values.items():
                    self._fields[name].value = value
            # Shown last, so that a field never appears with the text of another item.
            for field in self._declared:
                self._fields[field.name].layout.display = "" if _applies(field, values) else "none"
        finally:
            self._binding = False

    def _offer(self, columns: Sequence[str], current: str | None) -> None:
        # A column that is missing from the data stays visible: it has to be fixed.
        options = list(dict.fromkeys([*columns, *([current] if current is not None else [])]))
        if list(self._fields["column"].options) != options:
            self._fields["column"].options = options

    def _gives(self, item: Item | None) -> bool:
        return item is None or type_of(item).from_form(self._read()) == item

    def _read(self) -> Values:
        return {name: field.value for name, field in self._fields.items()}

    def _typed(self, name: str) -> None:
        if self._binding or self._item is None:
            return
        item = type_of(self._item).from_form(self._read())
        if item != self._item:
            self._item = item
            self._changed(item, name)


def _applies(field: FormField, values: Values) -> bool:
    if field.name not in values or field.only_if is None:
        return field.name in values
    other, wanted = field.only_if
    return bool(values[other] == wanted)
