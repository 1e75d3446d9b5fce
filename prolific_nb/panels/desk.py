"""The studio: the whole way, one step under another, and the program that repeats it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any

import ipywidgets as w
import pandas as pd

from ..data import Dataset, read_data
from ..design import Design
from ..program import program
from ..run import Run
from .base import Panel, earlier
from .composer import Composer
from .connection import Connection
from .data import Data
from .launch import Launch
from .plan import Plan
from .results import Results
from .state import Held


@dataclass
class Desk:
    """What lies on the desk: the held values that the steps share."""

    client: Held[Any] = field(default_factory=lambda: Held(None))
    data: Held[Any] = field(default_factory=lambda: Held(None))
    design: Held[Any] = field(default_factory=lambda: Held(Design("Untitled task")))
    plan: Held[Any] = field(default_factory=lambda: Held(None))
    run: Held[Any] = field(default_factory=lambda: Held(None))


class Studio(Panel):
    """All steps on one desk. `studio` makes one.

    Attributes
    ----------
    desk : Desk
        The shared values: ``studio.desk.design.value`` is the design as it is now.
    panels : dict of str to Panel
        The steps by name: connection, data, compose, plan, launch, results.
    """

    name, title = "pnb-studio", "Studio"

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.panels: dict[str, Panel] = {}
        super().__init__(desk.run, desk.client)
        for source in (desk.data, desk.design, desk.plan):
            self.watch(source, lambda _: self._renew())

    def build(self) -> list[w.Widget]:
        """The steps, one under another."""
        desk = self.desk
        shared: dict[str, Any] = {"client": desk.client}
        self.panels = {
            "connection": Connection(desk.client),
            "data": Data(desk.data, **shared),
            "compose": Composer(desk.design, desk.data, **shared),
            "plan": Plan(desk.plan, data=desk.data, design=desk.design, **shared),
            "launch": Launch(desk.run, data=desk.data, design=desk.design, plan=desk.plan, **shared),
            "results": Results(desk.run, **shared),
        }
        return [panel.box for panel in self.panels.values()]

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

    def close(self) -> None:
        """End every step, then the studio."""
        for panel in self.panels.values():
            panel.close()
        super().close()


def studio(start: Any = None) -> Studio:
    """Open the studio: pick a CSV, compose, plan, launch, and see the results, with the mouse.

    Running the same cell again goes on from where it was.

    Parameters
    ----------
    start : path, DataFrame, Dataset, Design or Run, optional
        What to begin with.

    Returns
    -------
    Studio
        ``studio.desk`` holds the values, ``studio.show_code()`` the program.
    """
    before = earlier(Studio)
    desk = before.desk if before is not None and start is None else Desk()
    if isinstance(start, Run):
        desk.client.set(start.client)
        for place, value in ((desk.data, start.data), (desk.design, start.design), (desk.plan, start.plan)):
            place.set(value)
        desk.run.set(start)
    elif isinstance(start, Design):
        desk.design.set(start)
    elif start is not None:
        desk.data.set(_data(start))
    return Studio(desk)


def _data(start: Any) -> Dataset:
    if isinstance(start, Dataset):
        return start
    if isinstance(start, str | os.PathLike | pd.DataFrame):
        return read_data(start)
    raise TypeError(f"The studio cannot start from {start!r}. Give a path, a DataFrame, a Dataset, a Design or a Run.")
