"""From records to a table: blank lines, rows of another length than the header, and empty edges."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ...common.findings import Finding
from ...common.plurals import MOST_LISTED, counted, numbered
from .cell_store import Builder, CellStore, compact

_DECISIONS = frozenset(["approve", "reject"])
"""The last columns of batch results of MTurk: a row without a decision has no cells there."""
_MOST_LEFT_OUT = 20


@dataclass(frozen=True)
class Cells:
    """A table of strings.

    Parameters
    ----------
    header : list
        Column names as in the source.
    rows : CellStore
        As wide as the header.
    numbers : sequence of int
        The spreadsheet row number of each row.
    findings : list of Finding
        Errors if the cells are not a valid table; otherwise notes.
    header_row : int
        The spreadsheet row number of the header.
    """

    header: list[str]
    rows: CellStore
    numbers: Sequence[int]
    findings: list[Finding]
    header_row: int = field(default=1, kw_only=True)

    @classmethod
    def none(cls, findings: Sequence[Finding]) -> Cells:
        """No table: of an empty source, or one with errors."""
        return cls([], CellStore([], []), [], list(findings))


class TableBuilder:
    """Takes the records of a CSV one after another; `cells` is the table of all of them.

    Parameters
    ----------
    skipped : int
        The number of lines above the first record.
    leave_out : collection of int
        The spreadsheet row numbers of rows to leave out.
    rivals : sequence of str
        Delimiters that the header does not have.
    delimiter : str
        Of the source, for remedies.
    """

    def __init__(
        self, skipped: int = 0, leave_out: Collection[int] = (), rivals: Sequence[str] = (), delimiter: str = ","
    ) -> None:
        self._leave_out = frozenset(leave_out)
        self._left_out = 0
        self.number = self.skipped = skipped
        self.header: list[str] | None = None
        self._rivals = rivals
        self._delimiter = delimiter
        self._header_row = 0
        self._builder = Builder(0)
        self._numbers = array("q")
        self._blank: list[int] = []
        # Places and lengths of rows that are not as long as the header; arrays, since it may be every row.
        self._short, self._long = (array("q"), array("q")), (array("q"), array("q"))
        self._widest: dict[int, int] = {}

    def add_records(self, records: Sequence[list[str]]) -> None:
        """Add records as the csv module gives them: a blank line is empty."""
        kept = []
        for record in records:
            self.number += 1
            if self.number in self._leave_out:
                self._left_out += 1
            elif not record:
                self._blank.append(self.number)
            elif self.header is None:
                self.header, self._header_row, self._builder = record, self.number, Builder(len(record))
            else:
                place = len(self._numbers)
                self._numbers.append(self.number)
                kept.append(record if len(record) == len(self.header) else self._fitted(record, place))
        self._builder.add(kept)

    def add_packed(self, columns: Sequence[bytes], rows: int) -> None:
        """Add rows that are as long as the header, by column."""
        if any(self.number < number <= self.number + rows for number in self._leave_out):
            cells = [column.decode().split("\0") for column in columns]
            self.add_records(list(map(list, zip(*cells, strict=True))))
            return
        self._builder.add_packed(columns, rows)
        self._numbers.extend(range(self.number + 1, self.number + rows + 1))
        self.number += rows

    def _fitted(self, record: list[str], place: int) -> list[str]:
        """A record cut or filled to the length of the header; its length is remembered."""
        assert self.header is not None
        found, width = len(record), len(self.header)
        if found < width:
            _append(self._short, place, found)
            return record + [""] * (width - found)
        if any(cell.strip() for cell in record[width:]):
            _append(self._long, place, found)
        else:
            self._widest.setdefault(found, place)
        return record[:width]

    def cells(self, findings: Sequence[Finding] = ()) -> Cells:
        """The table; `findings` come before those about its shape."""
        if self.header is None:
            return Cells.none(findings)
        store = self._builder.store()
        end = _end(store)
        dropped = [*self._about_blank(end), *_about_empty_end(len(store) - end)]
        store = store[:end]
        width = _named_width(self.header, store)
        trimmed = [] if len(self._long[0]) else list(self._about_trimmed(width, end))
        ragged = self._about_ragged(width, store)
        found = [*findings, *self._about_left_out(), *dropped, *trimmed, *ragged]
        kept = store.select_columns(range(width)) if width < store.width else store
        return Cells(self.header[:width], kept, compact(self._numbers[:end]), found, header_row=self._header_row)

    def _about_left_out(self) -> Iterator[Finding]:
        if self._left_out:
            yield Finding("note", f"{counted(self._left_out, 'row')} left out, as skip_rows= asks.", "")

    def _about_blank(self, end: int) -> Iterator[Finding]:
        last = self._numbers[end - 1] if end else self._header_row
        inside = [number for number in self._blank if number < last]
        if inside:
            what = f"{counted(len(inside), 'blank line')} skipped: {numbered('row', inside)}."
            yield Finding("note", what, "")

    def _about_trimmed(self, width: int, end: int) -> Iterator[Finding]:
        assert self.header is not None
        lengths = [found for found, place in self._widest.items() if place < end]
        excess = max([len(self.header), *lengths]) - width
        if excess > 0:
            what = f"{counted(excess, 'column')} without a name and without content at the right edge dropped."
            yield Finding("note", what, "")

    def _about_ragged(self, width: int, store: CellStore) -> Iterator[Finding]:
        short = {
            place: found for place, found in zip(*self._short, strict=True) if found < width and place < len(store)
        }
        long = dict(zip(*self._long, strict=True))
        filled = min(short.values(), default=width)
        unsplit = (
            self._unsplit(store) if short and filled == 1 else _about_header(width, list(long.values()), len(store))
        )
        if short and not long and not unsplit and self._is_fillable(short, filled, width, store):
            yield self._about_filled(filled, width, len(short))
            return
        ragged = sorted((short | long).items())
        leave_out = self._leaving_out([self._numbers[place] for place, _ in ragged])
        for place, found in ragged[:MOST_LISTED]:
            what = f"The row has {counted(found, 'cell')}, the header has {width}."
            remedy = unsplit or f"{self._remedy(found, width)}{leave_out}"
            yield Finding("error", what, remedy, row=self._numbers[place])
        if len(ragged) > MOST_LISTED:
            common = Counter(found for _, found in ragged).most_common(1)[0][0]
            more = len(ragged) - MOST_LISTED
            what = f"{more:,} more rows have another length than the header; most of them have {common} cells."
            yield Finding("error", what, self._remedy(common, width))

    def _is_fillable(self, short: Mapping[int, int], filled: int, width: int, store: CellStore) -> bool:
        """Whether short rows lack cells at their end, and no row was split by a line break or cut off."""
        assert self.header is not None
        if _blank_from(store, filled, width):
            return True
        if {name.strip().casefold() for name in self.header[filled:width]} <= _DECISIONS:
            return True
        if 2 * filled < width or short.keys() == {len(store) - 1} or _is_split(short, width):
            return False
        return all(_is_sparse(store, place) for place in range(filled, width))

    def _leaving_out(self, numbers: Sequence[int]) -> str:
        """How to read the other rows, if these are few."""
        if len(numbers) > min(_MOST_LEFT_OUT, len(self._numbers) - 1):
            return ""
        them = "it" if len(numbers) == 1 else "them"
        return (
            f" To leave {them} out, pass skip_rows={sorted({*range(1, self.skipped + 1), *self._leave_out, *numbers})}."
        )

    def _remedy(self, found: int, width: int) -> str:
        if found > width:
            return "Put text that contains the delimiter in double quotes, or pass delimiter=."
        separator = "" if self._delimiter == "," else f", sep={self._delimiter!r}"
        return (
            "If a line break split the row, put its text in double quotes. If cells at its end are missing, add the "
            "delimiters; to fill all such rows, pass "
            f"read_data(pandas.read_csv(path, dtype=str, keep_default_na=False{separator})) instead of the path."
        )

    def _unsplit(self, store: CellStore) -> str:
        """What to do about rows of one cell that have another delimiter than the header."""
        for delimiter in self._rivals:
            if all(delimiter in cell for cell in store.iter_column(0)):
                return f"The rows are separated by {delimiter!r} and the header is not: use one delimiter for both."
        return ""

    def _about_filled(self, filled: int, width: int, rows: int) -> Finding:
        assert self.header is not None
        names = ", ".join(map(repr, self.header[filled:width]))
        what = f"{counted(rows, 'row')} without cells under the last {counted(width - filled, 'header')} ({names}); "
        return Finding("note", f"{what}read as empty cells.", "")


def _append(pairs: tuple[array[int], array[int]], place: int, found: int) -> None:
    pairs[0].append(place)
    pairs[1].append(found)


def _is_split(short: Mapping[int, int], width: int) -> bool:
    """Whether short rows in succession could be one row that unquoted line breaks split."""
    for start in short:
        cells, place = short[start], start
        while cells < width and (place := place + 1) in short:
            cells += short[place] - 1
        if place > start and cells == width:
            return True
    return False


def _is_sparse(store: CellStore, place: int) -> bool:
    """Whether at most half of the cells of a column are filled."""
    return 2 * sum(bool(cell.strip()) for cell in store.iter_column(place)) <= len(store)


def _about_header(width: int, lengths: Sequence[int], rows: int) -> str:
    """What to do about a header that is shorter than every row."""
    if len(lengths) < rows or len(set(lengths)) != 1:
        return ""
    if lengths[0] == width + 1:
        return (
            "Every row has one cell more. Put text that contains the delimiter in double quotes; or if the first cells "
            "are row names, as R writes them, put a name and a delimiter before the first name."
        )
    return (
        f"Every row has {lengths[0]} cells: name all columns in the first row. If the header is missing and row 1 is "
        "something else, pass skip_rows=1 and header_rows=0."
    )


def _end(store: CellStore) -> int:
    """The number of rows without the rows of empty cells at the end."""
    end = len(store)
    while end and not any(cell.strip() for cell in store[end - 1]):
        end -= 1
    return end


def _about_empty_end(rows: int) -> Iterator[Finding]:
    if rows:
        yield Finding("note", f"{counted(rows, 'row')} of empty cells at the end skipped.", "")


def _named_width(header: Sequence[str], store: CellStore) -> int:
    """The width without columns at the right that have no name and no content, left by delimiters at line ends."""
    width = len(header)
    while width > 1 and not header[width - 1].strip():
        width -= 1
    return width if _blank_from(store, width, len(header)) else len(header)


def _blank_from(store: CellStore, start: int, end: int) -> bool:
    """Whether these columns are empty in every row."""
    return not any(cell.strip() for place in range(start, end) for cell in store.iter_column(place))
