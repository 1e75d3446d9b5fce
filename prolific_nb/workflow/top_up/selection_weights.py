"""The weights of the answers of several runs: the inverse of the probability with which their rows were selected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from ...common.findings import Finding
from ...errors import InputError
from ...study.launch.row_selection import probabilities_of
from ..run_growth import Growing


def selection_probabilities(runs: Sequence[Growing]) -> list[Mapping[str, float]]:
    """For each run the probability of each of its rows; empty for a run that asked about all its rows.

    Raises
    ------
    InputError
        They are not known for some follow-up.
    """
    found = [probabilities_of(run.ledger, run.key) for run in runs]
    wrong = [
        Finding("error", why, remedy, place=f"study {run.study_id}")
        for run, each in zip(runs, found, strict=True)
        for why, remedy in _unknown(run, each, runs[0])
    ]
    if wrong:
        raise InputError("The runs", wrong)
    return [each or {} for each in found]


def with_weight(part: pd.DataFrame, chances: Mapping[str, float]) -> pd.DataFrame:
    """The answers of one run with the column ``weight``; raises `InputError` if they have one of their own."""
    if "weight" in part.columns:
        what = "The data have a column 'weight' already, and the weights would replace it."
        raise InputError("The runs", [Finding("error", what, "Combine without weights, or rename it in the data.")])
    made = part.assign(weight=1.0)
    if chances:
        made["weight"] = 1 / part["row"].astype(object).map(chances).astype(float)
    made.attrs = part.attrs
    return made


def _unknown(run: Growing, chances: Mapping[str, float] | None, first: Growing) -> list[tuple[str, str]]:
    """Why the weights of a run are not known, and what to do; empty if they are."""
    if chances is None:
        what = "Its rows were listed by hand, so the probability of their selection is not known."
        return [(what, "Use weights only with follow-ups made from run.needs_more(), or combine without weights.")]
    if chances or run is first:
        return []
    if first.data is None or run.data is None:
        what = "A run was opened without its data, so it is not known whether this one asks about all rows."
        return [(what, "Open the runs with their data: pnb.open_run(..., data=data).")]
    asked, rows = set(run.data.row_keys), set(first.data.row_keys)
    if asked & rows and not rows <= asked:
        what = "It asks about some rows of the first run, and this ledger does not hold their probabilities."
        return [(what, "Open it with the ledger of its launch: pnb.open_run(..., ledger=...).")]
    return []
