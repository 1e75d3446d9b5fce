"""Rehearsing a study in one call: a finished run with simulated people, before money is spent."""

from __future__ import annotations

from typing import Any, TypedDict, Unpack, overload

from ...common.arguments import require_whole
from ...common.money import Money
from ...common.plurals import a_type
from ...common.progress import OnProgress, Progress, TextBar
from ...data import Dataset, Source, as_dataset
from ...design import Design
from ...errors import ArgumentError, ArgumentTypeError
from ...sandbox import People
from ...study import StudyPlan
from .asked import Asked
from .measuring import measure
from .playing import play, played
from .rehearsal import Rehearsal
from .rehearsals import Rehearsals
from .scenario import Scenario, scenario_named

_OWN = ("client", "ledger", "only", "keep_out")


class _LaunchOptions(TypedDict, total=False):
    flow: str
    again: str
    allow_low_pay: str
    accept_partial: bool


class _Options(_LaunchOptions, total=False):
    people: People | None
    truth: str | None
    scenario: str | Scenario | None
    seed: int
    max_cost: str | Money | None
    on_progress: OnProgress | None


@overload
def rehearse(
    data: Dataset | Source, design: Design, plan: StudyPlan, *, times: None = None, **options: Unpack[_Options]
) -> Rehearsal: ...


@overload
def rehearse(
    data: Dataset | Source, design: Design, plan: StudyPlan, *, times: int, **options: Unpack[_Options]
) -> Rehearsals: ...


def rehearse(
    data: Dataset | Source,
    design: Design,
    plan: StudyPlan,
    *,
    people: People | None = None,
    truth: str | None = None,
    scenario: str | Scenario | None = None,
    seed: int = 0,
    max_cost: str | Money | None = None,
    times: int | None = None,
    on_progress: OnProgress | None = None,
    **options: Unpack[_LaunchOptions],
) -> Rehearsal | Rehearsals:
    """Carry out a study with simulated people, to the end and without waiting. Nothing is sent, and nothing is spent.

    It is launched, published and answered in a private sandbox in memory, with a ledger of its own, whatever the
    environment variables are. **Simulated people say nothing about real ones.** A rehearsal shows what a study costs,
    whether its steps work, and what *such* people would do to it; its figures say which assumptions they depend on.

    Parameters
    ----------
    data : Dataset, path, bytes or DataFrame
        The rows, with gold rows if there are any.
    design, plan
        The questions, and the settings of the study. Filters are left out: all simulated people match them.
    people : People, optional
        What the people are like; `People.mix` makes several kinds.
    truth : str, optional
        The column with the intended answers. Without it they are made up from the content of each row, and agreement
        says nothing about how hard the rows are.
    scenario : str, optional
        What happens to the study; `scenarios` lists the names.
    seed : int
        The same seed gives the same answers, times and words, on any computer and any day.
    max_cost : str or Money, optional
        As for `Run.publish`: a higher cost is refused.
    times : int, optional
        Rehearse so many times, with different people each time, for the spread of the figures.
    on_progress : callable, optional
        With `times`: called with `Progress` after each; by default a text bar is drawn.
    **options
        Further arguments of `launch`, such as ``allow_low_pay``.

    Returns
    -------
    Rehearsal
        A finished `Run` with ``.words``, ``.figures``, ``.caught`` and ``.assumptions``; with `times` `Rehearsals`,
        with ``.words``, ``.frame``, ``.spread`` and ``.plot()``.

    Raises
    ------
    InputError
        The study cannot be launched; with all findings.
    SpendError
        It costs more than `max_cost`.
    UnknownName
        There is no such scenario.

    Examples
    --------
    >>> import prolific_nb as pnb
    >>> design = pnb.Design("Reviews", introduction="<p>Read.</p>", steps="<p>Choose.</p>").show("review")
    >>> design = design.choose("How does the writer feel?", ["good", "bad", "mixed"])
    >>> plan = pnb.StudyPlan("Reviews", reward="1.50", minutes=6)
    >>> rehearsal = rehearse(pnb.sample_data(), design, plan, truth="sentiment")
    >>> rehearsal.figures.loc[1:3, ["figure", "value", "unit", "assumption"]]
                      figure  value      unit  assumption
    1     cost of all places  81.73       GBP       False
    2  cost of filled places  81.73       GBP        True
    3           pay per hour  ...  GBP/hour        True
    """
    asked = _checked(data, design, plan, people, truth, scenario, seed, max_cost, options)
    if times is None:
        return _once(asked)
    require_whole("times", times, 2, "; leave it out for one rehearsal")
    return _often(asked, int(times), on_progress or TextBar())


def _checked(
    data: Any, design: Any, plan: Any, people: Any, truth: Any, scenario: Any, seed: Any, max_cost: Any, options: Any
) -> Asked:
    if wrong := [name for name in _OWN if name in options]:
        raise ArgumentError(f"{', '.join(wrong)}: a rehearsal is private and has simulated people of its own. Omit it.")
    known = _LaunchOptions.__annotations__
    if unknown := [repr(name) for name in options if name not in known]:
        raise ArgumentError(
            f"rehearse has no argument {', '.join(unknown)}. Beside its own, it takes: {', '.join(known)}."
        )
    if people is not None and not isinstance(people, People):
        raise ArgumentTypeError(f"people is {a_type(people)}. Pass pnb.People(...) or pnb.People.mix(...).")
    require_whole("seed", seed, 0)
    rows = as_dataset(data)
    if truth is not None and truth not in rows.columns:
        raise ArgumentError(f"truth={truth!r} is not a column of the data, which has {', '.join(rows.columns)}.")
    return Asked(
        rows, design, plan, people or People(), truth, scenario_named(scenario), int(seed), max_cost, dict(options)
    )


def _once(asked: Asked) -> Rehearsal:
    """One rehearsal, and a second sandbox for comparison: without the scenario, then with one more annotator."""
    main = play(asked)
    try:
        found = measure(main, asked)
        plain = asked.ordinary()
        with played(plain) as beside:
            ordinary = measure(beside, plain) if asked.scenario.name else None
            grown = beside.grow(asked.plan.annotators_per_task + 1)
            one_more = measure(beside, plain) if grown else None
        return Rehearsal.of(main, asked, found, one_more, ordinary)
    except BaseException:
        main.sandbox.close()
        raise


def _often(asked: Asked, times: int, on_progress: OnProgress) -> Rehearsals:
    outcomes, seeds = [], []
    for number in range(times):
        each = asked.nth(number)
        with played(each) as found:
            outcomes.append(measure(found, each))
        seeds.append(each.seed)
        on_progress(Progress("Rehearsing", number + 1, times))
    return Rehearsals(asked, tuple(seeds), tuple(outcomes))
