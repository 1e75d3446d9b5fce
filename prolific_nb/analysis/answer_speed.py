"""How fast each person answers, compared with other people's time for the same units or the same amount to read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .answer_codes import AnswerCodes, totals
from .counts import Ints
from .intervals import Floats
from .time_columns import read_times

_PICTURE = re.compile(r"(https?://|data:image/)\S+", re.IGNORECASE)
_LEAST_OTHERS = 3  # other people's times for a unit; below that, what was shown predicts the time
_LEAST_SECONDS = 0.1  # shorter times have no logarithm to speak of
_BITS, _STEPS = 22, 200_000  # logarithms are sorted as integers, in steps of 5e-6, up to 5 years
_AT_LEAST = 3  # a task may take a third of the median time of all
SCALE = 1.4826  # makes the median absolute deviation that of a normal distribution's σ (Iglewicz & Hoaglin 1993)


@dataclass(frozen=True, eq=False)
class Speed:
    """The time of each person; one entry per person, nan where unknown.

    Parameters
    ----------
    seconds : ndarray of float64, shape (n_people,)
        Median per task; per submission, its time over its tasks.
    z, z_high : ndarray
        Robust z of the logarithm, and the upper end of its 95 % interval; negative is fast.
    n : ndarray
        Tasks with a time.
    quick : ndarray
        Of these, how many took less than is needed to answer and to read; see `needed`.
    needed : ndarray
        Mean seconds that are needed per task.
    minutes : ndarray
        Of the submissions.
    of_tasks : bool
        Whether the times of single tasks are known.
    """

    seconds: Floats
    z: Floats
    z_high: Floats
    n: Floats
    quick: Floats
    needed: Floats
    minutes: Floats
    of_tasks: bool


def words_and_pictures(frame: pd.DataFrame, shown: Sequence[str]) -> tuple[Floats, Floats]:
    """Words and pictures in the shown columns of each row; float64, shape (n_rows,). A URL is a picture."""
    words, pictures = np.zeros(len(frame)), np.zeros(len(frame))
    for name in shown:
        codes, texts = pd.factorize(frame[name])
        found = [(0, 1) if _PICTURE.fullmatch(str(each).strip()) else (len(str(each).split()), 0) for each in texts]
        of_text = np.array([*found, (0, 0)], dtype=float)
        words += of_text[codes, 0]
        pictures += of_text[codes, 1]
    return words, pictures


def speed_of(
    answers: AnswerCodes, shown: Sequence[str], minutes: Floats, per_answer: float, words_per_minute: float
) -> Speed:
    """The speed of everybody.

    Parameters
    ----------
    answers : AnswerCodes
        The answers.
    shown : sequence of str
        Columns with what was shown.
    minutes : ndarray of float64, shape (n_people,)
        Minutes of the submissions, nan where unknown. Used where the times of single tasks are unknown.
    per_answer, words_per_minute : float
        Seconds that each answer takes at least, and how fast anybody can read.
    """
    frame, people = answers.frame, answers.n_people
    first = np.flatnonzero(answers.once)
    who, units = answers.who[first], answers.units[first]
    tasks = totals(who, people)
    words, pictures = words_and_pictures(frame.iloc[first], shown) if shown else (np.zeros(len(first)),) * 2
    # A task with several questions: reading once, answering each.
    per_task = np.maximum(per_answer * answers.answers / np.maximum(tasks, 1), 0)[who]
    needed = np.maximum(per_task, 60 * words / words_per_minute)
    seconds = read_times(frame, "seconds")[first] if "seconds" in frame.columns else np.full(len(first), np.nan)
    timed = ~np.isnan(seconds)
    if timed.any():
        # Where everybody is fast, the task is short.
        needed = np.minimum(needed, np.median(seconds[timed]) / _AT_LEAST)
        return _of_tasks(who[timed], units[timed], seconds[timed], needed[timed], words[timed], pictures[timed], people,
                         answers.n_units, minutes)  # fmt: skip
    sums = [totals(who, people, each) for each in (needed, words, pictures)]
    return _of_submissions(minutes, tasks, *sums)


def _of_tasks(
    who: Ints, units: Ints, seconds: Floats, needed: Floats, words: Floats, pictures: Floats, people: int, n_units: int,
    minutes: Floats,
) -> Speed:  # fmt: skip
    logs = np.log(np.maximum(seconds, _LEAST_SECONDS))
    n = totals(who, people)
    residual = logs - _usual(logs, units, n_units, words, pictures)
    centre = medians(residual, who, people)
    within = SCALE * medians(np.abs(residual - centre[who]), who, people)
    # The standard error of a median of a normal sample is √(π/2) times that of the mean.
    error = within * np.sqrt(np.pi / 2 / np.maximum(n, 1))
    z, unit = _robust(centre)
    total = totals(who, people, seconds) / 60
    return Speed(
        medians(seconds, who, people), z, z + 1.96 * error / unit, n,
        totals(who, people, seconds < needed),
        totals(who, people, needed) / np.where(n > 0, n, np.nan),
        np.where(np.isnan(minutes), np.where(n > 0, total, np.nan), minutes), True,
    )  # fmt: skip


def _of_submissions(minutes: Floats, tasks: Floats, needed: Floats, words: Floats, pictures: Floats) -> Speed:
    """From the time of whole submissions: one number per person, so there is no spread within them."""
    with np.errstate(divide="ignore", invalid="ignore"):
        seconds = 60 * minutes / tasks
        logs = np.log(np.maximum(seconds, _LEAST_SECONDS))
        known = ~np.isnan(logs)
        usual = np.full(len(logs), np.nan)
        usual[known] = _by_amount(logs[known], words[known] / tasks[known], pictures[known] / tasks[known])
    z, _ = _robust(logs - usual)
    if known.any():
        needed = np.minimum(needed, tasks * np.median(seconds[known]) / _AT_LEAST)
    quick = np.where(known & (60 * minutes < needed), tasks, 0.0)
    return Speed(seconds, z, z, np.where(known, tasks, 0.0), quick, needed / tasks, minutes, False)


def _robust(centre: Floats) -> tuple[Floats, float]:
    """Robust z: the distance from the median in units of 1.4826 MAD; nan if more than half of the people are equal."""
    known = centre[~np.isnan(centre)]
    if len(known) < _LEAST_OTHERS + 1:
        return np.full(len(centre), np.nan), 1.0
    middle = np.median(known)
    unit = SCALE * float(np.median(np.abs(known - middle)))
    return ((centre - middle) / unit, unit) if unit > 0 else (np.full(len(centre), np.nan), 1.0)


def _usual(logs: Floats, units: Ints, n_units: int, words: Floats, pictures: Floats) -> Floats:
    """The logarithm that is usual for each task: the median of the others, else by what was shown."""
    others, median = _median_of_others(logs, units, n_units)
    amount = _by_amount(logs, words, pictures)
    return np.where(others >= _LEAST_OTHERS, median, amount)


def _median_of_others(logs: Floats, units: Ints, n_units: int) -> tuple[Ints, Floats]:
    """For each time, the number of other times of its unit, and their median."""
    # Sorting one integer of the unit and the time is several times faster than sorting by both.
    own = np.minimum((logs - np.log(_LEAST_SECONDS)) * _STEPS, 2**_BITS - 1).astype(np.int64)
    ranked = np.sort(units << _BITS | own) & (2**_BITS - 1)
    m = np.bincount(units, minlength=n_units)
    start = (np.cumsum(m) - m)[units]
    others = m[units] - 1

    def remaining(place: Ints) -> Ints:
        """The element at this place of the sorted times of the unit without the own one."""
        here = np.minimum(start + place, len(ranked) - 1)
        after = np.minimum(here + 1, len(ranked) - 1)
        return np.asarray(np.where(own > ranked[here], ranked[here], ranked[after]))

    low, high = np.maximum(others - 1, 0) // 2, others // 2
    return others, (remaining(low) + remaining(high)) / (2 * _STEPS) + np.log(_LEAST_SECONDS)


def _by_amount(logs: Floats, words: Floats, pictures: Floats) -> Floats:
    """Least squares of the logarithm on log(1 + words) and pictures; times far from the median count as its bounds."""
    middle = float(np.median(logs)) if len(logs) else 0.0
    reach = 3 * SCALE * float(np.median(np.abs(logs - middle))) if len(logs) else 0.0
    columns = [each for each in (np.log1p(words), pictures) if np.ptp(each) > 0] if len(logs) > 10 else []
    if not columns:
        return np.full(len(logs), middle)
    table = np.column_stack([np.ones(len(logs)), *columns])
    weights = np.linalg.lstsq(table, np.clip(logs, middle - reach, middle + reach), rcond=None)[0]
    return np.asarray(table @ weights)


def medians(values: Floats, codes: Ints, size: int) -> Floats:
    """Median of the values of each code; float64, shape (size,), nan where there is none."""
    found = pd.Series(values).groupby(codes, sort=False).median()
    middle = np.full(size, np.nan)
    middle[found.index.to_numpy()] = found.to_numpy()
    return middle
