"""The questions of a screen: their inputs, the names of these, and hints."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...errors import ArgumentTypeError
from .content import Block

_MENU_FROM = 5
"""Options from which Prolific folds a single choice into a menu, unless the item forbids it."""

_LINE = 60
"""Characters that fit into one line of a scale, if all its points are as wide as the longest word."""

_LONGEST = 24
"""Most characters of a label that fits below its point."""

_MANY = 12
"""Options from which a list is shown in several columns."""

_FILE_TYPES = (".jpg", ".jpeg", ".png", ".heic", ".heif")
_FILE_MEGABYTES = 25
_FILES = 10


def input_name(item: Mapping[str, Any], place: str) -> str:
    """The name of a question's input: its ID, else its place in the document."""
    return str(item.get("id") or place)


def question_block(item: Mapping[str, Any], place: str) -> Block:
    """The question that an item asks.

    Parameters
    ----------
    item : mapping
        As in the API's layout; its type is one of `QUESTION_BLOCKS`.
    place : str
        Its place, unique in the document; it names the inputs if the item has no ID.

    Raises
    ------
    WRONG_SHAPE
        If it is not as the API describes its type.
    """
    common = {
        "place": place,
        "name": input_name(item, place),
        "question": item.get("description") or "",
        "helper": item.get("helper_text") or "",
        "placeholder": item.get("placeholder_text_input") or "",
    }
    if not all(isinstance(text, str) for text in common.values()):
        raise ArgumentTypeError(f"A text of the question is not a string: {common!r}.")
    return {**common, **QUESTION_BLOCKS[item["type"]](item)}


def _text(item: Mapping[str, Any]) -> Block:
    rule = item.get("validation") or {}
    bounds = {"min": rule.get("min"), "max": rule.get("max")}
    if rule.get("type") == "number":
        return {"block": "input", "hint": _between("", bounds), "attributes": {"type": "number", "step": "any"}}
    return {"block": "text", "hint": _between(" characters", bounds)}


def _between(what: str, bounds: Mapping[str, float | None]) -> str:
    least, most = bounds["min"], bounds["max"]
    if least is not None and most is not None:
        return f"Between {least} and {most}{what}."
    if least is not None:
        return f"At least {least}{what}."
    return f"At most {most}{what}." if most is not None else ""


def _unit(item: Mapping[str, Any]) -> Block:
    units = [_option(unit, index) for index, unit in enumerate(item.get("unit_options", ()))]
    chosen = written(item["default_unit"]) if item.get("default_unit") is not None else None
    before = item.get("unit_position") == "prefix"
    return {"block": "measure", "units": units, "chosen": chosen, "before": before, "hint": _limits_of(item)}


def _limits_of(item: Mapping[str, Any]) -> str:
    """What may be typed in each unit, for those that have limits."""
    rules = ((unit.get("label", ""), unit.get("validation") or {}) for unit in item.get("unit_options", ()))
    limits = ((label, _between("", {"min": rule.get("min"), "max": rule.get("max")})) for label, rule in rules)
    return " ".join(f"{label}: {text}" for label, text in limits if text)


def _choice(item: Mapping[str, Any]) -> Block:
    options, limit = item.get("options", ()), item.get("answer_limit", 1)
    labels = [str(option.get("label", "")) for option in options]
    no_menu = bool(item.get("disable_dropdown"))
    menu = limit == 1 and len(labels) >= _MENU_FROM and not no_menu
    in_line = limit == 1 and no_menu and _fits_in_line(labels)
    style = "columns" if len(labels) >= _MANY else "scale" if in_line else "list"
    return {"block": "menu" if menu else "choice", "style": style, **_offered(options, limit, explained=False)}


def _fits_in_line(labels: Sequence[str]) -> bool:
    longest_word = max((len(word) for label in labels for word in label.split()), default=0)
    return longest_word * len(labels) <= _LINE and all(len(label) <= _LONGEST for label in labels)


def _choice_explained(item: Mapping[str, Any]) -> Block:
    offered = _offered(item.get("options", ()), item.get("answer_limit", -1), explained=True)
    if [heading for heading, _ in offered["groups"]] == [item.get("description")]:
        # A single heading that repeats the question is left out.
        offered = {**offered, "groups": [("", options) for _, options in offered["groups"]]}
    return {"block": "choice", "style": "list", **offered}


def _offered(options: Sequence[Mapping[str, Any]], limit: int, *, explained: bool) -> dict[str, Any]:
    hints = [_how_many(limit), "Please explain your choice." if explained else ""]
    return {
        "input": "radio" if limit == 1 else "checkbox",
        "hint": " ".join(filter(None, hints)),
        "explained": explained,
        "groups": list(_groups(options)),
    }


def _how_many(limit: int) -> str:
    if limit == 1:
        return ""
    return "Choose all that apply." if limit == -1 else f"Choose up to {limit}."


def _groups(options: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    read = [(option.get("heading") or "", _option(option, index)) for index, option in enumerate(options)]
    for heading in dict.fromkeys(heading for heading, _ in read):
        yield heading, [option for its, option in read if its == heading]


def _option(option: Mapping[str, Any], index: int) -> dict[str, Any]:
    return {
        "index": index,
        "label": option.get("label", ""),
        "value": written(option.get("value", "")),
        "exclusive": bool(option.get("exclusive")),
    }


def written(value: Any) -> str:
    """The value of an option as an input contains it: strings as they are, anything else as in JSON."""
    return value if isinstance(value, str) else json.dumps(value)


@dataclass(frozen=True)
class FileRules:
    """What may be uploaded: how many files, their suffixes, and most megabytes of each."""

    least: int
    most: int
    types: Sequence[str]
    megabytes: float


def file_rules(item: Mapping[str, Any]) -> FileRules:
    """The rules of an upload, with the API's defaults for those that its item lacks."""
    return FileRules(
        item.get("min_file_count") or 1,
        item.get("max_file_count") or _FILES,
        item.get("accepted_file_types") or _FILE_TYPES,
        item.get("max_file_size_mb") or _FILE_MEGABYTES,
    )


def _files(item: Mapping[str, Any]) -> Block:
    rules = file_rules(item)
    least, most = rules.least, rules.most
    files = "1 file" if most == 1 else f"{least} to {most} files" if least > 1 else f"Up to {most} files"
    hint = f"{files}, {rules.megabytes} MB each at most: {', '.join(rules.types)}"
    attributes = {"type": "file", "accept": ",".join(rules.types), "multiple": "" if most != 1 else None}
    return {"block": "input", "hint": hint, "attributes": attributes}


def _video(_item: Mapping[str, Any]) -> Block:
    hint = "Participants record a video here and say what they think."
    return {"block": "input", "hint": hint, "attributes": {"type": "file", "accept": "video/*"}}


QUESTION_BLOCKS: Mapping[str, Callable[[Mapping[str, Any]], Block]] = {
    "free_text": _text,
    "free_text_with_unit": _unit,
    "multiple_choice": _choice,
    "multiple_choice_with_free_text": _choice_explained,
    "file_upload": _files,
    "video_narration": _video,
}
"""What is drawn for each type of question; `prolific_nb.design.question_types` registers the same types."""
