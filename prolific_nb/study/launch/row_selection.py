"""The rows of a follow-up, how many people are asked about each, and with which probability each row was selected."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import pandas as pd

from ...common.findings import Finding
from ...errors import DataError, LedgerError
from ..ledger import Ledger

STEP = "selection"
"""The step of the ledger that holds the probabilities; they are kept on this machine only."""
_SUBJECT = "The rows of the follow-up"


@dataclass(frozen=True)
class Selection:
    """What a follow-up asks.

    Parameters
    ----------
    rows : iterable of str
        Row keys, as they were given.
    annotators : int or None
        Per row; None for as many as before.
    probability : mapping from str to float, or None
        With which each row was selected, above 0 and at most 1; None if that is not known.
    """

    rows: Iterable[str]
    annotators: int | None
    probability: Mapping[str, float] | None

    @classmethod
    def of(cls, rows: Iterable[str] | pd.DataFrame, annotators: int | None) -> Selection:
        """From row keys, or from a frame with a column ``proposed``, such as that of `Run.needs_more`.

        Raises
        ------
        DataError
            The frame has no column ``row``, proposes different numbers of votes, or has impossible probabilities.
        """
        if not isinstance(rows, pd.DataFrame) or "proposed" not in rows.columns:
            return cls(cast(Iterable[str], rows), annotators, None)  # a list; what is none is refused by `select`
        if found := list(_findings(rows, annotators)):
            raise DataError(_SUBJECT, found)
        keys = [str(each) for each in rows["row"]]
        if annotators is None and len(rows):
            annotators = int(rows["proposed"].iloc[0])
        chances = rows["probability"].astype(float) if "probability" in rows else None
        return cls(keys, annotators, None if chances is None else dict(zip(keys, chances, strict=True)))

    def record(self, ledger: Ledger, key: str) -> None:
        """Keep the probabilities with the run of that key; the first record stays.

        Rows that were listed by hand are recorded too, as of unknown probability, so that nobody weights them as if all
        rows had been asked.
        """
        if ledger.step(key, STEP) is None:
            by_chance: dict[str, list[str]] = {}
            for row, chance in (self.probability or {}).items():
                by_chance.setdefault(repr(chance), []).append(row)
            ledger.intend(key, STEP, json.dumps(None if self.probability is None else by_chance))


def probabilities_of(ledger: Ledger, key: str) -> Mapping[str, float] | None:
    """Probability of each row of a run; None if they are not known, empty if this ledger records no follow-up.

    Raises
    ------
    LedgerError
        The record cannot be read.
    """
    step = ledger.step(key, STEP)
    if step is None:
        return {}
    try:
        by_chance = json.loads(step.note)
        return None if by_chance is None else {row: float(p) for p, rows in by_chance.items() for row in rows}
    except (ValueError, AttributeError, TypeError):
        reason = f"step {STEP!r} of run {key} has no probabilities that can be read"
    raise LedgerError(str(ledger.damaged(reason)))


def _findings(frame: pd.DataFrame, annotators: Any) -> Iterator[Finding]:
    if "row" not in frame.columns:
        yield Finding("error", "There is no column 'row' with the keys of the rows.", "Pass run.needs_more().")
        return
    if frame["row"].isna().any():
        yield Finding("error", "Some row keys are missing.", "Leave these lines out.", column="row")
    if annotators is None and frame["proposed"].nunique(dropna=False) > 1:
        numbers = ", ".join(map(str, sorted(frame["proposed"].unique())))
        what = f"Different numbers of votes are proposed ({numbers}), but a study asks as many people about each row."
        remedy = "Pass annotators=, or call it once for each number: for n, rows in frame.groupby('proposed')."
        yield Finding("error", what, remedy, column="proposed")
    if "probability" in frame.columns:
        chances = frame["probability"].astype(float)
        wrong = [chance for chance in chances if not 0 < chance <= 1]
        if wrong:
            what = f"{wrong[0]} is not a probability of selection, which must be above 0 and at most 1."
            yield Finding("error", what, "Pass the frame as run.needs_more() returns it.", column="probability")
