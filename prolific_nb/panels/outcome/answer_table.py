"""Rows of a frame as an HTML table: one page, the most useful columns first, cells shortened and escaped."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from ...common.display import visible
from ...common.plurals import counted
from ...responses import COLUMNS
from ..kit.html_table import shorten

_FIRST = ("question", "value", "explanation", "number", "number_unit", "file_name")
_NEXT = ("participant_id", "submission_status", "position", "seconds")
_LONGEST = 160
STYLE = """<style>
.pnb-scroll table.pnb-answers { width: max-content; min-width: 100%; }
.pnb-scroll .pnb-answers thead th { position: sticky; top: 0; white-space: nowrap; z-index: 1;
  background: var(--jp-layout-color1, Canvas) !important; box-shadow: inset 0 -1px var(--pnb-line); }
.pnb-scroll .pnb-answers tbody th { font-weight: 400; color: var(--jp-ui-font-color2, GrayText) !important;
  text-align: end !important; }
.pnb-scroll .pnb-answers tbody th.pnb-group { font-weight: 600; color: inherit !important;
  text-align: start !important; }
.pnb-asked { max-width: 14em; }
.pnb-counts { display: grid; grid-template-columns: max-content 64px max-content; gap: 1px 8px;
  align-items: center; margin: 0; }
.pnb-counts span { max-width: 12em; overflow-wrap: break-word; }
.pnb-counts i { display: block; height: 9px; border-radius: 2px; background: var(--pnb-soft);
  outline: 1px solid var(--pnb-line); outline-offset: -1px; }
.pnb-counts b { display: block; height: 100%; border-radius: 2px; background: var(--pnb-accent); }
</style>"""


def in_view(frame: pd.DataFrame) -> list[str]:
    """The columns that are not empty, in reading order.

    First question and answer, then the columns of the row, then participant and time, ids last.
    """
    own = [name for name in frame.columns if name not in COLUMNS]
    rest = [name for name in COLUMNS if name not in (*_FIRST, *_NEXT)]
    order = [name for name in (*_FIRST, *dict.fromkeys(own), *_NEXT, *rest) if name in frame.columns]
    filled = set(frame.columns[frame.notna().any().to_numpy()])
    return [name for name in order if name in filled]


def table_html(
    frame: pd.DataFrame, start: int, label: str, *, sorted_by: tuple[str, bool] | None = None, cells: Any = None
) -> str:
    """A page of rows as an HTML table in a scrolling region.

    Parameters
    ----------
    frame : DataFrame
        The rows of this page.
    start : int
        The number of the first of them, from 0.
    label : str
        The name of the table for screen readers.
    sorted_by : tuple of str and bool, optional
        The column by which the rows are sorted, and whether descending.
    cells : mapping from str to list of str, optional
        HTML of the cells of some columns; those of the others are shortened and escaped here.

    Examples
    --------
    >>> html = table_html(pd.DataFrame({"value": ["<b>", "x" * 900]}), 0, "Answers")
    >>> "&lt;b&gt;" in html, "<b>" in html, len(html) < 3000
    (True, False, True)
    """
    given: Mapping[str, list[str]] = cells or {}
    columns = [_column(frame.iloc[:, place], given.get(name)) for place, name in enumerate(frame.columns)]
    head = "".join(_heading(name, kind, sorted_by) for name, (kind, _) in zip(frame.columns, columns, strict=True))
    body = "".join(
        f'<tr><th scope="row">{start + 1 + place:,}</th>'
        + "".join(f"<td{kind}>{texts[place]}</td>" for kind, texts in columns)
        + "</tr>"
        for place in range(len(frame))
    )
    return (
        f'{STYLE}<div class="pnb-scroll" tabindex="0" role="region" aria-label="{escape(label)}" '
        'style="max-height:380px;overflow:auto">'
        f'<table class="pnb-answers" aria-label="{escape(label)}"><thead><tr><th scope="col">#</th>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _column(column: pd.Series[Any], given: list[str] | None) -> tuple[str, list[str]]:
    """The class attribute of the cells of a column, and their HTML."""
    if given is None and column.name == "question":  # a long question takes no room from its answers
        given = [f'<div class="pnb-asked">{_cell(each)}</div>' for each in column]
    number = is_numeric_dtype(column.dtype) and not is_bool_dtype(column.dtype)
    return ' class="pnb-number"' if number else "", given or [_cell(each) for each in column]


def _heading(name: object, kind: str, sorted_by: tuple[str, bool] | None) -> str:
    order = arrow = ""
    if sorted_by is not None and sorted_by[0] == name:
        order = f' aria-sort="{"descending" if sorted_by[1] else "ascending"}"'
        arrow = f' <span aria-hidden="true">{"▾" if sorted_by[1] else "▴"}</span>'
    return f'<th scope="col"{kind}{order}>{text(name, 60)}{arrow}</th>'


def text(value: object, longest: int = _LONGEST) -> str:
    """Text from outside as HTML, on one line and shortened."""
    return escape(visible(shorten(str(value), longest)))


def percent(column: pd.Series[Any]) -> list[str]:
    """Shares as text; missing ones are empty."""
    return ["" if share != share else f"{100 * share:.0f} %" for share in column]


def _cell(cell: Any) -> str:
    if pd.isna(cell):
        return ""
    if isinstance(cell, pd.Timestamp):
        return f"{cell:%Y-%m-%d %H:%M:%S}"
    return text(f"{cell:,.6g}" if isinstance(cell, float) else cell)


def bars(counts: Mapping[str, float], total: float) -> str:
    """Labels with bars and counts, such as “bad ▮▮▯ 2 of 3”.

    Examples
    --------
    >>> "<span>bad</span>" in bars({"bad": 2, "good": 1}, 3), "2 of 3 · 67 %" in bars({"bad": 2}, 3)
    (True, True)
    """
    lines = "".join(
        f'<span>{text(label, 40)}</span><i aria-hidden="true"><b style="width:{100 * number / total:.0f}%"></b></i>'
        f"<span>{number:,} of {total:,} · {100 * number / total:.0f} %</span>"
        for label, number in counts.items()
    )
    return f'<div class="pnb-counts">{lines}</div>'


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
