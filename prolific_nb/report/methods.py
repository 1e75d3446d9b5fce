"""The methods paragraph for a paper: annotators, questions, dates, pay, and agreement with its sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..analysis import Aggregate, Coefficient
from ..analysis.coefficient import rounded
from ..common.plurals import counted
from ..design.codebook import Question
from .formatting import as_percent, cite, share_interval
from .question_agreement import QuestionAgreement
from .question_selection import ColumnNames, rows_of


@dataclass(frozen=True)
class StudyContext:
    """How the answers were collected and scored, as far as the frame records it.

    Parameters
    ----------
    mode : str or None
        ``"SANDBOX"``, ``"LIVE"``, or None if the frame does not record it.
    pay : str
        Reward in words; empty if the frame does not record it.
    minutes : float or None
        Median over submissions of the total time of their tasks, or, where a task has no time, ``attrs["minutes"]``
        of the frame; None if it has neither.
    days : tuple of str
        Dates of the first and of the last answer (UTC); empty if the frame does not record them.
    draws, seed : int
        Resamples for the intervals, and the seed.
    left_out : str
        How many answers to attention checks and about gold rows were left out, as a sentence; empty if none were.
    """

    mode: str | None
    pay: str
    minutes: float | None
    days: tuple[str, ...]
    draws: int
    seed: int
    left_out: str = ""

    @classmethod
    def of(
        cls, frame: pd.DataFrame, questions: Sequence[Question], columns: ColumnNames, draws: int, seed: int
    ) -> StudyContext:
        """What a frame and its attrs record about the questions that are scored."""
        pay, left_out = (str(frame.attrs.get(name, "")) for name in ("pay", "checks"))
        days = _days(frame, questions, columns)
        return cls(frame.attrs.get("mode"), pay, _minutes(frame), days, draws, seed, left_out)


def paragraph(scored: Sequence[QuestionAgreement], setting: StudyContext, aggregate: Aggregate | None) -> str:
    """Methods paragraph; what the report does not know is left as a gap in square brackets."""
    if not scored:
        return "No question could be scored; see not_scored for the reasons."
    sentences = [*_collected(scored, setting), *filter(None, [setting.left_out])]
    for each in scored:
        sentences.append(" ".join(_agreed(each, named=len(scored) > 1)))
    sentences.append(
        f"Intervals are 95 % percentile intervals from resampling units ({setting.draws:,} draws, seed {setting.seed}) "
        "and do not cover the choice of annotators."
    )
    sentences.append(_aggregated(aggregate))
    return " ".join(sentences)


def _collected(scored: Sequence[QuestionAgreement], setting: StudyContext) -> Iterator[str]:
    if setting.mode == "SANDBOX":
        yield "[The participants were simulated: these numbers are a rehearsal and must not be published.]"
    counts = [each.reading.counts for each in scored]
    people = len(pd.Index(np.concatenate([each.annotator_names.astype(object) for each in counts])).unique())
    units = len(pd.Index(np.concatenate([each.unit_names.astype(object) for each in counts])).unique())
    fewest = min((int(each.per_unit.min()) for each in counts if each.n_units), default=0)
    most = max((int(each.per_unit.max()) for each in counts if each.n_units), default=0)
    each_unit = f"{fewest}" if fewest == most else f"{fewest} to {most}"
    who = f"{counted(people, 'participant')} recruited through Prolific" if setting.mode else (
        f"{counted(people, 'annotator')} [recruited how?]"
    )  # fmt: skip
    yield (
        f"{who} answered {counted(len(scored), 'question')} about {counted(units, 'unit')} "
        f"({each_unit} annotators per unit and question){_when(setting.days)}"
        f"{_paid(setting)}."
    )


def _agreed(scored: QuestionAgreement, *, named: bool) -> Iterator[str]:
    counts = scored.reading.counts
    about = f"On “{scored.question}” ({counted(counts.n_ratings, 'answer')})" if named else (
        f"{counted(counts.n_ratings, 'answer')} to “{scored.question}”"
    )  # fmt: skip
    numbers = "; ".join(_number(each) for _, each in reversed([*scored.in_order()]))
    yield f"{about}: {numbers}."
    if left := counts.n_missing + counts.n_unplaced + counts.n_blank:
        yield f"{counted(left, 'row was', 'rows were')} left out as missing."
    if counts.n_single:
        yield f"{counted(counts.n_single, 'unit has', 'units have')} a single answer."
    yield from scored.reading.notes


def _number(result: Coefficient) -> str:
    if np.isnan(result.value):
        return f"{result.name} is undefined"
    if result.kind == "percent_agreement":
        return f"percent agreement {as_percent(result.value)} ({share_interval(result)})"
    return f"{result.name} = {rounded(result.value)}, {result.interval} ({cite(result.reference)})"


def _aggregated(aggregate: Aggregate | None) -> str:
    if aggregate is None:
        return "[If one label per unit was used: how it was made, and the rule for ties.]"
    rule = f" {aggregate.note}" if aggregate.note else " No unit was tied between labels."
    return f"One label per unit was made by {aggregate.method}.{rule}"


def _paid(setting: StudyContext) -> str:
    time = f"median time {setting.minutes:.1f} minutes" if setting.minutes is not None else "[median time]"
    return f", for {setting.pay or '[pay]'} ({time} per submission)"


def _minutes(frame: pd.DataFrame) -> float | None:
    names = ["submission_id", "task_id", "seconds"]
    stored = frame.attrs.get("minutes")
    if not set(names) <= set(frame.columns):
        return stored
    tasks = frame[names].dropna(subset=names[:2]).drop_duplicates(names[:2])
    if tasks.empty or tasks["seconds"].isna().any():
        return stored
    return float(tasks.groupby("submission_id", observed=True)["seconds"].sum().median()) / 60


def _when(days: Sequence[str]) -> str:
    if not days:
        return " [when]"
    return f" on {days[0]} (UTC)" if days[0] == days[-1] else f" from {days[0]} to {days[-1]} (UTC)"


def _days(frame: pd.DataFrame, questions: Sequence[Question], columns: ColumnNames) -> tuple[str, ...]:
    if "created_at" not in frame.columns:
        return ()
    parts = [rows_of(frame, each, columns)["created_at"] for each in questions]
    moments = pd.concat(parts) if parts else frame["created_at"][:0]
    times = pd.to_datetime(moments, utc=True, errors="coerce", format="mixed").dropna()
    return (f"{times.min():%Y-%m-%d}", f"{times.max():%Y-%m-%d}") if len(times) else ()
