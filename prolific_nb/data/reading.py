"""A file, bytes or a DataFrame into a Dataset."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd

from ..common.findings import Finding, Findings
from ..errors import DataError
from .columns import check_told, kinds_of, tidy_names
from .dataset import Dataset
from .decoding import Undecodable, decode
from .from_dataframe import cells_of
from .parsing import Cells, parse

Source = str | os.PathLike[str] | bytes | pd.DataFrame


def read_data(
    source: Source,
    *,
    kinds: Mapping[str, str] | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> Dataset:
    """Read the rows that people are to judge.

    Parameters
    ----------
    source : str, path, bytes or DataFrame
        A CSV as people and spreadsheets make them, or a frame.
    kinds : mapping of str to str, optional
        Kinds of columns where the guess is wrong: ``{"stimulus": "image"}``. Known are "text", "image", "audio",
        "video", "group" (tasks with the same value stay together) and "other".
    encoding, delimiter : str, optional
        For a CSV; found out without them, with a note where it is not UTF-8 and commas.

    Returns
    -------
    Dataset
        Every cell is text. ``.check()`` lists what is odd.

    Raises
    ------
    DataError
        If no table can be made of it, with everything found at once.
    TypeError
        If `source` is none of these.

    Examples
    --------
    >>> read_data("no such file.csv")
    Traceback (most recent call last):
    prolific_nb.errors.DataError: no such file.csv cannot be used:
    - error: There is no such file. Check the path; the working folder is ...
    """
    name, subject = _named(source)
    cells, notes = _cells(source, subject, encoding, delimiter)
    names, about_names = tidy_names(cells.header)
    told = dict(kinds or {})
    about_kinds = check_told(names, told) if names else ()
    findings = Findings([*notes, *cells.findings, *_absent(cells), *about_names, *about_kinds])
    if findings.errors:
        raise DataError(subject, findings)
    columns = [list(column) for column in zip(*cells.rows, strict=True)]
    frame = pd.DataFrame(dict(zip(names, columns, strict=True)))
    path = os.fspath(source) if isinstance(source, str | os.PathLike) else None
    expression = _call(source, path, {"kinds": told or None, "encoding": encoding, "delimiter": delimiter})
    return Dataset(name, frame, kinds_of(names, columns, told), findings, path, cells.numbers, expression)


def sample_path() -> Path:
    """The bundled CSV: 120 short product reviews, with the sentiment its writer had in mind."""
    return Path(str(files(__package__) / "samples" / "reviews.csv"))


def sample_data() -> Dataset:
    """The bundled reviews: product, review, and the intended sentiment (good, bad or mixed)."""
    data = read_data(sample_path())
    # Its path differs from machine to machine; generated code must not.
    return Dataset(
        data.name, data.frame, tuple(data.kinds.values()), data.findings, None, data.rows, "pnb.sample_data()"
    )


def _named(source: Source) -> tuple[str, str]:
    """The name of the dataset, and what error messages call the source."""
    if isinstance(source, bytes):
        return "data", "The CSV in memory"
    if isinstance(source, pd.DataFrame):
        return "data", "The DataFrame"
    if isinstance(source, str | os.PathLike):
        return Path(source).stem or "data", os.fspath(source)
    raise TypeError(f"read_data takes a path, bytes or a DataFrame, not {type(source).__name__}.")


def _cells(
    source: Source, subject: str, encoding: str | None, delimiter: str | None
) -> tuple[Cells, Sequence[Finding]]:
    if isinstance(source, pd.DataFrame):
        return cells_of(source), ()
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
        what = f"delimiter={delimiter!r} is not one character that can part cells."
        raise DataError(subject, [Finding("error", what, 'Give one such as "," or "\\t".')])
    raw = source if isinstance(source, bytes) else _bytes(subject)
    try:
        text, notes = decode(raw, encoding)
    except Undecodable as error:
        raise DataError(subject, [error.finding]) from None
    return parse(text, delimiter), notes


def _bytes(given: str) -> bytes:
    path = Path(given).expanduser()
    try:
        return path.read_bytes()
    except FileNotFoundError:
        finding = Finding("error", "There is no such file.", _where_to_look(given, path))
    except IsADirectoryError:
        finding = Finding("error", "This is a folder.", "Give the path of a CSV in it.")
    except (OSError, ValueError) as error:
        finding = Finding("error", f"The file cannot be read: {error}.", "Check the path and your right to read it.")
    raise DataError(given, [finding])


def _where_to_look(given: str, path: Path) -> str:
    if "://" in given:
        return "Web addresses are not read: download the file first."
    if "\n" in given:
        return "If this is the text of a CSV itself, pass it as bytes: text.encode()."
    folder = path.parent
    near = get_close_matches(path.name, os.listdir(folder), cutoff=0.5) if folder.is_dir() else []
    nearest = f"; near it are {', '.join(map(repr, near))}" if near else ""
    return f"Check the path; the working folder is {Path.cwd()}{nearest}."


def _absent(cells: Cells) -> list[Finding]:
    if any(finding.level == "error" for finding in cells.findings) or cells.rows:
        return []
    if not cells.header:
        return [Finding("error", "It is empty.", "Put column names into the first row and data below.")]
    return [Finding("error", "There is a header but no row below it.", "Add at least one row of data.")]


def _call(source: Source, path: str | None, named: Mapping[str, Any]) -> str:
    given = path if path is not None else None
    first = repr(given) if given is not None else "frame" if isinstance(source, pd.DataFrame) else "raw"
    return f"pnb.read_data({', '.join([first, *(f'{k}={v!r}' for k, v in named.items() if v is not None)])})"
