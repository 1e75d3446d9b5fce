"""One kind of simulated participant: how well, how fast and how carefully people of it work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from math import isfinite
from numbers import Real
from typing import Any

from ....common.plurals import a_type
from ....errors import ArgumentError

DEVICES = ("desktop", "mobile", "tablet")
HABITS = ("favourite", "first", "last")
_SHARE = (0.0, 1.0)
_RANGES = {
    "share": _SHARE,
    "skill": _SHARE,
    "skill_spread": (0.0, 0.5),
    "neighbours": _SHARE,
    "bias": _SHARE,
    "guesses": _SHARE,
    "contested": _SHARE,
    "checks": _SHARE,
    "words_per_minute": (1.0, 10_000.0),
    "reading_spread": (0.0, 2.0),
    "reads": _SHARE,
    "seconds_per_question": (0.0, 3600.0),
    "pace_spread": (0.0, 2.0),
    "typing_words_per_minute": (1.0, 1000.0),
    "typing_spread": (0.0, 2.0),
    "text_words": (1.0, 2000.0),
    "pastes": _SHARE,
    "time_change": (-0.5, 1.0),
    "tires": (0.0, 5.0),
    "drop_out": (0.0, 0.5),
    "pay_effect": (0.0, 5.0),
}


@dataclass(frozen=True)
class PersonKind:
    """A kind of simulated participant, for `People.mix`. The defaults are those of a careful person.

    Sources of the defaults are given with each; all others are assumptions, and ``People.assumptions()`` lists them.

    Parameters
    ----------
    name : str
        What it is called, in `Sandbox.kinds` and in waves; an identifier such as ``"expert"``.
    share : float
        Of all participants.
    skill, skill_spread : float
        Share of all rows on which a person recognises the intended answer (easy and hard rows together), and its
        standard deviation across people. In the data of Snow et al. (2008, EMNLP), textual entailment, the 164
        annotators' shares of right answers have the mean 0.84 and, without sampling error, the standard deviation 0.10.
    by_option : mapping of str to float
        The skill on rows whose intended answer is this option (its value or its label), in place of `skill`.
    neighbours : float
        On a scale, the share of errors that go to the option beside the intended one.
    bias, habit : float, str
        Share of answers given by habit instead of by the row, and the habit: ``"favourite"`` (one option, another for
        each person), ``"first"`` (also: left) or ``"last"`` (right). Near 1 this is straight-lining, below a side bias.
    guesses : float
        Share of answers chosen at random, without reading.
    view, contested : str, float
        People of one view see the same other answer on the same share `contested` of all rows; never on gold rows.
    checks : float
        Probability of doing what a question says that names the option to choose (an attention check).
    words_per_minute, reading_spread : float
        Silent reading: mean 238 for English non-fiction, most adults between 175 and 300 (Brysbaert 2019, Journal of
        Memory and Language 109, abstract). The spread is the standard deviation of the logarithm across people: 0.16
        makes "most" nine in ten, which is an assumption.
    reads : float
        Share of the words shown that are read.
    seconds_per_question, pace_spread : float
        To decide and to click, beside reading; its standard deviation across people, of the logarithm.
    typing_words_per_minute, typing_spread : float
        Typing, five characters a word: mean 51.56, standard deviation 20.2 (Dhakal et al. 2018, CHI), which is 0.38 of
        the logarithm. On a phone it is 36.2 / 51.56 of it (Palin et al. 2019, MobileHCI).
    text_words : float
        Median length of a written answer, words.
    pastes : float
        Share of written answers that are pasted: one text for everything.
    time_change : float
        Relative change of the time for a task with every ten tasks; below 0 faster.
    tires : float
        Log-odds of the intended answer lost with every ten tasks.
    drop_out : float
        Probability of returning the submission after each task, at a recommended reward. 2 % per 100 items (Hoerger
        2010, Cyberpsychology, Behavior, and Social Networking 13(6), abstract); that a task is one item is an
        assumption.
    pay_effect : float
        `drop_out` is multiplied by (recommended / own reward per hour) to this power.
    devices : mapping of str to float
        Shares of ``"desktop"``, ``"mobile"`` and ``"tablet"``. One in five on a phone, as of some 200,000 participants
        of Gorilla (Anwyl-Irvine et al. 2021, Behavior Research Methods 53); tablets are an assumption.

    Raises
    ------
    ValueError
        Values are out of range; all are named at once.

    Examples
    --------
    >>> PersonKind("leaning_left", share=0.1, bias=0.3, habit="first")
    PersonKind('leaning_left', share=0.1, bias=0.3, habit='first')
    """

    name: str
    share: float = 0.0
    skill: float = 0.84
    skill_spread: float = 0.10
    by_option: Mapping[str, float] = field(default_factory=dict)
    neighbours: float = 0.9
    bias: float = 0.0
    habit: str = "favourite"
    guesses: float = 0.0
    view: str = ""
    contested: float = 0.0
    checks: float = 0.95
    words_per_minute: float = 238.0
    reading_spread: float = 0.16
    reads: float = 1.0
    seconds_per_question: float = 4.0
    pace_spread: float = 0.25
    typing_words_per_minute: float = 51.56
    typing_spread: float = 0.38
    text_words: float = 12.0
    pastes: float = 0.0
    time_change: float = -0.03
    tires: float = 0.03
    drop_out: float = 0.0002
    pay_effect: float = 1.0
    devices: Mapping[str, float] = field(default_factory=lambda: {"desktop": 0.78, "mobile": 0.2, "tablet": 0.02})

    def __post_init__(self) -> None:
        found = list(self._faults())
        if found:
            raise ArgumentError(f"{type(self).__name__}({self.name!r}) cannot be used:\n- " + "\n- ".join(found))
        for each in ("by_option", "devices"):  # a copy that the caller does not hold
            object.__setattr__(self, each, _Frozen(getattr(self, each)))

    def _faults(self) -> Iterator[str]:
        if not isinstance(self.name, str) or not self.name.isidentifier():
            yield f"name is {self.name!r:.80}. Use letters, digits and _ only, for example 'expert'."
        for name, ends in _RANGES.items():
            yield from _number_faults(name, getattr(self, name), *ends)
        yield from _shares_faults("by_option", self.by_option)
        yield from _shares_faults("devices", self.devices)
        if self.habit not in HABITS:
            yield f"habit is {self.habit!r:.80}. Use one of {', '.join(HABITS)}."
        if not isinstance(self.view, str):
            yield f"view is {a_type(self.view)}. Use a string."
        if isinstance(self.devices, Mapping):
            if unknown := [each for each in self.devices if each not in DEVICES]:
                yield f"devices contains {unknown[0]!r:.80}. Use {', '.join(DEVICES)}."
            elif not any(each for each in self.devices.values()):
                yield "devices has no share above 0. Use for example {'desktop': 1}."
        if is_number(self.bias) and is_number(self.guesses) and self.bias + self.guesses > 1:
            yield f"bias and guesses sum to {self.bias + self.guesses:g}, above 1. Reduce one of them."
        if self.contested and not self.view:
            yield "contested is given without a view. Name it, for example view='another'."

    def __repr__(self) -> str:
        return f"PersonKind({', '.join([repr(self.name), *changed(self)[1:]])})"


def changed(value: Any) -> list[str]:
    """``name=value`` of the fields of a frozen value that differ from their default."""
    found = []
    for each in fields(value):
        given = getattr(value, each.name)
        default = each.default_factory() if callable(each.default_factory) else each.default
        if given != default:
            found.append(f"{each.name}={given!r}")
    return found


class _Frozen(Mapping[str, float]):
    """A mapping that is never changed, so that a kind has a hash."""

    def __init__(self, given: Mapping[str, float]) -> None:
        self._given = dict(given)

    def __getitem__(self, key: str) -> float:
        return self._given[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._given)

    def __len__(self) -> int:
        return len(self._given)

    def __hash__(self) -> int:
        return hash(frozenset(self._given.items()))

    def __repr__(self) -> str:
        return repr(self._given)


def is_number(value: object) -> bool:
    """Whether it is a finite number."""
    return isinstance(value, Real) and not isinstance(value, bool) and isfinite(value)


def _number_faults(name: str, value: Any, low: float, high: float) -> Iterator[str]:
    if not is_number(value):
        yield f"{name} is {value!r:.80}. Use a number from {low:g} to {high:g}."
    elif not low <= value <= high:
        yield f"{name} is {value:g}. Use a number from {low:g} to {high:g}."


def _shares_faults(name: str, given: Any) -> Iterator[str]:
    if not isinstance(given, Mapping):
        yield f"{name} is {a_type(given)}. Use a dict such as {{'mobile': 0.2}}."
        return
    for key, value in given.items():
        if not isinstance(key, str):
            yield f"{name} contains {key!r:.80}. Use strings."
        yield from _number_faults(f"{name}[{key!r:.80}]", value, *_SHARE)
