"""Free text: an answer in the participant's own words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from ..items import QuestionItem, Validation
from .form_fields import HELPER, QUESTION, FormField, Values
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
    lengths = {"min_chars": rule.min, "max_chars": rule.max} if rule else {}
    texts = {"helper": item.helper_text, "placeholder": item.placeholder_text_input}
    return MethodCall("write", (item.description,), lengths | texts)


def _to_form(item: FreeText) -> Values:
    rule = item.validation or Validation("string")
    return {
        "question": item.description,
        "helper": item.helper_text or "",
        "placeholder": item.placeholder_text_input or "",
        "least": int(rule.min or 0),
        "most": int(rule.max or 0),
    }


def _from_form(values: Values) -> FreeText:
    least, most = values["least"] or None, values["most"] or None
    rule = Validation("string", least, most) if least or most else None
    return FreeText(values["question"], values["helper"] or None, values["placeholder"] or None, rule)


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
        FormField("placeholder", "Placeholder", hint="Shown until something is typed"),
        FormField("least", "At least", "number", "Characters; 0: no limit"),
        FormField("most", "At most", "number", "Characters; 0: no limit"),
    ),
    to_form=_to_form,
    from_form=_from_form,
    question=lambda item: Question(item.description, "text", item.type),
    inputs=frozenset({"textarea"}),
    columns=("value",),
)
