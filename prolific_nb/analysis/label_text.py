"""What is not a label although it is in the label column, and labels that look alike but are counted apart."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..common.blank_text import is_blank
from ..common.plurals import counted

# Written by other programs where there is no answer. As text they stay labels: "None" may be an option of the task.
_MISSING = frozenset({"nan", "n/a", "na", "none", "null", "nil", "nat", "<na>", "#n/a"})
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_MINUS = re.compile(r"^[\u2010-\u2015\u2212](?=[\d.])")


def is_missing(value: object) -> bool:
    """Whether a value is None, NaN, NaT or NA."""
    return bool(pd.api.types.is_scalar(value) and pd.isna(value))  # type: ignore[call-overload]


def are_blank(values: pd.Index) -> npt.NDArray[np.bool_]:
    """`is_blank` of each value, bool of the same shape; numbers and dates are not looked at."""
    if values.dtype.kind in "iufbmM":
        return np.zeros(len(values), dtype=bool)
    # Iterating over an index is several times slower than over a list; most names begin with a letter or a digit.
    cells = (not (type(each) is str and each[:1].isalnum()) and is_blank(each) for each in values.tolist())
    return np.fromiter(cells, dtype=bool, count=len(values))


def absent(column: pd.Series) -> npt.NDArray[np.bool_]:
    """Which cells of a column are missing or blank, bool of shape (n,)."""
    missing: npt.NDArray[np.bool_] = column.isna().to_numpy(dtype=bool)
    if pd.api.types.is_numeric_dtype(column.dtype):
        return missing
    return missing | column.astype(object).map(is_blank).to_numpy(dtype=bool)


def is_number(value: object) -> bool:
    """Whether a value is a number, of Python, NumPy or `decimal`, but not a truth value."""
    # `numbers.Real` would do, but its check is ten times slower, and there may be many labels.
    return isinstance(value, int | float | np.number | Decimal | Fraction) and not isinstance(value, bool)


def is_finite_number(value: Any) -> bool:
    """Whether a value is a number that can be converted to a finite float."""
    try:
        return is_number(value) and math.isfinite(value)
    except (OverflowError, TypeError):  # an integer beyond the range of a float; a complex number
        return False


def quoted(values: Sequence[Hashable] | npt.NDArray[np.object_] | pd.Index, most: int = 5) -> str:
    """The first values, and how many more there are.

    Examples
    --------
    >>> quoted(["a", "b", "c"], most=2)
    "'a', 'b' and 1 more"
    """
    shown = ", ".join(_shown(value) for value in list(values)[:most])
    return shown + (f" and {len(values) - most} more" if len(values) > most else "")


def doubts(offered: Sequence[Hashable], totals: Sequence[int], *, given: bool) -> list[str]:
    """Notes on labels that may not be what they seem.

    Parameters
    ----------
    offered : sequence
        The categories.
    totals : sequence of int
        How often each was given.
    given : bool
        Whether the categories were passed, so that "None" is an option and not a missing value.
    """
    used = [each for each, number in zip(offered, totals, strict=True) if number]
    return [*([] if given else _like_missing(offered, totals)), *_alike(offered, set(used))]


def merged_truth_values(column: pd.Series, used: Collection[Hashable]) -> list[str]:
    """A note if the column contains True and 1, or False and 0: Python takes each pair for one value."""
    if column.dtype != object or not any(is_number(each) or isinstance(each, bool) for each in used):
        return []
    seen: dict[Any, set[bool]] = {0: set(), 1: set()}
    for value in column:
        if isinstance(value, bool | np.bool_):
            seen[int(value)].add(True)
        elif is_number(value) and value in seen:
            seen[value].add(False)
    both = [f"{bool(value)} and {value}" for value, kinds in seen.items() if len(kinds) > 1]
    return [f"Counted as one label, because Python takes them for equal: {', '.join(both)}."] if both else []


def _like_missing(offered: Sequence[Hashable], totals: Sequence[int]) -> Iterator[str]:
    found = [
        f"{each!r} ({counted(number, 'label')})"
        for each, number in zip(offered, totals, strict=True)
        if number and isinstance(each, str) and _plain(each) in _MISSING
    ]
    if found:
        yield f"Counted as labels like any other: {', '.join(found)}. Drop these rows if they mean a missing label."


def _alike(offered: Iterable[Hashable], used: set[Hashable]) -> Iterator[str]:
    """Names the labels that differ in type, case, spacing or notation only."""
    groups: dict[Hashable, list[Hashable]] = defaultdict(list)
    for each in _single(offered):
        if isinstance(each, str | bytes | bool | np.bool_) or is_number(each):
            groups[_plain(each)].append(each)
    used = set(_single(used))
    found = [group for group in groups.values() if len(group) > 1 and not used.isdisjoint(group)]
    if found:
        named = [" and ".join(map(_shown, group)) for group in found[:5]]
        more = f" and {len(found) - 5} more" if len(found) > 5 else ""
        what = "Counted as different labels, although they differ only in type, case, spacing or notation"
        yield f"{what}: {', '.join(named)}{more}. Make them equal if they mean the same."


def _single(labels: Iterable[Hashable]) -> list[Hashable]:
    """The labels, with the options of each set in its place."""
    flat: dict[Hashable, None] = {}
    for each in labels:
        flat.update(dict.fromkeys(each if isinstance(each, frozenset) else (each,)))
    return list(flat)


def _plain(label: Any) -> Hashable:
    """A label without its type, case, spacing and notation: the number 1 for ``1``, ``"1"`` and ``" 1.0"``."""
    if isinstance(label, str):
        text = label if label.isascii() else unicodedata.normalize("NFKC", label)
        text = "".join(each for each in text if unicodedata.category(each) != "Cf") if not text.isascii() else text
        text = _MINUS.sub("-", " ".join(text.split()).casefold())
        text = text.replace(",", "") if _THOUSANDS.fullmatch(text) else text
        return Decimal(text) if _NUMBER.fullmatch(text) else text
    if isinstance(label, bytes):
        return _plain(label.decode(errors="replace"))
    if isinstance(label, bool | np.bool_):
        return str(label).casefold()
    plain: Hashable = label.item() if isinstance(label, np.generic) else label
    return Decimal(repr(plain)) if isinstance(plain, float) else plain


def _shown(value: Hashable) -> str:
    return repr(value.item() if isinstance(value, np.generic) else value)
