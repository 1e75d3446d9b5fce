"""Whether looking often fools: coverage of the interval at which a study stops because it is narrow enough.

Run as ``python -m tests.benchmarks stopping``. Each study asks people about task groups of ten rows, in turn, as
Prolific allocates them; α and its interval are looked at after every submission, and the study stops at the first look
that `precision.reached` accepts. The value ± the target should contain the α of the population in 95 % of the
studies. Units that the stop leaves with fewer labels than the others count as they are; those with one label do not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from prolific_nb.analysis import RunningAlpha, krippendorff_alpha
from prolific_nb.analysis.precision import FEWEST_UNITS, Precision, reached

from .measuring import Row

Labels = npt.NDArray[Any]
STUDIES, ALLOWED, GROUP, DRAWS = 500, 3, 10, 300
TARGETS = (0.05, 0.1)


@dataclass(frozen=True)
class Design:
    """How labels come about.

    Parameters
    ----------
    name, level : str
    people : int
        Annotators per task.
    groups : int
        Task groups, enough for every study to become precise.
    label : callable
        From the generator, units and people to labels of shape (units, people).
    """

    name: str
    level: Any
    people: int
    groups: int
    label: Callable[[np.random.Generator, int, int], Labels]


def rare(rng: np.random.Generator, units: int, people: int) -> Labels:
    """Two options, of which one is right for 15 %; people see it in 4 of 5 cases, and elsewhere in 1 of 20."""
    there = rng.random(units) < 0.15
    return (rng.random((units, people)) < np.where(there, 0.8, 0.05)[:, None]).astype(int)


def scale(rng: np.random.Generator, units: int, people: int) -> Labels:
    """A five-point scale: the unit's own point with an error that is larger for some units."""
    own, apart = rng.normal(3, 1.2, units), rng.choice([0.4, 1.1], units, p=[0.7, 0.3])
    return np.clip(np.rint(own[:, None] + rng.normal(size=(units, people)) * apart[:, None]), 1, 5).astype(int)


def numbers(rng: np.random.Generator, units: int, people: int) -> Labels:
    """Numbers with heavy tails: most units are alike, and some answers are far off."""
    own = rng.standard_t(5, units)
    return own[:, None] + 0.7 * rng.standard_t(5, size=(units, people))


DESIGNS = (
    Design("two options, one rare, 3 people", "nominal", 3, 260, rare),
    Design("five-point scale, 2 people", "ordinal", 2, 200, scale),
    Design("numbers with heavy tails, 5 people", "interval", 5, 160, numbers),
)


@cache
def population(design: Design) -> float:
    """α of 300,000 units."""
    labels = design.label(np.random.default_rng(99), 300_000, design.people)
    if design.level == "interval":  # by the variances, since there are millions of different numbers
        return float(1 - labels.var(axis=1, ddof=1).mean() / labels.var(ddof=1))
    units, people = np.indices(labels.shape)
    frame = pd.DataFrame({"row": units.ravel(), "participant_id": people.ravel(), "value": labels.ravel()})
    return krippendorff_alpha(frame, level=design.level, draws=1).value


def study(design: Design, target: float, rng: np.random.Generator) -> Precision:
    """The interval at which one study stops; that of the whole study if it never does."""
    labels = design.label(rng, GROUP * design.groups, design.people)
    turn = np.arange(design.people)[None, :] + 1.5 * rng.random((design.groups, design.people))
    alpha = RunningAlpha(design.level, draws=DRAWS)
    for place in np.argsort(turn, axis=None):
        group, who = divmod(int(place), design.people)
        for unit in range(GROUP * group, GROUP * (group + 1)):
            alpha.add(unit, who, labels[unit, who].item())
        # The bootstrap is spared where the standard error shows that the interval is much too wide.
        if alpha.n_units >= FEWEST_UNITS and 1.96 * alpha.se <= target and reached(alpha.precision(), target):
            break
    return alpha.precision()


def coverage(design: Design, target: float, studies: int = STUDIES) -> tuple[float, float]:
    """Percent of the studies whose value ± target at the stop contains the population's α, and their mean answers."""
    truth, rng = population(design), np.random.default_rng(int(1000 * target))
    ends = [study(design, target, rng) for _ in range(studies)]
    inside = sum(abs(end.value - truth) <= target for end in ends)
    return 100 * inside / studies, float(np.mean([end.n_answers for end in ends]))


def rows() -> Iterator[Row]:
    """Coverage of value ± target at the stop, for each design and target, and what it costs in answers."""
    for design in DESIGNS:
        for target in TARGETS:
            percent, answers = coverage(design, target)
            name = f"{design.name}, ± {target:g}"
            ok = abs(percent - 95) <= ALLOWED
            yield Row(name, f"{percent:.1f} %", f"{answers:,.0f} answers", target=f"95 ± {ALLOWED} %", ok=ok)
