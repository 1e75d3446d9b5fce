"""Sections: several views in one place, of which one is shown; each is built when it is first chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from . import widgets as w
from .controls import Guard, stack
from .traits import set_visible


class Sections:
    """Tabs.

    Parameters
    ----------
    parts : mapping of str to callable
        By label, in order; each returns its content, a widget.
    guard : callable
        `Panel.guard`.
    chosen : callable, optional
        Called with the label whenever another one was chosen, after its content was built.

    Attributes
    ----------
    box : ipywidgets.VBox
        The tabs, above what is shown.
    tabs : ipywidgets.ToggleButtons
        Its `value` is the label that is shown; setting it shows another.

    Examples
    --------
    >>> from prolific_nb.panels.kit import widgets as w
    >>> parts = Sections({"Table": lambda: w.HTML("1"), "Chart": lambda: w.HTML("2")}, lambda act: act)
    >>> parts.tabs.value = "Chart"
    >>> [shown.value for shown in parts.built.values()]
    ['1', '2']
    """

    def __init__(
        self,
        parts: Mapping[str, Callable[[], w.Widget]],
        guard: Guard,
        chosen: Callable[[str], Any] | None = None,
    ) -> None:
        self._parts = dict(parts)
        self._chosen = chosen or (lambda _: None)
        self.built: dict[str, w.Widget] = {}
        self.tabs = w.ToggleButtons(options=list(parts), style={"button_width": "auto"})
        self.tabs.add_class("pnb-tabs")
        self.box = stack(self.tabs)
        self.tabs.observe(guard(lambda _: self._show()), names=["value"])
        self._show()

    def _show(self) -> None:
        label = self.tabs.value
        if label not in self.built:
            self.built[label] = self._parts[label]()
            self.box.children = (self.tabs, *self.built.values())
        for name, content in self.built.items():
            set_visible(content, name == label)
        self._chosen(label)
