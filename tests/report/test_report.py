"""The report: which questions are scored, what the words say, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from prolific_nb.analysis import fleiss_kappa, gwet_ac, krippendorff_alpha, percent_agreement
from prolific_nb.design.codebook import Codebook, Question
from prolific_nb.errors import DataError, ProlificError
from prolific_nb.plots import svg
from prolific_nb.report import agreement

FEEL = Question("How does it feel?", "single", "multiple_choice", ("good", "bad", "mixed"), ("Good", "Bad", "Mixed"), 1)
WHY = Question("Why?", "text", "free_text")
STARS = Question("How many stars?", "scale", "multiple_choice", (1, 2, 3), ("1", "2", "3"), 1)
TOPICS = Question("Which topics?", "many", "multiple_choice", ("a", "b"), ("A", "B"))
PHOTO = Question("A photo?", "file", "file_upload")


COLUMNS = ["question", "coefficient", "value", "low", "high", "n_units", "option", "note"]
DTYPES = ["float64", "float64", "float64", "int64", "object", "object"]


def answers(question, labels, annotators=3):
    """Labels of `annotators` people per unit, unit by unit."""
    n = len(labels)
    return pd.DataFrame(
        {
            "row": [f"r{i // annotators}" for i in range(n)],
            "participant_id": [f"p{i % annotators}" for i in range(n)],
            "question": question,
            "value": labels,
        }
    )


@pytest.fixture
def feel():
    rng = np.random.default_rng(0)
    labels = [x if rng.random() < 0.8 else "mixed" for x in rng.choice(["good", "bad"], 60) for _ in range(3)]
    return answers(FEEL.question, labels)


def row_of(report, coefficient):
    return report.table.set_index("coefficient").loc[coefficient]


def test_the_table_holds_the_coefficients_with_intervals(feel):
    report = agreement(feel, questions=Codebook([FEEL]), draws=300, seed=4)
    assert list(report.table.columns) == COLUMNS
    for function in (percent_agreement, fleiss_kappa, gwet_ac, krippendorff_alpha):
        alone = function(feel, draws=300, seed=4)
        row = row_of(report, alone.name)
        assert row["value"] == pytest.approx(alone.value)
        assert row["low"] == pytest.approx(alone.low, abs=0.02)
        assert row["n_units"] == 60


def test_texts_and_files_are_listed_with_the_reason(feel):
    book = Codebook([FEEL, WHY, PHOTO])
    frame = pd.concat([feel, *(answers(each.question, ["x", "y", "z"]) for each in book[1:])])
    report = agreement(frame, questions=book)
    assert set(report.table["question"]) == {FEEL.question}
    assert list(report.not_scored["kind"]) == ["text", "file"]
    assert report.not_scored["why"].str.contains("no fixed labels").all()
    assert "Why?" in report.words


@pytest.mark.parametrize("form", [Codebook, list, lambda parts: Codebook(parts).to_records()])
def test_codebook_questions_and_records_are_the_same(feel, form):
    first = agreement(feel, questions=Codebook([FEEL]))
    assert agreement(feel, questions=form([FEEL])).table.equals(first.table)
    feel.attrs["questions"] = Codebook([FEEL]).to_records()
    assert agreement(feel).table.equals(first.table)


def test_several_questions_without_a_codebook_are_refused_by_name(feel):
    with pytest.raises(DataError, match=r"'How does it feel\?'; 'Why\?'.*questions=codebook"):
        agreement(pd.concat([feel, answers("Why?", ["x"])]))
    with pytest.raises(DataError, match="no column 'question'"):
        agreement(feel.drop(columns="question"), questions=[FEEL, STARS])


def test_one_question_needs_no_codebook(feel):
    report = agreement(feel)
    assert set(report.table["question"]) == {FEEL.question}
    foreign = feel.rename(columns={"row": "task", "participant_id": "worker", "value": "label"})
    foreign = foreign.drop(columns="question")
    report_2 = agreement(foreign, unit="task", annotator="worker", label="label")
    assert report_2.table["value"].tolist() == report.table["value"].tolist()
    assert set(report_2.table["question"]) == {"label"}


def test_numbers_in_the_frame_are_the_options_of_the_codebook():
    asked = Question("How many?", "single", "multiple_choice", (1, 2), ("1", "2"), 1)
    frame = answers("How many?", [1, 1, 2, 2, 2, 2])
    as_text = frame.assign(value=frame["value"].astype(str))
    as_float = frame.assign(value=frame["value"].astype(float))
    tables = [agreement(each, questions=[asked]).table for each in (frame, as_text, as_float)]
    assert tables[0].equals(tables[1])
    assert tables[0].equals(tables[2])
    assert "not among the options" not in agreement(as_float, questions=[asked]).words


def test_an_answer_that_was_not_offered_is_counted_and_named(feel):
    feel.loc[0, "value"] = "both"
    report = agreement(feel, questions=[FEEL])
    assert "not among the options; they were counted as given: “both”" in report.words
    assert row_of(report, "Fleiss' κ")["value"] == fleiss_kappa(feel).value


def test_empty_answers_are_left_out_and_counted(feel):
    feel.loc[:4, "value"] = None
    words = agreement(feel, questions=[FEEL]).words
    assert "5 rows without a label left out" in words
    assert "175 answers by 3 people on 59 units, 1 of them with a single answer" in words


@pytest.mark.parametrize("labels", [[], [None, None, None]])
def test_no_answers_give_an_undefined_row_and_a_reason(labels):
    report = agreement(answers(FEEL.question, labels), questions=[FEEL])
    assert len(report.table) == 4
    assert report.table["value"].isna().all()
    assert report.table["n_units"].tolist() == [0, 0, 0, 0]
    assert report.table["note"].str.contains("there is no label").all()
    assert "there is no label" in report.words
    assert "has no score" in report.headline
    assert "undefined" in report.plot(Figure().add_subplot()).get_title(loc="left")


def test_an_empty_frame_keeps_columns_and_dtypes(feel):
    empty = feel.iloc[:0]
    empty.attrs["questions"] = Codebook([FEEL, WHY]).to_records()
    report = agreement(empty)
    assert report.table.dtypes.astype(str).tolist()[2:] == DTYPES
    assert len(report.not_scored) == 1
    nothing = agreement(empty, questions=[WHY])
    assert nothing.table.dtypes.astype(str).tolist()[2:] == DTYPES
    assert "no question could be scored" in nothing.headline
    assert "(no scores)" in repr(nothing)


def test_questions_filtered_out_or_unknown_are_listed(feel):
    feel.attrs["questions"] = Codebook([FEEL, TOPICS, STARS]).to_records()
    report = agreement(feel)
    assert report.not_scored["question"].tolist() == [TOPICS.question, STARS.question]
    assert report.not_scored["why"].str.contains("contains no answers").all()
    stray = pd.concat([feel, answers("Stray?", ["x"])])
    assert "codebook does not contain" in agreement(stray, questions=[FEEL]).not_scored["why"].iloc[0]


def test_everything_wrong_with_all_questions_is_said_at_once(feel):
    other = Question("Other?", "single", "multiple_choice", ("x", "y"), ("x", "y"), 1)
    frame = pd.concat([feel, feel.iloc[:1], answers("Other?", ["x", "x"], annotators=1).assign(row="r0")])
    with pytest.raises(DataError) as caught:
        agreement(frame, questions=[FEEL, other])
    assert [finding.place for finding in caught.value.findings] == [
        f"question {q!r}" for q in (FEEL.question, "Other?")
    ]
    with pytest.raises(DataError, match="no column 'worker'") as caught:
        agreement(frame, questions=[FEEL, other], annotator="worker")
    assert len(caught.value.findings) == 1
    with pytest.raises(DataError, match="no column 'label'"):
        agreement(frame, questions=[FEEL, other], label="label")


def test_words_explain_a_gap_between_percent_agreement_and_alpha():
    rare = ["good"] * 285 + ["bad", "good", "good"] * 5
    words = agreement(answers("Q", rare)).words
    assert "Percent agreement and α differ because 98 % of the answers are “good”" in words


def test_words_distinguish_chance_from_less_than_chance(feel):
    by_chance = np.random.default_rng(1).permutation(feel["value"])
    assert "not distinguishable from chance" in agreement(feel.assign(value=by_chance)).words
    assert "disagree more than expected by chance" in agreement(answers("Q", ["x", "y"] * 40, annotators=2)).words


def test_words_explain_alpha_and_what_the_interval_speaks_of(feel):
    report = agreement(feel)
    share = row_of(report, "Krippendorff's α (nominal)")["value"]
    assert f"observed disagreement is {100 * share:.0f} % lower than expected by chance" in report.words
    assert "not with other annotators" in report.words
    assert "α differ" not in report.words
    assert "wide" in agreement(feel.iloc[:30]).words


def test_headline_is_one_line_about_the_lowest_question(feel):
    worse = feel.assign(question="Worse?", value=np.random.default_rng(1).permutation(feel["value"]))
    book = [FEEL, Question("Worse?", "single", "multiple_choice", FEEL.options, FEEL.labels, 1)]
    headline = agreement(pd.concat([feel, worse]), questions=book).headline
    assert "lowest on “Worse?”" in headline
    assert "\n" not in headline


def test_simulated_people_are_named_everywhere(feel):
    feel.attrs["mode"] = "SANDBOX"
    report = agreement(feel)
    assert report.words.startswith("SANDBOX")
    assert report.headline.startswith("Simulated people")
    assert repr(report).startswith("SANDBOX")
    assert "SANDBOX" in report.plot(Figure().add_subplot()).get_xlabel()
    feel.attrs["mode"] = "LIVE"
    live = agreement(feel)
    assert "SANDBOX" not in repr(live) + live.headline + live.plot(Figure().add_subplot()).get_xlabel()


def test_title_and_palette_of_the_plot_can_be_given(feel):
    report = agreement(feel)
    assert report.plot(Figure().add_subplot(), title="Agreement").get_title(loc="left") == "Agreement"
    assert report.plot(Figure().add_subplot(), title=None).get_title(loc="left") == ""
    own = svg(report.plot(Figure().add_subplot(), palette="#7a0177")).lower()
    assert "#7a0177" in own
    assert "#0072b2" not in own


def test_repr_and_html_hold_table_and_words_and_html_is_escaped():
    report = agreement(answers("<script>alert(1)</script>", ["<b>x</b>", "y", "y"] * 10))
    assert "Krippendorff's α (nominal)" in repr(report)
    assert report.words in repr(report)
    html = report._repr_html_()
    assert "<script>" not in html
    assert "<b>x" not in html
    assert "&lt;script&gt;" in html


def test_control_and_bidi_characters_are_shown_escaped():
    report = agreement(answers("How\u202e?\x1b[2J", ["x", "y", "y"] * 10))
    for shown in (repr(report), report._repr_html_()):
        assert r"How\u202e?\x1b[2J" in shown
        assert not {"\u202e", "\x1b"} & set(shown)


def test_same_seed_same_table(feel):
    assert agreement(feel, seed=3).table.equals(agreement(feel, seed=3).table)
    assert not agreement(feel, seed=3).table.equals(agreement(feel, seed=4).table)


def test_a_question_can_be_named_by_its_text(feel):
    other = answers(STARS.question, [1, 2, 2] * 20)
    both = pd.concat([feel, other], ignore_index=True)
    both.attrs["questions"] = Codebook([FEEL, STARS]).to_records()
    one, whole = agreement(both, questions=STARS.question, draws=20), agreement(both, draws=20)
    mine = whole.table[whole.table["question"] == STARS.question].reset_index(drop=True)
    pd.testing.assert_frame_equal(one.table, mine)
    assert one.not_scored.empty
    with pytest.raises(LookupError, match=r"There is no question 'How many star\?'. Did you mean 'How many stars\?'"):
        agreement(both, questions="How many star?", draws=20)


def test_a_question_without_a_codebook_can_be_named_by_its_text_too(feel):
    both = pd.concat([feel, answers("Other?", list("xyx") * 5)], ignore_index=True)
    one = agreement(both, questions=FEEL.question, draws=20)
    pd.testing.assert_frame_equal(one.table, agreement(feel, draws=20).table)
    with pytest.raises(ProlificError, match=r"no question 'Othr\?'. Did you mean 'Other\?'"):
        agreement(both, questions="Othr?")


@pytest.mark.parametrize("word", ["nan", "inf", "-Infinity"])
def test_words_that_python_reads_as_numbers_have_no_place_on_a_scale(word):
    frame = answers(STARS.question, ["1", word, "2", "1", "3", "3"] * 5)
    words = agreement(frame, questions=Codebook([STARS]), draws=10).words
    assert f"left out, because they have no position on it: “{word}”" in words
