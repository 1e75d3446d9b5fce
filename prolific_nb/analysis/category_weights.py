"""Agreement weights of pairs of categories: 1 for equal ones, less for others."""

from __future__ import annotations

from typing import Literal

import numpy as np

from ..common.arguments import require_choice
from ..common.findings import Finding
from ..errors import DataError
from .counts import Counts
from .intervals import Floats
from .label_text import quoted

Weights = Literal["linear", "quadratic", "ordinal"]


def weights_of(counts: Counts, kind: Weights | None, allowed: tuple[str, ...]) -> Floats:
    """Agreement weights of the categories, float64 of shape (q, q), symmetric, with 1 on the diagonal.

    Distances are between ranks among all categories, including unused ones. Linear: Cicchetti & Allison 1971;
    quadratic: Fleiss & Cohen 1973; ordinal: Gwet 2014, section 3.5.

    Raises
    ------
    ValueError
        `kind` is not in `allowed`.
    DataError
        The categories have no order.

    Examples
    --------
    >>> import pandas as pd
    >>> from .counts import count
    >>> counts = count(pd.DataFrame({"row": [1, 1, 1], "participant_id": list("abc"), "value": [1, 2, 3]}))
    >>> weights_of(counts, "ordinal", ("ordinal",))[0].round(2).tolist()
    [1.0, 0.67, 0.0]
    """
    require_choice("weights", kind, (None, *allowed))
    q = len(counts.categories)
    if kind is None:
        return np.eye(q)
    refuse_unordered(counts, f"weights={kind!r}")
    apart = np.abs(np.subtract.outer(np.arange(q), np.arange(q)))
    far = max(q - 1, 1)
    if kind == "ordinal":
        near: Floats = 1 - apart * (apart + 1) / (far * (far + 1))
        return near
    share: Floats = apart / far
    return 1 - (share if kind == "linear" else share**2)


def refuse_unordered(counts: Counts, why: str) -> None:
    """Raise `DataError` if the order of the categories is unknown, rather than assume alphabetical order."""
    if counts.ordered or not counts.categories:
        return
    what = f"{why} needs the order of the categories, but that of {quoted(counts.categories)} is unknown."
    remedy = "Pass categories= in their order, or make the labels numbers or an ordered categorical."
    raise DataError("The frame", [Finding("error", what, remedy)])
