"""The line of a step in the studio: number, title, what was decided, and its state; it opens and folds the step."""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets

_STATIC = Path(__file__).parent / "static"


class StepHeader(anywidget.AnyWidget):
    """A heading with a button that opens the step.

    Parameters
    ----------
    number : int
        The place of the step.
    title : str
        The name of the step.
    state : {"to do", "optional", "needs attention", "running", "done"}
        Shown as a word and a sign.
    words : str
        One line about the step; plain text.
    shown : bool
        Whether the step is shown; the browser sets it, too.
    asked : int
        Increase it to move the keyboard's focus here and to scroll to the step.
    """

    # A string, not a Path: anywidget watches the file of a Path, and a watched widget is never garbage-collected
    # (https://github.com/manzt/anywidget/issues/929).
    _esm = (_STATIC / "step_header.js").read_text(encoding="utf-8")
    _css = (_STATIC / "step_header.css").read_text(encoding="utf-8")

    number = traitlets.Int(1).tag(sync=True)
    title = traitlets.Unicode("").tag(sync=True)
    state = traitlets.Unicode("to do").tag(sync=True)
    words = traitlets.Unicode("").tag(sync=True)
    shown = traitlets.Bool(False).tag(sync=True)
    asked = traitlets.Int(0).tag(sync=True)
