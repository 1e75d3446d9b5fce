"""The form of each item type returns the item it was filled from."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import prolific_nb as pnb
from prolific_nb.design.items import Item, Option
from prolific_nb.design.question_types import MultipleChoice, MultipleChoiceWithFreeText, type_of
from prolific_nb.design.question_types.form_edit import edited
from prolific_nb.design.question_types.form_fields import Values

WORDS = st.text(
    st.characters(codec="utf-8", exclude_characters="|#\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"), min_size=1
)
LABELS = st.lists(WORDS.map(str.strip).filter(bool), min_size=1, max_size=5, unique=True)


def to_form(item: Item) -> Values:
    return type_of(item).to_form(item)


def from_form(kind: type[Item], values: Values) -> Item:
    return type_of(kind).from_form(values)


DESIGN = (
    pnb.Design("All")
    .show("review", caption="<b>Read</b>")
    .picture("https://example.org/a.png", alt="a", caption="c")
    .choose("How?", {"g": "Good", "b": "Bad"}, helper="hint")
    .rate("How sure?", [1, 2, 3])
    .choose_many("What?", ["a", "b", "c"], at_most=2, none="none of these")
    .choose_many("Which?", ["a", "b"])
    .choose_and_explain("Best?", ["x", "y"])
    .choose_and_explain("Each?", {"Style": ["good", "bad"], "Facts": ["good", "bad"]})
    .write("Why?", min_chars=3, max_chars=9, helper="h", placeholder="p")
    .measure("How long?", {"m": "minutes", "h": "hours"}, position="prefix")
    .upload("Photo", types=[".png", ".jpg"], max_files=2)
    .choose("Menu?", list("abcdef"), placeholder="Pick one")
    .choose("List?", list("abcdef"), disable_dropdown=True)
    .choose_and_explain("Two?", {"Style": ["good", "bad"], "Facts": ["good", "bad"]}, at_most=2, placeholder="p")
    .write("Age?", number=(0, 120.5))
    .write("Any number?", number=True)
    .measure("How tall?", {"cm": "Centimetres", "ft": "Feet"}, limits={"cm": (50, 300), "ft": (None, 9)}, default="ft")
    .upload("Photos", min_files=2, max_mb=0.5, helper="h")
    .text("*Read*", content_format="markdown")
    .narrate("Say it", helper="h")
    .verbatim({"type": "map", "centre": [1, 2]})
    .verbatim({"type": "slider", "description": "How loud?", "max": 10})
)


@pytest.mark.parametrize("item", DESIGN.items, ids=lambda item: item.type)
def test_every_item_survives_its_form(item: Item) -> None:
    assert from_form(type(item), to_form(item)) == item


@pytest.mark.parametrize("item", DESIGN.items, ids=lambda item: item.type)
def test_an_edit_keeps_what_the_form_has_no_field_for(item: Item) -> None:
    registered = type_of(item)
    if item.type.startswith("verbatim"):
        return  # all of it is in the form
    special = replace(item, extra={"colour": "red"})
    assert edited(registered, special, to_form(special)) == special
    for name in ("question", "content", "alt", "column"):
        if name in to_form(special):
            after = edited(registered, special, to_form(special) | {name: "New"})
            assert after.extra == {"colour": "red"}
            assert to_form(after)[name] == "New"


def test_an_edited_option_keeps_its_other_fields_and_a_new_one_has_none() -> None:
    options = [{"label": "A", "value": "a", "exclusive": False, "colour": "red"}, {"label": "B", "value": 2}]
    item = pnb.Design("x").choose("Which?", options).items[0]
    values = to_form(item) | {"options": "a | An A\n2 | B\nc"}
    assert edited(type_of(item), item, values).to_api()["options"] == [
        {"label": "An A", "value": "a", "exclusive": False, "colour": "red"},
        {"label": "B", "value": 2},
        {"label": "c", "value": "c"},
    ]


@given(LABELS, WORDS)
def test_choices_survive_their_form_whatever_their_labels(labels: list[str], question: str) -> None:
    item = MultipleChoice(question, tuple(Option(label, label) for label in labels))
    assert from_form(MultipleChoice, to_form(item)) == item


@given(LABELS)
def test_typed_lines_become_options(labels: list[str]) -> None:
    values = to_form(MultipleChoice("q", ())) | {"options": "\n\n ".join(labels) + "\n"}
    item = from_form(MultipleChoice, values)
    assert isinstance(item, MultipleChoice)
    assert [option.label for option in item.options] == labels


def test_headings_and_stored_values_are_typed_as_lines() -> None:
    values = {"question": "Q", "headed": "# Style\ngood\n# Facts\ng | good\n", "helper": ""}
    item = from_form(MultipleChoiceWithFreeText, values)
    assert item == MultipleChoiceWithFreeText(
        "Q", (Option("good", "Style: good", heading="Style"), Option("good", "g", heading="Facts")), -1
    )


def test_points_of_a_scale_are_numbers_and_options_are_not() -> None:
    base = to_form(MultipleChoice("q", ())) | {"options": "1\n2"}
    scale = from_form(MultipleChoice, base | {"pick": "one point of a scale"})
    single = from_form(MultipleChoice, base)
    assert isinstance(scale, MultipleChoice)
    assert isinstance(single, MultipleChoice)
    assert [option.value for option in scale.options] == [1, 2]
    assert [option.value for option in single.options] == ["1", "2"]
