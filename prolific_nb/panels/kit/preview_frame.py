"""A participant's screen, isolated from the notebook."""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets

_STATIC = Path(__file__).parent / "static"


class Preview(anywidget.AnyWidget):
    """A complete HTML document, shown in a frame that runs no scripts.

    What changed in the document is changed in place; everything that was typed, chosen or ticked stays under the same
    input names. Answers belong to what is asked `about`: for another row the screen begins empty, and going back
    brings what was answered there.

    Parameters
    ----------
    html : str
        The document. Its height decides the frame's, up to 720 px, so it must not measure itself by the window (vh).
    about : str
        Which row of the data is shown.
    width : {"desktop", "phone"}
        As wide as there is room and at least 640 px, made smaller where there is less; or a phone's 390 px.
    title : str
        What a screen reader calls the frame.

    Examples
    --------
    >>> Preview(html="<!doctype html><p>Hello</p>", width="phone").width
    'phone'
    """

    # Text, not a Path: anywidget watches a Path's file, and a watched widget is never collected (anywidget#929).
    _esm = (_STATIC / "preview.js").read_text(encoding="utf-8")
    _css = (_STATIC / "preview.css").read_text(encoding="utf-8")

    html = traitlets.Unicode("").tag(sync=True)
    about = traitlets.Unicode("").tag(sync=True)
    width = traitlets.Enum(["desktop", "phone"], default_value="desktop").tag(sync=True)
    title = traitlets.Unicode("What a participant sees").tag(sync=True)
