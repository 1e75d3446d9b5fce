"""Reading a file, bytes or a DataFrame into a Dataset."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from importlib.resources import files
from itertools import count
from pathlib import Path
from typing import Any

import pandas as pd

from ..common.findings import Finding, Findings
from ..errors import DataError
from .cells.cell_store import CellStore, compact
from .cells.csv_blocks import Text, is_utf8
from .cells.header_rows import arrange, skip_top
from .columns import check_kinds, kinds_of, tidy_names
from .csv_format import Cells, parse
from .dataset import Dataset
from .decoding import Undecodable, decode
from .from_dataframe import cells_of

_LARGE = 1_000_000  # bytes

Source = str | os.PathLike[str] | bytes | pd.DataFrame


def read_data(
    source: Source,
    *,
    kinds: Mapping[str, str] | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    header_rows: int | None = None,
    skip_rows: int | Sequence[int] | None = None,
) -> Dataset:
    """Read the rows to be annotated.

    Parameters
    ----------
    source : str, path, bytes or DataFrame
        A CSV, as a file or its bytes, or a DataFrame.
    kinds : mapping of str to str, optional
        Kinds of columns whose guess is wrong: ``{"stimulus": "image"}``. Kinds are "text", "image", "audio",
        "video", "group" (tasks with the same value stay together) and "other".
    encoding, delimiter : str, optional
        Of a CSV; detected if not given, with a note if it is not UTF-8 or not separated by commas.
    header_rows : int, optional
        The number of header rows: 3 for an export of Qualtrics, 0 if the first row is data. The columns are named by
        the first header row. If not given, rows that seem to belong to the header are an error.
    skip_rows : int or sequence of int, optional
        The number of lines above the header, such as a title; or the row numbers, as in a spreadsheet, of rows to
        leave out. If not given, lines that look like a title are an error.

    Returns
    -------
    Dataset
        Every cell is a string. ``.check()`` lists the problems in the content.

    Raises
    ------
    DataError
        If the source is not a valid table; it lists every problem found.
    TypeError
        If `source` is of another type.

    Examples
    --------
    >>> read_data("no such file.csv")
    Traceback (most recent call last):
    prolific_nb.errors.DataError: no such file.csv cannot be used:
    - error: There is no such file. Check the path; the working directory is ...
    """
    name, subject = _named(source)
    above, leave_out = _skipped(subject, skip_rows)
    cells, notes = _cells(source, subject, encoding, delimiter, above, leave_out)
    cells = arrange(cells, header_rows, leave_out)
    names, about_names = tidy_names(cells.header)
    given = dict(kinds or {})
    about_kinds = check_kinds(names, given) if names else ()
    findings = Findings([*notes, *cells.findings, *_absent(cells), *about_names, *about_kinds])
    if findings.errors:
        raise DataError(subject, findings)
    store = CellStore.of_rows(cells.rows, len(names))
    columns = list(map(store.iter_column, range(store.width)))
    path = os.fspath(source) if isinstance(source, str | os.PathLike) else None
    expression = _call(
        source,
        path,
        {
            "kinds": given or None,
            "encoding": encoding,
            "delimiter": delimiter,
            "header_rows": header_rows,
            "skip_rows": skip_rows if skip_rows is None or isinstance(skip_rows, int) else list(skip_rows),
        },
    )
    return Dataset(
        name, tuple(names), store, kinds_of(names, columns, given), findings, path, compact(cells.numbers), expression
    )


def sample_path() -> Path:
    """Path of the bundled CSV: 120 short product reviews with the sentiment that each writer intended."""
    return Path(str(files(__package__) / "samples" / "reviews.csv"))


def sample_data() -> Dataset:
    """The bundled reviews: product, review, and the intended sentiment (good, bad or mixed)."""
    data = read_data(sample_path())
    # The path differs between machines; generated code must not.
    return replace(data, source=None, _expression="pnb.sample_data()")


def _named(source: Source) -> tuple[str, str]:
    """The name of the dataset, and the name of the source in error messages."""
    if isinstance(source, bytes):
        return "data", "The CSV in memory"
    if isinstance(source, pd.DataFrame):
        return "data", "The DataFrame"
    if isinstance(source, str | os.PathLike):
        return Path(source).stem or "data", os.fspath(source)
    raise TypeError(f"read_data takes a path, bytes or a DataFrame, not {type(source).__name__}.")


def _cells(
    source: Source,
    subject: str,
    encoding: str | None,
    delimiter: str | None,
    skip_rows: int | None,
    leave_out: Collection[int],
) -> tuple[Cells, Sequence[Finding]]:
    if isinstance(source, pd.DataFrame):
        return skip_top(cells_of(source), skip_rows), ()
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
        what = f"delimiter={delimiter!r} is not a single character that can separate cells."
        raise DataError(subject, [Finding("error", what, 'Use one such as "," or "\\t".')])
    text, notes = _text(source, subject, encoding)
    return parse(text, delimiter, skip_rows, leave_out), notes


def _text(source: Source, subject: str, encoding: str | None) -> tuple[Text, Sequence[Finding]]:
    # A function of its own, so that the bytes are freed before the text is parsed.
    raw = source if isinstance(source, bytes) else _bytes(subject)
    if encoding is None and len(raw) > _LARGE and raw[:1].isascii() and is_utf8(raw):
        return raw, ()  # decoded as a whole, it could take four times as much memory
    try:
        return decode(raw, encoding)
    except Undecodable as error:
        raise DataError(subject, [error.finding]) from None


def _skipped(subject: str, skip_rows: int | Sequence[int] | None) -> tuple[int | None, Collection[int]]:
    """The number of lines above the header, and the numbers of rows to leave out below it."""
    if skip_rows is None or (isinstance(skip_rows, int) and not isinstance(skip_rows, bool) and skip_rows >= 0):
        return skip_rows, ()
    if isinstance(skip_rows, int | str | float) or not all(isinstance(row, int) and row > 0 for row in skip_rows):
        what = f"skip_rows={skip_rows!r} is not a number of lines and not a list of row numbers."
        raise DataError(subject, [Finding("error", what, "Pass 2 to skip two lines, or [5, 9] to leave out two rows.")])
    above = next(number for number in count() if number + 1 not in skip_rows)
    return above or None, frozenset(skip_rows)


def _bytes(given: str) -> bytes:
    path = Path(given).expanduser()
    try:
        return path.read_bytes()
    except FileNotFoundError:
        finding = Finding("error", "There is no such file.", _where_to_look(given, path))
    except IsADirectoryError:
        finding = Finding("error", "This is a folder.", "Pass the path of a CSV file in it.")
    except (OSError, ValueError) as error:
        finding = Finding("error", f"The file cannot be read: {error}.", "Check the path and its read permission.")
    raise DataError(given, [finding])


def _where_to_look(given: str, path: Path) -> str:
    if "://" in given:
        return "URLs cannot be read: download the file first."
    if "\n" in given:
        return "If this is the content of a CSV, pass it as bytes: text.encode()."
    folder = path.parent
    near = get_close_matches(path.name, os.listdir(folder), cutoff=0.5) if folder.is_dir() else []
    nearest = f"; similar names there: {', '.join(map(repr, near))}" if near else ""
    return f"Check the path; the working directory is {Path.cwd()}{nearest}."


def _absent(cells: Cells) -> list[Finding]:
    if any(finding.level == "error" for finding in cells.findings) or cells.rows:
        return []
    if not cells.header:
        return [Finding("error", "It is empty.", "Put column names in the first row and data below it.")]
    remedy = "Add at least one row of data; if the only row is data, pass header_rows=0."
    return [Finding("error", "There is a header but no row below it.", remedy)]


def _call(source: Source, path: str | None, named: Mapping[str, Any]) -> str:
    given = path if path is not None else None
    first = repr(given) if given is not None else "frame" if isinstance(source, pd.DataFrame) else "raw"
    return f"pnb.read_data({', '.join([first, *(f'{k}={v!r}' for k, v in named.items() if v is not None)])})"
