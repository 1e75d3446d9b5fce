"""What a simulated person answers to one question about one datapoint."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import exp, log
from random import Random
from typing import Any

from ..storage.ids import Ids
from .participants import Person
from .sample_text import explanation, paragraph

Item = Mapping[str, Any]
Answer = list[dict[str, Any]]

# The log-odds of the intended answer fall by this much from the easiest datapoint to the hardest. Most things that
# people label are easy, so the skill is meant for the one that only three in ten are harder than. Three people of the
# default skill then agree with a Fleiss' kappa of about 0.65.
_FALL, _SKILL_AT = 5.0, 0.7
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
    """One question about one datapoint, as the simulation knows it.

    Parameters
    ----------
    key : str
        Stands for the datapoint's shown content and the question; equal content gives an equal key.
    intended : str
        The cell of the truth column, "" without one.
    hardness : float
        In [0, 1); the same for everybody.
    """

    key: str
    intended: str
    hardness: float


@dataclass(frozen=True)
class SimulatedAnnotator:
    """A person at work on a submission: who, and the chances drawn on the way."""

    person: Person
    ids: Ids
    rng: Random

    def knows(self, subject: QuestionInstance) -> bool:
        """Whether the person sees what the datapoint was meant to say; harder ones are seen less often."""
        skill = self.person.skill
        odds = log(skill / (1 - skill)) + _FALL * (_SKILL_AT - subject.hardness)
        return self.rng.random() < 1 / (1 + exp(-odds))

    def pick(self, count: int) -> int:
        """A number below `count`."""
        return int(self.rng.random() * count)


def answer(item: Item, subject: QuestionInstance, who: SimulatedAnnotator) -> Answer:
    """The elements of an answer, in the shape that the contract gives for the question's type."""
    if item["type"] not in ANSWERS:
        raise LookupError(f"Simulated participants cannot answer the type {item['type']!r}. Add it to ANSWERS.")
    return ANSWERS[item["type"]](item, subject, who)


def _intended(options: Sequence[Item], subject: QuestionInstance, ids: Ids) -> int:
    """Which option the datapoint was meant to have: the truth column's, else one fixed by its content."""
    wanted = subject.intended.casefold()
    for number, option in enumerate(options):
        if wanted and wanted in (str(option["value"]).casefold(), option["label"].casefold()):
            return number
    return int(ids.fraction("option", subject.key) * len(options))


def _single(options: Sequence[Item], subject: QuestionInstance, who: SimulatedAnnotator) -> int:
    """One option: the intended one, or else a near one on a scale and a favourite one elsewhere."""
    right = _intended(options, subject, who.ids)
    if len(options) == 1 or who.knows(subject):
        return right
    if len(options) > 2 and all(isinstance(o["value"], int | float) for o in options):
        return right + (1 if right == 0 or (right < len(options) - 1 and who.rng.random() < 0.5) else -1)
    wrong = [number for number in range(len(options)) if number != right]
    favourite = int(who.person.leaning * len(wrong))
    return wrong[favourite if who.rng.random() < 0.5 else who.pick(len(wrong))]


def _several(options: Sequence[Item], limit: int, subject: QuestionInstance, who: SimulatedAnnotator) -> list[int]:
    """Some options, at most `limit` (-1: any number); an exclusive one stands alone."""
    first = _single(options, subject, who)
    if options[first].get("exclusive"):
        return [first]
    picked = [first]
    for number, option in enumerate(options):
        belongs = who.ids.fraction("also", subject.key, number) < 0.3
        if number != first and belongs and not option.get("exclusive") and who.knows(subject):
            picked.append(number)
    return sorted(picked[: len(options) if limit == -1 else limit])


def _multiple_choice(item: Item, subject: QuestionInstance, who: SimulatedAnnotator) -> Answer:
    options, limit = item["options"], item["answer_limit"]
    picked = [_single(options, subject, who)] if limit == 1 else _several(options, limit, subject, who)
    return [{"value": options[number]["value"]} for number in picked]


def _choice_with_text(item: Item, subject: QuestionInstance, who: SimulatedAnnotator) -> Answer:
    """With one answer a single pick, otherwise a pick under each heading, up to the limit."""
    options, limit = item["options"], item["answer_limit"]
    headings = list(dict.fromkeys(option["heading"] for option in options))
    if limit == 1:
        picked = [options[_single(options, subject, who)]]
    else:
        under = [[o for o in options if o["heading"] == h] for h in headings[: len(headings) if limit == -1 else limit]]
        picked = [group[_single(group, subject, who)] for group in under]
    return [{"value": o["value"], "explanation": explanation(who.rng, o["label"])} for o in picked]


def _number(rule: Item | None, subject: QuestionInstance, who: SimulatedAnnotator) -> float:
    """A number near one that belongs to the datapoint, within the bounds of `rule`."""
    low, high = _range(rule)
    right = low + (high - low) * who.ids.fraction("amount", subject.key)
    with suppress(ValueError):  # a truth column without a number leaves it to the content
        right = min(max(float(subject.intended), low), high)
    off = 0.0 if who.knows(subject) else (who.rng.random() - 0.5) * (high - low) / 2
    digits = 0 if high - low >= 10 else 1
    return min(max(round(right + off, digits), low), high)


def _range(rule: Item | None) -> tuple[float, float]:
    low, high = ((rule or {}).get(name) for name in ("min", "max"))
    if low is None:
        low = 0 if high is None or high >= 0 else high - 100
    return low, low + 100 if high is None else high


def _plain(number: float) -> int | float:
    return int(number) if number == int(number) else number


def _free_text(item: Item, subject: QuestionInstance, who: SimulatedAnnotator) -> Answer:
    return [{"value": _text(item.get("validation"), subject, who)}]


def _text(rule: Item | None, subject: QuestionInstance, who: SimulatedAnnotator) -> str:
    if rule and rule["type"] == "number":
        return str(_plain(_number(rule, subject, who)))
    low, high = (int((rule or {}).get(name) or 0) for name in ("min", "max"))
    text = paragraph(who.rng)
    while len(text) < low:
        text += " " + paragraph(who.rng)
    return text[:high] if rule and rule.get("max") is not None else text


def _free_text_with_unit(item: Item, subject: QuestionInstance, who: SimulatedAnnotator) -> Answer:
    units = item["unit_options"]
    usual = next((unit for unit in units if unit["value"] == item.get("default_unit")), units[0])
    unit = usual if who.rng.random() < 0.9 else units[who.pick(len(units))]
    rule = unit.get("validation")
    if rule and rule["type"] == "string":
        return [{"value": _text(rule, subject, who), "unit": unit["value"]}]
    return [{"value": _plain(_number(rule, subject, who)), "unit": unit["value"]}]


def _file_upload(item: Item, subject: QuestionInstance, who: SimulatedAnnotator) -> Answer:
    low = item.get("min_file_count", 1)
    spare = min(item.get("max_file_count", 10), low + 1) - low
    accepted = item.get("accepted_file_types") or [".jpg"]
    return [
        _file(accepted[0], item.get("max_file_size_mb", 25), subject, who) for _ in range(low + who.pick(spare + 1))
    ]


def _file(suffix: str, largest: float, subject: QuestionInstance, who: SimulatedAnnotator) -> dict[str, Any]:
    number = who.pick(10_000)
    return {
        "file_key": f"files/{who.ids.uuid('file', subject.key, who.person.number, number)}{suffix}",
        "file_name": f"file-{number:04d}{suffix}",
        "file_size_mb": round(min(largest, 4.0) * (0.1 + 0.9 * who.rng.random()), 3),
        "content_type": _MEDIA.get(suffix.lower(), "application/octet-stream"),
    }


def _video(item: Item, subject: QuestionInstance, who: SimulatedAnnotator) -> Answer:
    # The contract does not know the shape; a file record is what it presumes.
    return [_file(".webm", 25, subject, who)]


ANSWERS: Mapping[str, Callable[[Item, QuestionInstance, SimulatedAnnotator], Answer]] = {
    "multiple_choice": _multiple_choice,
    "multiple_choice_with_free_text": _choice_with_text,
    "free_text": _free_text,
    "free_text_with_unit": _free_text_with_unit,
    "file_upload": _file_upload,
    "video_narration": _video,
}
"""How simulated participants answer each question type of the API description."""
