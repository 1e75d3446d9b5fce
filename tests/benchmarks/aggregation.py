"""What a round of Dawid-Skene costs, beside crowd-kit's.

Run as ``python tests/benchmarks/aggregation.py``, with ``pip install crowd-kit`` done. 5 labels per unit, 5 categories,
50 labels per annotator; the largest frame has 1,000,000 labels of 20,000 annotators. A round is the difference between
runs of few and of more rounds, over their number, so that reading the frame and the first posteriors cost nothing on
either side; both do the same rounds from the same start. How long crowd-kit takes depends on how the frame names its
units, annotators and labels, so it gets all three: text, as its own examples have it; the same text as categories, as
our frames have it; and whole numbers. Ours is the same for all. The whole run, to convergence, is timed beside it.
"""

from __future__ import annotations

import statistics
import time
import tracemalloc
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd

from prolific_nb import analysis

PER_UNIT, CATEGORIES, PER_ANNOTATOR = 5, 5, 50
SIZES, TARGET = (10_000, 100_000, 1_000_000), 30
REPEATS, FEW, MORE, PEER_MORE = 3, 2, 22, 4


def labels(size: int) -> pd.DataFrame:
    """Annotators who are right between half and nearly all of the time, else anything."""
    rng = np.random.default_rng(0)
    units, people = size // PER_UNIT, size // PER_ANNOTATOR
    truth = np.repeat(rng.choice(CATEGORIES, units, p=[0.4, 0.3, 0.15, 0.1, 0.05]), PER_UNIT)
    who = (rng.integers(people, size=units)[:, None] + np.arange(PER_UNIT)).ravel() % people
    right = rng.random(size) < rng.uniform(0.5, 0.95, people)[who]
    value = np.where(right, truth, rng.integers(CATEGORIES, size=size))
    frame = pd.DataFrame({"row": np.repeat(np.arange(units), PER_UNIT), "participant_id": who, "value": value})
    return frame.sample(frac=1, random_state=0, ignore_index=True)


def texts(frame: pd.DataFrame) -> pd.DataFrame:
    """The same with names as long as real ones: 24 characters for a participant."""
    names = {"row": "r{:08d}".format, "participant_id": "5f{:022x}".format, "value": "label {}".format}
    return pd.DataFrame({column: frame[column].map(name) for column, name in names.items()})


FORMS: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "text": texts,
    # crowd-kit cannot read labels that are categories of text
    "categories": lambda frame: texts(frame).astype({"row": "category", "participant_id": "category"}),
    "numbers": lambda frame: frame,
}


def seconds(job: Callable[[], Any]) -> float:
    """One run."""
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def per_round(run: Callable[[int], Any], more: int) -> float:
    """Median seconds of one round."""
    return statistics.median(
        (seconds(lambda: run(more)) - seconds(lambda: run(FEW))) / (more - FEW) for _ in range(REPEATS)
    )


def ours(frame: pd.DataFrame) -> Callable[[int], Any]:
    """So many rounds, from labels that are counted already."""
    counts = analysis.count(frame)
    return lambda rounds: analysis.dawid_skene(counts, max_iterations=rounds, tolerance=0)


def peer(frame: pd.DataFrame) -> Callable[[int], Any]:
    """The same rounds by crowd-kit, which stops on a fall of the likelihood unless `tol` is below any."""
    from crowdkit.aggregation import DawidSkene

    renamed = frame.set_axis(["task", "worker", "label"], axis=1)
    return lambda rounds: DawidSkene(n_iter=rounds, tol=-np.inf).fit(renamed)


def same(frame: pd.DataFrame) -> float:
    """Share of the units on which both end with the same label, after as many rounds."""
    theirs = peer(frame)(MORE).labels_.sort_index()
    found = ours(frame)(MORE).labels.sort_index()
    return float((theirs.to_numpy() == found.to_numpy()).mean())


def memory(job: Callable[[], Any]) -> float:
    """Peak of one run in MiB."""
    tracemalloc.start()
    job()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 2**20


def main() -> None:
    """Print a table."""
    print(f"crowd-kit {version('crowd-kit')}, pandas {pd.__version__}, numpy {np.__version__}")
    print(f"same label on {same(labels(SIZES[0])):.2%} of the units of the smallest frame")
    head = ("labels", "annotators", "ms a round", *(f"x {form}" for form in FORMS), "to the end, s", "rounds", "MiB")
    print("".join(f"{each:>14}" for each in head) + "   (x: crowd-kit's time over ours, by form of its frame)")
    for size in SIZES:
        frame = texts(labels(size)).astype("category")
        mine = per_round(ours(frame), MORE)
        times = {form: per_round(peer(given(labels(size))), PEER_MORE) / mine for form, given in FORMS.items()}
        whole = seconds(lambda frame=frame: analysis.dawid_skene(frame))
        rounds = analysis.dawid_skene(frame).iterations
        peak = memory(lambda frame=frame: ours(frame)(FEW))
        cells = (f"{size:,}", f"{size // PER_ANNOTATOR:,}", f"{1000 * mine:.2f}", *(f"{x:.0f}" for x in times.values()))
        cells += (f"{whole:.2f}", str(rounds), f"{peak:.0f}")
        print("".join(f"{each:>14}" for each in cells), flush=True)
    met = {form: "met" if x >= TARGET else "MISSED" for form, x in times.items()}
    print(f"target, at least {TARGET} times at {SIZES[-1]:,} labels: {met}")


if __name__ == "__main__":
    main()
