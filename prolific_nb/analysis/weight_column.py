"""The column of the weights of a frame as numbers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..common.arguments import require_column
from ..common.findings import Finding
from ..errors import DataError

Weights = npt.NDArray[np.float64]


def read_weights(frame: pd.DataFrame, weight: str) -> Weights:
    """The weight of each row of a frame; float64, shape (n_rows,).

    Raises
    ------
    DataError
        There is no such column, or a weight is not a finite number above 0.

    Examples
    --------
    >>> read_weights(pd.DataFrame({"weight": [1, 2.5]}), "weight").tolist()
    [1.0, 2.5]
    """
    require_column("weight", weight)
    if weight not in frame.columns:
        what = f"There is no column {weight!r} with weights."
        remedy = "pnb.combine([run, follow], weights=True) adds the column 'weight'."
        raise DataError("The frame", [Finding("error", what, remedy, column=weight)])
    found = pd.to_numeric(frame[weight], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    wrong = np.flatnonzero(~(np.isfinite(found) & (found > 0)))
    if len(wrong):
        what = f"{len(wrong)} of {len(found)} weights are not numbers above 0, the first in line {wrong[0] + 1}."
        remedy = "A weight is 1 over the probability of selection. Leave out the rows that were not to be selected."
        raise DataError("The frame", [Finding("error", what, remedy, column=weight)])
    return found
