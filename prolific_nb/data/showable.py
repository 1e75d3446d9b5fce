"""Which columns are worth showing to participants, the best first."""

from __future__ import annotations

from collections.abc import Mapping

from .cells.cell_store import CellStore
from .columns import MEDIA, Kind


def showable(kinds: Mapping[str, Kind], store: CellStore) -> tuple[str, ...]:
    """The names of these columns; see `Dataset.text_columns` for their order."""
    ranks = {"text": 0, **dict.fromkeys(MEDIA, 1), "other": 2}
    places = {name: place for place, name in enumerate(kinds)}
    chosen = [
        name for name, kind in kinds.items() if kind in ranks and (kind != "other" or _is_words(store, places[name]))
    ]

    def order(name: str) -> tuple[bool, int, float]:
        place = places[name]
        return _is_repetitive(store, place), ranks[kinds[name]], -_length(store, place)

    return tuple(sorted(chosen, key=order))


def _length(store: CellStore, place: int) -> float:
    return sum(map(len, store.iter_column(place))) / len(store)


def _is_repetitive(store: CellStore, place: int) -> bool:
    """Whether a column has few distinct values, such as the name of one survey repeated in every row."""
    enough = max(2, len(store) / 20)
    seen: set[str] = set()
    for cell in store.iter_column(place):  # most columns have enough of them in the first rows
        seen.add(cell)
        if len(seen) >= enough:
            return False
    return len(store) > 1


def _is_words(store: CellStore, place: int) -> bool:
    cells = (cell for cell in store.iter_column(place) if cell and "://" not in cell)
    return 2 * sum(cell[0].isalpha() and not any(map(str.isdigit, cell)) for cell in cells) > len(store)
