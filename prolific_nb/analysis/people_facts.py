"""Everything that is known about each person, computed once for the table of annotators and for the flags."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..common.arguments import listed
from ..common.findings import Finding
from ..common.plurals import a_type
from ..errors import ArgumentTypeError, DataError
from .answer_codes import AnswerCodes, Questions, read_answers, totals
from .answer_speed import Speed, speed_of
from .intervals import Floats
from .known_answers import Scored, scored
from .label_text import quoted
from .others_agreement import WithOthers, with_others
from .repeated_texts import Texts, texts_of
from .straight_lines import Lines, lines_of
from .time_columns import read_times
from .typical_annotator import Typical


@dataclass(frozen=True, eq=False)
class Facts:
    """Statistics of everybody; each part has one entry per person, in the order of ``answers.people``."""

    answers: AnswerCodes
    typical: tuple[Typical, ...]
    speed: Speed
    lines: Lines
    texts: Texts
    others: WithOthers
    gold: Scored
    checks: Scored


@dataclass(frozen=True)
class Reading:
    """How to read a frame: the arguments that `annotators` and `flags` share."""

    questions: Questions | None = None
    shown: Iterable[str] = ()
    submissions: pd.DataFrame | None = None
    unit: str | None = None
    annotator: str = "participant_id"
    label: str = "value"
    text: Iterable[str] | None = None


def facts_of(frame: pd.DataFrame, how: Reading, *, per_answer: float, words_per_minute: float) -> Facts:
    """Compute all statistics.

    Raises
    ------
    DataError
        A column is missing, or a person answered the same question about the same unit twice.
    """
    answers = read_answers(frame, how.questions, how.unit, how.annotator, how.label)
    shown = listed("shown", how.shown)
    given = listed("text", how.text) if how.text is not None else []
    texts = given if how.text is not None else [each for each in ("explanation",) if each in frame.columns]
    _refuse_missing(frame, {"shown": shown, "text": given})
    minutes = _minutes(answers, how.submissions, how.annotator)
    typical = tuple(Typical.of(labels, answers.n_units) for labels in answers.questions)
    return Facts(
        answers,
        typical,
        speed_of(answers, shown, minutes, per_answer, words_per_minute),
        lines_of(answers.questions, answers.n_people),
        texts_of(answers, shown, texts),
        with_others(answers.questions, typical, answers.n_people),
        scored(answers, answers.scored),
        scored(answers, answers.checked),
    )


def _refuse_missing(frame: pd.DataFrame, named: dict[str, list[str]]) -> None:
    found = [
        Finding("error", f"There is no column {name!r}.", f"Name columns of the frame in {option}=; "
                f"they are {quoted(frame.columns, most=12)}.", column=str(name))
        for option, names in named.items() for name in names if name not in frame.columns
    ]  # fmt: skip
    if found:
        raise DataError("The frame", found)


def _minutes(answers: AnswerCodes, submissions: pd.DataFrame | None, annotator: str) -> Floats:
    """Minutes of the submissions of everybody, nan where one is unknown."""
    if submissions is None:
        return np.full(answers.n_people, np.nan)
    if not isinstance(submissions, pd.DataFrame):
        raise ArgumentTypeError(f"submissions is {a_type(submissions)}. Pass run.submissions().")
    lacking = [name for name in ("submission_id", "minutes") if name not in submissions.columns]
    if lacking or "submission_id" not in answers.frame.columns:
        what = f"There is no column {quoted(lacking or ['submission_id'])}."
        raise DataError("submissions=", [Finding("error", what, "Pass run.submissions() with run.responses().")])
    pairs = pd.DataFrame({"who": answers.who, "submission": answers.frame["submission_id"].to_numpy(dtype=object)})
    pairs = pairs.drop_duplicates()
    minutes = pd.Series(read_times(submissions, "minutes", "submissions="), index=submissions["submission_id"])
    took = pairs["submission"].map(minutes[~minutes.index.duplicated()]).to_numpy(dtype=float)
    return totals(pairs["who"].to_numpy(), answers.n_people, took)
