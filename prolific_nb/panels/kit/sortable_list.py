"""A list whose entries can be moved by mouse, keyboard or button."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

_STATIC = Path(__file__).parent / "static"


class Sortable(anywidget.AnyWidget):
    """A list in which a person can select and reorder entries.

    The browser only requests moves: a move arrives as a new `order`. An observer of `order` applies it by setting
    `items` and `selected`, with new ids if necessary. Until then the browser sends no further move, so `order` always
    refers to the ids of `items`. If no observer applies the move, the browser undoes it. At all other times `order`
    equals the ids of `items`, and observers can ignore it.

    Parameters
    ----------
    items : list of dict
        One dict per entry: ``id`` (str, opaque), ``title`` and ``kind`` (str), ``problem`` (str, or empty) of ``level``
        "error", "warning", "note" or "", ``beside`` (bool: shown next to the previous entry) and
        ``divider`` (bool: a page starts here).
    selected : str
        The id of the selected entry, or an empty string.
    label : str
        The name of the list for screen readers.

    Examples
    --------
    >>> page = Sortable(items=[{"id": "0", "title": "How?"}, {"id": "1", "title": "Why?"}], label="The page")
    >>> page.order
    ['0', '1']
    """

    # A string, not a Path: anywidget watches the file of a Path, and a watched widget is never garbage-collected
    # (https://github.com/manzt/anywidget/issues/929).
    _esm = (_STATIC / "sortable.js").read_text(encoding="utf-8")
    _css = (_STATIC / "sortable.css").read_text(encoding="utf-8")

    items = traitlets.List(traitlets.Dict()).tag(sync=True)
    selected = traitlets.Unicode("").tag(sync=True)
    order = traitlets.List(traitlets.Unicode()).tag(sync=True)
    label = traitlets.Unicode("Entries").tag(sync=True)

    _asked = traitlets.Int(0).tag(sync=True)
    _answered = traitlets.Int(0).tag(sync=True)

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Apply what the browser sent; after every observer has run, acknowledge it."""
        try:
            super().set_state(sync_data)
        finally:
            if "_asked" in sync_data:
                self._follow_items()
                self._answered = sync_data["_asked"]

    @traitlets.observe("items")
    def _follow_items(self, change: Any = None) -> None:
        self.order = [item["id"] for item in self.items]
