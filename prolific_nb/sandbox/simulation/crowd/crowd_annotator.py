"""How people of a kind answer: by reading, by guessing or by habit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, exp, log
from typing import Any

from ..simulated_answers import QuestionInstance, SimulatedAnnotator, is_scale
from .crowd_figures import ALSO, CHARACTERS, FALL, MOST_TIRED
from .person_traits import Traits
from .workload import is_written
from .written_reasons import about, pasted, words_of

Item = Mapping[str, Any]


@dataclass
class _Progress:
    """What changes during a sitting: answers so far, the texts still to be written, and how this answer is found."""

    texts: list[int]
    answers: int = 0
    mode: str = "read"
    planned: bool = False


@dataclass(frozen=True)
class CrowdAnnotator(SimulatedAnnotator):
    """A participant of a kind working on a submission.

    Parameters
    ----------
    traits : Traits
    questions : int
        Per task.
    texts : tuple of int
        Characters of the texts to write, as in `Sitting`.
    """

    traits: Traits = field(kw_only=True)
    questions: int = field(kw_only=True)
    texts: tuple[int, ...] = ()
    _progress: _Progress = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_progress", _Progress(list(reversed(self.texts))))

    def begin(self, question: Item) -> None:
        """Before each question: read it, guess, or answer by habit."""
        kind, draw, progress = self.traits.kind, self.rng.random(), self._progress
        progress.answers += 1
        progress.planned = is_written(question)
        progress.mode = "guess" if draw < kind.guesses else "habit" if draw < kind.guesses + kind.bias else "read"

    def knows(self, subject: QuestionInstance) -> bool:
        """Whether the intended answer is recognised; less likely for harder datapoints and late in a sitting."""
        return self._progress.mode == "read" and self._recognises(self.traits.skill, subject)

    def _recognises(self, skill: float, subject: QuestionInstance) -> bool:
        tired = min(self.traits.kind.tires * ((self._progress.answers - 1) // self.questions) / 10, MOST_TIRED)
        odds = _at_middle(skill) + FALL * (0.5 - subject.hardness) - tired
        return self.rng.random() < 1 / (1 + exp(-odds))

    def choose(self, options: Sequence[Item], subject: QuestionInstance) -> int:
        """Index of one option."""
        right = self.intended(options, subject)
        if len(options) == 1:
            return right
        if subject.told:
            return right if self.rng.random() < self.traits.kind.checks else self._other(options, right)
        if self._progress.mode == "guess":
            return self.pick(len(options))
        if self._progress.mode == "habit":
            return self._by_habit(len(options))
        seen = self._as_seen(len(options), right, subject)
        skill = self._skill_on(options[right])
        return seen if self._recognises(skill, subject) else self._error(options, seen)

    def _skill_on(self, option: Item) -> float:
        kind = self.traits.kind
        given = kind.by_option.get(str(option["value"]), kind.by_option.get(option["label"]))
        if given is None:
            return self.traits.skill
        return min(max(given + self.traits.skill - kind.skill, 0.02), 0.99)

    def _as_seen(self, count: int, right: int, subject: QuestionInstance) -> int:
        """The option that is right in this person's view."""
        kind = self.traits.kind
        if not kind.view or subject.clear or self.ids.fraction("contested", subject.key) >= kind.contested:
            return right
        return (right + 1 + int(self.ids.fraction("view", kind.view, subject.key) * (count - 1))) % count

    def _by_habit(self, count: int) -> int:
        habit = self.traits.kind.habit
        return 0 if habit == "first" else count - 1 if habit == "last" else int(self.traits.leaning * count)

    def _error(self, options: Sequence[Item], right: int) -> int:
        """An error: on a scale mostly a neighbour, otherwise often this person's favourite."""
        if not is_scale(options):
            return self.mistaken(len(options), right)
        if self.rng.random() < self.traits.kind.neighbours:
            beside = [number for number in (right - 1, right + 1) if 0 <= number < len(options)]
            return beside[self.pick(len(beside))]
        return self._other(options, right)

    def _other(self, options: Sequence[Item], right: int) -> int:
        return (right + 1 + self.pick(len(options) - 1)) % len(options)

    def adds(self, subject: QuestionInstance, number: int) -> bool:
        """Whether a further option is selected."""
        if self._progress.mode == "guess":
            return self.rng.random() < ALSO
        return super().adds(subject, number)

    def estimate(self, right: float, low: float, high: float, subject: QuestionInstance) -> float:
        """A number between `low` and `high`."""
        if self._progress.mode == "guess":
            return low + (high - low) * self.rng.random()
        if self._progress.mode == "habit":
            return low + (high - low) * self.traits.leaning
        return super().estimate(right, low, high, subject)

    def reason(self, subject: QuestionInstance, label: str) -> str:
        """Why the option `label` was selected."""
        return self._text(subject, label)

    def write(self, subject: QuestionInstance, least: int) -> str:
        """A free text of at least this many characters."""
        return self._text(subject, "", least)

    def _text(self, subject: QuestionInstance, label: str, least: int = 0) -> str:
        progress, usual = self._progress, round(CHARACTERS * self.traits.kind.text_words)
        characters = progress.texts.pop() if progress.planned and progress.texts else usual
        progress.planned = False  # a question with several headings has several texts, but one plan
        if not characters:
            text = pasted(self.traits.leaning)
            return text + f" {text}" * max(ceil((least - len(text)) / (len(text) + 1)), 0)
        text = about(self.rng, words_of(subject.shown), characters, label)
        return text if len(text) >= least else about(self.rng, words_of(subject.shown), least + len(text), label)


def _at_middle(skill: float) -> float:
    """Log-odds on a datapoint of middle hardness, such that the mean over all hardnesses is `skill`.

    With hardness h uniform in (0, 1) and log-odds c + F (1/2 - h), the mean is (ln(1 + e^(c + F/2)) - ln(1 + e^(c -
    F/2))) / F; solved for c.
    """
    return log((exp(FALL * skill) - 1) / (exp(FALL / 2) - exp(FALL * skill - FALL / 2)))
