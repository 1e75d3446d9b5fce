"""Finding the rows whose cells contain a text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..cells.cell_store import CellStore


def places_with(store: CellStore, text: str, columns: Sequence[int]) -> list[int]:
    """The places of the rows with a cell in these columns that contains a text; upper and lower case are the same."""
    found: list[int] = []
    start = 0
    pattern = re.compile(re.escape(text), re.IGNORECASE)
    for chunk in store.chunks(columns):
        hits: set[int] = set()
        for cells in chunk:
            # Most chunks have no hit: one search in their joined text is quicker than one in each cell.
            if pattern.search("\0".join(cells)):
                hits.update(place for place, cell in enumerate(cells) if pattern.search(cell))
        found.extend(start + place for place in sorted(hits))
        start += len(chunk[0]) if chunk else 0
    return found
