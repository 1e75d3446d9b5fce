"""One coefficient of agreement as a value: the estimate, its uncertainty, its identity and its caveats."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape

from ..common.plurals import counted


def rounded(value: float, digits: int = 2) -> str:
    """A number with so many digits, and without the sign where they are all 0.

    Examples
    --------
    >>> rounded(-0.001), rounded(-0.01)
    ('0.00', '-0.01')
    """
    return f"{round(value, digits) + 0.0:.{digits}f}"


@dataclass(frozen=True)
class Coefficient:
    """A coefficient of agreement with its 95 % interval.

    Parameters
    ----------
    name : str
        Such as ``"Fleiss' κ"``.
    value : float
        ``(observed - expected) / (1 - expected)``; nan if undefined, with the reason in `note`.
    low, high : float
        95 % percentile interval from resampling units; it covers the choice of units, not that of annotators.
    se : float
        Jackknife standard error over units.
    observed, expected : float
        Observed agreement, and the agreement expected by chance: 0 for percent agreement, which is not corrected for
        chance; nan for an intraclass correlation; for α of ordered labels, numbers and sets, 1 - disagreement over
        the largest distance in use.
    n_units, n_single, n_ratings : int
        Units with at least one label, those of them with exactly one, and labels.
    note : str
        What to know before using the number: why it is undefined, what was left out, why the interval is too narrow.
    kind : str
        Key of the coefficient, by which reports and plots find it: the name of its function (``"fleiss_kappa"``,
        ``"krippendorff_alpha"``), followed by the form where one function has several (``"gwet_ac1"``,
        ``"gwet_ac2"``, ``"icc(1,1)"``). Weights, levels and distances do not change it.
    reference : str
        Where its formula is published, one source per line: ``"Fleiss (1971). Title. Journal, volume, pages."``;
        empty for percent agreement.

    Examples
    --------
    >>> kappa = Coefficient("Fleiss' κ", 0.43, 0.36, 0.5, 0.04, 0.56, 0.22, 30, 0, 180, "")
    >>> print(kappa)
    Fleiss' κ = 0.43, 95 % interval 0.36 to 0.50, 30 units
    """

    name: str
    value: float
    low: float
    high: float
    se: float
    observed: float
    expected: float
    n_units: int
    n_single: int
    n_ratings: int
    note: str = ""
    kind: str = ""
    reference: str = ""

    @property
    def n_paired(self) -> int:
        """Units with at least two labels, the only ones that can show agreement."""
        return self.n_units - self.n_single

    @property
    def interval(self) -> str:
        """The interval in words: ``"95 % interval 0.36 to 0.50"``, or that there is none."""
        if math.isnan(self.low):
            return "no interval"
        return f"95 % interval {rounded(self.low)} to {rounded(self.high)}"

    def __str__(self) -> str:
        return f"{self._result}. {self.note}" if self.note else self._result

    @property
    def _result(self) -> str:
        units = counted(self.n_units, "unit")
        if math.isnan(self.value):
            return f"{self.name} is undefined, {units}"
        return f"{self.name} = {rounded(self.value)}, {self.interval}, {units}"

    def _repr_html_(self) -> str:
        note = f"<br><small>{escape(self.note)}</small>" if self.note else ""
        return f"<p>{escape(self._result)}{note}</p>"
