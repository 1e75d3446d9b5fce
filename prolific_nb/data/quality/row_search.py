"""Finding the rows whose cells contain a text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress, count

from ..cells.cell_store import CellStore

_SEPARATOR = "\0"


def places_with(store: CellStore, text: str, columns: Sequence[int]) -> list[int]:
    """The places of the rows with a cell in these columns that contains a text; upper and lower case are the same."""
    wanted = text.lower()
    found: list[int] = []
    start = 0
    for chunk in store.chunks(columns):
        hits: set[int] = set()
        for cells in chunk:
            # Most chunks have no hit: one search in their joined text is quicker than one in each cell.
            joined = _SEPARATOR.join(cells).lower()
            if wanted in joined:
                lowered = joined.split(_SEPARATOR) if joined.count(_SEPARATOR) == len(cells) - 1 else _lowered(cells)
                hits.update(compress(count(), [wanted in cell for cell in lowered]))
        found.extend(start + place for place in sorted(hits))
        start += len(chunk[0]) if chunk else 0
    return found


def _lowered(cells: Sequence[str]) -> list[str]:
    return [cell.lower() for cell in cells]
