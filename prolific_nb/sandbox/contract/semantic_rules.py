"""Rules of the contract that a schema cannot express (its ``x-semantic-rules``), and the formats of timestamps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from math import sqrt
from typing import Any

from . import batch_layout
from .batch_layout import Place
from .contract import Issue
from .http_error import HTTPError, LayoutError, invalid

Record = Mapping[str, Any]
# The contract has no limits for these, but the simulation of a study must terminate.
_MOST_CHARACTERS, _MOST_FILES = 100_000, 100
_SIZES = {  # pence, and minutes
    "reward": (0, 1_000_000_000),
    "estimated_completion_time": (0.01, 100_000),
    "maximum_allowed_time": (0, 500_000),
}
DISPLAYABLE = ("text", "image_url", "audio_url", "video_url")


def _bounds(rule: Record | None, where: str) -> Iterator[str]:
    if not rule:
        return
    low, high = rule.get("min"), rule.get("max")
    if low is not None and high is not None and low > high:
        yield f"{where}: min {low} is above max {high}."
    if rule["type"] == "string":
        for name, bound in (("min", low), ("max", high)):
            if bound is not None and (bound < 0 or bound != int(bound)):
                yield f"{where}: {name} is {bound}, but a number of characters is a whole number from 0."
        if low is not None and low > _MOST_CHARACTERS:
            yield f"{where}: min {low} is above the sandbox's limit of {_MOST_CHARACTERS} characters."


def _free_text(item: Record) -> Iterator[str]:
    yield from _bounds(item.get("validation"), "validation")


def _free_text_with_unit(item: Record) -> Iterator[str]:
    values = [unit["value"] for unit in item["unit_options"]]
    if "default_unit" in item and item["default_unit"] not in values:
        yield f"default_unit {item['default_unit']!r} is not one of the unit options {values}."
    for number, unit in enumerate(item["unit_options"]):
        yield from _bounds(unit.get("validation"), f"unit_options.{number}.validation")


def _choice(item: Record) -> Iterator[str]:
    limit, options = item["answer_limit"], item["options"]
    if limit > len(options):
        yield f"answer_limit {limit} is above the number of options, {len(options)}."
    exclusive = [option for option in options if option.get("exclusive")]
    if exclusive and limit == 1:
        yield "exclusive is not allowed if answer_limit is 1."
    if exclusive and len(exclusive) == len(options):
        yield "All options are exclusive; at least one must not be."


def _file_upload(item: Record) -> Iterator[str]:
    low, high = item.get("min_file_count", 1), item.get("max_file_count", 10)
    if low > high:
        yield f"min_file_count {low} is above max_file_count {high}."
    if item.get("max_file_size_mb", 1) <= 0:  # the schema of layouts has this rule, that of instructions does not
        yield f"max_file_size_mb is {item['max_file_size_mb']}, but must be above 0."
    if low > _MOST_FILES:
        yield f"min_file_count {low} is above the sandbox's limit of {_MOST_FILES} files."


def _no_rules(_item: Record) -> Iterator[str]:
    yield from ()


ITEM_RULES: dict[str, Callable[[Record], Iterator[str]]] = {
    "dataset_field": _no_rules,  # its rules need the dataset, see below
    "image": _no_rules,
    "rich_text": _no_rules,
    "free_text": _free_text,
    "free_text_with_unit": _free_text_with_unit,
    "multiple_choice": _choice,
    "multiple_choice_with_free_text": _choice,
    "file_upload": _file_upload,
    "video_narration": _no_rules,
}
"""The rules of every item type of the API description."""


def _item(item: Record) -> Iterator[str]:
    if item["type"] not in ITEM_RULES:
        raise LookupError(f"The sandbox has no rules for the item type {item['type']!r}. Add them to ITEM_RULES.")
    yield from ITEM_RULES[item["type"]](item)


def _dataset_field(field: str, schema: Record | None, seen: set[str]) -> Iterator[str]:
    if field in seen:
        yield f"The dataset field {field!r} is used twice on this page."
    if schema is None:
        yield f"The dataset field {field!r} requires a dataset with a schema. Attach one to the batch."
    elif field not in schema["fields"]:
        yield f"The dataset has no field {field!r}; its fields are {', '.join(schema['fields'])}."
    elif schema["fields"][field]["type"] not in DISPLAYABLE:
        kind = schema["fields"][field]["type"]
        yield f"The dataset field {field!r} has type {kind} and cannot be displayed."


def check_layout(batch_items: Any, schema: Record | None, found: list[Issue]) -> None:
    """Refuse a layout that has any issue.

    Parameters
    ----------
    batch_items : list of dict
        The pages.
    schema : mapping or None
        The schema of the attached dataset, if any.
    found : list of Issue
        Issues found by schema validation; items with such an issue are not checked again.

    Raises
    ------
    LayoutError
        With all issues.
    """
    faulted = {Place(i["page"], i["row"], i["column"], i["item"]) for i in found}
    issues, shown, known = list(found), dict[int, set[str]](), set[str]()
    for place, item in batch_layout.items(batch_items):
        if place in faulted:
            continue
        seen = shown.setdefault(place.page, set())
        is_field = item["type"] == "dataset_field"
        messages = [f"The ID {item['id']} is used twice. IDs must be unique."] if item.get("id") in known else []
        messages += [*_item(item), *(_dataset_field(item["field"], schema, seen) if is_field else ())]
        named = {"field": item["field"]} if is_field else {}
        issues += [{**vars(place), "type": item["type"], **named, "message": message} for message in messages]
        seen.update(named.values())
        known |= {item["id"]} if "id" in item else set()
    if issues:
        raise LayoutError(sorted(issues, key=lambda i: (i["page"], i["row"], i["column"], i["item"])))


def check_instructions(instructions: Sequence[Record]) -> None:
    """Refuse instructions of the legacy flow that violate a rule, with all violations.

    Raises
    ------
    HTTPError
        400, with messages by the number of the instruction, from 0.
    """
    faults = {
        f"instructions.{number}": messages
        for number, item in enumerate(instructions)
        if (messages := list(_item(item)))
    }
    known = [item["id"] for item in instructions if "id" in item]
    if len(set(known)) < len(known):
        faults["instructions"] = ["An ID is used twice. IDs must be unique."]
    if faults:
        raise HTTPError(400, " ".join(message for found in faults.values() for message in found), faults)


def check_schema(schema: Record) -> None:
    """Refuse a dataset schema with more than one grouping column."""
    grouping = [name for name, field in schema["fields"].items() if field["type"] == "task_group_id"]
    if len(grouping) > 1:
        fields = ", ".join(grouping)
        raise invalid("schema", f"A schema may have one task_group_id field, but this has {len(grouping)}: {fields}.")


def read_timestamp(field: str, text: str | None, example: str) -> datetime:
    """The time in UTC of a field or query parameter; without a time zone it is taken as UTC.

    Raises
    ------
    HTTPError
        400 if it is not a valid time.
    """
    try:
        moment = datetime.fromisoformat(text or "")
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):  # OverflowError: the time in UTC is out of datetime's range
        raise invalid(field, f"{field} is {text!r}, which is not a valid time. Send for example {example}.") from None


def timestamp_as_stored(moment: datetime) -> str:
    """A time in the format of stored records, so that both can be compared as strings."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def shortest_time(minutes: float) -> float:
    """The minimum of ``maximum_allowed_time`` in minutes: 2 + 2t + 2√t for an estimate of t minutes.

    Examples
    --------
    >>> shortest_time(4)
    14.0
    """
    return 2 + 2 * minutes + 2 * sqrt(minutes)


def _study_codes(study: Record) -> Iterator[tuple[str, str]]:
    codes = study.get("completion_codes") or []
    known = [code["code"] for code in codes]
    if len(set(known)) < len(known):
        yield "completion_codes", "The completion codes of a study must be unique."
    sole = [code for code in codes if code.get("actor", "participant") == "participant"]
    for code in codes:
        actions = {action["action"] for action in code["actions"]}
        if {"AUTOMATICALLY_APPROVE", "MANUALLY_REVIEW"} <= actions:
            yield "completion_codes", "AUTOMATICALLY_APPROVE and MANUALLY_REVIEW cannot be combined."
        if "DYNAMIC_PAYMENT" in actions and code.get("actor") != "researcher":
            yield "completion_codes", "DYNAMIC_PAYMENT requires the actor researcher."
        for action in code["actions"]:
            if action["action"] == "FIXED_SCREEN_OUT_PAYMENT" and action["fixed_screen_out_reward"] >= study["reward"]:
                yield "completion_codes", "fixed_screen_out_reward must be below the reward."
        if code["code"] is None and (actions or sole != [code]):
            yield "completion_codes", "A null code must be the only code of participants and must have no actions."


def _task_builder_codes(study: Record) -> Iterator[tuple[str, str]]:
    codes = study.get("completion_codes")
    if not study.get("data_collection_method") or not codes:
        return
    review = {"AUTOMATICALLY_APPROVE", "MANUALLY_REVIEW"}
    completed = [code for code in codes if code["code_type"] == "COMPLETED"]
    if len(completed) != 1 or not review & {action["action"] for action in completed[0]["actions"]}:
        yield (
            "completion_codes",
            "A Task Builder study must have one code of type COMPLETED, with MANUALLY_REVIEW or AUTOMATICALLY_APPROVE.",
        )


def _filters(study: Record) -> Iterator[tuple[str, str]]:
    if study.get("filters") and study.get("filter_set_id"):
        yield "filters", "filters and filter_set_id cannot be combined."


def _allocations(study: Record) -> Iterator[tuple[str, str]]:
    details = study.get("access_details") or []
    total = sum(detail["total_allocation"] for detail in details)
    if details and total != study.get("total_available_places"):
        yield "access_details", f"The allocations sum to {total}, but must sum to total_available_places."


def _numbers(study: Record) -> Iterator[tuple[str, str]]:
    if study["reward"] != int(study["reward"]):
        yield "reward", f"reward is {study['reward']}, but must be a whole number of minor units (pence, cents)."
    places = study.get("total_available_places", 1)
    if places != int(places):
        yield "total_available_places", f"total_available_places is {places}, but must be a whole number."
    yield from _sizes(study)
    floor, limit = shortest_time(study["estimated_completion_time"]), study.get("maximum_allowed_time")
    if limit is not None and limit < int(floor):
        yield "maximum_allowed_time", f"{limit} minutes is below the minimum of {floor:.1f} (2 + 2t + 2√t)."


def _sizes(study: Record) -> Iterator[tuple[str, str]]:
    for field, (least, most) in _SIZES.items():
        value = study.get(field)
        if value is not None and not least <= value <= most:
            yield field, f"{field} is {value:g}, but the sandbox supports {least} to {most:,}."


def check_study(study: Record) -> None:
    """Refuse a study that violates a rule, with all violations.

    Raises
    ------
    HTTPError
        400.
    """
    faults: dict[str, list[str]] = {}
    for rule in (_study_codes, _task_builder_codes, _filters, _allocations, _numbers):
        for field, message in rule(study):
            faults.setdefault(field, []).append(message)
    if faults:
        raise HTTPError(400, " ".join(m for messages in faults.values() for m in messages), faults)
