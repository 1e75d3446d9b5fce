"""What `read_data` accepts: paths, bytes and DataFrames; their names, and the bytes of a file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pandas as pd

from ..common.findings import Finding
from ..errors import DataError

Source = str | os.PathLike[str] | bytes | pd.DataFrame
_PACKED = (".gz", ".bz2", ".xz", ".zip")
_IN_FOLDER = "Pass the path of a file in it, or a list of paths: read_data(sorted(Path(folder).glob('*.csv')))."
_FRAMES = "read_data takes a path, bytes, a DataFrame, or a list of these"


def named(source: Source) -> tuple[str, str]:
    """The name of the dataset, and the name of the source in error messages.

    Raises
    ------
    DataError
        If the source is of another type.

    Examples
    --------
    >>> named("folder/reviews.csv.gz")
    ('reviews', 'folder/reviews.csv.gz')
    """
    if isinstance(source, bytes):
        return "data", "The data in memory"
    if isinstance(source, pd.DataFrame):
        return "data", "The DataFrame"
    if isinstance(source, str | os.PathLike) and isinstance(os.fspath(source), str):
        path = Path(source)
        unpacked = path.with_suffix("") if path.suffix.casefold() in _PACKED else path
        return unpacked.stem or path.stem or "data", os.fspath(source)
    kind = type(source).__name__
    raise DataError(f"A source of type {kind}", [Finding("error", f"{_FRAMES}, not {kind}.", _instead(source))])


def _instead(source: Any) -> str:
    """What to pass instead of a value of another type."""
    if isinstance(source, pd.Series):
        return 'Make it a DataFrame: series.to_frame("text").'
    if isinstance(source, dict):
        return "Make it a DataFrame: pd.DataFrame(records)."
    if hasattr(source, "to_pandas"):
        return "Convert it: source.to_pandas()."
    if isinstance(source, bytearray | memoryview):
        return "Convert it: bytes(source)."
    if hasattr(source, "read"):
        return "Pass its path, or its content: file.read(); text.encode() if that is a string."
    if hasattr(source, "__next__"):
        return "Make it a list: sorted(paths)."
    return "Pass the path of a file, or pd.DataFrame(source)."


def file_bytes(given: str, not_folder: str = _IN_FOLDER) -> bytes:
    """The content of a file; `~` is the home folder.

    Parameters
    ----------
    given : str
        The path.
    not_folder : str
        What to pass instead of a folder.

    Raises
    ------
    DataError
        If there is no such file, or it cannot be read.
    """
    try:
        path = Path(given).expanduser()
        return path.read_bytes()
    except FileNotFoundError:
        finding = Finding("error", "There is no such file.", _where_to_look(given, path))
    except IsADirectoryError:
        finding = Finding("error", "This is a folder.", not_folder)
    except (OSError, ValueError, RuntimeError) as error:
        finding = Finding("error", f"The file cannot be read: {error}.", _where_to_look(given, None))
    raise DataError(given, [finding])


def _where_to_look(given: str, path: Path | None) -> str:
    if "://" in given:
        return "URLs cannot be read: download the file first."
    if "\n" in given or given.lstrip().startswith(("{", "[{")):
        return "If this is the content of a file, pass it as bytes: text.encode()."
    if path is None:
        return "Check the path and its read permission."
    folder = path.parent
    near = get_close_matches(path.name, os.listdir(folder), cutoff=0.5) if folder.is_dir() else []
    nearest = f"; similar names there: {', '.join(map(repr, near))}" if near else ""
    return f"Check the path; the working directory is {Path.cwd()}{nearest}."


def as_code(sources: Sequence[Source]) -> list[str]:
    """Each source as an expression; bytes and DataFrames are variables, numbered if there are several."""
    code: list[str] = []
    for source in sources:
        if isinstance(source, str | os.PathLike):
            code.append(repr(os.fspath(source)))
            continue
        name = "frame" if isinstance(source, pd.DataFrame) else "raw"
        used = sum(each.split("_")[0] == name for each in code)
        code.append(f"{name}_{used + 1}" if used else name)
    return code
