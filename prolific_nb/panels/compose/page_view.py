"""The right side of the composer: the page, to edit or to try, for one row of the data or for two."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from ...common import render
from ...data import Dataset
from ...design import Design
from ..kit import widgets as w
from ..kit.controls import Guard, button, row, stack, toggle
from ..kit.preview_frame import Preview
from ..kit.surface import Surface
from ..kit.traits import set_if_changed, set_visible
from .page_edits import Edit, marks_of

_EDIT, _TRY, _TAKE = "edit", "try", "take"


class PageView:
    """The participant's page, with the row that fills it and the device that shows it.

    Parameters
    ----------
    edited : callable
        Called with each change that was made on the page.
    picked : callable
        Called with the mark of the entry that was clicked.
    taken : callable
        Called when the tasks are to be taken, or no longer; returns what is shown then in place of the page.

    Attributes
    ----------
    page : Preview
        The page of the current row.
    box : ipywidgets.VBox
    """

    def __init__(
        self,
        edited: Callable[[Edit], Any],
        picked: Callable[[str], Any],
        taken: Callable[[bool], w.Widget],
        guard: Guard,
        surface: Surface,
    ) -> None:
        self._edited, self._picked, self._taken, self._guard = edited, picked, taken, guard
        self._design: Design | None = None
        self._data: Dataset | None = None
        self._taking = False  # whether the tasks are shown in place of the page
        self._row = 0
        self._files = 0  # number of data sets so far: row 2 of another file is another row
        self.page = Preview(title="What participants will see", editing=True)
        self.page.observe(guard(lambda _: self._changed()), names=["acts"])
        self.page.observe(guard(lambda change: self._picked(change["new"])), names=["selected"])
        self._other: Preview | None = None
        self._pages = w.Box([self.page], layout={"width": "100%", "min_width": "0"})
        self._pages.add_class("pnb-pages")
        self._page_parts = [self._rows_bar(), self._pages]
        self.box = stack(self._looking(surface), *self._page_parts)

    def _looking(self, surface: Surface) -> w.Widget:
        modes = [("Edit on the page", _EDIT), ("Try it", _TRY), ("Take it", _TAKE)]
        mode = self._choice(modes, self._set_mode, surface, "What clicks do")
        width = self._choice([("Desktop", "desktop"), ("Phone", "phone")], self._set_width, surface, "Device")
        dark = toggle("Dark", self._set_dark, self._guard, "As browsers that darken pages may show it")
        self._look = [width, dark]
        return row(mode, *self._look)

    def _choice(
        self, options: list[tuple[str, Any]], act: Callable[[Any], None], surface: Surface, label: str
    ) -> w.Widget:
        made = w.ToggleButtons(options=options, style={"button_width": "auto"})
        made.add_class("pnb-choice")
        made.observe(self._guard(lambda change: act(change["new"])), names=["value"])
        surface.name(made, label)
        return made

    def _rows_bar(self) -> w.Widget:
        def step(label: str, to: Callable[[], int], hint: str) -> w.Button:
            return button(label, lambda: self._go(to()), self._guard, hint)

        self._which = w.HTML()
        compare = toggle("Compare two rows", self._compare, self._guard, "Shows the next row beside this one")
        return row(
            step("Previous", lambda: self._row - 1, "Previous row of the data"),
            step("Next", lambda: self._row + 1, "Next row of the data"),
            step("Random", lambda: random.randrange(max(self._rows(), 1)), "Any row"),
            compare,
            self._which,
        )

    # --- what the user does ------------------------------------------------------------------------------------

    def _changed(self) -> None:
        for edit in self.page.new_acts():
            self._edited(edit)

    def _set_mode(self, mode: str) -> None:
        self.page.editing = mode == _EDIT
        taking, was = mode == _TAKE, self._taking
        self._taking = taking
        if taking or was:
            content = self._taken(taking)
            if content not in self.box.children:
                self.box.children = (*self.box.children, content)
            set_visible(content, taking)
            for each in (*self._look, *self._page_parts):
                set_visible(each, not taking)

    def _set_width(self, width: str) -> None:
        for page in self._shown():
            page.width = width

    def _set_dark(self, dark: bool) -> None:
        for page in self._shown():
            page.dark = dark

    def _compare(self, on: bool) -> None:
        if self._other is None:
            self._other = Preview(title="The next row", width=self.page.width, dark=self.page.dark)
            self._pages.children = (self.page, self._other)
        set_visible(self._other, on)
        (self._pages.add_class if on else self._pages.remove_class)("pnb-two")
        self._draw()

    def _go(self, to: int) -> None:
        self._row = to % max(self._rows(), 1)
        self._draw()

    # --- updating the view -------------------------------------------------------------------------------------

    def show(self, design: Design, data: Dataset | None) -> None:
        """Show a design with the current row; other data begins at its first row."""
        if data is not self._data:
            self._row, self._files = 0, self._files + 1
        self._design, self._data = design, data
        self._draw()

    def select(self, mark: str) -> None:
        """Outline an entry."""
        set_if_changed(self.page, "selected", mark)

    def _shown(self) -> list[Preview]:
        return [self.page] if self._other is None else [self.page, self._other]

    def _rows(self) -> int:
        return len(self._data) if self._data is not None else 0

    def _draw(self) -> None:
        design, data = self._design, self._data
        if design is None:
            return
        self._draw_row(self.page, design, self._row)
        if self._other is not None and self._other.layout.display != "none":
            self._draw_row(self._other, design, (self._row + 1) % max(self._rows(), 1))
        which = "no data yet" if data is None else f"row {data.rows[self._row]} of the file"
        set_if_changed(self._which, "value", f'<span class="pnb-muted">{which}</span>')

    def _draw_row(self, page: Preview, design: Design, at: int) -> None:
        data = self._data
        about = "" if data is None else f"{self._files}, row {data.rows[at]}"
        datapoint = {column: f"‹{column}›" for column in design.shown} if data is None else data.row(at)
        task = design.to_api()
        html = render.document(
            task["batch_items"],
            datapoint,
            task_details=task["task_details"],
            kinds=data.kinds if data is not None else None,
            marks=marks_of(design),
        )
        with page.hold_sync():
            page.html, page.about = html, about
