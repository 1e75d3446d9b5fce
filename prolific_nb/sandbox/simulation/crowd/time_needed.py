"""How long a person of a kind needs for each task of a study, and whether they stay to the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, exp, log, log1p
from random import Random

from .crowd_figures import CHARACTERS, LEAST_CHANGE, MOST_LEFT, PASTING, TASK_SPREAD, TEXT_SPREAD
from .person_traits import Traits, factor, normal
from .workload import QuestionLoad, Workload


@dataclass(frozen=True)
class Sitting:
    """One person's work on one task group, in seconds after its start.

    Parameters
    ----------
    introduction : float
        When the first task begins.
    ends : tuple of float
        End of each task, if nothing interrupts the person.
    texts : tuple of int
        Characters of each text that is typed, in order; 0 where one is pasted.
    leaves : int or None
        Number of tasks after which the submission is returned; None if it is completed.
    """

    introduction: float
    ends: tuple[float, ...]
    texts: tuple[int, ...]
    leaves: int | None

    @property
    def needed(self) -> float:
        """Seconds to the end."""
        return self.ends[-1] if self.ends else self.introduction

    @property
    def left_at(self) -> float:
        """When the submission is returned, if it is not completed."""
        return self.ends[self.leaves - 1] if self.leaves and self.ends else self.needed / 2

    def within(self, limit: float) -> Sitting:
        """The same in at most `limit` seconds: who runs out of time hurries."""
        if self.needed <= limit:
            return self
        share = limit / self.needed
        # min(): the last task must not end after the limit by a rounding error.
        ends = tuple(min(end * share, limit) for end in self.ends)
        return Sitting(min(self.introduction * share, limit), ends, self.texts, self.leaves)


def sit_down(traits: Traits, work: Workload, group: int, minutes: float, rng: Random) -> Sitting:
    """Draw one sitting.

    Parameters
    ----------
    minutes : float
        Estimated for the study, which is what a study without tasks takes.
    """
    words = work.tasks[group] if group < len(work.tasks) else ()
    if not words:  # answered on an external site
        return Sitting(minutes * 60 * traits.pace * factor(rng, TASK_SPREAD), (), (), _leaves(traits, work, 1, rng))
    reading = 60 * traits.kind.reads / traits.words_per_minute
    # The questions are read once; then one knows them.
    at = introduction = reading * (work.introduction + sum(each.words for each in work.questions))
    ends, texts = list[float](), list[int]()
    for nth, shown in enumerate(words):
        typed = [_characters(traits, each, rng) for each in work.questions if each.written]
        typing = sum(60 * each / traits.characters_per_minute if each else PASTING for each in typed)
        deciding = traits.kind.seconds_per_question * traits.pace * len(work.questions)
        at += (reading * shown + deciding + typing) * _change(traits, nth) * factor(rng, TASK_SPREAD)
        ends.append(at)
        texts += typed
    return Sitting(introduction, tuple(ends), tuple(texts), _leaves(traits, work, len(words), rng))


def _change(traits: Traits, nth: int) -> float:
    """The time of the nth task of a sitting, as a multiple of the first."""
    return max(float((1 + traits.kind.time_change) ** (nth / 10)), LEAST_CHANGE)


def _characters(traits: Traits, question: QuestionLoad, rng: Random) -> int:
    """Characters of a text within the limits of its question; 0 if it is pasted."""
    if rng.random() < traits.kind.pastes:
        return 0
    wanted = max(round(CHARACTERS * traits.kind.text_words * exp(TEXT_SPREAD * normal(rng))), question.least, 1)
    return min(wanted, question.most) if question.most else wanted


def _leaves(traits: Traits, work: Workload, tasks: int, rng: Random) -> int | None:
    """After how many tasks the person returns the submission: with the same probability after each of them."""
    after_each = min(traits.kind.drop_out * work.pay**-traits.kind.pay_effect, 0.5)
    draw = rng.random()
    left = 1 - (1 - after_each) ** tasks
    draw = draw * max(left / MOST_LEFT, 1.0)
    if draw >= left:
        return None
    return min(max(ceil(log1p(-draw) / log(1 - after_each)), 1), tasks)


def spans(sitting: Sitting, until: float) -> Sequence[tuple[float, float]]:
    """Start and end of each task that ends by `until`."""
    starts = (sitting.introduction, *sitting.ends)
    return [(start, end) for start, end in zip(starts, sitting.ends, strict=False) if end <= until]
