"""One example of each way to ask, with what every place is expected to make of it.

To add a question type, add an `Example` here first; the tests that fail name the places to fill.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import pytest

from prolific_nb.design import Design
from prolific_nb.design.items import QuestionItem
from prolific_nb.sandbox.simulation.participants import Person
from prolific_nb.sandbox.simulation.simulated_answers import SimulatedAnnotator
from prolific_nb.sandbox.storage.ids import Ids

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


def annotator(number: int) -> SimulatedAnnotator:
    return SimulatedAnnotator(Person(number, skill=0.8, pace=1, leaning=0.5), Ids(0), Random(number))
