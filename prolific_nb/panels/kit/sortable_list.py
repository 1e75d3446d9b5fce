"""A list whose entries are dragged, or moved by keyboard or button."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

_STATIC = Path(__file__).parent / "static"


class Sortable(anywidget.AnyWidget):
    """A list that a person can select in and reorder.

    The browser only asks: a move arrives as a new `order`, and whoever observes it applies it and sets `items` and
    `selected` anew, with other ids if need be. Until that is done the browser sends nothing more, so an `order` is
    always in the ids of `items`; left unanswered, the move is undone on the screen. At every other time `order` is
    the ids of `items`, and observers can leave such an order alone.

    Parameters
    ----------
    items : list of dict
        One entry each: ``id`` (str, opaque), ``title`` and ``kind`` (str), ``problem`` (str, empty if there is none)
        of ``level`` "error", "warning", "note" or "", ``beside`` (bool: stands next to the entry before it) and
        ``divider`` (bool: a page starts here).
    selected : str
        The id of the selected entry, or "".
    label : str
        What a screen reader calls the list.

    Examples
    --------
    >>> page = Sortable(items=[{"id": "0", "title": "How?"}, {"id": "1", "title": "Why?"}], label="The page")
    >>> page.order
    ['0', '1']
    """

    # Text, not a Path: anywidget watches a Path's file, and a watched widget is never collected (anywidget#929).
    _esm = (_STATIC / "sortable.js").read_text(encoding="utf-8")
    _css = (_STATIC / "sortable.css").read_text(encoding="utf-8")

    items = traitlets.List(traitlets.Dict()).tag(sync=True)
    selected = traitlets.Unicode("").tag(sync=True)
    order = traitlets.List(traitlets.Unicode()).tag(sync=True)
    label = traitlets.Unicode("Entries").tag(sync=True)

    _asked = traitlets.Int(0).tag(sync=True)
    _answered = traitlets.Int(0).tag(sync=True)

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what the browser sent; once every observer has run, tell it so."""
        try:
            super().set_state(sync_data)
        finally:
            if "_asked" in sync_data:
                self._follow_items()
                self._answered = sync_data["_asked"]

    @traitlets.observe("items")
    def _follow_items(self, change: Any = None) -> None:
        self.order = [item["id"] for item in self.items]
