"""The end of a collection in words: a target that was missed, and why, where the interval looks narrow enough."""

from __future__ import annotations

from prolific_nb.analysis import Precision
from prolific_nb.common.money import Money
from prolific_nb.workflow.collecting.collected import Collected


def end(half: float, units: int) -> Collected:
    """A study that has filled all its places, with a target of ± 0.12."""
    found = Precision(0.6, 0.6 - half, 0.6 + half, 3 * units, units)
    return Collected("SANDBOX", "s1", "Good?", "filled", found, 0.12, Money(100, "GBP"), None)


def test_a_small_study_is_told_how_many_rows_the_target_needs() -> None:
    what = "The target ±0.12 was not reached: it needs at least 100 rows with two labels or more, and there are 80."
    assert what in end(0.1, 80).finding


def test_an_interval_that_looks_narrow_enough_is_explained() -> None:
    # By hand: √((1.1 · 0.115)² + (1.96 / 200)²) = 0.12688.
    assert "was not reached: after several looks at the answers, α is known to ±0.127." in end(0.115, 200).finding


def test_a_wide_interval_needs_no_explanation() -> None:
    assert "The target ±0.12 was not reached." in end(0.3, 200).finding
    assert "not reached" not in end(0.1, 200).finding
