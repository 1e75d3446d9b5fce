"""FramedDesk: a desk at which one item at a time is worked on, shown as participants see it."""

from __future__ import annotations

from pathlib import Path

import traitlets

from .acting_widget import ActingWidget

_STATIC = Path(__file__).parents[1] / "static"
_SCRIPTS = tuple(_STATIC / name for name in ("elements.js", "row_frames.js", "framed_desk.js"))


class FramedDesk(ActingWidget):
    """A desk that shows one of several items in a frame; those around it are loaded ahead.

    Parameters
    ----------
    at, total : int
        The place of the item that is shown, from 0, and the number of all.
    progress : str
        How much is done, in words.
    """

    at = traitlets.Int(0).tag(sync=True)
    total = traitlets.Int(0).tag(sync=True)
    progress = traitlets.Unicode("").tag(sync=True)


# Strings, not Paths: anywidget watches the file of a Path, and a watched widget is never garbage-collected
# (https://github.com/manzt/anywidget/issues/929). A widget has one module, here of several files.


def desk_module(*own: Path) -> str:
    """The module of a desk: what all desks share, and its own files."""
    return "".join(file.read_text(encoding="utf-8") for file in (*_SCRIPTS, *own))


def desk_style(own: Path) -> str:
    """The style of a desk: that of all desks, and its own."""
    return "".join(file.read_text(encoding="utf-8") for file in (_STATIC / "framed_desk.css", own))
