"""What a notebook saves of displayed panels: the last card that was really sent."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from IPython.display import HTML

from .find import parsed


@dataclass
class Output:
    """The second output of one display of a panel; each update replaces what is saved."""

    sent: list[str] = field(default_factory=list)

    def update(self, shown: HTML) -> None:
        self.sent.append(str(shown.data))

    @property
    def words(self) -> str:
        """The words of the card that is saved now, without its code."""
        return " ".join(parsed(self.sent[-1].partition("<pre>")[0].partition("</style>")[2])[2].split())

    def says(self, *words: str) -> None:
        """Wait until the card says all this; nothing is clicked meanwhile."""
        deadline = time.monotonic() + 30
        while missing := [each for each in words if each not in self.words]:
            assert time.monotonic() < deadline, f"{missing} is not in the card: {self.words}"
            time.sleep(0.02)


class Notebook:
    """Stands in for the displays and the shell of a kernel."""

    def __init__(self) -> None:
        self.outputs: list[Output] = []
        self.callbacks: dict[str, list[Callable[[Any], None]]] = {"post_run_cell": []}

    @property
    def events(self) -> Notebook:
        return self

    def register(self, event: str, act: Callable[[Any], None]) -> None:
        self.callbacks[event].append(act)

    def unregister(self, event: str, act: Callable[[Any], None]) -> None:
        self.callbacks[event].remove(act)

    def cell_ends(self) -> None:
        for act in list(self.callbacks["post_run_cell"]):
            act(None)

    def display(self, what: Any, **_: Any) -> Output | None:
        if not isinstance(what, HTML):
            return None
        self.outputs.append(Output([str(what.data)]))
        return self.outputs[-1]

    def show(self, panel: Any) -> Output:
        """Display a panel as a cell does that ends with it."""
        panel._ipython_display_()
        self.cell_ends()
        return self.outputs[-1]
