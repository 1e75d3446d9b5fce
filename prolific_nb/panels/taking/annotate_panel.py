"""Taking the task oneself: the panel, and the function that opens it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from numbers import Integral
from typing import Any

import pandas as pd

from ...common.answering import UploadedFile
from ...common.display import quoted
from ...common.plurals import counted
from ...data import Dataset
from ...design import Design
from ...errors import ArgumentError
from ...workflow.own import OwnLabels, Pace
from ..kit import widgets as w
from ..kit.controls import button, row, stack
from ..kit.observable import Observable
from ..kit.panel import Panel
from ..kit.step_status import StepStatus
from ..kit.traits import set_if_changed, set_visible
from .plain_desk import PlainDesk
from .sitting import Sitting
from .taking_words import end_words, progress_words
from .task_desk import TaskDesk
from .task_pages import END, START, TaskPages

_LATE = """<style>.pnb-late { animation: pnb-late 0s 6s both; }
@keyframes pnb-late { from { max-height: 0; overflow: hidden; } }</style>"""


class Annotate(Panel):
    """The tasks of a design, one after the other as participants get them; every answer is stored at once.

    Parameters
    ----------
    own : OwnLabels
        Keeps the answers; `value` is the same.
    plain : bool
        Whether to use plain ipywidgets below a picture of the task, for notebooks that cannot load the desk. The panel
        offers them by itself where no desk appears within six seconds.
    arguments : mapping, optional
        Arguments of `annotate` that the code of the panel repeats.

    Attributes
    ----------
    desk : TaskDesk
        What is shown.
    sitting : Sitting
        Where the person is.
    """

    name, title, has_mode = "pnb-annotate", "Take the task yourself", False

    def __init__(self, own: OwnLabels, *, plain: bool = False, arguments: Mapping[str, Any] | None = None) -> None:
        self._arguments = {"path": str(own.path)} if arguments is None else dict(arguments)
        self.sitting = Sitting(own, TaskPages(own.design, own.data))
        self._is_plain = plain
        super().__init__(Observable(own))

    # --- what the researcher gets -------------------------------------------------------------------------------------

    def answers(self, *, checks: bool = False) -> pd.DataFrame:
        """All answers, in the columns of `Run.responses`; see `OwnLabels.answers`."""
        return self.value.answers(checks=checks)

    def pace(self, **options: Any) -> Pace:
        """How long a task takes, and what follows for a plan; see `OwnLabels.pace`."""
        return self.value.pace(**options)

    @property
    def left(self) -> tuple[str, ...]:
        """The rows that are neither answered nor skipped."""
        return self.value.left

    def skip(self, reason: str = "") -> None:
        """Skip the task that is shown."""
        kind = self.sitting.kind
        if kind in (START, END):
            raise ArgumentError("No task is shown that can be skipped. Start, or go back to a task, first.")
        self._do(lambda: self.sitting.skip(kind, reason, self.sitting.entered(kind)))

    def undo(self) -> None:
        """Undo the last answer or skip, and show its task."""
        self._do(self.sitting.undo)

    # --- the panel ----------------------------------------------------------------------------------------------------

    def build(self) -> list[w.Widget]:
        """The desk, and the offer of plain widgets in its place."""
        self.desk = TaskDesk(total=len(self.sitting.rows), details=self.sitting.pages.details)
        self.desk.observe(self.guard(lambda _: self._act()), names=["acts"])
        self.desk.observe(self.guard(lambda _: set_visible(self._offer, not self.desk.ready)), names=["ready"])
        use = button("Use plain widgets", self._use_plain, self.guard, "Answer without the desk")
        words = w.HTML(f"{_LATE}<p>If no task appears here, this notebook cannot load the desk.</p>")
        self._offer = row(words, use)
        self._offer.add_class("pnb-late")
        self._plain: PlainDesk | None = None
        self._content = stack(self.desk, self._offer)
        if self._is_plain:
            self._use_plain()
        return [self._content]

    def _use_plain(self) -> None:
        self._plain = PlainDesk(self, self.sitting, self._changed)
        self._plain.draw(self._progress())
        self._content.children = (self._plain.box,)

    def refresh(self) -> None:
        """Show where the person is."""
        if self._plain is not None:
            self._plain.draw(self._progress())
            return
        sitting, desk = self.sitting, self.desk
        kinds = {place: sitting.kind_at(place) for place in sitting.around}
        faults = [asdict(fault) for fault in sitting.faults]
        with desk.hold_sync():
            set_if_changed(desk, "tasks", [sitting.pages.shown(kind, place) for place, kind in kinds.items()])
            set_if_changed(desk, "entered", {kind: _plain_values(sitting.entered(kind)) for kind in kinds.values()})
            desk.at, desk.screen, desk.done = sitting.at, sitting.screen, sitting.done
            desk.faults = {"id": sitting.kind, "screen": sitting.screen, "found": faults, "n": sitting.attempts}
            desk.progress, desk.steps, desk.summary = self._progress(), sitting.steps, self._summary()

    def _progress(self) -> str:
        sitting = self.sitting
        seconds = self.value.pace().seconds if sitting.answered else None
        return progress_words(sitting.answered, len(sitting.skipped), len(sitting.rows), seconds)

    def _summary(self) -> dict[str, Any]:
        sitting = self.sitting
        if sitting.kind != END:
            return {}
        skipped = len(sitting.skipped)
        pace = self.pace().words if sitting.answered else ""
        return {"words": end_words(sitting.answered, skipped, pace, self.value.path.name), "skipped": skipped}

    def _act(self) -> None:
        """Carry out what the person did; the desk shows what is stored, also after an error."""
        done = self.sitting.done
        self.clear_error()
        try:
            for act in self.desk.new_acts():
                self._carry_out(act)
        finally:
            self.refresh()
        if self.sitting.done != done:
            self.announce()

    def _carry_out(self, act: Mapping[str, Any]) -> None:
        sitting, kind = self.sitting, str(act.get("id", ""))
        entered = {name: [_value(each) for each in values] for name, values in act.get("entered", {}).items()}
        acts: dict[str, Callable[[], Any]] = {
            "draft": lambda: sitting.keep(kind, entered),
            "skip": lambda: sitting.skip(kind, str(act["reason"]), entered),
            "back": sitting.back,
            "forward": sitting.forward,
            "undo": sitting.undo,
            "skipped": sitting.show_skipped,
        }
        if act["act"] == "submit":
            sitting.device = str(act.get("device", ""))
            sitting.submit(kind, int(act["screen"]), entered, float(act["seconds"]))
            return
        if act["act"] in ("back", "forward"):
            sitting.keep(kind, entered)
        acts[act["act"]]()

    def _do(self, act: Callable[[], Any]) -> None:
        act()
        self._changed()

    def _changed(self) -> None:
        self.refresh()
        self.announce()

    def code(self) -> str:
        """The program that opens the panel again, and what to do with the answers."""
        own = self.value
        named = "".join(
            f", {name}={quoted(value) if isinstance(value, str) else repr(value)}"
            for name, value in self._arguments.items()
        )
        opened = f"labels = pnb.annotate(design, data{named})\n\nanswers = labels.answers()\nprint(labels.pace())\n"
        return f"import prolific_nb as pnb\n\n{own.data.to_code()}{own.design.to_code()}{opened}"

    def step(self) -> StepStatus:
        """How many tasks are done."""
        total, done = len(self.sitting.rows), self.sitting.done
        return StepStatus("done" if done == total else "running" if done else "to do", self._progress())

    def summary(self) -> dict[str, object]:
        """How many tasks are done, and where the answers are."""
        return {"Answered": self._progress(), "Left": counted(len(self.left), "task"), "Kept in": self.value.path.name}


def _value(plain: Any) -> str | UploadedFile:
    """What the browser sends of an input; of a file, only its name, type and size."""
    if not isinstance(plain, Mapping):
        return str(plain)
    return UploadedFile(str(plain["file_name"]), str(plain["content_type"]), int(plain["size"]))


def _plain_values(entered: Mapping[str, Any]) -> dict[str, list[Any]]:
    return {
        name: [asdict(each) if isinstance(each, UploadedFile) else each for each in values]
        for name, values in entered.items()
    }


def _repeatable(given: Any) -> Any:
    """An iterable as a list, which is read more than once; what is wrong with other values, `OwnLabels` says."""
    if isinstance(given, Integral) and not isinstance(given, bool):
        return int(given)  # as code, without numpy's name
    return list(given) if isinstance(given, Iterable) and not isinstance(given, str) else given


def annotate(
    design: Design,
    data: Dataset,
    annotator: str = "me",
    rows: Any = None,
    order: Any = "random",
    path: str | os.PathLike[str] = "labels.jsonl",
    *,
    seed: int = 0,
    plain: bool = False,
) -> Annotate:
    r"""Take the tasks of a design in the notebook, as participants get them.

    Shows the participant's screens for one row after another, by mouse or by keyboard alone: 1…9 and letters choose
    options, Enter submits, ← goes back, Esc leaves a text field, s skips, u undoes, ? lists the keys. Every answer is
    on disk before the next task is shown; running the cell again continues where it was.

    Parameters
    ----------
    design : Design
        The task.
    data : Dataset
        Its rows.
    annotator : str
        Who answers.
    rows : int, or iterable of str or int, optional
        The first so many rows of the order, or only these.
    order : {"random", "file"}, or iterable of str or int
        See `OwnLabels`.
    path : str or os.PathLike
        The file of the answers; several annotators may share it.
    seed : int
        Of the random order.
    plain : bool
        Whether to use plain ipywidgets; see `Annotate`.

    Returns
    -------
    Annotate
        The panel. Its ``answers()`` are in the columns of `Run.responses`; its ``pace()`` says how long a task takes.
        Of uploads and videos, only names and sizes are kept.

    Raises
    ------
    DesignError, DataError, InputError, LedgerError
        See `OwnLabels`.

    Examples
    --------
    >>> import tempfile
    >>> import prolific_nb as pnb
    >>> data = pnb.read_data(b"review\nIt broke.\nI would buy it again.\n")
    >>> design = pnb.Design("Reviews").show("review").choose("Good?", ["yes", "no"])
    >>> own = pnb.annotate(design, data, path=f"{tempfile.mkdtemp()}/labels.jsonl")
    >>> own.skip("unclear")
    >>> own.summary()["Answered"]
    '0 of 2, 1 skipped'
    """
    rows, order = _repeatable(rows), _repeatable(order)
    given = {"annotator": annotator, "rows": rows, "order": order, "path": path, "seed": seed}
    own = OwnLabels(design, data, **given)
    usual = {"annotator": "me", "rows": None, "order": "random", "path": "labels.jsonl", "seed": 0}
    arguments = {name: str(value) if name == "path" else value for name, value in given.items() if value != usual[name]}
    return Annotate(own, plain=plain, arguments=arguments)
