"""Accuracy against votes: further votes where `needs_more` proposes them, beside the same number spread evenly.

Run as ``python -m tests.benchmarks top_up``. The answers are those of Snow et al. (2008), textual entailment: 800
pairs of sentences, ten labels each from 164 people, with the labels of experts. A replay starts with two labels of each
row, drawn at random from its ten; each round buys half a vote per row from the labels that are left: of the rows that
`needs_more` proposes, a tenth of them random, or of rows with the fewest votes, drawn at random. Labels are then
aggregated by plurality, where a tie counts as right with the chance of the right label, and by Dawid-Skene. Both ways
replay the same orders of the labels, so their difference is paired. `curve` returns the numbers for other crowds too.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from prolific_nb import analysis
from prolific_nb.analysis.aggregate import leading

from .measuring import Row

GOLD = Path(os.environ.get("PROLIFIC_NB_GOLD", Path(__file__).parents[3] / "shared" / "gold"))
ORDERS, START, ROUNDS, STEP = 50, 2, 8, 0.5
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Recorded:
    """Labels that were given already, several per row, and the right label of each row."""

    frame: pd.DataFrame  # columns row (0, 1, …), participant_id, value (0, 1, …)
    truth: Ints

    def shuffled(self, rng: np.random.Generator) -> pd.DataFrame:
        """With ``turn``, the place of each label in a random order of the labels of its row."""
        frame = self.frame.sample(frac=1, random_state=int(rng.integers(2**31)))
        return frame.assign(turn=frame.groupby("row").cumcount())


def snow() -> Recorded:
    """Snow et al. (2008), recognising textual entailment."""
    frame = pd.read_csv(GOLD / "snow2008_rte.csv").set_axis(["row", "participant_id", "value"], axis=1)
    truth = pd.read_csv(GOLD / "snow2008_rte_gold.csv", index_col="unit")["gold"].sort_index()
    return Recorded(frame.assign(row=truth.index.get_indexer(frame["row"])), truth.to_numpy())


def simulated(rows: int, people: int, per_row: int, options: int = 2, seed: int = 0) -> Recorded:
    """People who are right in 55 to 90 %, on rows of which a third are hard: half as much above chance."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(options, size=rows)
    who = np.array([rng.choice(people, per_row, replace=False) for _ in range(rows)])
    skill = (rng.uniform(0.55, 0.9, people) - 1 / options)[who] * np.where(rng.random(rows) < 1 / 3, 0.5, 1)[:, None]
    wrong = (truth[:, None] + rng.integers(1, options, size=who.shape)) % options
    value = np.where(rng.random(who.shape) < 1 / options + skill, truth[:, None], wrong)
    cells = {"row": np.repeat(np.arange(rows), per_row), "participant_id": who.ravel(), "value": value.ravel()}
    return Recorded(pd.DataFrame(cells), truth)


def replay(recorded: Recorded, *, targeted: bool, order: int, rounds: int = ROUNDS, start: int = START) -> pd.DataFrame:
    """One replay: ``votes`` per row, and the share of right labels by ``plurality`` and by ``dawid_skene``."""
    rng = np.random.default_rng(order)
    frame, n = recorded.shuffled(rng), len(recorded.truth)
    recorded_votes = np.bincount(frame["row"])
    bought, found = np.full(n, start), []
    for turn in range(rounds + 1):
        counts = analysis.count(frame[frame["turn"].to_numpy() < bought[frame["row"]]], unit="row")
        found.append((bought.mean(), *(accuracy(made(counts), recorded.truth) for made in _METHODS)))
        if turn < rounds:
            bought[_next(counts, bought, recorded_votes, targeted, rng)] += 1
    return pd.DataFrame(found, columns=["votes", "plurality", "dawid_skene"])


def accuracy(made: analysis.Aggregate, truth: Ints) -> float:
    """Expected share of right labels if ties are broken at random."""
    ahead = leading(made.posteriors.to_numpy())
    column = pd.Index(made.posteriors.columns).get_indexer(truth[made.posteriors.index])
    right = np.where(column >= 0, ahead[np.arange(len(column)), column], False)
    return float((right / ahead.sum(axis=1)).mean())


def curve(recorded: Recorded, orders: int = ORDERS, rounds: int = ROUNDS) -> pd.DataFrame:
    """Means over the replays with their standard errors, and the paired gain of targeting.

    Returns
    -------
    DataFrame
        ``method, votes, uniform, targeted, gain`` and ``se``, the standard error of `gain` over the orders.
    """
    each = {
        way: np.array([replay(recorded, targeted=way, order=k, rounds=rounds).to_numpy() for k in range(orders)])
        for way in (False, True)
    }
    tables = []
    for place, method in enumerate(("plurality", "dawid_skene"), 1):
        uniform, targeted = each[False][:, :, place], each[True][:, :, place]
        gain = targeted - uniform
        numbers = {"votes": each[True][:, :, 0].mean(axis=0), "uniform": uniform.mean(axis=0)}
        numbers |= {"targeted": targeted.mean(axis=0), "gain": gain.mean(axis=0)}
        tables.append(pd.DataFrame({"method": method, **numbers, "se": gain.std(axis=0, ddof=1) / np.sqrt(orders)}))
    return pd.concat(tables, ignore_index=True)


def rows() -> Iterator[Row]:
    """The curve on the data of Snow et al., where they are here; the gain must be above 0 by two standard errors."""
    if not GOLD.exists():
        yield Row(f"the answers of Snow et al. (2008) are not in {GOLD}: simulated ones instead", "")
    recorded = snow() if GOLD.exists() else simulated(rows=800, people=160, per_row=10)
    for each in curve(recorded).itertuples():
        name = f"{each.method}, {each.votes:.1f} votes per row: right"
        start = each.votes == START
        yield Row(
            name,
            f"{each.targeted:.2%}",
            f"even: {each.uniform:.2%} (gain {each.gain:+.2%} ± {each.se:.2%})",
            target="" if start else "gain > 2 SE",
            ok=None if start else bool(each.gain > 2 * each.se),
        )


def _next(counts: analysis.Counts, bought: Ints, recorded: Ints, targeted: bool, rng: np.random.Generator) -> Ints:
    """Rows that get one more vote: as many as half of all rows, of those with a recorded label left."""
    free, size = bought < recorded, int(STEP * len(bought))
    if not targeted:
        order = np.lexsort((rng.random(len(bought)), bought))
        return order[free[order]][:size]
    left = counts.where(free[counts.unit_names.to_numpy()[counts.units]])
    found = analysis.needs_more(left, target=1, most=size, seed=int(rng.integers(2**31)))
    return found["unit"].to_numpy()


_METHODS = (analysis.plurality, analysis.dawid_skene)
