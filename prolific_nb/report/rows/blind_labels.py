"""Labels without names and in random order, so that an adjudicator is not led by who gave them or by their order."""

from __future__ import annotations

from hashlib import blake2b

import pandas as pd

from ...analysis import unit_column
from ...common.arguments import require_whole
from ...responses.frame import _text_dtype, require_table
from .adjudicated import without_adjudicator

_KEPT = ("value", "explanation", "number", "number_unit", "file_name", "file_key")


def blind(frame: pd.DataFrame, seed: int = 0) -> pd.DataFrame:
    """The answers about each row without names, in an order that depends on the seed only.

    Parameters
    ----------
    frame : DataFrame
        As returned by `run.responses()`. Lines of an adjudicator are left out.
    seed : int
        The same seed gives the same order, also when answers about other rows arrive. Another one, another order.

    Returns
    -------
    DataFrame
        The column of the rows, ``question`` if the frame has it, ``answer`` (``"A"``, ``"B"``, … for each row and
        question), and what was answered: ``value, explanation, number, …``. No IDs, moments or seconds. Rows and
        questions are in the order of the frame.

    Raises
    ------
    DataError
        There is no column of rows.
    ArgumentError
        `seed` is not a whole number of at least 0.

    Examples
    --------
    >>> frame = pd.DataFrame({"row": ["r1"] * 3, "participant_id": list("abc"), "value": ["x", "x", "y"]})
    >>> blind(frame, seed=3)
      row answer value
    0  r1      A     x
    1  r1      B     y
    2  r1      C     x
    """
    require_table(frame)
    require_whole("seed", seed, 0)
    unit = unit_column(frame)
    frame = without_adjudicator(frame, "participant_id")
    item = [unit, *(["question"] if "question" in frame.columns else [])]
    # Of each answer, not of each line: the picks of one answer stay together.
    names = frame[[*item, "participant_id"]].astype(object)
    by = [_order(seed, *each) for each in names.itertuples(index=False, name=None)]
    found = frame[[*item, *(name for name in _KEPT if name in frame.columns)]].assign(_by=by)
    found["_item"] = names.groupby(item, sort=False, dropna=False).ngroup()
    found = found.sort_values(["_item", "_by"], kind="stable", ignore_index=True)
    place = found.groupby("_item")["_by"].rank(method="dense").astype(int) - 1
    found.insert(len(item), "answer", pd.Series([_letters(each) for each in place], dtype=_text_dtype()))
    return found.drop(columns=["_item", "_by"])


def _order(seed: int, *parts: object) -> int:
    """A digest, not a generator's numbers: the order of one row does not depend on the others."""
    digest = blake2b(repr((seed, *map(str, parts))).encode("utf-8", "backslashreplace"), digest_size=7).digest()
    return int.from_bytes(digest, "big")


def _letters(place: int) -> str:
    """A, B, … Z, AA, AB, …"""
    head, last = divmod(place, 26)
    return (_letters(head - 1) if head else "") + chr(ord("A") + last)
