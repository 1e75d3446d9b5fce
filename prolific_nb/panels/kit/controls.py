"""Buttons, rows, headings and folds of one height and rhythm.

Their CSS classes are given at once: one that is added later is another message to the browser.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from . import widgets as w

Guard = Callable[[Callable[..., Any]], Callable[..., None]]
"""`Panel.guard`: shows the errors of a callback in its panel."""


def button(label: str, act: Callable[[], Any], guard: Guard, hint: str = "") -> w.Button:
    """A button as wide as its label; `act` is called without arguments.

    Parameters
    ----------
    hint : str
        What it does, where the label alone does not say it.
    """
    made = w.Button(description=label, tooltip=hint or label, layout={"width": "auto"}, _dom_classes=("pnb-button",))
    made.on_click(guard(lambda _: act()))
    return made


def toggle(label: str, change: Callable[[bool], Any], guard: Guard, hint: str = "") -> w.ToggleButton:
    """A button that stays pressed; `change` is called with the new state."""
    look = {"layout": {"width": "auto"}, "_dom_classes": ("pnb-button",)}
    made = w.ToggleButton(description=label, tooltip=hint or label, **look)
    made.observe(guard(lambda news: change(news["new"])), names=["value"])
    return made


def row(*parts: w.Widget, **layout: str) -> w.Box:
    """Widgets beside each other; they wrap where there is less room."""
    look = {"flex_flow": "row wrap", "align_items": "center", "width": "100%", "grid_gap": "6px 8px", **layout}
    return w.Box(list(parts), layout=look, _dom_classes=("pnb-row",))


def stack(*parts: w.Widget, **layout: str) -> w.VBox:
    """Widgets one below the other."""
    look = {"width": "100%", "min_width": "0", "grid_gap": "6px", **layout}
    return w.VBox(list(parts), layout=look, _dom_classes=("pnb-stack",))


def heading(text: str, level: int = 4) -> w.HTML:
    """A heading within a panel; the panel's own title is one level above 4."""
    return w.HTML(f'<h{level} class="pnb-heading">{escape(text)}</h{level}>')


def note(text: str) -> w.HTML:
    """A sentence in the muted colour."""
    return w.HTML(f'<span class="pnb-muted">{escape(text)}</span>')


class Fold:
    """A button that shows and hides its content, which is built when it is first shown.

    Parameters
    ----------
    label : str
        What the content is.
    build : callable
        Returns the content, a widget.
    guard : callable
        `Panel.guard`.

    Attributes
    ----------
    box : ipywidgets.VBox
    """

    def __init__(self, label: str, build: Callable[[], w.Widget], guard: Guard) -> None:
        self._build = build
        self.button = toggle(label, self._switch, guard)
        self.button.add_class("pnb-fold")
        self.box = stack(self.button)

    @property
    def open(self) -> bool:
        """Whether the content is shown."""
        return bool(self.button.value)

    @open.setter
    def open(self, shown: bool) -> None:
        self.button.value = shown

    def _switch(self, shown: bool) -> None:
        if shown and len(self.box.children) == 1:
            self.box.children = (self.button, self._build())
        for content in self.box.children[1:]:
            content.layout.display = None if shown else "none"
