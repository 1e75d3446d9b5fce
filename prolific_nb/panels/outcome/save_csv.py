"""Saving a table as CSV: never over a file that is there, unless told so by another click."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from ...common.plurals import counted
from ...errors import ProlificError
from ...responses.spreadsheet import NOTICE, is_guarded, save_table
from ..kit import widgets as w
from ..kit.traits import set_if_changed, set_visible


class Saving:
    """A path and the button "Save as CSV"; where the file is there already, another button, "Overwrite".

    Parameters
    ----------
    table : callable
        Gives the table as it is now, or None.
    start, guard : callable
        `Panel.start` and `Panel.guard`.
    """

    def __init__(
        self, table: Callable[[], pd.DataFrame | None], start: Callable[..., Any], guard: Callable[..., Any]
    ) -> None:
        self._table, self._start = table, start
        self._taken = ""  # the path that was found to be taken
        look: dict[str, Any] = {
            "style": {"description_width": "initial"},
            "layout": {"width": "auto", "flex": "0 1 340px"},
        }
        self._path = w.Text("responses.csv", description="Path", **look)
        self._path.observe(guard(lambda _: self.forget()), names=["value"])
        self._save = w.Button(description="Save as CSV", tooltip="Writes the rows of the table")
        self._over = w.Button(
            description="Overwrite", tooltip="Replaces the file that is there", button_style="warning"
        )
        self._save.on_click(guard(lambda _: self._write(overwrite=False)))
        self._over.on_click(guard(lambda _: self._write(overwrite=True)))
        self._words = w.HTML()
        row = {"flex_flow": "row wrap", "width": "100%", "align_items": "center"}
        self.box = w.HBox([self._path, self._save, self._over, self._words], layout=row)
        self.forget()

    def forget(self) -> None:
        """Ask anew, as the path or the table is another one."""
        self._say("", taken="")

    def _write(self, *, overwrite: bool) -> None:
        table, path = self._table(), Path(self._path.value.strip() or "responses.csv").expanduser()
        if table is None or (overwrite and self._taken != str(path)):
            return
        self._start(lambda _: write(table, path, overwrite), "Saving the table", lambda said: self._told(path, said))

    def _told(self, path: Path, said: str) -> None:
        if said:
            self._say(said, taken="")
        else:
            self._say(f"{path} is there already. Type another path, or overwrite it.", taken=str(path))

    def _say(self, words: str, *, taken: str) -> None:
        self._taken = taken
        set_visible(self._over, bool(taken))
        said = f'<span role="status" style="margin:0 8px;overflow-wrap:anywhere">{escape(words)}</span>'
        set_if_changed(self._words, "value", said if words else "")


def write(table: pd.DataFrame, path: Path, overwrite: bool) -> str:
    """Write a table as CSV; returns where it went in words, or nothing where a file is in the way.

    Raises
    ------
    ProlificError
        It could not be written there.
    """
    try:
        save_table(table, path, overwrite=overwrite)
    except FileExistsError:
        return ""
    except OSError as failure:
        reason = failure.strerror or str(failure)
    else:
        notice = f". {NOTICE}" if is_guarded(table) else ""
        return f"Saved {counted(len(table), 'row')} to {path.absolute()}{notice}"
    raise ProlificError(f"{path} could not be written: {reason}. Choose a folder that is there and may be written to.")
