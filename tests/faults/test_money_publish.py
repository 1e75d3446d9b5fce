"""Hostile situations around publishing and places: other machines, other currencies, servers with second thoughts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import prolific_nb as pnb
from prolific_nb.api import Client
from prolific_nb.common.money import Money
from prolific_nb.errors import InputError, ProlificError, SpendError
from prolific_nb.sandbox import Fault, Sandbox
from prolific_nb.study.ledger import Ledger
from prolific_nb.study.spend.publish import publish

from .machines import (
    COST,
    DATA,
    DESIGN,
    PLAN,
    FakeServer,
    acted,
    draft,
    finished,
    live,
    machine,
    states,
    true_cost,
)

Box = Callable[..., Sandbox]
SLOW = 60.0  # sandbox seconds a second: a published study stays ACTIVE while a test looks


@pytest.fixture
def box() -> Iterator[Box]:
    made: list[Sandbox] = []

    def make(**options: Any) -> Sandbox:
        made.append(Sandbox(**{"speed": 20_000, "truth": "sentiment", **options}))
        return made[-1]

    yield make
    for each in made:
        each.close()


# --- places: the same number wherever it runs -------------------------------------------------------------------------


def test_relative_annotators_in_four_fresh_folders_are_refused_with_the_number_to_give(
    box: Box, tmp_path: Path
) -> None:
    sandbox = box()
    run = finished(live(sandbox))
    for number in range(4):
        with machine(tmp_path / str(number)):
            other = pnb.open_run(study_id=run.study_id, client=live(sandbox))
            with pytest.raises(InputError, match=r"has 3 now.*run\.add_annotators\(to=5\)"):
                other.add_annotators(2, max_cost="20.00")
    assert run.status().places == 6


def test_absolute_annotators_are_the_same_wherever_and_however_often(box: Box, tmp_path: Path) -> None:
    sandbox = box()
    run = finished(live(sandbox))
    for number in range(4):
        with machine(tmp_path / str(number)):
            pnb.open_run(study_id=run.study_id, client=live(sandbox)).add_annotators(to=5, max_cost="20.00")
    run.add_annotators(2, max_cost="20.00")  # the ledger of the launch knows that this means five
    assert run.status().places == 10
    assert acted(sandbox, "updateStudy") == 1


def test_the_same_launch_on_another_machine_knows_what_relative_means(box: Box, tmp_path: Path) -> None:
    sandbox = box()
    finished(live(sandbox)).add_annotators(2, max_cost="20.00")
    with machine(tmp_path / "other"):
        again = draft(live(sandbox)).add_annotators(2, max_cost="20.00")
    assert again.status().places == 10


@pytest.mark.parametrize("given", [{}, {"n": 1, "to": 4}, {"to": 0}, {"to": True}, {"to": "5"}, {"n": -1}, {"to": 4.0}])
def test_annotators_need_exactly_one_whole_number(box: Box, given: dict[str, Any]) -> None:
    run = draft(live(box()))
    with pytest.raises(InputError, match=r"were given|not a valid number"):
        run.add_annotators(**given, max_cost="20.00")


# --- the study's own money --------------------------------------------------------------------------------------------


def two_workspaces(sandbox: Sandbox) -> tuple[Client, Client]:
    gbp = live(sandbox)
    made = gbp.workspaces.create("Dollars", currency="USD")
    return gbp.using(workspace=sandbox.workspace_id), gbp.using(workspace=made.id)


def test_a_study_opened_with_a_client_of_another_workspace_keeps_its_money(
    box: Box, capsys: pytest.CaptureFixture[str]
) -> None:
    sandbox = box()
    gbp, usd = two_workspaces(sandbox)
    study_id = draft(gbp).study_id
    capsys.readouterr()
    run = pnb.open_run(study_id=study_id, client=usd)
    said = capsys.readouterr().out
    assert f"belongs to workspace {sandbox.workspace_id}, which pays in GBP" in said
    assert f'client.using(workspace="{sandbox.workspace_id}")' in said
    assert str(run.cost()) == f"{COST} GBP"
    with pytest.raises(SpendError, match=rf"14\.00 USD is not in GBP.*workspace {sandbox.workspace_id} in GBP"):
        run.publish(max_cost="14.00 USD")
    with pytest.raises(SpendError, match="GBP"):
        run.publish(max_cost=Money.parse("14.00 USD"))
    assert states(gbp) == ["UNPUBLISHED"]
    run.publish(max_cost="14.00 GBP")
    assert str(run.status().spent).endswith("GBP") or run.status().state
    assert run.submissions().attrs["currency"] == "GBP"


def test_bonuses_and_reviews_of_another_workspaces_study_are_in_its_currency(box: Box) -> None:
    gbp, usd = two_workspaces(box())
    study_id = finished(gbp).study_id
    run = pnb.open_run(study_id=study_id, client=usd)
    assert run.bonus_to("30.00").total.currency == "GBP"
    with pytest.raises((ProlificError, ValueError), match="GBP"):
        run.bonus_to("30.00 USD")


@pytest.mark.parametrize(
    "cap", [14, 14.0, True, "", "a lot", "-1", float("nan"), [], {"GBP": 14}, b"14.00", Decimal("NaN"), "14.001"]
)
def test_an_unusable_cap_is_a_spend_error_and_publishes_nothing(box: Box, cap: Any) -> None:
    run = draft(live(box(speed=SLOW)))
    with pytest.raises((SpendError, InputError), match="max_cost"):
        run.publish(max_cost=cap)
    assert run.status().state == "UNPUBLISHED"


# --- the server's second thoughts -------------------------------------------------------------------------------------


def test_a_reward_raised_while_a_busy_server_was_waited_for_is_not_published(box: Box) -> None:
    sandbox = box(speed=SLOW, faults=[Fault("transitionStudy", "refuse", status=429)])
    client = live(sandbox)
    run = draft(client)
    sandbox.faults.listen(lambda _: None)
    client._transport._sleep = lambda _: client.studies.update(run.study_id, {"reward": 3000})  # on the website
    with pytest.raises(SpendError, match=r"272\.45 GBP, above max_cost 25\.00 GBP"):
        run.publish(max_cost="25.00")
    assert run.status().state == "UNPUBLISHED"
    with pytest.raises(SpendError, match="above max_cost"):
        run.publish(max_cost="25.00")


def test_a_reward_raised_at_the_last_moment_pauses_the_study_at_once(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    client = live(box(speed=SLOW))
    run = draft(client)
    real = type(client.studies).transition

    def raised_first(studies: Any, study_id: str, action: str) -> Any:
        if action == "PUBLISH":
            studies.update(study_id, {"reward": 3000})
        return real(studies, study_id, action)

    monkeypatch.setattr(type(client.studies), "transition", raised_first)
    with pytest.raises(SpendError, match=r"costs 272\.45 GBP, above max_cost 25\.00 GBP.*It was paused at once"):
        run.publish(max_cost="25.00")
    assert run.status().state == "PAUSED"


def test_killed_between_publishing_and_the_second_look_the_next_call_looks(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = live(box(speed=SLOW))
    run = draft(client)
    real = type(client.studies).transition

    def killed_after(studies: Any, study_id: str, action: str) -> Any:
        studies.update(study_id, {"reward": 3000})
        real(studies, study_id, action)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(type(client.studies), "transition", killed_after)
        with pytest.raises(KeyboardInterrupt):
            run.publish(max_cost="25.00")
    with pytest.raises(SpendError, match="paused at once"):
        run.publish(max_cost="25.00")
    assert run.status().state == "PAUSED"


ODD = [-1, 0, 1, True, 13.62, "1362", None, [], {}, float("nan"), float("inf"), 899, 1361.5]


@pytest.mark.parametrize("answer", ODD, ids=repr)
def test_a_cost_that_cannot_be_true_publishes_nothing(box: Box, answer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    client = live(box(speed=SLOW))
    run = draft(client)
    real = type(client._transport).ask

    def odd(transport: Any, path: str, json: Any) -> Any:
        return {"total_cost": answer} if "cost-calculator" in path else real(transport, path, json)

    monkeypatch.setattr(type(client._transport), "ask", odd)
    for call in (run.cost, lambda: run.publish(max_cost="25.00"), lambda: pnb.quote(client, DATA, DESIGN, PLAN)):
        with pytest.raises(SpendError, match=r"the cost of 6 places at 150.*Nothing was spent"):
            call()
    monkeypatch.undo()
    assert run.status().state == "UNPUBLISHED"


@pytest.mark.parametrize("answer", [-1, True, 13.62, "99999", None, [], float("nan")], ids=repr)
def test_a_balance_that_cannot_be_true_publishes_nothing(
    box: Box, answer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = live(box(speed=SLOW))
    run = draft(client)
    real = type(client.workspaces).balance

    def odd(workspaces: Any, ident: str) -> Any:
        return type(real(workspaces, ident))({**real(workspaces, ident), "available_balance": answer})

    monkeypatch.setattr(type(client.workspaces), "balance", odd)
    with pytest.raises(SpendError, match=r"the balance of workspace .*Nothing was spent"):
        run.publish(max_cost="25.00")
    monkeypatch.undo()
    assert run.status().state == "UNPUBLISHED"


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    first=st.integers(100, 4000),
    later=st.integers(100, 4000),
    cap=st.integers(0, 40_000),
    odd=st.sampled_from([None, *ODD]),
    balance=st.sampled_from([None, -1, 0, 1, "9999", 10**9]),
)
def test_nothing_above_the_cap_is_ever_active(first: int, later: int, cap: int, odd: Any, balance: Any) -> None:
    server = FakeServer(first, later, odd, balance)
    try:
        publish(server.client(), Ledger(":memory:"), "key", "s", Money(cap, "GBP"))
    except SpendError:
        assert server.state != "ACTIVE"
    else:
        assert server.state == "ACTIVE"
        assert true_cost(server.reward) <= cap


def _other_locks(*_: Any, **__: Any) -> Any:
    """Another machine does not see the locks of this one."""
    return nullcontext()


# --- two machines -----------------------------------------------------------------------------------------------------


def test_of_two_drafts_created_at_one_time_one_is_left(
    box: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox = box(speed=SLOW)
    client = live(sandbox)
    real = type(client.studies).create
    others: list[pnb.Run] = []

    def overtaken(studies: Any, body: dict[str, Any]) -> Any:
        if not others:  # while this request is on its way, another machine launches the same
            others.append(None)  # type: ignore[arg-type]
            with machine(tmp_path / "other"):
                others[0] = draft(live(sandbox))
        return real(studies, body)

    monkeypatch.setattr(type(client.studies), "create", overtaken)
    monkeypatch.setattr("prolific_nb.study.ledger.machine_lock", _other_locks)
    run = draft(client)
    assert [each.id for each in client.studies.list()] == [run.study_id] == [others[0].study_id]
    run.publish(max_cost="25.00")
    assert states(client) == ["ACTIVE"]


def test_a_published_study_of_the_same_batch_stops_another(box: Box, tmp_path: Path) -> None:
    sandbox = box(speed=SLOW)
    client = live(sandbox)
    run = draft(client).publish(max_cost="25.00")
    copy = client.studies.clone(run.study_id, block_previous=False)
    client.studies.update(copy.id, {"internal_name": "renamed, so that no tag is left"})
    with machine(tmp_path / "other"):
        other = pnb.open_run(study_id=copy.id, client=live(sandbox))
        with pytest.raises(SpendError, match=rf"study {run.study_id} 'Reviews', ACTIVE.*again=\"reason\""):
            other.publish(max_cost="25.00")
        assert states(client) == ["ACTIVE", "UNPUBLISHED"]
        other.publish(max_cost="25.00", again="a second wave")
    assert states(client) == ["ACTIVE", "ACTIVE"]


def test_a_scheduled_twin_counts_as_published(box: Box) -> None:
    client = live(box(speed=SLOW))
    run = draft(client)
    copy = client.studies.clone(run.study_id, block_previous=False)
    client.studies.schedule(copy.id, datetime(2031, 1, 31, 9, tzinfo=UTC))
    with pytest.raises(SpendError, match="SCHEDULED"):
        run.publish(max_cost="25.00")


def test_a_run_whose_internal_name_was_changed_is_found_by_its_batch(box: Box, tmp_path: Path) -> None:
    sandbox = box(speed=SLOW)
    client = live(sandbox)
    run = draft(client)
    client.studies.update(run.study_id, {"internal_name": "Our reviews"})
    with machine(tmp_path / "other"):
        again = draft(live(sandbox))
        assert again.study_id == run.study_id
        again.publish(max_cost="25.00")
    assert states(client) == ["ACTIVE"]
    assert run.publish(max_cost="25.00").status().state == "ACTIVE"
    assert acted(sandbox, "createStudy") == 1
    assert pnb.open_run(batch_id=run.batch_id, client=client).key == run.key


EDITS: list[tuple[dict[str, Any], str]] = [
    ({"reward": 900}, r"the reward 9\.00 GBP; the plan has 1\.50 GBP"),
    ({"name": "Other"}, "the name 'Other'; the plan has 'Reviews'"),
    ({"estimated_completion_time": 30}, "the minutes 30; the plan has 6"),
    ({"device_compatibility": ["mobile"]}, "the devices mobile; the plan has none"),
    ({"filters": [{"filter_id": "age", "selected_range": {"lower": 18, "upper": 30}}]}, "the filters age"),
    ({"data_collection_metadata": {"annotators_per_task": 9}}, "the annotators per task 9; the plan has 3"),
    ({"description": "Something else"}, "the description 'Something else'"),
]


@pytest.mark.parametrize(("edit", "words"), EDITS, ids=[next(iter(edit)) for edit, _ in EDITS])
def test_what_was_edited_on_a_draft_is_listed_before_money_moves(
    box: Box, edit: dict[str, Any], words: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    sandbox = box(speed=SLOW)
    client = live(sandbox)
    run = draft(client)
    client.studies.update(run.study_id, edit)
    capsys.readouterr()
    draft(client)
    assert re.search(words, capsys.readouterr().out)
    with machine(tmp_path / "other"):
        draft(live(sandbox))
    assert re.search(words, capsys.readouterr().out)
    assert re.search(words, str(pnb.quote(client, DATA, DESIGN, PLAN)))
    run.publish(max_cost="900.00")
    assert re.search(words, capsys.readouterr().out)


def test_a_draft_as_it_was_launched_is_launched_again_without_a_word_of_edits(
    box: Box, capsys: pytest.CaptureFixture[str]
) -> None:
    client = live(box())
    draft(client)
    quoted = str(pnb.quote(client, DATA, DESIGN, PLAN))
    draft(client).publish(max_cost="25.00")
    assert "the plan has" not in capsys.readouterr().out + quoted
