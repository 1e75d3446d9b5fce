"""The desk at which a person takes tasks: one screen at a time, by mouse or keyboard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

_STATIC = Path(__file__).parent / "static"
_FRAMES = Path(__file__).parents[1] / "kit" / "static" / "row_frames.js"
_SCRIPTS = (_FRAMES, *(_STATIC / name for name in ("task_clock.js", "task_form.js", "task_desk.js")))


class TaskDesk(anywidget.AnyWidget):
    """Shows one screen of one task at a time; the tasks around it are loaded ahead, with their pictures.

    What the person does arrives in `acts`; an observer of `acts` carries it out and sets the other traits. Everything
    is sent as one message, with the number of the last act that was carried out.

    Parameters
    ----------
    tasks : list of dict
        The tasks at and around `at`, as `TaskPages.shown` returns them.
    entered : dict
        What was entered in each of them, by ID of the task: values by name of the input.
    at, screen : int
        The place of the task that is shown, and which of its screens, from 0; the number of its screens for the end.
    faults : dict
        ``id`` and ``screen`` of what has faults, ``found``, and ``n``, which is another number for each attempt.
    progress : str
        How much is done, in words.
    done, total : int
        The number of rows that were answered or skipped, and of all.
    steps : dict
        Whether ``back``, ``forward`` and ``undo`` are possible.
    summary : dict
        ``words``, the sentences shown after the last task, and ``skipped``, the number of rows that can still be shown.
    details : str
        The document with introduction and steps; empty if there are none.
    ready : bool
        Set by the browser when it shows the desk.
    acts : list of dict
        What was not carried out yet, in order, each with its number ``n``, ``act`` ("submit", "draft", "back",
        "forward", "skip", "undo", "skipped"), ``id`` of the task, ``screen`` and ``entered``.

    Examples
    --------
    >>> TaskDesk(total=3).new_acts()
    []
    """

    # A string, not a Path: anywidget watches the file of a Path, and a watched widget is never garbage-collected
    # (https://github.com/manzt/anywidget/issues/929). A widget has one module, here of several files.
    _esm = "".join(file.read_text(encoding="utf-8") for file in _SCRIPTS)
    _css = (_STATIC / "task_desk.css").read_text(encoding="utf-8")

    tasks = traitlets.List(traitlets.Dict()).tag(sync=True)
    entered = traitlets.Dict().tag(sync=True)
    at = traitlets.Int(0).tag(sync=True)
    screen = traitlets.Int(0).tag(sync=True)
    faults = traitlets.Dict({"id": "", "screen": 0, "found": [], "n": 0}).tag(sync=True)
    progress = traitlets.Unicode("").tag(sync=True)
    done = traitlets.Int(0).tag(sync=True)
    total = traitlets.Int(0).tag(sync=True)
    steps = traitlets.Dict({"back": False, "forward": False, "undo": False}).tag(sync=True)
    summary = traitlets.Dict().tag(sync=True)
    details = traitlets.Unicode("").tag(sync=True)
    ready = traitlets.Bool(False).tag(sync=True)
    acts = traitlets.List(traitlets.Dict()).tag(sync=True, echo_update=False)
    applied = traitlets.Int(0).tag(sync=True)

    def new_acts(self) -> list[dict[str, Any]]:
        """What the person did and was not carried out yet."""
        return [act for act in self.acts if act["n"] > self.applied]

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Carry out what the browser sent; after every observer has run, acknowledge it."""
        with self.hold_sync():  # one message for what changed and the acknowledgement
            try:
                super().set_state(sync_data)
            finally:
                self.applied = max([self.applied, *(act["n"] for act in self.acts)])
