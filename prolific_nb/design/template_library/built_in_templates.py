"""Designs to start from: the usual kinds of annotation, with words that fit the data."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from types import MappingProxyType
from typing import Protocol

from ..design import Design
from ..rules import Described


class Shown(Described, Protocol):
    """What a template needs to know of the data."""

    @property
    def text_columns(self) -> Sequence[str]:
        """Columns that are useful to show, the best first."""


@dataclass(frozen=True)
class _Thing:
    """What is judged, in words."""

    noun: str
    plural: str
    verb: str

    @property
    def instruction(self) -> str:
        return f"{self.verb} the {self.noun}"


_THINGS = {
    "text": _Thing("text", "texts", "Read"),
    "image": _Thing("picture", "pictures", "Look at"),
    "audio": _Thing("recording", "recordings", "Listen to"),
    "video": _Thing("video", "videos", "Watch"),
}

_MENTIONED = {
    "text": ("What does this text mention?", ["Price", "Quality", "Delivery", "Customer service", "Something else"]),
    "image": ("What can be seen in this picture?", ["People", "Animals", "Buildings", "Nature", "Words or signs"]),
    "audio": ("What can be heard in this recording?", ["Speech", "Music", "Laughter", "Traffic", "Nature"]),
    "video": ("What happens in this video?", ["Someone speaks", "Music plays", "Something moves", "Words appear"]),
}

_DESCRIBED = {
    "text": "Summarise this text in one or two sentences.",
    "image": "Describe this picture for someone who cannot see it.",
    "audio": "Describe what you hear for someone who cannot hear it.",
    "video": "Describe what happens in this video.",
}

_QUALITY = {1: "1 Very poor", 2: "2 Poor", 3: "3 Fair", 4: "4 Good", 5: "5 Very good"}
_SURENESS = {1: "1 Guessing", 2: "2 Unsure", 3: "3 Fairly sure", 4: "4 Certain"}
_SIDES = {"a", "b", "left", "right", "first", "second", "old", "new", "before", "after"}


def _best(data: Shown | None) -> tuple[str, str]:
    """The column to show and its kind."""
    if data is None:
        return "text", "text"
    column = next(iter((*data.text_columns, *_ungrouped(data))), "text")
    return column, _kind(column, data)


def _kind(column: str, data: Shown) -> str:
    kind = data.kinds.get(column, "text")
    return kind if kind in _THINGS else "text"


def _ungrouped(data: Shown) -> list[str]:
    return [column for column in data.columns if data.kinds[column] != "group"]


def _new_design(name: str, kind: str, *steps: str) -> Design:
    thing = _THINGS[kind]
    listed = "".join(f"<li>{step}</li>" for step in (f"{thing.instruction} with care.", *steps))
    introduction = (
        f"<p>You will see a number of {thing.plural}, one at a time. Please give your own judgement: "
        "there are no trick questions.</p>"
    )
    return Design(name, introduction=introduction, steps=f"<ol>{listed}</ol>")


def _classification(data: Shown | None) -> Design:
    column, kind = _best(data)
    noun = _THINGS[kind].noun
    options = {"positive": "Positive", "neutral": "Neutral", "negative": "Negative", "unclear": "I cannot tell"}
    return (
        _new_design(f"What feeling does each {noun} express?", kind, "Choose the one answer that fits best.")
        .show(column)
        .choose(f"Which feeling does this {noun} express overall?", options)
    )


def _rating(data: Shown | None) -> Design:
    column, kind = _best(data)
    noun = _THINGS[kind].noun
    return (
        _new_design(f"Rate the quality of each {noun}", kind, "Rate its quality.", "Say how sure you are.")
        .show(column)
        .rate(f"How good is the quality of this {noun}?", _QUALITY)
        .rate("How sure are you of your rating?", _SURENESS)
    )


def _multi_label(data: Shown | None) -> Design:
    column, kind = _best(data)
    question, options = _MENTIONED[kind]
    return (
        _new_design(f"Label each {_THINGS[kind].noun}", kind, "Tick everything that applies.")
        .show(column)
        .choose_many(question, options, none="None of these")
    )


def _comparison(data: Shown | None) -> Design:
    left, right, context = _pair(data)
    introduction = "<p>You will see pairs, one at a time. Please say which of the two is better, and why.</p>"
    steps = "<ol><li>Look at both sides.</li><li>Choose the better one.</li><li>Say briefly why.</li></ol>"
    design = Design("Which of the two is better?", introduction=introduction, steps=steps)
    if context is not None:
        design = design.show(context)
    return design.compare("Which of the two is better overall?", left, right, tie=True).write(
        "Why did you choose it?", helper="A few words are enough."
    )


def _pair(data: Shown | None) -> tuple[str, str, str | None]:
    """The two columns to compare, and a column that both refer to, if there is one."""
    if data is None:
        return "answer_a", "answer_b", None
    usable = list(data.text_columns) if len(data.text_columns) > 1 else _ungrouped(data)
    pairs = list(combinations(usable, 2))
    alike = [pair for pair in pairs if _are_sides(*pair) and _kind(pair[0], data) == _kind(pair[1], data)]
    if not pairs:
        return next(iter(usable), "answer_a"), "answer_b", None
    pair = (alike or pairs)[0]
    first, second = sorted(pair, key=list(data.columns).index)
    others = [column for column in data.text_columns if column not in pair and data.kinds[column] != "other"]
    return first, second, others[0] if alike and others else None


def _are_sides(one: str, other: str) -> bool:
    """Whether two names differ in one word only, such as ``answer_a`` and ``answer_b``."""
    words = [re.findall(r"[^\W\d_]+|\d+", name.casefold()) for name in (one, other)]
    if len(words[0]) != len(words[1]):
        return False
    differing = [pair for pair in zip(*words, strict=True) if pair[0] != pair[1]]
    named = all(word in _SIDES or word.isdigit() for pair in differing for word in pair)
    return len(differing) == 1 and (len(words[0]) > 1 or named)


def _free_text(data: Shown | None) -> Design:
    column, kind = _best(data)
    return (
        _new_design(f"Describe each {_THINGS[kind].noun}", kind, "Answer in your own words, in full sentences.")
        .show(column)
        .write(_DESCRIBED[kind], min_chars=20, max_chars=500)
    )


MAKERS: Mapping[str, tuple[str, Callable[[Shown | None], Design]]] = {
    "classification": ("One label for each item, such as its sentiment.", _classification),
    "rating": ("A point on a scale, and how sure the participant is.", _rating),
    "multi-label": ("Any number of labels for each item, or none of them.", _multi_label),
    "pairwise comparison": ("Two columns side by side: which is better, and why?", _comparison),
    "free text": ("An answer in the participant's own words.", _free_text),
}

TEMPLATES: Mapping[str, str] = MappingProxyType({name: about for name, (about, _) in MAKERS.items()})
"""The templates by name, each with what it asks for."""
