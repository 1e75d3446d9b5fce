"""Whether a person agrees with single others more than chance allows: a minority agrees among itself."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from .answer_codes import Labels, Mask
from .intervals import Floats
from .proportions import at_least
from .unique_rows import joint

_SHARED = 5  # units that two people must share
_CHANCE = 0.05


def have_fellows(questions: Sequence[Labels], people: Mask) -> Mask:
    """Which of some people agree with at least one other person on the units both labelled beyond chance.

    The number of shared units with the same label is compared with the number expected from the habits of both (a
    binomial tail), times the number of others looked at (Bonferroni).

    Parameters
    ----------
    people : ndarray of bool, shape (n_people,)
        Whom to look at.
    """
    found = [_pairs(labels, people) for labels in questions]
    pairs = pd.concat([each for each in found if len(each)] or [_pairs_of_nobody()])
    pairs = pairs.groupby(["who", "other"], as_index=False).sum()
    pairs = pairs[pairs["n"] >= _SHARED]
    same, n, mean = (pairs[name].to_numpy(dtype=float) for name in ("same", "n", "expected"))
    tail = at_least(same, n, mean / np.maximum(n, 1))
    who = pairs["who"].to_numpy(dtype=np.int64)
    looked_at = np.bincount(who, minlength=len(people))
    fellows = np.zeros(len(people), dtype=bool)
    fellows[who[tail * looked_at[who] <= _CHANCE]] = True
    return fellows


def _pairs_of_nobody() -> pd.DataFrame:
    return pd.DataFrame({name: np.zeros(0, dtype=np.int64) for name in ("who", "other", "n", "same", "expected")})


def _pairs(labels: Labels, people: Mask) -> pd.DataFrame:
    """One row per pair on this question: shared units, equal labels, and how many are expected."""
    mine = people[labels.who]
    there = np.zeros(int(labels.units.max(initial=-1)) + 1, dtype=bool)
    there[labels.units[mine]] = True
    theirs = there[labels.units]
    table = pd.DataFrame({"unit": labels.units, "who": labels.who, "label": labels.labels})
    both = table[mine].merge(table[theirs].rename(columns={"who": "other", "label": "of_other"}), on="unit")
    both = both[both["who"] != both["other"]]
    if both.empty:
        return _pairs_of_nobody()
    habits = _habits(labels, len(people))
    both["same"] = (both["label"] == both["of_other"]).astype(float)
    both["n"] = 1
    pairs = both.groupby(["who", "other"], as_index=False)[["n", "same"]].sum()
    pairs["expected"] = pairs["n"] * (habits[pairs["who"]] * habits[pairs["other"]]).sum(axis=1)
    return pairs


def _habits(labels: Labels, n_people: int) -> Floats:
    q = max(len(labels.names), 1)
    often = np.bincount(joint(labels.who, q, labels.labels), minlength=n_people * q).reshape(n_people, q)
    return np.asarray(often / np.maximum(often.sum(axis=1, keepdims=True), 1))
