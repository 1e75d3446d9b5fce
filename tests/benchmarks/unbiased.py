"""Agreement and shares from a follow-up of disputed rows: plain, and weighted by the inverse of the probability.

Run as ``python -m tests.benchmarks unbiased``. Rows differ in how hard they are. Three people label each of 300 rows;
`needs_more` proposes 90 of the rows, 36 of them random, and four further people label those. The truth is what seven
labels of every row give, over all studies. Reported are the bias of α and of a label's share with the standard error of
the simulation, and how often the 95 % interval of each covers the truth.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from prolific_nb import analysis

from .measuring import Row

STUDIES, ROWS, FIRST, MORE, SHARE, RANDOM_SHARE = 400, 300, 3, 4, 0.3, 0.4


@dataclass(frozen=True)
class Estimate:
    """One statistic in many studies; each array has shape (studies,)."""

    complete: np.ndarray  # from all labels, which nobody has
    plain: np.ndarray
    weighted: np.ndarray
    covered: np.ndarray  # whether the interval of the weighted one covers the mean of `complete`
    first: np.ndarray  # from the first labels only

    def bias(self, name: str) -> tuple[float, float]:
        """Mean difference from the complete labels of the same studies, and its standard error."""
        gap = getattr(self, name) - self.complete
        return float(gap.mean()), float(gap.std(ddof=1) / np.sqrt(len(gap)))


def study(seed: int, rows: int = ROWS) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All labels of a study, and those that were asked, with their weights."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(3, rows, p=[0.6, 0.25, 0.15])
    right = rng.beta(4, 1.5, rows)  # of each row: some are easy, some are hard
    size = (rows, FIRST + MORE)
    given = np.where(rng.random(size) < right[:, None], truth[:, None], rng.integers(3, size=size))
    row, turn = np.indices(given.shape)
    cells = {"row": row.ravel(), "turn": turn.ravel(), "value": given.ravel()}
    whole = pd.DataFrame(cells).assign(participant_id=lambda frame: frame["turn"], weight=1.0)
    first = whole[whole["turn"] < FIRST]
    chosen = analysis.needs_more(
        first, target=1, most=int(SHARE * rows), random_share=RANDOM_SHARE, seed=seed
    ).set_index("unit")["probability"]
    more = whole[(whole["turn"] >= FIRST) & whole["row"].isin(chosen.index)]
    return whole, pd.concat([first, more.assign(weight=1 / more["row"].map(chosen))])


def estimates(studies: int, rows: int = ROWS, draws: int = 200) -> dict[str, Estimate]:
    """α and the share of label 0 in so many studies."""
    found: dict[str, list[tuple[float, ...]]] = {"alpha": [], "share": []}
    for seed in range(studies):
        whole, asked = study(seed, rows)
        first = asked[asked["turn"] < FIRST]
        weighted = analysis.krippendorff_alpha(asked, weight="weight", draws=draws)
        alphas = [analysis.krippendorff_alpha(each, draws=1).value for each in (whole, asked, first)]
        found["alpha"].append((*alphas, weighted.value, weighted.low, weighted.high))
        by_share = analysis.share(asked, weight="weight").loc[0, ["share", "low", "high"]]
        shares = [float((each["value"] == 0).mean()) for each in (whole, asked, first)]
        found["share"].append((*shares, *map(float, by_share)))
    made = {}
    for name, each in found.items():
        complete, plain, only_first, value, low, high = np.array(each).T
        inside = (low <= complete.mean()) & (complete.mean() <= high)
        made[name] = Estimate(complete, plain, value, inside, only_first)
    return made


def rows() -> Iterator[Row]:
    """The weighted bias must be within three standard errors of the simulation, the coverage at least 92 %."""
    for name, each in estimates(STUDIES).items():
        for way in ("plain", "weighted", "first"):
            bias, se = each.bias(way)
            held = {} if way != "weighted" else {"target": "|bias| < 3 SE", "ok": abs(bias) < 3 * se}
            spread = f"SD {getattr(each, way).std(ddof=1):.4f}"
            yield Row(f"{name}, {way}: bias", f"{bias:+.4f}", f"± {se:.4f}, {spread}", **held)
        covered = float(each.covered.mean())
        yield Row(f"{name}, weighted: coverage", f"{covered:.1%}", target="≥ 92 %", ok=covered >= 0.92)
