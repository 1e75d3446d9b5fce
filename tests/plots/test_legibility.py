"""Whether the plots can be read: names that do not touch, numbers that stand out, and nothing that looks like data."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PatchCollection
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure

from prolific_nb import plots
from prolific_nb.analysis import influence, label_confusion, pairwise_agreement, preference, unit_disagreement
from prolific_nb.errors import ProlificError

from .test_agreement_plot import contrast
from .test_findings import HOSTILE, answers, axes, labels, title, written

IDS = {f"p{number}": f"5f3c9a{number:02x}b7d14e0012ab{number:04d}" for number in range(120)}
WORDY = "The review says how the product was used, and for "


def people(n_annotators: int) -> pd.DataFrame:
    frame = labels(40 * n_annotators, n_annotators)
    return frame.assign(participant_id=frame["participant_id"].map(IDS))


def worded(n_options: int) -> pd.DataFrame:
    return labels(400, 6, tuple(f"{WORDY}{number} weeks" for number in range(n_options)))


def items(n: int) -> pd.DataFrame:
    rate = np.linspace(0.8, 0.2, n)
    table = pd.DataFrame({"item": [f"{WORDY}{number} weeks" for number in range(n)], "n": 9, "wins": 4, "ties": 1})
    return table.assign(losses=4, win_rate=rate, low=rate - 0.1, high=rate + 0.1)


def drawn(ax: Any) -> Any:
    FigureCanvasAgg(ax.figure).draw()
    return ax


def assert_names_are_apart(ax: Any) -> None:
    """Neighbouring names neither touch nor are the same."""
    drawn(ax)
    for shown, low, high in ((ax.get_yticklabels(), "y0", "y1"), (ax.get_xticklabels(), "x0", "x1")):
        names = [label.get_text() for label in shown]
        assert len(set(names)) == len(names)
        spans = sorted(
            (getattr(box, low), getattr(box, high)) for box in (label.get_window_extent() for label in shown)
        )
        # A box has room for marks above and below the letters, which may overlap a little.
        assert all(one[1] - other[0] <= 0.2 * (one[1] - one[0]) for one, other in pairwise(spans)), names


@pytest.mark.parametrize("n", [3, 6, 7, 12, 13, 30])
def test_ids_of_participants_are_told_apart_in_the_heat_map(n: int) -> None:
    assert_names_are_apart(plots.annotators(pairwise_agreement(people(n)), ax=axes()))


@pytest.mark.parametrize("n", [2, 4, 6, 7, 12, 30, 40])
def test_long_labels_that_begin_alike_are_told_apart(n: int) -> None:
    assert_names_are_apart(plots.confusion(label_confusion(worded(n)), ax=axes()))


@pytest.mark.parametrize(
    ("draw", "table"),
    [
        (plots.influence, influence(people(30), draws=5)),
        (plots.disagreement, unit_disagreement(labels(20).assign(row=lambda made: WORDY + made["row"]))),
        (plots.preference, items(2)),
        (plots.preference, items(8)),
        (plots.preference, items(30)),
    ],
    ids=["influence", "disagreement", "2 items", "8 items", "30 items"],
)
def test_names_beside_rows_are_told_apart(draw: Callable[..., Any], table: pd.DataFrame) -> None:
    ax = drawn(draw(table, ax=axes()))
    assert_names_are_apart(ax)
    beside = sorted((text.get_window_extent().y0, text.get_window_extent().y1) for text in ax.texts)
    assert all(one[1] <= other[0] + 1.5 for one, other in pairwise(beside))


@pytest.mark.parametrize("backdrop", ["white", "#1e1e1e"])
@pytest.mark.parametrize("n", [6, 12])
def test_numbers_stand_out_from_their_cells(n: int, backdrop: str) -> None:
    ax = Figure(facecolor=backdrop).add_subplot(facecolor=backdrop)
    pairs = pairwise_agreement(people(n))
    plots.annotators(pairs, ax=ax)
    image = ax.images[0]
    colours = image.to_rgba(image.get_array())
    assert len(ax.texts) == 2 * len(pairs)
    for text in ax.texts:
        column, row = text.get_position()
        assert contrast(text.get_color(), colours[row, column]) >= 4.5


def test_no_agreement_looks_different_from_no_unit_in_common() -> None:
    pairs = pd.DataFrame({"annotator_1": ["a", "b"], "annotator_2": ["b", "c"], "n_units": 5, "agreement": [0.0, 1.0]})
    ax = plots.annotators(pairs, ax=axes())
    image = ax.images[0]
    array = image.get_array()
    assert array.mask.sum() == 3 + 2  # the diagonal, and the two who never met
    lowest = to_rgb(image.to_rgba(0.0))
    assert np.abs(np.subtract(lowest, to_rgb(ax.get_facecolor()))).max() > 0.1
    assert "empty: no unit in common" in written(ax)
    met = pd.concat([pairs, pairs.head(1).assign(annotator_2="c")], ignore_index=True)
    assert "empty" not in written(plots.annotators(met, ax=axes()))


@pytest.mark.parametrize("n", [6, 12, 20])
def test_the_units_behind_each_agreement_are_shown(n: int) -> None:
    pairs = pairwise_agreement(people(n))
    ax = plots.annotators(pairs, ax=axes())
    words = [text.get_text() for text in ax.texts]
    largest = int(pairs["n_units"].max())
    if n == 6:
        assert any(word.endswith(f"\n{largest} units") for word in words)
    elif n == 12:
        assert f"n={largest}" in words
    else:
        squares = next(each for each in ax.collections if isinstance(each, PatchCollection))
        widths = np.array([path.get_extents().width for path in squares.get_paths()])
        assert len(widths) == 2 * len(pairs)
        np.testing.assert_allclose(np.sort(widths**2), np.sort(np.tile(pairs["n_units"] / largest, 2)))
        assert f"up to {largest}" in written(ax)
        key = [label.get_text() for label in ax.child_axes[0].get_yticklabels()]
        assert key == ["0 %", "50 %", "100 %"]


def test_who_was_compared_seldom_is_said_to_be() -> None:
    pairs = pairwise_agreement(people(6))
    first = next(iter(IDS.values()))
    mine = pairs[(pairs["annotator_1"] == first) | (pairs["annotator_2"] == first)]
    assert f"% of {mine['n_units'].sum()} comparisons" in title(plots.annotators(pairs, ax=axes()))


def test_of_many_labels_that_are_mixed_up_evenly_none_is_blamed() -> None:
    even = pd.DataFrame(np.full((8, 8), 4.0) + 60 * np.eye(8))
    assert title(plots.confusion(even, ax=axes())).startswith("No two labels stand out")
    even.iloc[2, 5] = even.iloc[5, 2] = 90.0
    assert title(plots.confusion(even, ax=axes())) == "“2” and “5” make 45 % of the disagreement"


def test_every_label_of_a_unit_keeps_its_number() -> None:
    counts = f"{WORDY}weeks ×4, {HOSTILE} ×3, no, never ×1"
    units = pd.DataFrame({"unit": ["u"], "agreement": [0.3], "labels": [counts]})
    ax = drawn(plots.disagreement(units, ax=axes()))
    assert [number in ax.texts[0].get_text() for number in ("×4", "×3", "×1")] == [True] * 3
    five = units.assign(labels=", ".join(f"{name * 9} ×1" for name in "abcde"))
    (words,) = (text.get_text() for text in drawn(plots.disagreement(five, ax=axes())).texts)
    assert words.count("×1") >= 3
    narrow = Figure((3, 2)).add_subplot()
    (words,) = (text.get_text() for text in drawn(plots.disagreement(five, ax=narrow)).texts)
    assert 1 <= words.count("×1") < 5
    assert words.endswith(f", {5 - words.count('×1')} more")
    strange = units.assign(labels="whatever " * 20)
    assert "whatever" in plots.disagreement(strange, ax=axes()).texts[0].get_text()


def test_units_level_with_the_worst_are_counted() -> None:
    units = pd.DataFrame({"unit": list("abc"), "agreement": [0.0, 0.0, 1.0], "labels": ["x ×1, y ×1"] * 2 + ["x ×2"]})
    said = title(plots.disagreement(units, ax=axes()))
    assert said == "Annotators disagree on 2 of 3 units, most on “a” and 1 other as much (x ×1, y ×1)"
    assert title(plots.disagreement(units.head(1), ax=axes())) == "Annotators disagree on “a” (x ×1, y ×1)"


def test_who_was_not_left_out_is_not_said_to_change_less() -> None:
    table = influence(people(30), most=10, draws=5)
    words = written(plots.influence(table, ax=axes()))
    assert "not computed for 20 more" in words
    assert "less change" not in words
    signs = [text.get_text() for text in plots.influence(table.assign(change=-0.001), ax=axes()).texts]
    assert "0.00" in signs
    assert "−0.00" not in signs


def test_long_tasks_are_in_minutes_and_one_task_is_no_half() -> None:
    frame = answers()
    ax = plots.time_per_task(frame.assign(seconds=frame["seconds"] * 20), ax=axes())
    assert ax.get_xlabel() == "minutes per task"
    median = next(line for line in ax.lines).get_xdata()[0]
    assert median == pytest.approx(frame["seconds"].median() * 20 / 60)
    assert title(plots.time_per_task(frame.head(1), ax=axes())).startswith("The only task took ")


@pytest.mark.parametrize("seconds", [[0.0, 0.0, 0.0], [0.0, 0.0, 90.0], [1e-3, 5.0, 9000.0], [0.0, 7.0, 7.0]])
def test_tasks_of_no_time_count_too(seconds: list[float]) -> None:
    frame = answers(3).assign(seconds=seconds)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ax = drawn(plots.time_per_task(frame, ax=axes()))
    assert sum(patch.get_height() for patch in ax.patches) == 3


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("draw", [plots.progress, plots.time_per_task], ids=["progress", "time"])
def test_few_tasks_are_seen_and_counted_in_whole_numbers(draw: Callable[..., Any], n: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ax = drawn(draw(answers(n), ax=axes()))
    assert all("." not in label.get_text() for label in ax.get_yticklabels())
    if draw is plots.progress:
        low, high = ax.get_xlim()
        (last,) = ax.lines[-1].get_xydata()
        assert ax.lines[-1].get_marker() == "o"
        assert low < last[0] <= high
        assert (high - low) * 24 < 1.5  # days


def test_dates_name_their_month_and_no_time_has_but_one() -> None:
    frame = answers(60)
    times = pd.Timestamp("2026-10-28T09:00Z") + pd.to_timedelta(np.arange(60) * 7, unit="h")
    ax = drawn(plots.progress(frame.assign(created_at=times), ax=axes()))
    shown = [label.get_text() for label in ax.get_xticklabels() if label.get_text()]
    assert shown
    assert all(label.split()[1] in ("Oct", "Nov") for label in shown)


def test_a_leader_among_many_who_may_be_no_better_is_not_called_preferred() -> None:
    level = items(4).assign(win_rate=[0.55, 0.52, 0.48, 0.45], low=0.4, high=0.6)
    assert title(plots.preference(level, ax=axes())).startswith("No item is clearly preferred")
    frame = pd.DataFrame([(i, f"p{i % 5}", "left") for i in range(40)], columns=["row", "participant_id", "value"])
    clear = preference(frame, left="new", right="old", draws=20).table
    assert title(plots.preference(clear, ax=axes())).startswith("“new” wins 100 %")


@pytest.mark.parametrize("backdrop", ["white", "#1e1e1e"])
def test_the_key_and_the_words_around_the_heat_map_follow_the_background(backdrop: str) -> None:
    ax = drawn(
        plots.annotators(
            pairwise_agreement(people(20)), ax=Figure(facecolor=backdrop).add_subplot(facecolor="none"), note="x"
        )
    )
    words = [*ax.get_xticklabels(), *ax.get_yticklabels(), ax.xaxis.label, ax._left_title]
    words += ax.child_axes[0].get_yticklabels()
    assert all(contrast(to_hex(text.get_color()), backdrop) >= 4.5 for text in words)


@pytest.mark.parametrize("n", [3, 7, 12, 30])
def test_a_small_part_of_a_figure_is_enough(n: int) -> None:
    figure = Figure(figsize=(6, 5), layout="constrained")
    ax = figure.subplots(2, 2)[0, 0]
    assert drawn(plots.annotators(pairwise_agreement(people(n)), ax=ax)) is ax
    assert title(ax)


def test_long_labels_that_begin_and_end_alike_are_told_apart() -> None:
    frame = worded(40)
    frame["value"] = [f"A rather long label about {str(each)[-6:]} in the same detail" for each in frame["value"]]
    ax = plots.confusion(label_confusion(frame), ax=axes())
    assert_names_are_apart(ax)


@pytest.mark.parametrize("draw", [plots.influence, plots.confusion, plots.annotators, plots.disagreement])
def test_the_finding_fits_on_narrow_axes_with_its_numbers(draw: Callable[..., Any]) -> None:
    frame = people(30)
    made = {
        plots.influence: lambda: influence(frame, draws=5),
        plots.confusion: lambda: label_confusion(frame),
        plots.annotators: lambda: pairwise_agreement(frame),
        plots.disagreement: lambda: unit_disagreement(frame),
    }[draw]()
    wide, narrow = (Figure(figsize=(width, 4), layout="constrained").add_subplot() for width in (6, 3.6))
    draw(made, ax=wide)
    drawn(draw(made, ax=narrow))
    assert title(narrow).replace(" ", "") == title(wide).replace(" ", "")
    assert narrow._left_title.get_window_extent().x1 <= narrow.figure.bbox.x1 + 2
    assert narrow.xaxis.label.get_window_extent().x1 <= narrow.figure.bbox.x1 + 2


def test_a_change_in_the_third_digit_is_shown_as_one() -> None:
    table = pd.DataFrame({"annotator": ["a", "b"], "n_ratings": 5, "without": [0.352, 0.346], "change": [0.006, 0.0]})
    ax = plots.influence(table.assign(low=0.3, high=0.4), ax=axes())
    assert title(ax).endswith("would be 0.352 instead of 0.346")
    assert [text.get_text() for text in ax.texts][:2] == ["+0.006", "0.000"]


@pytest.mark.parametrize("wrong", [None, "text", 3, [1], {}, pd.Series([1]), np.zeros((2, 2)), pd.DataFrame()])
def test_what_is_no_table_is_refused_by_every_plot(wrong: Any) -> None:
    for name in {*plots.__all__} - {"alt_text", "gallery", "image", "svg"}:
        if name in ("confusion", "labels") and isinstance(wrong, pd.DataFrame):
            continue
        with pytest.raises(ProlificError, match=r"not a table|has no column"):
            getattr(plots, name)(wrong, ax=axes())


@pytest.mark.parametrize("n", [40, 60, 100])
@pytest.mark.parametrize("width", [6, 3.6])
def test_names_of_many_annotators_are_legible_and_cover_no_dot(n: int, width: float) -> None:
    ax = drawn(plots.annotators(pairwise_agreement(people(n)), ax=Figure((width, 4), layout="constrained").subplots()))
    names = [*ax.get_yticklabels(), *ax.texts]
    assert min(float(each.get_fontsize()) for each in names) >= 5
    assert ax.xaxis.label.get_window_extent().x1 <= ax.figure.bbox.x1 + 2
    dots = ax.collections[0].get_offsets()
    places = ax.transData.transform(dots)
    for words in ax.texts:
        box = words.get_window_extent()
        assert not any(box.contains(*place) for place in places)
    assert f"{n} annotators" in written(ax)
