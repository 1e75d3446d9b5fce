"""The plots of where, who and when: what they draw, what their titles claim, and what they do with odd input."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from prolific_nb import plots
from prolific_nb.analysis import (
    influence,
    label_confusion,
    pairwise_agreement,
    preference,
    unit_disagreement,
)
from prolific_nb.errors import ProlificError

HOSTILE = r"$\frac{1}{x$ <b>&amp;</b> \textbf{"


def labels(n_units: int = 30, n_annotators: int = 6, options: tuple[str, ...] = ("x", "y", "z")) -> pd.DataFrame:
    """Three labels per unit by people of whom the first guesses."""
    rng = np.random.default_rng(4)
    rows = []
    for unit in range(n_units):
        true = rng.choice(options)
        for turn in range(3):
            who = (unit + turn) % n_annotators
            guess = who == 0 or rng.random() < 0.1
            rows.append((f"u{unit}", f"p{who}", rng.choice(options) if guess else true))
    return pd.DataFrame(rows, columns=["row", "participant_id", "value"])


def answers(n: int = 60) -> pd.DataFrame:
    rng = np.random.default_rng(8)
    frame = pd.DataFrame({"submission_id": [f"s{i % 6}" for i in range(n)], "task_id": range(n)})
    times = pd.Timestamp("2026-11-03T09:00Z") + pd.to_timedelta(np.arange(n), unit="min")
    return frame.assign(seconds=rng.gamma(6, 4, n), created_at=times)


def comparisons() -> pd.DataFrame:
    rows = [(i, f"p{i % 5}", "left" if i % 4 else "tie") for i in range(40)]
    return pd.DataFrame(rows, columns=["row", "participant_id", "value"])


def designs() -> pd.DataFrame:
    sizes = [(m, n) for m in (2, 3, 4) for n in (100, 200, 400, 900)]
    table = pd.DataFrame(sizes, columns=["annotators", "units"])
    wide = 1.8 / (table["annotators"] * table["units"] ** 0.5)
    return table.assign(half_width=wide, half_width_people=1.3 * wide, cost=None, extrapolated=table["annotators"] > 3)


MADE: dict[str, tuple[Callable[..., Any], Callable[[], pd.DataFrame]]] = {
    "confusion": (plots.confusion, lambda: label_confusion(labels())),
    "annotators": (plots.annotators, lambda: pairwise_agreement(labels())),
    "many annotators": (plots.annotators, lambda: pairwise_agreement(labels(200, 60))),
    "units": (plots.disagreement, lambda: unit_disagreement(labels(12))),
    "many units": (plots.disagreement, lambda: unit_disagreement(labels(200))),
    "influence": (plots.influence, lambda: influence(labels(), draws=50)),
    "time": (plots.time_per_task, answers),
    "progress": (plots.progress, answers),
    "sample size": (plots.sample_size, designs),
    "preference": (plots.preference, lambda: preference(comparisons(), left="new", right="old", draws=50).table),
}


def axes() -> Any:
    return Figure(figsize=(6, 4), layout="constrained").add_subplot()


def title(ax: Any) -> str:
    return str(ax.get_title(loc="left")).replace("\n", " ")


def written(ax: Any) -> str:
    parts = [*ax.texts, *ax.get_xticklabels(), *ax.get_yticklabels(), ax.xaxis.label, ax.yaxis.label]
    return " ".join([title(ax), *(part.get_text() for part in parts)]).replace("\n", " ")


@pytest.mark.parametrize("name", MADE)
def test_every_plot_states_a_finding_names_its_axis_and_fits(name: str) -> None:
    draw, made = MADE[name]
    ax = axes()
    assert draw(made(), ax=ax, note="SANDBOX: the people are simulated.") is ax
    assert title(ax)
    assert "SANDBOX" in ax.get_xlabel()
    assert len(ax.get_xlabel().split("\n")[0]) > 3
    assert_fits(ax)


LONG = "a name of many words that goes on and on"


@pytest.mark.parametrize(
    ("draw", "table"),
    [
        (plots.confusion, label_confusion(labels().assign(value=lambda made: LONG + made["value"]))),
        (
            plots.annotators,
            pairwise_agreement(labels().assign(participant_id=lambda made: made["participant_id"] + LONG)),
        ),
        (plots.disagreement, unit_disagreement(labels(12).assign(row=lambda made: made["row"] + LONG))),
        (plots.preference, preference(comparisons(), left=LONG, right="old" + LONG, draws=20).table),
    ],
    ids=["confusion", "annotators", "disagreement", "preference"],
)
def test_long_names_leave_room_for_the_words(draw: Callable[..., Any], table: pd.DataFrame) -> None:
    assert_fits(draw(table, ax=axes(), note="SANDBOX: " + "the people are simulated, and this says nothing; " * 2))


def assert_fits(ax: Any) -> None:
    FigureCanvasAgg(ax.figure).draw()
    edge = ax.figure.bbox.width + 1
    for text in (ax.title, ax._left_title, ax.xaxis.label, *ax.texts, *ax.get_yticklabels()):
        assert text.get_window_extent().x1 <= edge, text.get_text()


@pytest.mark.parametrize("name", MADE)
def test_every_plot_makes_its_own_figure_and_follows_a_dark_one(name: str) -> None:
    from matplotlib import pyplot as plt

    draw, made = MADE[name]
    light = draw(made())
    try:
        assert next(iter(light.figure.get_size_inches())) == 6
        dark = axes()
        dark.figure.set_facecolor("#1e1e1e")
        dark.set_facecolor("#1e1e1e")
        draw(made(), ax=dark)
        assert sum(to_rgb(light.title.get_color())) < 1.5 or sum(to_rgb(light._left_title.get_color())) < 1.5
        assert sum(to_rgb(dark._left_title.get_color())) > 2
        assert sum(to_rgb(dark.xaxis.label.get_color())) > 2
    finally:
        plt.close(light.figure)


@pytest.mark.parametrize("name", MADE)
def test_nothing_to_draw_is_said(name: str) -> None:
    draw, made = MADE[name]
    table = made()
    empty = table * 0 if name == "confusion" else table.iloc[:0]
    assert "yet" in written(draw(empty, ax=axes())) or "undefined" in written(draw(empty, ax=axes()))


@pytest.mark.parametrize("name", [name for name in MADE if name != "confusion"])
def test_a_table_of_something_else_is_refused_by_its_columns(name: str) -> None:
    draw, made = MADE[name]
    with pytest.raises(ValueError, match="has no column"):
        draw(made().iloc[:, :1], ax=axes())


@pytest.mark.parametrize(
    ("draw", "table"),
    [
        (plots.confusion, pd.DataFrame([[4.0, 1.0], [1.0, 4.0]], index=[HOSTILE, "b"], columns=[HOSTILE, "b"])),
        (plots.annotators, pairwise_agreement(labels().replace({"p0": HOSTILE}))),
        (plots.disagreement, unit_disagreement(labels(8).replace({"x": HOSTILE, "u1": HOSTILE}))),
        (plots.influence, influence(labels().replace({"p0": HOSTILE}), draws=20)),
        (plots.preference, preference(comparisons(), left=HOSTILE, right="old", draws=20).table),
    ],
    ids=["confusion", "annotators", "disagreement", "influence", "preference"],
)
def test_words_from_the_data_are_drawn_as_written(draw: Callable[..., Any], table: pd.DataFrame) -> None:
    ax = draw(table, ax=axes())
    FigureCanvasAgg(ax.figure).draw()  # mathtext that cannot be parsed would raise here
    assert r"\$" in written(ax)


# --- what each one claims -------------------------------------------------------------------------------------------


def test_confusion_shows_shares_of_each_row_and_the_pair_that_disagrees_most() -> None:
    names = ["good", "bad", "mixed", "unused"]
    table = pd.DataFrame([[60, 9, 3, 0], [9, 30, 1, 0], [3, 1, 4, 0], [0, 0, 0, 0]], index=names, columns=names)
    ax = plots.confusion(table.astype(float), ax=axes())
    image = ax.images[0].get_array()
    assert image[0, 1] == pytest.approx(9 / 72)
    assert image.mask[3].all()
    assert "83" in [text.get_text() for text in ax.texts]
    assert title(ax) == "“good” and “bad” make 69 % of the disagreement"
    agreed = pd.DataFrame(np.diag([3.0, 4.0, 1.0, 0.0]), index=names, columns=names)
    assert title(plots.confusion(agreed, ax=axes())) == "All labels agree on every unit"
    with pytest.raises(ValueError, match="not labels × labels"):
        plots.confusion(table.iloc[:2], ax=axes())


def test_of_many_labels_the_worst_are_drawn_and_the_rest_is_counted() -> None:
    names = [f"label {number}" for number in range(40)]
    table = pd.DataFrame(np.eye(40) * 50, index=names, columns=names)
    for one, other, times in (("label 3", "label 31", 30.0), ("label 5", "label 8", 9.0), ("label 0", "label 39", 1.0)):
        table.loc[one, other] = table.loc[other, one] = times
    ax = plots.confusion(table)
    drawn = [text.get_text() for text in ax.get_yticklabels()]
    assert len(drawn) == 16
    assert {"label 3", "label 31", "label 5", "label 8"} <= set(drawn)
    assert title(ax) == "“label 3” and “label 31” make 75 % of the disagreement"
    assert "the 16 of 40 labels with the most disagreement, 100 % of all" in " ".join(ax.get_xlabel().split())
    image = ax.images[0].get_array()
    assert image[drawn.index("label 3"), drawn.index("label 31")] == pytest.approx(30 / 80)


def test_the_annotator_who_guesses_is_named_in_small_and_in_large() -> None:
    small, large = labels(300), labels(600, 60)
    for frame in (small, large):
        pairs = pairwise_agreement(frame)
        ax = plots.annotators(pairs, ax=axes())
        assert title(ax).startswith("“p0” agrees least with the others")
        assert f"{100 * np.average(pairs['agreement'], weights=pairs['n_units']):.0f} % for all" in title(ax)
    pairs = pairwise_agreement(small)
    heat = plots.annotators(pairs, ax=axes()).images[0].get_array()
    np.testing.assert_allclose(heat.filled(-1), heat.filled(-1).T)
    assert heat.mask.diagonal().all()
    two = plots.annotators(pairs[(pairs["annotator_1"] == "p1") & (pairs["annotator_2"] == "p2")], ax=axes())
    assert " and " in title(two)
    dots = plots.annotators(pairwise_agreement(large), ax=axes()).collections[0].get_offsets()
    assert len(dots) == 60


def test_of_many_annotators_the_lowest_are_named() -> None:
    forty = plots.annotators(pairwise_agreement(labels(600, 40)))
    assert len([each for each in forty.get_yticklabels() if each.get_text()]) == 40
    pairs = pairwise_agreement(labels(3_000, 100))
    (words,) = (text.get_text() for text in plots.annotators(pairs).texts)
    assert words.startswith("lowest agreement\np0: ")
    assert words.count("\n") == 5


def test_units_stand_with_their_labels_and_many_are_counted() -> None:
    few = unit_disagreement(labels(12))
    ax = plots.disagreement(few, ax=axes())
    assert [text.get_text() for text in ax.get_yticklabels()] == few["unit"].tolist()
    assert [text.get_text() for text in ax.texts] == few["labels"].tolist()
    table = unit_disagreement(labels(200))
    apart = int((table["agreement"] < 1).sum())
    many = plots.disagreement(table, ax=axes())
    assert title(many).startswith(f"Annotators disagree on {apart} of 200 units, most on “{table['unit'][0]}”")
    assert sum(patch.get_height() for patch in many.patches) == 200
    spread = pd.DataFrame({"unit": range(1000), "agreement": np.linspace(0, 1, 1000), "labels": "x ×2"})
    tenths = plots.disagreement(spread, ax=axes())
    # Ten tenths, and complete agreement for itself.
    assert len(tenths.patches) == 11
    assert tenths.patches[-1].get_height() == 1
    assert sum(patch.get_height() for patch in tenths.patches) == 1000
    alike = few.assign(agreement=1.0)
    assert title(plots.disagreement(alike, ax=axes())) == "All annotators agree on all 12 units"


def test_influence_puts_the_largest_change_on_top_and_counts_the_rest() -> None:
    table = influence(labels(200, 40), draws=50)
    ax = plots.influence(table, ax=axes())
    first = table.iloc[table["change"].abs().argmax()]
    assert ax.get_yticklabels()[0].get_text().startswith(first["annotator"])
    assert f"Without “{first['annotator']}” the coefficient would be {first['without']:.2f}" in title(ax)
    assert "25 with less change not shown" in written(ax)
    assert [text.get_text() for text in ax.texts].count("change") == 1
    assert len(ax.texts) == 15 + 1
    line = next(line for line in ax.lines if line.get_linestyle() == "--").get_xdata()[0]
    assert line == pytest.approx(table.attrs["all"])
    still = table.assign(change=0.0)
    assert title(plots.influence(still, ax=axes())).startswith("No single annotator changes the coefficient")


def test_a_task_counts_once_however_many_questions_and_picks_it_has() -> None:
    frame = answers()
    thrice = pd.concat(
        [frame, frame, frame.assign(seconds=pd.array([pd.NA] * len(frame), "Float64"))], ignore_index=True
    )
    for draw in (plots.time_per_task, plots.progress):
        assert title(draw(thrice, ax=axes())) == title(draw(frame, ax=axes()))
    ax = plots.time_per_task(frame, ax=axes())
    assert sum(patch.get_height() for patch in ax.patches) == 60
    assert f"{frame['seconds'].median():.0f} seconds" in title(ax)


def test_a_skewed_time_is_drawn_on_a_logarithmic_axis() -> None:
    assert plots.time_per_task(answers(), ax=axes()).get_xscale() == "linear"
    frame = answers()
    frame.loc[0, "seconds"] = 5000.0
    ax = plots.time_per_task(frame, ax=axes())
    assert ax.get_xscale() == "log"
    assert "logarithmic" in ax.get_xlabel()
    assert sum(patch.get_height() for patch in ax.patches) == 60
    assert "2.5 minutes" in title(plots.time_per_task(frame.assign(seconds=150.0), ax=axes()))


def test_progress_ends_at_the_number_of_tasks_and_says_utc() -> None:
    frame = answers()
    ax = plots.progress(frame, ax=axes())
    assert ax.lines[0].get_ydata()[-1] == 60
    # 30 tasks in 29 minutes
    assert title(ax) == "60 tasks answered in 59.0 minutes, half of them in the first 29.0 (62 an hour)"
    assert "UTC" in ax.get_xlabel()
    assert "2026-11-03" in ax.get_xlabel()
    berlin = frame.assign(created_at=frame["created_at"].dt.tz_convert("Europe/Berlin"))
    assert (plots.progress(berlin, ax=axes()).lines[0].get_xdata() == ax.lines[0].get_xdata()).all()
    long = frame.assign(created_at=frame["created_at"].iloc[0] + pd.to_timedelta(np.arange(60), unit="D"))
    assert "59.0 days" in title(plots.progress(long, ax=axes()))
    assert title(plots.progress(frame.head(1), ax=axes())) == "1 task answered so far"
    assert title(plots.progress(frame.head(2), ax=axes())) == "2 tasks answered in 1.0 minutes"
    level = frame.assign(created_at=frame["created_at"].iloc[0])
    assert title(plots.progress(level, ax=axes())) == "60 tasks answered at once"


def test_preference_says_who_wins_or_that_nobody_clearly_does() -> None:
    table = preference(comparisons(), left="new", right="old").table
    ax = plots.preference(table, ax=axes())
    assert title(ax).startswith(f"“new” wins {100 * table['win_rate'][0]:.0f} % of its comparisons, 95 % interval")
    assert "30 · 10 · 0" in written(ax)
    level = table.assign(win_rate=[0.52, 0.48], low=[0.4, 0.36], high=[0.64, 0.6])
    assert title(plots.preference(level, ax=axes())).startswith("No item is clearly preferred: “new” wins 52 %")
    many = pd.concat([table.assign(item=[f"a{i}", f"b{i}"]) for i in range(20)], ignore_index=True)
    assert "20 in the middle not shown" in written(plots.preference(many, ax=axes()))


def stored_together(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(seconds=pd.array([pd.NA] * len(frame), "Float64"))


def test_tasks_without_times_are_refused_with_a_way_out() -> None:
    frame = stored_together(answers())
    with pytest.raises(ProlificError, match=r"None of the 60 tasks has a time.*stored together.*run\.submissions\(\)"):
        plots.time_per_task(frame, ax=axes())
    assert "no times of tasks yet" in written(plots.time_per_task(frame.head(0), ax=axes()))


def test_tasks_with_and_without_times_are_told_apart() -> None:
    frame = answers().assign(submission_id="first")
    mixed = pd.concat([frame, stored_together(frame.assign(submission_id="other"))], ignore_index=True)
    assert title(plots.time_per_task(mixed, ax=axes())).startswith("Half of the 60 tasks with a known time took")


def test_the_time_per_task_of_submissions_is_their_minutes_by_their_tasks() -> None:
    frame = pd.DataFrame(
        {
            "submission_id": pd.Categorical(
                ["a"] * 8 + ["b"] * 3 + ["c"] * 5 + ["left"], ["a", "b", "c", "left", "no"]
            ),
            "task_id": [*range(4)] * 2 + [4, 5, 6] + [1, 2, 3, 4, 5] + [1],
        }
    )
    submissions = pd.DataFrame(
        {"submission_id": ["b", "a", "c", "left", "without"], "minutes": [2.0, 2.0, 5.0, np.nan, 9.0]}
    )
    ax = plots.time_per_task(frame, submissions=submissions, ax=axes())  # 30, 40 and 60 seconds
    assert title(ax) == "Half of the 3 submissions took 40 seconds per task or less"
    assert ax.get_xlabel() == "seconds per task, average of each submission"
    assert ax.get_ylabel() == "submissions"
    assert sum(patch.get_height() for patch in ax.patches) == 3
    one = plots.time_per_task(frame[frame["submission_id"] == "a"], submissions=submissions, ax=axes())
    assert title(one) == "The only submission took 30 seconds per task"
    with pytest.raises(ProlificError, match=r"None of the 5 submissions has an answer.*of the same run"):
        plots.time_per_task(frame.assign(submission_id="x"), submissions=submissions, ax=axes())
    assert "no times of tasks yet" in written(
        plots.time_per_task(frame, submissions=submissions.assign(minutes=np.nan), ax=axes())
    )


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        ([0], "14 tasks answered at once"),
        ([0, 10], "14 tasks answered in 10.0 minutes"),
        ([0, 10, 20], "21 tasks answered in 20.0 minutes"),
        # Five of ten submissions, of seven tasks each, until minute 40
        ([10 * n for n in range(10)], "70 tasks answered in 1.5 hours, half of them in the first 0.7 (52 an hour)"),
    ],
)
def test_answers_stored_together_make_no_rate_of_their_own(minutes: list[int], expected: str) -> None:
    sitting = np.repeat(np.arange(len(minutes)), 7 if len(minutes) > 1 else 14)
    task = np.arange(len(sitting))
    moments = pd.Timestamp("2026-11-03T09:00Z") + pd.to_timedelta(np.take(minutes, sitting), unit="min")
    frame = pd.DataFrame({"submission_id": sitting, "task_id": task, "created_at": moments})
    frame["created_at"] += pd.to_timedelta(task % 2, unit="ms")
    assert title(plots.progress(frame, ax=axes())) == expected
