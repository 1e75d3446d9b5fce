"""Lines of equal precision: where they are, what is marked, and that words do not cover marks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from prolific_nb import plots

from ..layout.test_fit import designs_table


def table(n: int = 3) -> pd.DataFrame:
    """Half-widths are 2.4 over the root of the labels; a label costs 2.50."""
    return designs_table(str, n)


def axes(size: tuple[float, float] = (6, 4)) -> Any:
    return Figure(size, layout="constrained").add_subplot()


def marks(ax: Any, shape: str) -> list[tuple[float, float]]:
    return [(line.get_xdata()[0], line.get_ydata()[0]) for line in ax.lines if line.get_marker() == shape]


def test_the_target_is_crossed_where_the_half_width_is_the_target() -> None:
    ax = plots.sample_size(table(), precision=0.1, ax=axes())
    thick = [line for line in ax.lines if line.get_linewidth() > 2]
    ends = {m: n for line in thick for n, m in zip(line.get_xdata(), line.get_ydata(), strict=True)}
    assert ends == {m: pytest.approx((2.4 / 0.1) ** 2 / m) for m in (2, 3, 4)}
    assert [line.get_linestyle() for line in thick] == ["-", "--"]  # four labels are more than the pilot has


def test_the_cheapest_design_that_is_precise_enough_is_marked_and_named() -> None:
    given = table()
    ax = plots.sample_size(given, precision=0.1, name="α", planned=(3, 100), ax=axes())
    assert marks(ax, "o") == [(250, 3)]
    assert marks(ax, "s") == [(100, 3)]
    assert ax.get_title(loc="left") == "3 annotators on 250 rows give α ± 0.088 for 1,875.00 GBP"
    dear = given.assign(
        cost=[cost * (9 if m == 3 else 1) for cost, m in zip(given["cost"], given["annotators"], strict=True)]
    )
    assert marks(plots.sample_size(dear, precision=0.1, ax=axes()), "o") == [(250, 4)]


def test_one_number_of_annotators_has_a_dot_instead_of_lines() -> None:
    given = table()
    ax = plots.sample_size(given[given["annotators"] == 3], precision=0.1, ax=axes())
    assert marks(ax, ".") == [(pytest.approx(192), 3)]
    assert [text.get_text() for text in ax.texts] == ["± 0.1", "1,440"]


def test_costs_stand_along_the_target_only_if_all_are_known() -> None:
    said = [text.get_text() for text in plots.sample_size(table(), precision=0.1, ax=axes()).texts]
    assert said.count("1,440") == 3  # 576 labels, however they are divided
    without = [text.get_text() for text in plots.sample_size(table().assign(cost=None), precision=0.1, ax=axes()).texts]
    assert all(word.startswith("±") for word in without)


def test_what_no_design_reaches_is_said_with_the_closest() -> None:
    ax = plots.sample_size(table(), precision=0.01, name="α", ax=axes())
    assert "No design reaches ± 0.01: 4 annotators on 1,000 rows give α ± 0.038" in ax.get_title(loc="left")
    assert marks(ax, "o") == []


def test_the_interval_that_covers_people_is_drawn_when_asked_for() -> None:
    given = table()
    given["half_width_people"] = 2 * given["half_width"]
    ax = plots.sample_size(given, precision=0.1, people=True, ax=axes())
    thick = np.concatenate([line.get_xdata() for line in ax.lines if line.get_linewidth() > 2])
    assert np.nanmin(thick) == pytest.approx(4 * 576 / 4)


@pytest.mark.parametrize("size", [(6, 4), (3.3, 2.5), (2.5, 2)])
def test_words_cover_neither_each_other_nor_a_mark(size: tuple[float, float]) -> None:
    ax = plots.sample_size(table(6), precision=0.1, planned=(3, 100), ax=axes(size))
    FigureCanvasAgg(ax.figure).draw()
    shown = [text.get_window_extent() for text in ax.texts if text.get_visible()]
    assert len(shown) >= 2
    for number, one in enumerate(shown):
        # A box has room for marks above and below the letters.
        assert not any(one.shrunk(0.9, 0.7).overlaps(other.shrunk(0.9, 0.7)) for other in shown[:number])
        places = ax.transData.transform([*marks(ax, "o"), *marks(ax, "s")])
        assert not any(one.contains(*place) for place in places)
