"""One card for each column: its kind, how many cells are distinct or empty, their lengths, examples, media."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from ...data import Dataset
from ...data.columns import MEDIA
from ..kit.html_table import KIND_WORDS, shorten

_STATIC = Path(__file__).parent / "static"
_LONGEST = 100  # characters of an example
_MOST_MEDIA = 6


class ColumnCards(anywidget.AnyWidget):
    """The cards of a dataset.

    Parameters
    ----------
    changed : callable
        Called with the name of a column and the kind that was chosen for it.
    """

    # A string, not a Path: anywidget watches the file of a Path, and a watched widget is never garbage-collected.
    _esm = (_STATIC / "column_cards.js").read_text(encoding="utf-8")
    _css = (_STATIC / "column_cards.css").read_text(encoding="utf-8")

    columns = traitlets.List(traitlets.Dict()).tag(sync=True)
    kinds = traitlets.List(traitlets.List(), [[kind, words] for kind, words in KIND_WORDS.items()]).tag(sync=True)

    def __init__(self, changed: Callable[[str, str], None]) -> None:
        super().__init__()
        self._changed = changed
        self.on_msg(self._received)

    def _received(self, _: Any, content: dict[str, Any], __: Any) -> None:
        self._changed(str(content["column"]), str(content["kind"]))

    def show(self, cards: list[dict[str, Any]]) -> None:
        """Show these cards; see `cards_of`."""
        if cards != self.columns:
            self.columns = cards


def cards_of(data: Dataset, *, profiled: bool) -> list[dict[str, Any]]:
    """What the cards show. Without `profiled`, only names and kinds, at once: profiles of large data take a moment."""
    if not profiled:
        return [_card(name, kind) for name, kind in data.kinds.items()]
    return [
        _card(
            name,
            kind,
            profiled=True,
            distinct=each.distinct,
            empty=each.empty,
            shortest=each.shortest,
            median=each.median,
            longest=each.longest,
            bins=list(each.bins),
            examples=[
                {"text": shorten(text, _LONGEST), "times": times}
                for text, times in zip(each.examples, each.times, strict=True)
            ],
            media=_media(data, name) if kind in MEDIA else [],
        )
        for (name, kind), each in zip(data.kinds.items(), data.profiles, strict=True)
    ]


def _card(name: str, kind: str, **known: Any) -> dict[str, Any]:
    nothing: dict[str, Any] = {"profiled": False, "distinct": 0, "empty": 0, "bins": [], "examples": [], "media": []}
    return {"name": name, "kind": kind, **nothing, **known}


def _media(data: Dataset, column: str) -> list[str]:
    """The first distinct https URLs of a column."""
    secure = (cell.strip() for cell in data.cells(column) if cell.lstrip().startswith("https://"))
    return list(islice(dict.fromkeys(secure), _MOST_MEDIA))
