"""The header of a table: rows below it that belong to it, a missing header, and an index without a name.

Survey platforms write two or three header rows. Each of them would become a task that participants are paid for, so
they are an error until the caller has said how many there are.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from ...common.findings import Finding
from ...common.plurals import counted, numbered
from .cell_classes import cell_class, is_alike, is_missing, is_prose_column, strict_class, words
from .cell_store import CellStore, compact
from .footer_rows import about_footer
from .table_builder import Cells
from .title_lines import header_below, title_error

_SAMPLE = 200
_MOST_EXTRA = 3
_UNNAMED = re.compile(r"\s*|Unnamed: \d+(_level_\d+)?")  # the latter by pandas
_IMPORT_ID = re.compile(r"\{\s*\"ImportId\"\s*:.*\}", re.DOTALL)
_UNIT = re.compile(
    r"[\[(].{1,12}[\])]|[cmkµn]?m|[mkµ]?g|lbs?|[mµn]?s|sec(onds)?|min(utes)?|h|hours?|days?|years?|%|°[CF]|[$€£]"
    r"|USD|EUR|GBP|px|kB|MB|str(ing)?|int(eger)?|float|double|bool(ean)?|text|varchar|number|numeric|date(time)?"
)
_KIND_OF_ANSWER = re.compile(r"Response|Open-Ended Response|Other \(please specify\)")
_LETTERS = re.compile(r"[\W_]+")

Rows = Sequence[Sequence[str]]


def arrange(cells: Cells, header_rows: int | None, leave_out: Collection[int] = ()) -> Cells:
    """The table below its header rows, with the findings about them.

    Parameters
    ----------
    cells : Cells
        With one header row.
    header_rows : int, optional
        The number of header rows; 0 if the header is a row of data. If not given, extra header rows are an error, and
        a header that looks like data is a warning.
    leave_out : collection of int
        The spreadsheet row numbers of rows to leave out.
    """
    if any(finding.level == "error" for finding in cells.findings) or not cells.header:
        return cells
    cells = _without(cells, set(leave_out))
    if header_rows is None and not cells.rows:
        return cells
    if header_rows is None:
        found = list(_about_extra(cells)) or list(_about_repeated(cells, [cells.header])) or list(_about_missing(cells))
        if any(finding.level == "error" for finding in found):
            # Without the header: names that are missing in its first row would be reported as errors as well.
            return Cells.none([*cells.findings, *found])
        return _with_index(_add(cells, [*found, *about_footer(cells)]))
    rows = len(cells.rows) + 1
    if isinstance(header_rows, bool) or not isinstance(header_rows, int) or not 0 <= header_rows <= rows:
        what = f"header_rows={header_rows!r} is not a number from 0 to {rows}, the number of rows."
        return _add(cells, [Finding("error", what, "Pass the number of header rows.")])
    below = _given(cells, header_rows)
    return _with_index(_add(below, list(about_footer(below))))


def skip_top(cells: Cells, skip_rows: int | None) -> Cells:
    """A table of another source than CSV text without the rows above its header, or with the error about them."""
    if not cells.rows or skip_rows == 0:
        return cells
    header = ["" if _UNNAMED.fullmatch(str(name)) else str(name) for name in cells.header]
    if skip_rows is None:
        records = [header, *cells.rows[:_SAMPLE]]
        place = header_below(records)
        return _add(cells, [title_error(place, header[0], records[place])]) if place else cells
    if skip_rows > len(cells.rows):
        what = f"skip_rows={skip_rows} skips all of the {counted(len(cells.rows) + 1, 'row')}."
        return _add(cells, [Finding("error", what, "Pass the number of rows above the header.")])
    top, number = list(cells.rows[skip_rows - 1]), cells.numbers[skip_rows - 1]
    rows, numbers = cells.rows[skip_rows:], cells.numbers[skip_rows:]
    return replace(cells, header=top, rows=rows, numbers=numbers, header_row=number)


def _given(cells: Cells, header_rows: int) -> Cells:
    width, extra = len(cells.header), header_rows - 1
    if extra < 0:
        names = [f"column_{number}" for number in range(1, width + 1)]
        note = Finding("note", f"Without a header, so the columns are named {names[0]} to {names[-1]}.", "")
        rows = CellStore.of_rows([list(map(str, cells.header))], width) + cells.rows
        numbers = compact([cells.header_row, *cells.numbers])
        return replace(_add(cells, [note]), header=names, rows=rows, numbers=numbers)
    top = [list(map(str, cells.header)), *map(list, cells.rows[:extra])]
    below = replace(cells, header=_names(top), rows=cells.rows[extra:], numbers=cells.numbers[extra:])
    if extra == 0:
        return _add(below, list(_about_repeated(below, top, "warning")))
    note = Finding("note", f"The first {header_rows} rows were read as header rows.", "")
    return _add(below, [*_about_repeated(below, top), note])


def _add(cells: Cells, findings: Sequence[Finding]) -> Cells:
    return replace(cells, findings=[*cells.findings, *findings])


def _without(cells: Cells, numbers: Collection[int]) -> Cells:
    places = [place for place, number in enumerate(cells.numbers) if number not in numbers] if numbers else []
    dropped = len(cells.rows) - len(places)
    if not numbers or not dropped:
        return cells
    note = Finding("note", f"{counted(dropped, 'row')} left out, as skip_rows= asks.", "")
    kept = compact(cells.numbers[place] for place in places)
    return replace(_add(cells, [note]), rows=cells.rows.take(places), numbers=kept)


def _names(top: Rows) -> list[str]:
    """Names from several header rows: the first row, with those below it where it is empty or repeated."""
    first = list(top[0])
    if all(not _UNNAMED.fullmatch(name) for name in first) and len(set(first)) == len(first):
        return first
    names, group = [], ""
    for place, name in enumerate(first):
        empty = bool(_UNNAMED.fullmatch(name))
        group = group if empty else name
        opens = place + 1 < len(first) and bool(_UNNAMED.fullmatch(first[place + 1]))
        lower = next((row[place].strip() for row in top[1:] if row[place].strip()), "")
        joined = empty or opens or first.count(name) > 1
        names.append(" / ".join(filter(None, [group.strip(), lower])) if joined else name)
    return names


# --- rows that belong to the header ----------------------------------------------------------------------------------


def _about_extra(cells: Cells) -> Iterator[Finding]:
    rows = list(cells.rows[:_SAMPLE])
    header = list(map(str, cells.header))
    extra, certain = _extra(header, rows)
    if not extra:
        return
    last = cells.numbers[extra - 1]
    listed = numbered("row", [cells.numbers[place] for place in range(extra)])
    shown = ", ".join(repr(_cut(cell)) for cell in rows[0] if cell.strip())[:200]
    what = f"Below the header, {listed} {'seems' if extra == 1 else 'seem'} to belong to it: {shown}."
    named = not any(_UNNAMED.fullmatch(name) for name in header[1:])
    other = f"header_rows=1 if row {cells.numbers[0]} is data" if named else "name every column in the first row"
    if _may_be_title(header, rows[extra - 1]):
        other = f"skip_rows={last - 1} if row {last} is the header and what is above it a title, or {other}"
    remedy = f"Pass header_rows={extra + 1} to read the data below row {last}, or {other}."
    yield Finding("error" if certain else "warning", what, remedy, row=cells.numbers[0])


def _may_be_title(header: Sequence[str], row: Sequence[str]) -> bool:
    """Whether a header may be a title that was split at its commas."""
    filled = [cell for cell in header if cell.strip()]
    split = any(cell[:1] == " " or _is_value(cell) for cell in filled[1:]) and not any(cell[:1] == " " for cell in row)
    return split and len(set(row)) == len(row) and all(cell.strip() and not cell_class(cell) for cell in row)


def _extra(header: Sequence[str], rows: Rows) -> tuple[int, bool]:
    """How many rows belong to the header, and whether this is more than a guess."""
    for place, row in enumerate(rows[:_MOST_EXTRA]):
        filled = [cell for cell in row if cell.strip()]
        if filled and 2 * sum(bool(_IMPORT_ID.fullmatch(cell.strip())) for cell in filled) >= len(filled):
            return place + 1, True
    for extra in range(1, min(_MOST_EXTRA, len(rows) - 1) + 1):
        if certain := _stands_out(header, rows[:extra], rows[extra:]):
            return extra, certain > 1
    if rows and (_is_label_row(header, rows[0]) or _is_of_survey(rows[0])) and not _is_like(rows[0], rows[1:]):
        return 1, True
    return 0, False


def _stands_out(header: Sequence[str], top: Rows, body: Rows) -> int:
    """0 if the top rows look like the body, 1 if one column says otherwise, 2 if more does."""
    strict = [(place, name) for place, column in enumerate(zip(*body, strict=True)) if (name := strict_class(column))]
    least = 2
    for row in top:
        cells = [(row[place], name) for place, name in strict]
        if any(is_missing(cell) or (cell.strip() and cell_class(cell) == name) for cell, name in cells):
            return 0
        differing = sum(bool(cell.strip()) for cell, _ in cells)
        if not differing:
            return 0
        least = min(least, 2 if differing > 1 or _looks_like_header(header, row) else 1)
    return least


def _looks_like_header(header: Sequence[str], row: Sequence[str]) -> bool:
    cells = [cell.strip() for cell in row]
    return any(
        _UNIT.fullmatch(cell) or cell.endswith(("?", ":")) or _repeats(name, cell)
        for cell, name in zip(cells, header, strict=True)
    )


def _is_label_row(header: Sequence[str], row: Sequence[str]) -> bool:
    """Whether a row repeats the names, or names the columns that the header leaves empty."""
    pairs = list(zip(header, row, strict=True))
    same = sum(_repeats(name, cell) for name, cell in pairs)
    # Columns without a name at the left are levels of an index.
    named_from = next((place for place, (name, _) in enumerate(pairs) if not _UNNAMED.fullmatch(name)), len(pairs))
    empty = [cell for name, cell in pairs[named_from:] if _UNNAMED.fullmatch(name)]
    named = bool(empty) and all(cell.strip() and not cell_class(cell) for cell in empty)
    return (same > 0 and 2 * same >= len(header)) or named


def _is_of_survey(row: Sequence[str]) -> bool:
    """Whether a row is of the words that SurveyMonkey writes below questions, which has no ID of a respondent."""
    filled = [cell.strip() for cell in row if cell.strip()]
    return bool(filled) and not row[0].strip() and all(map(_KIND_OF_ANSWER.fullmatch, filled))


def _is_like(row: Sequence[str], body: Rows) -> bool:
    """Whether a cell has the class of the numbers, dates, links or codes below it."""
    kinds = [(cell, strict_class(cells) or _class_of_one(cells)) for cell, *cells in zip(row, *body, strict=True)]
    return any(kind not in ("", "code") and cell_class(cell) == kind for cell, kind in kinds)


def _repeats(name: str, cell: str) -> bool:
    """Whether a cell is the name of its column in other letters: "Response ID" below "ResponseId"."""
    # A single letter is often a label: "B" in a column "b".
    return not _is_value(cell) and len(_plain(cell)) > 1 and _plain(cell) == _plain(name)


def _is_value(cell: str) -> bool:
    return cell_class(cell) in ("number", "date", "link")


def _plain(cell: str) -> str:
    return _LETTERS.sub("", cell).casefold()


def _about_repeated(cells: Cells, top: Rows, level: str = "error") -> Iterator[Finding]:
    """Rows equal to a header row, as in files that were joined without removing the headers."""
    headers = {tuple(str(cell).strip() for cell in row) for row in top if not all(_is_value(str(cell)) for cell in row)}
    firsts = {header[0] for header in headers} | {str(row[0]) for row in top if headers}
    rows, start = [], 0
    for columns in cells.rows.chunks():
        if any(first in columns[0] for first in firsts):
            found = enumerate(zip(*columns, strict=True), start)
            rows += [cells.numbers[place] for place, row in found if tuple(map(str.strip, row)) in headers]
        start += len(columns[0])
    if rows:
        listed = f"skip_rows={rows}" if len(rows) <= 20 else "skip_rows= with their numbers"
        what = f"{counted(len(rows), 'row')} equal to the header: {numbered('row', rows)}."
        certain = level == "error" and len(cells.header) > 1
        remedy = f"Pass {listed} to leave {'it' if len(rows) == 1 else 'them'} out"
        remedy += ", or header_rows=1 to keep them." if certain else "."
        yield Finding("error" if certain else "warning", what, remedy, row=rows[0])


# --- a header that is data -------------------------------------------------------------------------------------------


def _about_missing(cells: Cells) -> Iterator[Finding]:
    names = list(cells.header)
    if not all(isinstance(name, str) for name in names):
        return
    if not names[0].strip() and all(name.strip() for name in names[1:]):
        return  # the header of an index without a name
    columns = list(zip(*cells.rows[:_SAMPLE], strict=True))
    signs = [_sign(name, column) for name, column in zip(names, columns, strict=True)]
    if any(_is_link(name) for name in names) or (1 in signs and -1 not in signs):
        shown = ", ".join(repr(_cut(name)) for name in names[:4])
        what = f"The header looks like a row of data: {shown}."
        remedy = "If the file has no header, pass header_rows=0: the columns are then named column_1, column_2, …"
        yield Finding("warning", what, remedy, row=cells.header_row)


def _is_link(name: str) -> bool:
    return cell_class(name) == "link"


def _class_of_one(column: Sequence[str]) -> str:
    """The class of the only cell of a column, unless it is of words, which tell little."""
    kind = cell_class(column[0]) if len(column) == 1 else ""
    return "" if kind == "code" else kind


def _sign(name: str, column: Sequence[str]) -> int:
    """1 if the name of a column looks like its cells, -1 if it does not, 0 if this cannot be told."""
    if not name.strip():
        return 0
    if kind := strict_class(column) or _class_of_one(column):
        return 1 if cell_class(name) == kind and is_alike(name, column, kind) else -1
    if is_prose_column(column):
        return -1 if words(name) < 4 or name.rstrip().endswith(("?", ":")) else 1
    return int(name.strip() in {cell.strip() for cell in column})


# --- an index without a name -----------------------------------------------------------------------------------------


def _with_index(cells: Cells) -> Cells:
    """The table without a first column that has no name and holds integers, as pandas and R write an index."""
    header = list(cells.header)
    if not header or len(header) < 2 or not isinstance(header[0], str) or header[0].strip():
        return cells
    levels = next((place for place, name in enumerate(header) if str(name).strip()), len(header))
    if levels == len(header) or not all(str(name).strip() for name in header[levels:]):
        return cells
    if levels > 1:
        return _with_levels(cells, levels)
    if all(cell.isascii() and cell.isdigit() for cell in cells.rows.iter_column(0)):
        what = "The first column has no name and holds integers: it was taken as an index and left out."
        note = Finding("note", what, "To keep it, name it in the header.")
        kept = cells.rows.select_columns(range(1, len(header)))
        return replace(_add(cells, [note]), header=header[1:], rows=kept)
    name = next(name for name in ("index", "row_index", "column_1") if name not in header)
    note = Finding(
        "note", f"The first column has no name: it was taken as an index and named {name!r}.", "", column=name
    )
    return replace(_add(cells, [note]), header=[name, *header[1:]])


def _with_levels(cells: Cells, levels: int) -> Cells:
    """The table with names for the levels of an index, which `reset_index` of pandas would give."""
    names = [f"level_{level}" for level in range(levels)]
    if set(names) & set(cells.header):
        return cells
    what = (
        f"The first {levels} columns have no name: they were taken as an index and named {', '.join(map(repr, names))}."
    )
    return replace(_add(cells, [Finding("note", what, "")]), header=[*names, *cells.header[levels:]])


def _cut(cell: str) -> str:
    return cell if len(cell) <= 40 else f"{cell[:39]}…"
