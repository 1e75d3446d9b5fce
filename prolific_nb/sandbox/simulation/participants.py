"""Simulated participants: who takes part, when, which task groups they take, and how long they need.

Everything is drawn from ``random.Random(text).random()``, whose sequence Python guarantees across versions.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from heapq import heapify, heappop, heappush
from math import exp, inf
from random import Random
from statistics import NormalDist

from ...errors import ArgumentError

_NORMAL = NormalDist()
_WINDOW = 40 * 60  # seconds within which the places of a small study are taken
_SMALL = 100  # places; above, the window grows with the cube root
_EAGERNESS = 1.2  # above 1: arrivals are denser at the beginning
_WAIT = 120  # mean seconds until a freed place is taken again
_READING = 0.04  # share of the time spent on the introduction


@dataclass(frozen=True)
class People:
    """Behaviour of a sandbox's simulated participants.

    Parameters
    ----------
    skill : float
        Mean probability of the intended answer to a rather hard datapoint (three in ten are harder); in (0, 1).
    skill_spread : float
        Standard deviation of that probability across participants.
    pace_spread : float
        Standard deviation of the logarithm of participants' pace; with 0 all need the estimated time.
    return_rate, timeout_rate : float
        Shares of submissions that are returned or time out; other participants take their places.
    fills : float
        Share of the places that simulated participants ever take. The others wait for people who take part by a link;
        where all wait (`nobody`), a study keeps real time.

    Raises
    ------
    ValueError
        If a value is out of range, or fewer than a tenth of the submissions would be completed.

    Examples
    --------
    >>> People(skill=0.9).return_rate
    0.05
    """

    skill: float = 0.82
    skill_spread: float = 0.08
    pace_spread: float = 0.25
    return_rate: float = 0.05
    timeout_rate: float = 0.02
    fills: float = 1.0

    def __post_init__(self) -> None:
        if not 0 < self.skill < 1:
            raise ArgumentError(
                f"skill is {self.skill}, but must be a probability between 0 and 1. Pass for example 0.82."
            )
        for name in ("skill_spread", "pace_spread", "return_rate", "timeout_rate", "fills"):
            if not 0 <= getattr(self, name) <= 1:
                raise ArgumentError(f"{name} is {getattr(self, name)}, but must be from 0 to 1. Pass for example 0.05.")
        if self.return_rate + self.timeout_rate > 0.9:
            raise ArgumentError(
                "return_rate and timeout_rate sum to more than 0.9, so places would not be filled. Reduce them."
            )

    @classmethod
    def nobody(cls) -> People:
        """No simulated participants: every place waits for a person who takes part by a link.

        Examples
        --------
        >>> People.nobody().fills
        0.0
        """
        return cls(fills=0.0)

    def person(self, seed: int, number: int) -> Person:
        """The participant with this number, the same in every study of a seed."""
        rng = Random(f"{seed}/person/{number}")
        skill = self.skill + self.skill_spread * normal(rng)
        return Person(number, min(max(skill, 0.05), 0.99), exp(self.pace_spread * normal(rng)), rng.random())


@dataclass(frozen=True)
class Person:
    """One simulated participant.

    Parameters
    ----------
    number : int
        Number in the pool.
    skill : float
        Probability of the intended answer to a rather hard datapoint.
    pace : float
        Time needed, as a multiple of the estimate.
    leaning : float
        In [0, 1): which option is preferred when unsure.
    """

    number: int
    skill: float
    pace: float
    leaning: float


@dataclass(frozen=True)
class OpenPlaces:
    """Open places of a study, to be filled by simulated participants.

    Parameters
    ----------
    study_id : str
    group_sizes : sequence of int
        Tasks in each task group; a study without tasks has one group of size 0.
    annotators : int
        Submissions requested for each group, in addition to `before`.
    minutes, limit : float
        Estimated and maximum minutes of a submission.
    max_each : int
        Maximum submissions of one participant; -1 for any number.
    opens_at : float
        Seconds after the publication at which these places open.
    before : int
        Submissions requested earlier for each group: 0 at the publication, more if the study grows.
    occasion : str
        Why the places open, if not for the publication or for more annotators; part of the random seed.
    single, first : int
        Further places of which each is for one group, the groups in turn from index `first`.
    """

    study_id: str
    group_sizes: tuple[int, ...]
    annotators: int
    minutes: float
    limit: float
    max_each: int = 1
    opens_at: float = 0.0
    before: int = 0
    occasion: str = ""
    single: int = 0
    first: int = 0


@dataclass(frozen=True)
class Session:
    """One submission, in seconds after the study's publication.

    Parameters
    ----------
    person : Person
    group : int
        Index of the task group.
    started, ended : float
    outcome : {"COMPLETE", "RETURNED", "TIMED-OUT"}
    tasks : tuple of (float, float)
        Start and end of each task; unfinished tasks are left out.
    """

    person: Person
    group: int
    started: float
    ended: float
    outcome: str
    tasks: tuple[tuple[float, float], ...]


_NOBODY = Person(10**9, 0.5, 1.0, 0.0)  # whoever takes a place that waits; no participant has this number


def normal(rng: Random) -> float:
    """A standard normal number from one uniform number, within about ±3.7."""
    return _NORMAL.inv_cdf(min(max(rng.random(), 1e-4), 1 - 1e-4))


class _ParticipantPool:
    """Selects participants: nobody takes a group twice, exceeds the maximum, or works on two groups at once."""

    def __init__(
        self, people: People, seed: int, rng: Random, max_each: int, met: Collection[int], first: Sequence[int]
    ) -> None:
        self._people, self._seed, self._rng, self._max = people, seed, rng, max_each
        self._first = first
        # Earlier participants are never selected again: neither as known nor as new participants.
        self._taken: dict[int, set[int]] = {number: set() for number in met}
        self._free_at: dict[int, float] = {}
        self._known: list[Person] = []

    def select(self, group: int, at: float) -> Person:
        person = self._known_person(group, at) or self._new_person()
        self._taken[person.number].add(group)
        return person

    def mark_busy(self, person: Person, until: float) -> None:
        self._free_at[person.number] = until

    def _known_person(self, group: int, at: float) -> Person | None:
        if self._max == 1 or not self._known or self._rng.random() < 0.4:
            return None
        person = self._known[int(self._rng.random() * len(self._known))]
        taken = self._taken[person.number]
        full = self._max != -1 and len(taken) >= self._max
        return None if full or group in taken or self._free_at[person.number] > at else person

    def _new_person(self) -> Person:
        waiting = [number for number in self._first if number not in self._taken]
        number = waiting[int(self._rng.random() * len(waiting))] if waiting else -1
        while number < 0 or number in self._taken:
            number = int(self._rng.random() * pool_size(len(self._taken)))
        self._taken[number] = set()
        self._known.append(self._people.person(self._seed, number))
        return self._known[-1]


def window(places: float) -> float:
    """Seconds within which participants arrive for this number of places."""
    return float(_WINDOW * max(1.0, places / _SMALL) ** (1 / 3))


def probability_filled(people: People, minutes: float, limit: float, places: float, at: float) -> float:
    """Probability that a place has been taken by then by a participant who completes the submission.

    Each participant who does not complete adds the mean delay until the next one arrives.

    Parameters
    ----------
    minutes, limit : float
        Estimated and maximum minutes of a submission.
    places : float
        Number of places of the whole study.
    at : float
        Seconds after the publication.
    """
    lost = people.return_rate + people.timeout_rate
    delay = _WAIT + 60 * (people.return_rate * minutes / 2 + people.timeout_rate * limit) / lost if lost else 0.0
    chance, share, moment = 0.0, 1 - lost, at
    while moment > 0 and share > 1e-12:
        chance += share * min(moment / window(places), 1.0) ** (1 / _EAGERNESS)
        share, moment = share * lost, moment - delay
    return chance


def attend(people: People, seed: int, demand: OpenPlaces, numbers: Sequence[int]) -> list[Session]:
    """Sessions of invited participants: each takes part once and completes; groups are assigned in turn."""
    rng = Random(f"{seed}/{demand.study_id}/invited")
    patient = replace(people, return_rate=0.0, timeout_rate=0.0)
    opened, groups = window(len(numbers)), len(demand.group_sizes)
    sessions = [
        _session(patient, demand, people.person(seed, number), place % groups, opened * rng.random(), rng)
        for place, number in enumerate(numbers)
    ]
    return sorted(sessions, key=lambda session: session.started)


def pool_size(known: int) -> int:
    """Size of the pool from which the next participant is selected, after `known` selections."""
    return 300 + 3 * known


def recruit(
    people: People, seed: int, demand: OpenPlaces, met: Collection[int] = (), first: Sequence[int] = ()
) -> list[Session]:
    """All sessions that fill the open places of a study, as a function of the seed and the study.

    Arrivals are denser at the beginning. A place that was returned or timed out is taken by another participant.

    Parameters
    ----------
    met : collection of int
        Numbers of the participants before the study grew. They do not take part again, so the result does not depend
        on the progress of the study.
    first : sequence of int
        Numbers of the participants who take part before any others do.

    Returns
    -------
    list of Session
        Ordered by start time; exactly `annotators` sessions of each group are complete, and the `single` ones.
    """
    grown = f"/{demand.before + demand.annotators}" if demand.before else demand.occasion
    rng = Random(f"{seed}/{demand.study_id}/arrivals{grown}")
    groups = len(demand.group_sizes)
    places = groups * demand.annotators + demand.single
    opened = window(places)
    arrivals = sorted(demand.opens_at + opened * rng.random() ** _EAGERNESS for _ in range(places))
    queue = [(at, number, (demand.first + number) % groups) for number, at in enumerate(arrivals)]
    waiting = queue[round(places * people.fills) :]
    queue = queue[: places - len(waiting)]
    heapify(queue)
    pool, number = _ParticipantPool(people, seed, rng, demand.max_each, met, first), places
    sessions = [Session(_NOBODY, group, inf, inf, "COMPLETE", ()) for _, _, group in waiting]
    while queue:
        at, _, group = heappop(queue)
        session = _session(people, demand, pool.select(group, at), group, at, rng)
        pool.mark_busy(session.person, session.ended)
        sessions.append(session)
        if session.outcome != "COMPLETE":
            heappush(queue, (session.ended + _WAIT * (0.5 + rng.random()), number, group))
            number += 1
    return sorted(sessions, key=lambda session: session.started) if waiting else sessions


def _session(people: People, demand: OpenPlaces, person: Person, group: int, at: float, rng: Random) -> Session:
    limit = demand.limit * 60
    needed = min(demand.minutes * 60 * person.pace * exp(0.15 * normal(rng)), 0.95 * limit)
    chance, share = rng.random(), rng.random()
    outcome, stops, ended = "COMPLETE", needed, needed
    if chance < people.return_rate:
        outcome, stops, ended = "RETURNED", share * needed, share * needed
    elif chance < people.return_rate + people.timeout_rate:
        outcome, stops, ended = "TIMED-OUT", share * needed, limit
    tasks = _tasks(demand.group_sizes[group], needed, rng)
    done = tuple((at + start, at + end) for start, end in tasks if end <= stops)
    return Session(person, group, at, at + ended, outcome, done)


def _tasks(count: int, needed: float, rng: Random) -> list[tuple[float, float]]:
    """Start and end of each task, in seconds of a session that takes `needed` seconds."""
    weights = [exp(0.35 * normal(rng)) for _ in range(count)]
    scale = needed * (1 - _READING) / sum(weights) if weights else 0.0
    spans, at = [], needed * _READING
    for weight in weights:
        # min(): the last task must not end after the session by a rounding error.
        spans.append((at, min(at + weight * scale, needed)))
        at = spans[-1][1]
    return spans
