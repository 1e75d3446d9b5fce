"""A table of submissions that can be filtered, sorted and selected without the kernel."""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets

_STATIC = Path(__file__).parent / "static"
_SCRIPTS = (Path(__file__).parents[1] / "kit" / "static" / "elements.js", _STATIC / "submission_table.js")


class SubmissionTable(anywidget.AnyWidget):
    """A table whose rows a person selects by mouse or keyboard; filters, order and pages belong to the browser.

    Parameters
    ----------
    columns : list of dict
        ``key`` and ``label`` (str); for a column of numbers also ``digits`` (int) and ``missing`` (str: what is shown
        for None); optionally ``hint`` (str) and ``text`` (str: the key of what is shown instead of the number).
    rows : list of dict
        ``id`` (str), and a string, number or None for the key of each column.
    marks : dict of str to str
        By ID: a few words shown in the last column.
    selected : list of str
        The IDs of the selected rows; those that a filter hides stay selected, and their number is shown.
    sort : str
        The key of the column to sort by, with a minus sign before it for the largest first; empty for the given order.
    filters : dict
        ``status`` (str), ``text`` (str, sought in all cells), ``above`` and ``below`` (float: minutes); all optional.
    label : str
        The name of the table for screen readers.

    Examples
    --------
    >>> table = SubmissionTable(columns=[{"key": "status", "label": "Status"}], rows=[{"id": "5d0c", "status": "OK"}])
    >>> table.selected
    []
    """

    # A string, not a Path: anywidget watches the file of a Path, and a watched widget is never garbage-collected
    # (https://github.com/manzt/anywidget/issues/929). A widget has one module, here of two files.
    _esm = "".join(file.read_text(encoding="utf-8") for file in _SCRIPTS)
    _css = (_STATIC / "submission_table.css").read_text(encoding="utf-8")

    columns = traitlets.List(traitlets.Dict()).tag(sync=True)
    rows = traitlets.List(traitlets.Dict()).tag(sync=True)
    marks = traitlets.Dict().tag(sync=True)
    selected = traitlets.List(traitlets.Unicode()).tag(sync=True)
    sort = traitlets.Unicode("").tag(sync=True)
    filters = traitlets.Dict().tag(sync=True)
    label = traitlets.Unicode("Submissions").tag(sync=True)
