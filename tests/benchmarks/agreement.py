"""What agreement costs, beside one pass over the same codes and beside its peers.

Run as ``python -m tests.benchmarks.agreement``. A million labels, 5 per unit, 5 categories, 20,000 annotators, from a
frame with categorical columns. One pass is `np.bincount` over units × categories and `pandas.unique` over units ×
annotators, of codes that are there already. The krippendorff package gets its units × values table from
`pandas.crosstab`, which is counted, and gives one value without an interval. scikit-learn's κ is called once for each
two of 50 annotators. Jobs take turns, so that a slow moment hits all of them; memory is the peak above the frame.
"""

from __future__ import annotations

import statistics
import time
import tracemalloc
from collections.abc import Callable
from importlib.metadata import version
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from prolific_nb import analysis

UNITS, PER_UNIT, ANNOTATORS, CATEGORIES, ROUNDS = 200_000, 5, 20_000, 5, 7
Job = Callable[[], Any]


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


def seconds(job: Job) -> float:
    """One run."""
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def memory(job: Job) -> float:
    """Peak of one run in MiB."""
    tracemalloc.start()
    job()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 2**20


def main() -> None:
    """Print medians, ratios and peaks, and whether each target is met."""
    frame, crowd = labels(), everybody()
    jobs: dict[str, Job] = {
        "one pass": one_pass(frame),
        "count + four with intervals": lambda: four(frame),
        "α with interval": lambda: analysis.krippendorff_alpha(frame),
        f"krippendorff {version('krippendorff')}": lambda: package(frame),
        "1,225 pairwise κ": lambda: analysis.pairwise_agreement(crowd),
        f"scikit-learn {version('scikit-learn')}": sklearn_loop(crowd),
    }
    rounds = [{name: seconds(job) for name, job in jobs.items()} for _ in range(ROUNDS)]
    ms = {name: 1000 * statistics.median(each[name] for each in rounds) for name in jobs}
    for name, job in jobs.items():
        print(f"{name:<32}{ms[name]:>10.1f} ms{memory(job):>10.1f} MiB")
    base, whole, alpha, peer, pairs, loop = ms.values()
    ratios = {"four to one pass, ≤ 8": (whole / base, whole / base <= 8)}
    ratios["α: times faster than krippendorff, ≥ 30"] = (peer / alpha, peer / alpha >= 30)
    ratios["pairwise: times faster than scikit-learn, ≥ 40"] = (loop / pairs, loop / pairs >= 40)
    small, large = (memory(lambda n=n: analysis.krippendorff_alpha(numbers(n), level="interval", draws=100))
                    for n in (25_000, 100_000))  # fmt: skip
    ratios["interval α: memory of 200,000 to 50,000 values, ≤ 4.5"] = (large / small, large / small <= 4.5)
    for name, (ratio, met) in ratios.items():
        print(f"{name:<56}{ratio:>8.2f}  {'met' if met else 'MISSED'}")


if __name__ == "__main__":
    main()
