"""The studio: all steps of a study in one view, and the program that repeats them."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from html import escape
from typing import Any

import pandas as pd

from ..data import Dataset, read_data
from ..design import Design
from ..errors import ArgumentTypeError
from ..workflow.run import Run
from ..workflow.script import program
from .account.connection_panel import Connection
from .compose.composer_panel import Composer
from .files.data_panel import Data
from .kit import widgets as w
from .kit.observable import Observable
from .kit.panel import Panel, previous_panel
from .launching.launch_panel import Launch
from .launching.plan_panel import Plan
from .outcome.results_panel import Results
from .shell.kernel_check import kernel_fault

_SMALL_FILE = 1_000_000  # bytes; a file up to this size is read before the studio is shown


@dataclass
class StudioState:
    """The values that the steps share."""

    client: Observable[Any] = field(default_factory=lambda: Observable(None))
    data: Observable[Any] = field(default_factory=lambda: Observable(None))
    design: Observable[Any] = field(default_factory=lambda: Observable(Design("Untitled task")))
    plan: Observable[Any] = field(default_factory=lambda: Observable(None))
    run: Observable[Any] = field(default_factory=lambda: Observable(None))


class Studio(Panel):
    """All steps in one view; `studio` creates one.

    Attributes
    ----------
    desk : StudioState
        The shared values: ``studio.desk.design.value`` is the current design.
    panels : dict of str to Panel
        The steps by name: connection, data, compose, plan, launch, results.
    """

    name, title = "pnb-studio", "Studio"

    def __init__(self, desk: StudioState) -> None:
        self.desk = desk
        self.panels: dict[str, Panel] = {}
        super().__init__(desk.run, desk.client)
        for source in (desk.data, desk.design, desk.plan):
            self.watch(source, lambda _: self._renew())

    def build(self) -> list[w.Widget]:
        """The steps, from top to bottom."""
        desk = self.desk
        shared: dict[str, Any] = {"client": desk.client}
        others: dict[str, Panel] = {
            "data": Data(desk.data, **shared),
            "compose": Composer(desk.design, desk.data, **shared),
            "plan": Plan(desk.plan, data=desk.data, design=desk.design, **shared),
            "launch": Launch(desk.run, data=desk.data, design=desk.design, plan=desk.plan, **shared),
            "results": Results(desk.run, **shared),
        }
        # Created last: it starts the sandbox on a thread, which would slow down the messages that create the others.
        self.panels = {"connection": Connection(desk.client), **others}
        steps = [panel.box for panel in self.panels.values()]
        fault = kernel_fault()
        return [w.HTML(f'<p class="pnb-error" role="alert">{escape(fault)}</p>'), *steps] if fault else steps

    def code(self) -> str:
        """The program for the steps done so far."""
        run: Run | None = self.desk.run.value
        if run is not None:
            return run.to_code()
        client = self.desk.client.value
        parts = [self.desk.data.value, self.desk.design.value, self.desk.plan.value]
        return program(client.code if client is not None else "pnb.connect()", parts, max_cost=None)

    def summary(self) -> dict[str, object]:
        """The summaries of all steps."""
        rows: dict[str, object] = {}
        for panel in self.panels.values():
            rows |= panel.summary()
        return rows

    def read(self, path: str) -> None:
        """Read a file on a separate thread; the Data step then shows what is wrong with it."""
        data = self.panels["data"]
        assert isinstance(data, Data)
        data.read(path)

    def close(self) -> None:
        """Close every step, then the studio."""
        for panel in self.panels.values():
            panel.close()
        super().close()


def studio(start: Any = None) -> Studio:
    """Open the studio: choose a CSV, compose the task, plan, launch, and see the results, all with the mouse.

    Running the same cell again continues where it was. A file of more than 1 MB is read after the studio is shown; if
    the next lines of code need its rows, pass ``pnb.read_data(path)`` instead of the path.

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
    desk = previous.desk if previous is not None and start is None else StudioState()
    if isinstance(start, Run):
        desk.client.set(start.client)
        for target, value in ((desk.data, start.data), (desk.design, start.design), (desk.plan, start.plan)):
            target.set(value)
        desk.run.set(start)
    elif isinstance(start, Design):
        desk.design.set(start)
    elif start is not None and not _is_large(start):
        desk.data.set(_data(start))
    opened = Studio(desk)
    if _is_large(start):
        opened.read(os.fspath(start))
    return opened


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
