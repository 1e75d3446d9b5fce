"""α of answers that come and go is that of the answers that are there."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from prolific_nb.analysis import RunningAlpha, krippendorff_alpha
from prolific_nb.analysis.precision import Precision, reached
from prolific_nb.errors import DataError, ProlificError

Answers = dict[tuple[Hashable, Hashable], Any]
LABELS: dict[str, Callable[[np.random.Generator], Any]] = {
    "nominal": lambda rng: "abcd"[rng.integers(4)],
    "ordinal": lambda rng: int(rng.integers(1, 6)),
    "interval": lambda rng: 1e9 + round(float(rng.normal()), 3),
    "set": lambda rng: frozenset(np.array(list("abc"))[rng.random(3) < 0.4].tolist()),
}


def full(answers: Answers, level: Any, **options: Any) -> Any:
    rows = [(unit, who, label) for (unit, who), label in answers.items()]
    frame = pd.DataFrame(rows, columns=["row", "participant_id", "value"])
    return krippendorff_alpha(frame, level=level, **options)


def agreeing(rng: np.random.Generator, label: Callable[[np.random.Generator], Any], units: int, people: int) -> Answers:
    """Most people give the unit's own label."""
    truth = [label(rng) for _ in range(units)]
    kept = rng.random((units, people)) < 0.8
    return {
        (unit, who): truth[unit] if rng.random() < 0.7 else label(rng)
        for unit in range(units)
        for who in range(people)
        if kept[unit, who]
    }


@pytest.mark.parametrize("level", LABELS)
def test_any_sequence_of_answers_added_and_removed_gives_the_full_count(level: Any) -> None:
    rng = np.random.default_rng(3)
    alpha, held = RunningAlpha(level), {}
    for step in range(600):
        if held and rng.random() < 0.35:
            key = list(held)[rng.integers(len(held))]
            alpha.remove(*key)
            del held[key]
        else:
            key = int(rng.integers(25)), int(rng.integers(6))
            if key not in held:
                held[key] = LABELS[level](rng)
                alpha.add(*key, held[key])
        if step % 20 == 19:
            assert alpha.value == pytest.approx(full(held, level, draws=1).value, abs=1e-12, nan_ok=True)


def test_numbers_keep_their_digits_when_an_outlier_that_was_first_is_withdrawn() -> None:
    rng = np.random.default_rng(0)
    held = {(unit, who): float(unit + rng.normal()) / 1e3 for unit in range(40) for who in range(3)}
    alpha = RunningAlpha("interval")
    alpha.add("first", "a", 1e12)
    alpha.update((unit, who, label) for (unit, who), label in held.items())
    alpha.add("first", "b", 1e12)
    assert alpha.value == pytest.approx(1, abs=1e-6)
    alpha.remove("first", "a")
    alpha.remove("first", "b")
    assert alpha.value == pytest.approx(full(held, "interval", draws=1).value, abs=1e-12)


def test_numbers_that_differ_by_rounding_only_leave_alpha_undefined() -> None:
    alpha = RunningAlpha("interval")
    alpha.update((unit, who, 0.3 if who else 0.1 + 0.2) for unit in range(5) for who in range(2))
    assert np.isnan(alpha.value)


@pytest.mark.parametrize("level", ["nominal", "ordinal"])
def test_the_interval_of_a_small_study_is_that_of_the_full_count(level: Any) -> None:
    held = agreeing(np.random.default_rng(1), LABELS[level], 80, 4)
    alpha = RunningAlpha(level)
    alpha.update((unit, who, label) for (unit, who), label in reversed(held.items()))
    found, whole = alpha.precision(), full(held, level)
    assert (found.low, found.high) == (whole.low, whole.high)
    assert (found.n_answers, found.n_units) == (len(held), whole.n_paired)


@pytest.mark.parametrize("level", LABELS)
def test_the_interval_of_a_large_study_is_that_of_the_full_count_within_what_resampling_varies(level: Any) -> None:
    held = agreeing(np.random.default_rng(2), LABELS[level], 2400, 3)
    alpha = RunningAlpha(level)
    alpha.update((unit, who, label) for (unit, who), label in held.items())
    found, whole = alpha.precision(), full(held, level, draws=400)
    width = whole.high - whole.low
    assert found.low == pytest.approx(whole.low, abs=0.12 * width)
    assert found.high == pytest.approx(whole.high, abs=0.12 * width)


def test_what_cannot_be_counted_is_refused_and_changes_nothing() -> None:
    alpha = RunningAlpha("ordinal", categories=["low", "high"])
    alpha.update([(1, "a", "low"), (1, "b", "high"), (2, "a", "high"), (2, "b", "high")])
    before = alpha.value
    for answer in [(1, "a", "high"), (3, "a", "medium"), (3, "a", " "), (3, "a", None)]:
        with pytest.raises(ProlificError):
            alpha.add(*answer)
    with pytest.raises(LookupError):
        alpha.remove(3, "a")
    assert (alpha.value, alpha.n_answers) == (before, 4)
    with pytest.raises(DataError, match="order of the categories"):
        RunningAlpha("ordinal").add(1, "a", "low")
    with pytest.raises(DataError, match="not a number"):
        RunningAlpha("interval").add(1, "a", "three")
    with pytest.raises(ValueError, match="level"):
        RunningAlpha("ratio")  # type: ignore[arg-type]


def test_there_is_no_interval_without_two_units_to_resample() -> None:
    alpha = RunningAlpha()
    assert str(alpha.precision()) == "α is undefined after 0 answers"
    alpha.update([(1, "a", "x"), (1, "b", "y"), (2, "a", "x")])
    assert np.isnan(alpha.precision().low)


def test_a_study_does_not_stop_on_few_units_however_narrow_the_interval() -> None:
    assert not reached(Precision(0.9, 0.89, 0.91, 270, 90), 0.05)
    assert not reached(Precision(1.0, 1.0, 1.0, 400, 100), 0.05)  # every label agrees: nothing to resample
    assert not reached(Precision(float("nan"), float("nan"), float("nan"), 400, 100), 0.05)
    assert reached(Precision(0.7, 0.66, 0.74, 400, 200), 0.05)
    assert not reached(Precision(0.7, 0.655, 0.745, 9000, 3000), 0.0495)  # the factor
    assert not reached(Precision(0.7, 0.66, 0.74, 400, 100), 0.046)  # Chow & Robbins' 1/n
    for target in (0, 1, "0.05", True):
        with pytest.raises(ProlificError):
            reached(Precision(0.7, 0.66, 0.74, 400, 100), target)  # type: ignore[arg-type]
