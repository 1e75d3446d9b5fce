"""Where annotators disagree: on which units, and between which labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from ..analysis import Counts, label_confusion, unit_disagreement
from ..analysis.coefficient import rounded
from ..analysis.intervals import Floats
from .formatting import as_percent, quote_list
from .question_agreement import QuestionAgreement
from .question_data import QuestionData

_WORST = 3


def units_table(scored: Sequence[QuestionAgreement]) -> pd.DataFrame:
    """`units_of` of several questions, with the column ``question``."""
    tables = []
    for each in scored:
        table = units_of(each.reading)
        if "majority" in table:
            table = table.astype({"majority": object})
        table.insert(0, "question", each.question)
        tables.append(table)
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=["question", "unit"])


def units_of(reading: QuestionData) -> pd.DataFrame:
    """Units with at least two answers, lowest agreement first; for scales and numbers, largest spread first.

    See `prolific_nb.analysis.unit_disagreement`; numbers have ``unit, n_ratings, mean, sd`` instead.
    """
    if reading.kind == "number":
        return _spread(reading.counts)
    table = unit_disagreement(sets_in_words(reading.counts))
    if reading.kind != "scale":
        return table
    # On a scale, 1 and 5 are further apart than 1 and 2, though neither pair agrees.
    places = replace(reading.counts, categories=tuple(range(len(reading.counts.categories))))
    spread = _spread(places)
    order = pd.Series(range(len(spread)), index=pd.Index(spread["unit"]))
    return table.iloc[table["unit"].map(order).to_numpy().argsort(kind="stable")].reset_index(drop=True)


def confusion_of(reading: QuestionData) -> pd.DataFrame | None:
    """Label × label, see `prolific_nb.analysis.label_confusion`; None for numbers and sets."""
    return None if reading.kind in ("number", "many") else label_confusion(reading.counts)


def where(reading: QuestionData) -> list[str]:
    """Sentences on the pair of labels and the units with the most disagreement; none if all agree."""
    return [*_between(confusion_of(reading)), *_on(reading)]


def _between(table: pd.DataFrame | None) -> list[str]:
    if table is None or len(table) < 3:  # two labels make a single pair
        return []
    apart = np.triu(table.to_numpy(), 1)
    if apart.sum() <= 0:
        return []
    one, other = np.unravel_index(int(apart.argmax()), apart.shape)
    first, second = table.index[int(one)], table.index[int(other)]
    part = as_percent(apart.max() / apart.sum())
    return [f"{part} of the disagreement is between “{first}” and “{second}”."]


def _on(reading: QuestionData) -> list[str]:
    table = units_of(reading)
    if reading.kind == "number":
        rows = table[table["sd"] > 0].head(_WORST)
        said = [f"mean {row.mean:.4g}, standard deviation {row.sd:.3g}" for row in rows.itertuples()]
    else:
        rows = table[table["agreement"] < 1].head(_WORST)
        said = [str(labels) for labels in rows["labels"]]
    named = [f"“{reading.name(unit)}” ({words})" for unit, words in zip(rows["unit"], said, strict=True)]
    by_spread = reading.kind in ("number", "scale")
    subject = "Answers differ most on" if by_spread else "Agreement is lowest on"
    return [f"{subject} {'; '.join(named)}."] if named else []


def _spread(counts: Counts) -> pd.DataFrame:
    """Mean and standard deviation of the numbers of each unit."""
    values = np.asarray(counts.categories, dtype=float)[counts.labels] if counts.n_ratings else np.zeros(0)
    m = counts.per_unit
    mean = np.bincount(counts.units, weights=values, minlength=len(m)) / np.maximum(m, 1)
    rest = np.bincount(counts.units, weights=(values - mean[counts.units]) ** 2, minlength=len(m))
    shown = np.flatnonzero(m > 1)
    sd = np.sqrt(rest[shown] / (m[shown] - 1))
    shown, sd = shown[order := np.argsort(-_without_noise(sd), kind="stable")], sd[order]
    return pd.DataFrame({"unit": counts.unit_names.take(shown), "n_ratings": m[shown], "mean": mean[shown], "sd": sd})


def _without_noise(sd: Floats) -> Floats:
    """The same numbers in another order have the same deviation but for rounding, and are tied."""
    relative: Floats = np.round(sd / sd.max(initial=np.finfo(float).tiny), 12)
    return relative


def sets_in_words(counts: Counts) -> Counts:
    """The same counts with each set as a string, such as “battery + price”."""
    if not any(isinstance(each, frozenset) for each in counts.categories):
        return counts
    words = tuple(" + ".join(sorted(map(str, each))) or "nothing" for each in counts.categories)  # type: ignore[call-overload]
    return replace(counts, categories=words)


def hardest_options(options: dict[str, float]) -> list[str]:
    """A sentence on the options with the lowest and the highest agreement, each scored on its own."""
    defined = sorted((value, name) for name, value in options.items() if not np.isnan(value))
    if len(defined) < 2:
        return []
    lowest, highest = defined[0], defined[-1]
    undefined = [name for name, value in options.items() if np.isnan(value)]
    more = f" Undefined, because picked in all answers or in none: {quote_list(undefined)}." if undefined else ""
    return [
        f"Each option on its own: α ranges from {rounded(lowest[0])} for “{lowest[1]}” to {rounded(highest[0])} for "
        f"“{highest[1]}”.{more}"
    ]
