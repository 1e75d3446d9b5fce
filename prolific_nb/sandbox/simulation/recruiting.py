"""Recruiting simulated participants: who takes part, when, which task groups they take, and how long they need.

Everything is drawn from ``random.Random(text).random()``, whose sequence Python guarantees across versions.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from heapq import heapify, heappop, heappush
from math import exp, inf
from random import Random

from .crowd.crowd_figures import EAGERNESS, INTRODUCTION, SITTING_SPREAD, TASK_SPREAD, WAIT, WINDOW
from .crowd.day import Day
from .crowd.person_traits import Traits, normal
from .crowd.time_needed import sit_down, spans
from .crowd.wave import kind_in_wave
from .crowd.workload import Workload
from .participants import People, Person

_SMALL = 100  # places; above, the window grows with the cube root
_TRIES = 200  # participants tried for one of a device, or one to take part again


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
    workload : Workload
        What people with kinds read and write, and what they are paid.
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
    workload: Workload = field(default_factory=lambda: Workload(()))

    @property
    def places(self) -> int:
        """Number of places."""
        return len(self.group_sizes) * self.annotators + self.single


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
    texts : tuple of int
        Characters of each text of a person with a kind, as in `Sitting`.
    """

    person: Person
    group: int
    started: float
    ended: float
    outcome: str
    tasks: tuple[tuple[float, float], ...]
    texts: tuple[int, ...] = ()


class _ParticipantPool:
    """Selects participants: nobody takes a group twice, exceeds the maximum, or works on two groups at once."""

    def __init__(
        self, people: People, seed: int, rng: Random, demand: OpenPlaces, met: Collection[int], first: Sequence[int]
    ) -> None:
        self._people, self._seed, self._rng, self._max = people, seed, rng, demand.max_each
        self._devices = demand.workload.devices
        self._first = first
        # Earlier participants are never selected again: neither as known nor as new participants.
        self._taken: dict[int, set[int]] = {number: set() for number in met}
        self._free_at: dict[int, float] = {}
        self._known: list[Person] = []
        self._again: set[int] = set()

    def select(self, group: int, at: float, moment: float) -> Person:
        """The person who takes a place at this time, which is this share of the arrival window."""
        person = self._known_person(group, at) or self._repeated_person(group, at) or self._new_person(moment)
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

    def _repeated_person(self, group: int, at: float) -> Person | None:
        """Somebody who takes part a second time although nobody may, but never on the same tasks."""
        share = self._people.repeats
        if not share or self._max != 1 or not self._known or self._rng.random() >= share / (1 + share):
            return None
        tried = [self._known[int(self._rng.random() * len(self._known))] for _ in range(_TRIES)]
        free = (each for each in tried if group not in self._taken[each.number] and each.number not in self._again)
        found = next((each for each in free if self._free_at[each.number] <= at), None)
        self._again |= {found.number} if found else set()
        return found

    def _new_person(self, moment: float) -> Person:
        kind = kind_in_wave(self._people.waves, moment, self._rng)
        for _ in range(_TRIES):
            person = self._people.person(self._seed, self._new_number(), kind)
            # The study's devices are not enforced, so at last somebody ignores them.
            if person.traits is None or not self._devices or person.traits.device in self._devices:
                break
        self._known.append(person)
        return person

    def _new_number(self) -> int:
        waiting = [number for number in self._first if number not in self._taken]
        number = waiting[int(self._rng.random() * len(waiting))] if waiting else -1
        while number < 0 or number in self._taken:
            number = int(self._rng.random() * pool_size(len(self._taken)))
        self._taken[number] = set()
        return number


_NOBODY = Person(10**9, 0.5, 1.0, 0.0)  # whoever takes a place that waits; no participant has this number


def window(places: float) -> float:
    """Seconds within which participants arrive for this number of places."""
    return float(WINDOW * max(1.0, places / _SMALL) ** (1 / 3))


def probability_filled(people: People, minutes: float, limit: float, places: float, at: float) -> float:
    """Probability that a place has been taken by then by a participant who completes the submission.

    Each participant who does not complete adds the mean delay until the next one arrives. The rate of arrivals is the
    usual one: a prediction does not know of the hour, of a slow start, or of places that are never taken.

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
    delay = WAIT + 60 * (people.return_rate * minutes / 2 + people.timeout_rate * limit) / lost if lost else 0.0
    chance, share, moment = 0.0, 1 - lost, at
    while moment > 0 and share > 1e-12:
        chance += share * min(moment / window(places), 1.0) ** (1 / EAGERNESS)
        share, moment = share * lost, moment - delay
    return chance


def attend(people: People, seed: int, demand: OpenPlaces, numbers: Sequence[int]) -> list[Session]:
    """Sessions of invited participants: each takes part once and completes; groups are assigned in turn."""
    rng = Random(f"{seed}/{demand.study_id}/invited")
    kinds = tuple(replace(kind, drop_out=0.0) for kind in people.kinds)
    patient = replace(people, return_rate=0.0, timeout_rate=0.0, kinds=kinds)
    opened, groups = window(len(numbers)), len(demand.group_sizes)
    sessions = [
        _session(patient, demand, patient.person(seed, number), place % groups, opened * rng.random(), rng)
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
        Ordered by start time; exactly `annotators` sessions of each group are complete, and the `single` ones. Those
        of places that are never taken start at infinity.
    """
    grown = f"/{demand.before + demand.annotators}" if demand.before else demand.occasion
    rng = Random(f"{seed}/{demand.study_id}/arrivals{grown}")
    groups, places = len(demand.group_sizes), demand.places
    opened, day = people.slow_start * window(places), Day(people.day_swing, demand.workload.begins)
    sooner = day.passed(demand.opens_at)
    arrivals = sorted(sooner + opened * rng.random() ** EAGERNESS for _ in range(places))
    arrivals = [day.moment(at) for at in arrivals[: round(people.fills * places)]]
    turns = [(demand.first + number) % groups for number in range(places)]
    queue = [(at, number, turns[number]) for number, at in enumerate(arrivals)]
    heapify(queue)
    pool, sessions, number = _ParticipantPool(people, seed, rng, demand, met, first), list[Session](), places
    while queue:
        at, _, group = heappop(queue)
        session = _session(people, demand, pool.select(group, at, (day.passed(at) - sooner) / opened), group, at, rng)
        pool.mark_busy(session.person, session.ended)
        sessions.append(session)
        if session.outcome != "COMPLETE":
            heappush(queue, (session.ended + WAIT * (0.5 + rng.random()), number, group))
            number += 1
    # The other places wait for people who take part by a link.
    return sessions + [Session(_NOBODY, group, inf, inf, "COMPLETE", ()) for group in turns[len(arrivals) :]]


def _session(people: People, demand: OpenPlaces, person: Person, group: int, at: float, rng: Random) -> Session:
    limit = demand.limit * 60
    if person.traits is not None:
        return _session_of_kind(people, demand, person, person.traits, group, at, rng)
    needed = min(demand.minutes * 60 * person.pace * exp(SITTING_SPREAD * normal(rng)), 0.95 * limit)
    chance, share = rng.random(), rng.random()
    outcome, stops, ended = "COMPLETE", needed, needed
    if chance < people.return_rate:
        outcome, stops, ended = "RETURNED", share * needed, share * needed
    elif chance < people.return_rate + people.timeout_rate:
        outcome, stops, ended = "TIMED-OUT", share * needed, limit
    tasks = _tasks(demand.group_sizes[group], needed, rng)
    done = tuple((at + start, at + end) for start, end in tasks if end <= stops)
    return Session(person, group, at, at + ended, outcome, done)


def _session_of_kind(
    people: People, demand: OpenPlaces, person: Person, traits: Traits, group: int, at: float, rng: Random
) -> Session:
    limit = demand.limit * 60
    sitting = sit_down(traits, demand.workload, group, demand.minutes, rng).within(0.95 * limit)
    chance, share = rng.random(), rng.random()
    outcome, stops = "COMPLETE", sitting.needed
    ended = stops
    if chance < people.return_rate:
        outcome, stops = "RETURNED", share * sitting.introduction
        ended = stops
    elif chance < people.return_rate + people.timeout_rate:
        outcome, stops, ended = "TIMED-OUT", share * sitting.needed, limit
    elif sitting.leaves is not None:
        outcome, stops = "RETURNED", sitting.left_at
        ended = stops
    done = tuple((at + start, at + end) for start, end in spans(sitting, stops))
    return Session(person, group, at, at + ended, outcome, done, sitting.texts)


def _tasks(count: int, needed: float, rng: Random) -> list[tuple[float, float]]:
    """Start and end of each task, in seconds of a session that takes `needed` seconds."""
    weights = [exp(TASK_SPREAD * normal(rng)) for _ in range(count)]
    scale = needed * (1 - INTRODUCTION) / sum(weights) if weights else 0.0
    spans, at = [], needed * INTRODUCTION
    for weight in weights:
        # min(): the last task must not end after the session by a rounding error.
        spans.append((at, min(at + weight * scale, needed)))
        at = spans[-1][1]
    return spans
