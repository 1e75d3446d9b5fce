"""The plot of agreement: what it says, on which background, and that text from data stays text."""

from __future__ import annotations

import io
import subprocess
import sys

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from prolific_nb import plots

NAMES = ["Percent agreement", "Fleiss' κ", "Krippendorff's α (nominal)"]


@pytest.fixture(autouse=True)
def _no_window():
    from matplotlib import pyplot as plt

    with mpl.rc_context({"backend": "agg"}):
        yield
        plt.close("all")


def table_of(*questions, value=0.5, low=0.4, high=0.6):
    rows = [(question, name, value, low, high, 9) for question in questions for name in NAMES]
    return pd.DataFrame(rows, columns=["question", "coefficient", "value", "low", "high", "n_units"])


def drawn(ax):
    """Save as SVG with text kept as text, and give it back."""
    target = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none"}):
        ax.figure.savefig(target, format="svg")
    return target.getvalue()


def test_one_question_names_its_coefficients_and_its_numbers():
    ax = plots.agreement(table_of("How?"))
    assert ax.get_title(loc="left") == "Krippendorff's α (nominal) is 0.50, 95 % interval 0.40 to 0.60\nHow?"
    assert [label.get_text() for label in ax.get_yticklabels()] == NAMES
    assert [text.get_text() for text in ax.texts] == ["0.50"] * 3
    assert ax.get_legend() is None


def test_several_questions_are_grouped_and_the_lowest_is_named():
    table = table_of("How?", "Why?")
    table.loc[5, ["value", "low", "high"]] = [0.1, 0.0, 0.2]
    ax = plots.agreement(table)
    assert ax.get_title(loc="left") == "Krippendorff's α (nominal) ranges from 0.10 to 0.50\nlowest: Why?"
    assert [label.get_text() for label in ax.get_yticklabels()] == ["How?", "Why?"]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == NAMES


def test_dots_and_lines_are_where_the_table_says():
    ax = plots.agreement(table_of("How?", value=0.3, low=0.2, high=0.45))
    assert [line.get_xdata().tolist() for line in ax.lines if line.get_marker() != "None"] == [[0.3]] * 3
    ends = [segment[:, 0].tolist() for lines in ax.collections for segment in lines.get_segments()]
    assert ends == [[0.2, 0.45]] * 3


def test_scale_ends_at_zero_or_the_lowest_and_marks_chance_then():
    left, right = plots.agreement(table_of("How?")).get_xlim()
    assert -0.05 < left <= 0
    assert 1 <= right < 1.05
    ax = plots.agreement(table_of("How?", value=-0.2, low=-0.4))
    assert ax.get_xlim()[0] < -0.4
    assert [0, 0] in [list(line.get_xdata()) for line in ax.lines]


@pytest.mark.parametrize("backdrop", ["white", "black"])
def test_every_text_and_dot_stands_out_from_its_background(backdrop):
    ax = plots.agreement(table_of("How?", "Why?"), ax=Figure(facecolor=backdrop).add_subplot(facecolor="none"))
    texts = [ax.title, ax._left_title, ax.xaxis.label, *ax.get_xticklabels(), *ax.get_yticklabels(), *ax.texts]
    texts += ax.get_legend().get_texts()
    dots = [line for line in ax.lines if line.get_marker() != "None"]
    assert all(contrast(text.get_color(), backdrop) >= 4.5 for text in texts if text.get_text())
    assert all(contrast(dot.get_color(), backdrop) >= 3 for dot in dots)


def contrast(one, other):
    """Ratio of luminances as WCAG 2 defines it; 3 is enough for marks."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour):
    channels = np.array(to_rgb(colour))
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize("text", ["$\\frac$", "costs $5 or $6", "\\$ and $", "100 % <b>_x^2</b>"])
@pytest.mark.parametrize("others", [[], ["Why?"]])
def test_text_from_data_is_never_mathematics(text, others):
    svg = drawn(plots.agreement(table_of(text, *others), note=text))
    shown = text.replace("<", "&lt;").replace(">", "&gt;")
    assert svg.count(shown) >= 2


def test_text_stays_plain_where_mathematics_is_switched_off():
    with mpl.rc_context({"text.parse_math": False}):
        svg = drawn(plots.agreement(table_of("costs $5")))
    assert "costs $5" in svg


def test_long_questions_end_in_an_ellipsis_within_the_figure():
    long = "Would you say that " + "the reviewer really " * 20 + "bought it?"
    ax = plots.agreement(table_of(long, "antidisestablishment" * 20))
    figure = ax.figure
    figure.draw_without_rendering()
    assert tuple(figure.get_size_inches()) == (6, 4)
    for text in [ax._left_title, *ax.get_yticklabels(), *ax.get_legend().get_texts()]:
        assert text.get_window_extent().x1 <= figure.bbox.x1
        assert text.get_window_extent().x0 >= figure.bbox.x0


def test_undefined_is_said_in_words():
    table = table_of("How?", "Why?")
    table.loc[[1, 2], ["value", "low", "high"]] = np.nan
    ax = plots.agreement(table)
    assert "Fleiss' κ, Krippendorff's α (nominal): undefined" in [text.get_text() for text in ax.texts]
    table[["value", "low", "high"]] = np.nan
    assert "is undefined" in plots.agreement(table).get_title(loc="left")


def test_a_table_without_rows_says_so():
    ax = plots.agreement(table_of())
    drawn(ax)
    assert ax.get_title(loc="left") == "No question could be scored"


def test_note_is_shown_below():
    assert "SANDBOX" in plots.agreement(table_of("How?"), note="SANDBOX, simulated people").get_xlabel()


def test_missing_columns_are_named():
    with pytest.raises(ValueError, match="'low', 'high'"):
        plots.agreement(table_of("How?").drop(columns=["low", "high"]))


def test_settings_of_the_session_stay_as_they_were():
    before = dict(mpl.rcParams)
    plots.agreement(table_of("How?"))
    assert dict(mpl.rcParams) == before


def test_drawing_on_given_axes_needs_no_pyplot():
    code = (
        "import sys, pandas as pd; from matplotlib.figure import Figure; from prolific_nb import plots\n"
        "row = dict(question='q', coefficient='c', value=.5, low=.4, high=.6)\n"
        "plots.agreement(pd.DataFrame([row]), ax=Figure().add_subplot())\n"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
