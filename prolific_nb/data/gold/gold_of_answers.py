"""Gold rows out of a table of answers: each row that was labelled, with its label to each question of one option."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from ...common.findings import Finding
from ...common.plurals import a_type
from ...errors import DataError
from ..columns import free_names

_NEEDED = ("row", "participant_id", "question", "type", "value", "file_key")
_ONE_OPTION = ("single", "scale")
_EXPLICIT = 'Pass the column with the right answers by question, as in answers={"How does the writer feel?": "truth"}.'


def gold_of_answers(columns: Sequence[str], given: Any) -> tuple[pd.DataFrame, dict[str, str]]:
    """The gold rows in a tidy table of answers, and the column with the right answers by question.

    Parameters
    ----------
    columns : sequence of str
        Of the data; the table has their cells, under their names or, where these are taken, with ``row_`` before them.
    given : DataFrame
        Such as ``own.answers()``. A row on which annotators differ has no right answer to that question.

    Returns
    -------
    DataFrame, dict of str to str
        One line per labelled row with `columns`, then one column per question of one option, "" where nothing is right.

    Raises
    ------
    DataError
        It is not such a table, or no question in it has one right answer.
    """
    if not isinstance(given, pd.DataFrame) or not set(_NEEDED) <= set(given.columns):
        other = f"{a_type(given)} with other columns" if isinstance(given, pd.DataFrame) else a_type(given)
        what = f"Without answers=, a table of answers is expected, as own.answers() returns it, not {other}."
        raise DataError("The gold rows", [Finding("error", what, _EXPLICIT)])
    answers: Any = given[given["row"].notna()].astype(dict.fromkeys(_NEEDED, object))
    truths = {question: _agreed(part) for question, part in answers.groupby("question", sort=False)}
    kinds = {each["question"]: each["kind"] for each in given.attrs.get("questions", ())}
    asked = [name for name, known in truths.items() if known and kinds.get(name, "single") in _ONE_OPTION]
    if not asked:
        what = "No question in the table has one option as its answer, on which annotators agree."
        raise DataError("The gold rows", [Finding("error", what, _EXPLICIT)])
    rows = answers.drop_duplicates("row").set_index("row", drop=False)
    names = [*map(str, given)]
    taken = [*names[: names.index("file_key") + 1], "expected"]  # the columns of answers have their names first
    held = zip(columns, free_names(columns, taken), strict=True)
    table = pd.DataFrame({name: rows[each] for name, each in held if each in rows})
    right = {question: _free(f"right answer {number}", columns) for number, question in enumerate(asked, 1)}
    for question, name in right.items():
        table[name] = [truths[question].get(row, "") for row in rows.index]
    known = (table[list(right.values())] != "").any(axis=1)
    return table[known].reset_index(drop=True), right


def _agreed(part: Any) -> dict[str, str]:
    """The label of each row, where all annotators gave the same one; empty if it is not a question of one option."""
    if part["type"].iloc[0] != "multiple_choice" or part.duplicated(["row", "participant_id"]).any():
        return {}
    labels = part.dropna(subset="value").groupby("row", sort=False)["value"]
    return {row: values.iloc[0] for row, values in labels if values.nunique() == 1}


def _free(name: str, taken: Sequence[str]) -> str:
    while name in taken:
        name += "'"
    return name
