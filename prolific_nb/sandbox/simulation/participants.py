"""Simulated participants: who they are.

Everything is drawn from ``random.Random(text).random()``, whose sequence Python guarantees across versions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from math import exp
from random import Random
from typing import TYPE_CHECKING

from ...common.arguments import listed
from ...errors import ArgumentError
from .crowd.built_in_kinds import BUILT_IN
from .crowd.crowd_assumptions import assumptions_of
from .crowd.mixture import checked_kinds, kind_at, mixed
from .crowd.people_code import code_of
from .crowd.person_kind import PersonKind, is_number
from .crowd.person_traits import Traits, normal, traits_of
from .crowd.wave import Wave

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True, repr=False)
class People:
    """Behaviour of a sandbox's simulated participants.

    Without kinds, all are of one sort, and need about the estimated minutes. `People.mix` makes people of several
    kinds, who read, decide and type at their own speed.

    Parameters
    ----------
    skill : float
        Mean probability of the intended answer to a rather hard datapoint (three in ten are harder); in (0, 1).
    skill_spread : float
        Standard deviation of that probability across participants.
    pace_spread : float
        Standard deviation of the logarithm of participants' pace; with 0 all need the estimated time.
    return_rate, timeout_rate : float
        Shares of submissions that are returned or time out; other participants take their places. People of a kind
        return them during the introduction, and later as their kind says.
    slow_start : float
        How many times longer than usual it takes until the places are taken; at least 0.01.
    fills : float
        Share of the places that simulated participants ever take, the first ones. The others wait for people who take
        part by a link, so with less than 1 a study stays open. Where all wait (`nobody`), a study keeps real time.
    waves : tuple of Wave
        Other mixtures among those who arrive in parts of the arrival window.
    repeats : float
        Share of participants who take part a second time, in another task group, although each may only once.
    day_swing : float
        How much the number of arrivals varies over the day, in [0, 1): at the peak, half past three in the afternoon
        UTC, it is 1 + this, twelve hours later 1 - this, times the mean.
    kinds : tuple of PersonKind
        Kinds of participants, whose shares sum to 1; they replace `skill`, `skill_spread` and `pace_spread`.

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
    slow_start: float = 1.0
    fills: float = 1.0
    waves: tuple[Wave, ...] = ()
    repeats: float = 0.0
    day_swing: float = 0.0
    kinds: tuple[PersonKind, ...] = ()

    def __post_init__(self) -> None:
        for name in ("waves", "kinds"):
            object.__setattr__(self, name, tuple(listed(name, getattr(self, name))))
        if found := list(self._faults()):
            raise ArgumentError("\n".join(found))

    def _faults(self) -> Iterator[str]:
        numbers = [each.name for each in fields(self) if each.name not in ("waves", "kinds")]
        if wrong := [name for name in numbers if not is_number(getattr(self, name))]:
            yield from (f"{name} is {getattr(self, name)!r:.80}. Pass a number." for name in wrong)
            return
        if not 0 < self.skill < 1:
            yield f"skill is {self.skill}, but must be a probability between 0 and 1. Pass for example 0.82."
        for name in ("skill_spread", "pace_spread", "return_rate", "timeout_rate", "fills", "repeats"):
            if not 0 <= getattr(self, name) <= 1:
                yield f"{name} is {getattr(self, name)}, but must be from 0 to 1. Pass for example 0.05."
        if self.return_rate + self.timeout_rate > 0.9:
            yield "return_rate and timeout_rate sum to more than 0.9, so places would not be filled. Reduce them."
        if not 0.01 <= self.slow_start <= 1000:
            yield f"slow_start is {self.slow_start}, but must be from 0.01 to 1000. Pass for example 5."
        if not 0 <= self.day_swing < 1:
            yield f"day_swing is {self.day_swing}, but must be from 0 to below 1. Pass for example 0.6."
        yield from checked_kinds(self.kinds, self.waves)

    @classmethod
    def mix(
        cls,
        *,
        careful: float | None = None,
        hurried: float | None = None,
        straight_liner: float | None = None,
        spammer: float | None = None,
        copy_paste: float | None = None,
        dissenter: float | None = None,
        kinds: tuple[PersonKind, ...] = (),
        return_rate: float = 0.1,
        timeout_rate: float = 0.02,
        slow_start: float = 1.0,
        fills: float = 1.0,
        waves: tuple[Wave, ...] = (),
        repeats: float = 0.0,
        day_swing: float = 0.6,
    ) -> People:
        """People of several kinds. Simulated people say nothing about real ones; see `assumptions`.

        Parameters
        ----------
        careful, hurried, straight_liner, spammer, copy_paste, dissenter : float, optional
            Shares of the kinds with these names. Careful people are the rest if their share is not given. Without any
            share and `kinds`: 70 % careful, 15 % hurried, 4 % each straight-liners, spammers and dissenters, and 3 %
            who paste their texts, so that 11 % are careless, as the 10 to 12 % of Meade & Craig (2012, Psychological
            Methods 17(3), abstract); all else about these shares is an assumption.
        kinds : tuple of PersonKind
            Further kinds, each with its share.
        return_rate : float
            Share of submissions that are returned almost at once: 10 % of the participants of web studies leave so
            (Hoerger 2010, Cyberpsychology, Behavior, and Social Networking 13(6), abstract).
        timeout_rate, slow_start, fills, waves, repeats, day_swing
            As for `People`. The peak of the day is around 3 to 4 pm GMT, as a tip in Prolific's community says
            ("How to optimise your use of Prolific"); how far arrivals vary is an assumption.

        Raises
        ------
        ValueError
            If a value is out of range, or the shares do not sum to 1.

        Examples
        --------
        >>> People.mix(spammer=0.2)
        People.mix(careful=0.8, spammer=0.2)
        """
        shares = {
            "careful": careful,
            "hurried": hurried,
            "straight_liner": straight_liner,
            "spammer": spammer,
            "copy_paste": copy_paste,
            "dissenter": dissenter,
        }
        return cls(
            return_rate=return_rate,
            timeout_rate=timeout_rate,
            slow_start=slow_start,
            fills=fills,
            waves=waves,
            repeats=repeats,
            day_swing=day_swing,
            kinds=mixed(shares, listed("kinds", kinds)),
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

    def person(self, seed: int, number: int, kind: str | None = None) -> Person:
        """The participant with this number, the same in every study of a seed; in a wave, of a given kind."""
        if kind is not None or self.kinds:
            traits = traits_of(self._kind(seed, number, kind), seed, number)
            return Person(number, traits.skill, traits.pace, traits.leaning, traits)
        rng = Random(f"{seed}/person/{number}")
        skill = self.skill + self.skill_spread * normal(rng)
        return Person(number, min(max(skill, 0.05), 0.99), exp(self.pace_spread * normal(rng)), rng.random())

    def _kind(self, seed: int, number: int, name: str | None) -> PersonKind:
        if name is None:
            return kind_at(self.kinds, Random(f"{seed}/kind/{number}").random())
        return next((each for each in self.kinds if each.name == name), None) or BUILT_IN[name]

    def assumptions(self) -> DataFrame:
        """The figures by which these people arrive, work, answer and leave, each with its source.

        Returns
        -------
        DataFrame
            Columns ``figure`` (str), ``value`` (object) and ``source`` (str): author, year and place, or
            ``"assumption"`` where nothing published supports the figure.

        Examples
        --------
        >>> found = People.mix(spammer=0.1).assumptions()
        >>> found.loc[found["figure"] == "careful: words_per_minute", "source"].item()[:14]
        'Brysbaert 2019'
        """
        from pandas import DataFrame

        return DataFrame(assumptions_of(self, self.kinds), columns=["figure", "value", "source"])

    def to_code(self) -> str:
        """The expression that makes these people after ``import prolific_nb as pnb``.

        Examples
        --------
        >>> People.mix(kinds=(PersonKind("expert", share=0.1, skill=0.95),)).to_code()
        "pnb.People.mix(careful=0.9, kinds=(pnb.PersonKind('expert', share=0.1, skill=0.95),))"
        """
        return self._code("pnb.")

    def __repr__(self) -> str:
        return self._code("")

    def _code(self, prefix: str) -> str:
        return code_of(self, People(), People.mix(), prefix)


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
    traits : Traits or None
        What the person is like, if of a kind.
    """

    number: int
    skill: float
    pace: float
    leaning: float
    traits: Traits | None = None
