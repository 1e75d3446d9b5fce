"""All plots in one figure, with sample data."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..common.money import Money
from .agreement_plot import agreement
from .annotators_plot import annotators
from .confusion_plot import confusion
from .disagreement_plot import disagreement
from .histogram_plot import histogram
from .influence_plot import influence
from .labels_plot import labels
from .planning.precision_plot import precision
from .planning.rehearsals_plot import rehearsals
from .planning.sample_size_plot import sample_size
from .preference_plot import preference
from .progress_plot import progress
from .time_plot import time_per_task

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.typing import ColorType

_NOTE = "Sample data"
_COLUMNS = 3
_FEELS = "How does the writer feel?"


def gallery(
    *,
    size: tuple[float, float] = (13.0, 18.0),
    background: str = "white",
    palette: ColorType | Sequence[ColorType] | None = None,
) -> Figure:
    """Draw every plot with sample data, to choose one or to try a size, a background or colours.

    Parameters
    ----------
    size : tuple of float
        Width and height in inches.
    background : color
        Light or dark.
    palette : color or sequence of color, optional
        As for `prolific_nb.plots.labels`.

    Returns
    -------
    Figure
        Shown by a notebook as the last line of a cell; otherwise ``gallery().savefig("gallery.png")``.

    Examples
    --------
    >>> len(gallery().axes)
    13
    """
    from matplotlib import pyplot as plt
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    layout = ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.12)
    figure = plt.figure(figsize=size, layout=layout, facecolor=background)
    plt.close(figure)  # shown because it is returned, and only then
    samples = _samples()
    grid = figure.add_gridspec(-(-len(samples) // _COLUMNS), _COLUMNS)
    for place, (draw, table) in enumerate(samples):
        ax = figure.add_subplot(grid[place // _COLUMNS, place % _COLUMNS], facecolor=background)
        draw(table, ax=ax, note=_NOTE, palette=palette)
    return figure


def _samples() -> list[tuple[Any, pd.DataFrame]]:
    return [
        (labels, _labels()),
        (histogram, _texts()),
        (agreement, _agreement()),
        (confusion, _confusion()),
        (annotators, _annotators()),
        (influence, _influence()),
        (disagreement, _units()),
        (preference, _preference()),
        (partial(precision, target=0.05), _course()),
        (time_per_task, _answers()),
        (progress, _answers()),
        (sample_size, _designs()),
        (partial(rehearsals, name="α"), _rehearsed()),
    ]


def _labels() -> pd.DataFrame:
    counts = {"good": 118, "mixed": 41, "bad": 79, "cannot say": 12}
    return pd.DataFrame({"question": _FEELS, "value": np.repeat(list(counts), list(counts.values()))})


def _texts() -> pd.DataFrame:
    """Texts of 3 to 30 words, most of them short."""
    words = (3 + 27 * np.linspace(0, 1, 80) ** 2).astype(int)
    return pd.DataFrame({"question": "Why?", "value": ["word " * each for each in words]})


def _agreement() -> pd.DataFrame:
    rows = [
        (_FEELS, "Percent agreement", 0.81, 0.77, 0.85),
        (_FEELS, "Krippendorff's α", 0.69, 0.62, 0.75),
        ("Would the writer buy it again?", "Percent agreement", 0.74, 0.69, 0.79),
        ("Would the writer buy it again?", "Krippendorff's α", 0.47, 0.38, 0.56),
    ]
    return pd.DataFrame(rows, columns=["question", "coefficient", "value", "low", "high"])


def _confusion() -> pd.DataFrame:
    names = ["good", "mixed", "bad"]
    return pd.DataFrame([[96.0, 14, 2], [14, 30, 11], [2, 11, 66]], index=names, columns=names)


def _annotators() -> pd.DataFrame:
    pairs = [
        ("A", "B", 30, 0.87),
        ("A", "C", 28, 0.82),
        ("A", "D", 31, 0.55),
        ("B", "C", 30, 0.9),
        ("B", "D", 29, 0.52),
    ]
    return pd.DataFrame([*pairs, ("C", "D", 30, 0.6)], columns=["annotator_1", "annotator_2", "n_units", "agreement"])


def _influence() -> pd.DataFrame:
    table = pd.DataFrame(
        {"annotator": list("DCAB"), "n_ratings": [30, 29, 30, 30], "without": [0.81, 0.64, 0.66, 0.68]}
    )
    return table.assign(low=table["without"] - 0.06, high=table["without"] + 0.06, change=table["without"] - 0.69)


def _units() -> pd.DataFrame:
    rows = [
        ("review 14", 1 / 3, "good ×2, mixed ×1, bad ×1"),
        ("review 3", 0.5, "mixed ×3, bad ×1"),
        ("review 8", 0.5, "good ×3, mixed ×1"),
    ]
    rows += [(f"review {number}", 1.0, "good ×4") for number in (1, 2, 5)]
    return pd.DataFrame(rows, columns=["unit", "agreement", "labels"])


def _preference() -> pd.DataFrame:
    table = pd.DataFrame({"item": ["model B", "model C", "model A"], "wins": [31, 22, 12], "ties": [6, 8, 6]})
    rate = pd.Series([0.68, 0.52, 0.3])
    return table.assign(
        n=50, losses=50 - table["wins"] - table["ties"], win_rate=rate, low=rate - 0.12, high=rate + 0.12
    )


def _designs() -> pd.DataFrame:
    """Half-widths of designs whose cost is that of their labels."""
    sizes = [(m, n) for m in (2, 3, 4, 5, 7) for n in (100, 150, 220, 280, 340, 420, 600)]
    table = pd.DataFrame(sizes, columns=["annotators", "units"])
    wide = (0.4 + 1.4 / (table["annotators"] - 0.6)) / table["units"] ** 0.5
    cost = pd.Series([Money(20 * m * n, "GBP") for m, n in sizes])
    return table.assign(half_width=wide, half_width_people=1.1 * wide, cost=cost, extrapolated=table["annotators"] > 4)


def _course() -> pd.DataFrame:
    """An interval that narrows around a value that wanders less and less."""
    answers = np.arange(60, 420, 12)
    value = 0.69 + 1.1 * np.sin(answers / 33) / np.sqrt(answers)
    return pd.DataFrame({"answers": answers, "value": value, "low": value - 1.7 / np.sqrt(answers)}).assign(
        high=value + 1.5 / np.sqrt(answers)
    )


def _rehearsed() -> pd.DataFrame:
    """Twenty values that lie closely around their middle."""
    value = 0.68 + 0.04 * np.sin(1.7 * np.arange(20))
    return pd.DataFrame({"value": value, "low": value - 0.09, "high": value + 0.08})


def _answers() -> pd.DataFrame:
    """Answers of 12 participants, who arrive one after the other and work at different speeds."""
    n = np.arange(120)
    seconds = 14 + 9 * np.sin(n * 2.4) + 6 * np.sin(n * 0.7) ** 2 + 0.1 * (n % 37)
    minutes = 7 * (n // 10) ** 1.3 + np.cumsum(seconds) / 600
    times = pd.Timestamp("2026-03-02T09:00Z") + pd.to_timedelta(minutes * 60, unit="s")
    return pd.DataFrame({"submission_id": n // 10, "task_id": n, "seconds": seconds, "created_at": times})
