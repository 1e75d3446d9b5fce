"""A bell that rings when a study ends: a notification of the desktop, and a mark in the title of the tab."""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets

_STATIC = Path(__file__).parent / "static"


class Bell(anywidget.AnyWidget):
    """The button "Notify me"; the browser is asked for permission only when it is clicked.

    Where the browser does not allow notifications, the title of the tab alone shows the bell, and the panel says so.

    Attributes
    ----------
    wanted : bool
        Whether the person has asked to be notified.
    message : str
        What the notification says, as plain text.

    Examples
    --------
    >>> bell = Bell()
    >>> bell.ring("All 36 places are filled.")
    >>> bell.rung
    1
    """

    # A string, not a Path: anywidget watches the file of a Path, and a watched widget is never garbage-collected
    # (https://github.com/manzt/anywidget/issues/929).
    _esm = (_STATIC / "bell.js").read_text(encoding="utf-8")

    wanted = traitlets.Bool(False).tag(sync=True)
    message = traitlets.Unicode("").tag(sync=True)
    rung = traitlets.Int(0).tag(sync=True)

    def ring(self, message: str) -> None:
        """Ring once, if that was asked for in the browser."""
        with self.hold_sync():
            self.message = message
            self.rung += 1
