"""The studio: all steps of a study in one view, and the program that repeats them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..data import Dataset, read_data
from ..design import Design
from ..errors import ArgumentTypeError
from ..jobs import Debouncer
from ..workflow.script import program
from .account.connection_panel import Connection
from .files.data_panel import Data
from .kit import widgets as w
from .kit.controls import row, stack, toggle
from .kit.panel import Panel, previous_panel
from .kit.step_status import StepStatus
from .kit.traits import set_if_changed, set_visible
from .shell.kernel_check import kernel_fault
from .shell.status_bar import STYLE, bar_html
from .shell.step_view import StepView
from .shell.steps import STEPS
from .shell.studio_state import StudioState

if TYPE_CHECKING:
    from ..workflow.run import Run
    from .shell.run_picker import RunPicker

_SMALL_FILE = 1_000_000  # bytes; a file up to this size is read before the studio is shown


class Panels(Mapping[str, Panel]):
    """The panels by name; that of a step is created when it is first asked for."""

    def __init__(self, connection: Connection, views: Mapping[str, StepView]) -> None:
        self._connection, self._views = connection, views

    def __getitem__(self, name: str) -> Panel:
        return self._connection if name == "connection" else self._views[name].panel

    def __iter__(self) -> Iterator[str]:
        yield from ("connection", *self._views)

    def __len__(self) -> int:
        return 1 + len(self._views)


class Studio(Panel):
    """All steps in one view; `studio` creates one.

    Attributes
    ----------
    desk : StudioState
        The shared values: ``studio.desk.design.value`` is the current design.
    panels : mapping of str to Panel
        The steps by name: connection, data, compose, plan, rehearse, launch, review, results; each is created when it
        is first opened or asked for.
    """

    name, title = "pnb-studio", "Studio"
    undoable = True
    _toggle_is_placed = True

    def __init__(self, desk: StudioState, start: Any = None) -> None:
        self.desk, self.began_with = desk, start
        self.views: dict[str, StepView] = {}
        self._renewing = False
        self._cost = ""
        self._balance_later = Debouncer("the balance", pause=1.0, longest=5.0)
        super().__init__(desk.run, desk.client)
        for source in (desk.data, desk.design, desk.plan):
            self.watch(source, lambda _: self._renew())
        for source in (self._connection.news,):
            self.watch(source, lambda _: self._follow())
        self.views[self._first()].open = True

    # --- the widgets -------------------------------------------------------------------------------------------

    def build(self) -> list[w.Widget]:
        """The bar, and the steps from top to bottom."""
        for place, step in enumerate(STEPS):
            after = STEPS[place + 1 :]
            following = next((each for each in after if not each.offer), None)
            offered = next((each for each in after[:1] if each.offer), None)
            go = partial(self._go, step.key)
            given = (step, place + 1, self.desk, self.guard, self._follow, go)
            self.views[step.key] = StepView(*given, following, offered)
        fault = kernel_fault()
        said = [w.HTML(f'<p class="pnb-error" role="alert">{escape(fault)}</p>')] if fault else []
        steps = [view.box for view in self.views.values()]
        # Created last: it starts the sandbox on a thread, which would slow down the messages that create the others.
        self._connection = Connection(self.desk.client)
        self._connection.embed()
        self.panels = Panels(self._connection, self.views)
        return [self._bar(), *said, *self._folds(), *steps]

    def _bar(self) -> w.Widget:
        self._words = w.HTML(layout={"flex": "1 1 300px", "min_width": "0"})
        self._account = toggle("Account", self._show_account, self.guard, "Sandbox or live, workspace, balance")
        self._earlier = toggle("Open a study", self._show_earlier, self.guard, "Open an earlier study")
        bar = row(self._words, row(self._account, self._earlier, self._toggle, width="auto", flex="none"))
        bar.add_class("pnb-bar")
        return bar

    def _folds(self) -> list[w.Widget]:
        self._picker: RunPicker | None = None
        self._earlier_box = stack(display="none", padding="8px 0")
        self._account_box = stack(self._connection.box, display="none", padding="8px 0")
        return [self._account_box, self._earlier_box]

    def _show_account(self, shown: bool) -> None:
        set_visible(self._account_box, shown)

    def _show_earlier(self, shown: bool) -> None:
        if shown and self._picker is None:
            from .shell.run_picker import RunPicker  # with all that a run needs

            self._picker = RunPicker(lambda: self.desk.client.value, self.start, self._opened, self.guard)
            self._earlier_box.children = (self._picker.box,)
        elif shown and self._picker is not None:
            self._picker.refresh()
        set_visible(self._earlier_box, shown)

    def _opened(self, run: Run) -> None:
        self._earlier.value = False
        self.desk.take(run)
        for name, view in self.views.items():
            view.open = name == self._first()

    def _go(self, here: str, there: str) -> None:
        """Fold a step and open another."""
        self.views[here].open = False
        self.views[there].open = True
        self.views[there].focus()

    def _first(self) -> str:
        """The step that a studio opens with: the first one in which something is to be done."""
        if self.desk.run.value is not None:
            return "launch"
        if self.desk.opened.value is not None:
            return "results"
        return "data" if self.desk.data.value is None else "compose"

    # --- display -------------------------------------------------------------------------------------------------

    def _heading(self) -> str:
        return STYLE  # the title is in the bar

    def refresh(self) -> None:
        """Create the panels that the values need, and renew the bar and the lines of the steps."""
        for view in self.views.values():
            if view.built is None and view.step.ready(self.desk):
                _ = view.panel
        self._follow()

    def _follow(self) -> None:
        """A step has news."""
        if self._renewing or self.closed:
            return
        self._renewing = True
        try:
            current = self._current()
            for view in self.views.values():
                view.show(current=view is current)
            facts = self._all_facts()
            set_if_changed(self._words, "value", bar_html(self.mode, facts))
            self._follow_money(facts)
            self.announce()
        finally:
            self._renewing = False

    def _follow_money(self, facts: Sequence[Mapping[str, str]]) -> None:
        """Read the balance again soon after the money of the run has changed."""
        cost = next((each["Cost"] for each in reversed(facts) if "Cost" in each), "")
        before, self._cost = self._cost, cost
        if self.desk.run.value is not None and cost != before:
            self._balance_later(self.guard(lambda: None if self.closed else self._connection.reload()))

    def _current(self) -> StepView | None:
        """Where the next thing to do is: the first open step that is not done, or the last open one."""
        shown = [view for view in self.views.values() if view.open]
        waiting = [view for view in shown if view.status.state not in ("done", "optional")]
        return next(iter(waiting or shown[-1:]), None)

    def _all_facts(self) -> list[Mapping[str, str]]:
        plan, run = self.desk.plan.value, self.desk.run.value
        named = run.plan if run is not None else plan
        study = {"Study": named.name} if named is not None else {}
        built = [view.built for view in self.views.values()]
        return [study, *(panel.facts() for panel in (self._connection, *built) if panel is not None)]

    def step(self) -> StepStatus:
        """The state of the first step that is not done."""
        known = [view.status for view in self.views.values()]
        return next((each for each in known if each.state not in ("done", "optional")), known[-1])

    def _await_news(self) -> None:
        """Wait a moment for what a cell has changed on the server."""
        for view in self.views.values():
            if view.built is not None:
                view.built._await_news()

    def undo(self) -> None:
        """Undo the last change in the step that is worked on."""
        self._worked_on("undo")

    def redo(self) -> None:
        """Redo what was undone last in the step that is worked on."""
        self._worked_on("redo")

    def _worked_on(self, act: str) -> None:
        current = self._current()
        if current is not None:
            getattr(current.panel, act)()

    # --- code and summary ----------------------------------------------------------------------------------------

    def code(self) -> str:
        """The program for the steps done so far."""
        if self.desk.run.value is not None:
            return self.views["launch"].panel.code()
        client = self.desk.client.value
        parts = [self.desk.data.value, self.desk.design.value, self.desk.plan.value]
        return program(client.code if client is not None else "pnb.connect()", parts, max_cost=None)

    def summary(self) -> dict[str, object]:
        """The state of every step, and the summaries of those that were opened."""
        rows: dict[str, object] = dict(self._connection.summary())
        for number, view in enumerate(self.views.values(), 1):
            status = view.status
            rows[f"{number}. {view.step.title}"] = f"{status.state}: {status.words}"
            own = view.built.summary() if view.built is not None else {}
            # The plan and the study both have places and a cost: what is planned must not hide what was spent.
            rows |= {f"{name} ({view.step.title})" if name in rows else name: value for name, value in own.items()}
        return rows

    def read(self, path: str) -> None:
        """Read a file on a separate thread; the Data step then shows what is wrong with it."""
        data = self.panels["data"]
        assert isinstance(data, Data)
        data.read(path)

    def close(self) -> None:
        """Close every step, then the studio."""
        self._connection.close()
        for view in self.views.values():
            view.close()
        super().close()


def studio(start: Any = None) -> Studio:
    """Open the studio: choose a CSV, compose the task, plan, launch, and see the results, all with the mouse.

    Running the same cell again continues where it was, unless it starts from something else than before. A file of
    more than 1 MB is read after the studio is shown; if the next lines of code need its rows, pass
    ``pnb.read_data(path)`` instead of the path.

    Parameters
    ----------
    start : path, DataFrame, Dataset, Design or Run, optional
        What to start with.

    Returns
    -------
    Studio
        ``studio.desk`` holds the values; ``studio.show_code()`` returns the program.
    """
    previous = previous_panel(Studio)
    if previous is not None and (start is None or _same(previous.began_with, start)):
        return Studio(previous.desk, previous.began_with)
    desk = StudioState()
    if isinstance(start, Design):
        desk.design.set(start)
    elif _is_run(start):
        desk.take(start)
    elif start is not None and not _is_large(start):
        desk.data.set(_data(start))
    opened = Studio(desk, start)
    if _is_large(start):
        opened.read(os.fspath(start))
    return opened


def _same(before: Any, start: Any) -> bool:
    """Whether a cell that is run again starts from the same as before."""
    if _is_run(before) and _is_run(start):
        return bool(before.study_id == start.study_id)
    if type(before) is not type(start):
        return False
    return bool(before.equals(start) if isinstance(start, pd.DataFrame) else before == start)


def _is_run(start: Any) -> bool:
    if start is None or isinstance(start, str | os.PathLike | pd.DataFrame | Dataset | Design):
        return False  # a run is not imported for these
    from ..workflow.run import Run

    return isinstance(start, Run)


def _is_large(start: Any) -> bool:
    return isinstance(start, str | os.PathLike) and os.path.isfile(start) and os.path.getsize(start) > _SMALL_FILE


def _data(start: Any) -> Dataset:
    if isinstance(start, Dataset):
        return start
    if isinstance(start, str | os.PathLike | pd.DataFrame):
        return read_data(start)
    raise ArgumentTypeError(
        f"The studio cannot start from {start!r}. Pass a path, a DataFrame, a Dataset, a Design or a Run."
    )
