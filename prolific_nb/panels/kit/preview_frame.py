"""The participant's view of a task, isolated from the notebook."""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets

_STATIC = Path(__file__).parent / "static"


class Preview(anywidget.AnyWidget):
    """A complete HTML document, shown in a frame that runs no scripts.

    Changes of the document are applied in place; whatever was typed or selected is kept by input name. Answers belong
    to one row (`about`): another row starts empty, and returning to a row restores its answers.

    Parameters
    ----------
    html : str
        The document. The frame takes its height, up to 720 px, so it must not use heights relative to the window (vh).
    about : str
        The row of the data that is shown.
    width : {"desktop", "phone"}
        The available width, scaled down if it is below 640 px; or 390 px as on a phone.
    title : str
        The name of the frame for screen readers.

    Examples
    --------
    >>> Preview(html="<!doctype html><p>Hello</p>", width="phone").width
    'phone'
    """

    # A string, not a Path: anywidget watches the file of a Path, and a watched widget is never garbage-collected
    # (https://github.com/manzt/anywidget/issues/929).
    _esm = (_STATIC / "preview.js").read_text(encoding="utf-8")
    _css = (_STATIC / "preview.css").read_text(encoding="utf-8")

    html = traitlets.Unicode("").tag(sync=True)
    about = traitlets.Unicode("").tag(sync=True)
    width = traitlets.Enum(["desktop", "phone"], default_value="desktop").tag(sync=True)
    title = traitlets.Unicode("What a participant sees").tag(sync=True)
