"""Multiple choice: one option, one point of a scale, or several options."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

from ...errors import ArgumentTypeError
from ..items import LOCAL, NO_LIMIT, Option, QuestionItem, Value, require_finite
from ..options import choices, offered
from .form_fields import DROPDOWN, HELPER, PLACEHOLDER, QUESTION, FormField, Values, option_lines, pairs
from .item_rules import Problem, choice, missing_words, question_text, same_labels, scale_gaps
from .item_type import QuestionType, as_given, question_title
from .method_call import MethodCall
from .question import Kind, Question, text_of

_CHECK = "To show that you have read this, choose “never”."
ONE, SCALE, MANY = "one option", "one point of a scale", "several options"


@dataclass(frozen=True)
class MultipleChoice(QuestionItem):
    """A choice: `answer_limit` 1 is a single one, -1 any number of options.

    `ordered` options form a scale. The API has no scales, so only the codebook records it; all points of a scale are
    shown at once, where Prolific would fold five options or more into a menu. So a single choice whose menu is disabled
    is read back as a scale, unless it has a placeholder, if only an empty one: a scale has none.

    `right` makes it an attention check: the value of the option that is right. It is never sent to Prolific.
    """

    type: ClassVar[str] = "multiple_choice"
    options: tuple[Option, ...]
    answer_limit: int = 1
    helper_text: str | None = None
    ordered: bool = field(default=False, metadata=LOCAL)
    placeholder_text_input: str | None = None
    disable_dropdown: bool | None = None
    right: Value | None = field(default=None, repr=False, metadata=LOCAL)

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.right, Value | None):
            raise ArgumentTypeError(f"The right answer must be the value of an option, not {self.right!r}.")
        require_finite(self.right, "The right answer")
        if self.ordered:
            object.__setattr__(self, "placeholder_text_input", None)
            object.__setattr__(self, "disable_dropdown", None)
        elif self.disable_dropdown and self.answer_limit == 1 and self.placeholder_text_input is None:
            object.__setattr__(self, "placeholder_text_input", "")

    def to_api(self) -> dict[str, Any]:
        """The item as the API's layout holds it; a scale tells Prolific not to fold it into a menu."""
        return super().to_api() | ({"disable_dropdown": True} if self.ordered else {})

    @classmethod
    def from_api(cls, sent: Mapping[str, Any]) -> Self:
        """The item of a layout on the server; a single choice without a menu or a placeholder is read as a scale."""
        alone = sent.get("answer_limit") == 1 and sent.get("placeholder_text_input") is None
        if not alone or sent.get("disable_dropdown") is not True:
            return super().from_api(sent)
        rest = {name: value for name, value in sent.items() if name != "disable_dropdown"}
        return replace(super().from_api(rest), ordered=True)

    def to_record(self) -> dict[str, Any]:
        """The item as a design is saved."""
        return super().to_record() | {"ordered": self.ordered} | ({} if self.right is None else {"right": self.right})


def _rules(item: MultipleChoice) -> Iterator[Problem]:
    yield from question_text(item)
    yield from choice(item.options, item.answer_limit)
    if item.right is not None:
        yield from _right_answer(item)


def _right_option(item: MultipleChoice) -> Option | None:
    right = None if item.right is None else text_of(item.right)
    return next((option for option in item.options if text_of(option.value) == right), None)


def _right_answer(item: MultipleChoice) -> Iterator[Problem]:
    if _right_option(item) is None:
        values = [option.value for option in item.options]
        listed = ", ".join(map(repr, values))
        yield f"The right answer {item.right!r} is not one of the options, {listed}.", "Name the value of an option."
    if item.ordered or item.answer_limit != 1:
        what = "An attention check asks for one option, but this is a scale or allows several."
        yield what, "Ask it with .attention(question, options, right=…)."


def _advice(item: MultipleChoice) -> Iterator[Problem]:
    yield from same_labels(item.options)
    yield from missing_words("option", [option.value for option in item.options])
    if item.ordered:
        yield from scale_gaps(item.options)
    if item.right is not None:
        yield from _telling(item)


def _telling(item: MultipleChoice) -> Iterator[Problem]:
    """Whether an attention check catches those who do not read, and only those."""
    right = _right_option(item)
    if right is not None and right is item.options[0]:
        yield "The right answer is the first option, so who always takes the first passes.", "Put another option first."
    if right is not None and right.label.casefold() not in item.description.casefold():
        what = f"The question does not name the right answer {right.label!r}, so attentive people may miss it."
        yield what, "Say in the question which option to choose."


def _code(item: MultipleChoice) -> MethodCall:
    last = item.options[-1] if item.options else None
    excluding = last.label if last and last == Option(last.label, last.label, exclusive=True) else None
    options = offered(item.options[:-1] if excluding is not None else item.options)
    unmarked = None if item.disable_dropdown and item.placeholder_text_input == "" else item.placeholder_text_input
    texts = {"helper": item.helper_text, "placeholder": unmarked, "disable_dropdown": item.disable_dropdown}
    named: dict[str, Any] = {**texts, "extra": item.extra or None}
    if item.ordered:
        return MethodCall("rate", (item.description, offered(item.options)), named)
    if item.right is not None:
        return MethodCall("attention", (item.description, options), {"right": item.right} | named)
    if item.answer_limit == 1 and excluding is None:
        return MethodCall("choose", (item.description, options), named)
    at_most = None if item.answer_limit == NO_LIMIT else item.answer_limit
    return MethodCall("choose_many", (item.description, options), {"at_most": at_most, "none": excluding} | named)


def _label(item: MultipleChoice) -> str:
    if item.right is not None:
        return "attention check"
    return "rating" if item.ordered else "choice" if item.answer_limit == 1 else "multiple choice"


def _to_form(item: MultipleChoice) -> Values:
    exclusive = [option for option in item.options if option.exclusive]
    return {
        "question": item.description,
        "options": option_lines(option for option in item.options if not option.exclusive),
        "pick": SCALE if item.ordered else ONE if item.answer_limit == 1 else MANY,
        "at_most": max(item.answer_limit, 0) if item.answer_limit != 1 else 0,
        "none": exclusive[0].label if exclusive else "",
        "right": "" if item.right is None else text_of(item.right),
        "placeholder": item.placeholder_text_input or "",
        "dropdown": not item.disable_dropdown,
        "helper": item.helper_text or "",
    }


def _from_form(values: Values) -> MultipleChoice:
    pick = values["pick"]
    options = [Option(label, value) for value, label in pairs(values["options"], numbers=pick == SCALE)]
    if pick == MANY and values["none"].strip():
        options.append(Option(values["none"].strip(), values["none"].strip(), exclusive=True))
    limit = (values["at_most"] or NO_LIMIT) if pick == MANY else 1
    return MultipleChoice(
        values["question"],
        tuple(options),
        limit,
        values["helper"] or None,
        ordered=pick == SCALE,
        placeholder_text_input=values.get("placeholder") or None,
        disable_dropdown=None if values.get("dropdown", True) else True,
        right=_right(values, options) if pick == ONE else None,
    )


def _right(values: Values, options: Iterable[Option]) -> Value | None:
    """The value of the option that was typed as the right answer; what was typed if there is no such option."""
    typed: str = values.get("right", "").strip()
    return next((option.value for option in options if text_of(option.value) == typed), typed) if typed else None


def choice_question(item: Any, single: Kind) -> Question:
    """The codebook's question of a choice: `single` where one option may be picked, else ``"many"``."""
    options = tuple(option.value for option in item.options)
    labels = tuple(option.label for option in item.options)
    limit = None if item.answer_limit < 0 else item.answer_limit
    several = item.answer_limit != 1 or len({option.heading for option in item.options}) > 1
    return Question(item.description, "many" if several else single, item.type, options, labels, limit)


def _question(item: MultipleChoice) -> Question:
    asked = choice_question(item, "scale" if item.ordered else "single")
    return asked if item.right is None else replace(asked, right=text_of(item.right))


MULTIPLE_CHOICE = QuestionType(
    item=MultipleChoice,
    rules=_rules,
    advice=_advice,
    code=_code,
    changes=as_given,
    templates={
        "Single choice": lambda _: MultipleChoice("", choices(["yes", "no"])),
        "Rating": lambda _: MultipleChoice("", choices(range(1, 6)), ordered=True),
        "Multiple choice": lambda _: MultipleChoice("", choices(["first", "second"]), NO_LIMIT),
        "Attention check": lambda _: MultipleChoice(_CHECK, choices(["always", "sometimes", "never"]), right="never"),
    },
    label=_label,
    title=question_title,
    fields=(
        QUESTION,
        FormField(
            "options", "Options", "lines", "One per line; value | label stores another value than is shown", rows=5
        ),
        FormField("pick", "Pick", "choice", choices=tuple((each, each) for each in (ONE, SCALE, MANY))),
        FormField("at_most", "At most", "number", "Options; 0: any number", only_if=("pick", MANY)),
        FormField(
            "none", "None of these", hint="A last option that clears the others; empty: none", only_if=("pick", MANY)
        ),
        FormField(
            "right",
            "Right answer",
            hint="Of an attention check: the option that the question says to choose; empty: no check",
            only_if=("pick", ONE),
        ),
        HELPER,
        PLACEHOLDER,
        DROPDOWN,
    ),
    to_form=_to_form,
    from_form=_from_form,
    question=_question,
    inputs=frozenset({"radio", "checkbox", "select"}),
    columns=("value",),
)
