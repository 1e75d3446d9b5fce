"""On which figures a simulation rests, and where each is from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any

from . import crowd_figures as figures
from .built_in_kinds import BUILT_IN, SHARES
from .mixture import REPLACED
from .person_kind import PersonKind
from .person_traits import PHONE_TYPING

ASSUMPTION = "assumption"
_SNOW = "Snow et al. 2008, EMNLP, textual entailment: shares of right answers of 164 annotators, from the released data"
_BRYSBAERT = "Brysbaert 2019, Journal of Memory and Language 109, abstract"
_DHAKAL = "Dhakal et al. 2018, CHI: mean 51.56, standard deviation 20.2 (on a phone: Palin et al. 2019, MobileHCI)"
_PHONE = "Palin et al. 2019, MobileHCI: 36.2 words a minute, of the 51.56 of Dhakal et al. 2018, CHI"
_HOERGER = "Hoerger 2010, Cyberpsychology, Behavior, and Social Networking 13(6), abstract"
_MEADE = "Meade & Craig 2012, Psychological Methods 17(3), abstract: 10 to 12 % are careless"
_PUBLISHED = {
    "skill": _SNOW,
    "skill_spread": f"{_SNOW}, without sampling error",
    "words_per_minute": _BRYSBAERT,
    "reading_spread": f"{_BRYSBAERT}: most adults between 175 and 300; that most are nine in ten is an assumption",
    "typing_words_per_minute": _DHAKAL,
    "typing_spread": _DHAKAL,
    "drop_out": f"{_HOERGER}: 2 % per 100 items; that a task is one item is an assumption",
    "devices": "Anwyl-Irvine et al. 2021, Behavior Research Methods 53: phones one in five; tablets are an assumption",
}
"""Sources of the defaults of a kind."""
_OF_PEOPLE = {
    "return_rate": (0.1, f"{_HOERGER}: 10 % leave almost at once"),
    "day_swing": (None, "assumption (the peak: around 3-4 pm GMT, a tip in Prolific's community)"),
}
_OF_ALL = (
    ("minutes until 100 places are taken", figures.WINDOW / 60),
    ("arrivals, power of a uniform share of that time", figures.EAGERNESS),
    ("mean seconds until a freed place is taken again", figures.WAIT),
    ("log-odds of the intended answer, from the hardest to the easiest row", figures.FALL),
    ("time of a task, standard deviation of the logarithm within a person", figures.TASK_SPREAD),
)
_WITHOUT_KINDS = (
    ("share of easier rows than the one to which the skill refers", figures.SKILL_AT),
    ("share of the time spent on the introduction", figures.INTRODUCTION),
    ("time of a submission, standard deviation of the logarithm within a person", figures.SITTING_SPREAD),
)
_OF_KINDS = (
    ("length of a text, standard deviation of the logarithm within a person", figures.TEXT_SPREAD),
    ("characters of a word and the space after it", figures.CHARACTERS),
    ("seconds to paste a text", figures.PASTING),
    ("least time of a task, as a share of the first", figures.LEAST_CHANGE),
    ("most that leave later, as a share of those who stayed at the start", figures.MOST_LEFT),
    ("most log-odds of the intended answer lost by tiring", figures.MOST_TIRED),
    ("share of further options that a guess selects", figures.ALSO),
)
_CARELESS = ("straight_liner", "spammer", "copy_paste")

Row = tuple[str, Any, str]


def assumptions_of(people: Any, kinds: Sequence[PersonKind]) -> list[Row]:
    """Figure, value and source of everything that these people rest on."""
    named = [each.name for each in fields(people) if each.name not in ("kinds", *(REPLACED if kinds else ()))]
    found = [(name, getattr(people, name), _source_of_people(people, name, bool(kinds))) for name in named]
    further = (*(() if kinds else _WITHOUT_KINDS), *(_OF_KINDS if kinds or people.waves else ()))
    found += [(words, value, ASSUMPTION) for words, value in (*_OF_ALL, *further)]
    if kinds or people.waves:
        found.append(("typing on a phone, as a share of typing on a keyboard", round(PHONE_TYPING, 3), _PHONE))
    if all(any(kind.name == name and kind.share == SHARES[name] for kind in kinds) for name in _CARELESS):
        found.append(("careless people together", round(sum(SHARES[name] for name in _CARELESS), 6), _MEADE))
    found += [row for kind in kinds for row in _of_kind(kind)]
    brought = dict.fromkeys(name for wave in people.waves for name in wave.shares)
    own = {kind.name for kind in kinds}
    return found + [row for name in brought if name not in own for row in _of_kind(BUILT_IN[name])]


def _source_of_people(people: Any, name: str, of_kinds: bool) -> str:
    value, source = _OF_PEOPLE.get(name, (object(), ASSUMPTION))
    return source if of_kinds and value in (None, getattr(people, name)) else ASSUMPTION


def _of_kind(kind: PersonKind) -> Iterator[Row]:
    usual = PersonKind(kind.name)
    for each in fields(kind):
        value = getattr(kind, each.name)
        published = each.name in _PUBLISHED and value == getattr(usual, each.name)
        if each.name != "name":
            yield f"{kind.name}: {each.name}", value, _PUBLISHED[each.name] if published else ASSUMPTION
