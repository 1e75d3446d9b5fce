"""The CSV as a value: a table of strings with its column kinds and row keys."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from itertools import islice
from typing import IO, Any

from ..common.display import visible
from ..common.findings import Finding, Findings
from ..common.plurals import a_type, counted
from ..errors import DataError
from . import checks, legacy_csv
from .cells.cell_store import CellStore, compact
from .cells.row_keys import Digests, digests, row_keys
from .columns import Kind, api_type, check_kinds, place_of
from .csv_format import opened_to_write, write_csv
from .gold.gold_rows import Spread, distinct, fixed_spreads, kept_spreads, more_spreads
from .gold.gold_view import GoldView
from .quality.fixes import Table, applied, fix_of

ROW_COLUMN = "pnb_row"
"""Name of the hidden column that links a response to its row."""


@dataclass(frozen=True, eq=False, repr=False)
class Dataset(GoldView):
    r"""Rows to be annotated, made by `read_data`. Immutable; equal if content and kinds are equal.

    Parameters
    ----------
    name : str
        Stem of the file's name, or ``"data"``.
    findings : Findings
        What was guessed or skipped while reading.
    source : str or None
        The path as it was passed.

    Notes
    -----
    Every cell is a string; an empty cell is ``""``, and missing (NA) in `frame`, `table` and `head`. The content
    is the column names, in order, and the cells; name and source are not part of it.

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
    _names: tuple[str, ...]
    _store: CellStore
    _kinds: tuple[Kind, ...]
    findings: Findings
    source: str | None
    _numbers: Sequence[int]
    _expression: str
    _as_read: tuple[Kind, ...] | None = None
    _spreads: tuple[Spread, ...] = ()

    @cached_property
    def row_keys(self) -> tuple[str, ...]:
        """A key for each row, made from its content, so that it survives sorting and copying.

        The first 12 hex digits of the SHA-256 of its cells, then the number of this occurrence of the content, from 1.
        """
        return tuple(row_keys(self._digests[0]))

    @property
    def digest(self) -> str:
        """SHA-256 of the column names and cells, in hex."""
        return self._digests[1]

    @cached_property
    def _digests(self) -> tuple[Digests, str]:
        """Of each row and of the table, since a launch needs both and most of the work is the same."""
        return digests(self.columns, self._store)

    def with_kinds(self, kinds: Mapping[str, str]) -> Dataset:
        r"""The same rows with other kinds for some columns.

        Parameters
        ----------
        kinds : mapping of str to str
            Kind by column name, as for `read_data`; the other columns keep their kind.

        Raises
        ------
        DataError
            For columns and kinds that do not exist; it lists all of them.

        Examples
        --------
        >>> from prolific_nb.data import read_data
        >>> read_data(b"id,photo\n1,a.png\n").with_kinds({"photo": "image"}).kinds
        {'id': 'other', 'photo': 'image'}
        """
        faults = list(check_kinds(self.columns, kinds))
        if faults:
            raise DataError(self.name, faults)
        known: dict[str, Any] = {**self.kinds, **kinds}
        made = replace(self, _kinds=tuple(known.values()), _as_read=self._as_read or self._kinds)
        # These take seconds to compute and do not depend on the kinds.
        for name in {"row_keys", "_digests", "profiles"} & vars(self).keys():
            vars(made)[name] = vars(self)[name]
        return made

    def select(self, keys: Iterable[str]) -> Dataset:
        r"""Some of the rows, in their original order and with the same keys.

        Parameters
        ----------
        keys : iterable of str
            From `row_keys`, or from the column ``row`` of a frame of responses; repeated keys are allowed.

        Raises
        ------
        DataError
            If no key is given, or a key is not in the data; or for the second of two identical rows without the
            first, since keys number identical rows in order.

        Examples
        --------
        >>> from prolific_nb.data import read_data
        >>> data = read_data(b"id,review\n1,Fine.\n2,Broken.\n3,Late.\n")
        >>> data.select(data.row_keys[1:]).cells("review")
        ['Broken.', 'Late.']
        """
        wanted = self._named(keys)
        places = [place for place, key in enumerate(self.row_keys) if key in wanted]
        found = [self.row_keys[place] for place in places]
        made = replace(
            self,
            _store=self._store.take(places),
            _numbers=compact(self.rows[place] for place in places),
            _expression=f"{self._code}.select({found!r})",
            _as_read=None,
            _spreads=kept_spreads(self._spreads, places),
        )
        if faults := list(_changed_keys(found, made.row_keys)):
            raise DataError(self.name, faults)
        return made

    def without(self, keys: Iterable[str]) -> Dataset:
        r"""The other rows: all but these, such as those that are labelled already; keys and errors as of `select`.

        Examples
        --------
        >>> from prolific_nb.data import read_data
        >>> data = read_data(b"id,review\n1,Fine.\n2,Broken.\n3,Late.\n")
        >>> data.without(data.row_keys[1:]).cells("review")
        ['Fine.']
        """
        gone = self._named(keys)
        if len(gone) == len(self):
            raise DataError(self.name, [Finding("error", "No row is left without these.", "Leave out fewer rows.")])
        return self.select([key for key in self.row_keys if key not in gone])

    def _named(self, keys: Iterable[str]) -> dict[str, None]:
        """The keys, each once, if all are of rows."""
        if isinstance(keys, str) or hasattr(keys, "columns") or not isinstance(keys, Iterable):
            what = f"Rows are selected by a list of keys, not by {a_type(keys)}."
            remedy = "Pass a list: list(answers['row'].unique()[:5])."
            raise DataError(self.name, [Finding("error", what, remedy)])
        named = dict.fromkeys(keys)
        if faults := list(_unknown(named, self.row_keys)):
            raise DataError(self.name, faults)
        return named

    def _after(self, place: int) -> Dataset:
        """The rows from this place on, with the same keys."""
        made = replace(self, _store=self._store[place:], _numbers=compact(self.rows[place:]))
        vars(made)["row_keys"] = self.row_keys[place:]
        return made

    def _like(self, other: Dataset) -> Dataset:
        """The same rows with the column order and the kinds of another dataset.

        Raises
        ------
        DataError
            If the columns differ.
        """
        lacking = [name for name in other.columns if name not in self.columns]
        more = [name for name in self.columns if name not in other.columns]
        remedy = f"The columns of {other.name!r} are {', '.join(map(repr, other.columns))}; use the same names."
        faults = [Finding("error", "The column is missing.", remedy, column=name) for name in lacking]
        faults += [Finding("error", "There is no such column so far.", remedy, column=name) for name in more]
        if faults:
            raise DataError(self.name, faults)
        store = self._store.select_columns(map(self._names.index, other.columns))
        return replace(self, _names=other.columns, _store=store, _kinds=other._kinds, _as_read=None)

    def extended(self, more: Dataset) -> Dataset:
        r"""These rows, followed by the rows of another dataset whose content is new.

        Parameters
        ----------
        more : Dataset
            Has the same columns, in any order.

        Raises
        ------
        DataError
            If the columns differ.

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
        code = [self._code, more._code]
        # A source without a path is a variable in the code; two of them need different names.
        number = code[0].count(".extended(") + 2
        code[1] = re.sub(r"\bread_data\((frame|raw)\b", rf"read_data(\g<1>_{number}", code[1])
        return replace(
            self,
            _store=self._store + fresh._store.take(places),
            _numbers=compact([*self.rows, *(fresh.rows[place] for place in places)]),
            _expression=f"{code[0]}.extended({code[1]})",
            _as_read=None,
            _spreads=more_spreads(self._spreads, len(self), fresh._spreads, places),
        )

    def check(self) -> Findings:
        """All findings about the data, including those of reading it."""
        return self._checked

    @cached_property
    def _checked(self) -> Findings:
        # Cached: it is needed after every change of a design and takes half a second for large data.
        found = [*checks.check(self.kinds, self.rows, self._store), *self._gold_findings()]
        return self.findings + [finding for finding in found if finding not in self.findings]

    def fixed(self, fix: str | Finding, column: str | None = None) -> Dataset:
        r"""A copy in which the cause of a finding is removed; the rows that stay keep their numbers.

        Parameters
        ----------
        fix : str or Finding
            One of "delete empty rows", "delete repeated rows", "delete rows without a value", "delete column",
            "trim spaces", "rename column" and "use https"; or a finding with a `fix`.
        column : str, optional
            The column, for a fix that is about one. "trim spaces" without it is about all.

        Returns
        -------
        Dataset
            The same object if there was nothing to fix.

        Raises
        ------
        DataError
            If there is no such fix or column, or no row would be left.

        Examples
        --------
        >>> from prolific_nb.data import read_data
        >>> data = read_data(b"id,review\n1, Fine.\n,\n2,Late.\n")
        >>> data.fixed("delete empty rows").fixed("trim spaces").cells("review")
        ['Fine.', 'Late.']
        """
        if isinstance(fix, Finding):
            column, fix = fix.column, fix_of(fix, self.name)
        # Numbered by place, so that it is known which rows are left.
        before = Table(self._names, self._kinds, range(len(self)), self._store)
        after = applied(fix, before, column, self.name)
        spreads = fixed_spreads(self._spreads, fix, before, after, column, self.name)
        if after is before and spreads == self._spreads:
            return self
        about = "" if column is None else f", column={column!r}"
        return replace(
            self,
            _names=after.names,
            _kinds=after.kinds,
            _store=after.store,
            _numbers=compact(self.rows[place] for place in after.numbers),
            _expression=f"{self._code}.fixed({fix!r}{about})",
            _as_read=None,
            _spreads=spreads,
        )

    def schema(self, shown: Collection[str]) -> dict[str, Any]:
        """Prolific's schema of the upload.

        Parameters
        ----------
        shown : collection of str
            Columns that participants see. Grouping keys group the tasks; every other column is hidden metadata.

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
        """Write the CSV to upload: UTF-8, all columns, then `row_keys` as ``pnb_row``."""
        write_csv(file, (*self.columns, ROW_COLUMN), self._with_keys(self.columns))

    def write_untyped(self, file: IO[bytes], shown: Sequence[str]) -> None:
        """Write the CSV for Prolific's legacy flow, whose headers control what is shown; see `legacy_csv.headers`.

        Parameters
        ----------
        shown : sequence of str
            The columns that participants see, in order.
        """
        names = legacy_csv.headers(self.kinds, shown)
        write_csv(file, (*names.values(), f"{legacy_csv.HIDDEN}{ROW_COLUMN}"), self._with_keys(tuple(names)))

    def to_csv(self, target: str | os.PathLike[str], columns: Sequence[str] | None = None) -> None:
        """Write these columns, or all, as UTF-8 CSV; `~` is the home folder."""
        names = self.columns if columns is None else tuple(columns)
        places = [place_of(self._names, name) for name in names]
        with opened_to_write(target) as file:
            write_csv(file, names, self._store.chunks(places))

    def to_code(self, variable: str = "data") -> str:
        """Python code that reads the same data again; it expects ``import prolific_nb as pnb``.

        For data that was read from bytes or a DataFrame, the code refers to a variable ``raw`` or ``frame``.
        """
        before = dict(zip(self.columns, self._as_read or self._kinds, strict=True))
        changed = {name: kind for name, kind in self.kinds.items() if kind != before[name]}
        return f"{variable} = {self._expression}{f'.with_kinds({changed!r})' if changed else ''}\n"

    @property
    def _code(self) -> str:
        """The expression of `to_code`."""
        return self.to_code("").removeprefix(" = ").rstrip()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Dataset) or (self.kinds, self._spreads) != (other.kinds, other._spreads):
            return False
        return self._store is other._store or self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        kinds = ", ".join(f"{name} {kind}" for name, kind in list(self.kinds.items())[:8])
        more = f", and {len(self.columns) - 8} more" if len(self.columns) > 8 else ""
        return visible(f"Dataset({self.name!r}: {self._size}; {kinds}{more})")

    @property
    def _size(self) -> str:
        gold = distinct(self._spreads)
        return counted(len(self), "row") + (f" + {counted(gold, 'gold row')}" if gold else "")

    def _repr_html_(self) -> str:
        kinds = ", ".join(f"{escape(visible(name))} <i>{kind}</i>" for name, kind in self.kinds.items())
        about = f"<p><b>{escape(visible(self.name))}</b> {self._size}: {kinds}</p>"
        return f"<div>{about}{self.head().to_html(na_rep='')}{self.check()._repr_html_()}</div>"

    def _with_keys(self, columns: Sequence[str]) -> Iterator[list[Sequence[str]]]:
        """The cells of these columns and the row keys, in chunks."""
        keys = row_keys(self._digests[0])
        for chunk in self._store.chunks(list(map(self._names.index, columns))):
            yield [*chunk, list(islice(keys, len(chunk[0])))]


def _unknown(wanted: Collection[str], found: Collection[str]) -> Iterator[Finding]:
    known = set(found)
    missing = [str(key) for key in wanted if key not in known]
    if missing or not wanted:
        listed = ", ".join(map(repr, missing[:5])) + (f" and {len(missing) - 5} more" if len(missing) > 5 else "")
        what = f"There are no rows {listed} in the data." if missing else "No rows were selected."
        yield Finding("error", what, "Use keys from data.row_keys or from the column 'row' of the responses.")


def _changed_keys(found: Sequence[str], keys: Sequence[str]) -> Iterator[Finding]:
    for key, other in zip(found, keys, strict=True):
        if key != other:
            yield Finding("error", f"Row {key} has the same content as {other}.", f"Select {other} as well.")
