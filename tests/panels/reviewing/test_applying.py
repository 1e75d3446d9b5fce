"""Applying a review from its panel: nothing twice, nothing above the amount, whatever the server does."""

from __future__ import annotations

from threading import Thread
from typing import Any

import ipywidgets as w
import pytest

from prolific_nb.api import Client
from prolific_nb.sandbox import Fault

from ..find import find, find_all, until
from ..launch_steps import visible
from .test_review_panel import SENTENCE


def pay_elsewhere(at: Any, ident: str, amount: str) -> None:
    """A bonus from another machine."""
    client: Client = at.run.client
    client.bonuses.pay(client.bonuses.create(at.run.study_id, f"{ident},{amount}\n").id)
    until(lambda: at.bonuses().get(ident))


def calls_of_python(text: str) -> list[str]:
    return [words for words in ("proposal.", "run.", "apply(", "max_cost", "settle(") if words in text]


def test_several_clicks_apply_once(reviewing: Any) -> None:
    at = reviewing()
    one, two, *_ = at.awaiting
    at.approve(one)
    at.bonus("0.50", two)
    at.message("Thank you", two)
    at.checked()
    apply = find(at.panel, w.Button, "Apply")
    threads = [Thread(target=apply.click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    at.settled()
    assert at.bonuses() == {two: [50]}
    assert at.acted() == {"payBonuses": 1, "bulkApprove": 1, "sendBulkMessage": 1}
    at.bonus("0.50", two)
    assert "It is not paid twice" in at.checked()
    assert "Total 0.00 GBP" in at.text
    at.apply()
    assert at.bonuses() == {two: [50]}
    assert at.panel.errors == []


@pytest.mark.parametrize("paid", [True, False])
def test_a_payment_without_a_response_waits_for_the_person(paid: bool, reviewing: Any) -> None:
    at = reviewing()
    one, two, *_ = at.awaiting
    at.approve(one)
    at.bonus("0.50", two)
    at.sandbox.faults.add(Fault("payBonuses", "reset"))
    text = at.apply()
    assert "No response arrived to the payment of bonuses" in text
    assert f"submission {two}: 0.50 GBP" in text
    assert calls_of_python(text) == []
    assert visible(at.panel, find(at.panel, w.Button, "They were paid"))
    assert at.statuses()[one] == "APPROVED"
    at.apply()  # nothing is paid until the person has answered
    assert at.bonuses() == {}
    at.click("They were paid" if paid else "They were not paid")
    at.settled()
    assert not visible(at.panel, find(at.panel, w.Button, "They were paid"))
    assert at.bonuses() == {}
    at.apply()
    assert at.bonuses() == ({} if paid else {two: [50]})
    assert at.panel.decisions.value == ()
    assert at.acted()["payBonuses"] == (0 if paid else 1)


def test_a_lost_response_to_a_payment_that_arrived_is_found_out(reviewing: Any) -> None:
    at = reviewing()
    at.bonus("0.50", at.awaiting[0])
    at.sandbox.faults.add(Fault("payBonuses", "lost"))
    at.apply()
    assert at.bonuses() == {at.awaiting[0]: [50]}
    assert at.acted()["payBonuses"] == 1
    assert at.panel.errors == []


def test_what_somebody_else_has_decided_meanwhile_is_reported_before_anything_is_sent(reviewing: Any) -> None:
    at = reviewing()
    one, two, three, *_ = at.awaiting
    at.approve(one, two)
    at.reject(SENTENCE, three)
    at.checked()
    at.run.client.submissions.transition(one, "APPROVE")
    at.run.client.submissions.transition(three, "APPROVE")
    before = at.acted()
    text = at.apply()
    assert "It is APPROVED; reject is possible only while it is AWAITING REVIEW" in text
    assert calls_of_python(text) == []
    assert at.acted() == before
    until(lambda: at.panel._checked is not None)
    assert at.panel._checked.wrong == [three]
    assert not visible(at.panel, find(at.panel, w.Button, "Apply"))
    at.click("Remove what cannot be applied")
    at.apply()
    assert [at.statuses()[each] for each in (one, two, three)] == ["APPROVED"] * 3
    assert at.panel.decisions.value == ()


def test_a_bonus_that_was_paid_elsewhere_is_named_and_repeated_only_with_a_reason(reviewing: Any) -> None:
    at = reviewing()
    one = at.awaiting[0]
    pay_elsewhere(at, one, "0.50")
    at.bonus("0.50", one)
    text = at.checked()
    assert "It has 0.50 GBP as bonuses already" in text
    assert "“Apply” refuses to pay 0.50 GBP once more" in text
    assert calls_of_python(text) == []
    text = at.apply()
    assert "These submissions may have their bonus already" in text
    assert calls_of_python(text) == []
    assert at.bonuses() == {one: [50]}
    reason = find(at.panel, w.Text, "Reason to repeat")
    assert visible(at.panel, reason)
    reason.value = "For the interview"
    at.settled()
    at.apply()
    assert at.bonuses() == {one: [50, 50]}
    assert (reason.value, visible(at.panel, reason)) == ("", False)


def test_live_applies_nothing_without_the_amount_of_these_decisions(reviewing: Any) -> None:
    at = reviewing("LIVE")
    one, two, *_ = at.awaiting
    at.bonus("0.50", one)
    assert "spends 0.75 GBP of real money" in at.checked()
    assert find(at.panel, w.Button, "Apply").button_style == "danger"
    field = find(at.panel, w.Text, "Type the amount to apply")
    assert visible(at.panel, field)
    for typed in ("", "0.50", "yes", "0.75 USD"):
        field.value = typed
        at.click("Apply")
        until(lambda: "Nothing was applied." in at.text)
    field.value = "0.75"
    at.approve(two)  # costs nothing more, but is another list
    at.checked()
    assert field.value == ""
    at.click("Apply")
    until(lambda: "Nothing was applied." in at.text)
    assert at.acted() == {}
    at.apply("0.75")
    assert at.bonuses() == {one: [50]}
    assert at.statuses()[two] == "APPROVED"


def test_the_amount_agreed_to_is_the_cap(reviewing: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    at = reviewing("LIVE")
    at.bonus("0.50", at.awaiting[0])
    at.checked()
    studies = type(at.run.client.studies)
    real = studies.total_cost
    monkeypatch.setattr(studies, "total_cost", lambda *given: real(*given) + 1)
    text = at.apply("0.75")
    assert "The cost is 0.76 GBP, above the amount agreed to, 0.75 GBP." in text
    assert calls_of_python(text) == []
    assert at.bonuses() == {}
    assert len(at.panel.decisions.value) == 1


def test_a_message_whose_response_was_lost_is_not_sent_again(reviewing: Any) -> None:
    at = reviewing()
    one, two, *_ = at.awaiting
    at.message("Thank you", one, two)
    at.sandbox.faults.add(Fault("sendBulkMessage", "lost"))
    text = at.apply()
    assert "No response arrived to the message to 2 participants" in text
    assert at.panel.decisions.value == ()
    assert [each.operation for each in at.sandbox.log].count("sendBulkMessage") == 1
    assert at.panel.errors == []


def test_a_refused_message_stays_in_the_list(reviewing: Any) -> None:
    at = reviewing()
    one, two, *_ = at.awaiting
    at.approve(one)
    at.message("Thank you", two)
    at.sandbox.faults.add(Fault("sendBulkMessage", "refuse", status=429, times=None))
    at.apply()
    assert at.statuses()[one] == "APPROVED"
    assert [each.action for each in at.panel.decisions.value] == ["message"]
    assert len(at.panel.errors) == 1


def test_a_bonus_for_somebody_who_returned_meanwhile_is_left_out_and_said(reviewing: Any) -> None:
    at = reviewing()
    one, two, *_ = at.awaiting
    at.bonus("0.50", one, two)
    at.checked()
    at.run.client.submissions.transition(one, "REJECT", message=SENTENCE, category="OTHER")
    text = at.apply()
    assert "It is REJECTED now and was AWAITING REVIEW when this was proposed" in text
    assert at.bonuses() == {two: [50]}


def test_every_button_is_disabled_while_it_is_applied(reviewing: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    at = reviewing()
    at.approve(at.awaiting[0])
    at.checked()
    seen: list[bool] = []
    real = type(at.run.client.submissions).bulk_approve

    def noting(*given: Any) -> None:
        [apply] = find_all(at.panel, w.Button, "Apply")
        until(lambda: apply.disabled)
        seen.append(apply.disabled)
        real(*given)

    monkeypatch.setattr(type(at.run.client.submissions), "bulk_approve", noting)
    at.apply()
    assert seen == [True]
