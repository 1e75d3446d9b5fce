"""Gold rows beside a design and a plan: what can be scored and spread, and what a quote says about them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.errors import DataError
from prolific_nb.study.gold.gold_check import check_gold, check_update, with_gold_answers

from ...conftest import Connect

SAMPLE = pnb.sample_data().frame
OWN = pnb.read_data(SAMPLE.head(12)[["product", "review"]])
DESIGN = (
    pnb.Design("Reviews")
    .show("review")
    .choose("How?", {"g": "Good one", "b": "Bad one"})
    .rate("How much?", [1, 2, 3])
    .choose_many("Which?", ["a", "b"])
    .write("Why?")
)
PLAN = pnb.StudyPlan("Reviews", reward="1.50", minutes=6, tasks_per_group=4)


def gold(count: int = 4, answers: Any = None, per_group: int = 1, **columns: list[Any]) -> pnb.Dataset:
    frame = SAMPLE.tail(count)[["review"]].assign(how=["g", "Bad one", "b", "g"][:count], much=1).assign(**columns)
    return OWN.with_gold(frame, answers=answers or {"How?": "how", "How much?": "much"}, per_group=per_group)


def whats(data: pnb.Dataset, plan: pnb.StudyPlan = PLAN, design: pnb.Design = DESIGN) -> list[str]:
    return [str(finding) for finding in check_gold(data, design, plan)]


def test_right_answers_are_values_or_labels_of_options() -> None:
    data = gold()
    assert whats(data) == []
    book = with_gold_answers(DESIGN.codebook(), data, 4)
    assert sorted({value for _, value in book[0].gold}) == ["b", "g"]
    assert {value for _, value in book[1].gold} == {"1"}
    assert len({key for key, _ in book[0].gold}) == 4
    assert with_gold_answers(book, data, 4) == book
    assert [each.gold for each in book[2:]] == [(), ()]


def test_answers_that_cannot_be_right_are_findings() -> None:
    data = gold(how=["g", "god", "x", "b"], which=["a"] * 4)
    answers = {"How?": "how", "Hwo?": "how", "Which?": "which", "Why?": "which"}
    frame = SAMPLE.tail(4)[["review"]].assign(how=["g", "Good oen", "x", "b"], which="a")
    data = OWN.with_gold(frame, answers=answers)
    assert whats(data) == [
        "error, gold rows, row 3, column 'how': 2 right answers not an option of 'How?': 'Good oen', 'x' (rows 3, 4). "
        "Did you mean 'Good one'?",
        "error, gold rows: There is no question 'Hwo?'. Did you mean 'How?' or 'How much?'? Use the question's text in "
        "answers=.",
        "error, gold rows, column 'which': Answers to 'Which?' have no single right option, so gold rows cannot score "
        "them. Leave the question out of answers=.",
        "error, gold rows, column 'which': Answers to 'Why?' have no single right option, so gold rows cannot score "
        "them. Leave the question out of answers=.",
    ]


def test_shown_columns_need_to_be_in_gold_rows() -> None:
    both = DESIGN.show("product")
    assert "the gold rows do not have it. Add it to the gold rows." in whats(gold(), design=both)[0]
    frame = SAMPLE.tail(4)[["review", "sentiment"]]
    with_truth = pnb.read_data(SAMPLE.head(12)).with_gold(frame, answers={"How?": "sentiment"})
    found = whats(
        with_truth, design=pnb.Design("R").show("review").show("sentiment").choose("How?", ["good", "bad", "mixed"])
    )
    assert "Put the right answers into a column of another name." in found[0]
    blank = gold(review=["one of the reviews", " ", "another of them", "the last of them"])
    assert whats(blank)[0].startswith("error, gold rows, row 3: 1 gold row would show participants nothing: row 3.")
    same = OWN.with_gold(OWN.frame.head(2).assign(product="other", how="g"), answers={"How?": "how"})
    assert "warning, gold rows, row 2: 2 gold rows also in the data: rows 2, 3" in " ".join(whats(same))


def test_nobody_can_meet_a_gold_row_twice() -> None:
    several = replace(PLAN, max_submissions=2)
    assert whats(gold(), several) == []  # 4 groups of 3 rows, and 4 gold rows
    [finding] = whats(gold(3), several)
    assert finding == (
        "error, gold rows: 4 gold rows are needed and there are 3, so some stand in several task groups, and with "
        "max_submissions=2 one participant could meet them twice. Add 1 gold row, or pass max_submissions=1."
    )
    assert whats(gold(3), replace(PLAN, max_submissions=-1)) == [finding.replace("=2", "=-1")]
    assert whats(gold(3)) == []


def test_what_cannot_be_spread_is_a_finding() -> None:
    assert "leave no task for the data" in whats(gold(per_group=4))[0]
    assert whats(gold(), replace(PLAN, tasks_per_group=20)) == [
        "note, gold rows: 1 of 4 gold rows are used: each task group has 1. Raise per_group to use more of them."
    ]
    reserved = pnb.read_data(SAMPLE.head(4).assign(pnb_group="x")[["review", "pnb_group"]])
    frame = SAMPLE.tail(1)[["review"]].assign(how="g")
    wide = pnb.read_data(SAMPLE.head(4)[["review"]].assign(**{f"c{n}": "x" for n in range(198)}))
    assert "more than 200 columns" in whats(wide.with_gold(frame, answers={"How?": "how"}))[-1]
    assert "reserved" in whats(reserved.with_gold(frame, answers={"How?": "how"}))[0]


def test_a_draft_keeps_the_number_of_submissions_that_its_gold_rows_allow() -> None:
    repeated, once = gold(3), gold(4)
    book = with_gold_answers(DESIGN.codebook(), repeated, 4)
    [finding] = check_update(repeated, book, PLAN, {"max_submissions": 3})
    assert finding.place == "max_submissions"
    assert len(check_update(None, book, PLAN, {"max_submissions": -1})) == 1
    assert list(check_update(once, book, PLAN, {"max_submissions": 3})) == []
    assert list(check_update(repeated, book, PLAN, {"minutes": 3})) == []
    assert list(check_update(OWN, DESIGN.codebook(), PLAN, {"max_submissions": 3})) == []


def test_a_quote_counts_gold_rows_and_what_they_cost(sandboxed: Connect) -> None:
    client = sandboxed(truth=None)
    plain, known = pnb.quote(client, OWN, DESIGN, PLAN), pnb.quote(client, gold(), DESIGN, PLAN)
    assert (plain.tasks, plain.gold, plain.groups, plain.places) == (12, 0, 3, 9)
    assert (known.tasks, known.gold, known.groups, known.places) == (16, 4, 4, 12)
    assert known.total > plain.total
    assert "12 rows and 4 gold rows in 4 groups" in str(known)
    assert "gold" not in str(plain)
    assert list(pnb.quote(client, gold(per_group=4), DESIGN, PLAN).findings.errors) != []


def test_a_launch_refuses_what_is_wrong_with_gold_rows(sandboxed: Connect) -> None:
    client = sandboxed(truth=None)
    with pytest.raises(DataError, match="not an option of 'How\\?'"):
        pnb.launch(client, gold(how=["g", "god", "b", "b"]), DESIGN, PLAN)
    assert list(client.studies.list()) == []


def test_a_frame_without_gold_rows_changes_nothing() -> None:
    assert check_gold(pnb.read_data(pd.DataFrame({"review": ["x"]})), DESIGN, PLAN) == check_gold(OWN, DESIGN, PLAN)
    assert with_gold_answers(DESIGN.codebook(), None, 4) == DESIGN.codebook()
