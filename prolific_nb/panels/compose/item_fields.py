"""Items as the editor's fields hold them: text, numbers and choices, and back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ...design.items import (
    DatasetField,
    FileUpload,
    FreeText,
    FreeTextWithUnit,
    Image,
    Item,
    MultipleChoice,
    MultipleChoiceWithFreeText,
    Option,
    RichText,
    Unit,
    Validation,
)

Values = dict[str, Any]

ONE, SCALE, MANY = "one option", "one point of a scale", "several options"


def to_form(item: Item) -> Values:
    r"""The editor's fields for an item.

    Examples
    --------
    >>> to_form(MultipleChoice("How?", (Option("Good", "g"), Option("bad", "bad"))))["options"]
    'g | Good\nbad'
    """
    return _SHOW[type(item)](item)


def from_form(kind: type[Item], values: Values) -> Item:
    """The item that the editor's fields describe; what cannot be right yet is kept for `Design.check` to name."""
    return _READ[kind](values)


def _option_line(value: Any, label: str) -> str:
    return str(label) if str(value) == label else f"{value} | {label}"


def _show_choice(item: MultipleChoice) -> Values:
    exclusive = [option for option in item.options if option.exclusive]
    return {
        "question": item.description,
        "options": "\n".join(_option_line(o.value, o.label) for o in item.options if not o.exclusive),
        "pick": SCALE if item.ordered else ONE if item.answer_limit == 1 else MANY,
        "at_most": max(item.answer_limit, 0) if item.answer_limit != 1 else 0,
        "none": exclusive[0].label if exclusive else "",
        "helper": item.helper_text or "",
    }


def _show_headed(item: MultipleChoiceWithFreeText) -> Values:
    lines: list[str] = []
    for place, option in enumerate(item.options):
        if not place or option.heading != item.options[place - 1].heading:
            lines.append(f"# {option.heading or item.description}")
        plain = str(option.value) in (option.label, f"{option.heading}: {option.label}")
        lines.append(option.label if plain else _option_line(option.value, option.label))
    return {"question": item.description, "headed": "\n".join(lines), "helper": item.helper_text or ""}


def _bounds(item: FreeText) -> Values:
    rule = item.validation or Validation("string")
    return {"least": int(rule.min or 0), "most": int(rule.max or 0)}


_SHOW: dict[type[Item], Callable[[Any], Values]] = {
    DatasetField: lambda item: {"column": item.field},
    RichText: lambda item: {"content": item.content},
    Image: lambda item: {"url": item.url, "alt": item.alt_text, "caption": item.caption or ""},
    FreeText: lambda item: {
        "question": item.description,
        "helper": item.helper_text or "",
        "placeholder": item.placeholder_text_input or "",
        **_bounds(item),
    },
    FreeTextWithUnit: lambda item: {
        "question": item.description,
        "units": "\n".join(_option_line(unit.value, unit.label) for unit in item.unit_options),
        "position": item.unit_position,
        "helper": item.helper_text or "",
    },
    MultipleChoice: _show_choice,
    MultipleChoiceWithFreeText: _show_headed,
    FileUpload: lambda item: {
        "question": item.description,
        "types": " ".join(item.accepted_file_types or ()),
        "files": item.max_file_count or 0,
    },
}


def _pairs(text: str, *, numbers: bool = False) -> list[tuple[Any, str]]:
    """Values and labels from lines of ``label`` or ``value | label``."""
    pairs = []
    for line in filter(None, map(str.strip, text.splitlines())):
        value, bar, label = (part.strip() for part in line.partition("|"))
        number = numbers and re.fullmatch(r"-?\d{1,9}", value)
        pairs.append((int(value) if number else value, label if bar else value))
    return pairs


def _read_choice(values: Values) -> MultipleChoice:
    pick = values["pick"]
    options = [Option(label, value) for value, label in _pairs(values["options"], numbers=pick == SCALE)]
    if pick == MANY and values["none"].strip():
        options.append(Option(values["none"].strip(), values["none"].strip(), exclusive=True))
    limit = (values["at_most"] or -1) if pick == MANY else 1
    return MultipleChoice(values["question"], tuple(options), limit, values["helper"] or None, ordered=pick == SCALE)


def _read_headed(values: Values) -> MultipleChoiceWithFreeText:
    headings = [line[1:].strip() for line in values["headed"].splitlines() if line.startswith("#")]
    several = len(headings) > 1
    heading, options = values["question"], []
    for line in filter(None, map(str.strip, values["headed"].splitlines())):
        if line.startswith("#"):
            heading = line[1:].strip() or values["question"]
            continue
        for value, label in _pairs(line):
            plain = several and "|" not in line
            options.append(Option(label, f"{heading}: {label}" if plain else value, heading=heading))
    return MultipleChoiceWithFreeText(
        values["question"], tuple(options), -1 if several else 1, values["helper"] or None
    )


def _read_text(values: Values) -> FreeText:
    least, most = values["least"] or None, values["most"] or None
    rule = Validation("string", least, most) if least or most else None
    return FreeText(values["question"], values["helper"] or None, values["placeholder"] or None, rule)


_READ: dict[type[Item], Callable[[Values], Item]] = {
    DatasetField: lambda values: DatasetField(values["column"] or ""),
    RichText: lambda values: RichText(values["content"]),
    Image: lambda values: Image(values["url"], values["alt"], values["caption"] or None),
    FreeText: _read_text,
    FreeTextWithUnit: lambda values: FreeTextWithUnit(
        values["question"],
        tuple(Unit(label, value, Validation("number")) for value, label in _pairs(values["units"])),
        values["position"],
        values["helper"] or None,
    ),
    MultipleChoice: _read_choice,
    MultipleChoiceWithFreeText: _read_headed,
    FileUpload: lambda values: FileUpload(
        values["question"], tuple(values["types"].replace(",", " ").split()) or None, values["files"] or None
    ),
}
