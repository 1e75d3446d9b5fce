"""Rehearsals with their intervals in order, and the title with the range of nine in ten."""

from __future__ import annotations

import numpy as np
import pandas as pd

from prolific_nb import plots

from ..test_findings import axes, title


def test_they_are_in_order_with_their_intervals() -> None:
    value = np.linspace(0.5, 0.7, 21)[::-1]
    table = pd.DataFrame({"value": value, "low": value - 0.1, "high": value + 0.2})
    ax = plots.rehearsals(table, name="α", ax=axes())
    assert title(ax) == "Simulated people: α 0.51 to 0.69 in nine of ten of 21 rehearsals"
    [lines] = ax.collections
    drawn = np.array(lines.get_segments())
    assert np.allclose(drawn[:, 0, 1], np.sort(value) - 0.1)
    assert np.allclose(drawn[:, 1, 1], np.sort(value) + 0.2)


def test_a_few_are_told_by_their_ends() -> None:
    value = np.linspace(0.5, 0.7, 5)
    ax = plots.rehearsals(pd.DataFrame({"value": value, "low": value, "high": value}), name="α", ax=axes())
    assert title(ax) == "Simulated people: α 0.50 to 0.70 in 5 rehearsals"


def test_without_a_score_it_says_so() -> None:
    table = pd.DataFrame({"value": [np.nan], "low": [np.nan], "high": [np.nan]})
    assert "No rehearsal has a score" in plots.alt_text(plots.rehearsals(table, ax=axes()))
