"""What agreement costs, beside one pass over the same codes and beside its peers.

Run as ``python -m tests.benchmarks agreement``. A million labels, 5 per unit, 5 categories, 20,000 annotators, from a
frame with categorical columns. One pass is `np.bincount` over units × categories and `pandas.unique` over units ×
annotators, of existing codes. The krippendorff package gets its units × values table from `pandas.crosstab`, which is
counted, and gives one value without an interval. scikit-learn's κ is called once for each two of 50 annotators. Memory
is the peak above the frame.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from importlib.metadata import version
from itertools import combinations

import numpy as np
import pandas as pd

from prolific_nb import analysis

from .measuring import Job, Row, costs, faster, memory, milliseconds

UNITS, PER_UNIT, ANNOTATORS, CATEGORIES, ROUNDS = 200_000, 5, 20_000, 5, 7


def labels(units: int = UNITS, annotators: int = ANNOTATORS) -> pd.DataFrame:
    """Two in three labels are the truth of the unit, the others are drawn at random."""
    rng = np.random.default_rng(0)
    truth = np.repeat(rng.choice(CATEGORIES, units, p=[0.4, 0.3, 0.15, 0.1, 0.05]), PER_UNIT)
    value = np.where(rng.random(len(truth)) < 2 / 3, truth, rng.integers(CATEGORIES, size=len(truth)))
    first = rng.integers(annotators, size=units)
    who = (first[:, None] + np.arange(PER_UNIT)).ravel() % annotators
    frame = pd.DataFrame({"row": np.repeat(np.arange(units), PER_UNIT), "participant_id": who, "value": value})
    return frame.astype("category").assign(value=pd.Categorical(value, categories=range(CATEGORIES), ordered=True))


def numbers(units: int) -> pd.DataFrame:
    """Two people per unit who give one of about as many numbers as there are labels."""
    rng = np.random.default_rng(1)
    value = rng.normal(0, 1, units).repeat(2) + rng.normal(0, 0.3, 2 * units)
    return pd.DataFrame({"row": np.arange(units).repeat(2), "participant_id": [0, 1] * units, "value": value})


def one_pass(frame: pd.DataFrame) -> Job:
    """What any count of the labels has to do."""
    unit, who, value = (frame[name].cat.codes.to_numpy() for name in ("row", "participant_id", "value"))

    def run() -> None:
        np.bincount(unit * np.int64(CATEGORIES) + value, minlength=UNITS * CATEGORIES)
        pd.unique(unit * np.int64(ANNOTATORS) + who)

    return run


def four(frame: pd.DataFrame) -> None:
    """One count and four coefficients, each with an interval from 1,000 draws."""
    counts = analysis.count(frame)
    for coefficient in (analysis.percent_agreement, analysis.fleiss_kappa, analysis.gwet_ac):
        coefficient(counts)
    analysis.krippendorff_alpha(counts)


def package(frame: pd.DataFrame) -> None:
    """One value of the krippendorff package, with the table it asks for."""
    import krippendorff

    table = pd.crosstab(frame["row"], frame["value"]).to_numpy()
    krippendorff.alpha(value_counts=table, value_domain=np.arange(CATEGORIES), level_of_measurement="nominal")


def sklearn_loop(frame: pd.DataFrame) -> Job:
    """Cohen's κ of each two annotators who labelled everything."""
    from sklearn.metrics import cohen_kappa_score

    wide = frame.pivot(index="row", columns="participant_id", values="value").astype(int)

    def run() -> None:
        for one, other in combinations(wide.columns, 2):
            cohen_kappa_score(wide[one], wide[other])

    return run


def everybody(units: int = 400, people: int = 50) -> pd.DataFrame:
    """All annotators label all units."""
    rng = np.random.default_rng(2)
    truth = rng.integers(CATEGORIES, size=units).repeat(people)
    value = np.where(rng.random(len(truth)) < 0.7, truth, rng.integers(CATEGORIES, size=len(truth)))
    who = np.tile(np.arange(people), units)
    return pd.DataFrame({"row": np.arange(units).repeat(people), "participant_id": who, "value": value}).astype(
        "category"
    )


def leaving_out() -> Iterator[Row]:
    """The coefficient without each of 200 annotators, intervals included, beside one count of the labels."""
    for units, categories in ((20_000, 10), (100_000, 40)):
        frame = few_annotators(units, categories)
        jobs: dict[str, Job] = {
            "all": partial(analysis.influence, frame, most=None),
            "count": partial(analysis.count, frame),
        }
        ms = milliseconds(jobs, ROUNDS)
        name = f"without each of 200 people, {units:,} units × 3, {categories} labels"
        yield costs(name, ms["all"], ms["count"], "one count", 80)


def few_annotators(units: int, categories: int, annotators: int = 200, per_unit: int = 3) -> pd.DataFrame:
    """Labels that are right in seven of ten cases, each unit by another group of annotators."""
    rng = np.random.default_rng(3)
    truth = np.repeat(rng.integers(categories, size=units), per_unit)
    value = np.where(rng.random(len(truth)) < 0.7, truth, rng.integers(categories, size=len(truth)))
    first, step = rng.integers(annotators, size=units), rng.integers(1, annotators // per_unit, size=units)
    who = ((first[:, None] + step[:, None] * np.arange(per_unit)) % annotators).ravel()
    frame = pd.DataFrame({"row": np.repeat(np.arange(units), per_unit), "participant_id": who, "value": value})
    return frame.astype("category").assign(value=pd.Categorical(value, categories=range(categories), ordered=True))


def rows() -> Iterator[Row]:
    """Medians against one pass and against the peers, and how memory grows."""
    frame, crowd = labels(), everybody()
    jobs: dict[str, Job] = {
        "pass": one_pass(frame),
        "four": lambda: four(frame),
        "alpha": lambda: analysis.krippendorff_alpha(frame),
        "package": lambda: package(frame),
        "pairs": lambda: analysis.pairwise_agreement(crowd),
        "loop": sklearn_loop(crowd),
    }
    ms = milliseconds(jobs, ROUNDS)
    package_, sklearn = (f"{name} {version(name)}" for name in ("krippendorff", "scikit-learn"))
    yield costs("count and four coefficients with intervals", ms["four"], ms["pass"], "one pass", 8)
    yield faster("Krippendorff's α with interval", ms["alpha"], ms["package"], package_, 30)
    yield faster("1,225 pairwise κ", ms["pairs"], ms["loop"], sklearn, 40)
    peaks = {name: memory(jobs[name]) for name in ("four", "alpha", "package", "pairs", "loop")}
    yield from leaving_out()
    yield costs("memory of α", peaks["alpha"], peaks["package"], package_, unit="MiB")
    yield costs("memory of pairwise κ", peaks["pairs"], peaks["loop"], sklearn, unit="MiB")
    small, large = (memory(lambda n=n: analysis.krippendorff_alpha(numbers(n), level="interval", draws=100))
                    for n in (25_000, 100_000))  # fmt: skip
    yield costs("memory of interval α, 200,000 values", large, small, "50,000 values", 4.5, "MiB")
