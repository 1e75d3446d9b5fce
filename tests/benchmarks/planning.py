"""`sample_size` against whole studies: predicted and realised half-width, coverage, what a pilot predicts, and speed.

Each design is simulated 300 times from a crowd that is known, and scored with the interval that `agreement` and
`preference` print. The half-width predicted from the crowd, and from pilots of 100 rows with three labels, is compared
with the mean of theirs; that with the choice of people, with how far the coefficients really spread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

import prolific_nb as pnb
from prolific_nb.analysis import Counts, krippendorff_alpha, preference
from prolific_nb.analysis.crowd_fit import fit_crowd
from prolific_nb.analysis.crowd_model import Crowd, Drawn, assumed_crowd
from prolific_nb.analysis.expected_precision import made_counts
from prolific_nb.analysis.expected_study import Expected, expect
from prolific_nb.report.planning.pilot import Measure, measure_of, win_rate_measure

from .measuring import Row, figure, limit, milliseconds

STUDIES, DRAWS, PILOTS = 300, 400, 30
WITHIN = 0.1


@dataclass(frozen=True)
class Design:
    """A study to repeat: `n` units with `m` labels, by people who label `together` units each."""

    name: str
    crowd: Crowd
    kind: str
    n: int
    m: int
    together: int

    @property
    def measure(self) -> Measure:
        if self.kind == "comparison":
            return win_rate_measure(("left", "right"))[0]
        return measure_of(self.kind, tuple(range(len(self.crowd.prevalence))), self.kind == "scale", None)

    def expected(self, crowd: Crowd, pilot: Counts | None = None, seed: int = 0) -> Expected:
        return expect(self.measure.question, crowd, [self.m], pilot=pilot, per_person=self.together, seed=seed)


HALVES, FIFTHS, SCALE = np.array([0.5, 0.5]), np.full(5, 0.2), np.array([0.1, 0.2, 0.4, 0.2, 0.1])
DESIGNS = (
    Design("2 options, 3 people, easy", assumed_crowd(HALVES, 0.9, 0.05), "single", 100, 3, 10),
    Design("5 options, 5 people, hard", assumed_crowd(FIFTHS, 0.55, 0.15), "single", 100, 5, 10),
    Design("prevalence .9/.1, 3 people", assumed_crowd(np.array([0.9, 0.1]), 0.85, 0.1), "single", 200, 3, 20),
    Design("scale of 5, 4 people", assumed_crowd(SCALE, 0.6, 0.15, ordered=True), "scale", 60, 4, 10),
    Design("comparison, 3 people", assumed_crowd(np.array([0.7, 0.3]), 0.75, 0.1), "comparison", 150, 3, 10),
)


def counts_of(drawn: Drawn, design: Design) -> Counts:
    """The labels of a study, by people who label the units of one group each."""
    made = made_counts(drawn.labels, design.measure.question.categories, design.kind == "scale")
    m = drawn.labels.shape[1]
    group = np.arange(len(drawn.labels)) // drawn.group
    who = (np.repeat(group, m) * m + made.annotators).astype(np.int32)
    return replace(made, annotators=who, annotator_names=pd.RangeIndex(int(who.max()) + 1))


def interval(design: Design, counts: Counts, seed: int) -> tuple[float, float, float]:
    """Value and ends of the interval as they are printed."""
    if design.kind == "comparison":
        frame = pd.DataFrame({"row": counts.units, "participant_id": counts.annotators})
        frame["value"] = np.array(["left", "right"])[counts.labels]
        table = preference(frame, left="new", right="old", draws=DRAWS, seed=seed).table.set_index("item")
        return tuple(table.loc["new", ["win_rate", "low", "high"]])
    found = krippendorff_alpha(counts, level="ordinal" if design.kind == "scale" else "nominal", draws=DRAWS, seed=seed)
    return found.value, found.low, found.high


def studies(design: Design) -> np.ndarray:
    """Value and ends of each study, shape (STUDIES, 3)."""
    rng = np.random.default_rng(1)
    drawn = (design.crowd.draw(design.n, design.m, rng, per_person=design.together) for _ in range(STUDIES))
    found = np.array([interval(design, counts_of(each, design), seed) for seed, each in enumerate(drawn)], dtype=float)
    return found[~np.isnan(found).any(axis=1)]


def from_pilots(design: Design) -> np.ndarray:
    """Half-width and accuracy predicted from pilots of 100 rows with three labels each, shape (PILOTS, 2)."""
    rng = np.random.default_rng(2)
    found = []
    for seed in range(PILOTS):
        counts = counts_of(design.crowd.draw(100, 3, rng, per_person=design.together), design)
        if np.count_nonzero(counts.totals) > 1:
            expected = design.expected(fit_crowd(counts, seed=seed), counts, seed)
            width = expected.spreads[design.m].half_width(design.n, design.together)
            found.append((width, expected.accuracy[design.m - 1]))
    return np.array(found)


def compared(name: str, predicted: float, realised: float, what: str) -> Row:
    ratio = predicted / realised
    ok = bool(abs(ratio - 1) <= WITHIN)
    return Row(name, f"± {predicted:.4f}", f"± {realised:.4f} ({what})", ratio, f"within {WITHIN:.0%}", ok)


def of_design(design: Design) -> Iterator[Row]:
    expected = design.expected(design.crowd)
    spread = expected.spreads[design.m]
    units, people = spread.half_width(design.n, design.together), spread.with_people(design.n, design.together)
    found = studies(design)
    realised = float((found[:, 2] - found[:, 1]).mean() / 2)
    yield compared(f"{design.name}: half-width", units, realised, f"{len(found)} studies")
    widths, right = from_pilots(design).T
    spreads = f"a pilot: ± {widths.std() / widths.mean():.0%}"
    yield compared(f"{design.name}: by {PILOTS} pilots", float(widths.mean()), realised, spreads)
    true = float(expected.accuracy[design.m - 1])
    near = bool(abs(right.mean() - true) <= 0.05)
    yield Row(f"{design.name}: accuracy by pilots", f"{right.mean():.3f}", f"{true:.3f}", None, "± 0.05", near)
    covered = float(np.mean(np.abs(found[:, 0] - spread.value) <= people))
    printed = float(np.mean((found[:, 1] <= spread.value) & (spread.value <= found[:, 2])))
    near = bool(abs(covered - 0.95) <= 0.03)
    yield Row(f"{design.name}: coverage", f"{covered:.1%}", f"{printed:.1%} (as printed)", None, "95 ± 3 %", near)


def rows() -> Iterator[Row]:
    """Each design, then the time of a table of 30 designs."""
    for design in DESIGNS:
        yield from of_design(design)
    pilot = counts_of(DESIGNS[1].crowd.draw(100, 3, np.random.default_rng(0), per_person=10), DESIGNS[1])
    frame = pd.DataFrame({"row": pilot.units, "participant_id": pilot.annotators, "value": pilot.labels})
    grid = {"annotators": [2, 3, 4, 5, 7], "units": [100, 200, 400, 800, 1_600, 3_200]}
    jobs: dict[str, Callable[[], object]] = {
        "30 designs from a pilot of 100 rows, 5 options": lambda: pnb.sample_size(frame, **grid, precision=0.2),
        "30 designs from assumptions, 5 options": lambda: pnb.sample_size(skill=0.6, options=5, **grid, precision=0.2),
    }
    for name, took in milliseconds(jobs, 5).items():
        yield limit(name, took, 1_000)
    one = milliseconds({"one": lambda: interval(DESIGNS[1], pilot, 0)}, 5)["one"]
    yield Row("one study of them, scored as a whole", figure(one, "ms"))
