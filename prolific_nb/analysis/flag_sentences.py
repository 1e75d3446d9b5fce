"""The sentences of flags: for the researcher, and for the participant."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

LEAST_CHARACTERS = 100  # Prolific requires that many in the message of a rejection

CATEGORIES = {
    "failed check": "FAILED_CHECK",
    "too fast": "TOO_QUICKLY",
    "outlier in speed": "TOO_QUICKLY",
    "straight-lining": "LOW_EFFORT",
    "repeated text": "LOW_EFFORT",
    "low agreement": "LOW_EFFORT",
    "failed gold": "FAILED_INSTRUCTIONS",
}
"""Prolific's reason for a rejection of each flag, the one that is used first if there are several."""


@dataclass(frozen=True)
class Flagged:
    """One person and flag.

    Parameters
    ----------
    flag : str
        Its name.
    value, threshold, expected : float
        As in `Evidence`; `expected` is what typical people show.
    n : int
        What the value is a share of, or computed from.
    option, question : str
        "straight-lining": which.
    run : bool
        "straight-lining": whether `value` is the length of a run.
    same : float
        "straight-lining": answers that are this option.
    agreement, seconds : float
        With the others; median per task.
    timed : bool
        Whether the times of single tasks are known.
    """

    flag: str
    value: float
    threshold: float
    n: int
    expected: float
    option: str = ""
    question: str = ""
    run: bool = False
    same: float = math.nan
    agreement: float = math.nan
    seconds: float = math.nan
    timed: bool = True


def sentence_of(each: Flagged) -> str:
    """What was seen and what is usual, for the researcher.

    Examples
    --------
    >>> sentence_of(Flagged("failed check", 2, 2, 3, math.nan))
    '2 of 3 attention checks failed.'
    """
    return _SENTENCES[each.flag](each, "")


def message_of(found: Sequence[Flagged]) -> str:
    """A message to the participant with everything that was seen; at least 100 characters.

    Examples
    --------
    >>> print(message_of([Flagged("failed check", 2, 2, 3, math.nan)]))
    Thank you for taking part. Checking the answers, we found this in your submission: 2 of 3 attention checks failed.
    Because of this, we cannot use these answers. If there is a reason that the numbers do not show, please write to us.
    """
    seen = " ".join(_SENTENCES[each.flag](each, "your ") for each in found)
    return (
        f"Thank you for taking part. Checking the answers, we found this in your submission: {seen}\n"
        "Because of this, we cannot use these answers. If there is a reason that the numbers do not show, "
        "please write to us."
    )


def _too_fast(each: Flagged, your: str) -> str:
    if not each.timed:
        return (
            f"{each.n} tasks were completed in {_time(each.seconds)} each on average; "
            f"reading and answering one takes at least {_time(each.expected)}."
        )
    return (
        f"{_count(each)} of {each.n} tasks were completed in less time than reading and answering takes, "
        f"which is at least {_time(each.expected)} per task on average; {your or 'the '}median time was "
        f"{_time(each.seconds)}."
    )


def _outlier(each: Flagged, your: str) -> str:
    what = "median time per task" if each.timed else "average time per task"
    return (
        f"{(your or 'the ').capitalize()}{what} was {_time(each.seconds)}, on {each.n} tasks, where other participants "
        f"usually took {_time(each.expected)}; compared on the same or similar tasks, this is far outside the usual "
        "range."
    )


def _straight(each: Flagged, your: str) -> str:
    how = f" in a row, and {each.same:.0f} in all" if each.run and each.same > each.value else ""
    about = f" to {each.question!r}" if each.question else ""
    usual = f"given the answers of others to the same items, about {each.expected * each.n:.0f} would be expected"
    return f"{each.value:.0f} of {each.n} answers{about} were {each.option!r}{how}; {usual}."


def _repeated(each: Flagged, your: str) -> str:
    return (
        f"{_count(each)} of {each.n} written answers repeat another written answer or a part of the text that was "
        f"shown, word by word or nearly so; usual is {each.expected:.0%}."
    )


def _low_agreement(each: Flagged, your: str) -> str:
    whose = "yours" if your else "this person's"
    return (
        f"On {each.n} items that others answered too, the answers of others were the same as {whose} in "
        f"{each.agreement:.0%} of cases, where {each.expected:.0%} is usual, and {your or 'the '}answers show "
        "little sign of depending on what was shown."
    )


def _failed_gold(each: Flagged, your: str) -> str:
    usual = (
        "" if math.isnan(each.expected) else f"; other participants answered {each.expected:.0%} of them as expected"
    )
    return f"{_count(each)} of {each.n} items with a known answer were answered as expected{usual}."


def _failed_check(each: Flagged, your: str) -> str:
    return f"{each.value:.0f} of {each.n} attention checks failed."


_SENTENCES: dict[str, Callable[[Flagged, str], str]] = {
    "too fast": _too_fast,
    "outlier in speed": _outlier,
    "straight-lining": _straight,
    "repeated text": _repeated,
    "low agreement": _low_agreement,
    "failed gold": _failed_gold,
    "failed check": _failed_check,
}


def _count(each: Flagged) -> str:
    return f"{each.value * each.n:.0f}"


def _time(seconds: float) -> str:
    return f"{seconds:.1f} seconds" if seconds < 10 else f"{seconds:.0f} seconds"
