"""Krippendorff's α while answers arrive: each changes a few numbers, and none is counted again."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Literal, get_args

import numpy as np
import pandas as pd

from ..common.arguments import listed, require_choice
from ..common.blank_text import is_blank
from ..common.findings import Finding
from ..common.plurals import a_type
from ..errors import ArgumentError, ArgumentTypeError, DataError, UnknownName
from .build_coefficient import require_draws
from .intervals import Floats, Sums, draw, jackknife
from .label_text import is_missing, quoted
from .leave_one_out import MIN_OUTSIDE, MIN_UNITS, resampled_ends
from .precision import Precision
from .running_counts import RunningNumbers, RunningPatterns

RunningLevel = Literal["nominal", "ordinal", "interval", "set"]
_ONE_BY_ONE = "Pass tuples of unit, annotator and label, or add each with add(unit, annotator, label)."
_WIDEST = 200  # sums whose covariance is decomposed: the cost grows with the cube


class RunningAlpha:
    """Krippendorff's α (Krippendorff 2011) of answers that arrive one by one, and may be withdrawn.

    The value is that of `krippendorff_alpha` of the same answers. Up to 2,000 units with two labels, the interval is
    the same bootstrap over units; above, the sums over a resample are drawn from their normal distribution, as
    `influence` does, which takes milliseconds however many answers there are.

    Parameters
    ----------
    level : {"nominal", "ordinal", "interval", "set"}
        As for `krippendorff_alpha`. Sets are frozensets, compared by MASI.
    categories : sequence, optional
        Options offered, in their order. By default the labels in use, sorted.
    draws, seed : int
        Resamples of units for the interval, and their seed.

    Raises
    ------
    ValueError
        The level is not one of these.

    Notes
    -----
    Not for several threads at once.

    Examples
    --------
    >>> alpha = RunningAlpha()
    >>> for row, who, label in [(1, "a", "x"), (1, "b", "x"), (2, "a", "y"), (2, "b", "y"), (3, "a", "x")]:
    ...     alpha.add(row, who, label)
    >>> alpha.add(3, "b", "y")
    >>> round(alpha.value, 3), alpha.n_answers
    (0.444, 6)
    >>> alpha.remove(3, "b")                              # such as a rejected submission
    >>> alpha.value
    1.0
    """

    def __init__(
        self,
        level: RunningLevel = "nominal",
        *,
        categories: Sequence[Hashable] = (),
        draws: int = 1000,
        seed: int = 0,
    ) -> None:
        require_choice("level", level, get_args(RunningLevel))
        require_draws(draws, seed)
        categories = listed("categories", categories)
        _refuse_lists(*categories)
        if len(set(categories)) < len(categories):
            raise ArgumentError(f"categories contains a label more than once: {quoted(categories)}.")
        self.level, self._draws, self._seed = level, draws, seed
        self._counts = RunningNumbers() if level == "interval" else RunningPatterns(level, categories)
        self._answers: dict[tuple[Hashable, Hashable], Hashable] = {}
        self._drawn: Floats = np.zeros((draws, 0))

    @property
    def n_answers(self) -> int:
        """Labels counted."""
        return len(self._answers)

    @property
    def n_units(self) -> int:
        """Units with at least two labels."""
        return self._counts.n_paired

    @property
    def se(self) -> float:
        """Jackknife standard error over units, as that of `krippendorff_alpha`; nan if it is undefined."""
        return jackknife(self._counts.sums(in_order=False))

    def add(self, unit: Hashable, annotator: Hashable, label: Hashable) -> None:
        """Count one answer.

        Raises
        ------
        DataError
            The annotator labelled this unit already, or the label does not fit the level or the categories.
        ValueError
            The label is missing or blank.
        """
        _refuse_lists(unit, annotator, label)
        if is_blank(label) or is_missing(label):
            raise ArgumentError(f"The label {label!r} of {annotator!r} on {unit!r} is blank. Leave out such answers.")
        if (unit, annotator) in self._answers:
            what = f"{quoted([annotator])} labelled {quoted([unit])} already."
            raise DataError("The answer", [Finding("error", what, "Remove the earlier answer first, or keep it.")])
        self._counts.add(unit, label)
        self._answers[unit, annotator] = label

    def remove(self, unit: Hashable, annotator: Hashable) -> None:
        """Take one answer back.

        Raises
        ------
        LookupError
            There is none of this annotator on this unit.
        """
        _refuse_lists(unit, annotator)
        if (unit, annotator) not in self._answers:
            raise UnknownName(f"There is no answer of {annotator!r} on {unit!r} to remove.")
        self._counts.remove(unit, self._answers.pop((unit, annotator)))

    def update(self, answers: Iterable[tuple[Hashable, Hashable, Hashable]]) -> None:
        """Add answers, each a tuple of unit, annotator and label.

        Raises
        ------
        TypeError
            They are something else, such as a DataFrame, or one of them is.
        """
        if isinstance(answers, str | pd.DataFrame) or not isinstance(answers, Iterable):
            raise ArgumentTypeError(f"answers is {a_type(answers)}. {_ONE_BY_ONE}")
        for each in answers:
            if isinstance(each, str) or not isinstance(each, Sequence) or len(each) != 3:
                raise ArgumentTypeError(f"answers contains {each!r:.80}. {_ONE_BY_ONE}")
            self.add(*each)

    @property
    def value(self) -> float:
        """α now; nan if it is undefined."""
        return self._value(self._counts.sums(in_order=False))

    def precision(self) -> Precision:
        """α now, with its 95 % interval."""
        n = self._counts.n_paired
        large = n >= MIN_UNITS and self._counts.n_outside >= MIN_OUTSIDE
        sums = self._counts.sums(in_order=not large)
        value = self._value(sums)
        low = high = float("nan")
        if not np.isnan(value) and n >= 2:
            low, high = self._near_normal(sums) if large and sums.width <= _WIDEST else self._bootstrap(sums)
        return Precision(value, low, high, self.n_answers, n)

    def _value(self, sums: Sums) -> float:
        if not len(sums.multiplicity):
            return float("nan")
        return float(sums.parts(sums.multiplicity[None, :].astype(float)).value[0])

    def _bootstrap(self, sums: Sums) -> tuple[float, float]:
        drawn = draw(sums, draws=self._draws, seed=self._seed)
        defined = drawn[~np.isnan(drawn)]
        low, high = np.quantile(defined, [0.025, 0.975]) if len(defined) else (np.nan, np.nan)
        return float(low), float(high)

    def _near_normal(self, sums: Sums) -> tuple[float, float]:
        rows = np.concatenate([sums.rows(part) for part in sums.slices()])
        times = sums.multiplicity.astype(float)
        return resampled_ends(
            sums, times.sum(), times @ rows, (rows * times[:, None]).T @ rows, self._normal(sums.width)
        )

    def _normal(self, width: int) -> Floats:
        if self._drawn.shape[1] < width:
            self._drawn = np.random.default_rng(self._seed).standard_normal((self._draws, width))
        return self._drawn[:, :width]

    def __repr__(self) -> str:
        return f"RunningAlpha({self.level}, {self.n_answers:,} answers)"


def _refuse_lists(*values: Hashable) -> None:
    for each in values:
        if not isinstance(each, Hashable):
            raise ArgumentTypeError(f"{each!r:.80} is {a_type(each)}; pass a set of options as a frozenset.")
