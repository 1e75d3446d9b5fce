"""What may happen to a study on Prolific, as named scenarios that a rehearsal carries out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field, replace
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

import pandas as pd

from ...common.plurals import a_type
from ...errors import ArgumentTypeError, UnknownName
from ...sandbox import People
from ...sandbox.simulation.crowd.wave import Wave
from ..run import Run

_HOUR = 3600.0
_PATIENCE = 30 * 24 * _HOUR  # after which a study that is still running is stopped


@dataclass(frozen=True)
class Scenario:
    """One thing that may happen to a study.

    Parameters
    ----------
    name : str
        By which `rehearse` takes it.
    words : str
        What it does, in a sentence.
    remedy : str
        What to do if it happens to a study on Prolific.
    people : mapping
        Fields of `People` that it changes.
    answer_times : {"per_answer", "per_submission"}
        When the sandbox stores answers.
    edit : callable, optional
        What is done to the draft between its launch and its publication.
    jumps : tuple of float
        Seconds by which the clock jumps while the study is running; the study is looked at after each.
    patience : float
        Seconds after which the study is stopped if it is still running.
    shows : tuple of str
        The figures in which it shows.
    """

    name: str
    words: str
    remedy: str
    _: KW_ONLY
    people: Mapping[str, Any] = field(default_factory=dict)
    answer_times: str = "per_answer"
    edit: Callable[[Run], None] | None = None
    jumps: tuple[float, ...] = ()
    patience: float = _PATIENCE
    shows: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "people", MappingProxyType(dict(self.people)))

    def changed(self, people: People) -> People:
        """These people, as they behave in this scenario."""
        return replace(people, **self.people)


def raise_the_reward(run: Run) -> None:
    """What a colleague does on the website: half as much again for each submission, and another name."""
    reward = run.plan.pay.minor * 3 // 2
    run.client.studies.update(run.study_id, {"reward": reward, "name": f"{run.plan.name} (edited)"})


ORDINARY = Scenario("", "Nothing unusual happens.", "")
"""A rehearsal without a scenario."""

_TIMES = ("hours until half of the places are filled", "hours until all places are filled")

SCENARIOS = (
    Scenario(
        "slow start",
        "Participants take eight times as long to arrive.",
        "Leave the study open: places are not lost. Filters that admit more people and a higher hourly pay bring more "
        "participants; run.status() shows the expected finish.",
        people={"slow_start": 8.0},
        shows=_TIMES,
    ),
    Scenario(
        "return storm",
        "Half of all submissions are returned.",
        "Read the messages of those who returned, and take the study yourself: a link that does not work, a task that "
        "is longer than announced or unclear questions are common causes. run.pause() while you look; returned "
        "submissions cost nothing, and their places are taken by others.",
        people={"return_rate": 0.5},
        shows=("returned submissions", *_TIMES),
    ),
    Scenario(
        "low-quality wave",
        "Of those who arrive in the middle third of the time, most answer without care.",
        "run.flags() names those whose answers show it, with the evidence; run.review(...) rejects only what you "
        "decide. Gold rows and an attention check find more of them, and run.needs_more() the rows that need another "
        "answer.",
        people={"waves": (Wave(1 / 3, 2 / 3, spammer=0.4, straight_liner=0.2, hurried=0.2),)},
        shows=("agreement", "flagged people", "right labels"),
    ),
    Scenario(
        "places that do not fill",
        "Three in ten places are never taken; the study is stopped after a week.",
        "run.stop() ends the study, and only the places that were taken are paid. Then relax the filters or raise the "
        "reward, and ask others about the rows that have too few answers: run.follow_up(rows).",
        people={"fills": 0.7},
        patience=7 * 24 * _HOUR,
        shows=("filled places", "tasks with too few answers"),
    ),
    Scenario(
        "one person twice",
        "One in five participants takes part a second time, although the plan does not allow it.",
        "run.submissions() shows participants with several submissions. Two answers of one person about the same row "
        "are not two opinions: report it to Prolific, and leave the second submission out of the analysis.",
        people={"repeats": 0.2},
        shows=("people with several submissions",),
    ),
    Scenario(
        "times of the submission only",
        "All answers of a submission are stored together at its end, so the time and the order of single tasks are "
        "unknown.",
        "Judge speed by the minutes of submissions, run.submissions(). Flags that need the order or the time of single "
        "answers find fewer people, so that gold rows and attention checks count for more.",
        answer_times="per_submission",
        shows=("answers with a time of their own", "flagged people"),
    ),
    Scenario(
        "a colleague edits the draft",
        "Between launch and publication, the reward is raised by half and the name is changed on the website.",
        "run.publish(max_cost=...) lists what was edited and is refused if the cost is above max_cost. Change the "
        "draft back, or launch the plan that you want.",
        edit=raise_the_reward,
        shows=("cost of all places", "pay per hour"),
    ),
    Scenario(
        "a clock that jumps",
        "While the study is running, the server's clock goes back by an hour, and then ahead by a day.",
        "The study is not affected: the server counts its places itself, and its times are those of its records. An "
        "expected finish may be wrong for a while. The time of run.wait() is measured on this computer, so it neither "
        "ends early nor hangs.",
        jumps=(600.0, -_HOUR, 24 * _HOUR),
        shows=("hours until all places are filled",),
    ),
)


def scenarios() -> pd.DataFrame:
    """What may happen to a study on Prolific, and can be rehearsed: ``pnb.rehearse(..., scenario="return storm")``.

    Returns
    -------
    DataFrame
        ``scenario``, its name; ``what_happens``; ``what_to_do``, if it happens to a study on Prolific.

    Examples
    --------
    >>> scenarios()["scenario"].tolist()[:3]
    ['slow start', 'return storm', 'low-quality wave']
    """
    rows = [(each.name, each.words, each.remedy) for each in SCENARIOS]
    return pd.DataFrame(rows, columns=["scenario", "what_happens", "what_to_do"], dtype=object)


def scenario_named(given: str | Scenario | None) -> Scenario:
    """The scenario of this name; the ordinary one for None.

    Raises
    ------
    UnknownName
        There is no such scenario; with those there are.
    """
    if given is None or isinstance(given, Scenario):
        return given or ORDINARY
    if not isinstance(given, str):
        raise ArgumentTypeError(f"scenario is {a_type(given)}. Pass a name of pnb.scenarios().")
    known = {each.name: each for each in SCENARIOS}
    if given not in known:
        near = get_close_matches(given, known, 1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise UnknownName(f"There is no scenario {given!r}.{hint} The scenarios are: {'; '.join(known)}.")
    return known[given]
