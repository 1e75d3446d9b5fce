"""Free text with a unit: a number and the unit it is given in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from ..items import QuestionItem, Unit, Validation
from ..options import measured, offered
from .form_fields import HELPER, QUESTION, FormField, Values, option_lines, pairs
from .item_rules import Problem, distinct_values, no_advice, question_text
from .item_type import QuestionType, as_given, question_title
from .method_call import MethodCall
from .question import Question, text_of


@dataclass(frozen=True)
class FreeTextWithUnit(QuestionItem):
    """A number and its unit."""

    type: ClassVar[str] = "free_text_with_unit"
    unit_options: tuple[Unit, ...]
    unit_position: str = "suffix"
    helper_text: str | None = None


def _rules(item: FreeTextWithUnit) -> Iterator[Problem]:
    yield from question_text(item)
    if len(item.unit_options) < 2:
        what = f"A number needs two units or more; this one has {len(item.unit_options)}."
        yield what, "Add a unit, or use .write()."
    yield from distinct_values("unit", [(unit.value, unit.label) for unit in item.unit_options])
    if item.unit_position not in ("prefix", "suffix"):
        yield f"The unit position {item.unit_position!r} is not valid.", 'Use "prefix" or "suffix".'


def _code(item: FreeTextWithUnit) -> MethodCall:
    position = None if item.unit_position == "suffix" else item.unit_position
    named = {"position": position, "helper": item.helper_text}
    return MethodCall("measure", (item.description, offered(item.unit_options)), named)


def _to_form(item: FreeTextWithUnit) -> Values:
    return {
        "question": item.description,
        "units": option_lines(item.unit_options),
        "position": item.unit_position,
        "helper": item.helper_text or "",
    }


def _from_form(values: Values) -> FreeTextWithUnit:
    units = tuple(Unit(label, value, Validation("number")) for value, label in pairs(values["units"]))
    return FreeTextWithUnit(values["question"], units, values["position"], values["helper"] or None)


FREE_TEXT_WITH_UNIT = QuestionType(
    item=FreeTextWithUnit,
    rules=_rules,
    advice=no_advice,
    code=_code,
    changes=as_given,
    templates={"Number with unit": lambda _: FreeTextWithUnit("", measured(["minutes", "hours"]))},
    label=lambda _: "number with unit",
    title=question_title,
    fields=(
        QUESTION,
        FormField("units", "Units", "lines", "One per line, two or more", rows=3),
        FormField(
            "position",
            "Unit position",
            "choice",
            choices=(("after the number", "suffix"), ("before the number", "prefix")),
        ),
        HELPER,
    ),
    to_form=_to_form,
    from_form=_from_form,
    question=lambda item: Question(
        item.description, "number", item.type, units=tuple(text_of(unit.value) for unit in item.unit_options)
    ),
    inputs=frozenset({"number"}),
    columns=("value", "number", "number_unit"),
)
