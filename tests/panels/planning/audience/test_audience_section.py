"""The audience of a plan in plain Python: filters are searched, chosen, edited, removed, and never lost."""

from __future__ import annotations

from typing import Any

import ipywidgets as w
import pytest

import prolific_nb as pnb
from prolific_nb.api import Client
from prolific_nb.panels.planning.audience.chips import Chips
from prolific_nb.panels.planning.audience.picker import Picker
from prolific_nb.study.audience import OtherFilter

from ...find import find, parsed, shown
from .audience_steps import AGE, MISSING, WOMEN, chips, click, delete, open_panel, press, search, settle


def test_a_filter_is_searched_chosen_edited_and_removed(client: Client) -> None:
    panel = open_panel(client)
    assert chips(panel) == []
    search(panel, "sex")
    find(panel, Picker, "Choices").chosen = ["1", "0"]
    click(panel, "Add")
    assert panel.value.filters == (pnb.Filter("sex", any_of=["1", "0"]),)
    assert chips(panel) == ["Sex: Female or Male"]
    search(panel, "age")
    find(panel, w.Text, "From").value, find(panel, w.Text, "to").value = "18", "40"
    click(panel, "Add")
    assert chips(panel) == ["Sex: Female or Male", "Age 18 to 40"]
    press(panel, "1")
    find(panel, w.Text, "to").value = ""
    click(panel, "Save")
    assert panel.value.filters[1] == pnb.Filter("age", between=(18, None))
    delete(panel, "0")
    assert chips(panel) == ["Age 18 or more"]
    press(panel, "0")
    click(panel, "Remove")
    assert panel.value == pnb.StudyPlan("Reviews", reward="1.50", minutes=6)
    for _ in range(5):
        panel.held.undo()
    assert panel.value.filters == ()
    assert not panel.held.can_undo
    panel.held.redo()
    assert chips(panel) == ["Sex: Female or Male"]
    assert panel.errors == []


def test_the_code_is_what_a_person_would_write(client: Client) -> None:
    panel = open_panel(client, pnb.Filter.any(WOMEN, AGE), pnb.Filter.exclude(studies=[MISSING]))
    code = panel.show_code()
    assert 'pnb.Filter.any(pnb.Filter("sex", any_of=["1"]), pnb.Filter("age", between=(18, 40)))' in code
    assert f'pnb.Filter.exclude(studies=["{MISSING}"])' in code
    names: dict[str, Any] = {}
    exec(code, names)
    assert names["plan"] == panel.value


def test_alternatives_are_made_and_taken_apart(client: Client) -> None:
    panel = open_panel(client, WOMEN)
    search(panel, "age")
    find(panel, w.Text, "From").value = "60"
    places = dict(find(panel, w.Dropdown, "Combine").options)
    find(panel, w.Dropdown, "Combine").value = places["or: as an alternative to “Sex: Female”"]
    click(panel, "Add")
    assert chips(panel) == ["[Sex: Female or Age 60 or more]"]
    search(panel, "handedness")
    find(panel, Picker, "Choices").chosen = ["0"]
    places = dict(find(panel, w.Dropdown, "Combine").options)
    find(panel, w.Dropdown, "Combine").value = places["and: only together with “Sex: Female”"]
    click(panel, "Add")
    old, left = pnb.Filter("age", between=(60, None)), pnb.Filter("handedness", any_of=["0"])
    assert panel.value.filters == (pnb.Filter.any(pnb.Filter.all(WOMEN, left), old),)
    delete(panel, "0.0.1")
    assert chips(panel) == ["[Sex: Female or Age 60 or more]"]
    delete(panel, "0.1")
    assert panel.value.filters == (WOMEN,)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        ("", "", "Enter a lowest value, a highest value, or both."),
        ("forty", "", "“forty” is neither a number nor a date"),
        ("40", "18", "The range is empty: 40 is above 18."),
        ("18", "2000-01-31", "mixes a number and a date"),
    ],
)
def test_a_range_that_is_none_is_refused_beside_its_fields(low: str, high: str, said: str, client: Client) -> None:
    panel = open_panel(client)
    search(panel, "age")
    assert "Error" not in parsed(panel.audience.card.note.value)[2]  # nothing was entered yet
    find(panel, w.Text, "From").value, find(panel, w.Text, "to").value = low, high
    click(panel, "Add")
    assert said in parsed(panel.audience.card.note.value)[2]
    assert panel.value.filters == ()
    find(panel, w.Text, "From").value = "1"
    assert panel.audience.card.note.value == ""
    assert panel.errors == []


def test_a_filter_without_a_choice_is_refused(client: Client) -> None:
    panel = open_panel(client)
    search(panel, "sex")
    click(panel, "Add")
    assert "Choose at least one." in shown(panel)
    click(panel, "Cancel")
    assert panel.value.filters == ()


KEPT: dict[str, dict[str, Any]] = {
    "unknown form": {"filters": [OtherFilter({"filter_id": "age", "selected_moon": "full"})]},
    "weightings": {"filters": [pnb.Filter("sex", any_of=["0"], weightings={"0": 0.5})]},
    "text ends": {"filters": [pnb.Filter("age", between=("18", "30.0"))]},
    "lost groups": {"filters": [pnb.Filter.any(AGE), pnb.Filter.all(WOMEN, pnb.Filter.any(AGE, WOMEN))]},
    "unknown ids": {"filters": [pnb.Filter("no-such-filter", any_of=["7"]), pnb.Filter("sex", any_of=["99"])]},
    "people": {"filters": [pnb.Filter.only(participants=[MISSING]), pnb.Filter.exclude(groups=[MISSING])]},
    "set": {"filter_set_id": "f" * 24, "filter_set_version": 3},
    "sample": {"study_type": "UK_REP_SAMPLE", "devices": ["mobile", "desktop"]},
    "quota": {"extra": {"study_type": "QUOTA", "is_custom_screening": True}},
    "all devices": {"devices": ["desktop", "tablet", "mobile"]},
    "settings": {
        "completion_codes": [{"code": "A", "code_type": "COMPLETED"}],
        "max_submissions": -1,
        "project": "p" * 24,
        "internal_name": "mine",
        "label": "annotation",
    },
}


@pytest.mark.parametrize("kept", KEPT.values(), ids=KEPT)
@pytest.mark.parametrize("connected", [True, False])
def test_whatever_a_plan_holds_survives_the_panel(kept: dict[str, Any], connected: bool, client: Client) -> None:
    others = {name: value for name, value in kept.items() if name != "filters"}
    panel = open_panel(client if connected else None, *kept.get("filters", ()), **others)
    before = panel.value
    panel.more.open = True
    settle(panel)
    find(panel, w.Text, "Name").value = "Other"
    for number, node in enumerate(find(panel, Chips).nodes):
        press(panel, node["id"])  # opened, and left as it was
        if panel.audience.card.subject is not None:
            click(panel, "Save")
        assert len(find(panel, Chips).nodes) > number
    expected = {name: getattr(before, name) for name in before.__dataclass_fields__ if name not in ("name", "_")}
    assert {name: getattr(panel.value, name) for name in expected} == expected
    assert panel.value.name == "Other"
    assert panel.errors == []


def test_what_cannot_be_edited_is_a_chip_with_its_code(client: Client) -> None:
    odd = OtherFilter({"filter_id": "age", "selected_moon": "full"})
    panel = open_panel(client, odd, WOMEN, extra={"study_type": "QUOTA"})
    other, women, kind = find(panel, Chips).nodes
    assert (other["editable"], other["code"]) == (False, odd.to_code())
    assert women["editable"]
    assert "'QUOTA'" in kind["code"]
    press(panel, "0")
    assert panel.audience.card.subject is None
    delete(panel, "type")
    assert (panel.value.extra, panel.value.filters) == ({}, (odd, WOMEN))
