"""Every registered type can be added in the composer, and every field of it can be set in its form."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import ipywidgets as w
import pytest

import prolific_nb as pnb
from prolific_nb.design.items import Item, Option, Unit, Validation
from prolific_nb.design.question_types import ITEM_TYPES
from prolific_nb.panels import Composer
from prolific_nb.panels.compose.item_palette import ITEM_FACTORIES, kind_of
from prolific_nb.panels.kit.sortable_list import Sortable

from ..find import find

NUMBER = Validation("number", 1, 9)
OTHER: dict[str, Any] = {
    "field": "product",
    "content": "<p>Other</p>",
    "content_format": "markdown",
    "url": "https://example.org/other.png",
    "alt_text": "Other",
    "caption": "Other",
    "description": "Other?",
    "options": (Option("One", "1st", heading="Other?"), Option("Two", "2nd", heading="Other?")),
    "answer_limit": -1,
    "helper_text": "Other",
    "ordered": True,
    "placeholder_text_input": "Other",
    "disable_dropdown": True,
    "right": "yes",
    "validation": NUMBER,
    "unit_options": (Unit("One", "1", NUMBER), Unit("Two", "2", NUMBER)),
    "unit_position": "prefix",
    "default_unit": "hours",
    "accepted_file_types": (".png",),
    "max_file_count": 3,
    "min_file_count": 2,
    "max_file_size_mb": 7,
}
"""Another value of each field than the one that a new item has."""
SETTINGS = [
    (name, each.name) for name, kind in ITEM_TYPES.items() for each in fields(kind.item) if each.name != "extra"
]


def new(name: str) -> Item:
    return next(iter(ITEM_TYPES[name].templates.values()))(("review",))


def fill(panel: Composer, values: dict[str, Any]) -> None:
    """Set the visible fields of the form, twice, since one may show another."""
    for name, value in [*values.items(), *values.items()]:
        each: Any = panel._editor._fields[name]
        if each.layout.display != "none":
            each.value = value


@pytest.mark.parametrize(("name", "setting"), SETTINGS)
def test_every_setting_of_every_type_is_in_its_form(name: str, setting: str) -> None:
    item = new(name)
    if setting == "options" and name == "multiple_choice":
        wanted = replace(item, **{setting: tuple(replace(each, heading=None) for each in OTHER[setting])})
    else:
        wanted = replace(item, **{setting: OTHER[setting]})
    panel = Composer(pnb.Design("x").insert(item), pnb.sample_data())
    fill(panel, ITEM_TYPES[name].to_form(wanted))
    assert panel.errors == []
    assert getattr(panel.value.items[0], setting) == OTHER[setting] or panel.value.items[0] == wanted


@pytest.mark.parametrize("name", ITEM_FACTORIES)
def test_everything_in_the_palette_is_added_and_shown(name: str) -> None:
    panel = Composer(pnb.Design("x").show("review"), pnb.sample_data())
    find(panel, w.Dropdown, "New").value = name
    find(panel, w.Button, "Add").click()
    assert panel.errors == []
    assert len(find(panel, Sortable).items) >= 2
    selected = panel.value.entries[int(find(panel, Sortable).selected)]
    assert kind_of(selected) == kind_of(ITEM_FACTORIES[name](()))


def test_every_registered_type_is_in_the_palette() -> None:
    made = {type(make(()).item) for make in ITEM_FACTORIES.values()}
    assert {kind.item for kind in ITEM_TYPES.values()} <= made
