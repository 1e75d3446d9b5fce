"""The audience of a plan in plain Python: searched, chosen, edited, removed, and never lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from threading import Thread
from typing import Any

import ipywidgets as w
import pytest
import requests

import prolific_nb as pnb
from prolific_nb.api import Client, Token, Transport
from prolific_nb.panels.kit.observable import Observable
from prolific_nb.panels.planning.audience.chips import Chips
from prolific_nb.panels.planning.audience.picker import Picker
from prolific_nb.panels.planning.plan_panel import Plan
from prolific_nb.sandbox import Sandbox
from prolific_nb.study.audience import OtherFilter

from ....conftest import DESIGN, PLAN, Connect
from ...find import find, find_all, models, parsed, shown, until

AGE, WOMEN = pnb.Filter("age", between=(18, 40)), pnb.Filter("sex", any_of=["1"])
NASTY = "<img src=x onerror=alert(1)>"
MISSING = "6500000000000000000000aa"


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """One sandbox for all: what is made in it has a name of its own."""
    with Sandbox() as sandbox:
        yield Client(Transport(sandbox.url, Token(sandbox.token)), mode="SANDBOX")


_opened: list[Plan] = []


@pytest.fixture(autouse=True)
def _close_panels() -> Iterator[None]:
    yield
    while _opened:
        _opened.pop().close()


def open_panel(client: Client | None, *filters: Any, **changes: Any) -> Plan:
    plan = pnb.StudyPlan("Reviews", reward="1.50", minutes=6, filters=filters, **changes)
    panel = Plan(plan, client=client, data=pnb.sample_data(), design=DESIGN)
    _opened.append(panel)
    settle(panel)
    return panel


def settle(panel: Plan) -> None:
    """Wait until the lists have been read."""
    until(lambda: not panel._jobs)


def estimated(panel: Plan) -> str:
    """What the panel says once the cost is known and the participants are counted."""
    panel.estimator.join(10)
    return " ".join(parsed(shown(panel))[2].split())


def chips(panel: Plan) -> list[str]:
    """The texts of the chips, groups in brackets."""
    return [_text(node) for node in find(panel, Chips).nodes]


def _text(node: dict[str, Any]) -> str:
    if "children" not in node:
        return str(node["text"])
    return "[" + f" {node['word']} ".join(map(_text, node["children"])) + "]"


def search(panel: Plan, filter_id: str) -> None:
    """Open the list and choose a filter."""
    picker = find(panel, Picker, "Add a filter")
    picker.opened += 1
    until(lambda: picker.items)
    picker.chosen = [filter_id]
    settle(panel)
    assert picker.chosen == []


def click(panel: Plan, words: str) -> None:
    [visible] = [each for each in find_all(panel, w.Button, words) if seen(panel, each)]
    visible.click()


def seen(panel: Plan, widget: w.Widget) -> bool:
    def inside(node: Any) -> bool:
        if node is widget:
            return True
        hidden = getattr(node.layout, "display", None) == "none" if hasattr(node, "layout") else False
        return not hidden and any(map(inside, getattr(node, "children", ())))

    return inside(panel.box) and widget.layout.display != "none"


def press(panel: Plan, chip: str) -> None:
    find(panel, Chips).pressed = (chip, find(panel, Chips).pressed[1] + 1)
    settle(panel)


def delete(panel: Plan, chip: str) -> None:
    find(panel, Chips).removed = (chip, find(panel, Chips).removed[1] + 1)


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


def test_earlier_studies_and_groups_are_chosen_by_name(sandboxed: Connect) -> None:
    client = sandboxed()
    data = pnb.read_data(pnb.sample_data().head(6))
    run = pnb.launch(client, data, DESIGN, PLAN)
    panel = open_panel(client)
    click(panel, "Earlier studies")
    settle(panel)
    [study] = find(panel, Picker, "Studies").items
    assert study["id"] == run.study_id
    assert study["title"].startswith("Reviews · ")
    find(panel, Picker, "Studies").chosen = [run.study_id]
    click(panel, "Add")
    group = client.groups.create(client.workspace_id, "Night owls")  # after the lists were read
    click(panel, "Groups")
    settle(panel)
    find(panel, Picker, "Groups").chosen = [group.id]
    find(panel, w.Dropdown, "Members of these groups").value = "are the only ones admitted"
    click(panel, "Add")
    assert panel.value.filters == (pnb.Filter.exclude(studies=[run.study_id]), pnb.Filter.only(groups=[group.id]))
    assert chips(panel)[0].startswith("Not in an earlier study: Reviews · ")
    assert chips(panel)[1] == "Member of a group: Night owls"
    press(panel, "0")
    find(panel, w.Dropdown, "Participants of these studies").value = "are the only ones admitted"
    click(panel, "Save")
    assert panel.value.filters[0] == pnb.Filter.only(studies=[run.study_id])
    assert panel.errors == []


def test_a_saved_set_is_used_or_copied(client: Client) -> None:
    kept = client.filter_sets.create(client.workspace_id, "Young <b>women</b>", [AGE, WOMEN])
    panel = open_panel(client, pnb.Filter("handedness", any_of=["0"]))
    click(panel, "Saved filter set")
    settle(panel)
    find(panel, w.Dropdown, "Set").value = kept.id
    assert "Age 18 to 40; Sex: Female" in shown(panel)
    find(panel, w.Checkbox, "Keep this version if the set changes").value = True
    click(panel, "Use this set")
    assert panel.value == pnb.StudyPlan(
        "Reviews", reward="1.50", minutes=6, filter_set_id=kept.id, filter_set_version=kept.version
    )
    assert chips(panel) == ["Saved filter set “Young <b>women</b>”, version 1"]
    assert "The set replaced the filters that were there (1)." in shown(panel)
    panel.audience.open("age")
    assert "A saved filter set decides who takes part." in shown(panel)
    panel.held.undo()
    click(panel, "Saved filter set")
    find(panel, w.Dropdown, "Set").value = kept.id
    click(panel, "Copy its filters")
    assert panel.value.filters == (pnb.Filter("handedness", any_of=["0"]), AGE, WOMEN)
    panel.held.undo()
    assert len(panel.value.filters) == 1
    assert panel.errors == []


def test_devices_and_samples(client: Client) -> None:
    panel = open_panel(client)
    find(panel, w.Checkbox, "Mobile").value = False
    assert panel.value.devices == ("desktop", "tablet")
    find(panel, w.Checkbox, "Desktop").value = find(panel, w.Checkbox, "Tablet").value = False
    assert panel.value.devices == ("tablet",)
    assert find(panel, w.Checkbox, "Tablet").value  # one is needed
    assert "At least one kind of device is needed." in shown(panel)
    find(panel, w.Checkbox, "Mobile").value = find(panel, w.Checkbox, "Desktop").value = True
    assert panel.value.devices == ()
    find(panel, w.Dropdown, "Sample").value = "US_REP_SAMPLE"
    assert panel.value.study_type == "US_REP_SAMPLE"
    panel.held.undo()
    assert find(panel, w.Dropdown, "Sample").value == ""


def test_how_many_fit_is_counted_once_for_each_audience(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[int] = []
    real = Client.eligible
    monkeypatch.setattr(
        Client, "eligible", lambda self, filters, *more: counted.append(1) or real(self, filters, *more)
    )
    panel = open_panel(client, pnb.Filter("age", between=(18, 59)))
    assert "65,000 participants fit; at least 36 are needed." in estimated(panel)
    assert counted == [1]
    for reward in ("1.51", "1.52", "1.60"):
        find(panel, w.Text, "Reward").value = reward
        estimated(panel)
    assert counted == [1]
    delete(panel, "0")
    estimated(panel)
    panel.held.undo()
    estimated(panel)
    assert len(counted) <= 2  # everyone may have been counted by another test
    assert panel.errors == []


def test_too_few_participants_are_a_warning_beside_their_number(client: Client) -> None:
    panel = open_panel(
        client,
        pnb.Filter("nationality", any_of=["3"]),
        pnb.Filter("age", between=(99, 100)),
        pnb.Filter("approval_rate", between=(98, 100)),
    )
    said = estimated(panel)
    assert "Fewer than 25 participants fit. Warning: the study needs at least 36. Remove a chip" in said
    assert "annotators_per_task" not in said


@pytest.mark.parametrize("status", [404, 501])
def test_a_server_without_these_operations_is_explained_and_ids_can_be_entered(
    status: int, sandboxed: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sandboxed()
    absent(monkeypatch, status, r"/(filters|eligibility-count|participant-groups|filter-sets|projects)/")
    panel = open_panel(client, WOMEN)
    reads = estimated(panel)
    assert "The number of participants that fit is not known." in reads
    assert f"could not be checked: GET /api/v1/filters/ returned {status}" in reads
    assert chips(panel) == ["sex: 1"]
    picker = find(panel, Picker, "Add a filter")
    picker.opened += 1
    settle(panel)
    assert picker.note == f"The list of filters could not be read: GET /api/v1/filters/ returned {status}. " + (
        "Enter the ID of a filter."
    )
    assert picker.free
    picker.chosen = ["nationality"]
    settle(panel)
    find(panel, w.Textarea, "Choice IDs").value = "3, 4\n7"
    click(panel, "Add")
    panel.audience.open("age")
    settle(panel)
    find(panel, w.Text, "From").value = "18"
    click(panel, "Add")
    click(panel, "Groups")
    settle(panel)
    find(panel, w.Textarea, "Group IDs").value = MISSING
    click(panel, "Add")
    assert panel.value.filters == (
        WOMEN,
        pnb.Filter("nationality", any_of=["3", "4", "7"]),
        pnb.Filter("age", between=(18, None)),
        pnb.Filter.exclude(groups=[MISSING]),
    )
    click(panel, "Saved filter set")
    settle(panel)
    assert f"returned {status}" in panel.audience.sets.about.value
    find(panel, w.Text, "Set ID").value = "f" * 24
    click(panel, "Use this set")
    assert panel.value.filter_set_id == "f" * 24
    assert panel.errors == []


def absent(monkeypatch: pytest.MonkeyPatch, status: int, paths: str) -> None:
    """Let the client meet a server that lacks some operations."""
    real = requests.Session.send

    def send(self: Any, request: Any, **options: Any) -> Any:
        if not re.search(paths, request.path_url.partition("?")[0]):
            return real(self, request, **options)
        response = requests.Response()
        response.status_code, response.request, response.url = status, request, request.url
        response.raw, response._content = BytesIO(), b'{"error": {"detail": "Not part of this server."}}'
        response.headers["Content-Type"] = "application/json"
        return response

    monkeypatch.setattr(requests.Session, "send", send)


def test_words_that_no_title_has_are_searched_on_the_server(sandboxed: Connect) -> None:
    panel = open_panel(sandboxed())
    picker = find(panel, Picker, "Add a filter")
    picker.opened += 1
    until(lambda: picker.items)
    assert not any("Zimbabwe" in str(item) for item in picker.items)  # the list leaves long lists of choices out
    picker.asked = "zimbabwe"
    until(lambda: picker.found)
    assert picker.found == {"words": "zimbabwe", "ids": ["nationality"]}
    picker.chosen = ["nationality"]
    settle(panel)
    assert len(find(panel, Picker, "Choices").items) > 100


def test_text_from_the_server_is_escaped(sandboxed: Connect) -> None:
    client = sandboxed()
    group = client.groups.create(client.workspace_id, NASTY)
    kept = client.filter_sets.create(client.workspace_id, NASTY, [pnb.Filter.exclude(groups=[group.id])])
    panel = open_panel(client, pnb.Filter.exclude(groups=[group.id]))
    press(panel, "0")
    click(panel, "Saved filter set")
    settle(panel)
    find(panel, w.Dropdown, "Set").value = kept.id
    panel.more.open = True
    tags, attributes, _ = parsed(shown(panel) + panel.static_card())
    assert not {"script", "img"} & tags
    assert not [name for name in attributes if name.startswith("on")]
    assert NASTY in chips(panel)[0]


def test_any_thread_may_change_the_audience(client: Client) -> None:
    panel = open_panel(client)

    def add(number: int) -> None:
        for place in range(10):
            each = pnb.Filter("age", between=(18 + number, 40 + place))
            panel.audience._panel.guard(lambda each=each: panel.audience._filter(lambda filters: (*filters, each)))()

    threads = [Thread(target=add, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(panel.value.filters)) == len(chips(panel)) == 40
    assert panel.errors == []


def test_a_filter_that_was_changed_elsewhere_while_its_card_was_open_is_not_overwritten(client: Client) -> None:
    plan = Observable(pnb.StudyPlan("Reviews", reward="1.50", minutes=6, filters=[AGE, WOMEN]))
    panel = Plan(plan, client=client)
    settle(panel)
    press(panel, "1")
    plan.set(pnb.StudyPlan("Reviews", reward="1.50", minutes=6, filters=[WOMEN, AGE]))
    assert panel.audience.card.subject is None
    assert panel.value.filters == (WOMEN, AGE)


def test_many_edits_leave_no_widgets_behind(client: Client) -> None:
    panel = open_panel(client)
    search(panel, "sex")
    click(panel, "Cancel")
    before = models()
    for _ in range(10):
        search(panel, "sex")
        find(panel, Picker, "Choices").chosen = ["0"]
        click(panel, "Add")
        press(panel, "0")
        delete(panel, "0")
    assert models() == before
    panel.close()
    assert panel.errors == []
