"""What the audience reads: earlier studies, groups, saved sets, how many fit, and servers that know none of it."""

from __future__ import annotations

import re
from io import BytesIO
from threading import Thread
from typing import Any

import ipywidgets as w
import pytest
import requests

import prolific_nb as pnb
from prolific_nb.api import Client
from prolific_nb.panels.kit.observable import Observable
from prolific_nb.panels.planning.audience.picker import Picker
from prolific_nb.panels.planning.plan_panel import Plan

from ....conftest import DESIGN, PLAN, Connect
from ...find import find, models, parsed, shown, until
from .audience_steps import (
    AGE,
    MISSING,
    NASTY,
    WOMEN,
    chips,
    click,
    delete,
    estimated,
    open_panel,
    press,
    search,
    settle,
)


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
