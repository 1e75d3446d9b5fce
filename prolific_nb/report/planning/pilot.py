"""The pilot as a question to plan for: which of its questions, how it is scored, and whether it says enough."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from ...analysis import Counts, unit_column
from ...analysis.expected_precision import score_statistic, statistic_of
from ...analysis.expected_study import Question
from ...analysis.intervals import Floats, Sums
from ...analysis.question_column import divides, questions_of
from ...common.arguments import require_choice
from ...common.findings import Finding
from ...common.plurals import counted
from ...design.question_types.question import no_such_question
from ...errors import ArgumentError, DataError, UnknownName
from ..question_data import QuestionData, prepare
from ..question_selection import ColumnNames, codebook_of, names_questions, rows_of, split_scorable, without_known
from ..rows.adjudicated import without_adjudicator
from ..scoring import SCORED_BY, Entry

FEWEST = 10
"""Units with two labels below which a standard deviation, uncertain by 1/√(2(n - 1)), is known to a quarter at best."""
_BY_UNIT = ("many", "number")
SIDES = {"left": 1.0, "right": 0.0, "tie": 0.5}


@dataclass(frozen=True)
class Measure:
    """What the interval is of: its name in sentences, and the question that the simulation needs."""

    name: str
    question: Question


def read_pilot(frame: pd.DataFrame, question: str | None, unit: str | None, annotator: str, label: str) -> QuestionData:
    """The answers to the question that is planned for.

    Raises
    ------
    UnknownName
        There is no such question.
    DataError
        It cannot be scored, there are several, or the pilot is too small.
    """
    if isinstance(frame, pd.DataFrame) and frame.empty:
        raise DataError("The pilot", [Finding("error", "It has no answers yet.", "Wait for some: run.wait().")])
    frame, _ = without_known(frame, None, (unit, annotator, label))
    columns = ColumnNames(
        unit_column(frame, unit),
        annotator,
        label,
        divides(frame, unit, annotator, label) or names_questions(frame, None, (unit, annotator, label)),
    )
    if question is not None:
        frame = _of(frame, question)
    book = codebook_of(frame, None, columns)
    to_score, left = split_scorable(book, frame, columns, None, filtered=True)
    if len(to_score) != 1:
        reasons = "; ".join(f"{each.question!r}: {each.why}" for each in left)
        names = ", ".join(repr(each.question) for each in to_score)
        what = f"It has several questions: {names}." if to_score else f"No question can be scored: {reasons}."
        remedy = "Name one of them: question=..." if to_score else "Choose another question."
        raise DataError("The pilot", [Finding("error", what, remedy, column="question")])
    answers = without_adjudicator(rows_of(frame, to_score[0], columns), annotator)
    reading = prepare(answers, to_score[0], columns, None)
    _refuse_small(reading.counts)
    return reading


def _kept(frame: pd.DataFrame, which: pd.Series) -> pd.DataFrame:
    part = frame[which]
    part.attrs = frame.attrs
    return part


def _of(frame: pd.DataFrame, question: str) -> pd.DataFrame:
    if "question" not in frame.columns:
        return frame
    present = questions_of(frame)
    if question not in present:
        raise UnknownName(no_such_question(str(question), map(str, present)))
    return _kept(frame, frame["question"] == question)


def _refuse_small(counts: Counts) -> None:
    if counts.n_paired < FEWEST:
        units = counted(counts.n_paired, "unit")
        what = f"It has {units} with at least two labels; {FEWEST} are the fewest that show how units differ."
        remedy = "Collect more, or plan from assumptions: sample_size(skill=0.8, options=3)."
        raise DataError("The pilot", [Finding("error", what, remedy)])
    if np.count_nonzero(counts.totals) < 2:
        what = "All of its labels are the same, so agreement beyond chance is undefined."
        remedy = "Collect more, or plan from assumptions: sample_size(skill=0.8, options=2, prevalence=0.95)."
        raise DataError("The pilot", [Finding("error", what, remedy)])


def uncertainty(counts: Counts) -> float:
    """Relative standard error of a standard deviation over so many units, for normal ones: 1 / √(2 (n - 1))."""
    return 1 / math.sqrt(2 * (counts.n_paired - 1))


def measure_of(
    kind: str, categories: tuple[Hashable, ...], ordered: bool, coefficient: str | None, sets: tuple[str, ...] = ()
) -> Measure:
    """The coefficient that `agreement` leads with for this kind of question, or another of those it computes."""
    scoring = SCORED_BY[kind]
    usable = [each for each in scoring.entries if each.annotators is None]
    require_choice("coefficient", coefficient, (None, *(each.kind for each in usable)))
    entry = next(each for each in usable if each.kind == (coefficient or scoring.lead))
    options = None if kind == "number" else np.eye(len(categories))
    if sets:
        options = np.array([[float(option in each) for option in sets] for each in categories])  # type: ignore[operator]
    return Measure(entry.name, Question(categories, ordered, kind in _BY_UNIT, partial(_sums, entry), options))


def _sums(entry: Entry, counts: Counts) -> Sums:
    found = statistic_of(counts, lambda each: entry.function(each, draws=1, seed=0, **entry.options))
    if found is None:
        raise ArgumentError(f"The precision of {entry.name} cannot be planned. Use coefficient='krippendorff_alpha'.")
    return found


def win_rate_measure(categories: tuple[Hashable, ...]) -> tuple[Measure, Floats]:
    """The share of comparisons that the first side wins, ties as half, and the score of each label."""
    unknown = [each for each in categories if each not in SIDES]
    if unknown:
        what = f"win_rate= is for comparisons with the answers left, right and tie; this question has {unknown[0]!r}."
        raise ArgumentError(f"{what} Choose a question made with design.compare, or omit win_rate=.")
    scores = np.array([SIDES[str(each)] for each in categories])
    question = Question(categories, False, False, partial(_win_rate, scores), np.eye(len(categories)))
    return Measure("the win rate", question), scores


def _win_rate(scores: Floats, counts: Counts) -> Sums:
    return score_statistic(counts, scores)
