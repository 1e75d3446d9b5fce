"""The plot of labels: what it counts, what it says, and that text from data stays text."""

from __future__ import annotations

import io
import subprocess
import sys
from itertools import pairwise

import matplotlib as mpl
import pandas as pd
import pytest
from matplotlib.figure import Figure

from prolific_nb import plots
from prolific_nb.design.codebook import Codebook, Question

from .test_agreement_plot import contrast


@pytest.fixture(autouse=True)
def _no_window():
    from matplotlib import pyplot as plt

    with mpl.rc_context({"backend": "agg"}):
        yield
        plt.close("all")


def answers(values, question="How?", kind="single", options=(), labels=None):
    frame = pd.DataFrame({"question": question, "value": list(values)})
    frame["response_id"] = [f"r{number}" for number in range(len(frame))]
    book = Codebook([Question(question, kind, "multiple_choice", tuple(options), tuple(labels or map(str, options)))])
    frame.attrs["questions"] = book.to_records()
    return frame


def names(ax):
    return [label.get_text() for label in ax.get_yticklabels()]


def lengths(ax):
    return [bar.get_width() for bar in ax.patches]


def words(ax):
    return [text.get_text().strip() for text in ax.texts]


def title(ax):
    return ax.get_title(loc="left")


def test_offered_options_stand_in_their_order_also_with_nobody():
    ax = plots.labels(answers(["good"] * 3 + ["bad"], options=["bad", "good", "mixed"]))
    assert names(ax) == ["bad", "good", "mixed"]
    assert lengths(ax) == [1, 3, 0]
    assert words(ax) == ["1 · 25 %", "3 · 75 %", "0 · 0 %"]
    assert title(ax) == "“good” is the most common answer: 75 % of 4\nHow?"
    assert ax.get_ylim()[0] > ax.get_ylim()[1]  # the first on top


def test_values_that_were_not_offered_are_shown_and_marked():
    ax = plots.labels(answers(["good", "odd"], options=["good", "bad"]))
    assert names(ax) == ["good", "bad", "odd (not offered)"]
    assert lengths(ax) == [1, 0, 1]


def test_numbers_are_matched_with_their_options_and_have_their_words():
    frame = answers([1, 2, 2], kind="scale", options=[1, 2, 3], labels=["poor", "fair", "3"])
    ax = plots.labels(frame)
    assert names(ax) == ["poor (1)", "fair (2)", "3"]
    assert lengths(ax) == [1, 2, 0]


def test_shares_of_several_picks_are_of_answers_not_of_picks():
    frame = answers(["a", "b", "a"], kind="many", options=["a", "b"])
    frame["response_id"] = ["r1", "r1", "r2"]
    ax = plots.labels(frame)
    assert words(ax) == ["2 · 100 %", "1 · 50 %"]
    assert title(ax).startswith("“a” was picked most: 100 % of 2")


def test_missing_answers_are_no_answers():
    ax = plots.labels(answers(["a", None, "a", "b"], options=["a", "b"]))
    assert title(ax).startswith("“a” is the most common answer: 67 % of 3")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([], "There are no answers yet"),
        (["a", "b"], "“a” and “b” are equally common: 50 % of 2 each"),
        (["a", "b", "c"], "3 labels are equally common: 33 % of 3 each"),
    ],
)
def test_ties_and_silence_are_said(values, said):
    assert title(plots.labels(answers(values, options="abc"))).split("\n")[0] == said


def test_a_frame_without_codebook_shows_what_was_answered_the_commonest_first():
    ax = plots.labels(pd.DataFrame({"value": pd.Categorical(["b", "a", "b"])}))
    assert names(ax) == ["b", "a"]
    assert title(ax) == "“b” is the most common answer: 67 % of 3"


def test_the_question_must_be_clear():
    frame = pd.concat([answers("ab"), answers("ab", question="Why?")])
    with pytest.raises(ValueError, match=r"2 questions: 'How\?'; 'Why\?'"):
        plots.labels(frame)
    assert title(plots.labels(frame, question="Why?")).endswith("Why?")
    with pytest.raises(ValueError, match=r"'Who\?'.*Choose from 'How\?'"):
        plots.labels(frame, question="Who?")
    with pytest.raises(ValueError, match="no column 'value'"):
        plots.labels(frame.drop(columns="value"))


@pytest.mark.parametrize("kind", ["text", "file", "number"])
def test_answers_without_labels_are_refused_with_the_way_out(kind):
    with pytest.raises(ValueError, match=r"'How\?' cannot be drawn as labels: .*(categories|classes) first"):
        plots.labels(answers("ab", kind=kind))


def test_thirty_options_do_not_overlap_and_more_are_summed_up():
    many = [f"option {number} with a name that goes on for long" for number in range(30)]
    ax = plots.labels(answers(many * 2, options=many))
    assert len(names(ax)) == 30
    ax.figure.draw_without_rendering()
    boxes = [label.get_window_extent() for label in ax.get_yticklabels()]
    assert all(upper.y0 >= lower.y1 - 1 for upper, lower in pairwise(boxes))
    more = [f"{number}" for number in range(40)]
    ax = plots.labels(answers([*more, "7"], options=more))
    assert (len(names(ax)), names(ax)[-1]) == (30, "11 others together")
    assert "7" in names(ax)
    assert sum(lengths(ax)) == 41


def test_the_rest_is_not_the_most_common_answer():
    ax = plots.labels(answers(["top"] * 200 + [f"label {each}" for each in range(40) for _ in range(20)]))
    assert title(ax).startswith("“top” is the most common answer: 20 % of 1,000")
    assert names(ax)[-1] == "12 others together"
    assert lengths(ax)[-1] == 240
    assert ax.patches[-1].get_facecolor() != ax.patches[0].get_facecolor()


def test_no_answers_to_several_questions_are_said_and_another_thing_than_a_frame_is_refused():
    frame = pd.concat([answers(["a"]), answers(["b"], "Why?")])
    frame.attrs["questions"] = [*answers([]).attrs["questions"], *answers([], "Why?").attrs["questions"]]
    (said,) = words(plots.labels(frame.iloc[:0]))
    assert said == "There are no answers yet."
    with pytest.raises(ValueError, match=r"'Fit\?' is a str, not a table\. Pass the result of run\.responses\(\)"):
        plots.labels("Fit?")


def test_long_words_are_folded_within_the_figure():
    long = "Would you say that " + "the reviewer really " * 20 + "bought it?"
    ax = plots.labels(answers([long] * 2, question=long, options=[long, "no"]), note=long)
    assert tuple(ax.figure.get_size_inches()) == (6, 4)
    ax.figure.draw_without_rendering()
    for text in [ax._left_title, ax.xaxis.label, *ax.get_yticklabels(), *ax.texts]:
        assert text.get_window_extent().x1 <= ax.figure.bbox.x1
        assert text.get_window_extent().x0 >= ax.figure.bbox.x0


@pytest.mark.parametrize("text", ["$\\frac$", "costs $5 or $6", "100 % <b>_x^2</b>"])
def test_text_from_data_is_never_mathematics(text):
    ax = plots.labels(answers([text], question=text, options=[text, "other"]), note=text)
    target = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none"}):
        ax.figure.savefig(target, format="svg")
    assert target.getvalue().count(text.replace("<", "&lt;").replace(">", "&gt;")) >= 4


@pytest.mark.parametrize("backdrop", ["white", "black"])
def test_words_and_bars_stand_out_from_their_background(backdrop):
    ax = plots.labels(answers("aab", options="ab"), ax=Figure(facecolor=backdrop).add_subplot(facecolor="none"))
    texts = [ax._left_title, ax.xaxis.label, *ax.get_xticklabels(), *ax.get_yticklabels(), *ax.texts]
    assert all(contrast(text.get_color(), backdrop) >= 4.5 for text in texts)
    assert all(contrast(bar.get_facecolor(), backdrop) >= 3 for bar in ax.patches)


def test_drawing_on_given_axes_needs_no_pyplot():
    code = (
        "import sys, pandas as pd; from matplotlib.figure import Figure; from prolific_nb import plots\n"
        "plots.labels(pd.DataFrame({'value': ['a']}), ax=Figure().add_subplot())\n"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_blank_labels_are_left_out_and_said():
    ax = plots.labels(answers(["good", "good", "bad", "", " \u200b"]))
    assert sorted(names(ax)) == ["bad", "good"]
    assert "67 % of 3" in title(ax)
    assert "2 blank labels left out" in ax.get_xlabel()
    assert "blank" not in plots.labels(answers(["good"])).get_xlabel()


def test_the_label_in_the_title_is_not_mistaken_for_one_that_begins_alike():
    alike = [f"A rather long label about subject number {place}, in detail" for place in range(9)]
    ax = plots.labels(answers([*alike, alike[4]]))
    assert "4, in detail" in title(ax).replace("\n", " ")


def test_infinite_numbers_and_columns_that_are_there_twice():
    assert set(names(plots.labels(answers([float("inf"), 1.0, 1.0])))) == {"inf", "1"}
    frame = answers(["x"])
    with pytest.raises(ValueError, match="several columns named 'value'"):
        plots.labels(pd.concat([frame, frame[["value"]]], axis=1))


@pytest.mark.parametrize("size", [(6, 4), (4, 4)])
def test_30_long_names_do_not_overlap_on_axes_of_any_size(size):
    ax = Figure(figsize=size, layout="constrained").add_subplot()
    long = [f"A rather long label about subject number {place:02d}, with detail" for place in range(40)]
    plots.labels(answers([each for place, each in enumerate(long) for _ in range(50 - place)]), ax=ax)
    ax.figure.savefig(io.BytesIO(), format="png")
    boxes = sorted((box.y0, box.y1) for box in (label.get_window_extent() for label in ax.get_yticklabels()))
    assert all(one[1] <= other[0] + 1.5 for one, other in pairwise(boxes))
    assert len(set(names(ax))) == 30
    heading = ax._left_title.get_window_extent()
    assert heading.x1 <= ax.figure.bbox.x1 + 2
    assert "of 1,220" in title(ax).replace("\n", " ")
