"""The CSV as a value: a table of text that knows its columns and its rows."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..common.findings import Finding, Findings
from ..common.plurals import counted
from ..errors import DataError
from . import checks, legacy_csv
from .columns import MEDIA, Kind, api_type, check_told
from .write_csv import write_csv

ROW_COLUMN = "pnb_row"
"""Name of the hidden column by which answers find their row."""

_PORTION = 4096  # rows

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    r"""Rows to be judged. Made by `read_data`; it cannot be changed; one of the same content and kinds equals it.

    Parameters
    ----------
    name : str
        Stem of the file's name, or ``"data"``.
    findings : Findings
        What reading had to decide or leave out.
    source : str or None
        The path as it was given.

    Notes
    -----
    Every cell is text, an empty one ``""``. The content is the names of the columns, in order, and the cells;
    name and source are not part of it.

    Examples
    --------
    >>> from prolific_nb.data import read_data
    >>> data = read_data(b"id,review\n1,It broke after a day.\n2,I would buy it again.\n")
    >>> data
    Dataset('data': 2 rows; id other, review text)
    >>> data.schema(["review"])["fields"]["review"]
    {'type': 'text'}
    """

    name: str
    _frame: pd.DataFrame
    _kinds: tuple[Kind, ...]
    findings: Findings
    source: str | None
    _numbers: Sequence[int]
    _expression: str
    _as_read: tuple[Kind, ...] | None = None

    @property
    def frame(self) -> pd.DataFrame:
        """A copy of the table: rows × columns, every cell text, numbered from 0."""
        return self._frame.copy()

    @property
    def table(self) -> pd.DataFrame:
        """The same copy under its public name."""
        return self.frame

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in the file's order."""
        return tuple(self._frame.columns)

    @property
    def kinds(self) -> dict[str, Kind]:
        """What each column holds: text, image, audio, video, group or other."""
        return dict(zip(self.columns, self._kinds, strict=True))

    @property
    def rows(self) -> Sequence[int]:
        """The spreadsheet's number of each row: the header is 1, and blank lines count."""
        return self._numbers

    @property
    def text_columns(self) -> tuple[str, ...]:
        """Columns with something to read or look at, the best to show first.

        Prose comes first, the longest on average before others; then pictures, sound and film; then other columns
        that hold words, such as names. A column that says much the same in every row comes behind those of its sort
        that do not. Grouping keys, and columns of nothing but numbers and addresses, are left out.
        """
        ranks = {"text": 0, **dict.fromkeys(MEDIA, 1), "other": 2}
        worth = [
            name for name, kind in self.kinds.items() if kind in ranks and (kind != "other" or self._is_words(name))
        ]
        return tuple(
            sorted(worth, key=lambda name: (self._is_dull(name), ranks[self.kinds[name]], -self._length(name)))
        )

    def head(self, n: int = 5) -> pd.DataFrame:
        """A copy of the first rows."""
        return self._frame.head(n).copy()

    def row(self, index: int) -> dict[str, str]:
        """The cells of one row by column; `index` counts from 0."""
        return dict(zip(self.columns, self._frame.iloc[index], strict=True))

    def cells(self, column: str) -> list[str]:
        """The cells of a column, in order."""
        cells: list[str] = self._frame[column].tolist()
        return cells

    @cached_property
    def row_keys(self) -> tuple[str, ...]:
        """A name for each row that is made of its content, so that it outlives sorting and copying.

        The first 12 hex digits of the SHA-256 of its cells, and which occurrence of this content it is, from 1.
        """
        return tuple(self._keys())

    @cached_property
    def _digests(self) -> npt.NDArray[np.uint64]:
        """Of each row the first 48 bits of the SHA-256 of its cells."""
        firsts = (hashlib.sha256(_encode(record).encode()).digest()[:6] for record in self._records(self.columns))
        return np.fromiter((int.from_bytes(first) for first in firsts), dtype=np.uint64, count=len(self))

    def _keys(self) -> Iterator[str]:
        """The row keys one by one: a million of them at once would take more memory than the upload may."""
        ordered = np.sort(self._digests)
        seen = dict.fromkeys(ordered[1:][ordered[1:] == ordered[:-1]].tolist(), 0)
        for digest in self._digests:
            number = int(digest)
            if number in seen:
                seen[number] += 1
            yield f"{number:012x}-{seen.get(number, 1)}"

    @cached_property
    def digest(self) -> str:
        """SHA-256 of names and cells, in hex."""
        content = hashlib.sha256(_encode(self.columns).encode())
        for record in self._records(self.columns):
            content.update(b"\n" + _encode(record).encode())
        return content.hexdigest()

    def with_kinds(self, kinds: Mapping[str, str]) -> Dataset:
        r"""The same rows with other kinds for some columns.

        Parameters
        ----------
        kinds : mapping of str to str
            Kind by name of column, as for `read_data`; the other columns keep theirs.

        Raises
        ------
        DataError
            For columns and kinds that do not exist, all of them at once.

        Examples
        --------
        >>> from prolific_nb.data import read_data
        >>> read_data(b"id,photo\n1,a.png\n").with_kinds({"photo": "image"}).kinds
        {'id': 'other', 'photo': 'image'}
        """
        faults = list(check_told(self.columns, kinds))
        if faults:
            raise DataError(self.name, faults)
        known: dict[str, Any] = {**self.kinds, **kinds}
        made = replace(self, _kinds=tuple(known.values()), _as_read=self._as_read or self._kinds)
        for name in {"row_keys", "digest", "_digests"} & vars(
            self
        ).keys():  # they cost seconds, and no kind is part of them
            vars(made)[name] = vars(self)[name]
        return made

    def select(self, keys: Iterable[str]) -> Dataset:
        r"""Some of the rows, in their order, under the same keys.

        Parameters
        ----------
        keys : iterable of str
            Out of `row_keys`, or of the column ``row`` of a table of answers; a key may be named more than once.

        Raises
        ------
        DataError
            Keys that are not in the data, or none; or the second of two equal rows without the first, since keys
            count equal rows in order.

        Examples
        --------
        >>> from prolific_nb.data import read_data
        >>> data = read_data(b"id,review\n1,Fine.\n2,Broken.\n3,Late.\n")
        >>> data.select(data.row_keys[1:]).cells("review")
        ['Broken.', 'Late.']
        """
        wanted = dict.fromkeys(keys)
        places = [place for place, key in enumerate(self.row_keys) if key in wanted]
        found = [self.row_keys[place] for place in places]
        made = replace(
            self,
            _frame=self._frame.iloc[places].reset_index(drop=True),
            _numbers=tuple(self.rows[place] for place in places),
            _expression=f"{self.to_code('').removeprefix(' = ').rstrip()}.select({found!r})",
            _as_read=None,
        )
        if faults := [*_unknown(wanted, found), *_without_twin(found, made.row_keys)]:
            raise DataError(self.name, faults)
        return made

    def _like(self, other: Dataset) -> Dataset:
        """The same rows with the columns in the order and of the kinds that they have in another dataset.

        Raises
        ------
        DataError
            Its columns are others.
        """
        lacking = [name for name in other.columns if name not in self.columns]
        more = [name for name in self.columns if name not in other.columns]
        remedy = f"The columns of {other.name!r} are {', '.join(map(repr, other.columns))}; name them alike."
        faults = [Finding("error", "The column is missing.", remedy, column=name) for name in lacking]
        faults += [Finding("error", "There is no such column so far.", remedy, column=name) for name in more]
        if faults:
            raise DataError(self.name, faults)
        return replace(self, _frame=self._frame[list(other.columns)], _kinds=other._kinds, _as_read=None)

    def extended(self, more: Dataset) -> Dataset:
        r"""These rows, and behind them those of another dataset whose content is not here yet.

        Parameters
        ----------
        more : Dataset
            With the same columns, in any order.

        Raises
        ------
        DataError
            Its columns are others.

        Examples
        --------
        >>> from prolific_nb.data import read_data
        >>> data = read_data(b"id,review\n1,Fine.\n").extended(read_data(b"review,id\nLate.,2\nFine.,1\n"))
        >>> data.cells("review")
        ['Fine.', 'Late.']
        """
        fresh = more._like(self)
        known = {key.partition("-")[0] for key in self.row_keys}
        places = [place for place, key in enumerate(fresh.row_keys) if key.partition("-")[0] not in known]
        code = [each.to_code("").removeprefix(" = ").rstrip() for each in (self, more)]
        # Sources without an address are named by a variable; two of them must not have the same name.
        number = code[0].count(".extended(") + 2
        code[1] = re.sub(r"\bread_data\((frame|raw)\b", rf"read_data(\g<1>_{number}", code[1])
        return replace(
            self,
            _frame=pd.concat([self._frame, fresh._frame.iloc[places]], ignore_index=True),
            _numbers=(*self.rows, *(fresh.rows[place] for place in places)),
            _expression=f"{code[0]}.extended({code[1]})",
            _as_read=None,
        )

    def check(self) -> Findings:
        """Everything to know before the data is shown to people; what reading noted is part of it."""
        return self._checked

    @cached_property
    def _checked(self) -> Findings:
        # Kept, since it is asked for again with every change of a design and costs half a second in large data.
        return self.findings + checks.check(self)

    def schema(self, shown: Collection[str]) -> dict[str, Any]:
        """Prolific's description of the upload.

        Parameters
        ----------
        shown : collection of str
            Columns that participants see. A grouping key groups, and every other column is hidden metadata.

        Raises
        ------
        DataError
            If a shown column does not exist.
        """
        missing = [name for name in shown if name not in self.columns]
        if missing:
            remedy = f"The columns are {', '.join(map(repr, self.columns))}."
            raise DataError(
                self.name, [Finding("error", "There is no such column.", remedy, column=m) for m in missing]
            )
        fields = {
            name: {"type": api_type(kind) if name in shown or kind == "group" else "metadata"}
            for name, kind in self.kinds.items()
        }
        return {"strict": False, "fields": {**fields, ROW_COLUMN: {"type": "metadata"}}}

    def write_upload(self, file: IO[bytes]) -> None:
        """Write what Prolific gets: UTF-8 CSV, all columns, then `row_keys` under ``pnb_row``."""
        rows = zip(self._records(self.columns), self._keys(), strict=True)
        write_csv(file, (*self.columns, ROW_COLUMN), ((*cells, key) for cells, key in rows))

    def write_untyped(self, file: IO[bytes], shown: Sequence[str]) -> None:
        """Write what Prolific's older flow gets, whose headers say what participants see; see `untyped.headers`.

        Parameters
        ----------
        shown : sequence of str
            The columns that participants see, in order.
        """
        names = legacy_csv.headers(self.kinds, shown)
        rows = zip(self._records(tuple(names)), self._keys(), strict=True)
        header = (*names.values(), f"{legacy_csv.HIDDEN}{ROW_COLUMN}")
        write_csv(file, header, ((*cells, key) for cells, key in rows))

    def to_csv(self, target: str | os.PathLike[str], columns: Sequence[str] | None = None) -> None:
        """Write these columns, or all, as UTF-8 CSV."""
        names = self.columns if columns is None else tuple(columns)
        with Path(target).open("wb") as file:
            write_csv(file, names, self._records(names))

    def to_code(self, variable: str = "data") -> str:
        """Python that reads the same data again; it expects ``import prolific_nb as pnb``.

        Data that came as bytes or as a frame has no address: the code then names the variable it expects.
        """
        before = dict(zip(self.columns, self._as_read or self._kinds, strict=True))
        changed = {name: kind for name, kind in self.kinds.items() if kind != before[name]}
        return f"{variable} = {self._expression}{f'.with_kinds({changed!r})' if changed else ''}\n"

    def __len__(self) -> int:
        return len(self._frame)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Dataset) or self.kinds != other.kinds:
            return False
        return self._frame is other._frame or self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        kinds = ", ".join(f"{name} {kind}" for name, kind in list(self.kinds.items())[:8])
        more = f", and {len(self.columns) - 8} more" if len(self.columns) > 8 else ""
        return f"Dataset({self.name!r}: {counted(len(self), 'row')}; {kinds}{more})"

    def _repr_html_(self) -> str:
        kinds = ", ".join(f"{escape(name)} <i>{kind}</i>" for name, kind in self.kinds.items())
        about = f"<p><b>{escape(self.name)}</b> {counted(len(self), 'row')}: {kinds}</p>"
        return f"<div>{about}{self._frame.head().to_html()}{self.check()._repr_html_()}</div>"

    def _records(self, columns: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """The rows as tuples, made in portions: all at once they would need as much memory as the table itself."""
        for start in range(0, len(self), _PORTION):
            part = self._frame.iloc[start : start + _PORTION]
            yield from zip(*(part[name].tolist() for name in columns), strict=True)

    def _length(self, column: str) -> float:
        return sum(map(len, self.cells(column))) / len(self)

    def _is_dull(self, column: str) -> bool:
        """Whether a column tells few of its rows apart, as the name of one survey beside a thousand answers does."""
        return len(self) > 1 and self._frame[column].nunique() < max(2, len(self) / 20)

    def _is_words(self, column: str) -> bool:
        cells = [cell for cell in self.cells(column) if cell and "://" not in cell]
        return 2 * sum(cell[0].isalpha() and not any(map(str.isdigit, cell)) for cell in cells) > len(self)


def _unknown(wanted: Collection[str], found: Collection[str]) -> Iterator[Finding]:
    missing = [str(key) for key in wanted if key not in set(found)]
    if missing or not wanted:
        named = ", ".join(missing[:5]) + (f" and {len(missing) - 5} more" if len(missing) > 5 else "")
        what = f"The data has no rows {named}." if missing else "No rows were named."
        yield Finding("error", what, "data.row_keys has all keys; so has the column row of the answers.")


def _without_twin(found: Sequence[str], keys: Sequence[str]) -> Iterator[Finding]:
    for key, other in zip(found, keys, strict=True):
        if key != other:
            yield Finding("error", f"Row {key} has the same content as {other}.", f"Choose {other} before it.")
