"""The coefficients that each kind of question is scored by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..analysis import (
    Coefficient,
    Counts,
    cohen_kappa,
    fleiss_kappa,
    gwet_ac,
    icc,
    krippendorff_alpha,
    percent_agreement,
)
from .question_data import QuestionData, option_of

COLUMNS = ("question", "coefficient", "value", "low", "high", "n_units", "option", "note")


@dataclass(frozen=True)
class QuestionAgreement:
    """One question with its coefficients.

    Parameters
    ----------
    reading : QuestionData
        The answers.
    coefficients : tuple of Coefficient
        Of the question as a whole; words and plots speak of the last, an α.
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
    def alpha(self) -> Coefficient:
        """The coefficient that words speak of."""
        return self.coefficients[-1]

    def named(self, start: str) -> Coefficient | None:
        """The first coefficient whose name begins so."""
        return next((each for each in self.coefficients if each.name.startswith(start)), None)


def compute_agreement(reading: QuestionData, draws: int, seed: int) -> QuestionAgreement:
    """Count once, then every coefficient that the kind of question asks for from the same counts."""
    how: dict[str, Any] = {"draws": draws, "seed": seed}
    options = {each: krippendorff_alpha(option_of(reading, each), **how) for each in reading.options}
    return QuestionAgreement(reading, tuple(_coefficients(reading.kind, reading.counts, draws, seed)), options)


def _coefficients(kind: str, counts: Counts, draws: int, seed: int) -> list[Coefficient]:
    how: dict[str, Any] = {"draws": draws, "seed": seed}
    if kind == "number":
        return [icc(counts, **how), krippendorff_alpha(counts, level="interval", **how)]
    found = [percent_agreement(counts, **how)]
    if kind == "many":
        return [*found, krippendorff_alpha(counts, level="set", **how)]
    if kind == "scale":
        if counts.n_annotators == 2:
            found.append(cohen_kappa(counts, weights="quadratic", **how))
        found.append(gwet_ac(counts, weights="ordinal", **how))
        return [*found, krippendorff_alpha(counts, level="ordinal", **how)]
    if kind != "single":
        raise LookupError(f"No coefficients are registered for questions of the kind {kind!r}.")
    if counts.n_annotators == 2:
        found.append(cohen_kappa(counts, **how))
    return [*found, fleiss_kappa(counts, **how), gwet_ac(counts, **how), krippendorff_alpha(counts, **how)]


def table_of(scored: Sequence[QuestionAgreement]) -> pd.DataFrame:
    """One row per question and coefficient, then those of each option."""
    rows: list[tuple[Any, ...]] = []
    for each in scored:
        rows += [(each.question, *_cells(result), None, result.note) for result in each.coefficients]
        rows += [(each.question, *_cells(result), option, result.note) for option, result in each.options.items()]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    numbers = dict.fromkeys(("value", "low", "high"), float)
    return table.astype({**numbers, "n_units": np.int64, "option": object, "note": object})


def _cells(result: Coefficient) -> tuple[str, float, float, float, int]:
    # Units with one answer count in Fleiss' and Gwet's chance terms; the others rest on those with two or more.
    behind = result.n_units if result.name.startswith(("Fleiss", "Gwet")) else result.n_paired
    return result.name, result.value, result.low, result.high, behind
