"""Saving a table as CSV; an existing file is only overwritten after a second click."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from ...common.plurals import counted
from ...errors import FolderInUse
from ...responses.spreadsheet import NOTICE, is_guarded, save_table
from ..kit import widgets as w
from ..kit.traits import set_if_changed, set_visible


class Saving:
    """A path and the button "Save as CSV"; if the file exists, also a button "Overwrite".

    Parameters
    ----------
    table : callable
        Returns the current table, or None.
    start, guard : callable
        `Panel.start` and `Panel.guard`.
    """

    def __init__(
        self, table: Callable[[], pd.DataFrame | None], start: Callable[..., Any], guard: Callable[..., Any]
    ) -> None:
        self._table, self._start = table, start
        self._existing = ""  # the path of an existing file, which may be overwritten
        look: dict[str, Any] = {
            "style": {"description_width": "initial"},
            "layout": {"width": "auto", "flex": "0 1 340px"},
        }
        self._path = w.Text("responses.csv", description="Path", **look)
        self._path.observe(guard(lambda _: self.forget()), names=["value"])
        self._save = w.Button(description="Save as CSV", tooltip="Write the rows of the table to a file")
        self._overwrite = w.Button(description="Overwrite", tooltip="Replace the existing file", button_style="warning")
        self._save.on_click(guard(lambda _: self._write(overwrite=False)))
        self._overwrite.on_click(guard(lambda _: self._write(overwrite=True)))
        self._words = w.HTML()
        row = {"flex_flow": "row wrap", "width": "100%", "align_items": "center"}
        self.box = w.HBox([self._path, self._save, self._overwrite, self._words], layout=row)
        self.forget()

    def forget(self) -> None:
        """Require confirmation again, since the path or the table has changed."""
        self._show("", existing="")

    def _write(self, *, overwrite: bool) -> None:
        table, path = self._table(), Path(self._path.value.strip() or "responses.csv").expanduser()
        if table is None or (overwrite and self._existing != str(path)):
            return
        self._start(
            lambda _: write(table, path, overwrite), "Saving the table", lambda message: self._saved(path, message)
        )

    def _saved(self, path: Path, message: str) -> None:
        if message:
            self._show(message, existing="")
        else:
            self._show(f"{path} already exists. Type another path, or overwrite it.", existing=str(path))

    def _show(self, words: str, *, existing: str) -> None:
        self._existing = existing
        set_visible(self._overwrite, bool(existing))
        html = f'<span role="status" style="margin:0 8px;overflow-wrap:anywhere">{escape(words)}</span>'
        set_if_changed(self._words, "value", html if words else "")


def write(table: pd.DataFrame, path: Path, overwrite: bool) -> str:
    """Write a table as CSV; returns a message, or an empty string if the file exists and may not be overwritten.

    Raises
    ------
    ProlificError
        The file could not be written.
    """
    try:
        save_table(table, path, overwrite=overwrite)
    except FolderInUse:
        return ""
    notice = f". {NOTICE}" if is_guarded(table) else ""
    return f"Saved {counted(len(table), 'row')} to {path.absolute()}{notice}"
