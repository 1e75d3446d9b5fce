"""Review: nothing is sent while a finding is an error; bonuses raise actual pay to a rate."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from prolific_nb.api import Record
from prolific_nb.common.money import Money
from prolific_nb.errors import ReviewError, SpendError
from prolific_nb.sandbox import People
from prolific_nb.study.ledger import Ledger
from prolific_nb.study.review.review import bonus_to
from tests.sandbox.flow import Caller

from ..finished_study import MESSAGE, Desk, pay_row, reject_row, study_of

# --- the table --------------------------------------------------------------------------------------------------


def test_the_table_tells_who_took_part_for_which_real_pay(desk: Callable[..., Desk]) -> None:
    at = desk(6, people=People(return_rate=0.4))
    first, second, third, *_ = at.ids
    at.propose({**pay_row(first), "action": "approve"}, reject_row(second)).apply()
    frame = at.frame().set_index("submission_id")
    assert {name: str(kind) for name, kind in frame.drop(columns=["participant_id", "status"]).dtypes.items()} == {
        "started_at": "datetime64[us, UTC]",
        "completed_at": "datetime64[us, UTC]",
        "minutes": "float64",
        "reward_minor": "int64",
        "bonus_minor": "int64",
        "hourly": "float64",
        "return_requested": "datetime64[us, UTC]",
    }
    assert frame.attrs == {"mode": "SANDBOX", "currency": "GBP"}
    minutes = (frame["completed_at"] - frame["started_at"]).dt.total_seconds() / 60
    row = frame.loc[first]
    assert (row["status"], row["reward_minor"], row["bonus_minor"]) == ("APPROVED", 150, 50)
    assert row["hourly"] == pytest.approx(2.00 * 60 / minutes[first])
    assert frame.loc[third, "hourly"] == pytest.approx(1.50 * 60 / minutes[third])
    assert pd.isna(frame.loc[second, "hourly"])  # rejected: nobody pays that
    gave_up = frame[frame["status"] == "RETURNED"]
    assert len(gave_up)
    assert gave_up[["minutes", "hourly"]].isna().all().all()


def test_an_empty_table_has_the_same_columns(desk: Callable[..., Desk]) -> None:
    at = desk(2)
    full = at.frame()
    at.client.submissions.list = lambda *_, **__: iter(())  # type: ignore[method-assign]
    assert at.frame().dtypes.equals(full.dtypes)


def test_bonuses_are_read_one_by_one_where_the_list_does_not_tell_them(desk: Callable[..., Desk]) -> None:
    at = desk(2)
    at.propose(pay_row(at.ids[0], "0.75")).apply()
    whole = at.client.submissions.list

    def shorter(*asked: Any, **more: Any) -> Iterator[Record]:
        for each in whole(*asked, **more):
            yield Record({name: value for name, value in each.items() if name not in ("bonus_payments", "reward")})

    at.client.submissions.list = shorter  # type: ignore[method-assign]
    assert sorted(at.frame()["bonus_minor"]) == [0, 75]
    assert set(at.frame()["reward_minor"]) == {150}


# --- what is wrong ----------------------------------------------------------------------------------------------


def test_everything_wrong_is_said_at_once_and_nothing_is_sent(desk: Callable[..., Desk]) -> None:
    at = desk(5)
    one, two, three, four, five = at.ids
    at.propose({"submission_id": one, "action": "approve"}).apply()
    before = at.acted()
    with pytest.raises(ReviewError) as refused:
        at.propose(
            reject_row(one),
            {"submission_id": two, "action": "reject", "category": "BAD_MOOD", "message": "Too short."},
            {"submission_id": three, "action": "accept"},
            pay_row(four, 0.5),
            pay_row(five, "0.00"),
            pay_row(five, None),
            pay_row("e" * 24, "-1"),
            pay_row("", "1.00 USD"),
        )
    said = [str(each) for each in refused.value.findings]
    expected = [
        f"submission {one}: It is APPROVED; reject is possible only while it is AWAITING REVIEW",
        f"submission {two}, column 'category': 'BAD_MOOD' is not one of Prolific's categories",
        f"submission {two}, column 'message': A rejection needs a message of at least 100 characters; this one has 10",
        f"submission {three}, column 'action': 'accept' is not a valid action",
        f"submission {four}, column 'bonus': 0.5 is a float, not an amount of money. Pass a string",
        f"submission {five}, column 'bonus': The bonus is 0.00 GBP; it must be above 0",
        f"submission {five}, column 'bonus': The action is bonus, but there is no amount",
        f"submission {five}: It appears in 2 rows",
        f"submission {'e' * 24}: Study {at.study_id} has no such submission",
        f"submission {'e' * 24}, column 'bonus': '-1' is not an amount",
        "frame.iloc[7]: The row has no submission ID",
        "frame.iloc[7], column 'bonus': 1.00 USD is not in GBP",
    ]
    assert [words for words in expected if not any(words in each for each in said)] == []
    assert len(said) == len(expected)
    assert at.acted() == before


def test_a_frame_without_its_columns_and_a_submission_of_another_study(desk: Callable[..., Desk]) -> None:
    at = desk(2)
    with pytest.raises(ReviewError, match=r"column 'submission_id': The frame lacks(.|\n)*column 'action'"):
        at.propose({"id": "a", "bonus": "1.00"})
    call = Caller(at.sandbox.url, at.sandbox.token, at.sandbox.workspace_id)
    other = Desk(at.sandbox, at.client, study_of(call, 2))
    with pytest.raises(ReviewError, match=f"belongs to study {other.study_id}, not to {at.study_id}"):
        at.propose({"submission_id": other.ids[0], "action": "approve"})


@pytest.mark.parametrize("amount", ["0.50", "£0.50", "0.5 GBP", Decimal("0.50"), Money(50), Money(50, "GBP")])
def test_a_bonus_is_text_decimal_or_money(desk: Callable[..., Desk], amount: Any) -> None:
    at = desk(1)
    assert list(at.propose(pay_row(at.ids[0], amount)).acts["bonus"]) == ["0.50 GBP"]


@pytest.mark.parametrize("blank", [None, float("nan"), pd.NA, "", "  ", Decimal("NaN")])
def test_what_is_left_empty_asks_for_nothing(desk: Callable[..., Desk], blank: Any) -> None:
    at = desk(1)
    proposal = at.propose({"submission_id": at.ids[0], "action": blank, "bonus": blank, "message": blank})
    assert len(proposal.acts) == 0
    assert proposal.total == Money(0, "GBP")
    proposal.apply()
    assert not at.acted()


# --- what is shown ----------------------------------------------------------------------------------------------


def test_a_proposal_shows_every_act_and_the_total_and_does_nothing(desk: Callable[..., Desk]) -> None:
    at = desk(3)
    one, two, three = at.ids
    rows = [
        {"submission_id": one, "action": "Approve", "bonus": "4.25"},
        {**pay_row(two, "0.50")},
        reject_row(three, bonus="0.10", message="<script>alert(1)</script>" + MESSAGE),
    ]
    proposal = at.propose(*rows)
    text, html = repr(proposal), proposal._repr_html_()
    assert text.startswith("SANDBOX proposal")
    # By hand: 4.25 + 0.50 + 0.10 = 485 pence; the fee 485 x 0.428 = 207.6; VAT 208 x 0.2 = 41.6.
    assert proposal.total == Money(485 + 208 + 42, "GBP")
    for words in (one, two, three, "LOW_EFFORT", "4.25 GBP", "7.35 GBP", "estimated", "reserved already"):
        assert words in text
        assert words in html
    assert "A bonus of 0.10 GBP for a rejected submission" in text
    assert "<script>" not in html
    assert list(proposal.acts["action"]) == ["approve", "", "reject"]
    assert at.propose(*reversed(rows)).id == proposal.id
    assert at.propose(*rows[:2]).id != proposal.id
    assert not at.acted()


def test_columns_that_say_nothing_are_not_shown(desk: Callable[..., Desk]) -> None:
    at = desk(1)
    for shown in (
        repr(proposal := at.propose({**pay_row(at.ids[0]), "action": "approve", "bonus": ""})),
        proposal._repr_html_(),
    ):
        assert at.ids[0] in shown
        assert "category" not in shown
        assert "bonus_had" not in shown


def test_the_mode_is_shown_first(desk: Callable[..., Desk]) -> None:
    at = desk(1, mode="LIVE")
    proposal = at.propose(pay_row(at.ids[0]))
    assert repr(proposal).startswith("LIVE")
    assert "<b" in proposal._repr_html_()
    assert proposal._repr_html_().index("LIVE") < proposal._repr_html_().index("proposal")


# --- doing it ---------------------------------------------------------------------------------------------------


def test_all_is_done_once_however_often_it_is_applied(desk: Callable[..., Desk]) -> None:
    at = desk(4)
    one, two, three, four = at.ids
    rows = [
        {"submission_id": one, "action": "approve", "bonus": "4.25"},
        {"submission_id": two, "action": "approve", "bonus": None},
        reject_row(three),
        pay_row(four, "0.50"),
    ]
    before = at.balance()
    proposal = at.propose(*rows).apply(max_cost="7.19")
    assert at.statuses() == {one: "APPROVED", two: "APPROVED", three: "REJECTED", four: "AWAITING REVIEW"}
    assert at.bonuses() == {one: [425], four: [50]}
    # By hand: 475 pence; the fee 475 x 0.428 = 203.3; VAT 203 x 0.2 = 40.6.
    assert proposal.total == Money(719, "GBP")
    assert "computed by Prolific" in repr(proposal)
    assert "2 bonuses, 4.75 GBP in total" in repr(proposal)
    assert at.balance() == before - 719
    once = {"bulkApprove": 1, "transitionSubmission": 1, "createBonuses": 1, "payBonuses": 1}
    assert at.acted() == once

    proposal.apply(max_cost="7.19")
    again = at.propose(*rows)
    assert again.id == proposal.id
    assert again.total == Money(0, "GBP")
    assert "2 of them already paid" in repr(again)
    again.apply()
    at.propose(*reversed(rows)).apply()
    assert at.acted() == once
    assert at.balance() == before - 719


def test_the_file_has_decimal_major_units(desk: Callable[..., Desk]) -> None:
    at = desk(2)
    one, two = at.ids
    at.propose(pay_row(one, "12.5"), pay_row(two, "0.05")).apply()
    [sent] = [each.body for each in at.sandbox.log if each.operation == "createBonuses"]
    assert sent == {"study_id": at.study_id, "csv_bonuses": f"{one},12.50\n{two},0.05\n"}


def test_live_wants_a_cap_before_anything_happens_and_says_the_figure(desk: Callable[..., Desk]) -> None:
    at = desk(2, mode="LIVE")
    one, two = at.ids
    proposal = at.propose({"submission_id": one, "action": "approve", "bonus": "4.75"}, reject_row(two))
    with pytest.raises(SpendError, match=r'7\.19 GBP(.|\n)*proposal\.apply\(max_cost="7\.19"\)'):
        proposal.apply()
    with pytest.raises(SpendError, match=r"7\.19 GBP, above max_cost 7\.18"):
        proposal.apply(max_cost="7.18")
    assert not at.acted()
    proposal.apply(max_cost="7.19")
    assert at.bonuses() == {one: [475]}


def test_decisions_alone_spend_nothing_new_and_need_no_cap(desk: Callable[..., Desk]) -> None:
    at = desk(2, mode="LIVE")
    one, two = at.ids
    at.propose({"submission_id": one, "action": "approve"}, reject_row(two)).apply()
    assert at.statuses() == {one: "APPROVED", two: "REJECTED"}


def test_the_exact_figure_of_the_files_is_compared_too(desk: Callable[..., Desk]) -> None:
    at = desk(1)
    at.client.studies.total_cost = lambda reward, places: 1  # type: ignore[method-assign]
    with pytest.raises(SpendError, match=r"7\.19 GBP, above max_cost 7\.18"):
        at.propose(pay_row(at.ids[0], "4.75")).apply(max_cost="7.18")
    assert at.acted()["payBonuses"] == 0


def test_more_than_the_balance_is_refused(desk: Callable[..., Desk]) -> None:
    at = desk(1)
    with pytest.raises(SpendError, match="the workspace has"):
        at.propose(pay_row(at.ids[0], "200000")).apply(max_cost="999999")
    assert at.acted()["createBonuses"] == 0


def test_many_go_in_calls_of_a_thousand_and_files_of_two_hundred(desk: Callable[..., Desk]) -> None:
    at = desk(1001)
    rows = [{"submission_id": each, "action": "approve"} for each in at.ids]
    rows[:201] = [{**row, "bonus": "0.10"} for row in rows[:201]]
    at.propose(*rows).apply()
    assert set(at.statuses().values()) - {"RETURNED", "TIMED-OUT"} == {"APPROVED"}
    assert sorted(map(len, at.bonuses().values())) == [1] * 201
    sent = [each for each in at.sandbox.log if each.operation == "bulkApprove"]
    assert [len(each.body["submission_ids"]) for each in sent] == [1000, 1]
    files = [each.body["csv_bonuses"].count("\n") for each in at.sandbox.log if each.operation == "createBonuses"]
    assert files == [200, 1]
    assert at.acted()["payBonuses"] == 2


def test_what_has_changed_since_is_refused_before_anything_is_sent(desk: Callable[..., Desk]) -> None:
    at = desk(2)
    one, two = at.ids
    proposal = at.propose(reject_row(one), {"submission_id": two, "action": "approve", "bonus": "1.00"})
    at.client.submissions.transition(one, "APPROVE")
    before = at.acted()
    with pytest.raises(ReviewError, match=f"{one}: It is APPROVED; reject is possible only"):
        proposal.apply()
    assert at.acted() == before


def test_a_rejection_that_was_taken_back_is_not_repeated_without_a_reason(desk: Callable[..., Desk]) -> None:
    at = desk(1)
    [one] = at.ids
    at.propose(reject_row(one)).apply()
    at.client.submissions.transition(one, "UNREJECT")
    proposal = at.propose(reject_row(one))
    assert "reversed" in str(proposal.findings)
    proposal.apply()
    assert at.statuses() == {one: "AWAITING REVIEW"}
    proposal.apply(again="They did it once more")
    assert at.statuses() == {one: "REJECTED"}


# --- lifting real pay -------------------------------------------------------------------------------------------


def test_bonuses_raise_actual_pay_to_the_rate_and_no_further(desk: Callable[..., Desk]) -> None:
    at = desk(8, people=People(return_rate=0.3))
    first, second, *_ = at.ids
    at.propose(pay_row(first, "0.10"), reject_row(second)).apply()
    frame = at.frame().set_index("submission_id")
    rate = f"{frame['hourly'].median():.2f}"  # some are below it, some above
    proposal = at.bonus_to(rate)
    below = frame[frame["hourly"] < float(rate)]
    assert 0 < len(below) < 7
    assert list(proposal.acts["submission_id"]) == sorted(below.index)
    for row in proposal.acts.itertuples():
        was = below.loc[row.submission_id]
        bonus = Money.parse(row.bonus).minor
        due = Decimal(rate) * 100 * Decimal(str(was["minutes"])) / 60 - int(was["reward_minor"] + was["bonus_minor"])
        assert Decimal("0") <= bonus - due < Decimal("1.000001")
    proposal.apply()
    lifted = at.frame().set_index("submission_id")
    assert (lifted.loc[below.index, "hourly"] >= float(rate) - 1e-9).all()
    others = frame.index.difference(below.index)
    assert lifted.loc[others, "bonus_minor"].equals(frame.loc[others, "bonus_minor"])
    assert len(at.bonus_to(rate).acts) == 0


def test_bonus_to_agrees_with_a_computation_by_hand() -> None:
    """40 minutes at 9.00 are 6.00; paid are 1.50 and 0.25. 7 minutes and 1 second are 1.0525, so 1.06."""

    class Server:
        mode, currency = "SANDBOX", "GBP"

        def list(self, study_id: str) -> Iterator[Record]:
            yield submission("a", "09:40:00", [25])
            yield submission("b", "09:07:01", [])
            yield submission("c", "09:10:00", [])  # 1.50 for ten minutes is the rate already

        def get(self, study_id: str) -> Record:
            return Record(reward=150 if study_id == "s" else 0)

        def total_cost(self, reward: int, places: int) -> int:
            return 0

    def submission(ident: str, end: str, bonuses: list[int]) -> Record:
        day = "2026-01-05T"
        times = {"started_at": f"{day}09:00:00Z", "completed_at": f"{day}{end}Z"}
        reward = 100 if ident == "b" else 150
        return Record(id=ident, participant_id="p", status="APPROVED", reward=reward, bonus_payments=bonuses, **times)

    server: Any = Server()
    server.submissions = server.studies = server
    acts = bonus_to(server, Ledger(), "run", "s", "9.00").acts
    assert dict(zip(acts["submission_id"], acts["bonus"], strict=True)) == {"a": "4.25 GBP", "b": "0.06 GBP"}


def test_bonus_to_is_refused_after_another_bonus_was_paid(desk: Callable[..., Desk]) -> None:
    at = desk(1)
    [one] = at.ids
    stale = at.bonus_to("100.00")
    at.propose(pay_row(one)).apply()
    with pytest.raises(SpendError, match=f"bonuses of {one} have changed"):
        stale.apply()
    assert at.bonuses() == {one: [50]}


@pytest.mark.parametrize(
    ("rate", "error"), [(9.0, TypeError), ("9.00 USD", ValueError), ("much", ValueError), ("0", ReviewError)]
)
def test_an_invalid_rate_is_refused(desk: Callable[..., Desk], rate: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        desk(1).bonus_to(rate)
