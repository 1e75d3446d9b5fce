"""Chips: what has been chosen, each with a sentence, to edit or to remove by mouse or keyboard."""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets

_STATIC = Path(__file__).parent / "static"


class Chips(anywidget.AnyWidget):
    """A row of chips and of boxes with chips; the browser only asks for changes.

    Parameters
    ----------
    nodes : list of dict
        A chip has ``id, text, code`` (str), ``editable`` and ``fixed`` (bool: it has no Remove button);
        a box has ``id``, ``text``, ``word`` ("and" or "or") and ``children``.
    current : str
        The id of the chip that is being edited.
    label : str
        The name of the row for screen readers.

    Attributes
    ----------
    pressed, removed : tuple of str and int
        The chip that was last pressed or removed, and how many have been.

    Examples
    --------
    >>> chips = Chips(nodes=[{"id": "0", "text": "Age 18 to 40", "code": "", "editable": True, "fixed": False}])
    >>> chips.pressed
    ('', 0)
    """

    # A string, not a Path: anywidget watches the file of a Path, and a watched widget is never garbage-collected
    # (https://github.com/manzt/anywidget/issues/929).
    _esm = (_STATIC / "chips.js").read_text(encoding="utf-8")
    _css = (_STATIC / "chips.css").read_text(encoding="utf-8")

    nodes = traitlets.List(traitlets.Dict()).tag(sync=True)
    current = traitlets.Unicode("").tag(sync=True)
    label = traitlets.Unicode("Chosen").tag(sync=True)
    pressed = traitlets.Tuple(traitlets.Unicode(), traitlets.Int(), default_value=("", 0)).tag(sync=True)
    removed = traitlets.Tuple(traitlets.Unicode(), traitlets.Int(), default_value=("", 0)).tag(sync=True)
    _focus = traitlets.Tuple(traitlets.Unicode(), traitlets.Int(), default_value=("", 0)).tag(sync=True)

    def focus(self, chip: str = "") -> None:
        """Move the keyboard focus to a chip."""
        self._focus = (chip, self._focus[1] + 1)
