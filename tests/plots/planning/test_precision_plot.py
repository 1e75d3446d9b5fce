"""The interval against answers: what its title says, the target, and a forecast that follows the square root."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from prolific_nb import plots
from prolific_nb.errors import ProlificError

from ..test_findings import axes, title, written


def course(n: int = 400, half: float = 2.0, **columns: Any) -> pd.DataFrame:
    answers = np.arange(40, n + 1, 40)
    width = half / np.sqrt(answers)
    return pd.DataFrame({"answers": answers, "value": 0.6, "low": 0.6 - width, "high": 0.6 + width}).assign(**columns)


def test_the_forecast_ends_where_the_width_is_the_target() -> None:
    ax = plots.precision(course(), target=0.05, ax=axes())
    assert title(ax) == "α 0.60 ± 0.10 after 400 answers; ± 0.05 needs about 1,600"
    ends = [line.get_xydata()[-1].tolist() for line in ax.lines if line.get_linestyle() == ":"]
    assert ends == [pytest.approx([1600, 0.55]), pytest.approx([1600, 0.65])]
    dashed = sorted(line.get_ydata()[0] for line in ax.lines if line.get_linestyle() == "--")
    assert dashed == pytest.approx([0.55, 0.65])
    assert "dotted: forecast" in written(ax)


def test_a_target_that_is_reached_has_no_forecast() -> None:
    ax = plots.precision(course(), target=0.12, ax=axes())
    assert title(ax) == "α 0.60 ± 0.10 after 400 answers: within ± 0.12"
    assert not [line for line in ax.lines if line.get_linestyle() == ":"]


def test_the_target_is_reached_only_where_a_study_would_stop() -> None:
    looked = course(safe_half_width=0.13)
    assert "needs about 470" in title(plots.precision(looked, target=0.12, ax=axes()))


def test_a_far_target_keeps_the_data_visible() -> None:
    ax = plots.precision(course(), target=0.001, ax=axes())
    assert "needs about 4,000,000" in title(ax)
    assert ax.get_xlim()[1] < 2_000


def test_one_moment_and_none_are_said(recwarn: pytest.WarningsRecorder) -> None:
    assert title(plots.precision(course(40), ax=axes())) == "α 0.60 ± 0.32 after 40 answers"
    nothing = plots.precision(course().assign(low=np.nan), target=0.05, ax=axes())
    assert "no interval yet" in plots.alt_text(nothing)
    for wrong in ({"course": course().drop(columns="low")}, {"course": course(), "target": 0}):
        with pytest.raises(ProlificError):
            plots.precision(**wrong, ax=axes())  # type: ignore[arg-type]
    # An old matplotlib uses what a newer numpy announces the end of.
    assert not [each for each in recwarn.list if not issubclass(each.category, DeprecationWarning)]


def test_the_alternative_text_tells_the_course() -> None:
    text = plots.alt_text(plots.precision(course(), target=0.05, ax=axes(), title=None))
    assert "needs about 1,600" in text
    assert "40 answers: 0.60, 0.28 to 0.92" in text
    assert "400 answers: 0.60, 0.50 to 0.70" in text
