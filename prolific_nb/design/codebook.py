"""The codebook: what was asked, and which answers were offered. It travels with the answers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from difflib import get_close_matches
from typing import Any, Literal, overload

from ..errors import StepFailed
from .items import (
    QUESTION_TYPES,
    FreeText,
    FreeTextWithUnit,
    Item,
    MultipleChoice,
    MultipleChoiceWithFreeText,
    QuestionItem,
    Value,
)

Kind = Literal["single", "many", "scale", "number", "text", "file"]


def text_of(value: Value) -> str:
    """The one text that stands for an answer's value, wherever it came from.

    Examples
    --------
    >>> [text_of(value) for value in ("good", True, 1, 1.0, 0.5)]
    ['good', 'true', '1', '1', '0.5']
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if value == int(value) else repr(value)


@dataclass(frozen=True)
class Question:
    """One question as it was asked.

    Parameters
    ----------
    question : str
        Its text.
    kind : {"single", "many", "scale", "number", "text", "file"}
        How its answers are to be read; a scale is a single choice among ordered options.
    type : str
        Prolific's name of the type, such as ``"multiple_choice"``.
    options, labels : tuple
        Values offered and the words shown for them, in order, of the same length.
    limit : int, optional
        How many options may be picked; None is any number.
    units : tuple of str
        Units a number may be given in.
    instruction_id : str, optional
        The server's id, known once the batch exists.
    """

    question: str
    kind: Kind
    type: str
    options: tuple[Value, ...] = ()
    labels: tuple[str, ...] = ()
    limit: int | None = None
    units: tuple[str, ...] = ()
    instruction_id: str | None = None

    @classmethod
    def of(cls, item: QuestionItem) -> Question:
        """The question that an item of a layout asks."""
        if isinstance(item, MultipleChoice | MultipleChoiceWithFreeText):
            return _choice(item)
        if isinstance(item, FreeTextWithUnit):
            units = tuple(text_of(unit.value) for unit in item.unit_options)
            return cls(item.description, "number", item.type, units=units)
        return cls(item.description, "text" if isinstance(item, FreeText) else "file", item.type)


def _choice(item: MultipleChoice | MultipleChoiceWithFreeText) -> Question:
    options = tuple(option.value for option in item.options)
    labels = tuple(option.label for option in item.options)
    limit = None if item.answer_limit < 0 else item.answer_limit
    return Question(item.description, _kind(item), item.type, options, labels, limit)


def _kind(item: MultipleChoice | MultipleChoiceWithFreeText) -> Kind:
    if item.answer_limit != 1 or len({option.heading for option in item.options}) > 1:
        return "many"
    return "scale" if isinstance(item, MultipleChoice) and item.ordered else "single"


class Codebook(Sequence[Question]):
    """The questions of a design, in order; it cannot be changed.

    Examples
    --------
    >>> book = Codebook([Question("Good?", "single", "multiple_choice", ("yes", "no"), ("yes", "no"), 1)])
    >>> book.find("Good?").options
    ('yes', 'no')
    >>> Codebook.from_json(book.to_json()) == book
    True
    """

    def __init__(self, questions: Iterable[Question] = ()) -> None:
        self._questions = tuple(questions)

    @classmethod
    def of(cls, items: Iterable[Item]) -> Codebook:
        """The codebook of the items that ask something."""
        return cls(Question.of(item) for item in items if isinstance(item, QuestionItem))

    @overload
    def __getitem__(self, index: int) -> Question: ...
    @overload
    def __getitem__(self, index: slice) -> Codebook: ...
    def __getitem__(self, index: int | slice) -> Question | Codebook:
        found = self._questions[index]
        return Codebook(found) if isinstance(found, tuple) else found

    def __len__(self) -> int:
        return len(self._questions)

    def __iter__(self) -> Iterator[Question]:
        return iter(self._questions)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Codebook) and self._questions == other._questions

    def __hash__(self) -> int:
        return hash(self._questions)

    def __repr__(self) -> str:
        return f"Codebook({', '.join(f'{each.question!r}: {each.kind}' for each in self)})"

    def find(self, question: str) -> Question:
        """The question with this text.

        Raises
        ------
        LookupError
            If there is none; the message names the nearest.
        """
        for each in self:
            if each.question == question:
                return each
        texts = [each.question for each in self]
        near = get_close_matches(question, texts, cutoff=0.3) or texts
        raise LookupError(f"No question reads {question!r}. Ask for one of: {'; '.join(near) or '(there are none)'}.")

    def to_records(self) -> list[dict[str, Any]]:
        """One dictionary per question, of nothing but what JSON holds."""
        return [{name: _listed(value) for name, value in asdict(each).items()} for each in self]

    @classmethod
    def from_records(cls, records: Iterable[Mapping[str, Any]]) -> Codebook:
        """The codebook that `to_records` was called on.

        Raises
        ------
        ValueError
            If a record is no question.
        """
        return cls(_question(number, record) for number, record in enumerate(records, 1))

    def to_json(self) -> str:
        """The records as JSON text."""
        return json.dumps(self.to_records(), ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Codebook:
        """The codebook that `to_json` was called on; errors as those of `from_records`."""
        return cls.from_records(json.loads(text))

    def with_instructions(self, batch_items: Iterable[Mapping[str, Any]]) -> Codebook:
        """The codebook with the ids that the server gave its questions.

        Parameters
        ----------
        batch_items : iterable of mapping
            The pages of the batch, as the server returned them.

        Raises
        ------
        StepFailed
            If the server's questions are not these, in this order, each with an id.
        """
        return self.with_asked(item for item in _items(batch_items) if item.get("type") in QUESTION_TYPES)

    def with_asked(self, asked: Iterable[Mapping[str, Any]]) -> Codebook:
        """The codebook with the ids of the questions as the server returned them; errors as `with_instructions`."""
        sent, asked = [(each.type, each.question) for each in self], list(asked)
        held = [(item["type"], item.get("description")) for item in asked]
        if held != sent or not all(item.get("id") for item in asked):
            raise StepFailed(
                f"The batch does not ask what the design asks: sent {sent}, the server holds {held}, "
                f"{sum(bool(item.get('id')) for item in asked)} of them with an id. "
                "Answers could not be told apart, so go no further with this batch; make a new one."
            )
        return self.with_ids(" ".join(str(item["id"]) for item in asked))

    @property
    def ids(self) -> str:
        """The ids that the server gave the questions, divided by spaces."""
        return " ".join(each.instruction_id or "" for each in self)

    def with_ids(self, ids: str) -> Codebook:
        """The codebook with these `ids`, in order."""
        pairs = zip(self, ids.split(" "), strict=True)
        return Codebook(replace(each, instruction_id=ident) for each, ident in pairs)


def _items(batch_items: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for page in batch_items:
        for row in page["rows"]:
            for column in row["columns"]:
                yield from column["items"]


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _question(number: int, record: Mapping[str, Any]) -> Question:
    try:
        given: dict[str, Any] = {key: _tupled(value) for key, value in record.items()}
        return Question(**given)
    except (TypeError, AttributeError) as error:
        raise ValueError(
            f"Record {number} of the codebook is no question ({error}). Use the file that came with the answers."
        ) from error


def _tupled(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
