"""A crowd from assumptions instead of a pilot, with every assumption checked."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, fields
from numbers import Real
from typing import Any

import numpy as np

from ...analysis.crowd_model import Crowd, assumed_crowd
from ...analysis.intervals import Floats
from ...common.arguments import listed, require_number, require_whole
from ...errors import ArgumentError, ArgumentTypeError

_SPREAD = 0.1


@dataclass(frozen=True)
class Assumptions:
    """The arguments of `sample_size` that take the place of a pilot; see there."""

    skill: float | None = None
    skill_sd: float | None = None
    options: int | Sequence[Hashable] | None = None
    prevalence: float | Sequence[float] | None = None
    scale: bool = False

    @property
    def given(self) -> list[str]:
        """Names of those that differ from their default."""
        values = {each.name: (getattr(self, each.name), each.default) for each in fields(self)}
        return [name for name, (value, default) in values.items() if isinstance(value, Sequence) or value != default]

    def crowd(self, win_rate: float | None, seed: int) -> tuple[Crowd, tuple[Hashable, ...]]:
        """The crowd, and the labels that it gives.

        Raises
        ------
        ArgumentError
            An assumption is missing or out of range.
        """
        if self.skill is None or (self.options is None and win_rate is None):
            what = "There is neither a pilot nor what replaces one: skill= and options=, or skill= and win_rate=."
            raise ArgumentError(f"{what} Pass a run or run.responses(), or such as sample_size(skill=0.8, options=3).")
        if win_rate is not None and (self.options is not None or self.prevalence is not None or self.scale):
            raise ArgumentError("win_rate= says how often the left side wins. Omit options=, prevalence= and scale=.")
        names = ("left", "right") if win_rate is not None else _labels(self.options)
        q = len(names)
        require_range("skill", self.skill, 1 / q, 1, ends=True, why=f"; {1 / q:.2g} is chance among {q} labels")
        spread = _spread(self.skill, self.skill_sd)
        crowd = assumed_crowd(_shares(self.prevalence, q), self.skill, spread, ordered=self.scale, seed=seed)
        return crowd, names

    def words(self, n_labels: int) -> str:
        """Such as ``"assumptions: 3 labels, people right 80 % of the time"``."""
        return f"assumptions: {n_labels} labels, people right {100 * (self.skill or 0):.0f} % of the time"


def require_range(name: str, value: Any, low: float, high: float, *, ends: bool = False, why: str = "") -> None:
    """Raise unless a number lies between two others, or with `ends` is one of them."""
    between = f"from {low:.3g} to {high:.3g}" if ends else f"between {low:.3g} and {high:.3g}"
    if not isinstance(value, Real) or isinstance(value, bool):
        raise ArgumentTypeError(f"{name} is {value!r:.80}; use a number {between}{why}.")
    number = float(value)
    if not low <= number <= high or (not ends and number in (low, high)):
        raise ArgumentError(f"{name} is {number:g}; use a number {between}{why}.")


def _spread(skill: float, given: float | None) -> float:
    """Standard deviation of the skills of people; by default 0.1, or half of the largest there can be."""
    most = float(np.sqrt(skill * (1 - skill)))
    if given is None:
        return min(_SPREAD, most / 2)
    require_number("skill_sd", given, 0)
    if given and not given < most:
        what = (
            f"skill_sd is {given:g}, but with a mean of {skill:g} the skills of people differ by less than {most:.2g}."
        )
        raise ArgumentError(f"{what} Use a smaller number, or 0 for people who are alike.")
    return float(given)


def _labels(options: Any) -> tuple[Hashable, ...]:
    if isinstance(options, Real):
        require_whole("options", options, 2)
        return tuple(range(1, int(float(options)) + 1))
    names = tuple(listed("options", options))
    if len(set(names)) < max(2, len(names)):
        raise ArgumentError(f"options is {list(names)!r:.80}. Pass at least two different labels, or their number.")
    return names


def _shares(prevalence: Any, q: int) -> Floats:
    if prevalence is None:
        return np.full(q, 1 / q)
    if isinstance(prevalence, Real):
        require_range("prevalence", prevalence, 0, 1)
        first = float(prevalence)
        return np.array([first, *[(1 - first) / (q - 1)] * (q - 1)])
    shares = listed("prevalence", prevalence)
    for each in shares:
        require_number("prevalence", each, 0)
    if len(shares) != q or not abs(sum(shares) - 1) <= 0.01 or sum(each > 0 for each in shares) < 2:
        what = f"prevalence is {shares!r:.80}; use {q} shares that sum to 1, one for each label"
        raise ArgumentError(f"{what}, at least two of them above 0.")
    given: Floats = np.array(shares, dtype=np.float64)
    scaled: Floats = given / given.sum()
    return scaled
