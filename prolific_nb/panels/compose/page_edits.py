"""What was typed or moved on the page, as changes of the design; marks that say which part of it each element shows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from ...common.render import Marks
from ...design import Design, Entry
from ...design.field_changes import changed
from ...design.items import Item, Option, Unit
from ...design.question_types import type_of

DETAILS = "details"
"""The mark of the header, which shows the name, the introduction and the steps."""

Edit = Mapping[str, Any]
"""One of the `acts` of a `Preview`."""


def marks_of(design: Design) -> Marks:
    """Each item and each start of a page, by its index into `Design.entries`."""
    entries = design.entries
    items = [str(index) for index, entry in enumerate(entries) if entry.item is not None]
    starts = [str(index) for index, entry in enumerate(entries) if entry.item is None]
    return Marks(items, ["", *starts] if len(starts) < len(design.pages) else starts)


def moved_on_page(design: Design, edit: Edit) -> tuple[Design, int]:
    """The design after a move, and the index at which the entry is now."""
    entries, source = design.entries, int(edit["entry"])
    if source >= len(entries):
        return design, source
    after = design.move(source, max(0, min(int(edit["to"]), len(entries) - 1)))
    item = entries[source].item
    landed = [index for index, each in enumerate(after.entries) if item is not None and each.item is item]
    return after, landed[0] if landed else min(int(edit["to"]), len(after.entries) - 1)


class PageTyping:
    """Applies what is typed on the page, and remembers what is being typed."""

    def __init__(self) -> None:
        self._key = ""
        self._apart = False  # whether the option being typed had a value of its own when typing began

    def apply(self, design: Design, edit: Edit) -> Design:
        """The design after new texts for a part of it; unchanged if it has no such part any more."""
        entry, part, texts = edit["entry"], edit["part"], [str(text) for text in edit["texts"]]
        if entry == DETAILS:
            return replace(design, name=_line(texts[0])) if part == "name" and texts else design
        item = _item_at(design.entries, entry)
        if item is None:
            return design
        index = int(edit.get("index") or 0)
        if merge_key(edit) != self._key:
            self._key, self._apart = merge_key(edit), _is_apart(item, part, index)
        after = with_texts(item, part, index, texts, apart=self._apart)
        return design if after == item else design.with_item(int(entry), after)


def merge_key(edit: Edit) -> str:
    """Texts typed one after the other into one part are undone together; each change of a list by itself."""
    return "" if edit.get("key") else f"page {edit['entry']} {edit['part']} {edit.get('index')}"


def _is_apart(item: Item, part: str, index: int) -> bool:
    listed = getattr(item, part, None)
    old = listed[index] if isinstance(listed, tuple) and index < len(listed) else None
    return old is not None and not _follows(old)


def _follows(option: Any) -> bool:
    repeats = (option.label, option.label.lower(), f"{getattr(option, 'heading', None)}: {option.label}")
    return str(option.value) in repeats


def with_texts(item: Item, part: str, index: int, texts: Sequence[str], *, apart: bool = False) -> Item:
    """The item with other texts in one of its fields, by the name of the field in the API.

    Parameters
    ----------
    part : str
        A field with a text, or with options or units; ``"heading"`` is that of the option at `index` and of all others
        under it.
    texts : sequence of str
        The texts in place of the one at `index`: the first changes its label, others become new options after it.
    apart : bool
        Whether the value of the option stays, even if it repeats the label by now.

    Examples
    --------
    >>> from prolific_nb.design.options import choices
    >>> from prolific_nb.design.question_types import MultipleChoice
    >>> question = MultipleChoice("How?", choices(["good", "bad"]))
    >>> [option.label for option in with_texts(question, "options", 0, ["fine", "so so"]).options]
    ['fine', 'so so', 'bad']
    """
    if part == "heading":
        return _headed(item, index, _line(texts[0])) if texts else item
    if part not in {field.name for field in fields(item)}:
        return item
    value = getattr(item, part)
    if not isinstance(value, tuple):
        text = texts[0].strip() if texts else ""
        optional = value is None or part != "description"
        return changed(item, {part: text or (None if optional else "")})
    listed: dict[str, Any] = {part: _spliced(item, part, value, index, [_line(text) for text in texts], apart)}
    return replace(item, **listed)


def _line(text: str) -> str:
    return " ".join(text.split())


def _item_at(entries: Sequence[Entry], mark: str) -> Item | None:
    return entries[int(mark)].item if mark.isdecimal() and int(mark) < len(entries) else None


def _spliced(
    item: Item, part: str, listed: tuple[Any, ...], index: int, labels: Sequence[str], apart: bool
) -> tuple[Any, ...]:
    if index >= len(listed):
        first = next(iter(type_of(item).templates.values()))(())
        return (*listed, *(_like(item, (listed or getattr(first, part))[-1], label, listed) for label in labels))
    old = listed[index]
    kept = [replace(old, label=label) if apart else _relabelled(item, old, label) for label in labels[:1]]
    added: list[Any] = []
    for label in labels[1:]:
        added.append(_like(item, old, label, (*listed, *added) if index == len(listed) - 1 else ()))
    return (*listed[:index], *kept, *added, *listed[index + 1 :])


def _relabelled(item: Item, old: Any, label: str) -> Any:
    """An option with another label; its value changes too if it repeats the label, also in small letters."""
    heading = getattr(old, "heading", None)
    if str(old.value) == old.label:
        return replace(old, label=label, value=_value(item, label))
    if old.value == old.label.lower():
        return replace(old, label=label, value=label.lower())
    if old.value == f"{heading}: {old.label}":
        return replace(old, label=label, value=f"{heading}: {label}")
    return replace(old, label=label)


def _like(item: Item, other: Any, label: str, before: Sequence[Any]) -> Any:
    """A new option under the heading of another, or a new unit with its kind of number."""
    numbers = [each.value for each in before if type(each.value) is int]
    if before and len(numbers) == len(before) and any(str(each.value) != each.label for each in before):
        return type(other)(label, max(numbers) + 1)  # the next point of a scale with words
    if isinstance(other, Unit):
        rule = other.validation
        return Unit(label, label, replace(rule, min=None, max=None) if rule else None)
    with_heading = other.value == f"{other.heading}: {other.label}"
    return Option(label, f"{other.heading}: {label}" if with_heading else _value(item, label), heading=other.heading)


def _value(item: Item, label: str) -> Any:
    """The value of an option that is its own label; a scale has whole numbers, as in the form."""
    return int(label) if getattr(item, "ordered", False) and re.fullmatch(r"-?\d{1,9}", label) else label


def _headed(item: Item, index: int, heading: str) -> Item:
    options = getattr(item, "options", ())
    if index >= len(options):
        return item
    old = options[index].heading
    renamed = [_under(option, heading) if option.heading == old else option for option in options]
    listed: dict[str, Any] = {"options": tuple(renamed)}
    return replace(item, **listed)


def _under(option: Option, heading: str) -> Option:
    prefixed = option.value == f"{option.heading}: {option.label}"
    return replace(option, heading=heading, value=f"{heading}: {option.label}" if prefixed else option.value)
