"""Surface: names and keys for the widgets of one panel, which ipywidgets itself does not offer."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from . import widgets as w

_STATIC = Path(__file__).parent / "static"
_numbers = count(1)


class Surface(anywidget.AnyWidget):
    """An invisible widget in a panel that completes the panel's other widgets in the browser.

    By itself it gives toggle buttons ``aria-pressed``, groups of them one tab stop with arrow keys, and progress bars
    their role. The methods below add what only the panel knows.

    Parameters
    ----------
    on_undo, on_redo : callable, optional
        Called at Ctrl+Z and Ctrl+Shift+Z (or Ctrl+Y) anywhere in the panel; without them the keys keep their effect.
    """

    # A string, not a Path: anywidget watches the file of a Path, and a watched widget is never garbage-collected
    # (https://github.com/manzt/anywidget/issues/929).
    _esm = (_STATIC / "surface.js").read_text(encoding="utf-8")

    labels = traitlets.Dict().tag(sync=True)
    """By CSS class, ``[role, label]`` of an element."""
    shortcuts: traitlets.List[Any] = traitlets.List().tag(sync=True)
    """``[class of an element, key, class of the button to click]``."""
    undoes = traitlets.Bool(False).tag(sync=True)
    _undone = traitlets.Int(0).tag(sync=True)
    _redone = traitlets.Int(0).tag(sync=True)

    def __init__(
        self, on_undo: Callable[[], Any] | None = None, on_redo: Callable[[], Any] | None = None, **options: Any
    ) -> None:
        super().__init__(**options, undoes=on_undo is not None)
        if on_undo is not None and on_redo is not None:
            self.observe(lambda _: on_undo(), names=["_undone"])
            self.observe(lambda _: on_redo(), names=["_redone"])

    def name(self, widget: w.DOMWidget, label: str, role: str = "group") -> None:
        """Give the element of a widget a name for screen readers; an empty `role` keeps its own role."""
        self.labels = {**self.labels, _mark(widget): [role, label]}

    def enter(self, field: w.DOMWidget, button: w.DOMWidget) -> None:
        """Enter in a field clicks a button."""
        self.shortcuts = [*self.shortcuts, [_mark(field), "Enter", _mark(button)]]

    def delete(self, widget: w.DOMWidget, button: w.DOMWidget) -> None:
        """Delete inside a widget, but not in its text fields, clicks a button."""
        self.shortcuts = [*self.shortcuts, [_mark(widget), "Delete", _mark(button)]]


def _mark(widget: w.DOMWidget) -> str:
    """A CSS class that only this widget has."""
    found = next((name for name in widget._dom_classes if name.startswith("pnb-mark-")), None)
    if found is None:
        found = f"pnb-mark-{next(_numbers)}"
        widget.add_class(found)
    return found
