"""From a frame of answers to an `AgreementReport`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from ..analysis import unit_column
from ..analysis.build_coefficient import require_draws
from ..analysis.question_column import divides, questions_of
from ..common.arguments import listed, require_column
from ..common.findings import Finding
from ..design.codebook import Codebook, Question
from ..design.question_types.question import no_such_question
from ..errors import DataError, UnknownName
from ..responses.frame import EXPECTED
from .methods import StudyContext
from .question_agreement import QuestionAgreement, compute_agreement
from .question_data import prepare
from .question_selection import ColumnNames, codebook_of, names_questions, rows_of, split_scorable, without_known
from .report import AgreementReport
from .rows.adjudicated import left_out, without_adjudicator
from .rows.row_texts import RowTexts
from .slices import parts_by


def agreement(
    frame: pd.DataFrame,
    *,
    questions: Codebook | Iterable[Question] | Iterable[Mapping[str, Any]] | str | None = None,
    by: str | None = None,
    units: Mapping[str, float] | None = None,
    unit: str | None = None,
    annotator: str = "participant_id",
    label: str = "value",
    weight: str | None = None,
    draws: int = 1000,
    seed: int = 0,
) -> AgreementReport:
    """Agreement on each question, by the coefficients for its kind of answer.

    =========  ===========================================================================
    kind       the words and the title of the plot speak of
    =========  ===========================================================================
    single     Krippendorff's nominal α
    scale      Krippendorff's ordinal α
    many       Krippendorff's α of the sets picked (MASI); nominal α of each option
    number     Krippendorff's interval α
    =========  ===========================================================================

    The table holds percent agreement and other coefficients too: `prolific_nb.report.SCORED_BY` lists them for each
    kind. Each has a 95 % interval from resampling units. Missing answers are left out, and their number is reported;
    where several options may be picked, an answer without a pick counts as an answer. Free text and files are not
    scored; they are listed with the reason. Attention checks and gold rows are left out, and so is every answer with a
    value in the column ``expected``; the words say how many. A check that is named is scored. Lines of an
    adjudicator (``participant_id`` "adjudicator") are left out, and their number is reported.

    Parameters
    ----------
    frame : DataFrame
        One row per answer, as `run.responses()` returns it, or any frame with columns for unit, annotator and label.
        Where several options may be picked, one row per pick.
    questions : Codebook, or the records or questions it is made of, or str, optional
        The questions and their options, or the text of one question of a table of ours; by default
        ``frame.attrs["questions"]``. Not needed for a frame of one question: its labels are then used as they are.
    by : str, optional
        Score each slice separately: a column, such as one of the uploaded data or ``"position"``, or ``"hour"`` (UTC).
        Position and hour are unknown where all answers of a submission were stored together.
    units : mapping from str to float, optional
        Factor that converts each unit of measurement to a common one, such as ``{"g": 1, "kg": 1000}``. Without it,
        numbers in several units are not scored.
    unit, annotator, label : str
        Columns; see `prolific_nb.analysis.count`.
    weight : str, optional
        Column of the weights of the answers, such as ``"weight"`` of ``combine(runs, weights=True)``. Coefficients
        without a weighted form, such as Cohen's κ and ICC, are left out then.
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
        The frame holds several questions and there is no codebook; a column is missing; an annotator answered the
        same question about the same unit twice. The error lists all findings of all questions.

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
    if isinstance(questions, str):
        frame, questions = _one_question(frame, questions)
    require_draws(draws, seed)
    for name, column in {"annotator": annotator, "label": label, "by": by, "weight": weight}.items():
        require_column(name, column)
    given = questions if questions is None or isinstance(questions, Codebook) else listed("questions", questions)
    frame, asked = without_known(frame, given, (unit, annotator, label, by))
    columns = ColumnNames(
        unit_column(frame, unit),
        annotator,
        label,
        divides(frame, unit, annotator, label) or names_questions(frame, asked, (unit, annotator, label)),
        weight,
    )
    book = codebook_of(frame, asked, columns)
    to_score, left = split_scorable(book, frame, columns, units, filtered=asked is None and len(frame) > 0)
    setting = StudyContext.of(without_adjudicator(frame, annotator), to_score, columns, draws, seed)
    scored = _score(frame, to_score, columns, units, draws, seed)
    slices = []
    for value, part in parts_by(frame, by, columns) if by is not None else []:
        held, _ = split_scorable(Codebook(to_score), part, columns, units, filtered=True)
        slices.append((value, _score(part, held, columns, units, draws, seed)))
    return AgreementReport(tuple(scored), tuple(left), setting, by, tuple(slices))


def _one_question(frame: pd.DataFrame, text: str) -> tuple[pd.DataFrame, Codebook | None]:
    """The answers to one question of a table of ours, and its codebook if the table has one."""
    unit_column(frame, "question")  # raises if it is not a DataFrame
    records = frame.attrs.get("questions") or ()
    found = Codebook.from_records(records).find(text) if records else None
    if found is not None and found.right is not None:  # a check that is asked for by name
        found, frame = replace(found, right=None), frame.drop(columns=EXPECTED, errors="ignore")
    book = None if found is None else Codebook([found])
    if "question" not in frame.columns:
        if book is None:
            what = f"There is no question {text!r}: the frame has no column 'question' and no codebook."
            raise UnknownName(f"{what} Omit questions= to score its labels as those of one question.")
        return frame, book
    present = questions_of(frame)
    if book is None and text not in present:
        raise UnknownName(no_such_question(text, map(str, present)))
    part = frame[frame["question"] == text]
    part.attrs = frame.attrs
    return part, book


def _score(
    frame: pd.DataFrame,
    questions: Sequence[Question],
    columns: ColumnNames,
    units: Mapping[str, float] | None,
    draws: int,
    seed: int,
) -> list[QuestionAgreement]:
    """Score every question; raise with the findings of all questions if any cannot be read."""
    scored: list[QuestionAgreement] = []
    found: list[Finding] = []
    texts = RowTexts(frame, columns)
    for each in questions:
        try:
            part = rows_of(frame, each, columns)
            answers = without_adjudicator(part, columns.annotator)
            reading = prepare(answers, each, columns, units)
            notes = (*reading.notes, *left_out(len(part) - len(answers)))
            scored.append(compute_agreement(replace(reading, notes=notes, texts=texts), draws, seed))
        except DataError as error:
            found += [_placed(finding, each, frame) for finding in error.findings]
    if found:
        raise DataError("The frame", list(dict.fromkeys(found)))
    return scored


def _placed(finding: Finding, question: Question, frame: pd.DataFrame) -> Finding:
    """The finding with its question, unless it concerns the whole frame."""
    return replace(finding, place=f"question {question.question!r}") if finding.column in frame.columns else finding
