"""Every question type in the design: its rules, its JSON, its code, its form, its inputs, its codebook."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import prolific_nb as pnb
from prolific_nb.design import Codebook, Design, Entry
from prolific_nb.design.layout import Page, Row
from prolific_nb.design.question_types import LEVELS, QUESTION_TYPES, type_of
from prolific_nb.panels.compose.item_editor import Editor
from prolific_nb.panels.compose.item_palette import ITEM_FACTORIES, kind_of, title_of
from prolific_nb.sandbox.contract import contract, semantic_rules

from ..designs import NAMES
from .examples import Example, each_example

ONLY_IN_LAYOUTS = {"video_narration"}
"""Types that the legacy flow does not have."""


@each_example
def test_it_is_registered_and_its_rules_find_nothing_and_find_a_missing_text(example: Example) -> None:
    assert QUESTION_TYPES[example.type].item is type(example.item)
    assert example.item.type == example.type
    assert not example.design.check()
    assert "has no text" in repr(example.design.edit(-1, description=" ").check().errors)


@each_example
def test_the_api_description_accepts_what_is_sent_and_the_design_is_read_back(example: Example) -> None:
    sent = example.design.to_api()
    body = {"name": "n", "workspace_id": "w", **sent}
    assert list(contract.validate("#/components/schemas/CreateBatch", body)) == []
    assert Design.from_api(sent) == example.design
    assert Design.from_json(example.design.to_json()) == example.design


@each_example
def test_the_legacy_flow_accepts_it_too(example: Example) -> None:
    [sent] = example.design.to_instructions()
    assert sent["type"] == example.type
    if example.type in ONLY_IN_LAYOUTS:
        assert "The legacy flow has no video narration" in repr(example.design.check_flat().errors)
        return
    assert not example.design.check_flat().errors
    assert list(contract.validate("#/components/schemas/InstructionInput", sent)) == []
    kept = {**sent, "id": "i", "batch_id": "b", "created_at": "2026-01-05T10:00:00Z", "created_by": "u"}
    assert list(contract.validate("#/components/schemas/Instruction", kept)) == []


@each_example
def test_its_code_rebuilds_it_with_its_own_method(example: Example) -> None:
    scope: dict[str, Any] = {"pnb": pnb}
    exec(example.design.to_code(), scope)
    assert scope["design"] == example.design
    assert f'.{example.method}("Asked?"' in example.design.to_code()


@each_example
def test_its_form_shows_its_fields_and_returns_it_and_the_composer_can_add_and_label_it(example: Example) -> None:
    registered = type_of(example.item)
    filled = registered.to_form(example.item)
    assert registered.from_form(filled) == example.item
    editor = Editor(lambda item, name: None, lambda callback: callback)
    editor.bind(example.item, ("review",))
    shown = {widget.description for widget in editor.box.children if widget.layout.display != "none"}
    assert set(filled) == {field.name for field in registered.fields}
    assert shown == {
        each.label for each in registered.fields if not each.only_if or filled[each.only_if[0]] == each.only_if[1]
    }
    added = {name: make(()).item for name, make in ITEM_FACTORIES.items()}
    assert any(isinstance(item, type(example.item)) for item in added.values())
    assert kind_of(Entry(example.item))
    assert title_of(Entry(example.item)) == "Asked?"


class Inputs(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("textarea", "select", "input"):
            self.found.add(str(dict(attrs)["type"]) if tag == "input" else tag)


@each_example
def test_the_preview_has_its_inputs(example: Example) -> None:
    assert Inputs(example.design.preview().html).found == example.inputs
    registered = QUESTION_TYPES[example.type].inputs
    assert registered & example.inputs
    assert example.inputs <= registered | {"textarea", "select"}  # a reason, a unit


@each_example
def test_its_own_rules_find_a_broken_one_in_the_design_and_in_the_sandbox(example: Example) -> None:
    broken = example.broken(example.item)
    design = replace(Design("Task"), pages=(Page((Row.of(broken),)),))
    assert design.check().errors
    body = {"name": "n", "workspace_id": "w", **design.to_api()}
    refused = [*contract.validate("#/components/schemas/CreateBatch", body)]
    assert refused or [*semantic_rules.ITEM_RULES[example.type](broken.to_api())]


@each_example
def test_the_codebook_knows_its_kind(example: Example) -> None:
    (question,) = example.design.codebook()
    assert (question.question, question.kind, question.type) == ("Asked?", example.kind, example.type)
    assert Codebook.from_json(example.design.codebook().to_json()) == example.design.codebook()
    assert example.kind in LEVELS


@each_example
def test_random_designs_use_its_method(example: Example) -> None:
    assert NAMES[example.method] >= 2  # among the arbitrary verbs and among the sane ones
