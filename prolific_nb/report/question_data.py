"""Answers to one question as `Counts`, read according to the kind of question."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from ..analysis import Counts, count
from ..analysis.label_text import absent
from ..common.blank_text import is_blank
from ..common.findings import Finding
from ..design.codebook import Question, text_of
from ..errors import DataError
from .formatting import quote_list
from .question_selection import ColumnNames
from .rows.row_texts import RowTexts
from .unit_conversion import converted


@dataclass(frozen=True)
class QuestionData:
    """The answers to one question, ready to be scored.

    Parameters
    ----------
    question, kind : str
        What was asked, and how its answers are read.
    counts : Counts
        One label per answer: an option, a number, or a frozenset of options.
    options : tuple of str
        For sets: the options, each of which is also scored on its own.
    notes : tuple of str
        Sentences on how the answers were changed.
    texts : RowTexts or None
        The texts of the rows, by which they are named.
    """

    question: str
    kind: str
    counts: Counts
    options: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    texts: RowTexts | None = field(default=None, repr=False)

    def name(self, unit: object) -> str:
        """A unit as sentences name it: by its text, else by its key."""
        return str(unit) if self.texts is None else self.texts.name(unit)


def prepare(
    part: pd.DataFrame, question: Question, columns: ColumnNames, units: Mapping[str, float] | None
) -> QuestionData:
    """Read the answers to one question according to its kind.

    Raises
    ------
    DataError
        A column is missing, or an annotator answered about a unit twice.
    """
    if columns.label in part.columns:
        if question.kind == "many":
            return _sets(part, question, columns)
        if question.kind == "number":
            numbers, notes = converted(part, columns.label, units)
            return QuestionData(question.question, "number", _count(part.assign(**{columns.label: numbers}), columns),
                           notes=notes)  # fmt: skip
        if question.options:
            return _among_options(part, question, columns)
    return QuestionData(question.question, question.kind, _count(part, columns))


def option_of(reading: QuestionData, option: str, counts: Counts | None = None) -> Counts:
    """Labels ``"picked"`` and ``"not picked"`` for one option, of all answers or of those in `counts`."""
    counts = reading.counts if counts is None else counts
    picked = np.array([option in each for each in counts.categories], dtype=np.int32)  # type: ignore[operator]
    labels = picked[counts.labels] if len(picked) else counts.labels
    return replace(counts, labels=labels, categories=("not picked", "picked"), ordered=False)


def _count(frame: pd.DataFrame, columns: ColumnNames, categories: list[str] | None = None) -> Counts:
    names = {"unit": columns.unit, "annotator": columns.annotator, "label": columns.label, "weight": columns.weight}
    return count(frame, categories=categories, **names)  # type: ignore[arg-type]


def _among_options(part: pd.DataFrame, question: Question, columns: ColumnNames) -> QuestionData:
    """Labels by the codebook's options, in their order."""
    label = columns.label
    part = part.assign(**{label: part[label].map(text_of_label, na_action="ignore")})
    offered = [text_of(option) for option in question.options]
    others = sorted(set(part[label][~absent(part[label])].unique()) - set(offered))
    notes: tuple[str, ...] = ()
    categories = offered + others
    if others and question.kind == "scale":
        categories, placed = _in_order(offered, others)
        how = "placed by their value" if placed else "left out, because they have no position on it"
        notes = (f"Some answers are not points of the scale; they were {how}: {quote_list(others)}.",)
        if not placed:
            part = part.assign(**{label: part[label].where(part[label].isin(offered))})
    elif others:
        # An answer that is not an option is reported and counted, never lost.
        notes = (f"Some answers are not among the options; they were counted as given: {quote_list(others)}.",)
    return QuestionData(question.question, question.kind, _count(part, columns, categories), notes=notes)


def _in_order(offered: list[str], others: list[str]) -> tuple[list[str], bool]:
    """The points of a scale with the other answers inserted, if all are numbers and the scale is sorted."""
    try:
        numbers = {text: float(text) for text in offered + others}
    except ValueError:
        return offered, False
    if not all(map(math.isfinite, numbers.values())):  # "nan" and "inf" have no place on a scale
        return offered, False
    rising = sorted(offered, key=numbers.__getitem__)
    if offered not in (rising, rising[::-1]):
        return offered, False
    return sorted(numbers, key=numbers.__getitem__, reverse=offered != rising), True


def _sets(part: pd.DataFrame, question: Question, columns: ColumnNames) -> QuestionData:
    """One frozenset per answer; an answer without a pick is the empty set."""
    names = [columns.unit, columns.annotator]
    if missing := [name for name in names if name not in part.columns]:
        found = [Finding("error", f"There is no column {name!r}.", "Pass unit= and annotator=.", column=name)
                 for name in missing]  # fmt: skip
        raise DataError("The frame", found)
    # With IDs of the answers, two answers of one annotator about one unit are distinguished, and refused.
    keys = ["response_id"] if "response_id" in part.columns and part["response_id"].notna().all() else names
    answer = part.groupby(keys, sort=False, observed=True, dropna=False).ngroup().to_numpy()
    texts = part[columns.label].map(text_of_label, na_action="ignore").astype(object)
    picks: list[set[str]] = [set() for _ in range(int(answer.max()) + 1 if len(answer) else 0)]
    for place, text in zip(answer.tolist(), texts.tolist(), strict=True):
        if isinstance(text, str) and not is_blank(text):
            picks[place].add(text)
    first = np.unique(answer, return_index=True)[1]
    cells = np.empty(len(picks), dtype=object)
    cells[:] = [frozenset(each) for each in picks]
    one_each = (
        part.iloc[first].drop(columns=columns.label).assign(**{columns.label: pd.Series(cells, part.index[first])})
    )
    offered = [text_of(option) for option in question.options]
    used = set(texts[~absent(texts)].unique())
    others = sorted(used - set(offered)) if offered else []
    options = tuple(offered + others) or tuple(sorted(used))
    notes = (f"Some picks are not among the options; they were counted as given: {quote_list(others)}.",)
    return QuestionData(question.question, "many", _count(one_each, columns), options, notes if others else ())


def text_of_label(value: Any) -> str:
    """The canonical string of a label, so that the number 1 in a frame matches the option ``1`` of the codebook."""
    plain = value.item() if isinstance(value, np.generic) else value
    return text_of(plain) if isinstance(plain, str | int | float) else str(plain)
