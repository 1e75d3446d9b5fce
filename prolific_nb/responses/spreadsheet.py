"""Tables that a spreadsheet can open safely: text that it would run as a formula is marked as text.

Excel, LibreOffice and Google Sheets run a cell of a CSV file that begins with ``= + - @``, whoever wrote it. Such text
gets an apostrophe before it, by which spreadsheets mark text themselves. `read_table` takes it away again.
"""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import pandas as pd
from pandas.api.types import is_numeric_dtype, is_object_dtype, is_string_dtype

from ..common.arguments import require_path
from ..common.findings import Finding
from ..errors import DataError, FolderInUse, InputError
from .frame import CATEGORICAL, EXPECTED, _text_dtype, require_table
from .table_formats import format_of, packed, unpacked

DTYPES: dict[str, Any] = {
    **dict.fromkeys((*CATEGORICAL, EXPECTED), "category"),
    "created_at": "datetime64[ns, UTC]",
    "position": "Int64",
    "seconds": "Float64",
    "number": "Float64",
}
"""Of the columns of responses that are not plain strings."""

_MARK = "'"
_NUMBER = r"-[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?\Z"
# Spaces and invisible characters may be dropped before the cell is judged; the second group are full-width forms.
_FORMULA = re.compile(rf"{_MARK}*(?!{_NUMBER})(?:[\t\r\n]|[\s\x00-\x1f\ufeff\u200b-\u200f\u2060]*[=+\-@＝＋－＠])")

NOTICE = "Text that begins like a formula has an apostrophe before it; pnb.read_table removes it."


def guard(frame: pd.DataFrame) -> pd.DataFrame:
    """A copy in which text that a spreadsheet would run as a formula begins with an apostrophe.

    Column names are treated alike. Numbers stay, also negative numbers as text.

    Examples
    --------
    >>> guard(pd.DataFrame({"value": ["=1+1", "fine", "-1.5"]}))["value"].tolist()
    ["'=1+1", 'fine', '-1.5']
    """
    return _changed(frame, lambda text: _MARK + text if _FORMULA.match(text) else text)


def unguard(frame: pd.DataFrame) -> pd.DataFrame:
    """The table that `guard` was given.

    Examples
    --------
    >>> unguard(pd.DataFrame({"value": ["'=1+1", "'quoted'"]}))["value"].tolist()
    ['=1+1', "'quoted'"]
    """
    return _changed(frame, lambda text: text[1:] if text[:1] == _MARK and _FORMULA.match(text, 1) else text)


def is_guarded(frame: pd.DataFrame) -> bool:
    """Whether `guard` changes anything."""
    return any(_FORMULA.match(text) for text in _texts(frame))


def save_table(
    frame: pd.DataFrame, path: str | os.PathLike[str] | IO[str], *, overwrite: bool = True, questions: bool = True
) -> None:
    """Write a table as CSV, guarded against formulas in participants' text, as Parquet or as JSON lines.

    `read_responses` reads responses back, `read_table` any other table.

    Parameters
    ----------
    frame : pandas.DataFrame
        Such as ``run.responses()``; its index is not written.
    path : path or file
        Where to write it: Parquet if it ends in ``.parquet`` (requires pyarrow), JSON lines if it ends in ``.jsonl``,
        else CSV.
    overwrite : bool
        False to refuse a file that exists already.
    questions : bool
        Whether the questions of a table of responses are written beside it: ``responses.questions.json`` for
        ``responses.csv``. A file object has nothing beside it.

    Raises
    ------
    FolderInUse
        The file exists, and `overwrite` is False.
    InputError
        The file cannot be written, or pyarrow is not installed.
    """
    require_table(frame)
    path = path if not isinstance(path, str | os.PathLike) else Path(path).expanduser()
    # "x" lets the system refuse: a look beforehand could be outdated by the time of writing.
    mode: Any = "w" if overwrite else "x"
    beside = _questions_beside(frame, path) if questions else None
    if beside is not None and not overwrite and _differs(*beside):
        raise FolderInUse(f"{beside[0]} already exists, with the questions of another table. Choose another path.")
    if isinstance(path, os.PathLike) and format_of(path) != "csv":
        content = packed(frame, path)
        with _writing(path), Path(path).open(f"{mode}b") as file:
            file.write(content)
    else:
        # Before Python 3.13 the csv module leaves a lone carriage return bare, and readers take it for a new row.
        quoting: Any = csv.QUOTE_NONNUMERIC if any("\r" in text for text in _texts(frame)) else csv.QUOTE_MINIMAL
        with _writing(path):
            guard(frame).to_csv(path, index=False, mode=mode, quoting=quoting)
    if beside is not None:
        file_of_questions, text = beside
        with _writing(file_of_questions):
            file_of_questions.write_text(text, encoding="utf-8")


def _questions_beside(frame: pd.DataFrame, path: Any) -> tuple[Path, str] | None:
    """The file with the questions of a table of responses, and its content; None for other tables."""
    if "response_id" not in frame.columns or "questions" not in frame.attrs or not isinstance(path, os.PathLike):
        return None
    names = ("mode", "pay", "join", "shown", "checks", "questions")
    kept = {name: frame.attrs[name] for name in names if name in frame.attrs}
    return questions_file(path), json.dumps(kept, ensure_ascii=False, indent=1) + "\n"


def _differs(file: Path, text: str) -> bool:
    return file.exists() and file.read_bytes() != text.encode("utf-8")


@contextmanager
def _writing(path: object) -> Iterator[None]:
    try:
        yield
        return
    except FileExistsError:
        raise FolderInUse(f"{path} already exists. Choose another path, or pass overwrite=True.") from None
    except OSError as failure:
        what = f"The file cannot be written: {failure.strerror or failure}."
        remedy = "Choose a path in a folder that exists and can be written to, with enough space."
        raise InputError(str(path), [Finding("error", what, remedy)]) from None


def questions_file(path: str | os.PathLike[str]) -> Path:
    """The file with the questions of a saved table of responses.

    Examples
    --------
    >>> questions_file("responses.csv").name
    'responses.questions.json'
    """
    return Path(path).with_suffix(".questions.json")


def read_table(path: str | os.PathLike[str] | IO[str]) -> pd.DataFrame:
    """Read a table that `save_table`, a panel or the demo wrote, with its text as it was.

    Parameters
    ----------
    path : path or file
        The CSV, Parquet (``.parquet``) or JSON lines (``.jsonl``).

    Returns
    -------
    pandas.DataFrame
        Responses have the dtypes of ``run.responses()``, and the columns of their rows are strings; in other tables
        columns of numbers are numbers. Empty cells are missing values.

    Examples
    --------
    >>> from io import StringIO
    >>> file = StringIO()
    >>> save_table(pd.DataFrame({"value": ["=1+1", "good"]}), file)
    >>> print(file.getvalue())
    value
    '=1+1
    good
    >>> _ = file.seek(0)
    >>> read_table(file)["value"].tolist()
    ['=1+1', 'good']
    """
    try:
        given = path if hasattr(path, "read") else require_path("path", path)
        if isinstance(given, Path) and format_of(given) != "csv":
            frame = unpacked(given)
        else:
            frame = unguard(pd.read_csv(given, dtype=str, keep_default_na=False, na_values=[""]))
    except (OSError, ValueError, ImportError) as failure:  # pandas' errors about CSV are ValueErrors
        reason = getattr(failure, "strerror", None) or failure
        remedy = "Pass the path of a table that save_table, a panel or the demo wrote."
        raise DataError(str(path), [Finding("error", f"The table cannot be read: {reason}.", remedy)]) from None
    if "response_id" in frame.columns:
        return _as_responses(frame)
    for name in frame.columns if format_of(path) == "csv" else ():  # other formats know what is a number
        with suppress(ValueError, TypeError):
            frame[name] = pd.to_numeric(frame[name])
    return frame


def _as_responses(frame: pd.DataFrame) -> pd.DataFrame:
    for name in frame.columns:
        if name in DTYPES:
            frame[name] = frame[name].astype("float64" if name == "position" else "object").astype(DTYPES[name])
        elif is_object_dtype(frame[name].dtype):  # such as a column of JSON lines without a value
            frame[name] = frame[name].astype(_text_dtype())
    return frame


def _texts(frame: pd.DataFrame) -> Iterator[str]:
    """Every text of a table, column names included."""
    columns: list[Any] = [frame.iloc[:, place] for place in range(frame.shape[1])]
    for cells in (frame.columns, *(each.unique() for each in columns if not is_numeric_dtype(each.dtype))):
        yield from (cell for cell in cells if isinstance(cell, str))


def _changed(frame: pd.DataFrame, change: Callable[[str], str]) -> pd.DataFrame:
    def cell(value: Any) -> Any:
        return change(value) if isinstance(value, str) else value

    result = frame.copy()
    for place in range(frame.shape[1]):
        column = frame.iloc[:, place]
        if isinstance(column.dtype, pd.CategoricalDtype):
            changed: Any = column.cat.rename_categories([cell(each) for each in column.cat.categories])
        elif is_object_dtype(column.dtype) or is_string_dtype(column.dtype):
            changed = pd.Series([cell(each) for each in column], index=column.index, dtype=column.dtype)
        else:
            continue
        result.isetitem(place, changed)
    result.columns = pd.Index([cell(each) for each in frame.columns], dtype=frame.columns.dtype)
    return result
