"""Selects the questions of a frame that can be scored, with the reason for each that cannot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from ..analysis.label_text import quoted
from ..analysis.question_column import questions_of
from ..common.findings import Finding
from ..design.codebook import Codebook, Question
from ..errors import DataError
from ..responses.expected_answers import known_lines, left_out
from ..responses.frame import EXPECTED
from .unit_conversion import why_no_numbers

_WHY = {
    "text": "free text has no fixed labels; code the answers into categories first",
    "file": "files have no fixed labels; code them into categories first",
}
_UNKNOWN = "the codebook does not contain this question; pass the codebook of these answers as questions="
_ABSENT = "the frame contains no answers to it; use run.responses() of all questions to include it"


Asked = Codebook | Iterable[Question] | Iterable[Mapping[str, Any]] | None
"""Questions as they are given; None for those of the frame."""


class NotScored(NamedTuple):
    """A question that was not scored, with the reason."""

    question: str
    kind: str
    why: str


@dataclass(frozen=True)
class ColumnNames:
    """Names of the columns for unit, annotator and label."""

    unit: str
    annotator: str
    label: str
    divided: bool = True
    """Whether the column ``question`` says which question a row answers; else it is a column like any other."""
    weight: str | None = None
    """The column of the weights of the answers, if they are to be used."""


def questions_in(frame: pd.DataFrame, columns: ColumnNames) -> list[str]:
    """Questions in the frame; empty if it is not divided by a column ``question``."""
    return questions_of(frame) if columns.divided and "question" in frame.columns else []


def rows_of(frame: pd.DataFrame, question: Question, columns: ColumnNames) -> pd.DataFrame:
    """The rows of one question."""
    divided = columns.divided and "question" in frame.columns
    return frame[frame["question"] == question.question] if divided else frame


def names_questions(
    frame: pd.DataFrame,
    questions: Asked,
    named: tuple[str | None, ...],
) -> bool:
    """Whether the column ``question``, unless it is named otherwise, contains questions of the codebook."""
    given = frame.attrs.get("questions") if questions is None else questions
    if given is None or "question" not in frame.columns or "question" in named:
        return False
    parts: list[Any] = list(given)
    asked = {each.question if isinstance(each, Question) else each.get("question") for each in parts}
    return not asked.isdisjoint(questions_of(frame))


def codebook_of(
    frame: pd.DataFrame,
    questions: Asked,
    columns: ColumnNames,
) -> Codebook:
    """The codebook given, else that in ``frame.attrs``, else one made for a frame of one question.

    Raises
    ------
    DataError
        The frame contains several questions and there is no codebook.
    """
    given = frame.attrs.get("questions") if questions is None else questions
    present = questions_in(frame, columns)
    if given is not None:
        parts: list[Any] = list(given)
        book = Codebook(parts) if all(isinstance(each, Question) for each in parts) else Codebook.from_records(parts)
        if not (columns.divided and "question" in frame.columns) and len(book) > 1:
            what = f"The codebook has {len(book)} questions, but the frame has no column 'question' to divide it by."
            raise DataError("The frame", [Finding("error", what, "Pass the codebook of a single question.")])
        return book
    if len(present) > 1:
        what = f"It contains {len(present)} questions and no codebook: {'; '.join(quoted([each]) for each in present)}."
        remedy = (
            "Pass agreement(frame, questions=codebook) with design.codebook() or the records of questions.json, "
            "or select the rows of one question."
        )
        raise DataError("The frame", [Finding("error", what, remedy, column="question")])
    return Codebook([Question(present[0] if present else columns.label, "single", "")])


def without_known(frame: pd.DataFrame, questions: Asked, named: tuple[str | None, ...]) -> tuple[pd.DataFrame, Asked]:
    """The frame without answers that are known to be right or wrong, and the questions without attention checks.

    ``attrs["checks"]`` of the frame says how many answers were left out. The columns ``question``, ``row`` and
    ``expected`` have this meaning only where they are not `named` as something else.
    """
    if not isinstance(frame, pd.DataFrame) or "value" not in named or EXPECTED in named:
        return frame, questions
    parts: list[Any] = list((frame.attrs.get("questions") if questions is None else questions) or ())
    book = Codebook(parts) if all(isinstance(each, Question) for each in parts) else Codebook.from_records(parts)
    checks, gold = known_lines(frame, book)
    attrs = dict(frame.attrs)
    if (checks | gold).any():
        attrs["checks"] = left_out(frame, checks, gold)
    if questions is None and parts:
        attrs["questions"] = book.without_checks().to_records()
    frame = frame[~(checks | gold)]
    frame.attrs = attrs
    return frame, questions if questions is None else book.without_checks()


def split_scorable(
    book: Codebook, frame: pd.DataFrame, columns: ColumnNames, units: Mapping[str, float] | None, *, filtered: bool
) -> tuple[list[Question], list[NotScored]]:
    """The questions to score, and the others with their kind and the reason.

    With `filtered`, questions without rows are left out: the codebook in ``frame.attrs`` still lists questions that
    were filtered out of the frame. A codebook passed by the user lists what to score, so there a question without
    answers is scored, as undefined.
    """
    present = questions_in(frame, columns)
    to_score: list[Question] = []
    left: list[NotScored] = []
    for each in book:
        why = _WHY.get(each.kind, "")
        if filtered and present and each.question not in present:
            why = _ABSENT
        elif each.kind == "number":
            why = why_no_numbers(rows_of(frame, each, columns), columns.label, units)
        if why:
            left.append(NotScored(each.question, each.kind, why))
        else:
            to_score.append(each)
    known = {each.question for each in book}
    return to_score, left + [NotScored(name, "", _UNKNOWN) for name in present if name not in known]
