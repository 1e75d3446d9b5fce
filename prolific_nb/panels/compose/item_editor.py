"""The one editor: built once, bound to whichever item is selected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ...design.items import Item
from ..kit import widgets as w
from .item_fields import MANY, ONE, SCALE, Values, from_form, to_form

_WIDE: dict[str, Any] = {"layout": {"width": "98%", "min_width": "0"}, "style": {"description_width": "7.5em"}}


def _text(label: str, hint: str = "") -> w.Text:
    return w.Text(description=label, placeholder=hint, **_WIDE)


def _lines(label: str, hint: str, rows: int) -> w.Textarea:
    return w.Textarea(description=label, placeholder=hint, rows=rows, **_WIDE)


def _count(label: str, hint: str) -> w.BoundedIntText:
    return w.BoundedIntText(description=label, min=0, max=100_000, tooltip=hint, **_WIDE)


def _fields() -> dict[str, w.ValueWidget]:
    return {
        "column": w.Dropdown(description="Column", **_WIDE),
        "content": _lines("Text", "Basic HTML, such as <p>Read <b>all</b> of it.</p>", 5),
        "url": _text("Address", "https://…"),
        "alt": _text("Describes it", "What the picture shows, for those who cannot see it"),
        "caption": _text("Caption"),
        "question": _lines("Question", "What is asked", 2),
        "options": _lines("Options", "One per line; value | label stores another word than is shown", 5),
        "headed": _lines("By heading", "One per line; # begins a heading", 6),
        "pick": w.Dropdown(description="People pick", options=[ONE, SCALE, MANY], **_WIDE),
        "at_most": _count("Picks at most", "Options; 0: any number"),
        "none": _text("None of these", "A last option that clears the others; empty: none"),
        "units": _lines("Units", "One per line, two or more", 3),
        "position": w.Dropdown(
            description="Unit stands", options=[("after the number", "suffix"), ("before it", "prefix")], **_WIDE
        ),
        "helper": _text("Hint", "A line below the question"),
        "placeholder": _text("In the field", "Shown until something is typed"),
        "least": w.BoundedIntText(
            description="At least", min=0, max=100_000, tooltip="Characters; 0: no bound", **_WIDE
        ),
        "most": w.BoundedIntText(description="At most", min=0, max=100_000, tooltip="Characters; 0: no bound", **_WIDE),
        "types": _text("File types", ".jpg .png; empty: pictures"),
        "files": w.BoundedIntText(
            description="At most", min=0, max=100, tooltip="Files; 0: Prolific's default", **_WIDE
        ),
    }


class Editor:
    """Fields for one item at a time.

    Parameters
    ----------
    changed : callable
        Called with the new item and the name of the field, when the user changed it.
    """

    def __init__(self, changed: Callable[[Item, str], None], guard: Callable[..., Callable[..., None]]) -> None:
        self._changed = changed
        self._item: Item | None = None
        self._binding = False
        self._fields = _fields()
        self.empty = w.HTML('<p class="pnb-muted">Select something in the list, or add it.</p>')
        self.box = w.VBox([self.empty, *self._fields.values()], layout={"width": "100%"})
        self.box.add_class("pnb-editor")
        for name, field in self._fields.items():
            field.observe(guard(lambda change, name=name: self._typed(name)), names=["value"])
        self.bind(None, ())

    def bind(self, item: Item | None, columns: Sequence[str]) -> None:
        """Show an item; `columns` are what a column can be chosen from."""
        self._binding = True
        try:
            self._item = item
            values = to_form(item) if item is not None else {}
            self.empty.layout.display = "none" if item is not None else ""
            self._offer(columns, values.get("column"))
            # What is being typed may mean the same in other letters ("good " for "good"): it is left alone.
            if not self._means(item):
                for name, value in values.items():
                    self._fields[name].value = value
            # Shown last: a field never appears with the words of another item in it.
            for name, field in self._fields.items():
                field.layout.display = "" if name in values and self._applies(name, values) else "none"
        finally:
            self._binding = False

    def _offer(self, columns: Sequence[str], current: str | None) -> None:
        # A column that the data lacks stays visible: it is what has to be mended.
        options = list(dict.fromkeys([*columns, *([current] if current is not None else [])]))
        if list(self._fields["column"].options) != options:
            self._fields["column"].options = options

    def _applies(self, name: str, values: Values) -> bool:
        return name not in ("at_most", "none") or "pick" not in values or values["pick"] == MANY

    def _means(self, item: Item | None) -> bool:
        return item is None or from_form(type(item), self._read()) == item

    def _read(self) -> Values:
        return {name: field.value for name, field in self._fields.items()}

    def _typed(self, name: str) -> None:
        if self._binding or self._item is None:
            return
        item = from_form(type(self._item), self._read())
        if item != self._item:
            self._item = item
            self._changed(item, name)
