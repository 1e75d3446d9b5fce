"""From several labels of a unit to one: the answer, how sure it is, and which label wins where several are level."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..common.findings import Finding
from ..errors import DataError
from .build_coefficient import _left_out, many
from .counts import Counts, Ints
from .intervals import Floats

Ties = Literal["all", "first", "random", "none"]
_TIES = ("all", "first", "random", "none")
_MOST_CELLS = 2**27  # a table of 1 GiB
# Sums of the same numbers in another order differ by rounding; that much apart is level.
_LEVEL = 1e-9


@dataclass(frozen=True, eq=False)
class Aggregate:
    """One label per unit, made from the labels of several annotators.

    Parameters
    ----------
    labels : Series, shape (n_units,)
        The label of each unit, by the name of the unit: category dtype, missing where there is none. With
        ``ties="all"`` object dtype: the label where one is ahead, else the tuple of those that are level, in the order
        of the categories.
    posteriors : DataFrame of float64, shape (n_units, q)
        Units × categories; each row sums to 1. Shares of the (weighted) votes, or probabilities for Dawid-Skene.
    confusion : DataFrame or None
        How each annotator labels, for Dawid-Skene: columns ``annotator, truth, label, p, n``, one row each for every
        annotator and pair of categories; `p` is the probability of `label` where `truth` is right, `n` the expected
        number of labels of units of that truth it rests on, and `p` is nan where that is 0. None for votes.
    converged : bool
        Whether another round would have changed nothing worth mentioning.
    iterations : int
        Rounds; 0 for a plain count of votes.
    log_likelihood : tuple of float
        For Dawid-Skene of the labels after each round, in nats; it never falls. Empty for votes.
    weights : Series or None
        Weight of each annotator in a weighted vote, by the name of the annotator.
    note : str
        What to know before using the labels: level units, rows left out, rounds that did not settle.
    method : str
        Such as ``"Plurality"``.

    Examples
    --------
    >>> from prolific_nb.analysis import plurality
    >>> frame = pd.DataFrame({"row": [1, 1, 2, 2], "participant_id": ["a", "b"] * 2, "value": ["x", "x", "x", "y"]})
    >>> plurality(frame)
    Plurality: 2 units, 2 categories. 1 unit is level between several labels; each has the tuple of them.
    """

    labels: pd.Series
    posteriors: pd.DataFrame
    confusion: pd.DataFrame | None
    converged: bool
    iterations: int
    log_likelihood: tuple[float, ...]
    weights: pd.Series | None = field(default=None, kw_only=True)
    note: str = field(default="", kw_only=True)
    method: str = field(default="", kw_only=True)

    def __repr__(self) -> str:
        units, q = self.posteriors.shape
        sizes = f"{self.method}: {many(units, 'unit')}, {'1 category' if q == 1 else f'{q:,} categories'}."
        return f"{sizes} {self.note}".rstrip()

    def _repr_html_(self) -> str:
        table = self.posteriors.head(10).round(3)
        table.insert(0, "label", self.labels.head(10).astype(str).to_numpy(), allow_duplicates=True)
        more = len(self.posteriors) - len(table)
        rest = f"<p><small>… and {many(more, 'unit')} more</small></p>" if more else ""
        return f"<p>{escape(repr(self))}</p>{table.to_html()}{rest}"


def tally(counts: Counts, weights: Floats | None = None) -> Floats:
    """Votes of each unit for each category, shape (n_units, q).

    Parameters
    ----------
    counts : Counts
        The labels.
    weights : ndarray of float64, shape (n_ratings,), optional
        What each label counts; without it, one.

    Raises
    ------
    DataError
        The table would not fit into memory.
    """
    q = len(counts.categories)
    refuse_large(counts.n_units * q, f"{counts.n_units:,} units times {q:,} categories")
    cells = counts.units.astype(np.int64) * q + counts.labels
    table = np.bincount(cells, weights=weights, minlength=counts.n_units * q)
    return table.reshape(counts.n_units, q).astype(np.float64, copy=False)


def refuse_large(cells: int, what: str) -> None:
    """Raise if a table of so many cells would not fit into memory."""
    if cells > _MOST_CELLS:
        remedy = "Sort the labels into fewer categories; numbers are better averaged than voted on."
        raise DataError("The frame", [Finding("error", f"{what} is more than can be aggregated.", remedy)])


def shares(table: Floats) -> Floats:
    """Rows that sum to 1; even over all categories where no vote counts."""
    total = table.sum(axis=1, keepdims=True)
    even = np.full_like(table, 1 / max(table.shape[1], 1))
    np.divide(table, total, out=even, where=total > 0)
    return even


def level(posteriors: Floats) -> npt.NDArray[np.bool_]:
    """Which categories of each unit are ahead of the others, but for rounding; shape (n_units, q)."""
    ahead: npt.NDArray[np.bool_] = posteriors >= posteriors.max(axis=1, initial=0, keepdims=True) - _LEVEL
    return ahead


def refuse_unknown(ties: str) -> None:
    """Raise for a rule that is none."""
    if ties not in _TIES:
        raise ValueError(f"ties is {ties!r}; use 'all', 'first', 'random' or 'none'.")


def aggregated(
    counts: Counts,
    posteriors: Floats,
    *,
    method: str,
    ties: Ties,
    seed: int,
    confusion: pd.DataFrame | None = None,
    converged: bool = True,
    iterations: int = 0,
    log_likelihood: Sequence[float] = (),
    weights: pd.Series | None = None,
    notes: Sequence[str] = (),
) -> Aggregate:
    """Name the units and the categories, take the label that is ahead, and say what is level."""
    categories = pd.Index(counts.categories, tupleize_cols=False, name="label")
    units = counts.unit_names.rename("unit")
    ahead = level(posteriors)
    return Aggregate(
        labels=pd.Series(_winners(ahead, categories, ties, seed, counts.ordered), index=units, name="label"),
        posteriors=pd.DataFrame(posteriors, index=units, columns=categories),
        confusion=confusion,
        converged=converged,
        iterations=iterations,
        log_likelihood=tuple(log_likelihood),
        weights=weights,
        note=" ".join([*notes, *_levelled(ahead, ties), *_left_out(counts)]),
        method=method,
    )


def _winners(
    ahead: npt.NDArray[np.bool_], categories: pd.Index, ties: Ties, seed: int, ordered: bool
) -> pd.Categorical | npt.NDArray[np.object_]:
    codes = _codes(ahead, ties, seed)
    if ties != "all":
        return pd.Categorical.from_codes(codes, categories=categories.rename(None), ordered=ordered)
    names = list(categories)
    found = np.empty(len(ahead), dtype=object)
    found[:] = [names[code] for code in codes]
    for unit in np.flatnonzero(ahead.sum(axis=1) > 1):
        found[unit] = tuple(names[code] for code in np.flatnonzero(ahead[unit]))
    return found


def _codes(ahead: npt.NDArray[np.bool_], ties: Ties, seed: int) -> Ints:
    """Place of the label of each unit, -1 where it has none."""
    if not ahead.size:
        return np.full(len(ahead), -1)
    if ties == "random":
        drawn: Ints = np.where(ahead, np.random.default_rng(seed).random(ahead.shape), -1).argmax(axis=1)
        return drawn
    first: Ints = ahead.argmax(axis=1)
    return np.where(ahead.sum(axis=1) > 1, -1, first) if ties == "none" else first


def _levelled(ahead: npt.NDArray[np.bool_], ties: Ties) -> list[str]:
    number = int(np.count_nonzero(ahead.sum(axis=1) > 1))
    if not number:
        return []
    what: dict[Hashable, str] = {
        "all": "each has the tuple of them",
        "first": "each has the first of them in the order of the categories",
        "random": "each has one of them at random",
        "none": "each has no label",
    }
    return [f"{many(number, 'unit')} {'is' if number == 1 else 'are'} level between several labels; {what[ties]}."]
