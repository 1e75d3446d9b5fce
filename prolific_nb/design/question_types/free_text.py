"""Free text: an answer in the participant's own words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from ..items import QuestionItem, Validation
from .form_fields import HELPER, PLACEHOLDER, QUESTION, FormField, Values, range_text, read_range
from .item_rules import Problem, bounds, no_advice, question_text
from .item_type import QuestionType, as_given, question_title
from .method_call import MethodCall
from .question import Question


@dataclass(frozen=True)
class FreeText(QuestionItem):
    """An answer in the participant's own words; `validation` bounds the number of characters."""

    type: ClassVar[str] = "free_text"
    helper_text: str | None = None
    placeholder_text_input: str | None = None
    validation: Validation | None = None


def _rules(item: FreeText) -> Iterator[Problem]:
    yield from question_text(item)
    if item.validation:
        yield from bounds(item.validation)


def _code(item: FreeText) -> MethodCall:
    rule = item.validation
    bounds_of: dict[str, Any] = {}
    if rule is not None and rule.type == "number":
        bounds_of = {"number": True if rule.min is None and rule.max is None else (rule.min, rule.max)}
    elif rule is not None:
        bounds_of = {"min_chars": rule.min, "max_chars": rule.max}
    texts = {"helper": item.helper_text, "placeholder": item.placeholder_text_input, "extra": item.extra or None}
    return MethodCall("write", (item.description,), bounds_of | texts)


def _to_form(item: FreeText) -> Values:
    rule = item.validation or Validation("string")
    words = rule if rule.type == "string" else Validation("string")
    number = rule if rule.type == "number" else Validation("number")
    return {
        "question": item.description,
        "helper": item.helper_text or "",
        "placeholder": item.placeholder_text_input or "",
        "typed": rule.type if rule.type == "number" else "string",
        "least": int(words.min or 0),
        "most": int(words.max or 0),
        "range": range_text(number.min, number.max),
    }


def _from_form(values: Values) -> FreeText:
    texts = values["question"], values["helper"] or None, values["placeholder"] or None
    if values["typed"] == "number":
        return FreeText(*texts, Validation("number", *read_range(values["range"])))
    least, most = values["least"] or None, values["most"] or None
    return FreeText(*texts, Validation("string", least, most) if least or most else None)


_WORDS, _NUMBER = ("typed", "string"), ("typed", "number")

FREE_TEXT = QuestionType(
    item=FreeText,
    rules=_rules,
    advice=no_advice,
    code=_code,
    changes=as_given,
    templates={"Free text": lambda _: FreeText("")},
    label=lambda _: "free text",
    title=question_title,
    fields=(
        QUESTION,
        HELPER,
        PLACEHOLDER,
        FormField("typed", "Typed", "choice", choices=(("words", "string"), ("a number", "number"))),
        FormField("least", "At least", "number", "Characters; 0: no limit", only_if=_WORDS),
        FormField("most", "At most", "number", "Characters; 0: no limit", only_if=_WORDS),
        FormField("range", "Range", hint="0 to 120; empty: any number", only_if=_NUMBER),
    ),
    to_form=_to_form,
    from_form=_from_form,
    question=lambda item: Question(item.description, "text", item.type),
    inputs=frozenset({"textarea"}),
    columns=("value",),
)
