"""Starting sentences of rejections: fair and concrete, to be completed and edited before they are sent."""

from __future__ import annotations

import re
from collections.abc import Mapping

CATEGORY_WORDS = {
    "TOO_QUICKLY": "Too quickly",
    "TOO_SLOWLY": "Too slowly",
    "FAILED_INSTRUCTIONS": "Did not follow the instructions",
    "INCOMP_LONGITUDINAL": "Did not complete all parts",
    "FAILED_CHECK": "Failed attention checks",
    "LOW_EFFORT": "Low effort",
    "MALINGERING": "Untrue answers",
    "NO_CODE": "No completion code",
    "BAD_CODE": "Wrong completion code",
    "NO_DATA": "No answers were received",
    "UNSUPP_DEVICE": "Unsupported device",
    "OTHER": "Another reason",
}
"""What Prolific's categories mean."""

_REPLY = "If something went wrong on your side, please write to us, and we will look at your submission again."
_SENTENCES = {
    "TOO_QUICKLY": "You finished in [minutes] minutes; half of the participants took longer than [median] minutes. In "
    "this time the texts cannot be read with care, so we cannot use your answers.",
    "TOO_SLOWLY": "You took [minutes] minutes; half of the participants were done within [median] minutes. After such "
    "long breaks the answers cannot be compared with those of others, so we cannot use them.",
    "FAILED_INSTRUCTIONS": "The instructions ask you to [what they ask for], but in your submission [what was done "
    "instead], so we cannot use your answers.",
    "INCOMP_LONGITUDINAL": "This study has several parts, as its description says, and [which part] of yours is "
    "missing, so we cannot use your answers.",
    "FAILED_CHECK": "You answered [number of checks] of the attention checks wrongly; each one says in plain words "
    "which answer to choose, so we cannot use your answers.",
    "LOW_EFFORT": "Your [answers] answers took [minutes] minutes (the median is [median]), and [what shows it, for "
    "example: all are the first option], so we cannot use them.",
    "MALINGERING": "Your answers contradict each other: [which answers]. We therefore cannot use them.",
    "NO_CODE": "Your submission came without the completion code that is shown on the last page of the study, and we "
    "found [what was found] from you.",
    "BAD_CODE": "The completion code of your submission is not the one that is shown on the last page of the study, "
    "and we found [what was found] from you.",
    "NO_DATA": "We received [answers] answers from your submission, which is not the complete task, so there is "
    "nothing that we could use.",
    "UNSUPP_DEVICE": "The description of this study asks for [which device], and your answers were given on another "
    "one, on which the task is not shown as intended.",
    "OTHER": "We cannot use your answers, because [the reason, with the answers that it is about].",
}
PROPOSED = "PROPOSED"
"""Stands for the category that the flags of each participant propose."""
PROPOSAL = "[sentence]"
"""Stands for the sentence that they propose."""
_BLANK = re.compile(r"\[([^\[\]]+)\]")
_OWN = {match[0] for sentence in _SENTENCES.values() for match in _BLANK.finditer(sentence)} | {PROPOSAL}


def starting_sentence(category: str) -> str:
    """The sentence to start from: figures of the participant, such as ``[minutes]``, are filled in for each.

    Examples
    --------
    >>> blanks(starting_sentence("OTHER"))
    ['[the reason, with the answers that it is about]']
    """
    return PROPOSAL if category == PROPOSED else f"{_SENTENCES[category]} {_REPLY}"


def filled(sentence: str, figures: Mapping[str, str]) -> str:
    """The sentence with the figures of one participant; figures that are not known stay as blanks.

    Examples
    --------
    >>> filled("You took [minutes] minutes for [what].", {"minutes": "1.2"})
    'You took 1.2 minutes for [what].'
    """
    return _BLANK.sub(lambda blank: figures.get(blank[1], blank[0]), sentence)


def blanks(sentence: str) -> list[str]:
    """The blanks of a starting sentence that are still to be completed."""
    return [match[0] for match in _BLANK.finditer(sentence) if match[0] in _OWN]
