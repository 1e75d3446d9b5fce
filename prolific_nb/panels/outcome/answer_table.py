"""The tidy table of answers, as it is shown: a page of rows, the telling columns first."""

from __future__ import annotations

from html import escape

import pandas as pd

from ...common.plurals import counted
from ...responses import COLUMNS
from ..kit.html_table import shorten

PAGE = 50
_FIRST = ("question", "value", "explanation", "number", "number_unit", "file_name")
# Cells may break anywhere, so a table that had to fit would become columns of single letters.
_AS_WIDE_AS_NEEDED = (
    "<style>.pnb-scroll table.pnb-answers { width: max-content } "
    ".pnb-scroll .pnb-answers th { white-space: nowrap }</style>"
)
_NEXT = ("participant_id", "submission_status", "position", "seconds")


def in_view(frame: pd.DataFrame) -> pd.DataFrame:
    """The columns in the order in which people read them, without those that are empty throughout.

    First what was asked and answered, then the row that it was about, then who and when, ids last.
    """
    own = [name for name in frame.columns if name not in COLUMNS]
    rest = [name for name in COLUMNS if name not in (*_FIRST, *_NEXT)]
    order = [name for name in (*_FIRST, *own, *_NEXT, *rest) if name in frame.columns]
    return frame[[name for name in order if frame[name].notna().any()]]


def table_html(frame: pd.DataFrame, start: int, rows: int, label: str) -> str:
    """Some rows of a frame as a table that scrolls in its own region; cells are cut and escaped.

    Parameters
    ----------
    frame : DataFrame
        Any; only the rows shown are looked at.
    start, rows : int
        From which row, counted from 0, and how many.
    label : str
        What the region is called.

    Examples
    --------
    >>> html = table_html(pd.DataFrame({"value": ["<b>", "x" * 900]}), 0, 50, "Answers")
    >>> "&lt;b&gt;" in html, "<b>" in html, len(html) < 1000
    (True, False, True)
    """
    part = frame.iloc[start : start + rows]
    shown = pd.DataFrame(
        {place: [_cell(cell) for cell in part.iloc[:, place]] for place in range(part.shape[1])}, dtype=object
    )
    shown.columns = pd.Index([shorten(str(name), 60) for name in part.columns], dtype=object)
    shown.index = pd.RangeIndex(start + 1, start + 1 + len(part))
    table = shown.to_html(border=0, classes="pnb-answers")
    return (
        f"{_AS_WIDE_AS_NEEDED}"
        f'<div class="pnb-scroll" tabindex="0" role="region" aria-label="{escape(label)}" '
        f'style="max-height:420px;overflow:auto">{table}</div>'
    )


def _cell(cell: object) -> str:
    if pd.isna(cell):  # type: ignore[call-overload]
        return ""
    if isinstance(cell, pd.Timestamp):
        return f"{cell:%Y-%m-%d %H:%M:%S}"
    return shorten(f"{cell:.10g}" if isinstance(cell, float) else str(cell))


def place(start: int, rows: int, total: int) -> str:
    """Which rows are shown, in words.

    Examples
    --------
    >>> place(50, 50, 144)
    'Rows 51 to 100 of 144'
    >>> place(0, 50, 1)
    '1 row'
    """
    if total <= rows:
        return counted(total, "row")
    return f"Rows {start + 1:,} to {min(start + rows, total):,} of {total:,}"
