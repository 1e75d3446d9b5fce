"""The audience of a plan as the nodes of `Chips`."""

from __future__ import annotations

from typing import Any

from ....study import Filter, StudyPlan
from ....study.audience import FilterGroup
from ....study.audience.filter_code import filter_code
from ....study.audience.participant_filter import AnyFilter
from ...kit.html_table import shorten
from .audience_tree import Filters, Path, combined_by, walk
from .audience_words import sentence, set_words
from .filter_library import Known

SET, TYPE = "set", "type"
_MOST = 160  # characters of a chip
_DEEPEST = 2  # levels at which another filter can be combined


def nodes(plan: StudyPlan, known: Known) -> list[dict[str, Any]]:
    """The filters, the saved set, and a type of study that the panel cannot edit."""
    found = [_node(each, (place,), known) for place, each in enumerate(plan.filters)]
    if plan.filter_set_id:
        code = f"filter_set_id={plan.filter_set_id!r}"
        found.append(_chip(SET, f"Saved filter set {set_words(plan, known)}", code, editable=False, shown=False))
    if "study_type" in plan.extra:
        kind = plan.extra["study_type"]
        found.append(_chip(TYPE, f"Type of study: {kind}", f"extra={{'study_type': {kind!r}}}", editable=False))
    return found


def ident_of(path: Path) -> str:
    """The id of the chip of the filter at a path.

    Examples
    --------
    >>> ident_of((2, 0)), path_of("2.0"), path_of("set")
    ('2.0', (2, 0), None)
    """
    return ".".join(map(str, path))


def path_of(ident: str) -> Path | None:
    """The path of a chip's filter; None for other chips."""
    parts = ident.split(".")
    return tuple(map(int, parts)) if all(part.isdecimal() for part in parts) else None


def places(filters: Filters, known: Known) -> list[tuple[str, Path]]:
    """Where another filter can be added, in words, with the path for `audience_tree.join`."""
    found: list[tuple[str, Path]] = [("and: everyone must fit it too", ())]
    for path, each in walk(filters):
        if len(path) <= _DEEPEST:
            turned = combined_by(filters, path) == "or"
            words = f"“{shorten(sentence(each, known), 60)}”"
            found.append((f"and: only together with {words}" if turned else f"or: as an alternative to {words}", path))
    labels = [label for label, _ in found]
    return [(f"{label} ({ident_of(path)})" if labels.count(label) > 1 else label, path) for label, path in found]


def editable(chosen: AnyFilter | None) -> bool:
    """Whether the card can edit a filter without losing a part of it."""
    return isinstance(chosen, Filter) and chosen.weightings is None


def _node(chosen: AnyFilter, path: Path, known: Known) -> dict[str, Any]:
    words, ident = shorten(sentence(chosen, known), _MOST), ident_of(path)
    if isinstance(chosen, FilterGroup):
        inner = [_node(each, (*path, place), known) for place, each in enumerate(chosen.filters)]
        return {"id": ident, "text": words, "word": chosen.id, "children": inner}
    return _chip(ident, words, filter_code(chosen), editable=editable(chosen))


def _chip(ident: str, text: str, code: str, *, editable: bool, shown: bool = True) -> dict[str, Any]:
    return {"id": ident, "text": text, "code": code if shown else "", "editable": editable, "fixed": False}
