"""The tasks in plain ipywidgets, one whole task at a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from html import escape
from typing import Any

from ..kit import widgets as w
from ..kit.controls import button, row, stack
from ..kit.panel import Panel
from .plain_form import PlainForm
from .sitting import Sitting
from .task_pages import END, START

_FRAME = "width:100%;box-sizing:border-box;height:420px;border:1px solid #8a95a3;border-radius:8px;background:#fff"


class PlainDesk:
    """What the `TaskDesk` does, without a module of its own in the browser: for choices, scales, texts and numbers.

    Below the task as participants see it are its questions as widgets. The time of a task runs from when it was drawn
    until it is submitted, since the kernel does not know whether the tab is visible.

    Parameters
    ----------
    panel : Panel
        Shows the errors.
    sitting : Sitting
    changed : callable
        Called after every act.

    Attributes
    ----------
    box : ipywidgets.VBox
    """

    def __init__(self, panel: Panel, sitting: Sitting, changed: Callable[[], Any]) -> None:
        self._panel, self._sitting, self._changed = panel, sitting, changed
        self._screens, self._words = w.HTML(), w.HTML()
        self._fields = stack()
        self._submit = button("Submit", self._send, panel.guard)
        self._reason = w.Text(description="Reason", placeholder="Optional", layout={"width": "260px"})
        self._skip = button("Skip", self._leave_out, panel.guard)
        self._back = button("Back", lambda: self._act(sitting.back), panel.guard, "The task before")
        self._forward = button("Forward", lambda: self._act(sitting.forward), panel.guard, "The next task")
        self._undo = button("Undo", lambda: self._act(sitting.undo), panel.guard, "Undo the last answer or skip")
        acts = row(self._submit, self._back, self._forward, self._undo, self._skip, self._reason)
        self.box = stack(self._words, self._screens, self._fields, acts, grid_gap="10px")
        self._shown = ""
        self._started = 0.0
        self._form = PlainForm((), {}, ())

    def draw(self, words: str) -> None:
        """Show the place of the sitting, with words about how far it is."""
        sitting, kind = self._sitting, self._sitting.kind
        self._words.value = f"<p><b>{escape(words)}</b></p>"
        for each, allowed in zip((self._back, self._forward, self._undo), sitting.steps.values(), strict=True):
            each.disabled = not allowed
        is_task = kind not in (START, END)
        self._submit.disabled = kind == END
        self._submit.description = "Start" if kind == START else "Submit"
        self._skip.disabled = self._reason.disabled = not is_task
        state = f"{kind} {sitting.attempts}"
        if state != self._shown:
            self._shown = state
            self._renew(kind, is_task)

    def _renew(self, kind: str, is_task: bool) -> None:
        shown = self._sitting.pages.shown(kind, self._sitting.at)
        frame = f'<iframe sandbox="" title="{escape(shown["title"])}" style="{_FRAME}" srcdoc="{{}}"></iframe>'
        self._screens.value = frame.format(escape(shown["html"], quote=True)) if shown["html"] else ""
        for older in self._fields.children:
            w.close_deeply(older)
        pages = self._sitting.pages.pages if is_task else ()
        self._form = PlainForm(pages, self._sitting.entered(kind), self._sitting.faults)
        self._fields.children = (self._form.box,)
        self._reason.value = ""
        self._started = time.monotonic()

    def _send(self) -> None:
        kind = self._sitting.kind
        if kind == START:
            self._act(self._sitting.begin)
        else:
            seconds = time.monotonic() - self._started
            self._act(lambda: self._sitting.answer(kind, self._form.read(), seconds))

    def _leave_out(self) -> None:
        self._act(lambda: self._sitting.skip(self._sitting.kind, self._reason.value.strip(), self._form.read()))

    def _act(self, act: Callable[[], Any]) -> None:
        self._panel.clear_error()
        act()
        self._changed()
