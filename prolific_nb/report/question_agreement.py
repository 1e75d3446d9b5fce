"""One question with its coefficients, found by their key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..analysis import Coefficient, krippendorff_alpha
from .question_data import QuestionData, option_of
from .scoring import SCORED_BY, Entry, Scoring

COLUMNS = ("question", "coefficient", "value", "low", "high", "n_units", "option", "note")


@dataclass(frozen=True)
class QuestionAgreement:
    """One question with its coefficients.

    Parameters
    ----------
    reading : QuestionData
        The answers.
    coefficients : tuple of Coefficient
        Of the question as a whole, in any order.
    options : dict from str to Coefficient
        For a question of which several options may be picked: α of each on its own.
    """

    reading: QuestionData
    coefficients: tuple[Coefficient, ...]
    options: dict[str, Coefficient]

    @property
    def question(self) -> str:
        """What was asked."""
        return self.reading.question

    @property
    def scoring(self) -> Scoring:
        """The coefficients that this kind of question is scored by."""
        return SCORED_BY[self.reading.kind]

    @property
    def lead(self) -> Coefficient:
        """The coefficient that headline, words and title of the plot speak of."""
        return next(each for each in self.coefficients if each.kind == self.scoring.lead)

    @property
    def lead_name(self) -> str:
        """Name of that coefficient in sentences."""
        return self.scoring.entry(self.scoring.lead).name

    def get(self, kind: str) -> Coefficient | None:
        """The coefficient of this kind; None if the question is not scored by it."""
        return next((each for each in self.coefficients if each.kind == kind), None)

    def in_order(self) -> Iterator[tuple[Entry, Coefficient]]:
        """The coefficients in the order of `SCORED_BY`, each with its entry there."""
        for entry in self.scoring.entries:
            if found := self.get(entry.kind):
                yield entry, found


def compute_agreement(reading: QuestionData, draws: int, seed: int) -> QuestionAgreement:
    """Count once, then every coefficient of this kind of question from the same counts."""
    if reading.kind not in SCORED_BY:
        raise LookupError(f"No coefficients are registered for questions of the kind {reading.kind!r}.")
    options = {each: krippendorff_alpha(option_of(reading, each), draws=draws, seed=seed) for each in reading.options}
    return QuestionAgreement(reading, SCORED_BY[reading.kind].score(reading.counts, draws, seed), options)


def table_of(scored: Sequence[QuestionAgreement]) -> pd.DataFrame:
    """One row per question and coefficient, then those of each option; the columns are `COLUMNS`."""
    rows: list[tuple[Any, ...]] = []
    for each in scored:
        for entry, result in each.in_order():
            n_units = result.n_units if entry.uses_single else result.n_paired
            rows.append((each.question, *_cells(result, n_units, None)))
        rows += [(each.question, *_cells(found, found.n_paired, name)) for name, found in each.options.items()]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    numbers = dict.fromkeys(("value", "low", "high"), float)
    return table.astype({**numbers, "n_units": np.int64, "option": object, "note": object})


def keys_of(scored: Sequence[QuestionAgreement]) -> pd.DataFrame:
    """For each row of `table_of`: `kind`, the key of its coefficient, and `lead`, whether the words speak of it."""
    rows: list[tuple[str, bool]] = []
    for each in scored:
        rows += [(entry.kind, entry.kind == each.scoring.lead) for entry, _ in each.in_order()]
        rows += [(found.kind, False) for found in each.options.values()]
    return pd.DataFrame(rows, columns=["kind", "lead"]).astype({"kind": object, "lead": bool})


def _cells(result: Coefficient, n_units: int, option: str | None) -> tuple[Any, ...]:
    return result.name, result.value, result.low, result.high, n_units, option, result.note
