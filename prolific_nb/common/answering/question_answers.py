"""The answer to one question: its elements as the API has them, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import PurePosixPath
from typing import Any

from ..blank_text import is_blank
from ..plurals import counted
from ..render.content import Block
from ..render.questions import file_rules
from .answered import Entered, UploadedFile

Item = Mapping[str, Any]
Elements = list[dict[str, Any]]
_MEGABYTE = 1_000_000  # bytes; the API does not say whether it means 1,000,000 or 1,048,576


class NotAnswered(Exception):
    """What is wrong with what was entered, as a sentence for the person who answers."""


@dataclass(frozen=True)
class _Choice:
    value: Any
    label: str
    exclusive: bool
    why: str


def _chosen(item: Item, block: Block, entered: Entered) -> list[_Choice]:
    """The options that were chosen, in the order in which they are offered."""
    wanted, options = _texts(entered, block["name"]), item["options"]
    found, known = [], set()
    for group, (_, offered) in enumerate(block["groups"], 1):
        for nth, option in enumerate(offered, 1):
            known.add(option["value"])
            if option["value"] in wanted:
                why = "\n".join(_texts(entered, f"{block['name']}-why-{group}-{nth}"))
                value = options[option["index"]]["value"]
                found.append(_Choice(value, str(option["label"]), option["exclusive"], why))
    # A menu without a choice sends an empty value.
    if not {each for each in wanted if each} <= known:
        raise NotAnswered("Choose among the options that are shown.")
    return found


def _check_number(chosen: Sequence[_Choice], limit: int) -> None:
    if not chosen:
        raise NotAnswered("Choose an option." if limit == 1 else "Choose at least one option.")
    if limit != -1 and len(chosen) > limit:
        raise NotAnswered(f"Choose at most {counted(limit, 'option')}; {len(chosen)} are chosen.")
    alone = next((each for each in chosen if each.exclusive), None)
    if alone and len(chosen) > 1:
        raise NotAnswered(f"“{alone.label}” cannot be combined with another option.")


def _multiple_choice(item: Item, block: Block, entered: Entered) -> Elements:
    chosen = _chosen(item, block, entered)
    _check_number(chosen, item.get("answer_limit", 1))
    return [{"value": each.value} for each in chosen]


def _choice_explained(item: Item, block: Block, entered: Entered) -> Elements:
    chosen = _chosen(item, block, entered)
    _check_number(chosen, item.get("answer_limit", -1))
    silent = [f"“{each.label}”" for each in chosen if is_blank(each.why)]
    if silent:
        raise NotAnswered(f"Write why you chose {' and '.join(silent)}.")
    return [{"value": each.value, "explanation": each.why} for each in chosen]


def _free_text(item: Item, block: Block, entered: Entered) -> Elements:
    text, rule = _text(entered, block["name"]), item.get("validation") or {}
    if rule.get("type") == "number":
        _number(text, rule)
        return [{"value": text.strip()}]  # the API has numbers of this type as strings
    return [{"value": _within(text, rule)}]


def _within(text: str, rule: Item) -> str:
    """The text, if it is not blank and its length is within the limits."""
    low, high = rule.get("min"), rule.get("max")
    if is_blank(text):
        raise NotAnswered("Write an answer.")
    if low is not None and len(text) < low:
        raise NotAnswered(f"Write at least {counted(int(low), 'character')}; this has {len(text):,}.")
    if high is not None and len(text) > high:
        raise NotAnswered(f"Write at most {counted(int(high), 'character')}; this has {len(text):,}.")
    return text


def _number(text: str, rule: Item) -> int | float:
    """The number that was entered, if it is within the limits; whole numbers as int."""
    if not text.isascii() or "_" in text:  # which Python reads, but neither other programs nor a number field
        raise NotAnswered("Enter a number.")
    try:
        number = float(text.strip())
    except ValueError:
        raise NotAnswered("Enter a number.") from None
    if not isfinite(number):
        raise NotAnswered("Enter a number.")
    low, high = rule.get("min"), rule.get("max")
    if (low is not None and number < low) or (high is not None and number > high):
        raise NotAnswered(f"Enter a number {_limits(low, high)}.")
    return int(number) if number.is_integer() else number


def _limits(low: float | None, high: float | None) -> str:
    if low is not None and high is not None:
        return f"from {low:,} to {high:,}"
    return f"of at least {low:,}" if low is not None else f"of at most {high:,}"


def _with_unit(item: Item, block: Block, entered: Entered) -> Elements:
    text, given = _text(entered, block["name"]), _text(entered, f"{block['name']}-unit")
    drawn = zip(item["unit_options"], block["units"], strict=True)
    unit = next((each for each, option in drawn if option["value"] == given), None)
    if unit is None:
        raise NotAnswered("Choose a unit.")
    rule = unit.get("validation") or {}
    value = _within(text, rule) if rule.get("type") == "string" else _number(text, rule)
    return [{"value": value, "unit": unit["value"]}]


def _files(item: Item, block: Block, entered: Entered) -> Elements:
    rules, files = file_rules(item), _uploads(entered, block["name"])
    if len(files) < rules.least:
        wanted = counted(rules.least, "file")
        raise NotAnswered(f"Choose at least {wanted}; {len(files)} {'is' if len(files) == 1 else 'are'} chosen.")
    if len(files) > rules.most:
        raise NotAnswered(f"Choose at most {counted(rules.most, 'file')}; {len(files)} are chosen.")
    for file in files:
        _check_file(file, rules.megabytes)
        if PurePosixPath(file.file_name).suffix.lower() not in {each.lower() for each in rules.types}:
            raise NotAnswered(f"“{file.file_name}” is not of an accepted type: {', '.join(rules.types)}.")
    return [_record(each) for each in files]


def _video(_item: Item, block: Block, entered: Entered) -> Elements:
    files = _uploads(entered, block["name"])
    if len(files) != 1:
        raise NotAnswered("Record or choose one video.")
    _check_file(files[0], None)
    if not files[0].content_type.startswith("video/"):
        raise NotAnswered(f"“{files[0].file_name}” is not a video.")
    return [_record(files[0])]


def _check_file(file: UploadedFile, megabytes: float | None) -> None:
    if file.size == 0:
        raise NotAnswered(f"“{file.file_name}” is empty. Choose another file.")
    if megabytes is not None and file.size > megabytes * _MEGABYTE:
        size = f"{file.size / _MEGABYTE:,.1f} MB"
        raise NotAnswered(f"“{file.file_name}” has {size}, above the limit of {megabytes:g} MB.")


def _record(file: UploadedFile) -> dict[str, Any]:
    return {
        "file_key": file.file_key,
        "file_name": file.file_name,
        "file_size_mb": round(file.size / _MEGABYTE, 6),
        "content_type": file.content_type,
    }


def _uploads(entered: Entered, name: str) -> list[UploadedFile]:
    return [each for each in entered.get(name, ()) if isinstance(each, UploadedFile) and each.file_name]


def _texts(entered: Entered, name: str) -> list[str]:
    # Browsers send the line breaks of a form as CR LF, and hold them as LF.
    return [each.replace("\r\n", "\n") for each in entered.get(name, ()) if isinstance(each, str)]


def _text(entered: Entered, name: str) -> str:
    return next(iter(_texts(entered, name)), "")


READERS: Mapping[str, Callable[[Item, Block, Entered], Elements]] = {
    "free_text": _free_text,
    "free_text_with_unit": _with_unit,
    "multiple_choice": _multiple_choice,
    "multiple_choice_with_free_text": _choice_explained,
    "file_upload": _files,
    "video_narration": _video,
}
"""How the answer to each type of question is read; `prolific_nb.common.render` draws the same types."""
