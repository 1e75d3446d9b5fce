"""The text of each row, by which sentences, tables and plots name it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from ...plots.layout.names import flat
from ...responses import COLUMNS
from ..question_selection import ColumnNames

LONGEST = 60
"""Characters of a text that names a row."""
_NOT_OF_ROWS = frozenset({*COLUMNS, "study_id", "expected", "weight"})
_LOOKED_AT = 50  # cells that tell what a column holds


@dataclass(frozen=True, eq=False, repr=False)
class RowTexts:
    """The texts of the rows of a frame of answers, read when they are first needed.

    The column is the first of ``frame.attrs["shown"]``, the columns that participants see, that holds text; where that
    is not known, the one with the longest text. URLs, such as those of pictures, are not text.

    Parameters
    ----------
    frame : DataFrame
        The answers, with the columns of the row.
    columns : ColumnNames

    Examples
    --------
    >>> frame = pd.DataFrame({"row": ["k1", "k1", "k2"], "review": ["Fine.", "Fine.", "Loud " * 20]})
    >>> texts = RowTexts(frame, ColumnNames("row", "participant_id", "value"))
    >>> texts.name("k1"), texts.name("k3")
    ('Fine.', 'k3')
    >>> len(texts.name("k2"))
    60
    """

    frame: pd.DataFrame
    columns: ColumnNames

    @property
    def known(self) -> bool:
        """Whether the rows have a text at all."""
        return self._texts is not None

    def name(self, unit: object) -> str:
        """The text of a row, on one line and cut; its key where it has none."""
        found = None if self._texts is None else self._texts.get(unit)
        return cut(unit if found is None or pd.isna(found) else found)

    def names(self, units: Iterable[object]) -> list[str]:
        """As `name`, for several rows."""
        return [self.name(unit) for unit in units]

    @cached_property
    def _texts(self) -> dict[Any, Any] | None:
        column = self._column()
        if column is None:
            return None
        unit = self.columns.unit
        first = self.frame[[unit, column]].dropna().drop_duplicates(unit)
        return dict(zip(first[unit].tolist(), first[column].tolist(), strict=True))

    def _column(self) -> str | None:
        shown = [name if name not in COLUMNS else f"row_{name}" for name in self.frame.attrs.get("shown", ())]
        for name in shown:
            if name in self.frame.columns and _length(self.frame[name]):
                return name
        lengths = {name: _length(self.frame[name]) for name in self._own()}
        best = max(lengths, key=lambda name: lengths[name], default=None)
        return best if best is not None and lengths[best] and self._one_each(best) else None

    def _own(self) -> list[str]:
        """The columns that may be of the rows."""
        names = list(self.frame.columns)
        others = {self.columns.unit, self.columns.annotator, self.columns.label}
        if self.columns.unit not in names:
            return []
        return [name for name in names if name not in _NOT_OF_ROWS | others and names.count(name) == 1]

    def _one_each(self, column: str) -> bool:
        pairs = self.frame[[self.columns.unit, column]].dropna().drop_duplicates()
        return not pairs[self.columns.unit].duplicated().any()


def cut(text: object) -> str:
    """Text on one line, of at most `LONGEST` characters."""
    line = flat(text)
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def _length(column: pd.Series[Any]) -> float:
    """Mean length of the first cells of a column of text; 0 if it holds something else."""
    cells = column.dropna().head(_LOOKED_AT).tolist()
    texts = [each for each in cells if isinstance(each, str)]
    if not texts or len(texts) < len(cells) or all(each.startswith(("http://", "https://", "data:")) for each in texts):
        return 0.0
    return sum(map(len, texts)) / len(texts)
