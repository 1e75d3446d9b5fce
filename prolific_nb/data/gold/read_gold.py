"""Reading gold rows: what they need to have in common with the data, and which right answers they name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from ...common.arguments import require_whole
from ...common.findings import Finding, Findings
from ...common.plurals import a_type, counted, numbered
from ...errors import DataError
from ..columns import MEDIA
from ..table_view import TableView
from .gold_rows import PLACE, GoldRows, Row, in_row, same_content


def read_gold(
    data: TableView, given: TableView, name: str, answers: Mapping[str, str], per_group: int, seed: int
) -> GoldRows:
    """The gold rows of `given`, whose name is `name`; see `Dataset.with_gold`."""
    require_whole("per_group", per_group, 1)
    require_whole("seed", seed, 0)
    _check_answers(answers)
    faults = list(_column_faults(data, given, answers))
    known = {question: column for question, column in answers.items() if column in given.columns}
    columns = tuple(_common(data, given, answers))
    gold = GoldRows(
        columns,
        tuple(zip(*(given.cells(name) for name in columns), strict=True)),
        tuple(known.items()),
        tuple(tuple(cell.strip() for cell in given.cells(column)) for column in known.values()),
        int(per_group),
        int(seed),
        tuple(given.rows),
    )
    faults += _row_faults(gold) if columns and len(known) == len(answers) else []
    if faults:
        raise DataError(f"The gold rows ({name!r})", faults)
    return replace(gold, findings=Findings(_notes(data, given, gold)))


def _check_answers(answers: Any) -> None:
    strings = isinstance(answers, Mapping) and all(isinstance(each, str) for pair in answers.items() for each in pair)
    if strings and answers:
        return
    what = "is empty" if strings else f"is {a_type(answers)}, not a dict of strings"
    remedy = 'Pass the column with the right answers by question, as in answers={"How does the writer feel?": "truth"}.'
    raise DataError("The gold rows", [Finding("error", f"answers= {what}.", remedy)])


def _common(data: TableView, given: TableView, answers: Mapping[str, str]) -> list[str]:
    """The columns that are uploaded: those of the data, without right answers and groups, which are assigned."""
    return [name for name in data.columns if name in given.columns and name not in {*answers.values(), data.grouping}]


def _column_faults(data: TableView, given: TableView, answers: Mapping[str, str]) -> Iterator[Finding]:
    for question, column in answers.items():
        if column not in given.columns:
            what = f"There is no such column with the right answers to {question!r}."
            yield Finding("error", what, _nearest(column, given.columns), column=column)
    for name, kind in data.kinds.items():
        if name not in given.columns and kind in ("text", *MEDIA):
            remedy = f"Add it, empty if participants do not see it. {_nearest(name, given.columns)}"
            yield Finding("error", "The gold rows lack this column of the data.", remedy, column=name)
    if not _common(data, given, answers):
        remedy = f"Use the names of the data: {', '.join(map(repr, data.columns))}."
        yield Finding("error", "The gold rows have no column of the data, apart from right answers.", remedy)


def _nearest(name: str, names: Sequence[str]) -> str:
    near = get_close_matches(name, names, n=1)
    return f"The gold rows have {', '.join(map(repr, near or names))}."


def _row_faults(gold: GoldRows) -> Iterator[Finding]:
    if gold.per_group > len(gold):
        what = f"per_group={gold.per_group} is above the number of gold rows, {len(gold)}."
        yield Finding("error", what, "Nobody meets a gold row twice: add gold rows, or ask for fewer in a group.")
    rows = [row for row, truths in zip(gold.numbers, zip(*gold.truths, strict=True), strict=True) if not any(truths)]
    if rows:
        what = f"{counted(len(rows), 'gold row')} without a right answer: {numbered('row', rows)}."
        yield _about(rows, "error", what, "Fill in the right answer, or leave the rows out.")
    first: dict[Row, int] = {}
    again = [
        (row, first[c]) for row, c in zip(gold.numbers, gold.cells, strict=True) if first.setdefault(c, row) != row
    ]
    if again:
        rows = [row for row, _ in again]
        what = (
            f"{counted(len(rows), 'gold row')} identical to an earlier one: {numbered('row', rows)} "
            f"(row {again[0][0]} repeats row {again[0][1]})."
        )
        yield _about(rows, "error", what, "Delete them: somebody would be asked about the same twice.")


def _notes(data: TableView, given: TableView, gold: GoldRows) -> Iterator[Finding]:
    """Rows that are in the data too, right answers that are not known, and columns that are not uploaded."""
    yield from same_content(gold, gold.columns, {name: data.cells(name) for name in gold.columns}, data.rows)
    for question in gold.answers:
        pairs = zip(gold.numbers, gold.truth_of(question), strict=True)
        if rows := [row for row, truth in pairs if not truth]:
            what = f"{counted(len(rows), 'gold row')} without a right answer to {question!r}: {numbered('row', rows)}."
            yield _about(rows, "note", what, "Answers to it about these rows are not scored.")
    for name in given.columns:
        if name not in {*data.columns, *gold.answers.values()}:
            what = "This column is not in the data, so it is not uploaded."
            yield Finding("note", what, "", column=name, place=PLACE)


def _about(rows: Sequence[int], level: Any, what: str, remedy: str) -> Finding:
    return Finding(level, what, remedy, place=in_row(rows[0]))


def gold_code(code: str) -> str:
    """The expression of gold rows in a program; what was read from memory is the variable ``gold``."""
    code = re.sub(r"\bread_data\((frame|raw)\b", "read_data(gold", code)
    return "gold" if code == "pnb.read_data(gold)" else code
