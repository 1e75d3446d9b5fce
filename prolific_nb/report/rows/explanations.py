"""What people wrote beside their labels, for each row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from ...analysis.label_text import absent
from ..question_data import QuestionData, text_of_label
from ..question_selection import ColumnNames


def explanations(reading: QuestionData, frame: pd.DataFrame, columns: ColumnNames, units: pd.Series) -> pd.Series:
    """A line ``label: explanation`` for each explained answer about each unit; missing without any.

    Parameters
    ----------
    reading : QuestionData
        The answers to the question.
    frame : DataFrame
        With a column ``explanation``.
    columns : ColumnNames
    units : Series
        The units; the result has its index.

    Returns
    -------
    Series of object
        In the order of the labels, and of the answers with the same label.
    """
    part = frame[frame["explanation"].notna() & frame[columns.unit].isin(units)]
    if "question" in part.columns and columns.divided:
        part = part[part["question"] == reading.question] if (frame["question"] == reading.question).any() else part
    part = part[~absent(part["explanation"])]
    said: dict[object, dict[object, tuple[list[str], str]]] = {}
    # Picks of one answer are several lines with the same explanation, which is written once.
    cells = (part[name].tolist() for name in (columns.unit, columns.annotator, columns.label, "explanation"))
    for unit, who, label, words in zip(*cells, strict=True):
        picks, _ = said.setdefault(unit, {}).setdefault(who, ([], " ".join(str(words).split())))
        picks.append("nothing" if pd.isna(label) else text_of_label(label))
    order = {name: place for place, name in enumerate(map(str, reading.counts.categories))}
    lines = {unit: _lines(answers.values(), order) for unit, answers in said.items()}
    return pd.Series([lines.get(unit) for unit in units], index=units.index, dtype=object)


def _lines(answers: Iterable[tuple[list[str], str]], order: Mapping[str, int]) -> str:
    each = [(" + ".join(picks), words) for picks, words in answers]
    each.sort(key=lambda line: order.get(line[0], len(order)))
    return "\n".join(f"{label}: {words}" for label, words in each)
