"""What people of a kind write: sentences about words of the row, so that honest people do not repeat each other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

from .workload import plain

_WORD = re.compile(r"[^\W\d_]{4,}")
_MOST_WORDS = 60  # of the row, from its beginning
_OVERSHOT = 12  # characters, half of a further sentence
_OPENINGS = (
    "The part about {a} {verb} {b}",
    "{a} {verb} {b} here",
    "What is said on {a} {verb} {b}",
    "For me {a} {verb} {b}",
    "Because of {a} and how it {verb} {b}",
    "Mostly {a}, which {verb} {b}",
    "I looked at {a}, it {verb} {b}",
    "Reading {a} first, then {b}, it {verb} enough",
    "It mentions {a} and that {verb} {b}",
    "Without {a} nothing {verb} {b}",
    "My first thought was {a}, and it {verb} {b}",
    "The way {a} is put {verb} {b}",
)
_VERBS = (
    "goes with",
    "settles",
    "outweighs",
    "explains",
    "fits",
    "contradicts",
    "softens",
    "supports",
    "points to",
    "sits next to",
    "changes",
    "repeats",
    "leads to",
    "is stronger than",
)
_LABELS = (
    ', so "{}"',
    ', hence "{}"',
    ', which I read as "{}"',
    ', closest to "{}"',
    '; I would call it "{}"',
    ', therefore "{}"',
    ', "{}" fits',
    ', that is "{}"',
)
_FURTHER = (
    "{a} alone is weaker",
    "also {a} near {b}",
    "{a} matters less than {b}",
    "not sure about {a}",
    "then {a} again",
    "{a} could be read otherwise",
    "the rest, like {a}, is neutral",
    "{a} adds little to {b}",
)
_PLAIN = ("tone", "ending", "wording", "beginning", "detail", "style", "example", "order")
_PASTED = (
    "I chose this because it is the best option for me",
    "good task and very clear thank you so much",
    "this is my honest opinion about the given item",
    "the answer is correct according to the text above",
    "it looks fine to me and I agree with it",
    "as I said before this seems to be right",
)


def words_of(shown: Sequence[object]) -> tuple[str, ...]:
    """The words of a row that a text may name, without repetitions."""
    found = list[str]()
    for each in shown:
        text = str(each)
        if len(found) < _MOST_WORDS and not text.startswith(("http://", "https://")):
            found += _WORD.findall(plain(text[: 12 * _MOST_WORDS]))
    return tuple(dict.fromkeys(found))[:_MOST_WORDS]


def about(rng: Random, words: Sequence[str], characters: int, label: str = "") -> str:
    """A text of about this many characters on some words of the row, and on the option chosen.

    Parameters
    ----------
    words : sequence of str
        As `words_of` returns them; without any, general words are used.
    """
    known = words if len(words) > 1 else (*words, *_PLAIN)
    text = _filled(rng, _one(rng, _OPENINGS), known)
    if label:
        text += _one(rng, _LABELS).format(label)
    while len(text) + _OVERSHOT < characters:
        text += ("; " if rng.random() < 0.5 else ". ") + _filled(rng, _one(rng, _FURTHER), known)
    return text + "."


def pasted(leaning: float) -> str:
    """The text that one person pastes everywhere."""
    return _PASTED[int(leaning * len(_PASTED))]


def _filled(rng: Random, frame: str, words: Sequence[str]) -> str:
    first = int(rng.random() * len(words))
    second = (first + 1 + int(rng.random() * (len(words) - 1))) % len(words)
    filled = frame.format(a=words[first].lower(), b=words[second].lower(), verb=_one(rng, _VERBS))
    return filled[0].upper() + filled[1:]


def _one(rng: Random, choices: Sequence[str]) -> str:
    return choices[int(rng.random() * len(choices))]
