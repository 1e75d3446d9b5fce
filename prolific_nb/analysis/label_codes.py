"""The label column of a frame as codes: what is a label, which categories are offered, and in which order."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..common.arguments import listed
from ..common.blank_text import is_blank
from ..common.findings import Finding
from ..errors import ArgumentError, ArgumentTypeError, DataError
from .label_text import are_blank, doubts, is_missing, is_number, merged_truth_values, quoted

Codes = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]

_SUBJECT = "The frame"


class LabelCodes(NamedTuple):
    """The labels of a frame.

    Parameters
    ----------
    codes : ndarray of int32, one per row
        Place of the label in `categories`; -1 if it is missing or blank, or its unit or annotator is missing.
    categories, ordered, n_missing, n_blank, inferred, notes
        As in `Counts`.
    """

    codes: Codes
    categories: tuple[Hashable, ...]
    ordered: bool
    n_missing: int
    n_blank: int
    inferred: bool
    notes: tuple[str, ...]


def read_labels(column: pd.Series, placed: Mask, categories: Sequence[Hashable] | None) -> LabelCodes:
    """Read the label column.

    Parameters
    ----------
    column : Series
        The labels.
    placed : ndarray of bool, one per row
        Whether unit and annotator are known. Labels of other rows are left out, so they are not offered either.
    categories : sequence, optional
        As in `count`.

    Raises
    ------
    DataError
        The labels are not single values, cannot be sorted together, or are not among the categories.
    """
    try:
        codes, used = codes_of(column)
    except TypeError as error:
        remedy = "Use one label per row; several picks in one cell cannot be compared as one label."
        raise _refusal(f"Labels are not single values: {error}.", remedy, column) from error
    blank = np.append(are_blank(used), False)[codes]
    n_missing, n_blank = int(np.count_nonzero(codes < 0)), int(np.count_nonzero(blank))
    codes = np.where(placed & ~blank, codes, np.int32(-1))
    in_use = np.bincount(codes[codes >= 0], minlength=len(used)) > 0
    offered = _offered(column, used, in_use, categories)
    place = offered.get_indexer(used)
    unknown = used[in_use & (place < 0)]
    if len(unknown):
        what = f"{quoted(unknown)} is not among the categories: {quoted(offered)}."
        remedy = "Add it to categories=, or correct or drop these labels; types matter: '1' is a string and 1 a number."
        raise _refusal(what, remedy, column)
    found = np.append(place, -1).astype(np.int32)[codes]
    totals = np.bincount(found[found >= 0], minlength=len(offered)).tolist()
    given = categories is not None and not isinstance(categories, set | frozenset)
    return LabelCodes(
        found,
        tuple(offered),
        _in_order(column, list(offered), given=given),
        n_missing,
        n_blank,
        categories is None and not isinstance(column.dtype, pd.CategoricalDtype),
        (*merged_truth_values(column, used), *doubts(list(offered), totals, given=categories is not None)),
    )


def index_of(
    labels: Sequence[Hashable] | npt.NDArray[np.object_] | pd.Categorical | pd.Index, name: str | None = None
) -> pd.Index:
    """Labels, a sequence or an array, as an Index; tuples and large integers included."""
    try:
        return pd.Index(labels, name=name, tupleize_cols=False)
    except OverflowError:  # pandas 2.2 looks for dates among integers beyond the range of a float
        return pd.Index(labels, name=name, tupleize_cols=False, dtype=object)


def codes_of(column: pd.Series) -> tuple[Codes, pd.Index]:
    """Integer codes, int32 and -1 where missing, and their names."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        # A copy, because the codes of the frame may be modified.
        return np.array(column.cat.codes, dtype=np.int32), column.cat.categories
    codes, uniques = pd.factorize(column.to_numpy() if column.dtype == object else column)
    names = index_of(uniques)
    if names.dtype == "Float64" or names.dtype == "Float32":
        nan = np.isnan(names.to_numpy(dtype=np.float64, na_value=np.nan))
        # pandas 2 counts a NaN in such a column, which is not its NA, as a value.
        codes = np.append(np.where(nan, -1, np.cumsum(~nan) - 1), -1)[codes]
        names = names[~nan]
    return codes.astype(np.int32), names


def _offered(column: pd.Series, used: pd.Index, kept: Mask, categories: Sequence[Hashable] | None) -> pd.Index:
    """The categories: as given, or those of the column, or the labels that are kept, sorted."""
    offered: pd.Index
    if categories is not None:
        names = [each for each in listed("categories", categories) if not is_blank(each) and not is_missing(each)]
        if several := [each for each in names if not isinstance(each, Hashable)]:
            raise ArgumentTypeError(f"categories contains {several[0]!r:.80}, which is not a single label.")
        offered = index_of(names)
        if isinstance(categories, set | frozenset):
            offered = _sorted(offered, column)
    elif isinstance(column.dtype, pd.CategoricalDtype):
        return used[~are_blank(used)]
    else:
        offered = _sorted(used[kept], column)
    if not offered.is_unique:
        raise ArgumentError(f"categories contains {quoted(offered[offered.duplicated()])} more than once.")
    return offered


def _sorted(used: pd.Index, column: pd.Series) -> pd.Index:
    try:
        return pd.Index(sorted(used, key=place_in_order), dtype=used.dtype, tupleize_cols=False)
    except TypeError as error:
        kinds = sorted({type(each).__name__ for each in used})
        what = f"Labels of type {' and '.join(kinds)} cannot be sorted: {quoted(used)}."
        remedy = f"Pass categories= in their order, or convert them: frame[{str(column.name)!r}].map(str)."
        raise _refusal(what, remedy, column) from error


def place_in_order(value: Hashable) -> tuple[int, Any]:
    """Sort key: strings, numbers and sets cannot be compared with one another, so each type is sorted separately."""
    if isinstance(value, frozenset):
        return 2, (len(value), sorted(map(repr, value)))
    return int(isinstance(value, str)), value


def _in_order(column: pd.Series, offered: list[Hashable], *, given: bool) -> bool:
    """Whether the order of the categories is meaningful; alphabetical order of strings is not."""
    if given or (isinstance(column.dtype, pd.CategoricalDtype) and column.cat.ordered):
        return True
    return all(is_number(each) or isinstance(each, bool) for each in offered)


def _refusal(what: str, remedy: str, column: pd.Series) -> DataError:
    return DataError(_SUBJECT, [Finding("error", what, remedy, column=str(column.name))])
