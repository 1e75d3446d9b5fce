"""Which rows are disputed, in which order, and what people said beside their answers."""

from __future__ import annotations

import pytest

from prolific_nb.panels.judging.chosen_disputes import Choice, chosen, pairs
from prolific_nb.panels.judging.disputes import Disputes, disputes_of

from .tables import BOOK, HOW, answers, votes

VOTES = votes(r1="ggb", r2="ggg", r3="gbm", r4="gb", r5="mb", r6="g")


def rows(disputes: Disputes, choice: Choice = Choice(), decided: object = ()) -> list[str]:  # noqa: B008
    return [each.row for each in chosen(disputes, choice, decided)]  # type: ignore[arg-type]


def test_disputed_rows_come_worst_first_and_ties_keep_their_order() -> None:
    disputes = disputes_of(answers(VOTES), BOOK)
    assert rows(disputes) == ["r3", "r4", "r5", "r1"]
    assert {each.row: round(each.agreement, 2) for each in disputes.all} == {"r1": 0.33, "r3": 0, "r4": 0, "r5": 0}
    assert disputes.questions == (HOW,)


def test_scales_and_numbers_are_sorted_by_spread_and_numbers_come_last() -> None:
    frame = answers(
        [
            *[("near", f"p{n}", "Sure?", value) for n, value in enumerate("123")],
            *[("far", f"p{n}", "Sure?", value) for n, value in enumerate("044")],
            *[("light", f"p{n}", "Heavy?", value) for n, value in enumerate(("5", "6"))],
            *[("heavy", f"p{n}", "Heavy?", value) for n, value in enumerate(("5", "900"))],
            *votes(agreed="ggb"),
        ]
    )
    disputes = disputes_of(frame, BOOK)
    assert rows(disputes, Choice("Sure?")) == ["far", "near"]
    assert rows(disputes, Choice("Heavy?")) == ["heavy", "light"]
    assert rows(disputes) == ["near", "agreed", "far", "heavy", "light"]


def test_sets_are_compared_whole_and_an_empty_one_is_an_answer() -> None:
    frame = answers(
        [
            *[("same", person, "What?", ["price", "quality"]) for person in "ab"],
            ("r1", "a", "What?", ["price", "quality"]),
            ("r1", "b", "What?", []),
        ]
    )
    [dispute] = disputes_of(frame, BOOK).all
    assert (dispute.row, set(dispute.labels)) == ("r1", {"Price + Quality", "nothing"})


def test_words_are_the_explanation_and_the_persons_texts_about_the_row() -> None:
    frame = answers(
        [
            ("r1", "a", "How?", "good", {"explanation": "It says so."}),
            ("r1", "a", "Why?", "The tone."),
            ("r1", "b", "How?", "bad", {"seconds": 12.0}),
            ("r1", "b", "Why?", "Irony."),
            ("r2", "b", "Why?", "Another row."),
        ]
    )
    disputes = disputes_of(frame, BOOK)
    first, second = disputes.about("How?")[0].answers
    assert first.words == (("", "It says so."), ("Why?", "The tone."))
    assert (second.words, second.seconds, first.seconds) == ((("Why?", "Irony."),), 12.0, None)
    assert [each.words for each in disputes.about("Why?")[0].answers] == [(), ()]
    assert [each.asked.question for each in disputes.about("")] == ["How?"]  # texts differ nearly always


def test_answers_without_a_row_and_files_are_left_out() -> None:
    lines = [
        (None, "a", "How?", "good"),
        (None, "b", "How?", "bad"),
        ("r1", "a", "Gone?", "x"),
        ("r1", "b", "Gone?", "y"),
    ]
    disputes = disputes_of(answers(lines), BOOK)
    assert (disputes.all, disputes.without_row) == ((), 2)


# --- choosing ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (Choice(pair=("Bad", "Good")), ["r3", "r4", "r1"]),
        (Choice(pair=("Mixed", "Bad")), ["r3", "r5"]),
        (Choice(ties=True), ["r3", "r4", "r5"]),
        (Choice(undecided=True), ["r4", "r5", "r1"]),
        (Choice(column="site", cell="a"), ["r3", "r1"]),
        (Choice("How?", ("Good", "Bad"), "site", "b", ties=True, undecided=True), ["r4"]),
        (Choice("Why?"), []),
    ],
)
def test_choices_are_combined(choice: Choice, expected: list[str]) -> None:
    cells = {
        row: {"site": "a" if row in ("r1", "r3") else "b", "id": row} for row in ("r1", "r2", "r3", "r4", "r5", "r6")
    }
    disputes = disputes_of(answers(VOTES, cells), BOOK)
    assert rows(disputes, choice, {("r3", "How?")}) == expected
    assert disputes.columns == {"site": ["a", "b"]}  # `id` differs on every row


def test_pairs_of_labels_are_counted_the_most_frequent_first() -> None:
    disputes = disputes_of(answers(votes(r1="gb", r2="gm", r3="gbm")), BOOK)
    found = list(pairs(disputes, "How?").items())
    assert found == [(("Good", "Bad"), 2), (("Good", "Mixed"), 2), (("Bad", "Mixed"), 1)]
    assert list(pairs(disputes_of(answers(votes(r1="gm", r2="gb", r3="gb")), BOOK), "")) == [
        ("Good", "Bad"),
        ("Good", "Mixed"),
    ]
