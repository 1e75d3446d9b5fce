"""What a round of Dawid-Skene costs, beside crowd-kit's.

Run as ``python -m tests.benchmarks aggregation``. 5 labels per unit, 5 categories, 50 labels per annotator; the
largest frame has 1,000,000 labels of 20,000 annotators. A round is the difference between runs of few and of more
rounds, over their number, so that reading the frame and the first posteriors cost nothing on either side; both do the
same rounds from the same start. How long crowd-kit takes depends on how the frame names its units, annotators and
labels, so it gets all three: strings, as in its own examples; the same strings as categories, as in our frames; and
whole numbers. Ours is the same for all. The whole run, to convergence, is timed beside it.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd

from prolific_nb import analysis

from .measuring import Row, faster, figure, memory, seconds

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
    "strings": texts,
    # crowd-kit cannot read labels that are categories of strings
    "categories": lambda frame: texts(frame).astype({"row": "category", "participant_id": "category"}),
    "numbers": lambda frame: frame,
}


def per_round(runs: dict[str, tuple[Callable[[int], Any], int]]) -> dict[str, float]:
    """Median milliseconds of one round of each, for its number of rounds; they take turns."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(REPEATS):
        for name, (run, more) in runs.items():
            extra = seconds(lambda r=run, n=more: r(n)) - seconds(lambda r=run: r(FEW))
            times[name].append(1000 * extra / (more - FEW))
    return {name: statistics.median(each) for name, each in times.items()}


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


def rows() -> Iterator[Row]:
    """Ratios for each size and form of the frame; the target is for the largest."""
    who = f"crowd-kit {version('crowd-kit')}"
    yield Row("units with the same label after 22 rounds", f"{same(labels(SIZES[0])):.2%}", who)
    for size in SIZES:
        frame = texts(labels(size)).astype("category")
        peers = {form: (peer(given(labels(size))), PEER_MORE) for form, given in FORMS.items()}
        ms = per_round({"ours": (ours(frame), MORE), **peers})
        target = TARGET if size == SIZES[-1] else None
        for form in FORMS:
            yield faster(f"a round, {size:,} labels as {form}", ms["ours"], ms[form], who, target)
        counts = analysis.count(frame)
        yield Row(f"to convergence, {size:,} labels", figure(seconds(lambda c=counts: analysis.dawid_skene(c)), "s"))
        yield Row(f"memory, {size:,} labels", figure(memory(lambda f=frame: ours(f)(FEW)), "MiB"))
