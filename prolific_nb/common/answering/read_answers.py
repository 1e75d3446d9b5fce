"""Reading a whole form: every question of the pages that were shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from ..render.questions import QUESTION_BLOCKS, question_block
from .answered import Answered, Entered, Fault
from .question_answers import READERS, NotAnswered


def read_answers(
    batch_items: Iterable[Mapping[str, Any]], entered: Entered, *, screens: Collection[int] | None = None
) -> Answered:
    """The answers in a form, with every fault in it: all questions must be answered, within their limits.

    Parameters
    ----------
    batch_items : iterable of mapping
        The pages of the layout, as the document was drawn from. Questions of unknown types are left out.
    entered : mapping of str to sequence
        The values of the inputs by name.
    screens : collection of int, optional
        Numbers of the pages, from 0, that the form has; by default all.

    Examples
    --------
    >>> item = {"type": "multiple_choice", "description": "Good?", "answer_limit": 1,
    ...         "options": [{"label": "Yes", "value": 1}, {"label": "No", "value": 0}]}
    >>> pages = [{"rows": [{"columns": [{"items": [item]}]}]}]
    >>> read_answers(pages, {"p1-r1-c1-i1": ["1"]}).answers
    {'p1-r1-c1-i1': [{'value': 1}]}
    >>> [each.words for each in read_answers(pages, {}).faults]
    ['Choose an option.']
    """
    answers, faults = {}, []
    for screen, place, item in asked_of(batch_items):
        if screens is not None and screen not in screens:
            continue
        block = question_block(item, place)
        try:
            answers[block["name"]] = READERS[item["type"]](item, block, entered)
        except NotAnswered as fault:
            faults.append(Fault(block["name"], block["question"], str(fault)))
    return Answered(answers, tuple(faults))


def asked_of(batch_items: Iterable[Mapping[str, Any]]) -> Iterator[tuple[int, str, Mapping[str, Any]]]:
    """The questions of a layout: the number of the page, from 0, the question's place in the document, and the item."""
    for screen, page in enumerate(batch_items):
        for row_number, row in enumerate(page.get("rows", ()), 1):
            for column_number, column in enumerate(row.get("columns", ()), 1):
                for number, item in enumerate(column.get("items", ()), 1):
                    if item.get("type") in QUESTION_BLOCKS:
                        yield screen, f"p{screen + 1}-r{row_number}-c{column_number}-i{number}", item
