"""A search field over a list, searched in the browser: to choose one entry, or several."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

_STATIC = Path(__file__).parent / "static"


class Picker(anywidget.AnyWidget):
    """A list that is searched by words without asking Python.

    Parameters
    ----------
    items : list of dict
        Each with ``id``, ``title`` and ``detail`` (str), and optionally ``inner`` (list of str), further words by which
        it is found.
    chosen : list of str
        The ids of the chosen entries; whoever observes a picker of one entry empties it again.
    multiple : bool
        Whether several entries can be chosen; the list is then always open.
    description, placeholder, note, busy : str
        Label; example of a search; a sentence below the open list; what is being waited for.
    free : bool
        Whether words that find nothing are offered as an id.

    Attributes
    ----------
    opened : int
        How often the field has been entered.
    asked : str
        Words that found nothing in the list.
    found : dict
        An answer to `asked`: its ``words``, and the ``ids`` of entries that fit.

    Examples
    --------
    >>> Picker(items=[{"id": "age", "title": "Age", "detail": ""}], description="Search").chosen
    []
    """

    # A string, not a Path: anywidget watches the file of a Path, and a watched widget is never garbage-collected
    # (https://github.com/manzt/anywidget/issues/929).
    _esm = (_STATIC / "picker.js").read_text(encoding="utf-8")
    _css = (_STATIC / "picker.css").read_text(encoding="utf-8")

    items = traitlets.List(traitlets.Dict()).tag(sync=True)
    chosen = traitlets.List(traitlets.Unicode()).tag(sync=True)
    multiple = traitlets.Bool(False).tag(sync=True)
    free = traitlets.Bool(False).tag(sync=True)
    description = traitlets.Unicode("Search").tag(sync=True)
    placeholder = traitlets.Unicode("").tag(sync=True)
    note = traitlets.Unicode("").tag(sync=True)
    busy = traitlets.Unicode("").tag(sync=True)
    opened = traitlets.Int(0).tag(sync=True)
    asked = traitlets.Unicode("").tag(sync=True)
    found: Any = traitlets.Dict().tag(sync=True)
    _focus = traitlets.Int(0).tag(sync=True)
    _cleared = traitlets.Int(0).tag(sync=True)

    def focus(self) -> None:
        """Move the keyboard focus to the field, or to the list if there is no field."""
        self._focus += 1

    def clear(self) -> None:
        """Empty the field and close the list."""
        self._cleared += 1
