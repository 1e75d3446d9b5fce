"""What a carried out study showed: its figures, and who was caught."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

import numpy as np
import pandas as pd

from ...analysis import Flags, flags, plurality
from ...analysis.aggregate import leading
from ...common.display import suppress_notices
from ...data import gold_count
from ...design.codebook import Question
from ...report import AgreementReport, agreement
from ...report.question_agreement import QuestionAgreement
from ...study.monitor.status import Status
from ..run import Run
from .asked import Asked
from .caught import caught_by_kind, honest_kinds
from .playing import Played
from .rehearsed_figures import ARRIVAL, CONTENT, KINDS, LEAVING, PACE, SKILL, Figure, Outcome

AGREEMENT, HALF_WIDTH, RIGHT = "agreement", "half-width of the interval", "right labels"
"""The coefficient that the report of a question leads with, its interval, and the share of rows with a right label."""


def measure(played: Played, asked: Asked) -> Outcome:
    """The figures of a study that has ended."""
    run, status = played.run, played.run.status()
    with suppress_notices():
        frame, submissions = run.responses(checks=True), run.submissions()
    shown = [name for name in run.design.shown if name in frame.columns]
    found = None if frame.empty else flags(frame, shown=shown, submissions=submissions)
    report = None if frame.empty else agreement(frame)
    caught = caught_by_kind(frame, found, played.sandbox.kinds, honest_kinds(asked.people))
    figures = [
        *_of_money(played, status),
        *_of_time(run, status, submissions),
        *_of_places(asked, status, frame, submissions),
        *(_of_answers(frame, report, asked) if report is not None else ()),
        *_of_flags(frame, found, caught),
    ]
    return Outcome(tuple(figures), run.client.currency, caught, played.events)


def _of_money(played: Played, status: Status) -> Iterator[Figure]:
    currency = played.run.client.currency
    yield Figure("places", status.places, "places")
    yield Figure("cost of all places", played.run.cost().minor / 100, currency)
    yield Figure("cost of filled places", status.spent.minor / 100, currency, (ARRIVAL,))
    hourly = nan if status.hourly is None else status.hourly.minor / 100
    yield Figure("pay per hour", hourly, f"{currency}/hour", (PACE,))


def _of_time(run: Run, status: Status, submissions: pd.DataFrame) -> Iterator[Figure]:
    begin = pd.Timestamp(run.client.studies.get(run.study_id).published_at)
    hours = [(pd.Timestamp(each) - begin).total_seconds() / 3600 for each in status.completed]
    half = -(-status.places // 2)
    why = (ARRIVAL, LEAVING, PACE)
    yield Figure("hours until half of the places are filled", _nth(hours, half), "hours", why)
    yield Figure("hours until all places are filled", _nth(hours, status.places), "hours", why)
    yield Figure("minutes per submission", float(submissions["minutes"].median()), "minutes", (PACE,))


def _nth(hours: list[float], place: int) -> float:
    return hours[place - 1] if 0 < place <= len(hours) else nan


def _of_places(asked: Asked, status: Status, frame: pd.DataFrame, submissions: pd.DataFrame) -> Iterator[Figure]:
    yield Figure("filled places", status.filled, "places", (ARRIVAL,))
    for words, state in (("returned submissions", "RETURNED"), ("timed out submissions", "TIMED-OUT")):
        yield Figure(words, float((submissions["status"] == state).sum()), "submissions", (LEAVING,))
    usable = submissions[submissions["submission_id"].isin(frame["submission_id"].astype(object))]
    several = int((usable.groupby("participant_id").size() > 1).sum())
    yield Figure("people with several submissions", several, "people", (KINDS,))
    tasks = len(asked.data) + gold_count(asked.data, asked.plan.tasks_per_group)
    people = frame.astype({"task_id": object, "participant_id": object}).groupby("task_id")["participant_id"].nunique()
    enough = int((people >= asked.plan.annotators_per_task).sum())
    yield Figure("tasks with too few answers", tasks - enough, "tasks", (ARRIVAL,))


def _of_answers(frame: pd.DataFrame, report: AgreementReport, asked: Asked) -> Iterator[Figure]:
    known = float(frame["seconds"].notna().mean())
    yield Figure("answers with a time of their own", known, "share")
    why = (SKILL, KINDS) if asked.truth is not None else (SKILL, KINDS, CONTENT)
    for each in report.scored:
        lead = each.lead
        yield Figure(AGREEMENT, lead.value, each.lead_name, why, each.question, lead.low, lead.high)
        half = (lead.high - lead.low) / 2
        yield Figure(HALF_WIDTH, half, each.lead_name, why, each.question)
        if asked.truth is not None and not isnan(right := _share_right(asked, each)):
            yield Figure(RIGHT, right, "share", (SKILL, KINDS), each.question)


def _share_right(asked: Asked, scored: QuestionAgreement) -> float:
    """Share of the rows whose most frequent answer is the intended one; nan if no intended answer is an option.

    A row on which k answers are tied counts as 1/k, as if one of them were drawn: an even number of annotators ties
    more often, and would otherwise look worse than an odd one.
    """
    counts = scored.reading.counts
    if scored.reading.kind not in ("single", "scale") or not counts.n_units:
        return nan
    # From the data: in the frames of answers, the name of the column may be taken by one of theirs.
    cells = dict(zip(asked.data.row_keys, asked.data.cells(str(asked.truth)), strict=True))
    places = _places(asked.design.codebook().find(scored.question))
    wanted = np.array([places.get(_folded(cells.get(str(row), "")), -1) for row in counts.unit_names])
    most = leading(plurality(counts, ties="none").posteriors.to_numpy())[wanted >= 0]
    right = most[np.arange(len(most)), wanted[wanted >= 0]] / most.sum(axis=1)
    return float(right.mean()) if len(right) else nan


def _places(question: Question) -> dict[str, int]:
    """The place of each option by its value and by its label, of which a simulated person knows either."""
    named = [*enumerate(zip(question.options, question.labels, strict=True))]
    return {_folded(name): place for place, names in reversed(named) for name in names}


def _folded(cell: object) -> str:
    return str(cell).strip().casefold()


def _of_flags(frame: pd.DataFrame, found: Flags | None, caught: pd.DataFrame) -> Iterator[Figure]:
    people = 0 if frame.empty else frame["participant_id"].nunique()
    flagged = 0 if found is None else found["participant_id"].nunique()
    yield Figure("people", people, "people", (ARRIVAL,))
    yield Figure("flagged people", flagged, "people", (KINDS, PACE, SKILL))
    honest = caught[caught["honest"]]
    yield Figure("flagged honest people", float(honest["flagged"].sum()), "people", (KINDS, PACE, SKILL))
