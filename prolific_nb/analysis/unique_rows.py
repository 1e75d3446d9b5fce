"""Distinct rows of a table and repeated numbers, with as little sorting as possible."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

_FEW_KEYS = 2**16  # up to this many integers are counted instead of sorted
_SCATTER = np.uint64(0x9E3779B97F4A7C15)  # 2**64 over the golden ratio: spreads neighbours far apart (Knuth, TAOCP 6.4)


def joint(first: npt.NDArray[np.integer], size: int, second: npt.NDArray[np.integer]) -> Ints:
    """One code for each pair of codes, ``first * size + second``, in int64.

    The codes of a frame are int32. Until NumPy 2, an int32 array times a scalar stays int32, whatever the type of the
    scalar, and wraps around beyond 2**31 (NEP 50), so the array has to be converted first.

    Examples
    --------
    >>> joint(np.array([3_000_000], dtype=np.int32), 1_000, np.array([7], dtype=np.int32))
    array([3000000007])
    """
    return first.astype(np.int64) * size + second


def repeated(numbers: Ints) -> Ints:
    """The numbers that occur more than once, sorted; int64.

    Each number is hashed to a slot of a table at least twice as long as the input, and the last one written stays.
    Only numbers that were overwritten have to be sorted, and most frames have few of them.

    Examples
    --------
    >>> repeated(np.array([7, 3, 9, 3, 7, 3]))
    array([3, 7])
    """
    bits = max(1, (2 * len(numbers)).bit_length())
    slots = (numbers.astype(np.uint64) * _SCATTER >> np.uint64(64 - bits)).astype(np.int64)
    own = np.arange(len(numbers), dtype=np.int32)
    last = np.empty(2**bits, dtype=np.int32)
    last[slots] = own
    stayed = last[slots]
    out = np.flatnonzero(stayed != own)
    ousted, rest = numbers[out], np.sort(numbers[out])
    return np.unique(np.concatenate([ousted[numbers[stayed[out]] == ousted], rest[1:][rest[1:] == rest[:-1]]]))


def different_rows(table: Ints) -> tuple[Ints, Ints]:
    """Return the different rows in lexicographic order, and how often each occurs.

    Parameters
    ----------
    table : ndarray of int64, shape (n, q)
        Numbers of 0 or more.

    Returns
    -------
    rows : ndarray of int64, shape (P, q)
    times : ndarray of int64, shape (P,)

    Examples
    --------
    >>> rows, times = different_rows(np.array([[1, 0], [0, 2], [1, 0]]))
    >>> rows.tolist(), times.tolist()
    ([[0, 2], [1, 0]], [1, 2])
    """
    if not len(table):
        return table, np.zeros(0, np.int64)
    key, span = row_keys(table)
    if span > max(len(table), _FEW_KEYS):
        _, one, multiplicity = np.unique(key, return_index=True, return_counts=True)
        return table[one], multiplicity.astype(np.int64, copy=False)
    times = np.bincount(key)
    one = np.empty(len(times), dtype=np.int64)
    one[key] = np.arange(len(key))  # any row with this key
    found = np.flatnonzero(times)
    return table[one[found]], times[found]


def row_keys(table: Ints) -> tuple[Ints, int]:
    """One integer for each row, in the lexicographic order of the rows, and a bound above all of them.

    A row becomes an integer in a mixed radix, which sorts many times faster than rows. If the next column would
    overflow, the integers are replaced by their ranks, which keeps the order.

    Examples
    --------
    >>> row_keys(np.array([[1, 0], [0, 2], [1, 0]]))
    (array([3, 2, 3]), 6)
    """
    key, span = np.zeros(len(table), np.int64), 1
    for column in table.T:
        base = int(column.max(initial=0)) + 1
        if span * base > np.iinfo(np.int64).max:
            distinct, key = np.unique(key, return_inverse=True)
            span = len(distinct)
        key, span = key * base + column, span * base
    return key, span
