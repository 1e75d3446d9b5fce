"""The codebook: what was asked, and which answers were offered. It is kept with the answers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, overload

from ..errors import ArgumentError, StepFailed, UnknownName
from .items import Item, QuestionItem
from .question_types import Kind, Question, asks, question_of, text_of
from .question_types.question import no_such_question

__all__ = ["Codebook", "Kind", "Question", "text_of"]

_TRUTHS: dict[str, Any] = {"right": None, "gold": ()}


class Codebook(Sequence[Question]):
    """The questions of a design, in order; immutable.

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
        return cls(question_of(item) for item in items if isinstance(item, QuestionItem))

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
            If there is none; the message names similar ones.
        """
        for each in self:
            if each.question == question:
                return each
        raise UnknownName(no_such_question(question, [each.question for each in self]))

    def without_checks(self) -> Codebook:
        """The questions that are not attention checks, without the answers that are known for some rows."""
        return Codebook(replace(each, gold=()) if each.gold else each for each in self if each.right is None)

    def to_records(self) -> list[dict[str, Any]]:
        """One dictionary per question, of JSON types only; with what is known to be right only where that is known."""
        return [
            {name: _listed(value) for name, value in asdict(each).items() if _TRUTHS.get(name, ...) != value}
            for each in self
        ]

    @classmethod
    def from_records(cls, records: Iterable[Mapping[str, Any]]) -> Codebook:
        """The codebook that `to_records` was called on.

        Raises
        ------
        ValueError
            If a record is not a valid question.
        """
        return cls(_question(number, record) for number, record in enumerate(records, 1))

    def to_json(self) -> str:
        """The records as a JSON string."""
        return json.dumps(self.to_records(), ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Codebook:
        """The codebook that `to_json` was called on; errors as those of `from_records`."""
        return cls.from_records(json.loads(text))

    def with_instructions(self, batch_items: Iterable[Mapping[str, Any]]) -> Codebook:
        """The codebook with the IDs that the server gave its questions.

        Parameters
        ----------
        batch_items : iterable of mapping
            The pages of the batch, as the server returned them.

        Raises
        ------
        StepFailed
            If the server's questions are not these, in this order, each with an ID.
        """
        return self.with_asked(item for item in _items(batch_items) if asks(item))

    def with_asked(self, asked: Iterable[Mapping[str, Any]]) -> Codebook:
        """The codebook with the IDs of the questions as the server returned them; errors as `with_instructions`."""
        sent, asked = [(each.type, each.question) for each in self], list(asked)
        held = [(str(item.get("type")), item.get("description")) for item in asked]
        if held != sent or not all(item.get("id") for item in asked):
            raise StepFailed(
                f"The questions of the batch differ from those of the design: sent {sent}, the server has {held}, "
                f"{sum(bool(item.get('id')) for item in asked)} of them with an ID. "
                "Answers could not be assigned to questions, so do not use this batch; create a new one."
            )
        return self.with_ids(" ".join(str(item["id"]) for item in asked))

    @property
    def ids(self) -> str:
        """The IDs that the server gave the questions, separated by spaces."""
        return " ".join(each.instruction_id or "" for each in self)

    def with_ids(self, ids: str) -> Codebook:
        """The codebook with these IDs, in order."""
        pairs = zip(self, ids.split(" "), strict=True)
        return Codebook(replace(each, instruction_id=each_id) for each, each_id in pairs)


def _items(batch_items: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for page in batch_items:
        for row in page["rows"]:
            for column in row["columns"]:
                yield from column["items"]


def _listed(value: Any) -> Any:
    return [_listed(each) for each in value] if isinstance(value, tuple) else value


def _question(number: int, record: Mapping[str, Any]) -> Question:
    try:
        given: dict[str, Any] = {key: _tupled(value) for key, value in record.items()}
        return Question(**given)
    except (TypeError, AttributeError, ValueError) as error:
        raise ArgumentError(
            f"Record {number} of the codebook is not a valid question: {error} Use the file that came with the answers."
        ) from error


def _tupled(value: Any) -> Any:
    return tuple(map(_tupled, value)) if isinstance(value, list) else value
