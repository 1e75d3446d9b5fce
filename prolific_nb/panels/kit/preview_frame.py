"""The participant's view of a task, isolated from the notebook; it can be edited there."""

from __future__ import annotations

from pathlib import Path

import traitlets

from .acting.acting_widget import ActingWidget

_STATIC = Path(__file__).parent / "static"
_SCRIPTS = ("page_moving.js", "page_editing.js", "preview.js")


class Preview(ActingWidget):
    """A complete HTML document, shown in a frame that runs no scripts.

    Changes of the document are applied in place; whatever was typed or selected is kept by input name. Answers belong
    to one row (`about`): another row starts empty, and returning to a row restores its answers.

    A document with marks (`prolific_nb.common.render.Marks`) can be edited in the frame: a change arrives in `acts`.
    An observer of `acts` applies it and sets `html`. Until then the frame shows what was typed and draws no document,
    so typing never waits.

    Parameters
    ----------
    html : str
        The document. The frame takes its height, up to 660 px, so it must not use heights relative to the window (vh).
    about : str
        The row of the data that is shown.
    width : {"desktop", "phone"}
        The available width, scaled down if it is below 640 px; or 390 px as on a phone.
    title : str
        The name of the frame for screen readers.
    editing : bool
        Whether the texts of a marked document can be edited; otherwise its questions can be answered.
    selected : str
        The mark of the selected entry, which is outlined.
    dark : bool
        Whether a marked document has dark colours.
    acts : list of dict
        Changes that were not applied yet, in order, each with its number ``n``: ``entry``, ``part``, ``index`` and
        ``texts`` (the texts that replace this one: none, one or several), or ``entry`` and ``to`` (a move), or ``act``
        ("undo", "redo").

    Examples
    --------
    >>> Preview(html="<!doctype html><p>Hello</p>", width="phone").width
    'phone'
    """

    # A string, not a Path: anywidget watches the file of a Path, and a watched widget is never garbage-collected
    # (https://github.com/manzt/anywidget/issues/929). A widget has one module, here of three files.
    _esm = "".join((_STATIC / name).read_text(encoding="utf-8") for name in _SCRIPTS)
    _css = (_STATIC / "preview.css").read_text(encoding="utf-8")

    html = traitlets.Unicode("").tag(sync=True)
    about = traitlets.Unicode("").tag(sync=True)
    width = traitlets.Enum(["desktop", "phone"], default_value="desktop").tag(sync=True)
    title = traitlets.Unicode("What a participant sees").tag(sync=True)
    editing = traitlets.Bool(False).tag(sync=True)
    selected = traitlets.Unicode("").tag(sync=True)
    dark = traitlets.Bool(False).tag(sync=True)
