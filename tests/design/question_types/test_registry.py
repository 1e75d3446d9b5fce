"""The registry of question types: it is complete, other tables agree with it, and unknown types are named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar

import pytest

from prolific_nb.common.render.questions import QUESTION_BLOCKS
from prolific_nb.design import Codebook, Design
from prolific_nb.design.items import Item, QuestionItem
from prolific_nb.design.layout import Page, Row
from prolific_nb.design.question_types import ITEM_TYPES, LEVELS, QUESTION_TYPES
from prolific_nb.panels.compose.item_palette import kind_of, title_of
from prolific_nb.plots.labels_plot import _UNLABELLED
from prolific_nb.report.question_selection import _WHY
from prolific_nb.responses import tidy
from prolific_nb.sandbox.contract import batch_layout, contract, semantic_rules
from prolific_nb.sandbox.simulation.simulated_answers import ANSWERS, QuestionInstance, answer

from .examples import EXAMPLES, annotator


def test_every_registered_question_type_has_an_example_and_every_example_is_registered() -> None:
    assert {each.type for each in EXAMPLES} == set(QUESTION_TYPES)
    assert {each.kind for each in EXAMPLES} == set(LEVELS)


@pytest.mark.parametrize("name", QUESTION_TYPES)
def test_its_columns_are_those_that_all_of_its_examples_fill(name: str) -> None:
    filled = [set(each.columns) for each in EXAMPLES if each.type == name]
    assert set(QUESTION_TYPES[name].columns) == set.intersection(*filled)


@pytest.mark.parametrize("schema", ["BatchItem", "AnswerBody"])
def test_the_api_description_lists_the_same_types_twice(schema: str) -> None:
    described = contract.document()["components"]["schemas"][schema]
    assert {each["$ref"] for each in described["oneOf"]} == set(described["discriminator"]["mapping"].values())


@pytest.mark.parametrize(
    ("table", "wanted"),
    [
        (set(QUESTION_BLOCKS), set(QUESTION_TYPES)),
        (set(ANSWERS), set(QUESTION_TYPES)),
        (set(batch_layout.QUESTION_TYPES), set(QUESTION_TYPES)),
        (set(semantic_rules.ITEM_RULES), set(ITEM_TYPES)),
        (set(batch_layout.ITEM_TYPES), set(ITEM_TYPES)),
        (set(_WHY), {kind for kind, level in LEVELS.items() if level is None}),
        (set(_UNLABELLED), {kind for kind, level in LEVELS.items() if level in (None, "interval")}),
    ],
    ids=[
        "the HTML of common/render",
        "the answers of simulated participants",
        "the question types of the API description",
        "the rules of the sandbox",
        "the item types of the API description",
        "the reasons of the report",
        "the reasons of the plot of labels",
    ],
)
def test_tables_that_stand_elsewhere_have_the_same_types(table: set[str], wanted: set[str]) -> None:
    assert table == wanted


@dataclass(frozen=True)
class Hologram(QuestionItem):
    """A type that is registered nowhere."""

    type: ClassVar[str] = "hologram"


UNREGISTERED = replace(Design("Task"), pages=(Page((Row.of(Hologram("Asked?")),)),))


@pytest.mark.parametrize(
    "use",
    [
        UNREGISTERED.check,
        UNREGISTERED.to_code,
        UNREGISTERED.codebook,
        UNREGISTERED.check_flat,
        lambda: UNREGISTERED.edit(0, description="New?"),
        lambda: kind_of(UNREGISTERED.entries[0]),
        lambda: title_of(UNREGISTERED.entries[0]),
        lambda: answer({"type": "hologram"}, QuestionInstance("k", "", 0.5), annotator(0)),
        lambda: semantic_rules.check_instructions([{"type": "hologram"}]),
    ],
)
def test_an_unregistered_type_is_an_error_that_names_it(use: Callable[[], object]) -> None:
    with pytest.raises((TypeError, LookupError), match="'hologram'"):
        use()


def test_unknown_types_and_kinds_from_outside_are_kept_or_refused_by_name() -> None:
    sent = {"type": "hologram", "id": "h", "description": "Asked?"}
    batch = {"task_details": {}, "batch_items": [{"rows": [{"columns": [{"items": [sent]}]}]}]}
    kept = Design.from_api(batch)
    assert "hologram" in kept.preview().html
    (question,) = kept.codebook().with_instructions(batch["batch_items"])
    assert (question.question, question.type, question.instruction_id) == ("Asked?", "hologram", "h")
    record = {"question": "Asked?", "kind": "hologram", "type": "hologram"}
    with pytest.raises(ValueError, match="'hologram' is not a valid kind"):
        Codebook.from_records([record])
    response = {
        "id": "r",
        "created_at": "2026-01-05T10:00:00Z",
        "participant_id": "p",
        "task_id": "t",
        "response": {"instruction_id": "h", "type": "hologram", "answer": [{"value": {"depth": 3}}]},
    }
    assert list(tidy([response], [], Codebook())["value"]) == ['{"depth": 3}']


@pytest.mark.parametrize("name", ITEM_TYPES)
def test_every_item_type_is_registered_completely(name: str) -> None:
    registered = ITEM_TYPES[name]
    for make in registered.templates.values():
        item: Item = make(("review",))
        assert type(item) is registered.item
        assert registered.from_form(registered.to_form(item)) == item
        assert registered.code(item).method in dir(Design)
        assert registered.label(item)
        assert registered.title(item)
