"""A simulated participant's answer to one question about one datapoint."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from math import exp, log
from random import Random
from typing import Any

from ..storage.ids import Ids
from .crowd.crowd_figures import FALL, SKILL_AT
from .participants import Person
from .sample_text import explanation, paragraph

Item = Mapping[str, Any]
Answer = list[dict[str, Any]]

# "choose “never”", and "please pick never." at the end of a clause, but not "choose a label" where "a" is an option.
_TOLD = (
    r"\b(?:choose|select|pick|click|tick|mark)\s"
    r"(?:(?:\w+\s){{0,3}}[“\"‘']{0}[”\"’']|(?:(?:the|option|answer|label)\s)*{0}\s*(?:[.,;:!?)]|$))"
)
_MEDIA = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".heic": "image/heic",
    ".heif": "image/heif",
    ".pdf": "application/pdf",
    ".webm": "video/webm",
    ".mp4": "video/mp4",
}


@dataclass(frozen=True)
class QuestionInstance:
    """One question about one datapoint, as seen by the simulation.

    Parameters
    ----------
    key : str
        Identifies the datapoint's displayed content and the question; equal content has an equal key.
    intended : str
        The cell of the truth column, "" without one.
    hardness : float
        In [0, 1); the same for all participants.
    shown : tuple
        The displayed cells, which texts of participants with kinds are about.
    clear : bool
        Whether the answer is known to the researcher (gold), so that nobody has another view of it.
    told : bool
        Whether the question itself names the option to choose.
    """

    key: str
    intended: str
    hardness: float
    shown: tuple[object, ...] = ()
    clear: bool = False
    told: bool = False


@dataclass(frozen=True)
class SimulatedAnnotator:
    """A participant working on a submission, with a random number generator for it."""

    person: Person
    ids: Ids
    rng: Random

    def begin(self, question: Item) -> None:
        """Before each question."""

    def knows(self, subject: QuestionInstance) -> bool:
        """Whether the participant recognises the intended answer; less likely for harder datapoints."""
        skill = self.person.skill
        odds = log(skill / (1 - skill)) + FALL * (SKILL_AT - subject.hardness)
        return self.rng.random() < 1 / (1 + exp(-odds))

    def pick(self, count: int) -> int:
        """A random whole number from 0 and below `count`."""
        return int(self.rng.random() * count)

    def intended(self, options: Sequence[Item], subject: QuestionInstance) -> int:
        """Index of the intended option: by the truth column, otherwise derived from the content."""
        wanted = subject.intended.strip().casefold()
        for number, option in enumerate(options):
            if wanted and wanted in (str(option["value"]).casefold(), option["label"].casefold()):
                return number
        return int(self.ids.fraction("option", subject.key) * len(options))

    def choose(self, options: Sequence[Item], subject: QuestionInstance) -> int:
        """Index of one option: the intended one, or an error (on a scale a neighbour, otherwise often a favourite)."""
        right = self.intended(options, subject)
        if len(options) == 1 or self.knows(subject):
            return right
        if is_scale(options):
            return right + (1 if right == 0 or (right < len(options) - 1 and self.rng.random() < 0.5) else -1)
        return self.mistaken(len(options), right)

    def mistaken(self, count: int, right: int) -> int:
        """Index of a wrong one of `count` options without an order: half of the time this person's favourite."""
        wrong = [number for number in range(count) if number != right]
        return wrong[int(self.person.leaning * len(wrong)) if self.rng.random() < 0.5 else self.pick(len(wrong))]

    def adds(self, subject: QuestionInstance, number: int) -> bool:
        """Whether option `number` is selected beside another one."""
        return self.ids.fraction("also", subject.key, number) < 0.3 and self.knows(subject)

    def estimate(self, right: float, low: float, high: float, subject: QuestionInstance) -> float:
        """A number near the intended one; it may be beyond the bounds."""
        return right if self.knows(subject) else right + (self.rng.random() - 0.5) * (high - low) / 2

    def reason(self, subject: QuestionInstance, label: str) -> str:
        """Why the option `label` was selected."""
        return explanation(self.rng, label)

    def write(self, subject: QuestionInstance, least: int) -> str:
        """A free text of at least this many characters."""
        text = paragraph(self.rng)
        while len(text) < least:
            text += " " + paragraph(self.rng)
        return text


def is_scale(options: Sequence[Item]) -> bool:
    """Whether options are numbers in a row, of which neighbours are taken for one another."""
    return len(options) > 2 and all(isinstance(each["value"], int | float) for each in options)


def answer(item: Item, subject: QuestionInstance, annotator: SimulatedAnnotator) -> Answer:
    """The elements of an answer, in the contract's format for the question's type."""
    if item["type"] not in ANSWERS:
        raise LookupError(f"Simulated participants cannot answer the type {item['type']!r}. Add it to ANSWERS.")
    annotator.begin(item)
    return ANSWERS[item["type"]](item, subject, annotator)


def _several(
    options: Sequence[Item], limit: int, subject: QuestionInstance, annotator: SimulatedAnnotator
) -> list[int]:
    """Indices of several options, at most `limit` (-1: any number); an exclusive option is selected alone."""
    first = annotator.choose(options, subject)
    if options[first].get("exclusive"):
        return [first]
    picked = [first]
    for number, option in enumerate(options):
        if number != first and not option.get("exclusive") and annotator.adds(subject, number):
            picked.append(number)
    return sorted(picked[: len(options) if limit == -1 else limit])


def _as_told(item: Item, subject: QuestionInstance) -> QuestionInstance:
    """The question as who reads it sees it: one that says which option to choose is the easiest of all."""
    named = _told(str(item.get("description", "")), tuple(option["label"] for option in item["options"]))
    return replace(subject, intended=named[0], hardness=0.0, told=True) if len(named) == 1 else subject


@lru_cache(maxsize=256)
def _told(text: str, labels: tuple[str, ...]) -> tuple[str, ...]:
    """The options that the text of a question says to choose; asked of each question for every answer."""
    return tuple(each for each in labels if re.search(_TOLD.format(re.escape(each)), text, re.IGNORECASE))


def _multiple_choice(item: Item, subject: QuestionInstance, annotator: SimulatedAnnotator) -> Answer:
    options, limit, subject = item["options"], item["answer_limit"], _as_told(item, subject)
    picked = [annotator.choose(options, subject)] if limit == 1 else _several(options, limit, subject, annotator)
    return [{"value": options[number]["value"]} for number in picked]


def _choice_with_text(item: Item, subject: QuestionInstance, annotator: SimulatedAnnotator) -> Answer:
    """With `answer_limit` 1 a single option, otherwise one option under each heading, up to the limit."""
    options, limit = item["options"], item["answer_limit"]
    headings = list(dict.fromkeys(option["heading"] for option in options))
    if limit == 1:
        picked = [options[annotator.choose(options, subject)]]
    else:
        under = [[o for o in options if o["heading"] == h] for h in headings[: len(headings) if limit == -1 else limit]]
        picked = [group[annotator.choose(group, subject)] for group in under]
        # An exclusive option clears the others.
        picked = next(([option] for option in picked if option.get("exclusive")), picked)
    return [{"value": o["value"], "explanation": annotator.reason(subject, o["label"])} for o in picked]


def _number(rule: Item | None, subject: QuestionInstance, annotator: SimulatedAnnotator) -> float:
    """A number near the intended one, within the bounds of `rule`."""
    low, high = _range(rule)
    right = low + (high - low) * annotator.ids.fraction("amount", subject.key)
    with suppress(ValueError):  # if the truth column is not a number, the value is derived from the content
        right = min(max(float(subject.intended), low), high)
    given = annotator.estimate(right, low, high, subject)
    digits = 0 if high - low >= 10 else 1
    return min(max(round(given, digits), low), high)


def _range(rule: Item | None) -> tuple[float, float]:
    low, high = ((rule or {}).get(name) for name in ("min", "max"))
    if low is None:
        low = 0 if high is None or high >= 0 else high - 100
    return low, low + 100 if high is None else high


def _plain(number: float) -> int | float:
    return int(number) if number == int(number) else number


def _free_text(item: Item, subject: QuestionInstance, annotator: SimulatedAnnotator) -> Answer:
    return [{"value": _text(item.get("validation"), subject, annotator)}]


def _text(rule: Item | None, subject: QuestionInstance, annotator: SimulatedAnnotator) -> str:
    if rule and rule["type"] == "number":
        return str(_plain(_number(rule, subject, annotator)))
    low, high = (int((rule or {}).get(name) or 0) for name in ("min", "max"))
    text = annotator.write(subject, low)
    return text[:high] if rule and rule.get("max") is not None else text


def _free_text_with_unit(item: Item, subject: QuestionInstance, annotator: SimulatedAnnotator) -> Answer:
    units = item["unit_options"]
    usual = next((unit for unit in units if unit["value"] == item.get("default_unit")), units[0])
    unit = usual if annotator.rng.random() < 0.9 else units[annotator.pick(len(units))]
    rule = unit.get("validation")
    if rule and rule["type"] == "string":
        return [{"value": _text(rule, subject, annotator), "unit": unit["value"]}]
    return [{"value": _plain(_number(rule, subject, annotator)), "unit": unit["value"]}]


def _file_upload(item: Item, subject: QuestionInstance, annotator: SimulatedAnnotator) -> Answer:
    low = item.get("min_file_count", 1)
    spare = min(item.get("max_file_count", 10), low + 1) - low
    accepted = item.get("accepted_file_types") or [".jpg"]
    return [
        _file(accepted[0], item.get("max_file_size_mb", 25), subject, annotator)
        for _ in range(low + annotator.pick(spare + 1))
    ]


def _file(suffix: str, largest: float, subject: QuestionInstance, annotator: SimulatedAnnotator) -> dict[str, Any]:
    number = annotator.pick(10_000)
    return {
        "file_key": f"files/{annotator.ids.uuid('file', subject.key, annotator.person.number, number)}{suffix}",
        "file_name": f"file-{number:04d}{suffix}",
        "file_size_mb": round(min(largest, 4.0) * (0.1 + 0.9 * annotator.rng.random()), 3),
        "content_type": _MEDIA.get(suffix.lower(), "application/octet-stream"),
    }


def _video(item: Item, subject: QuestionInstance, annotator: SimulatedAnnotator) -> Answer:
    # The contract does not define the format; a file record is its assumption.
    return [_file(".webm", 25, subject, annotator)]


ANSWERS: Mapping[str, Callable[[Item, QuestionInstance, SimulatedAnnotator], Answer]] = {
    "multiple_choice": _multiple_choice,
    "multiple_choice_with_free_text": _choice_with_text,
    "free_text": _free_text,
    "free_text_with_unit": _free_text_with_unit,
    "file_upload": _file_upload,
    "video_narration": _video,
}
"""How simulated participants answer each question type of the API description."""
