"""What a type of item has to declare to be registered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..items import Item, QuestionItem
from .form_fields import FormField, Values
from .item_rules import Problem
from .method_call import MethodCall
from .question import Question


@dataclass(frozen=True, kw_only=True)
class ItemType:
    """One type of item of the layout: content or question.

    Parameters
    ----------
    item : type of Item
        Its dataclass; ``item.type`` is its name in the API, its fields are those of the API.
    rules, advice : callable
        From an item, what Prolific would refuse (errors), and what would be better otherwise (warnings).
    code : callable
        From an item, the method of `Design` that adds it.
    changes : callable
        From an item and the keyword arguments of `Design.edit`, the changed fields.
    templates : mapping of str to callable
        What can be added in the composer, by name: each makes a new item, given the columns of the data.
    label, title : callable
        From an item, its type in a word or two, and the line that shows it in the composer's list.
    fields : tuple of FormField
        The fields of its form in the composer, in order.
    to_form, from_form : callable
        From an item to the values of the form, and back.
    """

    item: type[Item]
    rules: Callable[[Any], Iterator[Problem]]
    advice: Callable[[Any], Iterator[Problem]]
    code: Callable[[Any], MethodCall]
    changes: Callable[[Any, Mapping[str, Any]], Mapping[str, Any]]
    templates: Mapping[str, Callable[[Sequence[str]], Item]]
    label: Callable[[Any], str]
    title: Callable[[Any], str]
    fields: tuple[FormField, ...]
    to_form: Callable[[Any], Values]
    from_form: Callable[[Values], Item]


@dataclass(frozen=True, kw_only=True)
class QuestionType(ItemType):
    """A type of item that participants answer.

    Parameters
    ----------
    question : callable
        From an item, its question in the codebook. Its kind decides how agreement is computed, see `LEVELS`.
    inputs : frozenset of str
        HTML inputs that a participant may see: ``"textarea"``, ``"select"``, or the type of an ``input``.
    columns : tuple of str
        Columns of the tidy frame that an answer fills. Where ``"number"`` is one of them, strings are read as numbers.
    """

    question: Callable[[Any], Question]
    inputs: frozenset[str]
    columns: tuple[str, ...]


def as_given(_item: Item, changes: Mapping[str, Any]) -> Mapping[str, Any]:
    """The `changes` of a type in which no field depends on another."""
    return changes


def question_title(item: QuestionItem) -> str:
    """The `title` of a question: its text."""
    return " ".join(item.description.split()) or "(no question yet)"
