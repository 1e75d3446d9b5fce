"""Answers to gold rows and attention checks, scored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..common.findings import Finding
from ..errors import DataError
from .answer_codes import AnswerCodes, Labels, totals
from .intervals import Floats, ratio
from .unique_rows import joint

_LEAST_OTHERS = 3


@dataclass(frozen=True, eq=False)
class Scored:
    """Answers whose right answer is known; one entry per person.

    Parameters
    ----------
    n, right : ndarray of float64, shape (n_people,)
        Answers, and how many of them are right.
    others : ndarray of float64
        Mean share of the other people who were right about the same, 1 where fewer than three answered; nan if `n`
        is 0.
    """

    n: Floats
    right: Floats
    others: Floats


def scored(answers: AnswerCodes, rows: npt.NDArray[np.bool_]) -> Scored:
    """Score some rows of the frame; where several options may be picked, it is right to pick exactly the known one.

    Raises
    ------
    DataError
        Labels are strings and the right answers are not, or the other way round.
    """
    people = answers.n_people
    at = np.flatnonzero(rows)
    if not len(at):
        return Scored(np.zeros(people), np.zeros(people), np.full(people, np.nan))
    part = answers.frame.iloc[at]
    _refuse_other_types(part[answers.label], part["expected"])
    right = (part[answers.label].astype(object) == part["expected"].astype(object)).to_numpy(dtype=bool)
    asked = pd.factorize(part["question"])[0] if "question" in part.columns else np.zeros(len(at), dtype=np.int64)
    who, items = answers.who[at], joint(asked.astype(np.int64), answers.n_units, answers.units[at])
    # One answer may have several rows, one per option; all of them must be right.
    answer, first = np.unique(joint(items, people, who), return_index=True, return_inverse=True)[1:][::-1]
    wrong = np.bincount(answer, weights=~right)
    who, items, good = who[first], pd.factorize(items[first])[0], wrong == 0
    size = int(items.max()) + 1
    m, total = totals(items, size), totals(items, size, good)
    others = np.where(m[items] - 1 >= _LEAST_OTHERS, ratio(total[items] - good, m[items] - 1), 1.0)
    n = totals(who, people)
    return Scored(
        n,
        totals(who, people, good),
        ratio(totals(who, people, others), n),
    )


def _refuse_other_types(labels: pd.Series, expected: pd.Series) -> None:
    """Raise if strings are compared with values of another type, so that every answer would be wrong."""
    given, known = (column.dropna().tolist() for column in (labels, expected))
    kinds = [{issubclass(each, str) for each in set(map(type, cells))} for cells in (given, known)]
    if given and kinds[0].isdisjoint(kinds[1]):
        what = f"No answer can be as expected: {known[0]!r:.40} is expected where {given[0]!r:.40} is given."
        remedy = f"Give both the same type: one is a string and the other is not, see frame[{labels.name!r}].dtype."
        raise DataError("The frame", [Finding("error", what, remedy, column="expected")])


def sides(questions: Sequence[Labels], n_people: int) -> tuple[Floats, Floats]:
    """Comparisons in which everybody chose a side, and in how many of these the left one; shape (n_people,) each."""
    n, left = np.zeros(n_people), np.zeros(n_people)
    for labels in questions:
        if not {"left", "right"} <= set(labels.names) <= {"left", "right", "tie"}:
            continue
        codes = {name: place for place, name in enumerate(labels.names)}
        left += totals(labels.who[labels.labels == codes["left"]], n_people)
        n += totals(labels.who[labels.labels != codes.get("tie", -1)], n_people)
    return n, left
