"""Every plot in figures of all sizes: no text is cut, none is on another, none is too small."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from prolific_nb import plots
from prolific_nb.common.money import Money

from ..test_findings import answers
from .texts import faults

pytestmark = pytest.mark.filterwarnings("error", "ignore:Glyph")

WRITTEN: dict[str, Callable[[int], str]] = {
    "short": lambda n: f"label {n}",
    "long": lambda n: (
        f"The writer says how the product was used, and for {n} weeks of the year before they returned it"
    ),
    "right to left": lambda n: f"{n} תשובה ארוכה מאוד לשאלה הזאת مع كلمات عربية",
    "wide": lambda n: f"この商品はとても良いと思いますが、値段が高いです {n}、買いません",
    "mathematics": lambda n: rf"$\frac{{1}}{{x$ costs $5 or ${n}_x^2",
}
WRITTEN["mixed"] = lambda n: [*WRITTEN.values()][n % 5](n)
SIZES = [(6, 4), (3.3, 2.5), (2.5, 2)]


def agreement_table(name: Callable[[int], str], n: int = 3) -> pd.DataFrame:
    rows = [
        (name(i), kind, 0.5 - 0.1 * i, 0.4 - 0.1 * i, 0.7, 9)
        for i in range(n)
        for kind in ("Agreement", "Fleiss' κ", "Krippendorff's α (nominal)")
    ]
    return pd.DataFrame(rows, columns=["question", "coefficient", "value", "low", "high", "n_units"])


def labels_frame(name: Callable[[int], str], n: int = 6) -> pd.DataFrame:
    frame = pd.DataFrame({"value": np.repeat([name(i) for i in range(n)], 400 - 3 * np.arange(n))})
    return frame.assign(question=name(77))


def confusion_table(name: Callable[[int], str], n: int = 4) -> pd.DataFrame:
    names = [name(i) for i in range(n)]
    return pd.DataFrame(np.eye(n) * 40 + 3 + np.arange(n), index=names, columns=names)


def pairs_table(name: Callable[[int], str], n: int = 5) -> pd.DataFrame:
    rows = [(name(i), name(j), 1000 + i, 0.5 + 0.4 * (i + j) / 2 / n) for i in range(n) for j in range(i + 1, n)]
    return pd.DataFrame(rows, columns=["annotator_1", "annotator_2", "n_units", "agreement"])


def units_table(name: Callable[[int], str], n: int = 6) -> pd.DataFrame:
    rows = [(name(i), min(1, 0.2 + i / n), f"{name(1)} ×{i + 3}, {name(2)} ×12, {name(3)} ×1") for i in range(n)]
    return pd.DataFrame(rows, columns=["unit", "agreement", "labels"])


def influence_table(name: Callable[[int], str], n: int = 5) -> pd.DataFrame:
    table = pd.DataFrame({"annotator": [name(i) for i in range(n)], "n_ratings": 1200, "change": 0.02 * np.arange(n)})
    without = 0.4 + table["change"]
    return table.assign(without=without, low=without - 0.1, high=without + 0.1)


def items_table(name: Callable[[int], str], n: int = 4) -> pd.DataFrame:
    rate = np.linspace(0.8, 0.2, n)
    table = pd.DataFrame({"item": [name(i) for i in range(n)], "n": 1200, "wins": 1034, "ties": 120, "losses": 46})
    return table.assign(win_rate=rate, low=rate - 0.1, high=rate + 0.1)


def texts_frame(name: Callable[[int], str]) -> pd.DataFrame:
    return pd.DataFrame({"question": name(77), "value": [f"word {name(i)}" * (1 + i % 9) for i in range(1200)]})


def answers_frame(name: Callable[[int], str]) -> pd.DataFrame:
    return answers(90).assign(participant_id=name(1))


def designs_table(_: Callable[[int], str], n: int = 5) -> pd.DataFrame:
    sizes = [(m, rows) for m in range(2, 2 + n) for rows in (60, 250, 1_000)]
    table = pd.DataFrame(sizes, columns=["annotators", "units"])
    wide = 2.4 / (table["annotators"] * table["units"]) ** 0.5
    cost = pd.Series([Money(250 * m * rows, "GBP") for m, rows in sizes])
    return table.assign(half_width=wide, half_width_people=wide, cost=cost, extrapolated=table["annotators"] > 3)


def course_frame(name: Callable[[int], str]) -> pd.DataFrame:
    n = np.arange(100, 4100, 100)
    return pd.DataFrame({"answers": n, "value": 0.6, "low": 0.6 - 3 / np.sqrt(n), "high": 0.6 + 3 / np.sqrt(n)})


def rehearsals_table(_: Callable[[int], str]) -> pd.DataFrame:
    value = 0.6 + 0.1 * np.sin(np.arange(50))
    return pd.DataFrame({"value": value, "low": value - 0.1, "high": value + 0.1})


MADE: dict[str, tuple[Callable[..., Any], Callable[..., pd.DataFrame]]] = {
    "agreement": (plots.agreement, agreement_table),
    "annotators": (plots.annotators, pairs_table),
    "confusion": (plots.confusion, confusion_table),
    "disagreement": (plots.disagreement, units_table),
    "histogram": (plots.histogram, texts_frame),
    "influence": (plots.influence, influence_table),
    "labels": (plots.labels, labels_frame),
    "precision": (partial(plots.precision, target=0.03), course_frame),
    "preference": (plots.preference, items_table),
    "progress": (plots.progress, answers_frame),
    "rehearsals": (plots.rehearsals, rehearsals_table),
    "sample_size": (plots.sample_size, designs_table),
    "time_per_task": (plots.time_per_task, answers_frame),
}
MANY = {"agreement": 30, "annotators": 30, "confusion": 30, "disagreement": 300, "influence": 40, "labels": 40}
MANY |= {"preference": 40, "sample_size": 20}


def test_every_plot_is_here() -> None:
    assert {*MADE} == {*plots.__all__} - {"alt_text", "gallery", "image", "svg"}


@pytest.mark.parametrize("layout", ["constrained", None])
@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", MADE)
def test_text_of_any_script_fits_any_size(name: str, size: tuple[float, float], layout: Any) -> None:
    draw, table = MADE[name]
    for kind in ("long", "mixed"):
        write = WRITTEN[kind]
        ax = Figure(size, layout=layout).add_subplot()
        draw(table(write), ax=ax, note=f"SANDBOX: {write(3)}")
        assert (kind, faults(ax.figure)) == (kind, [])


@pytest.mark.parametrize("layout", ["constrained", None])
@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", MANY)
def test_many_rows_fit_any_size(name: str, size: tuple[float, float], layout: Any) -> None:
    draw, table = MADE[name]
    ax = Figure(size, layout=layout).add_subplot()
    draw(table(WRITTEN["long" if layout else "short"], MANY[name]), ax=ax)
    assert faults(ax.figure) == []


@pytest.mark.parametrize("layout", ["constrained", "tight", None])
def test_neighbours_leave_each_other_room(layout: Any) -> None:
    figure = Figure((8, 11), layout=layout)
    figure.suptitle("All of them")
    for ax, (draw, table) in zip(figure.subplots(4, 3).flat, MADE.values(), strict=False):
        draw(table(WRITTEN["long"]), ax=ax, note="SANDBOX")
    assert faults(figure) == []
