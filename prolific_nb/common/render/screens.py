"""The pages of a layout as screens, and their items as blocks for the template."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from ..json_fields import WRONG_SHAPE
from .content import Block, field_block, image_block, rich_block
from .questions import QUESTION_BLOCKS, question_block

_MARKS = {"intro": "shown once, before the first task", "outro": "shown once, after the last task"}


@dataclass(frozen=True)
class Screen:
    """One page: rows of columns of blocks.

    Parameters
    ----------
    label : str
        Its number, and when it is shown if not with every task.
    button : str
        Label of the button that leads to the next screen.
    mark : str
        The mark of the page, or an empty string.
    """

    label: str
    button: str
    rows: Sequence[Sequence[Sequence[Block]]]
    mark: str = ""


@dataclass(frozen=True)
class Marks:
    """IDs by which an editor knows the parts of a layout; an empty string for a page that it does not list.

    Parameters
    ----------
    items, pages : sequence of str
        One ID for each item and for each page, in reading order.
    """

    items: Sequence[str] = ()
    pages: Sequence[str] = ()


@dataclass(frozen=True)
class Filled:
    """What a person has entered so far.

    Parameters
    ----------
    entered : mapping of str to sequence of str
        The values of inputs by name.
    kept : mapping of str to sequence of str
        The names of files that were sent before, by the name of their input.
    faults : mapping of str to str
        What is wrong with an answer, by the name of the question's input.
    """

    entered: Mapping[str, Sequence[str]] = field(default_factory=dict)
    kept: Mapping[str, Sequence[str]] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)

    def into(self, block: Block) -> Block:
        """The block of a question with what was entered for it."""
        name = str(block["name"])
        of_it = {key: list(given) for key, given in self.entered.items() if key == name or key.startswith(f"{name}-")}
        of_it |= {f"{name}-kept": list(self.kept[name])} if self.kept.get(name) else {}
        return {**block, "entered": of_it, "fault": self.faults.get(name, "")}


NOTHING = Filled()


@dataclass(frozen=True)
class _Task:
    datapoint: Mapping[str, str]
    kinds: Mapping[str, str]
    marks: Iterator[str]
    filled: Filled = NOTHING

    def block(self, item: Mapping[str, Any], place: str) -> Block:
        """What an item shows, with its mark."""
        return {"entry": next(self.marks, ""), **self._content(item, place)}

    def _content(self, item: Mapping[str, Any], place: str) -> Block:
        kind = item.get("type")
        if kind == "dataset_field":
            return field_block(str(item.get("field", "")), self.datapoint, self.kinds)
        if kind == "image":
            return image_block(item)
        if kind == "rich_text":
            return rich_block(item)
        if kind in QUESTION_BLOCKS:
            with suppress(*WRONG_SHAPE):
                return self.filled.into(question_block(item, place))
        # Prolific may add types and forms at any time, and its layouts must stay readable.
        text = f"An item of the type “{kind}” is here; this preview cannot show it."
        asked = item.get("description")
        sent = json.dumps(dict(item), ensure_ascii=False, indent=1)
        return {"block": "unknown", "text": text, "question": asked if isinstance(asked, str) else "", "json": sent}


def screens_of(
    pages: Sequence[Mapping[str, Any]],
    datapoint: Mapping[str, str],
    kinds: Mapping[str, str],
    marks: Marks,
    filled: Filled = NOTHING,
) -> list[Screen]:
    """The screens of one task, in the order of the pages."""
    task = _Task(datapoint, kinds, iter(marks.items), filled)
    starts = iter(marks.pages)
    positions = [page.get("display_position") or "body" for page in pages]
    last_body = max((place for place, position in enumerate(positions) if position == "body"), default=-1)
    return [
        Screen(
            ", ".join(filter(None, [f"Screen {number} of {len(pages)}", _MARKS.get(positions[number - 1])])),
            "Submit" if number - 1 == last_body else "Next",
            list(_rows(task, page, f"p{number}")),
            next(starts, ""),
        )
        for number, page in enumerate(pages, 1)
    ]


def _rows(task: _Task, page: Mapping[str, Any], place: str) -> Iterator[list[list[Block]]]:
    sides = _sides(page)
    for row_number, row in enumerate(page.get("rows", ()), 1):
        columns = [
            [
                task.block(item, f"{place}-r{row_number}-c{column_number}-i{number}")
                for number, item in enumerate(column.get("items", ()), 1)
            ]
            for column_number, column in enumerate(row.get("columns", ()), 1)
        ]
        named = len(columns) == len(sides)
        yield [[side, *blocks] for side, blocks in zip(sides, columns, strict=True)] if named else columns


def _sides(page: Mapping[str, Any]) -> Sequence[Block]:
    """Labels for the two columns of a row, from a question on the page that asks for the left or the right one."""
    for row in page.get("rows", ()):
        for item in (item for column in row.get("columns", ()) for item in column.get("items", ())):
            options = item.get("options") or ()
            if [option.get("value") for option in options[:2]] == ["left", "right"]:
                return [{"block": "side", "entry": "", "text": str(option.get("label", ""))} for option in options[:2]]
    return ()
