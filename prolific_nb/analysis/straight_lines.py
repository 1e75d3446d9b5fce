"""One option again and again: the longest run in order of answering, and how improbable it is for an honest person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .answer_codes import Labels, totals
from .counts import Ints
from .intervals import Floats
from .proportions import hoeffding
from .typical_annotator import Typical
from .unique_rows import joint


@dataclass(frozen=True, eq=False)
class Lines:
    """The answers of each person to the question where one option stands out most; one entry per person.

    Parameters
    ----------
    run : ndarray of float64, shape (n_people,)
        Length of the longest run of one option; nan where the order of answering is unknown, unless there is only one
        option.
    same : ndarray of float64
        Share of the answers that are the commonest option of the person.
    n : ndarray of float64
        Answers to that question.
    question : ndarray of int64
        Its place; -1 for people without labels.
    option : ndarray of int64
        The commonest option.
    """

    run: Floats
    same: Floats
    n: Floats
    question: Ints
    option: Ints


def lines_of(questions: Sequence[Labels], n_people: int) -> Lines:
    """The longest run and the commonest option of everybody."""
    run, same, n = np.full(n_people, np.nan), np.full(n_people, np.nan), np.zeros(n_people)
    where, option = np.full(n_people, -1), np.full(n_people, -1)
    best = np.full(n_people, -1.0)
    for place, labels in enumerate(questions):
        q = max(len(labels.names), 1)
        table: Floats = totals(joint(labels.who, q, labels.labels), n_people * q).reshape(n_people, q)
        total = table.sum(axis=1)
        most, share = table.argmax(axis=1), table.max(axis=1) / np.maximum(total, 1)
        longest = _longest(labels, n_people, share)
        # The question where the most of it is one option; of those, the longest.
        score = np.where(total > 0, share * total, -1)
        ahead = score > best
        for held, new in ((run, longest), (same, share), (n, total), (where, place), (option, most), (best, score)):
            held[ahead] = new[ahead] if isinstance(new, np.ndarray) else new
    return Lines(run, same, n, where, option)


def _longest(labels: Labels, n_people: int, share: Floats) -> Floats:
    """Length of the longest run of each person."""
    who, own = labels.who, labels.labels
    if not len(who):
        return np.full(n_people, np.nan)
    starts = np.flatnonzero(np.append(True, (who[1:] != who[:-1]) | (own[1:] != own[:-1])))
    lengths = np.diff(np.append(starts, len(who)))
    longest = np.zeros(n_people)
    first = np.flatnonzero(np.append(True, np.diff(who[starts]) > 0))
    longest[who[starts[first]]] = np.maximum.reduceat(lengths, first)
    known = np.ones(n_people, dtype=bool)
    known[who[~labels.ordered]] = False
    return np.where((known | (share == 1)) & (longest > 0), longest, np.nan)


def improbability(labels: Labels, crowd: Typical, rows: Ints, option: Ints, run: Floats) -> tuple[Floats, Floats]:
    """Bounds on how probable such answers are for a typical annotator who reads, given the others' labels.

    Parameters
    ----------
    rows : ndarray of int64
        The labels of the people to look at, in their order.
    option, run : ndarray of shape (n_people,)
        The commonest option and the longest run of everybody.

    Returns
    -------
    bound : ndarray of float64, shape (n_people,)
        The smaller of two bounds, doubled, times the number of options: that the option is given so often
        (Hoeffding 1963), and that it is given in such a run, at any place (the sum over the places). 1 for the others.
    expected : ndarray of float64, shape (n_people,)
        Share of the option that a typical annotator would give on these units.
    """
    n_people = len(option)
    who, q = labels.who[rows], crowd.q
    chance = crowd.chances(labels.units[rows], labels.labels[rows])[np.arange(len(rows)), option[who]]
    n = totals(who, n_people)
    given = totals(who, n_people, labels.labels[rows] == option[who])
    mean = totals(who, n_people, chance) / np.maximum(n, 1)
    often = hoeffding(given, n, mean)
    length = np.nan_to_num(run, nan=0).astype(np.int64)[who]
    sums = np.append(0, np.cumsum(np.log(np.maximum(chance, 1e-12))))
    place = np.arange(len(rows))
    end = np.searchsorted(who, who, side="right")
    whole = (length > 1) & (place + length <= end)
    run_of = np.exp(sums[np.minimum(place + length, len(rows))] - sums[place])
    in_run = totals(who, n_people, np.where(whole, run_of, 0))
    in_run = np.where(np.nan_to_num(run) > 1, in_run, 1.0)
    return np.minimum(2 * q * np.minimum(often, in_run), 1), mean
