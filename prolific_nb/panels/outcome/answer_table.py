"""The tidy table of answers as HTML: one page of rows, the most useful columns first."""

from __future__ import annotations

from html import escape

import pandas as pd

from ...common.plurals import counted
from ...responses import COLUMNS
from ..kit.html_table import shorten

PAGE = 50
_FIRST = ("question", "value", "explanation", "number", "number_unit", "file_name")
# Cells may break anywhere, so a table as narrow as the panel would have columns one letter wide.
_AS_WIDE_AS_NEEDED = (
    "<style>.pnb-scroll table.pnb-answers { width: max-content } "
    ".pnb-scroll .pnb-answers th { white-space: nowrap }</style>"
)
_NEXT = ("participant_id", "submission_status", "position", "seconds")


def in_view(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame without empty columns, in reading order.

    First question and answer, then the columns of the row, then participant and time, ids last.
    """
    own = [name for name in frame.columns if name not in COLUMNS]
    rest = [name for name in COLUMNS if name not in (*_FIRST, *_NEXT)]
    order = [name for name in (*_FIRST, *own, *_NEXT, *rest) if name in frame.columns]
    return frame[[name for name in order if frame[name].notna().any()]]


def table_html(frame: pd.DataFrame, start: int, rows: int, label: str) -> str:
    """Some rows of a frame as an HTML table in a scrolling region; cells are shortened and escaped.

    Parameters
    ----------
    frame : DataFrame
        Any frame; only the rows shown are read.
    start, rows : int
        The first row (0-based), and the number of rows.
    label : str
        The name of the region for screen readers.

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
    """Which rows are shown, as text.

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
