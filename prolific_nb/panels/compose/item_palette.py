"""What can be added to a page, how each entry of a design is labelled, and the findings about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ...common.findings import Finding, Findings
from ...design import Design, Entry
from ...design.items import Item
from ...design.layout import placed
from ...design.question_types import ITEM_TYPES, type_of
from ..kit.findings_list import for_panel

_Template = Callable[[tuple[str, ...]], Item]


def _entry(make: _Template) -> Callable[[tuple[str, ...]], Entry]:
    return lambda columns: Entry(make(columns))


ITEM_FACTORIES: Mapping[str, Callable[[tuple[str, ...]], Entry]] = {
    **{name: _entry(make) for kind in ITEM_TYPES.values() for name, make in kind.templates.items()},
    "New page": lambda _: Entry(page="body"),
    "Intro page": lambda _: Entry(page="intro"),
    "Outro page": lambda _: Entry(page="outro"),
}
"""What can be added, by name; each makes an entry, given the columns of the data."""


def kind_of(entry: Entry) -> str:
    """What an entry is, in a word or two.

    Examples
    --------
    >>> kind_of(Design("Reviews").write("Why?").entries[0])
    'free text'
    """
    if entry.item is None:
        return "page" if entry.page == "body" else f"{entry.page} page"
    return type_of(entry.item).label(entry.item)


def title_of(entry: Entry) -> str:
    """The line that shows an entry in the list."""
    if entry.item is None:
        return {"body": "New page", "intro": "Intro, shown once before", "outro": "Outro, shown once after"}[entry.page]
    return type_of(entry.item).title(entry.item)


def problems(design: Design, findings: Findings) -> tuple[dict[int, list[Finding]], Findings]:
    """Findings by the index of the entry they are about, and those about the design as a whole, for a panel."""
    places = [each.where for each in placed(design.pages)]
    items = [index for index, entry in enumerate(design.entries) if entry.item is not None]
    by_entry: dict[int, list[Finding]] = {}
    general = []
    for finding in map(for_panel, findings):
        where = [index for index, place in zip(items, places, strict=True) if place == finding.place]
        for index in where:
            by_entry.setdefault(index, []).append(finding)
        if not where:
            general.append(finding)
    return by_entry, Findings(general)
