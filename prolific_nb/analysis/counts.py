"""Units × categories counts and count patterns: one pass over a long frame, shared by every coefficient."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..common.arguments import require_choice, require_column
from ..common.findings import Finding
from ..common.plurals import a_type, counted
from ..errors import ArgumentTypeError, DataError
from .label_codes import Codes, codes_of, read_labels
from .label_text import are_blank, quoted
from .question_column import divides, is_tidy, questions_of
from .unique_rows import different_rows, joint, repeated
from .weight_column import Weights, read_weights

Ints = npt.NDArray[np.int64]

ADJUDICATOR = "adjudicator"
"""The `participant_id` of labels that an adjudicator gave, which is none of Prolific's."""
_SUBJECT = "The frame"
# Columns of the tidy frame that can only be one of the two: a swap would be scored without an error.
_ANNOTATORS, _UNITS = {"participant_id", "submission_id"}, {"row", "task_id"}
_MOST_CELLS = 2**27  # a table of 1 GiB


@dataclass(frozen=True, eq=False)
class Counts:
    """The labels of one question as codes, and how often each unit was given each category.

    Most coefficients need only the P different rows of the units × categories table and how often each occurs; both
    are computed on first access. Units without labels are left out. Missing and blank labels are not a category.

    Parameters
    ----------
    units, annotators, labels : ndarray of int32, shape (n_ratings,)
        One entry per label: codes from 0 without gaps for units and annotators, places in `categories` for labels.
    categories : tuple, length q
        Labels offered, including unused ones.
    ordered : bool
        Whether the order of `categories` is meaningful: numbers, an ordered categorical, or an order that was given.
    n_missing : int
        Rows left out because the label is missing.
    n_unplaced : int
        Labels left out because their unit or their annotator is missing.
    unit_names, annotator_names : Index
        Names of the units and annotators, by code; shape (n_units,) and (n_annotators,).
    n_blank : int
        Rows left out because the label is blank text: empty, or without a visible character.
    inferred : bool
        Whether `categories` are the labels in use because none were given, so that unused ones are unknown.
    notes : tuple of str
        Doubts about the labels: some differ in type, case, spacing or notation only, or read like a missing value.
    weights : ndarray of float64, shape (n_ratings,), or None
        Weight of each label, above 0: the inverse of the probability with which its unit was selected for it.
    """

    units: Codes
    annotators: Codes
    labels: Codes
    categories: tuple[Hashable, ...]
    ordered: bool
    n_missing: int
    n_unplaced: int
    unit_names: pd.Index
    annotator_names: pd.Index
    n_blank: int = 0
    inferred: bool = False
    notes: tuple[str, ...] = ()
    weights: Weights | None = None

    def __post_init__(self) -> None:
        for array in (self.units, self.annotators, self.labels):
            array.setflags(write=False)

    @property
    def n_ratings(self) -> int:
        """Labels."""
        return len(self.labels)

    @cached_property
    def n_annotators(self) -> int:
        """Annotators who gave a label."""
        return int(self.annotators.max()) + 1 if len(self.annotators) else 0

    @cached_property
    def per_unit(self) -> Ints:
        """Labels of each unit, shape (n_units,)."""
        return np.bincount(self.units)

    @property
    def n_units(self) -> int:
        """Units with at least one label."""
        return len(self.per_unit)

    @cached_property
    def n_single(self) -> int:
        """Units with exactly one label."""
        return int(np.count_nonzero(self.per_unit == 1))

    @property
    def n_paired(self) -> int:
        """Units with at least two labels, the only ones that can show agreement."""
        return self.n_units - self.n_single

    @cached_property
    def totals(self) -> Ints:
        """Labels per category over all units, shape (q,)."""
        return np.bincount(self.labels, minlength=len(self.categories))

    @property
    def patterns(self) -> Ints:
        """The different rows of the units × categories table, in lexicographic order; int64, shape (P, q)."""
        return self._table[0]

    @property
    def multiplicity(self) -> Ints:
        """Number of units with each pattern; int64, shape (P,)."""
        return self._table[1]

    @cached_property
    def _table(self) -> tuple[Ints, Ints]:
        q = len(self.categories)
        if self.n_units * q > _MOST_CELLS:
            what = f"{self.n_units:,} units times {q:,} categories is too large a table to count."
            remedy = "Group the labels into fewer categories, or treat numbers as numbers: level='interval' or icc."
            raise DataError(_SUBJECT, [Finding("error", what, remedy)])
        cells = joint(self.units, q, self.labels)
        found = different_rows(np.bincount(cells, minlength=self.n_units * q).reshape(self.n_units, q))
        for array in found:
            array.setflags(write=False)
        return found

    def where(self, kept: npt.NDArray[np.bool_]) -> Counts:
        """The counts restricted to some of the labels; `kept` is bool of shape (n_ratings,)."""
        units, unit_names = _without_gaps(self.units[kept], self.unit_names)
        annotators, annotator_names = _without_gaps(self.annotators[kept], self.annotator_names)
        return replace(
            self,
            units=units,
            annotators=annotators,
            labels=self.labels[kept],
            unit_names=unit_names,
            annotator_names=annotator_names,
            weights=None if self.weights is None else self.weights[kept],
        )

    def __repr__(self) -> str:
        labels, units = counted(self.n_ratings, "label"), counted(self.n_units, "unit")
        categories = counted(len(self.categories), "category", "categories")
        blank = f"; {counted(self.n_blank, 'blank label')} left out" if self.n_blank else ""
        return f"Counts({labels} of {units} by {counted(self.n_annotators, 'annotator')}, {categories}{blank})"


def count(
    frame: pd.DataFrame,
    *,
    unit: str | None = None,
    annotator: str = "participant_id",
    label: str = "value",
    categories: Sequence[Hashable] | None = None,
    duplicates: Literal["error", "keep"] = "error",
    weight: str | None = None,
) -> Counts:
    """Count the labels of one question in one pass, without an annotators × units array.

    Parameters
    ----------
    frame : DataFrame
        One row per label of one question. A column ``question`` must have a single value, unless `unit` and `label`
        name the columns of a frame that is not from this package: then it is a column like any other.
    unit, annotator, label : str
        Columns for what was labelled, who labelled it, and the label. `unit` defaults to ``"row"`` if that has any
        value, else ``"task_id"``. Labels may be categorical, strings or numbers. A missing label, or text without a
        visible character, is never a category; labels whose unit or annotator is missing or blank are left out. The
        number of each is reported.
    categories : sequence, optional
        The options offered, including unused ones, in their order if they have one. By default the categories of a
        categorical column, else the values in use, sorted. Blank and missing ones are ignored. Of rows selected from a
        table of several questions only those in use count, since the others may belong to the other questions.
    duplicates : {"error", "keep"}
        If an annotator labelled a unit twice: raise, or count each label as a separate rating.
    weight : str, optional
        Column of the weights of the labels, such as ``"weight"`` of `prolific_nb.combine` (``weights=True``): the
        inverse of the probability with which the unit was selected. Coefficients of these counts use them.

    Returns
    -------
    Counts

    Raises
    ------
    DataError
        A column is missing, the frame contains several questions, units and annotators look swapped, a label is not
        a category, the labels have types that cannot be sorted together, an annotator labelled a unit twice, or a
        weight is not a number above 0.

    Examples
    --------
    >>> frame = pd.DataFrame({"task": [1, 1, 2, 2], "worker": ["a", "b"] * 2, "label": ["yes", "yes", "no", None]})
    >>> counts = count(frame, unit="task", annotator="worker", label="label")
    >>> counts
    Counts(3 labels of 2 units by 2 annotators, 2 categories)
    >>> counts.categories, counts.patterns.tolist(), counts.n_missing
    (('no', 'yes'), [[0, 2], [1, 0]], 1)
    """
    require_choice("duplicates", duplicates, ("error", "keep"))
    for name, column in {"annotator": annotator, "label": label}.items():
        require_column(name, column)
    named, unit = unit, unit_column(frame, unit)
    _refuse_unreadable(frame, unit, annotator, label)
    _refuse_several_questions(frame, named, annotator, label)
    units, unit_names = _named_codes(frame[unit])
    annotators, annotator_names = _named_codes(frame[annotator])
    placed = (units >= 0) & (annotators >= 0)
    labelled = _of_this_question(frame, named, annotator, label) if categories is None else frame[label]
    labels = read_labels(labelled, placed, categories)
    usable = labels.codes >= 0
    if not usable.all():
        units, annotators = units[usable], annotators[usable]
    if duplicates == "error":
        _refuse_repeats(units, annotators, unit_names, annotator_names, unit, annotator)
    units, unit_names = _without_gaps(units, unit_names)
    annotators, annotator_names = _without_gaps(annotators, annotator_names)
    weights = None if weight is None else read_weights(frame, weight)[usable]
    return Counts(
        units=units,
        annotators=annotators,
        labels=labels.codes[usable],
        categories=labels.categories,
        ordered=labels.ordered,
        n_missing=labels.n_missing,
        n_unplaced=len(frame) - int(np.count_nonzero(usable)) - labels.n_missing - labels.n_blank,
        unit_names=unit_names,
        annotator_names=annotator_names,
        n_blank=labels.n_blank,
        inferred=labels.inferred,
        notes=(*labels.notes, *_adjudicator_note(annotator, annotator_names)),
        weights=weights,
    )


def _adjudicator_note(annotator: str, names: pd.Index) -> list[str]:
    """An adjudicator has seen the labels of the others, so their agreement with them says nothing."""
    if annotator != "participant_id" or ADJUDICATOR not in names:
        return []
    return [
        f'The adjudicator is counted as an annotator; leave them out: frame[frame["{annotator}"] != "adjudicator"].'
    ]


def unit_column(frame: pd.DataFrame, unit: str | None = None) -> str:
    """Name of the column of the units: `unit`, else ``"row"`` if it has any value, else ``"task_id"``.

    Raises
    ------
    TypeError
        `frame` is not a DataFrame.
    DataError
        `unit` is None and neither column exists.
    """
    if not isinstance(frame, pd.DataFrame):
        raise ArgumentTypeError(
            f"Labels are {a_type(frame)}, which does not name units and annotators. "
            "Pass a DataFrame with one row per label."
        )
    require_column("unit", unit)
    if unit is not None:
        return unit
    if "row" in frame.columns and ("task_id" not in frame.columns or frame["row"].notna().any()):
        return "row"
    if "task_id" in frame.columns:
        return "task_id"
    what = f"There is no column 'row' or 'task_id' for the units; the columns are {_names(frame)}."
    raise DataError(_SUBJECT, [Finding("error", what, "Name the column: pass unit=.")])


def _of_this_question(frame: pd.DataFrame, unit: str | None, annotator: str, label: str) -> pd.Series:
    """The labels, without the categories of other questions that rows selected from their table still have."""
    column = frame[label]
    if not isinstance(column.dtype, pd.CategoricalDtype) or not divides(frame, unit, annotator, label):
        return column
    asked = frame["question"].dtype
    several = isinstance(asked, pd.CategoricalDtype) and len(asked.categories) > 1
    return column.cat.remove_unused_categories() if several else column


def _refuse_several_questions(frame: pd.DataFrame, unit: str | None, annotator: str, label: str) -> None:
    """Raise if the labels answer different questions."""
    if not divides(frame, unit, annotator, label):
        return
    asked = questions_of(frame)
    if len(asked) > 1:
        what = f"It contains {len(asked)} questions: {quoted(asked)}."
        remedy = "Select one of them, run.responses(question=...), or use agreement(frame, questions=codebook)."
        raise DataError(_SUBJECT, [Finding("error", what, remedy, column="question")])


def _refuse_unreadable(frame: pd.DataFrame, unit: str, annotator: str, label: str) -> None:
    """Raise with every reason why the frame cannot be read as labels of one question."""
    found = []
    present = list(frame.columns)
    for option, name in {"unit": unit, "annotator": annotator, "label": label}.items():
        if name not in present:
            what = f"There is no column {name!r}; the columns are {_names(frame)}."
            found.append(Finding("error", what, f"Use a frame with one row per label and pass {option}=.", column=name))
        elif present.count(name) > 1:
            what = "Several columns have this name."
            found.append(Finding("error", what, "Rename all but one of them.", column=name))
    if len({unit, annotator, label}) < 3:
        what = f"unit={unit!r}, annotator={annotator!r} and label={label!r} name the same column twice."
        found.append(Finding("error", what, "Name three different columns."))
    elif (unit in _ANNOTATORS and annotator in _UNITS) or (
        is_tidy(frame) and (unit in _ANNOTATORS or annotator in _UNITS)
    ):
        what = f"Units and annotators look swapped: unit={unit!r}, annotator={annotator!r}."
        found.append(Finding("error", what, "Swap the two, or rename the column if it contains something else."))
    if found:
        raise DataError(_SUBJECT, found)


def _named_codes(column: pd.Series) -> tuple[Codes, pd.Index]:
    """Codes of units or annotators and their names; -1 where the name is missing or blank."""
    try:
        codes, names = codes_of(column)
    except TypeError as error:
        what = f"Its cells are not single values: {error}."
        remedy = "Use one name per cell, such as a string or a number."
        raise DataError(_SUBJECT, [Finding("error", what, remedy, column=str(column.name))]) from error
    blank = np.append(are_blank(names), False)
    return (np.where(blank[codes], np.int32(-1), codes) if blank.any() else codes), names


def _refuse_repeats(
    units: Codes, annotators: Codes, unit_names: pd.Index, annotator_names: pd.Index, unit: str, annotator: str
) -> None:
    """Raise if an annotator labelled a unit twice."""
    span = max(len(annotator_names), 1)
    twice = repeated(joint(units, span, annotators))
    if not len(twice):
        return
    people, things = annotator_names[twice[:3] % span].tolist(), unit_names[twice[:3] // span].tolist()
    named = [f"{who!r} on {what!r}" for who, what in zip(people, things, strict=True)]
    more = f" and {len(twice) - 3} more" if len(twice) > 3 else ""
    what = f"The same {annotator} labelled the same {unit} more than once: {', '.join(named)}{more}."
    remedy = (
        f"Keep one label, frame.drop_duplicates([{unit!r}, {annotator!r}]), check unit= and annotator=, "
        "or count each label as a separate rating: analysis.count(frame, duplicates='keep')."
    )
    raise DataError(_SUBJECT, [Finding("error", what, remedy, column=annotator)])


def _without_gaps(codes: Codes, names: pd.Index) -> tuple[Codes, pd.Index]:
    """Renumber the codes in use from 0 in the same order, with their names."""
    in_use = np.bincount(codes, minlength=len(names)) > 0
    if in_use.all():
        return codes, names
    return (np.cumsum(in_use, dtype=np.int32) - np.int32(1))[codes], names[in_use]


def _names(frame: pd.DataFrame) -> str:
    return quoted(frame.columns, most=12) or "none"
