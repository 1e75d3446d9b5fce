"""Join tasks to rows by content, where the upload has no row keys or other ones.

A row belongs to a task if it is the only row, and the task the only task, with these cells in all columns that both
have; white space and the order of rows and columns do not matter. Everything that participants saw must be among these
columns: a row that only shares an ID could be another one by now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..common.plurals import counted
from ..data import ROW_COLUMN, Dataset
from ..data.legacy_csv import HIDDEN
from .prolific_report.match_datapoints import plain

ROW_COLUMNS = (ROW_COLUMN, f"{HIDDEN}{ROW_COLUMN}")
_RENAMED = 0.9  # of the tasks whose cell is in a column of another name


@dataclass(frozen=True)
class ContentMatch:
    """Rows found by content.

    Parameters
    ----------
    rows : dict of str to str
        Key of the row by task.
    ambiguous : frozenset of str
        Tasks with the same content as another task, or as several rows.
    notes : tuple of str
        What was not compared, and where the content differs.
    compared : bool
        False if the source lacks columns that participants saw; another source may have them.
    """

    rows: dict[str, str]
    ambiguous: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    compared: bool = True


def match_content(
    cells: Mapping[str, Mapping[str, str]], data: Dataset, shown: Iterable[str], wanted: Iterable[str]
) -> ContentMatch:
    """The row of each task.

    Parameters
    ----------
    cells : mapping of str to mapping
        The uploaded row of each known task, by column.
    data : Dataset
        The rows.
    shown : iterable of str
        The columns that participants saw; if empty, those that the legacy flow shows.
    wanted : iterable of str
        The tasks to find rows for; the others count only as tasks with the same content.
    """
    uploaded = list(dict.fromkeys(name for row in cells.values() for name in row if name not in ROW_COLUMNS))
    seen = list(shown) or [name for name in uploaded if not name.startswith(HIDDEN)]
    if not seen or not set(seen) <= set(uploaded):
        return ContentMatch({}, notes=("the source lacks columns that participants saw",), compared=False)
    mine = {name: [plain(cell) for cell in data.cells(name)] for name in data.columns}
    theirs = {name: [plain(row.get(name, "")) for row in cells.values()] for name in uploaded}
    pairs = _pairs(uploaded, data.columns)
    renamed = _renamed([name for name in seen if name not in pairs], theirs, mine, set(pairs.values()))
    pairs |= renamed
    notes = [f"column {old!r} of the upload is column {new!r} of the data" for old, new in renamed.items()]
    if missing := [name for name in seen if name not in pairs]:
        names = ", ".join(map(repr, missing))
        what = f"the data has no column {names}, which participants saw; give it the name that it had in the upload"
        return ContentMatch({}, notes=(what,))
    used = [name for name in uploaded if name in pairs]
    rows = _places(zip(*(mine[pairs[name]] for name in used), strict=True), range(len(data)))
    tasks = _places(zip(*(theirs[name] for name in used), strict=True), list(cells))
    wanted = set(wanted)
    found, ambiguous, absent = {}, set(), []
    for content, of_task in tasks.items():
        of_row = rows.get(content, [])
        if len(of_row) == 1 and len(of_task) == 1:
            found[of_task[0]] = data.row_keys[of_row[0]]
        elif of_row:
            ambiguous |= wanted & set(of_task)
        else:
            absent += [task for task in of_task if task in wanted]
    notes += _differing(absent, used, pairs, theirs, mine, list(cells))
    return ContentMatch({task: key for task, key in found.items() if task in wanted}, frozenset(ambiguous), (*notes,))


def _places(contents: Iterable[tuple[str, ...]], names: Sequence[Any]) -> dict[tuple[str, ...], list[Any]]:
    places: dict[tuple[str, ...], list[Any]] = defaultdict(list)
    for content, name in zip(contents, names, strict=True):
        places[content].append(name)
    return dict(places)


def _pairs(uploaded: Sequence[str], columns: Sequence[str]) -> dict[str, str]:
    """The column of the data for each column of the upload: of the same name, apart from case and ``META_``."""
    pairs: dict[str, str] = {name: name for name in uploaded if name in columns}
    for alike in (lambda name: name.removeprefix(HIDDEN), lambda name: plain(name.removeprefix(HIDDEN)).casefold()):
        left = [name for name in columns if name not in pairs.values()]
        for name in [each for each in uploaded if each not in pairs]:
            same = [column for column in left if alike(column) == alike(name)]
            rivals = [each for each in uploaded if each not in pairs and alike(each) == alike(name)]
            if len(same) == 1 and len(rivals) == 1:
                pairs[name] = same[0]
    return pairs


def _renamed(
    lost: Sequence[str], theirs: Mapping[str, list[str]], mine: Mapping[str, list[str]], taken: set[str]
) -> dict[str, str]:
    """Columns that participants saw and that the data has under another name, told by their cells."""
    renamed: dict[str, str] = {}
    for name in lost:
        cells = [cell for cell in theirs[name] if cell]
        telling = cells and len(set(cells)) > len(cells) / 2  # a column of few values could be any such column
        fits = [
            column
            for column, values in mine.items()
            if telling and column not in taken and _share(cells, values) >= _RENAMED
        ]
        if len(fits) == 1 and fits[0] not in renamed.values():
            renamed[name] = fits[0]
    return renamed


def _share(cells: Sequence[str], values: Sequence[str]) -> float:
    known = set(values)
    return sum(cell in known for cell in cells) / len(cells)


def _differing(
    absent: Sequence[str],
    used: Sequence[str],
    pairs: Mapping[str, str],
    theirs: Mapping[str, list[str]],
    mine: Mapping[str, list[str]],
    tasks: Sequence[str],
) -> list[str]:
    """Where the content of the tasks without a row differs from the data."""
    if not absent:
        return []
    lost = set(absent)
    places = [place for place, task in enumerate(tasks) if task in lost]
    known = {name: set(mine[pairs[name]]) for name in used}
    counts = {name: sum(theirs[name][place] not in known[name] for place in places) for name in used}
    said = [f"{counted(count, 'cell')} of {pairs[name]!r}" for name, count in counts.items() if count]
    where = f": {', '.join(said)} of the upload are not in the data" if said else ""
    return [f"the content of {counted(len(absent), 'task')} is in no row{where}"]
