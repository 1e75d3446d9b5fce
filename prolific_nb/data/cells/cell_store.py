"""A table of strings in little memory: a million short cells as Python strings would take four times their file."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain, islice
from operator import eq
from typing import overload

_CHUNK = 1024  # rows; of long texts, each of which is copied some times on its way into an upload
_SEPARATOR = "\0"

Chunk = bytes | tuple[str, ...]


class CellStore(Sequence[tuple[str, ...]]):
    """Rows of cells, stored by column: the cells of a few thousand rows are one encoded string.

    A sequence of rows. Reading it from start to end is fast; so is reading rows near each other.

    Examples
    --------
    >>> store = CellStore.of_rows([["1", "It broke."], ["2", ""]], 2)
    >>> store[1], store.column(1), len(store), store.width
    (('2', ''), ['It broke.', ''], 2, 2)
    """

    def __init__(self, columns: Sequence[tuple[Chunk, ...]], sizes: Sequence[int]) -> None:
        self._columns = tuple(columns)
        self._sizes = tuple(sizes)
        self._ends = tuple(accumulate(sizes))
        self._last: tuple[int, list[tuple[str, ...]]] = (-1, [])

    @classmethod
    def of_rows(cls, rows: Iterable[Sequence[str]], width: int) -> CellStore:
        """A store of rows, each of which has `width` cells."""
        builder, remaining = Builder(width), iter(rows)
        while chunk := list(islice(remaining, _CHUNK)):
            builder.add(chunk)
        return builder.store()

    @classmethod
    def of_columns(cls, columns: Sequence[Sequence[str]]) -> CellStore:
        """A store of columns of equal length."""
        length = len(columns[0]) if columns else 0
        starts = range(0, length, _CHUNK)
        packed = [tuple(_packed(column[start : start + _CHUNK]) for start in starts) for column in columns]
        return cls(packed, [min(_CHUNK, length - start) for start in starts])

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self._columns)

    def column(self, place: int) -> list[str]:
        """All cells of a column."""
        return list(self.iter_column(place))

    def iter_column(self, place: int) -> Iterator[str]:
        """The cells of a column one by one, without all of them in memory."""
        return chain.from_iterable(map(_unpacked, self._columns[place]))

    def iter_columns(self) -> list[Iterator[str]]:
        """`iter_column` of each column."""
        return list(map(self.iter_column, range(self.width)))

    def chunks(self, places: Sequence[int] | None = None) -> Iterator[list[Sequence[str]]]:
        """The cells of a few thousand rows at a time, by column; `places` selects and orders the columns."""
        chosen = self._columns if places is None else [self._columns[place] for place in places]
        for number in range(len(self._sizes)):
            yield [_unpacked(column[number]) for column in chosen]

    def mentions(self, place: int, *marks: str) -> bool:
        """Whether any cell of a column contains one of these strings; faster than looking at each cell."""
        wanted = [mark.encode() for mark in marks]
        for chunk in self._columns[place]:
            whole = chunk if isinstance(chunk, bytes) else "".join(chunk).encode("utf-8", "replace")
            if any(mark in whole for mark in wanted):
                return True
        return False

    def select_columns(self, places: Iterable[int]) -> CellStore:
        """These columns, in this order."""
        return CellStore([self._columns[place] for place in places], self._sizes)

    def take(self, places: Sequence[int]) -> CellStore:
        """The rows at these places."""
        return CellStore.of_rows((self[place] for place in places), self.width)

    def __add__(self, other: CellStore) -> CellStore:
        columns = [mine + more for mine, more in zip(self._columns, other._columns, strict=True)]
        return CellStore(columns, self._sizes + other._sizes)

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        return chain.from_iterable(zip(*columns, strict=True) for columns in self.chunks())

    @overload
    def __getitem__(self, index: int) -> tuple[str, ...]: ...
    @overload
    def __getitem__(self, index: slice) -> CellStore: ...
    def __getitem__(self, index: int | slice) -> tuple[str, ...] | CellStore:
        if isinstance(index, slice):
            start, stop, step = index.indices(len(self))
            return self._between(start, stop) if step == 1 else self.take(range(start, stop, step))
        place = index + len(self) if index < 0 else index
        if not 0 <= place < len(self):
            raise IndexError(f"There is no row {index} in {len(self)} rows.")
        number = bisect_right(self._ends, place)
        rows = self._rows(number)
        return rows[place - (self._ends[number] - self._sizes[number])]

    def _rows(self, number: int) -> list[tuple[str, ...]]:
        """The rows of one chunk; the last one is kept, since neighbours are usually read next."""
        last, rows = self._last
        if last != number:
            rows = list(zip(*(_unpacked(column[number]) for column in self._columns), strict=True))
            self._last = number, rows
        return rows

    def _between(self, start: int, stop: int) -> CellStore:
        """Consecutive rows; chunks that lie inside are shared."""
        columns: list[list[Chunk]] = [[] for _ in self._columns]
        sizes = []
        for number, (end, size) in enumerate(zip(self._ends, self._sizes, strict=True)):
            first, last = max(start - (end - size), 0), min(stop - (end - size), size)
            if first >= last:
                continue
            sizes.append(last - first)
            for mine, column in zip(columns, self._columns, strict=True):
                chunk = column[number]
                mine.append(chunk if last - first == size else _packed(_unpacked(chunk)[first:last]))
        return CellStore([tuple(column) for column in columns], sizes)

    def __getstate__(self) -> dict[str, object]:
        return {**vars(self), "_last": (-1, [])}


class Builder:
    """Collects rows of equal width into a store."""

    def __init__(self, width: int) -> None:
        self._columns: list[list[Chunk]] = [[] for _ in range(width)]
        self._sizes: list[int] = []

    def add(self, rows: Sequence[Sequence[str]]) -> None:
        """Add a chunk of rows."""
        if rows:
            for column, cells in zip(self._columns, zip(*rows, strict=True), strict=True):
                column.append(_packed(cells))
            self._sizes.append(len(rows))

    def add_packed(self, columns: Sequence[bytes], rows: int) -> None:
        """Add a chunk of rows by column: UTF-8, with a NUL between two cells."""
        for column, cells in zip(self._columns, columns, strict=True):
            column.append(cells)
        self._sizes.append(rows)

    def store(self) -> CellStore:
        """The store of all rows so far."""
        return CellStore([tuple(column) for column in self._columns], self._sizes)


def compact(numbers: Iterable[int]) -> Sequence[int]:
    """Numbers in little memory: a range if they are consecutive."""
    if isinstance(numbers, range):
        return numbers
    kept = numbers if isinstance(numbers, array) else array("q", numbers)
    consecutive = range(kept[0], kept[0] + len(kept)) if kept else range(0)
    return consecutive if all(map(eq, kept, consecutive)) else kept


def _packed(cells: Sequence[str]) -> Chunk:
    try:
        joined = _SEPARATOR.join(cells).encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which only a DataFrame can hold
        return tuple(cells)
    return joined if joined.count(b"\0") == len(cells) - 1 else tuple(cells)


def _unpacked(chunk: Chunk) -> Sequence[str]:
    return chunk.decode().split(_SEPARATOR) if isinstance(chunk, bytes) else chunk
