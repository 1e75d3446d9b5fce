"""What the cells of a column have in common, so that a cell that does not belong there stands out."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NUMBER = re.compile(r"[-+]?[$£€]?\s?(?:\d[\d.,\u00a0' ]*|\.\d+)(?:[eE][-+]?\d+)?\s?[%€]?")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ,]+\d{1,2}:\d{2}\S*(?: [AP]M)?)?|\d{1,2}:\d{2}(?::\d{2})?")
_LINK = re.compile(r"(?:https?|ftp)://\S+|[^\s@]+@[^\s@]+\.[a-z]{2,}", re.IGNORECASE)
_CODE = re.compile(r"(?=\S*\d)(?=\S*[^\W\d_])\S{1,64}")
_CLASSES = (("number", _NUMBER), ("date", _DATE), ("link", _LINK), ("code", _CODE))
_WORD = re.compile(r"[^\W\d_]{2,}")
_MISSING = frozenset(["na", "n/a", "nan", "none", "null", "missing", "unknown", "tbd", "#n/a", "-", "--", ".", "?"])
_YEAR = re.compile(r"(?:19|20)\d\d")  # often the name of a column
_LONG_CODE = 8
_MOSTLY = 0.8


def cell_class(cell: str) -> str:
    """The class of one cell: number, date, link, code, or "" for words."""
    cell = cell.strip()
    return next((name for name, pattern in _CLASSES if pattern.fullmatch(cell)), "")


def is_alike(name: str, cells: Sequence[str], kind: str) -> bool:
    """Whether a name could be one more cell of a column of the same class: "R_3" of "R_1", "R_2"; not "Q1" of "A1"."""
    if kind == "code":
        same_letters = _shape(name, letters=True) in {_shape(cell, letters=True) for cell in cells}
        return same_letters or (len(name) >= _LONG_CODE and _shape(name) in set(map(_shape, cells)))
    return not _YEAR.fullmatch(name.strip()) or any(_YEAR.fullmatch(cell.strip()) for cell in cells)


def _shape(cell: str, letters: bool = False) -> str:
    kept = cell.strip().casefold()
    return re.sub(r"\d+", "9", kept if letters else re.sub(r"[^\W\d_]+", "a", kept))


def is_missing(cell: str) -> bool:
    """Whether a cell stands for a missing value, in words."""
    return cell.strip().casefold() in _MISSING


def strict_class(cells: Sequence[str]) -> str:
    """The class that all cells of a column share, except a few empty ones; "" if there is none."""
    filled = [cell for cell in cells if cell.strip() and not is_missing(cell)]
    if len(filled) < 2 or len(filled) < _MOSTLY * len(cells):
        return ""
    first = cell_class(filled[0])
    return first if first and all(cell_class(cell) == first for cell in filled) else ""


def words(cell: str) -> int:
    """The number of words in a cell."""
    return len(_WORD.findall(cell))


def is_prose_column(cells: Sequence[str]) -> bool:
    """Whether most cells are of several words."""
    filled = [cell for cell in cells if cell.strip()]
    return bool(filled) and sum(words(cell) >= 3 for cell in filled) >= _MOSTLY * len(filled)
