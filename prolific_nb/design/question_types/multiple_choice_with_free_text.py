"""Multiple choice with free text: options under headings, each pick explained in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from ..items import NO_LIMIT, Option, QuestionItem, Value
from ..options import choices, headed, kept, limit_under_headings, offered
from .form_fields import DROPDOWN, HELPER, PLACEHOLDER, QUESTION, FormField, Values, option_line, pairs
from .item_rules import Problem, choice, missing_words, question_text, same_labels
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
    placeholder_text_input: str | None = None
    disable_dropdown: bool | None = None


def _rules(item: MultipleChoiceWithFreeText) -> Iterator[Problem]:
    yield from question_text(item)
    yield from choice(item.options, item.answer_limit)
    if not all((option.heading or "").strip() for option in item.options):
        yield "A heading is empty.", "Give every group of options a heading."


def _advice(item: MultipleChoiceWithFreeText) -> Iterator[Problem]:
    yield from same_labels(item.options)
    yield from missing_words("option", [option.value for option in item.options])


def _code(item: MultipleChoiceWithFreeText) -> MethodCall:
    texts = {"helper": item.helper_text, "placeholder": item.placeholder_text_input}
    named = {**texts, "disable_dropdown": item.disable_dropdown, "extra": item.extra or None}
    usual = limit_under_headings(item.options)
    at_most = None if item.answer_limit == usual else item.answer_limit
    return MethodCall("choose_and_explain", (item.description, _offered(item)), {"at_most": at_most, **named})


def _offered(item: MultipleChoiceWithFreeText) -> Any:
    """The options by heading; as the API has them where the headings alternate."""
    names = list(dict.fromkeys(option.heading for option in item.options))
    groups = {name: [option for option in item.options if option.heading == name] for name in names}
    if None in groups or [option for group in groups.values() for option in group] != list(item.options):
        return [option.to_api() for option in item.options]
    if names == [item.description]:
        return offered(item.options, item.description)
    return {name: _under(str(name), group, several=len(names) > 1) for name, group in groups.items()}


def _under(heading: str, group: Sequence[Option], *, several: bool) -> list[Any] | dict[Value, str]:
    given = offered(group, heading)
    if not several:
        return given
    prefixed = [option == Option(option.label, f"{heading}: {option.label}", heading=heading) for option in group]
    if all(prefixed):
        return [option.label for option in group]
    plain = all(option == Option(option.label, option.value, heading=heading) for option in group)
    by_value = {option.value: option.label for option in group}
    return by_value if plain and len(by_value) == len(group) else [option.to_api() for option in group]


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
    usual = item.answer_limit == limit_under_headings(item.options)
    return {
        "question": item.description,
        "headed": "\n".join(lines),
        "reasons": 0 if usual else item.answer_limit,
        "placeholder": item.placeholder_text_input or "",
        "dropdown": not item.disable_dropdown,
        "helper": item.helper_text or "",
    }


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
    limit = values.get("reasons") or (NO_LIMIT if several else 1)
    placeholder, dropdown = values.get("placeholder") or None, values.get("dropdown", True)
    texts = (values["helper"] or None, placeholder, None if dropdown else True)
    return MultipleChoiceWithFreeText(values["question"], tuple(options), limit, *texts)


MULTIPLE_CHOICE_WITH_FREE_TEXT = QuestionType(
    item=MultipleChoiceWithFreeText,
    rules=_rules,
    advice=_advice,
    code=_code,
    changes=_changes,
    templates={
        "Choice with reason": lambda _: MultipleChoiceWithFreeText("", choices(["yes", "no"], heading="Answer"), 1)
    },
    label=lambda _: "choice with reason",
    title=question_title,
    fields=(
        QUESTION,
        FormField("headed", "By heading", "lines", "One per line; # begins a heading", rows=6),
        FormField("reasons", "At most", "number", "Options; -1: any number; 0: one, or any under headings", least=-1),
        HELPER,
        PLACEHOLDER,
        DROPDOWN,
    ),
    to_form=_to_form,
    from_form=_from_form,
    question=lambda item: choice_question(item, "single"),
    inputs=frozenset({"radio", "checkbox"}),
    columns=("value", "explanation"),
)
