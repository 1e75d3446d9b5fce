"""What is typed on the page changes the design, and only there."""

from __future__ import annotations

import re
from typing import Any

import pytest

import prolific_nb as pnb
from prolific_nb.common.render import document
from prolific_nb.design.question_types import ITEM_TYPES
from prolific_nb.panels import Composer
from prolific_nb.panels.compose.page_edits import DETAILS, marks_of, with_texts
from prolific_nb.panels.kit.preview_frame import Preview
from prolific_nb.panels.kit.sortable_list import Sortable

from ...design.question_types.test_forms import DESIGN as ALL
from ..find import find, until

DESIGN = pnb.Design("Reviews").show("review").choose("How?", {"g": "Good", "bad": "bad"}).write("Why?")


@pytest.fixture
def panel() -> Composer:
    return Composer(DESIGN, pnb.sample_data())


class Browser:
    """What the browser sends: each change with its number."""

    def __init__(self, panel: Composer) -> None:
        self.panel, self.page = panel, find(panel, Preview)

    def send(self, *edits: dict[str, Any]) -> None:
        numbered = [{**edit, "n": self.page.applied + n} for n, edit in enumerate(edits, 1)]
        self.page.set_state({"acts": numbered})
        assert self.page.applied == numbered[-1]["n"]
        assert self.panel.errors == []

    def type(self, entry: int | str, part: str, *texts: str, index: int = 0) -> None:
        for text in texts:
            self.send({"entry": str(entry), "part": part, "index": index, "texts": [text]})


def labels(design: pnb.Design) -> list[tuple[object, str]]:
    return [(option.value, option.label) for option in design.items[1].options]  # type: ignore[attr-defined]


def test_typing_on_the_page_changes_the_design_and_is_undone_at_once(panel: Composer) -> None:
    browser = Browser(panel)
    browser.type(1, "description", "How d", "How do ", "How do you?")
    assert panel.value == DESIGN.edit(1, description="How do you?")
    until(lambda: find(panel, Sortable).items[1]["title"] == "How do you?")
    browser.send({"act": "undo"})
    assert panel.value == DESIGN
    browser.send({"act": "redo"})
    assert panel.value != DESIGN
    browser.type(DETAILS, "name", "Opinions")
    assert panel.value.name == "Opinions"


def test_the_value_of_an_option_follows_its_label_only_if_it_repeats_it(panel: Composer) -> None:
    browser = Browser(panel)
    browser.type(1, "options", "", "g", "great", index=0)  # passes through its own value
    browser.type(1, "options", "", "b", "bad!", index=1)
    assert labels(panel.value) == [("g", "great"), ("bad!", "bad!")]
    panel.held.set(pnb.Design("Reviews").show("review").choose("How?", {"neutral": "Neutral", "bad": "Bad"}))
    browser.type(1, "options", "Mix", "Mixed", index=0)  # as in the templates: in small letters
    assert labels(panel.value) == [("mixed", "Mixed"), ("bad", "Bad")]


def test_options_are_added_pasted_and_removed(panel: Composer) -> None:
    browser = Browser(panel)
    place = {"entry": "1", "part": "options", "key": "list"}
    browser.send({**place, "index": 0, "texts": ["Good", ""]})
    browser.type(1, "options", "so so", index=1)
    assert labels(panel.value) == [("g", "Good"), ("so so", "so so"), ("bad", "bad")]
    browser.send({**place, "index": 2, "texts": ["bad", " worse\n", "worst"]})
    assert [label for _, label in labels(panel.value)][-3:] == ["bad", "worse", "worst"]
    browser.send({**place, "index": 0, "texts": []})
    assert [label for _, label in labels(panel.value)] == ["so so", "bad", "worse", "worst"]
    for _ in range(4):
        browser.send({"act": "undo"})
    assert panel.value == DESIGN


def test_changes_that_arrive_together_are_applied_once_and_in_order(panel: Composer) -> None:
    page = find(panel, Preview)
    first = {"n": 1, "entry": "1", "part": "options", "index": 0, "texts": ["Good", ""], "key": "list"}
    second = {"n": 2, "entry": "1", "part": "options", "index": 1, "texts": ["fine"]}
    page.set_state({"acts": [first]})
    page.set_state({"acts": [first, second]})  # a busy browser repeats what was not acknowledged
    assert [label for _, label in labels(panel.value)] == ["Good", "fine", "bad"]


def test_an_entry_is_moved_and_stays_selected(panel: Composer) -> None:
    browser = Browser(panel)
    browser.send({"entry": "2", "to": 1}, {"entry": "1", "to": 0})
    assert [each["title"] for each in find(panel, Sortable).items] == ["Why?", "review", "How?"]
    assert (find(panel, Sortable).selected, browser.page.selected) == ("0", "0")


def test_clicking_a_part_selects_its_entry_in_the_list_and_its_form(panel: Composer) -> None:
    page, entries = find(panel, Preview), find(panel, Sortable)
    page.set_state({"selected": "2"})
    assert entries.selected == "2"
    assert panel._editor._item == DESIGN.items[2]
    page.set_state({"selected": DETAILS})
    assert (entries.selected, panel._editor._item) == ("", None)
    assert panel._instructions.open
    entries.set_state({"selected": "2"})
    assert page.selected == "2"


@pytest.mark.parametrize(
    "edit",
    [
        {"entry": "9", "part": "description", "texts": ["x"]},
        {"entry": "0", "part": "options", "texts": ["x"]},
        {"entry": "1", "part": "answer", "texts": ["x"]},
        {"entry": "1", "part": "heading", "index": 7, "texts": ["x"]},
        {"entry": "-1", "part": "description", "texts": ["x"]},
        {"entry": "9", "to": 0},
    ],
)
def test_a_part_that_is_gone_changes_nothing(panel: Composer, edit: dict[str, Any]) -> None:
    Browser(panel).send(edit)
    assert panel.value == DESIGN


def test_headings_and_points_of_a_scale() -> None:
    both = pnb.Design("x").choose_and_explain("Each?", {"Style": ["good", "bad"], "Facts": ["good"]})
    item = with_texts(with_texts(both.items[0], "heading", 0, ["Tone"]), "options", 1, ["bad", "worse"])
    assert both.with_item(0, item) == both.edit(0, options={"Tone": ["good", "bad", "worse"], "Facts": ["good"]})
    scale = pnb.Design("x").rate("How?", {1: "1 bad", 2: "2 good"})
    assert (
        with_texts(scale.items[0], "options", 1, ["2 good", "3 best"])
        == (pnb.Design("x").rate("How?", {1: "1 bad", 2: "2 good", 3: "3 best"}).items[0])
    )
    plain = pnb.Design("x").rate("How?", [1, 2])
    assert with_texts(plain.items[0], "options", 1, ["2", "3"]) == pnb.Design("x").rate("How?", [1, 2, 3]).items[0]


def marked(design: pnb.Design) -> str:
    task = design.to_api()
    html = document(task["batch_items"], {}, task_details=task["task_details"], marks=marks_of(design))
    return html.partition("<body>")[2]


def test_every_text_on_the_page_is_one_that_an_edit_changes() -> None:
    parts = {item.type: set() for item in ALL.items}  # type: ignore[var-annotated]
    for index, item in enumerate(ALL.items):
        html = marked(pnb.Design("x").insert(item))
        for part, where in re.findall(r'data-pnb-part="(\w+)"[^>]*?(?:data-pnb-index="(\d+)")?>', html):
            if part != "name":
                changed = with_texts(item, part, int(where or 0), ["Changed text"])
                assert changed != item, (index, part)
                assert "Changed text" in marked(pnb.Design("x").insert(changed))
                parts[item.type].add(part)
    assert set(ITEM_TYPES) <= set(parts)
    assert all("description" in parts[name] for name in ITEM_TYPES if hasattr(ITEM_TYPES[name], "question"))
    assert parts["multiple_choice"] == {"description", "helper_text", "options"}


def test_each_entry_and_each_page_has_its_mark() -> None:
    design = pnb.Design("x").intro("<p>Hi</p>").show("a").choose("How?", ["y", "n"]).page().write("Why?")
    marks = re.findall(r'data-pnb-entry="(\w+)"', marked(design))
    assert [mark for mark in marks if mark != DETAILS] == [str(index) for index in range(len(design.entries))]
    without_start = pnb.Design("x").show("a").page().write("Why?")
    assert re.findall(r'data-pnb-entry="(\d+)"', marked(without_start)) == ["0", "1", "2"]


def test_participants_get_no_marks() -> None:
    assert "data-pnb" not in ALL.preview().html
