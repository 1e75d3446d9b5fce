"""One label for each row, from the answers of several annotators."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
import pandas as pd

from ..analysis import Aggregate, Counts, dawid_skene, plurality, unit_column, weighted_vote
from ..analysis.aggregate import leading
from ..analysis.build_coefficient import excluded_rows
from ..analysis.pairwise import votes_in_words
from ..common.arguments import require_choice
from ..common.plurals import counted
from ..errors import ArgumentError
from ..responses.frame import _text_dtype
from .build import agreement
from .disagreement import sets_in_words
from .question_data import QuestionData, option_of
from .question_selection import ColumnNames
from .report import AgreementReport
from .rows.adjudicated import by_adjudicator, decisions_on, with_decisions, without_adjudicator
from .rows.disagreement_table import with_row

Method = Literal["plurality", "weighted_vote", "dawid_skene", "median", "mean"]
_VOTES: Mapping[str, Callable[..., Aggregate]] = {
    "plurality": plurality,
    "weighted_vote": weighted_vote,
    "dawid_skene": dawid_skene,
}
METHODS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {**dict.fromkeys(("single", "scale", "many"), tuple(_VOTES)), "number": ("median", "mean")}
)
"""The methods for each kind of question, the default first."""


def aggregate_labels(
    frame: pd.DataFrame,
    question: str | None = None,
    *,
    method: Method | None = None,
    adjudications: pd.DataFrame | None = None,
    unit: str | None = None,
    annotator: str = "participant_id",
    label: str = "value",
) -> pd.DataFrame:
    """One label for each row, with who decided it, the shares of the labels and the columns of the row.

    Parameters
    ----------
    frame : DataFrame
        As returned by `run.responses()`, or any frame of one question.
    question : str, optional
        The question; required if several can be aggregated.
    method : {"plurality", "weighted_vote", "dawid_skene", "median", "mean"}, optional
        As the functions of `prolific_nb.analysis`; the plurality by default. Where several options may be picked, each
        option is decided on its own. Numbers have the median, by default, or the mean.
    adjudications : DataFrame, optional
        Labels that hold whatever the answers are, such as ``run.adjudications.frame()``: the column of the rows, or
        ``row``; ``value``; ``question`` and ``explanation`` if there are any. By default the lines of the frame whose
        ``participant_id`` is "adjudicator", which are never counted as votes.
    unit, annotator, label : str
        Columns; see `prolific_nb.analysis.count`.

    Returns
    -------
    DataFrame
        The column of the rows, such as ``row``; ``label``, missing where several are tied; ``tied``, these labels;
        ``share``, that of the label, for Dawid-Skene its probability (of the least certain option, where several may be
        picked); ``n_ratings``; ``votes``, such as ``"good ×2, bad ×1"``; ``decided_by``, the method or
        ``"adjudicator"``, missing where several are tied; ``share of …`` for each option; ``reason`` of the
        adjudicator, if there are adjudications; then the columns of the uploaded row. For numbers ``label, n_ratings,
        lowest, highest, decided_by``. Rows that only the adjudicator labelled come last, with ``n_ratings`` 0.
        ``attrs["note"]`` holds the caveats.

    Raises
    ------
    ValueError
        The answers cannot be aggregated, `question` is needed, or `method` is not one for this kind of question.
    DataError, UnknownName
        As for `prolific_nb.agreement`.

    Examples
    --------
    >>> frame = pd.DataFrame({"row": [1, 1, 1, 2, 2], "participant_id": list("abcab"), "value": list("xxyxy")})
    >>> aggregate_labels(frame)[["row", "label", "tied", "share", "n_ratings"]].round(2)
       row label   tied  share  n_ratings
    0    1     x    NaN   0.67          3
    1    2   NaN  x | y   0.50          2
    >>> decisions = pd.DataFrame({"row": [2], "value": ["y"], "explanation": ["The second reading is plain."]})
    >>> aggregate_labels(frame, adjudications=decisions)[["row", "label", "votes", "decided_by"]]
       row label       votes   decided_by
    0    1     x  x ×2, y ×1    plurality
    1    2     y  x ×1, y ×1  adjudicator
    """
    columns = ColumnNames(unit_column(frame, unit), annotator, label)
    report = agreement(frame, questions=question, unit=unit, annotator=annotator, label=label, draws=1)
    lines = by_adjudicator(frame, annotator)
    if adjudications is None and lines.any():
        adjudications = frame[lines]
    table = label_table(only_reading(report), frame, columns, method, adjudications)
    table.attrs["note"] = " ".join(filter(None, [table.attrs["note"], report.setting.left_out]))
    return table


def only_reading(report: AgreementReport) -> QuestionData:
    """The answers to the one question of a report that can be scored."""
    found = [each.reading for each in report.scored]
    if not found:
        reasons = "; ".join(f"{each.question!r}: {each.why}" for each in report.left)
        raise ArgumentError(f"The answers cannot be aggregated. {reasons}".rstrip())
    if len(found) > 1:
        names = "; ".join(repr(each.question) for each in found)
        raise ArgumentError(f"The frame has {len(found)} questions that can be aggregated: {names}. Pass question=…")
    return found[0]


def label_table(
    reading: QuestionData,
    frame: pd.DataFrame,
    columns: ColumnNames,
    method: str | None = None,
    adjudications: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """As `aggregate_labels`, from answers that were read already."""
    allowed = METHODS[reading.kind]
    method = allowed[0] if method is None else method
    require_choice("method", method, allowed)
    if reading.kind == "number":
        units, note = _numbers(reading.counts, method), " ".join(excluded_rows(reading.counts))
    elif reading.kind == "many":
        units, note = _picks(reading, _VOTES[method])
    else:
        units, note = _votes(_VOTES[method](reading.counts, ties="none"), reading.counts)
    place = list(units).index("highest" if reading.kind == "number" else "votes") + 1
    units.insert(place, "decided_by", _decided(units["label"], method))
    said = ""
    if adjudications is not None:
        units, said = with_decisions(units, decisions_on(reading, adjudications, frame, columns), reading)
    table = with_row(units, without_adjudicator(frame, columns.annotator), columns)
    table.attrs = {"note": " ".join(filter(None, [note, *reading.notes, said]))}
    return table


def _decided(labels: pd.Series, method: str) -> pd.Series:
    return pd.Series([None if missing else method for missing in labels.isna()], dtype=_text_dtype())


def _votes(made: Aggregate, counts: Counts) -> tuple[pd.DataFrame, str]:
    names = np.array([str(each) for each in made.posteriors.columns], dtype=object)
    shares = made.posteriors.to_numpy()
    ahead = leading(shares)
    tied = np.full(counts.n_units, None, dtype=object)
    for unit in np.flatnonzero(ahead.sum(axis=1) > 1):
        tied[unit] = " | ".join(names[ahead[unit]])
    best = [None if missing else str(each) for each, missing in zip(made.labels, made.labels.isna(), strict=True)]
    table = _table(counts, best, tied, shares.max(axis=1, initial=0))
    return _with_shares(table, dict(zip(names, shares.T, strict=True))), made.note


def _picks(reading: QuestionData, vote: Callable[..., Aggregate]) -> tuple[pd.DataFrame, str]:
    """Each option on its own: it is in the label if more than half picked it, and tied if exactly half did."""
    counts = reading.counts
    made = {option: vote(option_of(reading, option)) for option in reading.options}
    shares = {option: each.posteriors["picked"].to_numpy() for option, each in made.items()}
    whole = np.array([*shares.values()]).reshape(len(shares), counts.n_units).T
    level = np.isclose(whole, 0.5, rtol=0, atol=1e-9)
    names = np.array(reading.options, dtype=object)
    best, tied = np.full(counts.n_units, None, dtype=object), np.full(counts.n_units, None, dtype=object)
    for place in range(counts.n_units):
        if level[place].any():
            tied[place] = " | ".join(names[level[place]])
        else:
            best[place] = " + ".join(names[whole[place] > 0.5]) or "nothing"
    table = _table(counts, best, tied, np.maximum(whole, 1 - whole).min(axis=1, initial=1))
    ties = int(level.any(axis=1).sum())
    notes = [f"{counted(ties, 'row')} with an option picked by exactly half; the label is missing."] if ties else []
    return _with_shares(table, shares), " ".join([*notes, *excluded_rows(counts)])


def _numbers(counts: Counts, method: str) -> pd.DataFrame:
    values = np.asarray(counts.categories, dtype=float)[counts.labels] if counts.n_ratings else np.zeros(0)
    by_unit = pd.Series(values).groupby(counts.units)
    made = by_unit.agg([method, "min", "max"]).reindex(range(counts.n_units))
    return pd.DataFrame(
        {
            "unit": counts.unit_names,
            "label": made[method].to_numpy(),
            "n_ratings": counts.per_unit,
            "lowest": made["min"].to_numpy(),
            "highest": made["max"].to_numpy(),
        }
    )


def _table(counts: Counts, label: Any, tied: Any, share: Any) -> pd.DataFrame:
    texts = {"label": pd.Series(label, dtype=_text_dtype()), "tied": pd.Series(tied, dtype=_text_dtype())}
    votes = pd.Series(votes_in_words(sets_in_words(counts)), dtype=_text_dtype())
    numbers = {"share": share, "n_ratings": counts.per_unit}
    return pd.DataFrame({"unit": counts.unit_names, **texts, **numbers, "votes": votes})


def _with_shares(table: pd.DataFrame, shares: Mapping[str, Any]) -> pd.DataFrame:
    columns = pd.DataFrame({f"share of {option}": each for option, each in shares.items()}, index=table.index)
    return pd.concat([table, columns], axis=1)  # one by one, hundreds of options would fragment the table
