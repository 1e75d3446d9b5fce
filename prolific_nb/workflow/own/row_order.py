"""Which rows are shown to an annotator, and in which order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from numbers import Integral
from typing import Any
from zlib import crc32

import numpy as np

from ...common.arguments import listed, require_choice, require_whole
from ...common.findings import Finding
from ...data import Dataset
from ...errors import DataError

Rows = int | Iterable[str | int] | None
Order = str | Iterable[str | int]
_MOST = 5  # rows in a message


def ordered_rows(data: Dataset, rows: Rows, order: Order, annotator: str, seed: int) -> tuple[str, ...]:
    """The keys of the rows to show, in order.

    Parameters
    ----------
    data : Dataset
        All rows.
    rows : int, or iterable of str or int, optional
        The first so many of the order, or these: keys, or positions from 0.
    order : {"random", "file"}, or iterable of str or int
        A list of rows has no others in it.
    annotator, seed : str, int
        The same give the same random order. Rows that are added later do not change the order of the others.
    """
    keys = data.row_keys
    if not isinstance(order, str):
        wanted = named_rows(data, order, "order")
    else:
        require_choice("order", order, ("random", "file"))
        wanted = [keys[place] for place in _shuffled(keys, annotator, seed)] if order == "random" else list(keys)
    if rows is None:
        return tuple(wanted)
    if isinstance(rows, Integral) and not isinstance(rows, bool):
        require_whole("rows", rows, 1)
        return tuple(wanted[: int(rows)])
    chosen = set(named_rows(data, rows, "rows"))  # type: ignore[arg-type]  # `listed` refuses what is no iterable
    return tuple(key for key in wanted if key in chosen)


def named_rows(data: Dataset, given: Iterable[str | int], argument: str) -> list[str]:
    """The keys of rows that are given by key or by position, each once.

    Raises
    ------
    DataError
        None is given, or some do not exist; it names them.
    """
    keys, known = data.row_keys, set(data.row_keys)
    found, unknown = [], []
    for each in listed(argument, given):
        key = each if isinstance(each, str) else _at(keys, each)
        if key in known:
            found.append(key)
        else:
            unknown.append(repr(each))
    if unknown or not found:
        first = ", ".join(unknown[:_MOST]) + (f" and {len(unknown) - _MOST} more" if len(unknown) > _MOST else "")
        what = f"{argument}= has rows that are not in the data: {first}." if unknown else f"{argument}= has no row."
        remedy = f"Use keys of data.row_keys, or positions from 0 to {len(data) - 1}."
        raise DataError(data.name, [Finding("error", what, remedy)])
    return list(dict.fromkeys(found))


def _at(keys: Sequence[str], place: Any) -> str | None:
    whole = isinstance(place, Integral) and not isinstance(place, bool)
    return keys[int(place)] if whole and -len(keys) <= int(place) < len(keys) else None


def _shuffled(keys: Sequence[str], annotator: str, seed: int) -> list[int]:
    """Places of the keys in an order drawn by the keys themselves, so that rows added later only come between.

    Each key is mixed with the annotator and the seed by the finaliser of SplitMix64 (Steele, Lea & Flood 2014).
    """
    require_whole("seed", seed, 0)
    salt = int.from_bytes(sha256(f"{seed}/own/{annotator}".encode("utf-8", "surrogatepass")).digest()[:8], "big")
    mixed = np.fromiter((crc32(key.encode()) for key in keys), np.uint64, len(keys)) ^ np.uint64(salt)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    places: list[int] = np.argsort(mixed, kind="stable").tolist()
    return places
