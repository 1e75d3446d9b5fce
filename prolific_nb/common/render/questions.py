"""What stands on a screen to be answered: which inputs, under which names, with which hints."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from .content import Block

_MENU_FROM = 5
"""Options from which Prolific folds a single choice into a menu, unless the item forbids it."""

_LINE = 60
"""Characters that fit into one line of a scale, if all its points are as wide as their longest word."""

_LONGEST = 24
"""Characters of a label that is still short enough to stand below its point."""

_MANY = 12
"""Options from which a list stands in several columns."""

_FILE_TYPES = (".jpg", ".jpeg", ".png", ".heic", ".heif")
_FILE_MEGABYTES = 25
_FILES = 10


def question_block(item: Mapping[str, Any], place: str) -> Block | None:
    """The question an item asks, or None if it is of no known type of question.

    Parameters
    ----------
    item : mapping
        As in the API's layout.
    place : str
        Where it stands, unique in the document; it names the inputs if the item has no id.
    """
    make = _MAKERS.get(item.get("type", ""))
    if make is None:
        return None
    common = {
        "place": place,
        "name": str(item.get("id") or place),
        "question": item.get("description") or "",
        "helper": item.get("helper_text") or "",
        "placeholder": item.get("placeholder_text_input") or "",
    }
    return {**common, **make(item)}


def _text(item: Mapping[str, Any]) -> Block:
    rule = item.get("validation") or {}
    bounds = {"min": rule.get("min"), "max": rule.get("max")}
    if rule.get("type") == "number":
        return {"block": "number", "hint": _between("", bounds), **bounds}
    return {"block": "text", "hint": _between(" characters", bounds), **bounds}


def _between(what: str, bounds: Mapping[str, float | None]) -> str:
    least, most = bounds["min"], bounds["max"]
    if least is not None and most is not None:
        return f"Between {least} and {most}{what}."
    if least is not None:
        return f"At least {least}{what}."
    return f"At most {most}{what}." if most is not None else ""


def _unit(item: Mapping[str, Any]) -> Block:
    units = [_option(unit) for unit in item.get("unit_options", ())]
    chosen = written(item["default_unit"]) if item.get("default_unit") is not None else None
    return {"block": "measure", "units": units, "chosen": chosen, "before": item.get("unit_position") == "prefix"}


def _choice(item: Mapping[str, Any]) -> Block:
    options, limit = item.get("options", ()), item.get("answer_limit", 1)
    labels = [str(option.get("label", "")) for option in options]
    whole = bool(item.get("disable_dropdown"))
    menu = limit == 1 and len(labels) >= _MENU_FROM and not whole
    lies = limit == 1 and whole and _fits_in_line(labels)
    style = "columns" if len(labels) >= _MANY else "scale" if lies else "list"
    return {"block": "menu" if menu else "choice", "style": style, **_offered(options, limit, explained=False)}


def _fits_in_line(labels: Sequence[str]) -> bool:
    longest_word = max((len(word) for label in labels for word in label.split()), default=0)
    return longest_word * len(labels) <= _LINE and all(len(label) <= _LONGEST for label in labels)


def _choice_explained(item: Mapping[str, Any]) -> Block:
    offered = _offered(item.get("options", ()), item.get("answer_limit", -1), explained=True)
    if [heading for heading, _ in offered["groups"]] == [item.get("description")]:
        # A lone heading that repeats the question would only be read twice.
        offered = {**offered, "groups": [("", options) for _, options in offered["groups"]]}
    return {"block": "choice", "style": "list", **offered}


def _offered(options: Sequence[Mapping[str, Any]], limit: int, *, explained: bool) -> dict[str, Any]:
    hints = [_how_many(limit), "Please explain what you choose." if explained else ""]
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
    for heading in dict.fromkeys(option.get("heading") or "" for option in options):
        yield heading, [_option(option) for option in options if (option.get("heading") or "") == heading]


def _option(option: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "label": option.get("label", ""),
        "value": written(option.get("value", "")),
        "exclusive": bool(option.get("exclusive")),
    }


def written(value: Any) -> str:
    """The value of an option as an input holds it: text as it is, anything else as in JSON."""
    return value if isinstance(value, str) else json.dumps(value)


def _files(item: Mapping[str, Any]) -> Block:
    types = item.get("accepted_file_types") or _FILE_TYPES
    most = item.get("max_file_count") or _FILES
    files = "1 file" if most == 1 else f"Up to {most} files"
    hint = f"{files}, {item.get('max_file_size_mb') or _FILE_MEGABYTES} MB each at most: {', '.join(types)}"
    return {"block": "files", "hint": hint, "accept": ",".join(types), "multiple": most != 1}


_MAKERS: Mapping[str, Callable[[Mapping[str, Any]], Block]] = {
    "free_text": _text,
    "free_text_with_unit": _unit,
    "multiple_choice": _choice,
    "multiple_choice_with_free_text": _choice_explained,
    "file_upload": _files,
}
