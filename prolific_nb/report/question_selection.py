"""Which questions of a frame can be scored, and why the others cannot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from ..common.findings import Finding
from ..design.codebook import Codebook, Question
from ..errors import DataError
from .unit_conversion import why_no_numbers

_WHY = {
    "text": "free text has no fixed labels; code the answers into categories first",
    "file": "files have no fixed labels; code them into categories first",
}
_UNKNOWN = "the codebook does not hold this question; pass the codebook that came with the answers: questions=..."
_ABSENT = "the frame holds no answers to it; take run.responses() of all questions to score it too"


class NotScored(NamedTuple):
    """A question that is left out."""

    question: str
    kind: str
    why: str


@dataclass(frozen=True)
class ColumnNames:
    """Names of the columns that hold what was labelled, by whom, and as what."""

    unit: str
    annotator: str
    label: str


def questions_in(frame: pd.DataFrame) -> list[str]:
    """Questions that the frame holds rows of; none where it does not say."""
    return list(frame["question"].dropna().unique()) if "question" in frame.columns else []


def rows_of(frame: pd.DataFrame, question: Question) -> pd.DataFrame:
    """The rows of one question."""
    return frame[frame["question"] == question.question] if "question" in frame.columns else frame


def codebook_of(
    frame: pd.DataFrame, questions: Codebook | Iterable[Question] | Iterable[Mapping[str, Any]] | None, label: str
) -> Codebook:
    """The codebook given, else the one that travels with the frame, else one for a frame of one question.

    Raises
    ------
    DataError
        The frame holds several questions and nothing says what they are.
    """
    given = frame.attrs.get("questions") if questions is None else questions
    held = questions_in(frame)
    if given is not None:
        parts: list[Any] = list(given)
        book = Codebook(parts) if all(isinstance(each, Question) for each in parts) else Codebook.from_records(parts)
        if "question" not in frame.columns and len(book) > 1:
            what = f"The codebook holds {len(book)} questions, and no column 'question' says which answer is to which."
            raise DataError("The frame", [Finding("error", what, "Pass the codebook of one question only.")])
        return book
    if len(held) > 1:
        what = f"It holds {len(held)} questions and no codebook: {'; '.join(map(repr, held))}."
        remedy = (
            "Pass what was asked, agreement(frame, questions=codebook) with design.codebook() or the records of "
            "questions.json, or take the rows of one question."
        )
        raise DataError("The frame", [Finding("error", what, remedy, column="question")])
    return Codebook([Question(held[0] if held else label, "single", "")])


def split_scorable(
    book: Codebook, frame: pd.DataFrame, label: str, units: Mapping[str, float] | None, *, filtered: bool
) -> tuple[list[Question], list[NotScored]]:
    """What to score, and what not with its kind and the reason.

    A codebook that came with the frame still holds the questions that were filtered out of the frame; one that was
    passed says what is wanted, so a question without answers is scored as undefined there.
    """
    held = questions_in(frame)
    to_score: list[Question] = []
    left: list[NotScored] = []
    for each in book:
        why = _WHY.get(each.kind, "")
        if filtered and held and each.question not in held:
            why = _ABSENT
        elif each.kind == "number":
            why = why_no_numbers(rows_of(frame, each), label, units)
        if why:
            left.append(NotScored(each.question, each.kind, why))
        else:
            to_score.append(each)
    known = {each.question for each in book}
    return to_score, left + [NotScored(name, "", _UNKNOWN) for name in held if name not in known]
