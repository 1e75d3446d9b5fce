"""How many annotators and units a study needs, from a pilot or from assumptions."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from ...analysis import Counts
from ...analysis.expected_accuracy import Aggregation
from ...analysis.expected_study import Expected, expect
from ...api import Client
from ...common.arguments import listed, require_choice, require_whole
from ...common.money import Money
from ...common.plurals import a_type, counted
from ...data import Dataset, Source, as_dataset
from ...errors import ArgumentError, ArgumentTypeError
from ...report.planning.assumptions import Assumptions, require_range
from ...report.planning.basis import Basis, assumed, of_pilot
from ...report.planning.designs import Designs
from ...report.planning.pilot import uncertainty
from ...report.planning.sample_size_value import SampleSize
from ...report.planning.study_size import StudySize
from ...study import StudyPlan
from ..run import Run

_ANNOTATORS = (2, 3, 4, 5, 7)
_PER_PERSON = 10
_costs: WeakKeyDictionary[Client, dict[tuple[int, int], int]] = WeakKeyDictionary()


def sample_size(
    pilot: Run | pd.DataFrame | None = None,
    *,
    question: str | None = None,
    precision: float = 0.05,
    annotators: Sequence[int] | None = None,
    units: Sequence[int] | None = None,
    plan: StudyPlan | None = None,
    data: Dataset | Source | None = None,
    client: Client | None = None,
    skill: float | None = None,
    skill_sd: float | None = None,
    options: int | Sequence[Hashable] | None = None,
    prevalence: float | Sequence[float] | None = None,
    scale: bool = False,
    coefficient: str | None = None,
    aggregate: Aggregation = "plurality",
    against: float | None = None,
    win_rate: float | None = None,
    people: bool = False,
    per_person: int | None = None,
    unit: str | None = None,
    annotator: str = "participant_id",
    label: str = "value",
    seed: int = 0,
) -> SampleSize:
    """How many annotators and units a study needs, and what it will cost. Creates and spends nothing.

    The half-width of an interval is 1.96 standard deviations of what one unit adds to the coefficient, over the root of
    the number of units (the nonparametric delta method, Efron & Tibshirani 1993, chapter 22), corrected for few units
    by simulated studies. With a pilot, that spread is the one of its own units. Fewer annotators are its labels drawn
    without replacement; where a unit has fewer labels than are planned, the others are predicted by a model of the
    crowd (Dawid & Skene 1979, with one table of errors for everybody and differences between people and units as far
    as the pilot shows them), and the design is marked as extrapolated. Accuracy always comes from the model: it
    supposes that every row has one true label, and that people err independently.

    Parameters
    ----------
    pilot : Run or DataFrame, optional
        Answers so far, one row per answer, with at least 10 units of two or more labels. A run also has the plan and
        the client.
    question : str, optional
        The question to plan for; needed if the pilot has several.
    precision : float
        Half-width of the 95 % interval to reach.
    annotators, units : sequence of int, optional
        The designs to compare. By default 2 to 7 annotators, and units around those that reach the precision.
    plan : StudyPlan, optional
        Reward and rows per group, for places and cost.
    data : Dataset, path, bytes or DataFrame, optional
        The rows of the plan, to say what the plan itself gives. A run has its own.
    client : Client, optional
        Its server computes the cost with fees and VAT, one request for each number of places. Without it, the cost is
        the sum of the rewards.
    skill, skill_sd : float, optional
        Without a pilot: the probability that a person gives the right label, as mean and standard deviation over
        people. The latter is 0.1 by default, or less where the mean leaves less room.
    options : int or sequence
        Without a pilot: the labels offered, or their number.
    prevalence : float or sequence of float, optional
        Without a pilot: the share of each label as the truth; a single number is that of the first, the others share
        the rest. By default all are equally common.
    scale : bool
        Without a pilot: whether the labels are points of a scale, scored by ordinal α, where mistakes are near misses.
    coefficient : str, optional
        Another of the coefficients that `agreement` computes for the question, such as ``"percent_agreement"`` or
        ``"gwet_ac1"``. By default the one it leads with, Krippendorff's α.
    aggregate : {"plurality", "dawid_skene"}
        How the labels of a unit are to be aggregated, for its accuracy.
    against : float, optional
        A threshold such as 0.667 or 0.8: adds the chance that the interval will lie on the side of it where the
        coefficient truly is.
    win_rate : float, optional
        For comparisons: plan the interval of the win rate of the left side, supposing that it is this, and add the
        chance to tell it from 0.5.
    people : bool
        Whether `precision` is that of `half_width_people`, which also covers the choice of people.
    per_person : int, optional
        Units labelled by one person; by default the plan's tasks per group, else the pilot's median, else 10.
    unit, annotator, label : str
        Columns of a DataFrame; see `prolific_nb.analysis.count`.
    seed : int
        Seed of the simulation; the same seed gives the same numbers.

    Returns
    -------
    SampleSize
        Its `half_width` is that of the interval that `agreement` prints, which resamples units;
        `half_width_people` also covers which people take part.

    Raises
    ------
    DataError
        The pilot is too small, or the question cannot be scored.
    ArgumentError
        An assumption is out of range, or no design is precise enough; the message says what is reached.

    Examples
    --------
    >>> found = sample_size(skill=0.8, options=3)
    >>> print(found)
    Sample size
      cheapest   7 annotators on 16... rows
      precision  Krippendorff's α ± 0.050, with the choice of people 0.06...
      accuracy   98... % of the aggregated labels are right
      based on   assumptions: 3 labels, people right 80 % of the time
    No more than 7 annotators were compared; annotators= compares others.
    """
    require_choice("aggregate", aggregate, ("plurality", "dawid_skene"))
    require_whole("seed", seed, 0)
    _refuse_types(plan, client, scale=scale, people=people)
    against = _threshold(precision, win_rate, against)
    plan, client, planned_data = _study(pilot, plan, client, data)
    assumptions = Assumptions(skill, skill_sd, options, prevalence, scale)
    basis = _basis(pilot, assumptions, question, (unit, annotator, label), coefficient, win_rate, seed)
    grid = _grid("annotators", _ANNOTATORS if annotators is None else annotators)
    planned, together = _planned(plan, planned_data), _together(per_person, plan, basis.counts)
    expected = _expected(basis, grid, planned, together, aggregate, seed)
    designs = Designs(expected, together, plan, _pricing(plan, client), _most_labels(basis), against, people)
    best, rows = designs.choose(grid, None if units is None else _grid("units", units), precision)
    return SampleSize(
        table=designs.table(grid, rows),
        cheapest=best,
        more=designs.size(best.annotators + 1, best.units),
        planned=designs.size(*planned) if planned else None,
        precision=float(precision),
        people=people,
        name=basis.measure.name,
        value=expected.spreads[best.annotators].value,
        against=against,
        basis=basis.words,
        mode=client.mode if client is not None and plan is not None else None,
        notes=tuple(_notes(basis, best, max(grid), plan, client)),
        designs=designs,
    )


def _refuse_types(plan: StudyPlan | None, client: Client | None, **switches: bool) -> None:
    if plan is not None and not isinstance(plan, StudyPlan):
        raise ArgumentTypeError(f"plan is {a_type(plan)}. Pass a StudyPlan.")
    if client is not None and not isinstance(client, Client):
        raise ArgumentTypeError(f"client is {a_type(client)}. Pass the result of pnb.connect().")
    for name, value in switches.items():
        if not isinstance(value, bool | np.bool_):
            raise ArgumentTypeError(f"{name} is {value!r:.80}; use True or False.")


def _threshold(precision: float, win_rate: float | None, against: float | None) -> float | None:
    """What the coefficient is to be told from: a win rate from 0.5; if all these are in their ranges."""
    for name, value, low in (("precision", precision, 0), ("win_rate", win_rate, 0), ("against", against, -1)):
        if value is not None:
            require_range(name, value, low, 1)
    if win_rate is not None and against is not None:
        raise ArgumentError("win_rate= is told from 0.5. Omit against=.")
    return against if win_rate is None else 0.5


def _study(
    pilot: Run | pd.DataFrame | None, plan: StudyPlan | None, client: Client | None, data: Dataset | Source | None
) -> tuple[StudyPlan | None, Client | None, Dataset | None]:
    """Plan, client and data; those that are not given are the ones of the run."""
    planned_data = None if data is None else as_dataset(data)
    if not isinstance(pilot, Run):
        return plan, client, planned_data
    return plan or pilot.plan, client or pilot.client, pilot.data if planned_data is None else planned_data


def _planned(plan: StudyPlan | None, data: Dataset | None) -> tuple[int, int] | None:
    """Annotators and units of a plan; None if they are not known, or too few to show agreement."""
    if plan is None or data is None or plan.annotators_per_task < 2 or len(data) < 2:
        return None
    return plan.annotators_per_task, len(data)


def _basis(
    pilot: Run | pd.DataFrame | None,
    assumptions: Assumptions,
    question: str | None,
    columns: tuple[str | None, str, str],
    coefficient: str | None,
    win_rate: float | None,
    seed: int,
) -> Basis:
    if pilot is None:
        return assumed(assumptions, coefficient, win_rate, seed)
    if given := assumptions.given:
        names = "=, ".join(given)
        raise ArgumentError(f"{names}= are assumptions for a study without a pilot. Omit them, or omit the pilot.")
    frame = pilot.responses() if isinstance(pilot, Run) else pilot
    if not isinstance(frame, pd.DataFrame):
        raise ArgumentTypeError(f"The pilot is {a_type(pilot)}. Pass a run, or a DataFrame such as run.responses().")
    return of_pilot(frame, question, columns, coefficient, win_rate, seed)


def _expected(
    basis: Basis,
    grid: Sequence[int],
    planned: tuple[int, int] | None,
    together: int,
    aggregation: Aggregation,
    seed: int,
) -> Expected:
    """What is expected of each number of annotators, of one more, and of the plan's."""
    numbers = {*grid, *(each + 1 for each in grid), *([planned[0]] if planned else [])}
    return expect(
        basis.measure.question,
        basis.crowd,
        sorted(numbers),
        pilot=basis.own,
        per_person=together,
        aggregation=aggregation,
        seed=seed,
    )


def _most_labels(basis: Basis) -> int | None:
    """The most labels of a unit of the pilot."""
    return None if basis.own is None else int(basis.own.per_unit.max())


def _pricing(plan: StudyPlan | None, client: Client | None) -> Callable[[int], Money] | None:
    """From places to cost: by the server, or without a client the rewards alone."""
    if plan is None:
        return None
    if client is None:
        return lambda places: plan.pay * places
    known = _costs.setdefault(client, {})
    reward = plan.pay.in_currency(client.currency)

    def cost(places: int) -> Money:
        key = (reward.minor, places)
        if key not in known:
            known[key] = client.studies.total_cost(*key)
        return Money(known[key], reward.currency)

    return cost


def _together(per_person: int | None, plan: StudyPlan | None, counts: Counts | None) -> int:
    if per_person is not None:
        require_whole("per_person", per_person, 1)
        return int(per_person)
    if plan is not None:
        return plan.tasks_per_group
    if counts is not None:
        return max(1, int(np.median(np.bincount(counts.annotators))))
    return _PER_PERSON


def _grid(name: str, given: Sequence[int]) -> list[int]:
    numbers = listed(name, given)
    if not numbers:
        raise ArgumentError(f"{name} is empty. Pass one or more whole numbers of at least 2.")
    for each in numbers:
        require_whole(name, each, 2, ", since a single one shows neither agreement nor precision")
    return sorted({int(each) for each in numbers})


def _notes(basis: Basis, best: StudySize, most: int, plan: StudyPlan | None, client: Client | None) -> list[str]:
    notes = []
    if best.annotators == most:
        notes.append(f"No more than {most} annotators were compared; annotators= compares others.")
    if basis.counts is not None:
        about = 100 * uncertainty(basis.counts)
        notes.append(f"Half-widths from {counted(basis.counts.n_paired, 'row')} are uncertain by about {about:.0f} %.")
    own = _most_labels(basis)
    if best.extrapolated and own is not None:
        notes.append(f"The pilot has at most {counted(own, 'label')} per row; more are extrapolated by the model.")
    if plan is not None and client is None:
        notes.append("Costs are the rewards alone; pass client= for fees and VAT.")
    return notes
