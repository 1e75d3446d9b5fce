"""The desk at which a person takes tasks: one screen at a time, by mouse or keyboard."""

from __future__ import annotations

from pathlib import Path

import traitlets

from ..kit.acting.framed_desk import FramedDesk, desk_module, desk_style

_STATIC = Path(__file__).parent / "static"
_SCRIPTS = ("task_clock.js", "task_form.js", "task_desk.js")


class TaskDesk(FramedDesk):
    """Shows one screen of one task at a time; the tasks around it are loaded ahead, with their pictures.

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

    _esm = desk_module(*(_STATIC / name for name in _SCRIPTS))
    _css = desk_style(_STATIC / "task_desk.css")

    tasks = traitlets.List(traitlets.Dict()).tag(sync=True)
    entered = traitlets.Dict().tag(sync=True)
    screen = traitlets.Int(0).tag(sync=True)
    faults = traitlets.Dict({"id": "", "screen": 0, "found": [], "n": 0}).tag(sync=True)
    done = traitlets.Int(0).tag(sync=True)
    steps = traitlets.Dict({"back": False, "forward": False, "undo": False}).tag(sync=True)
    summary = traitlets.Dict().tag(sync=True)
    details = traitlets.Unicode("").tag(sync=True)
    ready = traitlets.Bool(False).tag(sync=True)
