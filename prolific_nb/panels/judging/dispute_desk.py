"""The desk at which a judge decides: one row at a time, by mouse or keyboard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

_STATIC = Path(__file__).parent / "static"
_FRAMES = Path(__file__).parents[1] / "kit" / "static" / "row_frames.js"


class DisputeDesk(anywidget.AnyWidget):
    """Shows one dispute at a time; those around it are loaded ahead, so that a step waits for nothing.

    What the judge does arrives in `acts`; an observer of `acts` carries it out and sets the other traits. Everything
    is sent as one message, with the number of the last act that was carried out.

    Parameters
    ----------
    items : list of dict
        The disputes at and around `at`, as `shown_dispute` returns them.
    at, total : int
        The place of the one that is shown, from 0, and the number of all.
    progress : str
        How many are decided, in words.
    decided : int
        The number of those that are.
    acts : list of dict
        What was not carried out yet, in order, each with its number ``n``: ``act`` ("go" with ``to``; "decide" with
        ``id``, ``values`` and ``reason``; "withdraw" with ``id``).

    Examples
    --------
    >>> DisputeDesk(total=3).new_acts()
    []
    """

    # A string, not a Path: anywidget watches the file of a Path, and a watched widget is never garbage-collected
    # (https://github.com/manzt/anywidget/issues/929). A widget has one module, here of two files.
    _esm = "".join(file.read_text(encoding="utf-8") for file in (_FRAMES, _STATIC / "dispute_desk.js"))
    _css = (_STATIC / "dispute_desk.css").read_text(encoding="utf-8")

    items = traitlets.List(traitlets.Dict()).tag(sync=True)
    at = traitlets.Int(0).tag(sync=True)
    total = traitlets.Int(0).tag(sync=True)
    decided = traitlets.Int(0).tag(sync=True)
    progress = traitlets.Unicode("").tag(sync=True)
    acts = traitlets.List(traitlets.Dict()).tag(sync=True, echo_update=False)
    applied = traitlets.Int(0).tag(sync=True)

    def new_acts(self) -> list[dict[str, Any]]:
        """What the judge did and was not carried out yet."""
        return [act for act in self.acts if act["n"] > self.applied]

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Carry out what the browser sent; after every observer has run, acknowledge it."""
        with self.hold_sync():  # one message for what changed and the acknowledgement
            try:
                super().set_state(sync_data)
            finally:
                self.applied = max([self.applied, *(act["n"] for act in self.acts)])
