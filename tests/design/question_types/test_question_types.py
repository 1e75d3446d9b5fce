"""Every question type, in every place that has to know it: a registration that is missing fails a test by name.

To add a type, add an `Example` of it here first; the tests that fail name the places to fill.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from random import Random
from typing import Any, ClassVar

import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.common.render.questions import QUESTION_BLOCKS
from prolific_nb.design import Codebook, Design, Entry
from prolific_nb.design.items import Item, QuestionItem
from prolific_nb.design.layout import Page, Row
from prolific_nb.design.question_types import ITEM_TYPES, LEVELS, QUESTION_TYPES, question_of, type_of
from prolific_nb.panels.compose.item_editor import Editor
from prolific_nb.panels.compose.item_palette import ITEM_FACTORIES, kind_of, title_of
from prolific_nb.plots.labels_plot import _UNLABELLED
from prolific_nb.report.question_selection import _WHY
from prolific_nb.responses import COLUMNS, tidy
from prolific_nb.sandbox.contract import batch_layout, contract, semantic_rules
from prolific_nb.sandbox.simulation.participants import Person
from prolific_nb.sandbox.simulation.simulated_answers import ANSWERS, QuestionInstance, SimulatedAnnotator, answer
from prolific_nb.sandbox.storage.ids import Ids

from ..designs import NAMES

ONLY_IN_LAYOUTS = {"video_narration"}
"""Types that the legacy flow does not have."""

Answer = list[dict[str, Any]]


@dataclass(frozen=True)
class Example:
    """One call of a method of `Design`, and what every place is expected to make of it."""

    type: str
    method: str
    given: tuple[Any, ...]
    kind: str
    allowed: Callable[[Answer], bool]
    columns: tuple[str, ...]
    inputs: set[str]
    alpha: str | None
    named: Mapping[str, Any] = field(default_factory=dict)
    broken: Callable[[Any], QuestionItem] = lambda item: replace(item, options=())

    @property
    def design(self) -> Design:
        built: Design = getattr(Design("Task").show("review"), self.method)("Asked?", *self.given, **self.named)
        return built

    @property
    def item(self) -> QuestionItem:
        item = self.design.items[-1]
        assert isinstance(item, QuestionItem)
        return item


def values(answer: Answer) -> list[Any]:
    return [each["value"] for each in answer]


EXAMPLES = (
    Example(
        "multiple_choice",
        "choose",
        (["good", "bad", "mixed"],),
        kind="single",
        allowed=lambda answer: len(answer) == 1 and values(answer)[0] in ("good", "bad", "mixed"),
        columns=("value",),
        inputs={"radio"},
        alpha="nominal",
    ),
    Example(
        "multiple_choice",
        "rate",
        ([1, 2, 3, 4, 5],),
        kind="scale",
        allowed=lambda answer: len(answer) == 1 and values(answer)[0] in range(1, 6),
        columns=("value", "number"),
        inputs={"radio"},
        alpha="ordinal",
    ),
    Example(
        "multiple_choice",
        "choose_many",
        (["price", "size", "look"],),
        kind="many",
        allowed=lambda answer: 1 <= len(set(values(answer)) & {"price", "size", "look"}) == len(answer) <= 2,
        columns=("value",),
        inputs={"checkbox"},
        alpha="MASI",
        named={"at_most": 2},
    ),
    Example(
        "multiple_choice_with_free_text",
        "choose_and_explain",
        (["good", "bad"],),
        kind="single",
        allowed=lambda answer: values(answer)[0] in ("good", "bad") and bool(answer[0]["explanation"]),
        columns=("value", "explanation"),
        inputs={"radio", "textarea"},
        alpha="nominal",
    ),
    Example(
        "free_text",
        "write",
        (),
        kind="text",
        allowed=lambda answer: 20 <= len(values(answer)[0]) <= 60,
        columns=("value",),
        inputs={"textarea"},
        alpha=None,
        named={"min_chars": 20, "max_chars": 60},
        broken=lambda item: replace(item, validation=replace(item.validation, min=61)),
    ),
    Example(
        "free_text_with_unit",
        "measure",
        (["cm", "m"],),
        kind="number",
        allowed=lambda answer: float(values(answer)[0]) >= 0 and answer[0]["unit"] in ("cm", "m"),
        columns=("value", "number", "number_unit"),
        inputs={"number", "select"},
        alpha="interval",
        broken=lambda item: replace(item, unit_options=()),
    ),
    Example(
        "file_upload",
        "upload",
        (),
        kind="file",
        allowed=lambda answer: 1 <= len(answer) <= 2 and all(each["file_name"].endswith(".png") for each in answer),
        columns=("file_name", "file_key"),
        inputs={"file"},
        alpha=None,
        named={"types": [".png"], "max_files": 2},
        broken=lambda item: replace(item, max_file_count=0),
    ),
    Example(
        "video_narration",
        "narrate",
        (),
        kind="file",
        allowed=lambda answer: len(answer) == 1 and answer[0]["content_type"].startswith("video/"),
        columns=("file_name", "file_key"),
        inputs={"file"},
        alpha=None,
        broken=lambda item: replace(item, description=""),
    ),
)

each_example = pytest.mark.parametrize("example", EXAMPLES, ids=[f"{each.type}-{each.method}" for each in EXAMPLES])


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


@pytest.mark.parametrize("schema", ["BatchItem", "AnswerBody"])
def test_the_api_description_lists_the_same_types_twice(schema: str) -> None:
    described = contract.document()["components"]["schemas"][schema]
    assert {each["$ref"] for each in described["oneOf"]} == set(described["discriminator"]["mapping"].values())


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


def annotator(number: int) -> SimulatedAnnotator:
    return SimulatedAnnotator(Person(number, skill=0.8, pace=1, leaning=0.5), Ids(0), Random(number))


def answers(example: Example) -> dict[tuple[int, int], Answer]:
    """What simulated participants answer, by participant and row."""
    item, hardness = example.item.to_api(), 0.5
    subjects = [QuestionInstance(f"row {row}", "", hardness) for row in range(6)]
    return {
        (person, row): answer(item, subject, annotator(10 * person + row))
        for row, subject in enumerate(subjects)
        for person in range(3)
    }


@each_example
def test_the_sandbox_accepts_it_and_answers_within_its_rules(example: Example) -> None:
    item = example.item.to_api()
    assert list(semantic_rules.ITEM_RULES[example.type](item)) == []
    for given in answers(example).values():
        assert example.allowed(given), given
        body = {"instruction_id": "i", "type": example.type, "answer": given}
        assert list(contract.validate("#/components/schemas/AnswerBody", body)) == []


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


def frame_of(example: Example) -> tuple[pd.DataFrame, Codebook]:
    book = example.design.codebook().with_ids("i1")
    responses = [
        {
            "id": f"r{person}-{row}",
            "created_at": "2026-01-05T10:00:00Z",
            "participant_id": f"p{person}",
            "submission_id": f"s{person}",
            "task_id": f"t{row}",
            "response": {"instruction_id": "i1", "type": example.type, "answer": given},
        }
        for (person, row), given in answers(example).items()
    ]
    return tidy(responses, [], book), book


@each_example
def test_the_tidy_frame_has_its_values(example: Example) -> None:
    frame, _ = frame_of(example)
    answered = ("value", "explanation", "number", "number_unit", "file_name", "file_key")
    assert tuple(name for name in answered if frame[name].notna().all()) == tuple(
        name for name in answered if name in example.columns
    )
    assert (frame["question"] == "Asked?").all()
    assert len(frame) == sum(map(len, answers(example).values()))
    assert set(QUESTION_TYPES[example.type].columns) <= set(example.columns) <= set(COLUMNS)


@each_example
def test_its_agreement_is_computed_at_its_level_or_it_is_listed_as_not_scored(example: Example) -> None:
    frame, book = frame_of(example)
    if "number_unit" in example.columns:
        frame["number_unit"] = pd.Categorical(["cm"] * len(frame))
    report = pnb.agreement(frame, questions=book, unit="task_id", draws=1)
    alphas = [name for name in report.table["coefficient"] if name.startswith("Krippendorff")]
    assert (example.alpha is None) == (LEVELS[question_of(example.item).kind] is None)
    if example.alpha is None:
        assert list(report.not_scored["question"]) == ["Asked?"]
        assert not alphas
    else:
        assert any(example.alpha in name for name in alphas)
        assert report.not_scored.empty


def test_every_registered_question_type_has_an_example_and_every_example_is_registered() -> None:
    assert {each.type for each in EXAMPLES} == set(QUESTION_TYPES)
    assert {each.kind for each in EXAMPLES} == set(LEVELS)


@pytest.mark.parametrize("name", QUESTION_TYPES)
def test_its_columns_are_those_that_all_of_its_examples_fill(name: str) -> None:
    filled = [set(each.columns) for each in EXAMPLES if each.type == name]
    assert set(QUESTION_TYPES[name].columns) == set.intersection(*filled)


@each_example
def test_random_designs_use_its_method(example: Example) -> None:
    assert NAMES[example.method] >= 2  # among the arbitrary verbs and among the sane ones


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
