"""The thresholds of flags, each with its source."""

from __future__ import annotations

from dataclasses import dataclass, fields

from ..common.arguments import listed, require_number, require_whole
from ..errors import ArgumentError

FLAGS = (
    "too fast",
    "outlier in speed",
    "straight-lining",
    "repeated text",
    "low agreement",
    "failed gold",
    "failed check",
)
"""The flags, in the order in which they are listed."""


@dataclass(frozen=True)
class Rules:
    """When a person is flagged. A rule needs an effect of a certain size *and* enough evidence for it.

    Of shares, the end of the 95 % interval has to be beyond the threshold, not the share itself. Evidence is the
    probability that somebody who answers as people usually do is that far off. It has to be at most `chance`, and small
    enough that among all who are flagged by one rule at most a share of `false_share` is expected to be honest
    (Benjamini & Hochberg 1995), so that large studies do not flag many people by chance.

    Parameters
    ----------
    least : int
        Answers, tasks, or units shared with others that a rule needs; of texts half as many.
    chance : float
        Largest probability of the evidence, for an honest person.
    false_share : float
        Largest share of honest people expected among those with one flag.
    seconds : float
        "too fast": seconds per answer; Huang et al. (2012) use 2 seconds per item of a questionnaire.
    words_per_minute : float
        "too fast": the reading speed that no reader is assumed to exceed. Silent reading of English non-fiction has a
        mean of 238 (Brysbaert 2019); the default is four times that. A task is too fast below both this and a third of
        the median time of all people, and a person if that is shown for more than half of their tasks.
    z : float
        "outlier in speed": the modified z-score of 3.5 of Iglewicz & Hoaglin (1993), towards fast only.
    run : float
        "straight-lining": share of the answers to a question in one unbroken run of an option; half, as Curran (2016)
        proposes for questionnaires.
    same : float
        "straight-lining": share of the commonest option, where the order is unknown or the run is broken, unless half
        of the labels may depend on what was shown.
    repeated : float
        "repeated text": share of a person's texts; if more than half of all people exceed it, their median.
    informative : float
        "low agreement": share of labels that depend on the unit, 1 for a typical person. The evidence is the
        likelihood ratio of the person's share and this one.
    gold : float
        "failed gold": share of right answers, or that of the others on the same rows if that is lower.
    checks : int
        "failed check": attention checks failed, with less than the share `gold` passed. Prolific's policy asks for two
        in studies of five minutes or more.
    without : tuple of str
        Flags that are not raised.

    Raises
    ------
    ValueError
        A number is out of its range, or `without` has an unknown flag.

    Examples
    --------
    >>> Rules(gold=0.8, without=("outlier in speed",)).gold
    0.8
    """

    least: int = 10
    chance: float = 0.005
    false_share: float = 0.05
    seconds: float = 2.0
    words_per_minute: float = 952.0
    z: float = 3.5
    run: float = 0.5
    same: float = 0.9
    repeated: float = 0.3
    informative: float = 0.6
    gold: float = 0.7
    checks: int = 2
    without: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if each.type == "int":
                require_whole(each.name, value, 1)
            elif each.type == "float":
                require_number(each.name, value, 0)
                if each.name not in ("seconds", "words_per_minute", "z") and value > 1:
                    raise ArgumentError(f"{each.name} is {value}, which is not a share; use a number from 0 to 1.")
        if unknown := [each for each in listed("without", self.without) if each not in FLAGS]:
            raise ArgumentError(f"without contains {unknown[0]!r}; the flags are {', '.join(FLAGS)}.")
