"""Compose: everything on the page as a list, one form, and beside it what participants will see."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import Any

from ...common import render
from ...data import Dataset
from ...design import TEMPLATES, Design, Entry, template
from ...design.items import Item
from ..kit import widgets as w
from ..kit.findings_list import findings_html
from ..kit.observable import Observable, as_observable
from ..kit.panel import Panel
from ..kit.preview_frame import Preview
from ..kit.sortable_list import Sortable
from .item_editor import Editor
from .item_palette import ITEM_FACTORIES, kind_of, problems, title_of

_FIELD: dict[str, Any] = {"layout": {"width": "98%", "min_width": "0"}, "style": {"description_width": "7.5em"}}
_UNTITLED = "Untitled task"


class Composer(Panel):
    """The task as a sortable list, with one form and a live preview.

    Parameters
    ----------
    design : Design or Observable, optional
        The design to start from; empty by default.
    data : Dataset or Observable, optional
        Its columns can be shown, and its rows fill the preview.
    client : Client or Observable, optional
        Only determines whether the panel shows SANDBOX or LIVE.

    Examples
    --------
    >>> from prolific_nb.design import Design
    >>> panel = Composer(Design("Reviews").choose("How?", ["good", "bad"]))
    >>> panel.value
    Design('Reviews': 1 page, 1 question, shows no column)
    """

    name, title = "pnb-compose", "Compose"
    undoable = True

    def __init__(self, design: Any = None, data: Any = None, *, client: Any = None) -> None:
        self.data: Observable[Dataset | None] = as_observable(data)
        self._selected = 0
        self._row = 0
        self._files = 0  # number of data sets so far: row 2 of another file is another row
        self._refreshing = False
        super().__init__(as_observable(design if design is not None else Design(_UNTITLED)), as_observable(client))
        self.watch(self.data, lambda _: self._data_changed())

    # --- the widgets -------------------------------------------------------------------------------------------

    def build(self) -> list[w.Widget]:
        """List and form on the left, preview on the right; one below another where it is narrow."""
        self._list = Sortable(label="What is on the page")
        self._list.observe(self.guard(self._sorted), names=["order"])
        self._list.observe(self.guard(self._picked), names=["selected"])
        self._editor = Editor(self._edited, self.guard)
        self._findings = w.HTML()
        parts = [self._beginning(), self._details(), self._adding(), self._list, self._acting(), self._editor.box]
        # Layouts are passed to the constructor: one that is replaced later stays open in the kernel.
        half = {"flex": "1 1 380px", "min_width": "0", "max_width": "100%"}
        left = w.VBox(parts, layout=half)
        right = w.VBox([self._looking(), self._preview, self._findings], layout=half)
        both = w.Layout(flex_flow="row wrap", width="100%", align_items="flex-start", grid_gap="8px 20px")
        return [w.Box([left, right], layout=both)]

    def _button(self, label: str, act: Any, hint: str = "") -> w.Button:
        button = w.Button(description=label, tooltip=hint or label, layout=w.Layout(width="auto", min_width="4.5em"))
        button.on_click(self.guard(lambda _: act()))
        return button

    def _beginning(self) -> w.Widget:
        self._template = w.Dropdown(description="Template", options=list(TEMPLATES), **_FIELD)
        self._template.layout.flex = "1 1 220px"
        start = self._button("Start from template", self._start, "Replaces the list; Undo restores it")
        # Below the list, since the sentence is too long for it.
        about = w.HTML(_about(self._template.value), layout=w.Layout(width="100%", margin="0 0 4px 8em"))
        self._template.observe(self.guard(lambda change: setattr(about, "value", _about(change["new"]))), names="value")
        return w.Box([self._template, start, about], layout=w.Layout(flex_flow="row wrap", width="100%"))

    def _details(self) -> w.Widget:
        self._name = w.Text(description="Task name", **_FIELD)
        self._introduction = w.Textarea(description="Introduction", rows=3, placeholder="Basic HTML", **_FIELD)
        self._steps = w.Textarea(description="Steps", rows=3, placeholder="Basic HTML", **_FIELD)
        for field, part in self._parts_of_details():
            field.observe(self.guard(lambda change, part=part: self._worded(part, change["new"])), names=["value"])
        return w.VBox([field for field, _ in self._parts_of_details()], layout={"width": "100%"})

    def _parts_of_details(self) -> Sequence[tuple[Any, str]]:
        return (self._name, "name"), (self._introduction, "introduction"), (self._steps, "steps")

    def _adding(self) -> w.Widget:
        self._part = w.Dropdown(description="New", options=list(ITEM_FACTORIES), **_FIELD)
        self._part.layout.flex = "1 1 220px"
        add = self._button("Add", self._add, "Adds it below the selected entry")
        return w.Box([self._part, add], layout=w.Layout(flex_flow="row wrap", width="100%"))

    def _acting(self) -> w.Widget:
        self._undo = self._button("Undo", self.held.undo)
        self._redo = self._button("Redo", self.held.redo)
        self._beside = self._button("Beside", self._toggle_beside, "Next to the entry before it, in a second column")
        self._duplicate = self._button("Duplicate", self._copy)
        self._delete = self._button("Delete", self._remove)
        acts = [self._duplicate, self._delete, self._beside, self._undo, self._redo]
        return w.Box(acts, layout=w.Layout(flex_flow="row wrap", width="100%"))

    def _looking(self) -> w.Widget:
        self._preview = Preview(title="What participants will see")
        self._which = w.HTML()
        sizes, hints = [("Desktop", "desktop"), ("Phone", "phone")], ["Full width", "390 px wide"]
        width = w.ToggleButtons(options=sizes, tooltips=hints)
        width.style.button_width = "6.5em"
        width.observe(self.guard(lambda change: self._preview.set_trait("width", change["new"])), names=["value"])
        steps = [("Previous", lambda: self._go(self._row - 1)), ("Next", lambda: self._go(self._row + 1))]
        buttons = [self._button(label, act, f"{label} row of the data") for label, act in steps]
        buttons.append(self._button("Random", lambda: self._go(random.randrange(max(self._rows(), 1))), "Any row"))
        return w.Box([*buttons, self._which, width], layout=w.Layout(flex_flow="row wrap", align_items="center"))

    # --- what the user does ------------------------------------------------------------------------------------

    def _entries(self) -> tuple[Entry, ...]:
        return self.value.entries

    def _columns(self) -> tuple[str, ...]:
        return self.data.value.columns if self.data.value is not None else ()

    def _change(self, change: Any, *, select: int | None = None, merge: str = "") -> None:
        if select is not None:
            self._selected = select
        self.held.update(change, merge=merge)

    def _start(self) -> None:
        self._change(lambda _: template(self._template.value, self.data.value), select=0)

    def _worded(self, part: str, text: str) -> None:
        if not self._refreshing and getattr(self.value, part) != text:
            self._change(lambda design: replace(design, **{part: text}), merge=part)

    def _add(self) -> None:
        columns = self._columns()
        unused = tuple(column for column in columns if column not in self.value.shown)
        entry = ITEM_FACTORIES[self._part.value](unused or columns)
        once = entry.page != "body"  # intro and outro pages have fixed positions
        before = self._entries()
        at = None if once else min(self._selected + 1, len(before))
        after = self.value.insert(entry, at)
        self._change(lambda _: after, select=_added(before, after.entries))

    def _copy(self) -> None:
        if self._entries():
            after = self.value.duplicate(self._selected)
            self._change(lambda _: after, select=_added(self._entries(), after.entries))

    def _remove(self) -> None:
        if self._entries():
            at = self._selected
            self._change(lambda design: design.remove(at))

    def _toggle_beside(self) -> None:
        at = self._selected
        on = not self._entries()[at].beside
        self._change(lambda design: design.beside(at, on))

    def _edited(self, item: Item, field: str) -> None:
        at = self._selected
        self._change(lambda design: design.with_item(at, item), merge=f"{at} {field}")

    def _sorted(self, change: Any) -> None:
        order = [int(entry_id) for entry_id in change["new"]]
        if self._refreshing or order == list(range(len(order))) or sorted(order) != list(range(len(self._entries()))):
            return
        self._selected = order.index(self._selected)
        self.held.update(lambda design: design.with_entries(unpaired([design.entries[index] for index in order])))

    def _picked(self, change: Any) -> None:
        if not self._refreshing and change["new"]:
            self._selected = int(change["new"])
            self._bind()

    def _go(self, row: int) -> None:
        self._row = row % max(self._rows(), 1)
        self._draw()

    def _rows(self) -> int:
        return len(self.data.value) if self.data.value is not None else 0

    def _data_changed(self) -> None:
        self._row, self._files = 0, self._files + 1
        self.refresh()

    # --- updating the view -------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Update list, form, preview and findings."""
        design, entries = self.value, self._entries()
        self._selected = min(self._selected, max(len(entries) - 1, 0))
        by_entry, general = problems(design, design.check(self.data.value))
        self._refreshing = True
        try:
            for field, part in self._parts_of_details():
                if field.value != getattr(design, part):
                    field.value = getattr(design, part)
            with self._list.hold_sync():
                self._list.items = [line(index, entry, by_entry.get(index, [])) for index, entry in enumerate(entries)]
                self._list.selected = str(self._selected) if entries else ""
        finally:
            self._refreshing = False
        self._findings.value = findings_html(general) if general else ""
        self._undo.disabled, self._redo.disabled = not self.held.can_undo, not self.held.can_redo
        self._bind()
        self._draw()

    def _bind(self) -> None:
        entries = self._entries()
        self._editor.bind(entries[self._selected].item if entries else None, self._columns())
        for button in (self._duplicate, self._delete, self._beside):
            button.disabled = not entries

    def _draw(self) -> None:
        design, data = self.value, self.data.value
        if data is None:
            about, datapoint = "", {column: f"‹{column}›" for column in design.shown}
            self._which.value = '<span class="pnb-muted">no data yet</span>'
        else:
            self._row = min(self._row, len(data) - 1)
            about, datapoint = f"{self._files}, row {data.rows[self._row]}", data.row(self._row)
            self._which.value = f"row {data.rows[self._row]} of the file"
        task = design.to_api()
        kinds = data.kinds if data is not None else None
        html = render.document(task["batch_items"], datapoint, task_details=task["task_details"], kinds=kinds)
        with self._preview.hold_sync():
            self._preview.html, self._preview.about = html, about

    def code(self) -> str:
        """Python code that rebuilds the design."""
        return str(self.value.to_code())

    def summary(self) -> dict[str, object]:
        """The composed task, for the static card."""
        listed = "\n".join(f"{kind_of(entry)}: {title_of(entry)}" for entry in self._entries())
        return {"task": self.value.name, "on the page": listed or "nothing yet"}


def unpaired(entries: list[Entry]) -> list[Entry]:
    """The entries, with `beside` removed where there is no entry to be next to."""
    kept: list[Entry] = []
    for entry in entries:
        before = kept[-1] if kept else None
        alone = before is None or before.item is None or before.beside
        kept.append(replace(entry, beside=False) if entry.beside and alone else entry)
    return kept


def _about(name: str) -> str:
    """What a template asks for, as HTML."""
    return f'<span class="pnb-muted">{escape(TEMPLATES[name])}</span>'


def _added(before: Sequence[Entry], after: Sequence[Entry]) -> int:
    """The index of the first new entry."""
    same = (index for index, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1])
    return next(same, len(before))


def line(index: int, entry: Entry, found: list[Any]) -> dict[str, Any]:
    """One line of the sortable list."""
    worst = found[0] if found else None
    return {
        "id": str(index),
        "title": title_of(entry),
        "kind": kind_of(entry),
        "problem": f"{worst.what} {worst.remedy}".strip() if worst else "",
        "level": worst.level if worst else "",
        "beside": entry.beside,
        "divider": entry.item is None,
    }
