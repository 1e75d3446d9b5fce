"""The studio: the whole way, one step under another, and the program that repeats it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from html import escape
from typing import Any

import pandas as pd

from ..data import Dataset, read_data
from ..design import Design
from ..workflow.run import Run
from ..workflow.script import program
from .account.connection_panel import Connection
from .compose.composer_panel import Composer
from .files.data_panel import Data
from .kit import widgets as w
from .kit.kernel_check import kernel_fault
from .kit.observable import Observable
from .kit.panel import Panel, previous_panel
from .launching.launch_panel import Launch
from .launching.plan_panel import Plan
from .outcome.results_panel import Results

_AT_ONCE = 1_000_000  # bytes of a file that are read in no time


@dataclass
class StudioState:
    """What lies on the desk: the held values that the steps share."""

    client: Observable[Any] = field(default_factory=lambda: Observable(None))
    data: Observable[Any] = field(default_factory=lambda: Observable(None))
    design: Observable[Any] = field(default_factory=lambda: Observable(Design("Untitled task")))
    plan: Observable[Any] = field(default_factory=lambda: Observable(None))
    run: Observable[Any] = field(default_factory=lambda: Observable(None))


class Studio(Panel):
    """All steps on one desk. `studio` makes one.

    Attributes
    ----------
    desk : StudioState
        The shared values: ``studio.desk.design.value`` is the design as it is now.
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
        """The steps, one under another."""
        desk = self.desk
        shared: dict[str, Any] = {"client": desk.client}
        others: dict[str, Panel] = {
            "data": Data(desk.data, **shared),
            "compose": Composer(desk.design, desk.data, **shared),
            "plan": Plan(desk.plan, data=desk.data, design=desk.design, **shared),
            "launch": Launch(desk.run, data=desk.data, design=desk.design, plan=desk.plan, **shared),
            "results": Results(desk.run, **shared),
        }
        # Made last: it starts the sandbox on a thread, with which every message of making the others would take turns.
        self.panels = {"connection": Connection(desk.client), **others}
        steps = [panel.box for panel in self.panels.values()]
        fault = kernel_fault()
        return [w.HTML(f'<p class="pnb-error" role="alert">{escape(fault)}</p>'), *steps] if fault else steps

    def code(self) -> str:
        """The whole program, as far as the steps have come."""
        run: Run | None = self.desk.run.value
        if run is not None:
            return run.to_code()
        client = self.desk.client.value
        parts = [self.desk.data.value, self.desk.design.value, self.desk.plan.value]
        return program(client.code if client is not None else "pnb.connect()", parts, max_cost=None)

    def summary(self) -> dict[str, object]:
        """What every step came to."""
        rows: dict[str, object] = {}
        for panel in self.panels.values():
            rows |= panel.summary()
        return rows

    def read(self, path: str) -> None:
        """Read a file on a thread of its own; what is wrong with it is then said in the data step."""
        data = self.panels["data"]
        assert isinstance(data, Data)
        data.read(path)

    def close(self) -> None:
        """End every step, then the studio."""
        for panel in self.panels.values():
            panel.close()
        super().close()


def studio(start: Any = None) -> Studio:
    """Open the studio: pick a CSV, compose, plan, launch, and see the results, with the mouse.

    Running the same cell again goes on from where it was. A file of more than 1 MB is read while the studio is there
    already: where the next lines need its rows, pass ``pnb.read_data(path)`` instead of the path.

    Parameters
    ----------
    start : path, DataFrame, Dataset, Design or Run, optional
        What to begin with.

    Returns
    -------
    Studio
        ``studio.desk`` holds the values, ``studio.show_code()`` the program.
    """
    before = previous_panel(Studio)
    desk = before.desk if before is not None and start is None else StudioState()
    if isinstance(start, Run):
        desk.client.set(start.client)
        for place, value in ((desk.data, start.data), (desk.design, start.design), (desk.plan, start.plan)):
            place.set(value)
        desk.run.set(start)
    elif isinstance(start, Design):
        desk.design.set(start)
    elif start is not None and not _is_large(start):
        desk.data.set(_data(start))
    made = Studio(desk)
    if _is_large(start):
        made.read(os.fspath(start))
    return made


def _is_large(start: Any) -> bool:
    return isinstance(start, str | os.PathLike) and os.path.isfile(start) and os.path.getsize(start) > _AT_ONCE


def _data(start: Any) -> Dataset:
    if isinstance(start, Dataset):
        return start
    if isinstance(start, str | os.PathLike | pd.DataFrame):
        return read_data(start)
    raise TypeError(f"The studio cannot start from {start!r}. Give a path, a DataFrame, a Dataset, a Design or a Run.")
