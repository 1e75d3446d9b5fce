"""Multiple choice with free text: options under headings, each pick explained in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from ..items import NO_LIMIT, Option, QuestionItem, Value
from ..options import choices, headed, kept, limit_under_headings, offered
from .form_fields import HELPER, QUESTION, FormField, Values, option_line, pairs
from .item_rules import Problem, choice, question_text, same_labels
from .item_type import QuestionType, question_title
from .method_call import MethodCall
from .multiple_choice import choice_question


@dataclass(frozen=True)
class MultipleChoiceWithFreeText(QuestionItem):
    """A choice among options under headings, each pick explained in words."""

    type: ClassVar[str] = "multiple_choice_with_free_text"
    options: tuple[Option, ...]
    answer_limit: int = NO_LIMIT
    helper_text: str | None = None


def _rules(item: MultipleChoiceWithFreeText) -> Iterator[Problem]:
    yield from question_text(item)
    yield from choice(item.options, item.answer_limit)
    if not all((option.heading or "").strip() for option in item.options):
        yield "A heading is empty.", "Give every group of options a heading."


def _code(item: MultipleChoiceWithFreeText) -> MethodCall:
    headings = list(dict.fromkeys(option.heading or "" for option in item.options))
    groups = {name: _under(name, item.options, several=len(headings) > 1) for name in headings}
    flat = groups[item.description] if headings == [item.description] else groups
    return MethodCall("choose_and_explain", (item.description, flat), {"helper": item.helper_text})


def _under(heading: str, options: Sequence[Option], *, several: bool) -> list[Value] | dict[Value, str]:
    group = [option for option in options if (option.heading or "") == heading]
    if several and all(option.value == f"{heading}: {option.label}" for option in group):
        return [option.label for option in group]
    return {option.value: option.label for option in group} if several else offered(group)


def _changes(item: MultipleChoiceWithFreeText, changes: Mapping[str, Any]) -> Mapping[str, Any]:
    question = changes.get("description", item.description)
    if "options" in changes:
        given = kept(changes["options"], Option)
        options = headed(question, changes["options"]) if given is None else given
        return {"answer_limit": limit_under_headings(options), **changes, "options": options}
    if all(option.heading == item.description for option in item.options):
        # The heading of flat options is the question itself, so it changes with it.
        return {**changes, "options": tuple(replace(option, heading=question) for option in item.options)}
    return changes


def _to_form(item: MultipleChoiceWithFreeText) -> Values:
    lines: list[str] = []
    for place, option in enumerate(item.options):
        if not place or option.heading != item.options[place - 1].heading:
            lines.append(f"# {option.heading or item.description}")
        plain = str(option.value) in (option.label, f"{option.heading}: {option.label}")
        lines.append(option.label if plain else option_line(option.value, option.label))
    return {"question": item.description, "headed": "\n".join(lines), "helper": item.helper_text or ""}


def _from_form(values: Values) -> MultipleChoiceWithFreeText:
    headings = [line[1:].strip() for line in values["headed"].splitlines() if line.startswith("#")]
    several = len(headings) > 1
    heading, options = values["question"], []
    for line in filter(None, map(str.strip, values["headed"].splitlines())):
        if line.startswith("#"):
            heading = line[1:].strip() or values["question"]
            continue
        for value, label in pairs(line):
            plain = several and "|" not in line
            options.append(Option(label, f"{heading}: {label}" if plain else value, heading=heading))
    limit = NO_LIMIT if several else 1
    return MultipleChoiceWithFreeText(values["question"], tuple(options), limit, values["helper"] or None)


MULTIPLE_CHOICE_WITH_FREE_TEXT = QuestionType(
    item=MultipleChoiceWithFreeText,
    rules=_rules,
    advice=lambda item: same_labels(item.options),
    code=_code,
    changes=_changes,
    templates={
        "Choice with reason": lambda _: MultipleChoiceWithFreeText("", choices(["yes", "no"], heading="Answer"), 1)
    },
    label=lambda _: "choice with reason",
    title=question_title,
    fields=(QUESTION, FormField("headed", "By heading", "lines", "One per line; # begins a heading", rows=6), HELPER),
    to_form=_to_form,
    from_form=_from_form,
    question=lambda item: choice_question(item, "single"),
    inputs=frozenset({"radio", "checkbox"}),
    columns=("value", "explanation"),
)
