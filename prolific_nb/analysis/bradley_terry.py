"""Bradley-Terry: one strength per item, from who won over whom (Bradley & Terry 1952)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .intervals import Floats

_SETTLED = 1e-10
_MOST_ROUNDS = 10_000


def strengths(wins: Floats, start: Floats | None = None) -> Floats:
    """Log-strengths, by Hunter's (2004, equation 3) MM algorithm; their differences are log-odds of winning.

    Parameters
    ----------
    wins : ndarray of float64, shape (n, k, k)
        For each of n samples how often the item of the row won over the item of the column; half a win each for a tie.
    start : ndarray of float64, shape (k,), optional
        Log-strengths to begin with; they shorten the way and change nothing else.

    Returns
    -------
    ndarray of float64, shape (n, k)
        With mean 0 in each sample. nan where they are undefined (see `linked`), and where they do not settle.

    Examples
    --------
    >>> found = strengths(np.array([[[0.0, 3.0], [1.0, 0.0]]]))
    >>> float(found[0, 0] - found[0, 1])      # log(3 / 1)
    1.098...
    """
    found = np.full(wins.shape[:2], np.nan)
    if not found.size:
        return found
    left = np.flatnonzero(linked(wins))
    won, met = wins.sum(axis=2)[left], (wins + wins.transpose(0, 2, 1))[left]
    logs = np.zeros(won.shape) if start is None else np.broadcast_to(start, won.shape).copy()
    for _ in range(_MOST_ROUNDS):
        if not len(left):
            break
        better = _round(logs, won, met)
        done = np.abs(better - logs).max(axis=1) < _SETTLED
        found[left[done]] = better[done]
        left, won, met, logs = (each[~done] for each in (left, won, met, better))
    return found


def linked(wins: Floats) -> npt.NDArray[np.bool_]:
    """Whether each item has won, directly or over others, over each other item; shape (n,).

    This is what it takes for strengths to exist and be finite (Ford 1957; Hunter 2004, assumption 1): otherwise the
    items fall into two groups of which one never lost to the other, or never met it.

    Parameters
    ----------
    wins : ndarray of float64, shape (n, k, k)
        As for `strengths`.
    """
    everyone: npt.NDArray[np.bool_] = np.asarray(reached(wins).all(axis=(1, 2)))
    return everyone


def reached(wins: Floats) -> npt.NDArray[np.bool_]:
    """Whether the item of the row has won over the item of the column, directly or over others; shape (n, k, k)."""
    k = wins.shape[1]
    found = ((wins > 0) | np.eye(k, dtype=bool)).astype(np.float32)
    for _ in range(max(k - 1, 1).bit_length()):  # each round doubles the length of the ways
        found = np.minimum(found @ found, 1)
    return found > 0


def _round(logs: Floats, won: Floats, met: Floats) -> Floats:
    """One round of MM; it never lowers the likelihood."""
    strength = np.exp(logs)
    expected = (met / (strength[:, :, None] + strength[:, None, :])).sum(axis=2)
    better: Floats = np.log(won / expected)
    better -= better.mean(axis=1, keepdims=True)
    return better
