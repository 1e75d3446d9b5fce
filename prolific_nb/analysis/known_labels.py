"""Gold labels: units whose true label is known."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import numpy as np
import pandas as pd

from ..common.findings import Finding
from ..common.plurals import a_type, counted
from ..errors import ArgumentTypeError, DataError
from .counts import Counts, Ints
from .label_codes import index_of
from .label_text import absent, quoted

_SUBJECT = "The gold labels"


def known_labels(counts: Counts, gold: Mapping[Hashable, Hashable] | pd.Series | None) -> tuple[Ints, list[str]]:
    """Code of the known label of each unit, -1 where unknown, int64 of shape (n_units,); and notes.

    Raises
    ------
    DataError
        No unit of `gold` is in the frame, a unit occurs twice, or a label is not a category; all findings at once.
    """
    known = np.full(counts.n_units, -1, dtype=np.int64)
    if gold is None:
        return known, []
    if not isinstance(gold, Mapping | pd.Series):
        what = f"gold is {gold!r:.80}, {a_type(gold)}."
        raise ArgumentTypeError(f"{what} Pass a dictionary from unit to label, or a Series.")
    given = gold if isinstance(gold, pd.Series) else pd.Series(list(gold.values()), index_of(list(gold)), dtype=object)
    given = given[~absent(given)]
    if several := [each for each in given if not isinstance(each, Hashable)]:
        what = f"{several[0]!r:.80} is not a single label."
        raise DataError(_SUBJECT, [Finding("error", what, "Give each unit one label, such as a string or a number.")])
    units, labels = given.index, index_of(list(given))
    place = units.get_indexer_for(counts.unit_names[:0]) if not len(units) else counts.unit_names.get_indexer(units)
    codes = index_of(counts.categories).get_indexer(labels)
    _refuse_unusable(counts, units, labels, place, codes)
    known[place[place >= 0]] = codes[place >= 0]
    elsewhere = int(np.count_nonzero(place < 0))
    notes = [f"The truth is given for {np.count_nonzero(known >= 0):,} of {counted(counts.n_units, 'unit')}."]
    if elsewhere:
        notes.append(f"{counted(elsewhere, 'gold label')} left out because the unit has no labels.")
    return known, notes


def _refuse_unusable(counts: Counts, units: pd.Index, labels: pd.Index, place: Ints, codes: Ints) -> None:
    found = []
    if len(units) and not (place >= 0).any():
        what = f"None of its units is in the frame: {quoted(units)} in gold, {quoted(counts.unit_names)} in the frame."
        remedy = "Use the unit names of the frame; types matter: '1' is a string and 1 a number."
        found.append(Finding("error", what, remedy))
    if not units.is_unique:
        what = f"It contains {quoted(units[units.duplicated()].unique())} more than once."
        found.append(Finding("error", what, "Keep one label per unit."))
    unknown = labels[codes < 0].unique()
    if len(unknown):
        what = f"{quoted(unknown)} is not among the categories: {quoted(counts.categories)}."
        remedy = "Add it to categories=, or correct it; types matter: '1' is a string and 1 a number."
        found.append(Finding("error", what, remedy))
    if found:
        raise DataError(_SUBJECT, found)
