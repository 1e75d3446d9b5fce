"""Review in plain Python: the table, collecting decisions, code, card, closing."""

from __future__ import annotations

import json
from typing import Any

import ipywidgets as w
import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.common.progress import silent
from prolific_nb.panels.kit.step_status import StepStatus
from prolific_nb.panels.reviewing.review_panel import Review
from prolific_nb.sandbox import People

from ...conftest import DESIGN, PLAN
from ..find import everything, find, find_all, models, parsed, sent, shown, until

NASTY = "<img src=x onerror=alert(1)><script>alert(2)</script>"
SENTENCE = "All of your answers are the first option, and each was given within one second of the page being shown."

# --- the table ------------------------------------------------------------------------------------------------------


def test_without_a_study_it_says_so() -> None:
    panel = Review()
    assert "No study yet. Create a draft first." in shown(panel)
    assert panel.status.value.state == "to do"
    assert panel.code().startswith("import prolific_nb as pnb")
    panel.close()


@pytest.mark.parametrize("answer_times", ["per_submission", "per_answer"])
def test_the_table_shows_the_figures_of_each_submission(answer_times: str, reviewing: Any) -> None:
    at = reviewing(answer_times=answer_times)
    frame = at.run.submissions().set_index("submission_id")
    rows = {row["id"]: row for row in at.panel.table.rows}
    assert set(rows) == set(frame.index)
    for each in at.awaiting:
        assert rows[each]["minutes"] == pytest.approx(frame.loc[each, "minutes"])
        assert rows[each]["hourly"] == pytest.approx(frame.loc[each, "hourly"])
        assert (rows[each]["answers"], rows[each]["bonus"]) == (12, 0)
        assert (rows[each]["seconds"] is None) == (answer_times == "per_submission")
    seconds = next(column for column in at.panel.table.columns if column["key"] == "seconds")
    assert seconds["missing"] == "not known"
    assert at.panel.errors == []


def test_more_columns_can_be_given(reviewing: Any) -> None:
    at = reviewing()
    mild = "<b>why</b>"
    flags = pd.DataFrame({"submission_id": at.awaiting[:2], mild: ["too quick", None], "score": [0.5, float("nan")]})
    at.panel.extra.set(flags)
    assert [column["label"] for column in at.panel.table.columns][-2:] == [mild, "score"]
    rows = {row["id"]: row for row in at.panel.table.rows}
    assert rows[at.awaiting[0]][f"extra {mild}"] == "too quick"
    assert [rows[each]["extra score"] for each in at.awaiting[:3]] == [0.5, None, None]
    json.dumps(at.panel.table.rows, allow_nan=False)


# --- collecting -----------------------------------------------------------------------------------------------------


def test_nothing_is_sent_before_it_is_applied_and_the_step_says_how_far_it_is(reviewing: Any) -> None:
    at = reviewing()
    total = len(at.panel.table.rows)
    assert at.panel.status.value == StepStatus("to do", f"12 of {total} submissions awaiting review")
    one, two, *others = at.awaiting
    at.reject(SENTENCE, one)
    at.bonus("0.50", two)
    at.panel.select(row["id"] for row in at.panel.table.rows)
    at.click("Approve")
    assert f"; {total - 11} left out: not awaiting review, or to be rejected" in at.checked()
    assert at.panel.table.marks == {one: "reject", two: "bonus 0.50, approve", **dict.fromkeys(others, "approve")}
    assert "Approvals 11" in at.text
    assert "Rejections 1" in at.text
    assert "Bonuses 1, 0.50 GBP still to be paid" in at.text
    assert "Total 0.75 GBP. This is also the cap" in at.text
    assert at.panel.status.value == StepStatus("needs attention", "13 decisions not applied yet")
    assert at.acted() == {}
    at.apply()
    assert at.statuses() | dict.fromkeys((two, *others), "APPROVED") | {one: "REJECTED"} == at.statuses()
    assert at.bonuses() == {two: [50]}
    until(lambda: at.panel.status.value == StepStatus("done", f"0 of {total} submissions awaiting review"))
    assert at.panel.errors == []


def test_without_a_selection_all_that_await_review_are_approved(reviewing: Any) -> None:
    at = reviewing()
    one, *others = at.awaiting
    at.reject(SENTENCE, one)
    at.click("Approve all 11")
    assert at.panel.table.marks == {one: "reject", **dict.fromkeys(others, "approve")}
    at.panel.select([one])
    at.click("Approve")
    assert "an approval replaces no rejection in the list" in at.text


def test_the_button_to_press_next_is_highlighted(reviewing: Any) -> None:
    at = reviewing()

    def lit() -> list[str]:
        return [each.description for each in find_all(at.panel, w.Button) if each.button_style == "primary"]

    assert lit() == ["Approve all 12"]
    at.panel.select(at.awaiting[:1])
    assert lit() == ["Approve"]
    at.form("Reject…")
    assert lit() == ["Add rejections"]
    at.reject(SENTENCE, at.awaiting[0])
    assert lit() == ["Apply"]


def test_an_act_without_a_selection_says_what_to_do(reviewing: Any) -> None:
    at = reviewing(people=People(return_rate=0.4))
    for act in ("Clear decisions", "Add rejections"):
        at.click(act)
        assert "No submission is selected." in at.text
        at.panel.forms.refuse("")
    at.panel.select([next(row["id"] for row in at.panel.table.rows if row["status"] != "AWAITING REVIEW")])
    at.click("Approve")
    assert "None can be approved: a selected submission must await review" in at.text
    assert at.panel.decisions.value == ()
    assert at.panel.errors == []


def test_a_click_counts_for_what_is_typed_and_selected_once_that_has_arrived(reviewing: Any) -> None:
    at = reviewing()
    one, two, *_ = at.awaiting
    at.panel._settled._later._pause = 0.3
    at.panel.select([one])
    at.form("Bonus…")
    find(at.panel, w.Text, "Amount").value = "1"
    find(at.panel, w.Button, "Add bonuses").click()
    find(at.panel, w.Text, "Amount").value = "10.50"  # typed before the click, and overtaken by it
    at.panel.select([one, two])
    until(lambda: at.panel.decisions.value)
    assert at.panel.decisions.value[0].details == ((one, "10.50"), (two, "10.50"))


def test_decisions_are_undone_redone_and_removed(reviewing: Any) -> None:
    at = reviewing()
    one, two, *_ = at.awaiting
    at.approve(one, two)
    at.reject(SENTENCE, two)
    assert at.panel.table.marks == {one: "approve", two: "reject"}
    at.click("Undo")
    assert at.panel.table.marks == {one: "approve", two: "approve"}
    at.panel.redo()
    at.panel.select([one])
    at.click("Clear decisions")
    assert at.panel.table.marks == {two: "reject"}
    find(at.panel, w.Select).value = 0
    at.click("Remove")
    assert at.panel.decisions.value == ()
    at.click("Undo")
    at.apply()
    at.panel.undo()  # what was applied cannot be taken back
    assert at.panel.decisions.value == ()
    assert at.statuses()[two] == "REJECTED"


def test_a_rejection_needs_a_finished_sentence_of_100_characters(reviewing: Any) -> None:
    at = reviewing()
    one, two, *_ = at.awaiting
    at.reject(f"  {SENTENCE[:99]}  ", one)
    assert "at least 100 characters, and the sentence has 99" in at.text
    assert "99 characters of at least 100: 1 more needed." in at.text
    find(at.panel, w.Dropdown, "Category").value = "FAILED_CHECK"
    assert find(at.panel, w.Textarea, "Sentence to the participant").value.strip() == SENTENCE[:99]  # as edited
    at.reject("You answered [number of checks] of the attention checks wrongly. " * 2, one)
    assert "still has blanks: [number of checks]." in at.text
    assert at.panel.decisions.value == ()
    at.reject("You took [minutes] minutes for [answers] answers; the median is [median]. " + SENTENCE, one, two)
    [decision] = at.panel.decisions.value
    minutes = at.run.submissions().set_index("submission_id")["minutes"]
    median = f"{minutes.median():.1f}"
    assert decision.category == "FAILED_CHECK"
    for each, sentence in decision.details:
        assert sentence.startswith(f"You took {minutes[each]:.1f} minutes for 12 answers; the median is {median}. All")


def test_the_minutes_must_fit_the_category(reviewing: Any) -> None:
    at = reviewing()
    minutes = at.run.submissions().set_index("submission_id")["minutes"]
    at.panel.select([minutes.idxmin(), minutes.idxmax()])
    at.form("Reject…")
    assert "Check this: 1 of the selected 2 were slower than the median." in at.text


def test_a_bonus_needs_an_amount(reviewing: Any) -> None:
    at = reviewing()
    for typed, why in (("", "no amount"), ("1.5 pounds", "'1.5 pounds' is not"), ("0.00", "above 0"), ("1 USD", "not")):
        at.bonus(typed, at.awaiting[0])
        assert why in at.text
        assert at.panel.decisions.value == ()
    assert at.panel.errors == []


def test_pay_is_lifted_for_those_who_are_not_rejected(reviewing: Any) -> None:
    at = reviewing()
    wanted = at.run.bonus_to("40.00").acts.set_index("submission_id")["bonus"]
    one, *others = at.awaiting
    at.reject(SENTENCE, one)
    at.panel.select(at.awaiting)
    at.form("Bonus…")
    find(at.panel, w.Dropdown, "Bonus").value = "Up to an hourly pay"
    find(at.panel, w.Text, "Pay per hour").value = "40.00"
    at.click("Add bonuses")
    until(lambda: len(at.panel.decisions.value) == 2)
    bonuses = {each: f"{amount} GBP" for each, amount in at.panel.decisions.value[1].details}
    assert bonuses == {each: wanted[each] for each in others}
    at.apply()
    hourly = at.run.submissions().set_index("submission_id")["hourly"]
    assert all(40 <= hourly[each] < 40.2 for each in others)


# --- code, card, other texts, closing ---------------------------------------------------------------------------------


def test_the_code_does_the_same_and_nothing_twice(reviewing: Any) -> None:
    at = reviewing()
    one, two, three, *_ = at.awaiting
    tricky = f'{SENTENCE} =1+1 "quoted" \\ {NASTY}'
    at.approve(one)
    at.reject(tricky, two)
    at.bonus("0.50", one, three)
    at.message("Thank you", one)
    at.checked()
    program = at.panel.code()
    assert 'proposal.apply(max_cost="1.' in program
    assert "live=True" not in program
    opening = at.run.to_code()
    assert program.startswith(opening)
    names = {"run": at.run, "client": at.run.client}
    exec(program.removeprefix(opening), names)
    assert (at.statuses()[one], at.statuses()[two]) == ("APPROVED", "REJECTED")
    assert at.bonuses() == {one: [50], three: [50]}
    before = at.acted()
    at.apply()
    exec(at.panel.code().removeprefix(opening), names)
    assert at.acted() - before == {"sendBulkMessage": 1}  # by the panel
    assert at.bonuses() == {one: [50], three: [50]}
    assert "# client.messages.send_to_all(" in at.panel.code()
    assert "Approve 1 submission" in parsed(at.panel.static_card())[2]


def test_text_from_outside_is_escaped(reviewing: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    at = reviewing()
    whole = at.run.client.submissions.list

    def hostile(*asked: Any, **more: Any) -> Any:
        return (type(each)({**each, "participant_id": f"{NASTY}{each.id}"}) for each in whole(*asked, **more))

    monkeypatch.setattr(at.run.client.submissions, "list", hostile)
    at.click("Reload")
    at.settled()
    one, two, *_ = at.awaiting
    at.reject(f"{NASTY} {SENTENCE}", one)
    at.message(NASTY, two)
    find(at.panel, w.ToggleButton, "Every decision in full").value = True
    at.checked()
    html = shown(at.panel).split("</style>", 1)[-1]
    tags, attributes, said = parsed(html + at.panel.static_card())
    assert not {"script", "img"} & tags
    assert not [name for name in attributes if name.startswith("on")]
    assert said.count(NASTY) >= 3
    assert at.panel.table.rows[0]["participant_id"].startswith(NASTY)  # data of the table, written there as text
    assert at.panel.errors == []


def test_no_token_is_sent_to_the_browser(reviewing: Any) -> None:
    at = reviewing()
    at.approve(at.awaiting[0])
    at.checked()
    assert at.sandbox.token not in sent(at.panel) + at.panel.code() + at.panel.static_card()


def test_another_run_starts_anew(reviewing: Any) -> None:
    first, other = reviewing(), reviewing()
    first.approve(first.awaiting[0])
    first.panel.held.set(other.run)
    until(lambda: {row["id"] for row in first.panel.table.rows} == {row["id"] for row in other.panel.table.rows})
    assert first.panel.decisions.value == ()
    assert not first.panel.decisions.can_undo
    first.panel.held.set(None)
    assert "No study yet" in first.text


def test_closing_leaves_nothing_behind_and_edits_add_no_widgets(reviewing: Any) -> None:
    at = reviewing()
    at.panel.close()
    before = models()
    panel = Review(at.run)
    until(lambda: panel._seen is not None and not panel._jobs)
    at.panel = panel
    until(lambda: at.awaiting)  # its rows arrive after the first look
    at.approve(at.awaiting[0])
    at.checked()
    while_used = len(list(everything(panel.box)))
    for number in range(20):
        at.bonus(f"0.{number + 10}", at.awaiting[number % 12])
    at.checked()
    assert len(list(everything(panel.box))) == while_used
    panel.close()
    assert models() == before
    assert (panel.held.listeners, panel.client.listeners) == (0, 0)


def test_a_run_without_submissions_has_nothing_to_review(sandboxed: Any) -> None:
    run = pnb.launch(sandboxed(seed=6999), pnb.read_data(pnb.sample_data().head(24)), DESIGN, PLAN, on_progress=silent)
    panel = Review(run)
    until(lambda: "No submissions yet." in shown(panel))
    until(lambda: not panel._jobs)
    assert panel.status.value == StepStatus("to do", "No submissions yet")
    assert panel.errors == []
    panel.close()
