"""From a frame of answers to an `AgreementReport`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from ..analysis import unit_column
from ..common.findings import Finding
from ..design.codebook import Codebook, Question
from ..errors import DataError
from .methods import StudyContext
from .question_agreement import QuestionAgreement, compute_agreement
from .question_data import prepare
from .question_selection import ColumnNames, codebook_of, rows_of, split_scorable
from .report import AgreementReport
from .slices import parts_by


def agreement(
    frame: pd.DataFrame,
    *,
    questions: Codebook | Iterable[Question] | Iterable[Mapping[str, Any]] | None = None,
    by: str | None = None,
    units: Mapping[str, float] | None = None,
    unit: str | None = None,
    annotator: str = "participant_id",
    label: str = "value",
    draws: int = 1000,
    seed: int = 0,
) -> AgreementReport:
    """How far people agree on each question, by the coefficients that its kind of answer asks for.

    =========  ============================================================================================
    kind       coefficients
    =========  ============================================================================================
    single     percent agreement, Fleiss' κ, Gwet's AC1, Krippendorff's nominal α; of two people Cohen's κ too
    scale      percent agreement, Gwet's AC2 and Krippendorff's α by the order; of two people Cohen's κ with
               quadratic weights too
    many       percent agreement and Krippendorff's α (MASI) of the sets picked; nominal α of each option
    number     intraclass correlation ICC(1,1) and Krippendorff's interval α
    =========  ============================================================================================

    Each with a 95 % interval from resampling units. Answers that are missing are left out and counted in the words;
    where several options may be picked, an answer without a pick is an answer. Free text and files are listed with
    the reason why they are not scored.

    Parameters
    ----------
    frame : DataFrame
        One row per answer, as `run.responses()` gives it, or any frame with columns for unit, annotator and label.
        Where several options may be picked, one row per pick.
    questions : Codebook, or the records or questions it is made of, optional
        What was asked and offered; ``frame.attrs["questions"]`` without it. A frame of one question needs none: its
        labels are then taken as they are.
    by : str, optional
        Score each slice by itself: a column, such as one of the uploaded rows or ``"position"``, or ``"hour"`` (UTC).
    units : mapping from str to float, optional
        What one of each unit of a number is, in a unit of your choice, such as ``{"g": 1, "kg": 1000}``. Without it,
        numbers in several units are not scored.
    unit, annotator, label : str
        Columns; see `prolific_nb.analysis.count`.
    draws : int
        Resamples of units for the intervals.
    seed : int
        Seed of the resampling; the same seed gives the same intervals.

    Returns
    -------
    AgreementReport

    Raises
    ------
    DataError
        The frame holds several questions and no codebook says what they are; a column is not there; an annotator
        answered the same question about the same unit twice. All findings of all questions are given at once.

    Examples
    --------
    >>> frame = pd.DataFrame({"row": [1, 1, 2, 2, 3, 3], "participant_id": ["a", "b"] * 3, "value": list("xxyyxy")})
    >>> report = agreement(frame)
    >>> report.table[["coefficient", "value", "n_units"]].round(2)
                     coefficient  value  n_units
    0          Percent agreement   0.67        3
    1                  Cohen's κ   0.40        3
    2                  Fleiss' κ   0.33        3
    3                Gwet's AC1   0.33        3
    4  Krippendorff's α (nominal)   0.44        3
    """
    columns = ColumnNames(unit_column(frame, unit), annotator, label)
    book = codebook_of(frame, questions, label)
    to_score, left = split_scorable(book, frame, label, units, filtered=questions is None and len(frame) > 0)
    setting = StudyContext.of(frame, to_score, draws, seed)
    scored = _score(frame, to_score, columns, units, draws, seed)
    slices = []
    for value, part in parts_by(frame, by) if by is not None else []:
        held, _ = split_scorable(Codebook(to_score), part, label, units, filtered=True)
        slices.append((value, _score(part, held, columns, units, draws, seed)))
    return AgreementReport(tuple(scored), tuple(left), setting, by, tuple(slices))


def _score(
    frame: pd.DataFrame,
    questions: Sequence[Question],
    columns: ColumnNames,
    units: Mapping[str, float] | None,
    draws: int,
    seed: int,
) -> list[QuestionAgreement]:
    """Every question, or everything that is wrong with any of them."""
    scored: list[QuestionAgreement] = []
    found: list[Finding] = []
    for each in questions:
        try:
            scored.append(compute_agreement(prepare(rows_of(frame, each), each, columns, units), draws, seed))
        except DataError as error:
            found += [_placed(finding, each, frame) for finding in error.findings]
    if found:
        raise DataError("The frame", list(dict.fromkeys(found)))
    return scored


def _placed(finding: Finding, question: Question, frame: pd.DataFrame) -> Finding:
    """The finding with its question, unless it is about the whole frame."""
    return replace(finding, place=f"question {question.question!r}") if finding.column in frame.columns else finding
