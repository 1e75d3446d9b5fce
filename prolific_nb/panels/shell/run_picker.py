"""The list of earlier runs, from which one is opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from ...api import Client
from ...workflow.reopen import open_run, runs
from ...workflow.run import Run
from ..kit import widgets as w
from ..kit.controls import Guard, button, note, row, stack
from ..kit.html_table import shorten

_MOST = 50
_NONE = "There are no earlier studies on this computer."


class RunPicker:
    """Earlier runs of the ledger, newest first.

    Parameters
    ----------
    client : callable
        Returns the current client, or None; runs of its mode and server are offered.
    start : callable
        `Panel.start` of the studio: opening a run asks the server.
    opened : callable
        Called with the run, on the worker thread.
    guard : callable
        `Panel.guard`.
    """

    def __init__(
        self,
        client: Callable[[], Client | None],
        start: Callable[..., Any],
        opened: Callable[[Run], None],
        guard: Guard,
    ) -> None:
        self._client, self._start, self._opened = client, start, opened
        self._runs = w.Dropdown(description="Study", layout={"width": "auto", "flex": "1 1 260px", "min_width": "0"})
        self._open = button("Open this study", self._open_chosen, guard)
        self._words = note(_NONE)
        self.box = stack(row(self._runs, self._open), self._words)
        self.refresh()

    def refresh(self) -> None:
        """Read the ledger again."""
        found = known_runs(self._client())
        self._runs.options = [(line, key) for key, line in found.items()]
        self._runs.value = next(iter(found), None)
        self._open.disabled = not found
        self._runs.layout.display = self._open.layout.display = None if found else "none"
        self._words.layout.display = "none" if found else None

    def _open_chosen(self) -> None:
        key, client = self._runs.value, self._client()
        if key is not None and client is not None:
            self._start(lambda _: open_run(key, client=client), "Opening the study", self._opened)


def known_runs(client: Client | None) -> dict[str, str]:
    """The runs that a client can open, as a line by key, newest first; at most 50."""
    if client is None:
        return {}
    table = runs(client=client)
    table = table[(table["mode"] == client.mode) & table["gone"].isna() & table["study_id"].notna()]
    return {str(run["key"]): _line(run) for _, run in table.iloc[::-1].head(_MOST).iterrows()}


def _line(run: pd.Series) -> str:
    return f"{run['made']:%Y-%m-%d %H:%M} · {shorten(str(run['name']), 60)} · {run['stage']}"
