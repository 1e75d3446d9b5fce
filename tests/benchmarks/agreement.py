"""What agreement costs: each coefficient with its interval, beside one value of the krippendorff package.

Run as ``python tests/benchmarks/agreement.py``. 100,000 labels, 5 per unit, 5 categories, 200 annotators, from a frame
with categorical columns, and as many numbers with 50,000 different values. The package gets its units × values table
from `pandas.crosstab`, which is counted; it gives one value and no interval. Memory is the peak above the frame.
"""

from __future__ import annotations

import statistics
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from prolific_nb import analysis

UNITS, PER_UNIT, ANNOTATORS, ROUNDS, DRAWS = 20_000, 5, 200, 5, 1000


def labels() -> pd.DataFrame:
    """Two in three labels are the truth of the unit, the others are drawn at random."""
    rng = np.random.default_rng(0)
    truth = np.repeat(rng.choice(5, UNITS, p=[0.4, 0.3, 0.15, 0.1, 0.05]), PER_UNIT)
    value = np.where(rng.random(len(truth)) < 2 / 3, truth, rng.integers(5, size=len(truth)))
    first = rng.integers(ANNOTATORS, size=UNITS)
    who = (first[:, None] + np.arange(PER_UNIT)).ravel() % ANNOTATORS
    frame = pd.DataFrame({"row": np.repeat(np.arange(UNITS), PER_UNIT), "participant_id": who, "value": value})
    return frame.astype("category").assign(value=pd.Categorical(value, categories=range(5), ordered=True))


def numbers() -> pd.DataFrame:
    """The same people, who give one of many numbers."""
    rng = np.random.default_rng(1)
    spread = rng.normal(50_000, 10_000, UNITS).repeat(PER_UNIT) + rng.normal(0, 5_000, UNITS * PER_UNIT)
    return labels().assign(value=spread.round().clip(0))


def package(level: str) -> Callable[[pd.DataFrame], Any]:
    """One value of the krippendorff package, with the table it asks for."""
    import krippendorff

    def value(frame: pd.DataFrame) -> Any:
        table = pd.crosstab(frame["row"], frame["value"]).to_numpy()
        return krippendorff.alpha(value_counts=table, value_domain=np.arange(5), level_of_measurement=level)

    return value


def seconds(job: Callable[[], Any]) -> float:
    """One run."""
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def memory(job: Callable[[], Any]) -> float:
    """Peak of one run in MiB."""
    tracemalloc.start()
    job()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 2**20


def main() -> None:
    """Print a table; the jobs take turns, so that a slow moment hits all of them."""
    frame, many = labels(), numbers()
    options = {"draws": DRAWS}
    jobs: dict[str, Callable[[], Any]] = {
        "krippendorff package, nominal": lambda: package("nominal")(frame),
        "krippendorff package, ordinal": lambda: package("ordinal")(frame),
        "count": lambda: analysis.count(frame),
        "α nominal, 1 draw": lambda: analysis.krippendorff_alpha(frame, draws=1),
        "α nominal": lambda: analysis.krippendorff_alpha(frame, **options),
        "α ordinal": lambda: analysis.krippendorff_alpha(frame, level="ordinal", **options),
        "α interval, many numbers": lambda: analysis.krippendorff_alpha(many, level="interval", **options),
        "α ratio, many numbers": lambda: analysis.krippendorff_alpha(many, level="ratio", **options),
        "ICC(1,1), many numbers": lambda: analysis.icc(many, **options),
        "Fleiss' κ": lambda: analysis.fleiss_kappa(frame, **options),
        "AC2, quadratic": lambda: analysis.gwet_ac(frame, weights="quadratic", **options),
        "Conger's κ": lambda: analysis.conger_kappa(frame, **options),
    }
    rounds = [{name: seconds(job) for name, job in jobs.items()} for _ in range(ROUNDS)]
    medians = {name: statistics.median(each[name] for each in rounds) for name in jobs}
    base = medians["krippendorff package, nominal"]
    print(f"{'job':<32}{'median ms':>10}{'of the package':>16}{'peak MiB':>10}")
    for name, job in jobs.items():
        print(f"{name:<32}{1000 * medians[name]:>10.0f}{medians[name] / base:>16.2f}{memory(job):>10.1f}")


if __name__ == "__main__":
    main()
