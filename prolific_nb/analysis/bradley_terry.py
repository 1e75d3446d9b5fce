"""Bradley-Terry: one strength per item from paired comparisons (Bradley & Terry 1952)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .intervals import Floats

_TOLERANCE = 1e-10
_MAX_ITERATIONS = 10_000


def strengths(wins: Floats, start: Floats | None = None) -> Floats:
    """Log-strengths, by Hunter's (2004, equation 3) MM algorithm; their differences are log-odds of winning.

    Parameters
    ----------
    wins : ndarray of float64, shape (n, k, k)
        Wins of the row item over the column item in each of n samples; a tie is half a win for each.
    start : ndarray of float64, shape (k,), optional
        Initial log-strengths; they speed up convergence and do not affect the result.

    Returns
    -------
    ndarray of float64, shape (n, k)
        Mean 0 in each sample. nan where undefined (see `linked`) or not converged.

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
    won, compared = wins.sum(axis=2)[left], (wins + wins.transpose(0, 2, 1))[left]
    logs = np.zeros(won.shape) if start is None else np.broadcast_to(start, won.shape).copy()
    for _ in range(_MAX_ITERATIONS):
        if not len(left):
            break
        better = _iterate(logs, won, compared)
        done = np.abs(better - logs).max(axis=1) < _TOLERANCE
        found[left[done]] = better[done]
        left, won, compared, logs = (each[~done] for each in (left, won, compared, better))
    return found


def linked(wins: Floats) -> npt.NDArray[np.bool_]:
    """Whether each item has beaten each other item, directly or through others; bool, shape (n,).

    The condition for finite strengths (Ford 1957; Hunter 2004, assumption 1): otherwise there are two groups of items
    of which one never lost to the other, or was never compared with it.

    Parameters
    ----------
    wins : ndarray of float64, shape (n, k, k)
        As for `strengths`.
    """
    everyone: npt.NDArray[np.bool_] = np.asarray(reached(wins).all(axis=(1, 2)))
    return everyone


def reached(wins: Floats) -> npt.NDArray[np.bool_]:
    """Whether the row item has beaten the column item, directly or through others; bool, shape (n, k, k)."""
    k = wins.shape[1]
    found = ((wins > 0) | np.eye(k, dtype=bool)).astype(np.float32)
    for _ in range(max(k - 1, 1).bit_length()):  # each round doubles the length of the paths
        found = np.minimum(found @ found, 1)
    return found > 0


def _iterate(logs: Floats, won: Floats, compared: Floats) -> Floats:
    """One iteration of MM; it never decreases the likelihood."""
    strength = np.exp(logs)
    expected = (compared / (strength[:, :, None] + strength[:, None, :])).sum(axis=2)
    better: Floats = np.log(won / expected)
    better -= better.mean(axis=1, keepdims=True)
    return better
