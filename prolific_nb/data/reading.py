"""Reading files, bytes and DataFrames into a Dataset."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from importlib.resources import files
from itertools import count
from numbers import Integral
from pathlib import Path
from typing import Any, cast

import pandas as pd

from ..common.findings import Finding, Findings
from ..errors import DataError
from .cells.cell_store import compact
from .cells.header_rows import arrange, skip_top
from .cells.table_builder import Cells
from .columns import check_kinds, kinds_of, tidy_names
from .dataset import Dataset
from .formats import Options, Unreadable, file_cells
from .from_dataframe import cells_of
from .several_files import check_sources, combined, of_file
from .sources import Source, as_code, file_bytes, named

_EXAMPLES = {"encoding": '"cp1252"', "delimiter": '";"', "sheet": '"Sheet1"'}


def read_data(
    source: Source | Sequence[Source],
    *,
    kinds: Mapping[str, str] | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    header_rows: int | None = None,
    skip_rows: int | Sequence[int] | None = None,
) -> Dataset:
    """Read the rows to be annotated.

    Parameters
    ----------
    source : str, path, bytes or DataFrame, or a list of these
        A CSV, JSON lines, a JSON array of records, or an Excel workbook (.xlsx, with the package openpyxl), as a file
        or its bytes, whatever its name; also compressed with gzip, bzip2 or xz, or alone in a ZIP archive. Or a
        DataFrame. Several of them need the same columns, in any order.
    kinds : mapping of str to str, optional
        Kinds of columns whose guess is wrong: ``{"stimulus": "image"}``. Kinds are "text", "image", "audio",
        "video", "group" (tasks with the same value stay together) and "other".
    encoding, delimiter : str, optional
        Of a text file; detected if not given, with a note if it is not UTF-8 or not separated by commas. An encoding
        that cannot be told from others is an error that lists them. With `delimiter`, the file is read as CSV.
    sheet : str, optional
        Of an Excel workbook; needed if several sheets have content.
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
        If the source is not a valid table, or is of another type; it lists every problem found.

    Notes
    -----
    Row numbers in findings are those of a spreadsheet: the header is row 1. Of JSON lines they are line numbers, of a
    JSON array they count the records. Of several files they begin with the number of the file: row 2005 is row 5 of
    file 2.

    Examples
    --------
    >>> read_data("no such file.csv")
    Traceback (most recent call last):
    prolific_nb.errors.DataError: no such file.csv cannot be used:
    - error: There is no such file. Check the path; the working directory is ...
    """
    header_rows, skip_rows = _as_int(header_rows), _as_int(skip_rows)
    texts = {"encoding": encoding, "delimiter": delimiter, "sheet": sheet}
    _check_arguments(kinds, texts)
    above, leave_out = _skipped(skip_rows)
    options = Options(**texts, header_rows=header_rows, above=above, leave_out=leave_out)
    given = dict(kinds or {})
    arguments = {"kinds": given or None, **texts, "header_rows": header_rows, "skip_rows": skip_rows}
    named_arguments = "".join(f", {name}={value!r}" for name, value in arguments.items() if value is not None)
    if isinstance(source, list | tuple):
        listed = f"[{', '.join(as_code(source))}]"
        return _read_several(source, given, options, f"pnb.read_data({listed}{named_arguments})")
    one = cast(Source, source)
    return _read_one(one, given, options, f"pnb.read_data({as_code([one])[0]}{named_arguments})")


Dataset._read = staticmethod(read_data)  # a Dataset cannot import what makes it


def sample_path() -> Path:
    """Path of the bundled CSV: 120 short product reviews with the sentiment that each writer intended."""
    return Path(str(files(__package__) / "samples" / "reviews.csv"))


def sample_data() -> Dataset:
    """The bundled reviews: product, review, and the intended sentiment (good, bad or mixed)."""
    data = read_data(sample_path())
    # The path differs between machines; generated code must not.
    return replace(data, source=None, _expression="pnb.sample_data()")


def _read_one(source: Source, given: Mapping[str, str], options: Options, expression: str) -> Dataset:
    name, subject = named(source)
    cells, notes = _cells(source, subject, options)
    names, about_names = tidy_names(cells.header)
    about_kinds = check_kinds(names, given) if names else ()
    findings = Findings([*notes, *cells.findings, *_absent(cells), *about_names, *about_kinds])
    if findings.errors:
        raise DataError(subject, findings)
    kinds = kinds_of(names, cells.rows.iter_columns(), given)
    path = os.fspath(source) if isinstance(source, str | os.PathLike) else None
    return Dataset(name, tuple(names), cells.rows, kinds, findings, path, compact(cells.numbers), expression)


def _read_several(sources: Sequence[Source], given: Mapping[str, str], options: Options, expression: str) -> Dataset:
    """Read each source; the problems of all of them are reported together."""
    subjects = check_sources(sources)
    if len(sources) == 1:
        return _read_one(sources[0], given, options, expression)
    parts: list[Dataset] = []
    faults: list[Finding] = []
    for source, subject in zip(sources, subjects, strict=True):
        try:
            parts.append(_read_one(source, {}, options, ""))
        except DataError as error:
            faults += [of_file(each, subject) for each in error.findings]
    if faults:
        raise DataError(f"{len(sources)} files together", faults)
    return combined(parts, subjects, given, expression)


def _check_arguments(kinds: object, texts: Mapping[str, object]) -> None:
    """Refuse arguments of a wrong type, with the name of the argument."""
    faults = [
        Finding("error", f"{name}= is {type(value).__name__}, not a string.", f"Pass a string, as in {name}={example}.")
        for name, value in texts.items()
        for example in [_EXAMPLES[name]]
        if not isinstance(value, str | None)
    ]
    if kinds is not None and not (isinstance(kinds, Mapping) and all(isinstance(k, str) for k in kinds.values())):
        remedy = 'Pass a dict from column to kind, as in kinds={"photo": "image"}.'
        faults.append(Finding("error", "kinds= is not a dict of strings.", remedy))
    delimiter = texts["delimiter"]
    if isinstance(delimiter, str) and (len(delimiter) != 1 or delimiter in '"\r\n'):
        what = f"delimiter={delimiter!r} is not a single character that can separate cells."
        faults.append(Finding("error", what, 'Use one such as "," or "\\t".'))
    if faults:
        raise DataError("The arguments of read_data", faults)


def _as_int(given: Any) -> Any:
    """A number of NumPy as the same int, and a list of them; anything else as it is."""
    if isinstance(given, Collection) and not isinstance(given, str | bytes):
        return list(map(_as_int, given))
    return int(given) if isinstance(given, Integral) and not isinstance(given, bool) else given


def _skipped(skip_rows: int | Sequence[int] | None) -> tuple[int | None, frozenset[int]]:
    """The number of lines above the header, and the numbers of rows to leave out below it."""
    if skip_rows is None or (type(skip_rows) is int and skip_rows >= 0):
        return skip_rows, frozenset()
    if not isinstance(skip_rows, list) or not all(type(row) is int and row > 0 for row in skip_rows):
        what = f"skip_rows={skip_rows!r} is not a number of lines and not a list of row numbers."
        remedy = "Pass 2 to skip two lines, or [5, 9] to leave out two rows."
        raise DataError("The arguments of read_data", [Finding("error", what, remedy)])
    above = next(number for number in count() if number + 1 not in skip_rows)
    return above or None, frozenset(skip_rows)


def _cells(source: Source, subject: str, options: Options) -> tuple[Cells, Sequence[Finding]]:
    if isinstance(source, pd.DataFrame):
        cells = skip_top(cells_of(source), options.above)
        return arrange(cells, options.header_rows, options.leave_out), ()
    try:
        return file_cells(source if isinstance(source, bytes) else file_bytes(subject), options)
    except Unreadable as error:
        raise DataError(subject, error.findings) from None


def _absent(cells: Cells) -> list[Finding]:
    if any(finding.level == "error" for finding in cells.findings) or cells.rows:
        return []
    if not cells.header:
        return [Finding("error", "It is empty.", "Put column names in the first row and data below it.")]
    remedy = "Add at least one row of data; if the only row is data, pass header_rows=0."
    return [Finding("error", "There is a header but no row below it.", remedy)]
