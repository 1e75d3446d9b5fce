"""Saving a table as CSV, Parquet or JSON lines; an existing file is only overwritten after a second click."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ...common.plurals import counted
from ...errors import FolderInUse
from ...responses.spreadsheet import NOTICE, is_guarded, questions_file, save_table
from ...responses.table_formats import format_of
from ..kit import widgets as w
from ..kit.controls import button, row
from ..kit.traits import set_if_changed, set_visible

if TYPE_CHECKING:
    from ..kit.panel import Panel

_SUFFIXES = {"CSV": ".csv", "Parquet": ".parquet", "JSON lines": ".jsonl"}
_NAMES = {"csv": "CSV", "parquet": "Parquet", "jsonl": "JSON lines"}


class Saving:
    """A path, its format and the button "Save"; if the file exists, also a button "Overwrite".

    Parameters
    ----------
    panel : Panel
        Runs the job and shows its errors.
    name : str
        Of the file that is proposed.
    table : callable
        Returns the current table, or None.

    Attributes
    ----------
    words : ipywidgets.HTML
        Where it was saved, or why not.
    """

    def __init__(self, panel: Panel, name: str, table: Callable[[], pd.DataFrame | None]) -> None:
        self._panel, self._table, self._name = panel, table, name
        self._rehearsed = False
        self._existing = ""  # the path of an existing file, which may be overwritten
        self._path = w.Text(name, description="Save to", layout={"width": "auto", "flex": "0 1 300px"})
        self._format = w.Dropdown(description="Format", options=list(_SUFFIXES), layout={"width": "auto"})
        self._path.observe(panel.guard(lambda _: self._typed()), names=["value"])
        self._format.observe(panel.guard(lambda _: self._format_chosen()), names=["value"])
        self.save = button("Save", lambda: self._write(overwrite=False), panel.guard, "Write the table to a file")
        self._overwrite = button(
            "Overwrite", lambda: self._write(overwrite=True), panel.guard, "Replace the existing file"
        )
        self._overwrite.button_style = "warning"
        self.words = w.HTML()
        self.box = row(self._path, self._format, self.save, self._overwrite, self.words)
        panel.surface.enter(self._path, self.save)
        self.forget()

    def of_rehearsal(self, rehearsed: bool) -> None:
        """Propose another file for what a rehearsal is about, and say so of each that is saved."""
        before = self._proposed
        self._rehearsed = rehearsed
        if self._path.value.strip() in ("", before):
            self._path.value = self._proposed

    @property
    def _proposed(self) -> str:
        return f"rehearsal-{self._name}" if self._rehearsed else self._name

    @property
    def following(self) -> w.Button | None:
        """The button to press next; None once the table is saved, or is to be saved under another name."""
        return None if self.words.value else self.save

    @property
    def path(self) -> str:
        """Where the table is saved."""
        return self._path.value.strip() or self._proposed

    def forget(self) -> None:
        """Require confirmation again, since the path or the table has changed."""
        self._show("", existing="")

    def _typed(self) -> None:
        set_if_changed(self._format, "value", _NAMES[format_of(self.path)])
        self.forget()

    def _format_chosen(self) -> None:
        if _NAMES[format_of(self.path)] != self._format.value:
            self._path.value = str(Path(self.path).with_suffix(_SUFFIXES[self._format.value]))

    def _write(self, *, overwrite: bool) -> None:
        table, path = self._table(), Path(self.path).expanduser()
        if table is None or (overwrite and self._existing != str(path)):
            return
        self._panel.start(
            lambda _: write(table, path, overwrite), "Saving the table", lambda message: self._saved(path, message)
        )

    def _saved(self, path: Path, message: str) -> None:
        if message:
            note = ". Rehearsal: the people are simulated." if self._rehearsed else ""
            self._show(f"{message}{note}", existing="")
        else:
            file = path if path.exists() else questions_file(path)  # of another table, saved under the same name
            self._show(f"{file} already exists. Type another path, or overwrite it.", existing=str(path))

    def _show(self, words: str, *, existing: str) -> None:
        self._existing = existing
        set_visible(self._overwrite, bool(existing))
        html = f'<span role="status" style="overflow-wrap:anywhere">{escape(words)}</span>'
        set_if_changed(self.words, "value", html if words else "")


def write(table: pd.DataFrame, path: Path, overwrite: bool) -> str:
    """Write a table; returns a message, or an empty string if a file exists that may not be overwritten.

    Raises
    ------
    ProlificError
        The file could not be written.
    """
    try:
        save_table(table, path, overwrite=overwrite)
    except FolderInUse:
        return ""
    notice = f". {NOTICE}" if format_of(path) == "csv" and is_guarded(table) else ""
    return f"Saved {counted(len(table), 'row')} to {path.absolute()}{notice}"
