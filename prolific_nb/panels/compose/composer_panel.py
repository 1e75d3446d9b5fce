"""Compose: everything on the page as a list, one form, and beside it what participants will see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import Any

from ...common.findings import Findings
from ...data import Dataset
from ...design import Design, Entry
from ...design.items import Item
from ...jobs import Debouncer
from ...study import StudyPlan
from ..kit import widgets as w
from ..kit.controls import Fold, button, row, stack
from ..kit.findings_list import findings_html
from ..kit.observable import Observable, as_observable
from ..kit.panel import Panel
from ..kit.sortable_list import Sortable
from ..kit.step_status import StepStatus
from ..kit.traits import set_if_changed
from .compose_style import STYLE
from .composed import composed
from .design_json import DesignJson
from .item_editor import Editor
from .item_palette import ITEM_FACTORIES, kind_of, problems, title_of
from .own_tasks import OwnTasks
from .page_edits import DETAILS, Edit, PageTyping, merge_key, moved_on_page
from .page_view import PageView
from .rich_text import RichText
from .template_gallery import TemplateGallery

_FIELD: dict[str, Any] = {"layout": {"width": "100%", "min_width": "0"}, "style": {"description_width": "7.5em"}}
_UNTITLED = "Untitled task"
_PAUSE = 0.4  # seconds without a key on the page before the list shows what was typed there


class Composer(Panel):
    """The task as a page that is edited where it is read, as a sortable list, and one form for each entry.

    Parameters
    ----------
    design : Design or Observable, optional
        The design to start from; empty by default.
    data : Dataset or Observable, optional
        Its columns can be shown, and its rows fill the preview.
    client : Client or Observable, optional
        Only determines whether the panel shows SANDBOX or LIVE.
    plan : StudyPlan or Observable, optional
        Gets the minutes that follow from taking tasks.

    Examples
    --------
    >>> from prolific_nb.design import Design
    >>> panel = Composer(Design("Reviews").choose("How?", ["good", "bad"]))
    >>> panel.value
    Design('Reviews': 1 page, 1 question, shows no column)
    """

    name, title = "pnb-compose", "Compose"
    undoable = True

    def __init__(self, design: Any = None, data: Any = None, *, client: Any = None, plan: Any = None) -> None:
        self.data: Observable[Dataset | None] = as_observable(data)
        self.plan: Observable[StudyPlan | None] = as_observable(plan)
        self._selected: int | None = 0  # None while the header with the name and the instructions is selected
        self._typing = PageTyping()
        self._refreshing = self._typed_on_page = False
        self._checked = Findings()
        self._composed: tuple[StepStatus, Design | None, Findings] = (StepStatus(), None, self._checked)
        self._list_later = Debouncer("the list", _PAUSE)
        super().__init__(as_observable(design if design is not None else Design(_UNTITLED)), as_observable(client))
        self.watch(self.data, lambda _: self.refresh())
        self.watch(self.plan, lambda _: self.taken.refresh())
        self._disposers.append(self.taken.close)

    # --- the widgets -------------------------------------------------------------------------------------------

    def build(self) -> list[w.Widget]:
        """List and form on the left, the page on the right; the page first where it is narrow."""
        self._list = Sortable(label="What is on the page")
        self._list.observe(self.guard(self._sorted), names=["order"])
        self._list.observe(self.guard(self._picked), names=["selected"])
        self._editor = Editor(self._edited, self.guard)
        self.taken = OwnTasks(self, self.data, self.plan)
        self._page = PageView(self._edited_on_page, self._picked_on_page, self._take, self.guard, self.surface)
        self._findings = w.HTML()
        self._gallery = TemplateGallery(self._replaced, lambda: (self.value, self.data.value), self.guard, self.surface)
        self._gallery.fold.button.observe(self.guard(lambda _: self._highlight()), names=["value"])
        self._json = DesignJson(self._replaced, lambda: self.value, self.guard, self.surface)
        lines = [self._details(), self._adding(), self._list, self._acting(), self._editor.box, self._json.fold.box]
        left, right = stack(*lines), stack(self._page.box, self._findings)
        left.add_class("pnb-compose-list")
        right.add_class("pnb-compose-page")
        parts = w.Box([left, right])
        parts.add_class("pnb-compose-parts")
        room = w.Box([parts])
        room.add_class("pnb-compose-room")
        self.surface.delete(self._list, self._delete)
        return [w.HTML(STYLE), self._gallery.fold.box, room]

    def _details(self) -> w.Widget:
        self._name = w.Text(description="Task name", **_FIELD)
        self._name.observe(self.guard(lambda change: self._worded("name", change["new"])), names=["value"])
        self._texts: dict[str, Any] = {}
        self._instructions = Fold("Introduction and steps", self._build_texts, self.guard)
        return stack(self._name, self._instructions.box)

    def _build_texts(self) -> w.Widget:
        about, how = "What the task is about, and what it is for", "What to do: type “1. ” to begin a list"
        for part, label, hint in (("introduction", "Introduction", about), ("steps", "Steps", how)):
            field = RichText(value=getattr(self.value, part), label=label, placeholder=hint, layout=_FIELD["layout"])
            field.observe(self.guard(lambda change, part=part: self._worded(part, change["new"])), names=["value"])
            self._texts[part] = field
        return stack(*self._texts.values())

    def _adding(self) -> w.Widget:
        self._part = w.Dropdown(description="New", options=list(ITEM_FACTORIES), **_FIELD)
        self._part.layout.flex = "1 1 160px"
        return row(self._part, button("Add", self._add, self.guard, "Adds it below the selected entry"))

    def _acting(self) -> w.Widget:
        self._undo = button("Undo", self.held.undo, self.guard, "Undo (Ctrl+Z)")
        self._redo = button("Redo", self.held.redo, self.guard, "Redo (Ctrl+Shift+Z)")
        hint = "Next to the entry before it, in a second column"
        self._beside = button("Beside", self._toggle_beside, self.guard, hint)
        self._duplicate = button("Duplicate", self._copy, self.guard)
        self._delete = button("Delete", self._remove, self.guard, "Delete the selected entry (Delete)")
        return row(self._duplicate, self._delete, self._beside, self._undo, self._redo)

    def _take(self, shown: bool) -> w.Widget:
        content = self.taken.show(shown)
        self.renew_code()
        self.announce()
        return content

    # --- what the user does ------------------------------------------------------------------------------------

    def _entries(self) -> tuple[Entry, ...]:
        return self.value.entries

    def _columns(self) -> tuple[str, ...]:
        return self.data.value.columns if self.data.value is not None else ()

    def _change(self, change: Any, *, select: int | None = None, merge: str = "") -> None:
        if select is not None:
            self._selected = select
        self.held.update(change, merge=merge)

    def _replaced(self, design: Design) -> None:
        self._change(lambda _: design, select=0)

    def _worded(self, part: str, text: str) -> None:
        if not self._refreshing and getattr(self.value, part) != text:
            self._change(lambda design: replace(design, **{part: text}), merge=part)

    def _add(self) -> None:
        columns = self._columns()
        unused = tuple(column for column in columns if column not in self.value.shown)
        entry = ITEM_FACTORIES[self._part.value](unused or columns)
        once = entry.page != "body"  # intro and outro pages have fixed positions
        before = self._entries()
        last = len(before)
        at = None if once else last if self._selected is None else min(self._selected + 1, last)
        after = self.value.insert(entry, at)
        self._change(lambda _: after, select=_added(before, after.entries))

    def _copy(self) -> None:
        if (at := self._at()) is not None:
            after = self.value.duplicate(at)
            self._change(lambda _: after, select=_added(self._entries(), after.entries))

    def _remove(self) -> None:
        if (at := self._at()) is not None:
            self._change(lambda design: design.remove(at))

    def _toggle_beside(self) -> None:
        if (at := self._at()) is not None:
            on = not self._entries()[at].beside
            self._change(lambda design: design.beside(at, on))

    def _edited(self, item: Item, field: str) -> None:
        if (at := self._at()) is not None:
            self._change(lambda design: design.with_item(at, item), merge=f"{at} {field}")

    def _edited_on_page(self, edit: Edit) -> None:
        if "act" in edit:
            (self.undo if edit["act"] == "undo" else self.redo)()
        elif "to" in edit:
            after, at = moved_on_page(self.value, edit)
            self._change(lambda _: after, select=at)
        else:
            self._typed_on_page = bool(merge_key(edit))
            try:
                self._change(lambda design: self._typing.apply(design, edit), merge=merge_key(edit))
            finally:
                self._typed_on_page = False

    def _sorted(self, change: Any) -> None:
        order = [int(entry_id) for entry_id in change["new"]]
        if self._refreshing or order == list(range(len(order))) or sorted(order) != list(range(len(self._entries()))):
            return
        at = self._at()
        self._selected = at if at is None else order.index(at)
        self.held.update(lambda design: design.with_entries(unpaired([design.entries[index] for index in order])))

    def _picked(self, change: Any) -> None:
        if not self._refreshing and change["new"]:
            self._select(int(change["new"]))

    def _picked_on_page(self, mark: str) -> None:
        if self._refreshing or mark == self._mark():
            return
        if mark == DETAILS:
            self._instructions.open = True
            self._select(None)
        elif mark.isdecimal() and int(mark) < len(self._entries()):
            self._select(int(mark))

    def _select(self, at: int | None) -> None:
        self._selected = at
        self._refreshing = True
        try:
            set_if_changed(self._list, "selected", "" if at is None else str(at))
            self._page.select(self._mark())
        finally:
            self._refreshing = False
        self._bind()

    def _at(self) -> int | None:
        """The index of the selected entry."""
        return self._selected if self._entries() else None

    def _mark(self) -> str:
        return DETAILS if self._selected is None else str(self._selected)

    # --- updating the view -------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Update the page, the list, the form and the findings."""
        design, entries = self.value, self._entries()
        if self._selected is not None:
            self._selected = min(self._selected, max(len(entries) - 1, 0))
        self._refreshing = True
        try:
            self._page.show(design, self.data.value)  # first, since it is looked at while typing
            self._page.select(self._mark())
            for part, field in {"name": self._name, **self._texts}.items():
                set_if_changed(field, "value", getattr(design, part))
            if self._typed_on_page:
                self._list_later(self.guard(self._list_typed))
            else:
                self._list_entries(design, entries)
        finally:
            self._refreshing = False
        self._undo.disabled, self._redo.disabled = not self.held.can_undo, not self.held.can_redo
        self.taken.refresh()
        self._highlight()
        self._bind()

    def _highlight(self) -> None:
        self.highlight(None if self._entries() else self._gallery.following)

    def _list_typed(self) -> None:
        if not self.closed:
            self._list_entries(self.value, self._entries())
            self.announce()

    def _list_entries(self, design: Design, entries: Sequence[Entry]) -> None:
        self._checked = design.check(self.data.value)
        by_entry, general = problems(design, self._checked)
        with self._list.hold_sync():
            self._list.items = [line(index, entry, by_entry.get(index, [])) for index, entry in enumerate(entries)]
            self._list.selected = "" if self._selected is None or not entries else str(self._selected)
        self._findings.value = findings_html(general) if general and entries else ""

    def _bind(self) -> None:
        at = self._at()
        entry = None if at is None else self._entries()[at]
        self._editor.bind(None if entry is None else entry.item, self._columns())
        set_if_changed(self._editor.empty, "value", f'<p class="pnb-muted">{escape(_without_form(entry))}</p>')
        for each in (self._duplicate, self._delete, self._beside):
            each.disabled = at is None

    def step(self) -> StepStatus:
        """What was composed, or what is wrong with it."""
        known, design, found = self._composed
        if design is not self.value or found is not self._checked:  # asked about twenty times for each key
            known = composed(self.value, self._checked.errors)
            self._composed = known, self.value, self._checked
        return known

    def code(self) -> str:
        """Python code that rebuilds the design, and takes its tasks where they are shown to be taken."""
        return self.taken.code() or str(self.value.to_code())

    def summary(self) -> dict[str, object]:
        """The composed task, for the static card."""
        listed = "\n".join(f"{kind_of(entry)}: {title_of(entry)}" for entry in self._entries())
        return {"task": self.value.name, "on the page": listed or "nothing yet", **self.taken.summary()}


def unpaired(entries: list[Entry]) -> list[Entry]:
    """The entries, with `beside` removed where there is no entry to be next to."""
    kept: list[Entry] = []
    for entry in entries:
        before = kept[-1] if kept else None
        alone = before is None or before.item is None or before.beside
        kept.append(replace(entry, beside=False) if entry.beside and alone else entry)
    return kept


def _without_form(entry: Entry | None) -> str:
    """What is shown in place of a form."""
    if entry is None:
        return "Select an entry in the list or on the page, or add one."
    return "A page starts here. Delete joins what follows with the page before; Alt+↑ and Alt+↓ move the boundary."


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
