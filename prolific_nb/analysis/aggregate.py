"""One label per unit from several: the label, its probability, and the rule for ties."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..common.arguments import require_choice, require_whole
from ..common.findings import Finding
from ..common.plurals import counted
from ..errors import DataError
from .build_coefficient import excluded_rows
from .counts import Counts, Ints
from .intervals import Floats
from .label_codes import index_of
from .unique_rows import joint

Ties = Literal["all", "first", "random", "none"]
_TIES = ("all", "first", "random", "none")
_MOST_CELLS = 2**27  # a table of 1 GiB
# Sums of the same numbers in another order differ by rounding; differences up to this are ties.
_TIED = 1e-9


@dataclass(frozen=True, eq=False)
class Aggregate:
    """One label per unit, made from the labels of several annotators.

    Parameters
    ----------
    labels : Series, shape (n_units,)
        The label of each unit, by the name of the unit: category dtype, missing where there is none. With
        ``ties="all"`` object dtype: the label, or the tuple of the tied labels in the order of the categories.
    posteriors : DataFrame of float64, shape (n_units, q)
        Units × categories; each row sums to 1. Shares of the (weighted) votes, or probabilities for Dawid-Skene.
    confusion : DataFrame or None
        Error rates of each annotator, for Dawid-Skene: columns ``annotator, truth, label, p, n``, one row for every
        annotator and pair of categories; `p` is the probability of `label` if `truth` is correct, `n` the expected
        number of labels of units with that truth, and `p` is nan where `n` is 0. None for votes.
    converged : bool
        Whether the last iteration changed less than the tolerance.
    iterations : int
        Iterations; 0 for a plain count of votes.
    log_likelihood : tuple of float
        For Dawid-Skene, after each iteration, in nats; it never decreases. Empty for votes.
    weights : Series or None
        Weight of each annotator in a weighted vote, by the name of the annotator.
    note : str
        Caveats: tied units, rows left out, no convergence.
    method : str
        Such as ``"Plurality"``.

    Examples
    --------
    >>> from prolific_nb.analysis import plurality
    >>> frame = pd.DataFrame({"row": [1, 1, 2, 2], "participant_id": ["a", "b"] * 2, "value": ["x", "x", "x", "y"]})
    >>> plurality(frame)
    Plurality: 2 units, 2 categories. 1 unit is tied between several labels; the label is the tuple of them.
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
        sizes = f"{self.method}: {counted(units, 'unit')}, {'1 category' if q == 1 else f'{q:,} categories'}."
        return f"{sizes} {self.note}".rstrip()

    def _repr_html_(self) -> str:
        table = self.posteriors.head(10).round(3)
        table.insert(0, "label", self.labels.head(10).astype(str).to_numpy(), allow_duplicates=True)
        more = len(self.posteriors) - len(table)
        rest = f"<p><small>… and {counted(more, 'unit')} more</small></p>" if more else ""
        return f"<p>{escape(repr(self))}</p>{table.to_html()}{rest}"


def tally(counts: Counts, weights: Floats | None = None) -> Floats:
    """Votes of each unit for each category, shape (n_units, q).

    Parameters
    ----------
    counts : Counts
        The labels.
    weights : ndarray of float64, shape (n_ratings,), optional
        Weight of each label; 1 by default.

    Raises
    ------
    DataError
        The table would not fit into memory.
    """
    q = len(counts.categories)
    refuse_large(counts.n_units * q, f"{counts.n_units:,} units times {q:,} categories")
    cells = joint(counts.units, q, counts.labels)
    table = np.bincount(cells, weights=weights, minlength=counts.n_units * q)
    return table.reshape(counts.n_units, q).astype(np.float64, copy=False)


def refuse_large(cells: int, what: str) -> None:
    """Raise `DataError` if a table of this many cells would not fit into memory."""
    if cells > _MOST_CELLS:
        remedy = "Group the labels into fewer categories; average numbers instead of voting on them."
        raise DataError("The frame", [Finding("error", f"{what} is too large a table to aggregate.", remedy)])


def shares(table: Floats) -> Floats:
    """Scale rows to sum to 1; uniform over all categories where all votes have weight 0."""
    total = table.sum(axis=1, keepdims=True)
    even = np.full_like(table, 1 / max(table.shape[1], 1))
    np.divide(table, total, out=even, where=total > 0)
    return even


def leading(posteriors: Floats) -> npt.NDArray[np.bool_]:
    """Which categories of each unit have the highest share, up to rounding; bool, shape (n_units, q)."""
    ahead: npt.NDArray[np.bool_] = posteriors >= posteriors.max(axis=1, initial=0, keepdims=True) - _TIED
    return ahead


def refuse_unknown(ties: str, seed: int) -> None:
    """Raise `ValueError` for an unknown rule for ties, and for a seed that cannot be used."""
    require_choice("ties", ties, _TIES)
    require_whole("seed", seed, 0)


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
    """Build the `Aggregate`: names of units and categories, the label of each unit, and a note on ties."""
    categories = index_of(counts.categories, name="label")
    units = counts.unit_names.rename("unit")
    ahead = leading(posteriors)
    labels = index_of(_winners(ahead, categories, ties, seed, counts.ordered))
    return Aggregate(
        labels=pd.Series(labels, index=units, name="label", dtype=labels.dtype),
        posteriors=pd.DataFrame(posteriors, index=units, columns=categories),
        confusion=confusion,
        converged=converged,
        iterations=iterations,
        log_likelihood=tuple(log_likelihood),
        weights=weights,
        note=" ".join([*notes, *_ties_note(ahead, ties), *excluded_rows(counts)]),
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
    """Code of the label of each unit, -1 where it has none."""
    if not ahead.size:
        return np.full(len(ahead), -1)
    if ties == "random":
        drawn: Ints = np.where(ahead, np.random.default_rng(seed).random(ahead.shape), -1).argmax(axis=1)
        return drawn
    first: Ints = ahead.argmax(axis=1)
    return np.where(ahead.sum(axis=1) > 1, -1, first) if ties == "none" else first


def _ties_note(ahead: npt.NDArray[np.bool_], ties: Ties) -> list[str]:
    number = int(np.count_nonzero(ahead.sum(axis=1) > 1))
    if not number:
        return []
    what: dict[Hashable, str] = {
        "all": "the label is the tuple of them",
        "first": "the label is the first of them in the order of the categories",
        "random": "the label is one of them at random",
        "none": "the label is missing",
    }
    return [f"{counted(number, 'unit')} {'is' if number == 1 else 'are'} tied between several labels; {what[ties]}."]
