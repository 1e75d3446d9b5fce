"""The labels of an adjudicator: kept apart from those of annotators, and put in their place where asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...analysis.counts import ADJUDICATOR
from ...common.findings import Finding
from ...common.plurals import counted
from ...errors import DataError
from ...responses.frame import _text_dtype, require_table
from ..question_data import QuestionData, text_of_label
from ..question_selection import ColumnNames

_SHARE = "share of "


def by_adjudicator(frame: pd.DataFrame, annotator: str) -> npt.NDArray[np.bool_]:
    """Which lines are an adjudicator's; in tables of this package only, whose IDs of participants are Prolific's."""
    if annotator != "participant_id" or list(frame.columns).count(annotator) != 1:
        return np.zeros(len(frame), dtype=bool)
    column = frame[annotator]
    if isinstance(column.dtype, pd.CategoricalDtype) and ADJUDICATOR not in column.cat.categories:
        return np.zeros(len(frame), dtype=bool)
    return column.isin([ADJUDICATOR]).to_numpy(dtype=bool)


def without_adjudicator(frame: pd.DataFrame, annotator: str) -> pd.DataFrame:
    """The answers of the annotators; the same frame if there are no others."""
    lines = by_adjudicator(frame, annotator)
    if not lines.any():
        return frame
    kept = frame[~lines]
    kept.attrs = frame.attrs
    return kept


def left_out(lines: int) -> tuple[str, ...]:
    """The sentence on lines of an adjudicator that were left out of agreement."""
    return (f"{counted(lines, 'line')} by the adjudicator left out.",) if lines else ()


def decisions_on(reading: QuestionData, given: pd.DataFrame, frame: pd.DataFrame, columns: ColumnNames) -> pd.DataFrame:
    """The decisions on the rows of one question.

    Parameters
    ----------
    reading : QuestionData
        The answers to the question.
    given : DataFrame
        Decisions, such as ``run.adjudications.frame()``: the column of the rows, or ``row``; the label, in the column
        of the labels or ``value``; ``question`` if there are several; ``explanation`` if there are reasons. Of several
        on a row the last holds; where several options may be picked, all lines of a row are one decision.
    frame : DataFrame
        The answers.
    columns : ColumnNames

    Returns
    -------
    DataFrame
        ``unit``, ``label`` (str; float for numbers), ``reason`` (str), one line for each row, in the order given.

    Raises
    ------
    DataError
        A column is missing, or a decision on a number is not a number.
    """
    require_table(given)
    unit, label = (_column(given, names) for names in ((columns.unit, "row"), (columns.label, "value")))
    if "question" in given.columns and "question" in frame.columns and columns.divided:
        given = given[given["question"] == reading.question]
    given = given.dropna(subset=[unit])
    known = {str(name): name for name in reading.counts.unit_names}
    units = [known.get(str(each), each) for each in given[unit]]
    labels = given[label].astype(object).tolist()
    reasons = given["explanation"].tolist() if "explanation" in given.columns else [None] * len(given)
    picked: dict[Any, list[Any]] = {}
    why: dict[Any, Any] = {}
    for each, value, reason in zip(units, labels, reasons, strict=True):
        picked.setdefault(each, []).append(None if pd.isna(value) else value)
        why[each] = None if pd.isna(reason) else str(reason)
    made = [_decided(reading, values) for values in picked.values()]
    return pd.DataFrame(
        {
            "unit": pd.Series(list(picked), dtype=object),
            "label": pd.Series(made, dtype=float if reading.kind == "number" else object),
            "reason": pd.Series(list(why.values()), dtype=_text_dtype()),
        }
    )


def with_decisions(units: pd.DataFrame, decisions: pd.DataFrame, reading: QuestionData) -> tuple[pd.DataFrame, str]:
    """A table of one label for each unit with the decisions in their place, and a sentence on them.

    The share of a decided label is that among the answers, which may be 0; units that only the adjudicator labelled
    come last.
    """
    found = decisions.dropna(subset=["label"]).set_index("unit")
    known = units["unit"].isin(list(found.index))
    only = found[~found.index.isin(list(units["unit"]))]
    row = units["unit"].map(found["label"].to_dict()).where(known)
    sentence = _sentence(units[known], row[known], len(only))
    table = units.assign(
        label=units["label"].astype(object).where(~known, row),
        decided_by=units["decided_by"].where(~known, ADJUDICATOR),
    )
    if "tied" in table:
        table["tied"] = table["tied"].where(~known)
        table.loc[known, "share"] = [_support(reading, *each) for each in _given(table[known])]
    table["reason"] = table["unit"].map(found["reason"].to_dict())
    if len(only):
        more = only.reset_index().assign(decided_by=ADJUDICATOR, n_ratings=0)
        table = pd.concat([table.astype({"unit": object}), more], ignore_index=True)
    kinds = {"label": units["label"].dtype, "decided_by": _text_dtype(), "reason": _text_dtype()}
    return table.astype(kinds), sentence


def _given(table: pd.DataFrame) -> Iterable[tuple[str, dict[str, float]]]:
    shares = [str(name) for name in table if str(name).startswith(_SHARE)]
    for label, numbers in zip(table["label"], table[shares].to_numpy(), strict=True):
        yield label, {name.removeprefix(_SHARE): number for name, number in zip(shares, numbers, strict=True)}


def _support(reading: QuestionData, label: str, shares: dict[str, float]) -> float:
    """The share of a label; of several picks, that of the option with the least support."""
    if reading.kind != "many":
        return shares.get(label, 0.0)
    picks = set(label.split(" + "))
    return min((share if option in picks else 1 - share for option, share in shares.items()), default=np.nan)


def _sentence(units: pd.DataFrame, decided: pd.Series, only: int) -> str:
    """How many labels the adjudicator decided: ties, against the answers, and without answers."""
    if not len(units) + only:
        return ""
    before = units["label"]
    kinds = {
        "where answers were tied or missing": int(before.isna().sum()),
        "against the answers": int((before.notna() & (before.astype(object) != decided.astype(object))).sum()),
        "without answers": only,
    }
    parts = ", ".join(f"{number:,} {where}" for where, number in kinds.items() if number)
    return f"{counted(len(units) + only, 'label')} decided by the adjudicator{f': {parts}' if parts else ''}."


def _column(given: pd.DataFrame, names: Iterable[str]) -> str:
    names = list(dict.fromkeys(names))
    for name in names:
        if name in given.columns:
            return name
    what = f"There is no column {' or '.join(map(repr, names))}."
    raise DataError("adjudications", [Finding("error", what, "Pass run.adjudications.frame().")])


def _decided(reading: QuestionData, values: list[Any]) -> Any:
    """The label of one row, as `aggregate_labels` has it."""
    if reading.kind == "many":
        picks = {text_of_label(value) for value in values if value is not None}
        others = sorted(picks - set(reading.options))
        return " + ".join([*(option for option in reading.options if option in picks), *others]) or "nothing"
    last = values[-1]
    if reading.kind != "number":
        return None if last is None else text_of_label(last)
    try:
        return float(last)
    except (TypeError, ValueError):
        what = f"The decision {last!r:.80} on {reading.question!r} is not a number."
        raise DataError("adjudications", [Finding("error", what, "Decide it again with a number.")]) from None
