"""Free text with a unit: a number and the unit it is given in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from ..items import QuestionItem, Unit, Validation, Value
from ..options import measured, offered
from .form_fields import HELPER, PLACEHOLDER, QUESTION, FormField, Values, option_line, range_text, read_range
from .item_rules import Problem, bounds, distinct_values, missing_words, question_text
from .item_type import QuestionType, as_given, question_title
from .method_call import MethodCall
from .question import Question, text_of


@dataclass(frozen=True)
class FreeTextWithUnit(QuestionItem):
    """A number and its unit; `default_unit` is the value of the unit that is selected at first."""

    type: ClassVar[str] = "free_text_with_unit"
    unit_options: tuple[Unit, ...]
    unit_position: str = "suffix"
    helper_text: str | None = None
    default_unit: str | None = None
    placeholder_text_input: str | None = None


def _rules(item: FreeTextWithUnit) -> Iterator[Problem]:
    yield from question_text(item)
    if len(item.unit_options) < 2:
        what = f"A number needs two units or more; this one has {len(item.unit_options)}."
        yield what, "Add a unit, or use .write()."
    yield from distinct_values("unit", [(unit.value, unit.label) for unit in item.unit_options])
    for unit in item.unit_options:
        if unit.validation:
            yield from bounds(unit.validation, f"unit {unit.value!r}: ")
    if item.unit_position not in ("prefix", "suffix"):
        yield f"The unit position {item.unit_position!r} is not valid.", 'Use "prefix" or "suffix".'
    known = [unit.value for unit in item.unit_options]
    if item.default_unit is not None and item.default_unit not in known:
        listed = ", ".join(map(repr, known))
        yield f"The default unit {item.default_unit!r} is not one of the units.", f"Use the value of one: {listed}."


def _advice(item: FreeTextWithUnit) -> Iterator[Problem]:
    yield from missing_words("unit", [unit.value for unit in item.unit_options])


def _code(item: FreeTextWithUnit) -> MethodCall:
    position = None if item.unit_position == "suffix" else item.unit_position
    numbers = all(unit.validation and unit.validation.type == "number" for unit in item.unit_options)
    limits = _limits(item.unit_options) if numbers else None
    plain = [_unlimited(unit) for unit in item.unit_options] if limits else item.unit_options
    texts = {"helper": item.helper_text, "placeholder": item.placeholder_text_input, "extra": item.extra or None}
    named = {"limits": limits, "default": item.default_unit, "position": position, **texts}
    return MethodCall("measure", (item.description, offered(plain)), named)


def _limits(units: Sequence[Unit]) -> dict[Value, tuple[float | None, float | None]] | None:
    rules = {unit.value: unit.validation for unit in units if unit.validation}
    return {value: (r.min, r.max) for value, r in rules.items() if (r.min, r.max) != (None, None)} or None


def _unlimited(unit: Unit) -> Unit:
    return replace(unit, validation=replace(unit.validation, min=None, max=None)) if unit.validation else unit


def _to_form(item: FreeTextWithUnit) -> Values:
    return {
        "question": item.description,
        "units": "\n".join(map(_line, item.unit_options)),
        "default": item.default_unit or "",
        "position": item.unit_position,
        "helper": item.helper_text or "",
        "placeholder": item.placeholder_text_input or "",
    }


def _line(unit: Unit) -> str:
    rule = unit.validation
    limits = range_text(rule.min, rule.max) if rule and rule.type == "number" else ""
    return f"{unit.value} | {unit.label} | {limits}" if limits else option_line(unit.value, unit.label)


def _from_form(values: Values) -> FreeTextWithUnit:
    lines = filter(None, map(str.strip, values["units"].splitlines()))
    texts = values["helper"] or None, values["default"].strip() or None, values["placeholder"] or None
    return FreeTextWithUnit(values["question"], tuple(map(_unit, lines)), values["position"], *texts)


def _unit(line: str) -> Unit:
    value, _, rest = (part.strip() for part in line.partition("|"))
    label, _, limits = (part.strip() for part in rest.partition("|"))
    return Unit(label or value, value, Validation("number", *read_range(limits)))


FREE_TEXT_WITH_UNIT = QuestionType(
    item=FreeTextWithUnit,
    rules=_rules,
    advice=_advice,
    code=_code,
    changes=as_given,
    templates={"Number with unit": lambda _: FreeTextWithUnit("", measured(["minutes", "hours"]))},
    label=lambda _: "number with unit",
    title=question_title,
    fields=(
        QUESTION,
        FormField("units", "Units", "lines", "One per line, two or more; cm | Centimetres | 50 to 300", rows=3),
        FormField("default", "Default unit", hint="Selected at first; empty: the first one"),
        FormField(
            "position",
            "Unit position",
            "choice",
            choices=(("after the number", "suffix"), ("before the number", "prefix")),
        ),
        HELPER,
        PLACEHOLDER,
    ),
    to_form=_to_form,
    from_form=_from_form,
    question=lambda item: Question(
        item.description, "number", item.type, units=tuple(text_of(unit.value) for unit in item.unit_options)
    ),
    inputs=frozenset({"number"}),
    columns=("value", "number", "number_unit"),
)
