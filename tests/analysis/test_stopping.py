"""Looking after every submission does not fool; ``python -m tests.benchmarks stopping`` shows it for 500 studies."""

from __future__ import annotations

import pytest

from prolific_nb.analysis import precision

from ..benchmarks.stopping import DESIGNS, coverage

STUDIES = 60


def test_the_value_at_the_stop_is_within_the_target_of_the_population() -> None:
    percent, answers = coverage(DESIGNS[1], 0.1, STUDIES)
    assert percent >= 90
    assert answers < 2_000


def test_stopping_at_the_first_narrow_interval_would_fool(monkeypatch: pytest.MonkeyPatch) -> None:
    before, _ = coverage(DESIGNS[1], 0.1, STUDIES)
    monkeypatch.setattr(precision, "FACTOR", 0.8)
    monkeypatch.setattr(precision, "FEWEST_UNITS", 20)
    monkeypatch.setattr("tests.benchmarks.stopping.FEWEST_UNITS", 20)
    assert coverage(DESIGNS[1], 0.1, STUDIES)[0] < before
