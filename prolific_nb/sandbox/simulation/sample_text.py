"""Short sample sentences for free-text answers; written for this project."""

from __future__ import annotations

from random import Random

_BEGINNINGS = (
    "The wording",
    "The first part",
    "What is said at the end",
    "The overall tone",
    "One detail in the middle",
    "The choice of words",
    "The way it is put",
    "The example given",
    "The last line",
    "The general impression",
)
_MIDDLES = (
    "makes it fairly clear",
    "points in that direction",
    "left me in little doubt",
    "decided it for me",
    "is hard to read in another way",
    "tipped the balance",
    "seems rather strong",
    "could mean two things, but I went with my first thought",
    "felt honest to me",
    "was easy to judge",
)
_ENDINGS = (
    "",
    ", though not by much",
    " when read twice",
    " to me",
    ", even if the rest is neutral",
    " compared with the others",
    ", as far as I can tell",
    " at once",
)
_REASONS = (
    'I picked "{}" because it fits best.',
    '"{}" is the closest match here.',
    'Nothing else comes as near as "{}".',
    'It reads like "{}" from start to end.',
    'I was between two, but "{}" is more likely.',
    'The details support "{}".',
)


def _one(rng: Random, choices: tuple[str, ...]) -> str:
    return choices[int(rng.random() * len(choices))]


def paragraph(rng: Random) -> str:
    """One or two sentences."""
    text = f"{_one(rng, _BEGINNINGS)} {_one(rng, _MIDDLES)}{_one(rng, _ENDINGS)}."
    if rng.random() < 0.3:
        text += f" {_one(rng, _BEGINNINGS)} {_one(rng, _MIDDLES)}."
    return text


def explanation(rng: Random, label: str) -> str:
    """An explanation for selecting the option `label`."""
    return _one(rng, _REASONS).format(label)
