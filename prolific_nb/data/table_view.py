"""Looking at a table of strings: its rows and columns, what they contain, and whether their links load."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from functools import cached_property

import pandas as pd

from ..common.findings import Findings
from ..common.progress import OnProgress, silent
from ..errors import NoSuchPlace
from .cells.cell_store import CellStore
from .columns import MEDIA, Kind, place_of
from .quality.column_profiles import ColumnProfile, described, profiled
from .quality.links import broken_links
from .quality.row_search import places_with
from .showable import showable

_TEXT = pd.Series([""]).dtype  # "str" from pandas 3 on


class TableView:
    """What of a `Dataset` is read only; the subclass holds the parts."""

    _names: tuple[str, ...]
    _store: CellStore
    _kinds: tuple[Kind, ...]
    _numbers: Sequence[int]

    @property
    def frame(self) -> pd.DataFrame:
        """The table: rows × columns, indexed from 0; every cell is a string, or missing if it is empty."""
        return self._framed(self._store)

    @property
    def table(self) -> pd.DataFrame:
        """The same as `frame`."""
        return self.frame

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in the file's order."""
        return self._names

    @property
    def kinds(self) -> dict[str, Kind]:
        """The kind of each column: text, image, audio, video, group or other."""
        return dict(zip(self.columns, self._kinds, strict=True))

    @property
    def grouping(self) -> str | None:
        """The column that groups the tasks, or None; more than one is an error of `Dataset.check`."""
        return next((name for name, kind in self.kinds.items() if kind == "group"), None)

    @property
    def rows(self) -> Sequence[int]:
        """The spreadsheet row number of each row: the header is 1, and blank lines count."""
        return self._numbers

    @property
    def text_columns(self) -> tuple[str, ...]:
        """Columns worth showing to participants, the best first.

        Prose is first, the longest on average before shorter; then images, audio and video; then other columns of
        words, such as names. Columns with the same few values in most rows are last. Grouping keys, and columns of
        numbers or URLs only, are excluded.
        """
        return showable(self.kinds, self._store)

    def head(self, n: int = 5) -> pd.DataFrame:
        """The first rows of `frame`."""
        return self._framed(self._store[: n if n >= 0 else len(self) + n])

    def row(self, index: int) -> dict[str, str]:
        """The cells of one row by column; `index` counts from 0."""
        if not -len(self) <= index < len(self):
            raise NoSuchPlace(f"There is no row {index}; the index of a row is from 0 to {len(self) - 1}.")
        return dict(zip(self.columns, self._store[index], strict=True))

    def cells(self, column: str) -> list[str]:
        """The cells of a column, in order."""
        return self._store.column(place_of(self._names, column))

    @cached_property
    def profiles(self) -> tuple[ColumnProfile, ...]:
        """What is in each column: distinct and empty cells, their lengths, examples."""
        return profiled(self.kinds, self._store)

    def describe(self) -> pd.DataFrame:
        r"""One row for each column: its kind, its distinct and empty cells, their lengths, and examples.

        Lengths are in characters, of the cells that are not empty.

        Examples
        --------
        >>> from prolific_nb.data import read_data
        >>> read_data(b"id,review\n1,Fine.\n2,\n").describe()[["distinct", "empty", "longest"]]
                distinct  empty  longest
        column
        id             2      0        1
        review         1      1        5
        """
        return described(self.kinds, self.profiles)

    def find(self, text: str, column: str | None = None) -> list[int]:
        r"""The indexes, from 0, of the rows with a cell that contains a text, whatever its case.

        Examples
        --------
        >>> from prolific_nb.data import read_data
        >>> read_data(b"id,review\n1,Fine.\n2,Broken.\n").find("broken")
        [1]
        """
        places = range(len(self.columns)) if column is None else [place_of(self._names, column)]
        return places_with(self._store, text, places)

    def check_links(
        self,
        columns: Collection[str] | None = None,
        *,
        most: int = 500,
        timeout: float = 5.0,
        on_progress: OnProgress | None = None,
    ) -> Findings:
        """Request the URLs of the media columns, and count those that do not load.

        Only https URLs of public servers are requested, with HEAD or the first byte of GET, eight at a time, without
        cookies or tokens.

        Parameters
        ----------
        columns : collection of str, optional
            By default the columns of images, audio and video.
        most : int
            At most this many distinct URLs are requested.
        timeout : float
            Seconds to wait for each.
        on_progress : callable, optional
            Called with a `Progress` after each URL; an exception from it stops the check.

        Returns
        -------
        Findings
            For each column a note with the number of links that load, and errors with the rows of the others.
        """
        wanted = [name for name, kind in self.kinds.items() if kind in MEDIA] if columns is None else list(columns)
        links = {
            name: [(row, cell) for row, cell in zip(self.rows, self.cells(name), strict=True) if cell.strip()]
            for name in wanted
        }
        return broken_links(links, most, timeout, on_progress or silent)

    def __len__(self) -> int:
        return len(self._store)

    def _framed(self, store: CellStore) -> pd.DataFrame:
        columns = (
            pd.Series([cell or math.nan for cell in store.iter_column(n)], dtype=_TEXT) for n in range(store.width)
        )
        return pd.DataFrame(dict(zip(self.columns, columns, strict=True)))
