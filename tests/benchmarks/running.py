"""What one more answer costs: α with its interval while answers arrive, beside a full count of the frame.

Run as ``python -m tests.benchmarks running``. 100,000 answers, 5 labels per unit. A news is one answer withdrawn and
one added, the value and the interval anew. The full count is `krippendorff_alpha` of the frame.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from typing import Any

import numpy as np
import pandas as pd

from prolific_nb.analysis import RunningAlpha, krippendorff_alpha

from .measuring import Row, limit, milliseconds

ANSWERS, PER_UNIT, MOST, REPEATS = 100_000, 5, 20, 7
LEVELS = ("nominal", "ordinal", "interval", "set")
SETS = [frozenset(each) for each in ("a", "b", "ab", "c", "abc")]


def labels(level: str) -> pd.DataFrame:
    """People who give the unit's own label three times in four."""
    rng = np.random.default_rng(0)
    units = ANSWERS // PER_UNIT
    truth = np.repeat(rng.integers(5, size=units), PER_UNIT)
    value = np.where(rng.random(ANSWERS) < 0.75, truth, rng.integers(5, size=ANSWERS))
    made: Any = value + rng.normal(0, 0.1, ANSWERS).round(3) if level == "interval" else value
    frame = pd.DataFrame({"row": np.repeat(np.arange(units), PER_UNIT)})
    frame["participant_id"] = np.arange(ANSWERS) % 997
    frame["value"] = [SETS[each] for each in value] if level == "set" else made
    return frame


def news(alpha: RunningAlpha, frame: pd.DataFrame) -> Any:
    """One news after the other."""
    answers = cycle(list(frame.head(50).itertuples(index=False, name=None)))

    def one() -> None:
        unit, who, label = next(answers)
        alpha.remove(unit, who)
        alpha.add(unit, who, label)
        alpha.precision()

    return one


def rows() -> Iterator[Row]:
    """Milliseconds for each level of measurement."""
    for level in LEVELS:
        frame: Any = labels(level)
        alpha = RunningAlpha(level)  # type: ignore[arg-type]
        alpha.update(frame.itertuples(index=False, name=None))
        full = krippendorff_alpha(frame, level=level, draws=1)  # type: ignore[arg-type]
        yield Row(f"{level}: difference from the full count", f"{abs(alpha.value - full.value):.1e}", target="≤ 1e-12",
                  ok=bool(abs(alpha.value - full.value) <= 1e-12))  # fmt: skip
        jobs = {
            "news": news(alpha, frame),
            "full": lambda f=frame, x=level: krippendorff_alpha(f, level=x),
        }
        ms = milliseconds({"news": jobs["news"]}, 4 * REPEATS) | milliseconds({"full": jobs["full"]}, 1)
        row = limit(f"{level}: one news with its interval, {ANSWERS:,} answers", ms["news"], MOST)
        yield Row(
            row.name, row.ours, f"{ms['full']:,.0f} ms (a full count)", ms["full"] / ms["news"], row.target, row.ok
        )
