"""A run from launch to responses, in the sandbox over HTTP."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.api import Client, Token, Transport
from prolific_nb.api.studies import Studies
from prolific_nb.common.display import suppress_notices
from prolific_nb.common.progress import Progress, silent
from prolific_nb.errors import (
    DataError,
    DesignError,
    InputError,
    LiveError,
    PlanError,
    ProlificError,
    SpendError,
    StepFailed,
    Unauthorised,
    Unreachable,
    WaitTimeout,
)
from prolific_nb.sandbox import Fault
from prolific_nb.workflow.run import Run

from ..conftest import DESIGN, PLAN, Connect

Answered = Callable[..., Run]


def draft(client: pnb.api.Client, **changes: object) -> Run:  # type: ignore[name-defined]
    given = {"data": pnb.sample_data(), "design": DESIGN, "plan": PLAN} | changes
    return pnb.launch(client, **given, on_progress=silent)  # type: ignore[arg-type]


def test_a_launch_makes_a_draft_and_spends_nothing(sandboxed: Connect) -> None:
    client = sandboxed()
    before = client.workspaces.balance(client.workspace_id).available_balance
    seen: list[Progress] = []
    run = pnb.launch(client, pnb.sample_data(), DESIGN, PLAN, on_progress=seen.append)
    assert client.studies.get(run.study_id).status == "UNPUBLISHED"
    assert client.workspaces.balance(client.workspace_id).available_balance == before
    assert [progress.done for progress in seen] == [0, 1, 2, 3, 4]
    assert repr(run).startswith("SANDBOX run")
    assert run._repr_html_().index("SANDBOX") < run._repr_html_().index(run.study_id)


def test_the_quote_is_what_the_server_takes(sandboxed: Connect) -> None:
    client = sandboxed()
    data = pnb.sample_data()
    quote = pnb.quote(client, data, DESIGN, PLAN)
    run = draft(client)
    study = client.studies.get(run.study_id)
    assert (quote.tasks, quote.groups, quote.places) == (120, 20, 60)
    assert study.total_available_places == quote.places
    assert run.cost() == quote.total == quote.rewards + quote.fees
    before = client.workspaces.balance(client.workspace_id).available_balance
    run.publish(max_cost=quote.total)
    assert before - client.workspaces.balance(client.workspace_id).available_balance == quote.total.minor
    assert str(quote).startswith("SANDBOX quote")
    live = pnb.quote(sandboxed(mode="LIVE"), data, DESIGN, PLAN)
    assert repr(live).startswith("LIVE")
    assert live._repr_html_().index("LIVE") < live._repr_html_().index("GBP")


def test_publishing_above_the_cap_is_refused_and_publishes_nothing(sandboxed: Connect) -> None:
    run = draft(sandboxed(speed=60.0))
    with pytest.raises(SpendError, match=r"The cost is .* GBP, above max_cost 10\.00 GBP"):
        run.publish(max_cost="10.00")
    assert run.status().state == "UNPUBLISHED"
    exact = run.cost()
    with pytest.raises(SpendError):
        run.publish(max_cost=pnb.Money(exact.minor - 1, exact.currency))
    run.publish(max_cost=exact)
    assert run.status().state == "ACTIVE"


def test_live_does_not_publish_without_a_cap_and_says_the_figure(sandboxed: Connect) -> None:
    run = draft(sandboxed(mode="LIVE"))
    with pytest.raises(SpendError, match=rf'run\.publish\(max_cost="{run.cost().major}"\)'):
        run.publish()
    assert run.status().state == "UNPUBLISHED"
    assert repr(run).startswith("LIVE")


def test_publishing_above_the_balance_is_refused(sandboxed: Connect) -> None:
    run = draft(sandboxed(), plan=pnb.StudyPlan("Dear", reward="9000.00", minutes=6))
    with pytest.raises(SpendError, match=r"the workspace has 250000\.00 GBP"):
        run.publish(max_cost="999999.00")
    assert run.status().state == "UNPUBLISHED"


def test_publishing_twice_publishes_once(sandboxed: Connect) -> None:
    client = sandboxed()
    run = draft(client).publish(max_cost="999.00")
    after_one = client.workspaces.balance(client.workspace_id).available_balance
    assert run.publish(max_cost="0.01") is run
    assert client.workspaces.balance(client.workspace_id).available_balance == after_one


def test_a_draft_cannot_be_waited_for(sandboxed: Connect) -> None:
    with pytest.raises(ProlificError, match=r"Call run\.publish"):
        draft(sandboxed()).wait()


def test_waiting_has_a_deadline_and_leaves_the_study_alone(sandboxed: Connect) -> None:
    run = draft(sandboxed(speed=1.0)).publish(max_cost="999.00")
    with pytest.raises(WaitTimeout, match="still running"):
        run.wait(timeout=0.2, on_progress=silent)
    assert run.status().state == "ACTIVE"
    assert run.responses().empty


@pytest.mark.parametrize("by", ["metadata", "export", "report"])
def test_responses_are_joined_to_rows_by_every_method(by: str, answered: Answered) -> None:
    frame = answered(join_by=by).responses()
    assert frame.attrs["join"] == {"by": by, "unmatched": 0}
    assert set(frame["row"]) == set(pnb.read_data(pnb.sample_data().head(24)).row_keys)
    assert frame["review"].isin(pnb.sample_data().head(24)["review"]).all()
    assert (frame.groupby("row", observed=True)["task_id"].nunique() == 1).all()


def test_without_row_keys_rows_are_joined_by_their_content(answered: Answered) -> None:
    frame, keyed = answered(join_by="none").responses(), answered().responses()
    assert frame.attrs["join"] == {"by": "content of the report", "unmatched": 0}
    pd.testing.assert_frame_equal(frame, keyed)


def test_without_row_matching_there_is_one_warning_and_agreement_still_works(
    answered: Answered, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = answered(join_by="none")
    monkeypatch.setattr(run, "_report", lambda: b"review\n")  # neither keys nor content
    with pytest.warns(UserWarning, match="could not be joined") as caught:
        frame = run.responses()
    assert len(caught) == 1
    assert "review" not in frame
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        table = run.agreement().table
    assert table["n_units"].tolist() == [24] * 4


def test_answers_are_the_same_whichever_way_they_were_joined(answered: Answered) -> None:
    first, second = (answered(join_by=by).responses() for by in ("metadata", "report"))
    pd.testing.assert_frame_equal(first, second)


def test_usable_answers_are_whole_sittings(answered: Answered) -> None:
    run = answered(people=pnb.People(return_rate=0.4))
    usable, everything = run.responses(), run.responses(include="all")
    assert set(usable["submission_status"]) == {"AWAITING REVIEW"}
    assert "RETURNED" in set(everything["submission_status"])
    assert len(usable) == 24 * 3 * 2
    assert len(everything) > len(usable)
    assert usable.groupby("submission_id", observed=True)["position"].max().eq(6).all()
    assert usable["seconds"].gt(0).all()


def test_one_question_has_its_options_in_order(answered: Answered) -> None:
    run = answered()
    part = run.responses(question="How?")
    assert part["value"].cat.categories.tolist() == ["good", "bad", "mixed"]
    assert len(part) == 24 * 3
    with pytest.raises(LookupError, match="How"):
        run.responses(question="Who?")


def test_the_codebook_travels_with_the_answers(answered: Answered) -> None:
    run = answered()
    frame = run.responses()
    assert all(question.instruction_id for question in run.codebook)
    assert set(frame["instruction_id"]) == {question.instruction_id for question in run.codebook}
    pd.testing.assert_frame_equal(pnb.agreement(frame).table, run.agreement().table)
    pd.testing.assert_frame_equal(pnb.agreement(frame, questions=run.codebook).table, run.agreement().table)
    frame.attrs.clear()
    with pytest.raises(ProlificError, match=r"How\?.*Why\?"):
        pnb.agreement(frame)


def test_a_printed_program_makes_the_same_study(answered: Answered, sandboxed: Connect) -> None:
    run = answered()
    names: dict[str, object] = {"pnb": pnb}
    exec(f"{run.design.to_code()}\n{run.plan.to_code()}", names)
    assert (names["design"], names["plan"]) == (run.design, run.plan)
    assert "live=True" not in run.to_code()
    compile(run.to_code(), "study.py", "exec")


# --- what goes wrong ------------------------------------------------------------------------------------------------


def untouched(client: pnb.api.Client) -> bool:  # type: ignore[name-defined]
    return not list(client.batches.list(client.workspace_id)) and not list(client.studies.list())


def test_every_finding_of_data_and_design_is_said_at_once_and_nothing_is_created(sandboxed: Connect) -> None:
    client = sandboxed()
    data = pnb.read_data(pd.DataFrame({"review": ["x", "y"], "pnb_row": ["1", "2"]}))
    design = pnb.Design("R").show("revew").choose("How?", ["good", "good"]).choose("One?", ["only"])
    with pytest.raises(InputError) as caught:
        draft(client, data=data, design=design)
    said = str(caught.value)
    for word in ("pnb_row", "revew", "review", "How?", "One?"):
        assert word in said
    assert untouched(client)


def test_faults_of_one_input_have_its_exception(sandboxed: Connect) -> None:
    client = sandboxed()
    with pytest.raises(DesignError, match="question"):
        draft(client, design=pnb.Design("R").show("review"))
    with pytest.raises(DataError, match="pnb_row"):
        draft(client, data=pnb.read_data(pd.DataFrame({"review": ["x"], "pnb_row": ["1"]})))
    assert untouched(client)


def test_faults_of_all_three_inputs_come_in_one_error(sandboxed: Connect) -> None:
    plan = pnb.StudyPlan("R", reward="0.50 USD", minutes=6)
    data = pnb.read_data(pd.DataFrame({"review": ["x", ""], "pnb_row": ["1", "2"]}))
    with pytest.raises(InputError) as caught:
        draft(sandboxed(), data=data, design=pnb.Design("R").show("review"), plan=plan)
    for word in ("pnb_row", "question", "pays in GBP", "show participants nothing (row 3)"):
        assert word in str(caught.value)


def test_rows_that_show_nothing_are_refused(sandboxed: Connect) -> None:
    client = sandboxed()
    empty = pnb.read_data(pd.DataFrame({"review": ["x", "", "y", ""], "id": list("1234")}))
    with pytest.raises(DataError, match=r"2 of 4 rows show participants nothing \(row 3, 5\)"):
        draft(client, data=empty)
    same = pnb.read_data(pd.DataFrame({"review": ["x", "x"], "id": ["1", "2"]}))
    assert "Every row has the same value" in str(pnb.quote(client, same, DESIGN, PLAN).findings.warnings)
    assert untouched(client)


def test_a_truth_column_missing_from_the_data_is_a_finding(sandboxed: Connect) -> None:
    client = pnb.connect(truth="sentimant")
    findings = pnb.quote(client, pnb.sample_data(), DESIGN, PLAN).findings
    assert "'sentimant', but the data has no such column. Did you mean truth='sentiment'?" in str(findings.errors)
    with pytest.raises(InputError, match="Did you mean truth='sentiment'"):
        pnb.launch(client, pnb.sample_data(), DESIGN, PLAN)
    assert not list(client.batches.list(client.workspace_id))


@pytest.mark.parametrize("column", ["review", "product"])
def test_a_truth_column_without_an_option_is_said(
    column: str, sandboxed: Connect, capsys: pytest.CaptureFixture[str]
) -> None:
    client = pnb.connect(truth=column)
    (found,) = pnb.quote(client, pnb.sample_data(), DESIGN, PLAN).findings.warnings
    assert f"No cell of truth={column!r}" in found.what
    pnb.launch(client, pnb.sample_data(), DESIGN, PLAN, on_progress=silent)
    assert f"No cell of truth={column!r}" in capsys.readouterr().out


def test_a_truth_column_fits_by_value_or_label_in_any_case(sandboxed: Connect) -> None:
    data = pnb.read_data(pd.DataFrame({"review": ["So good.", "Bad."], "truth": ["GOOD ", "terrible"]}))
    design = pnb.Design("x").show("review").choose("How?", {1: "good", 2: "bad"}).write("Why?")
    assert not pnb.quote(pnb.connect(truth="truth"), data, design, PLAN).findings.warnings
    without_options = pnb.Design("x").show("review").write("Why?")
    assert not pnb.quote(pnb.connect(truth="truth"), data, without_options, PLAN).findings.warnings


def test_an_interrupt_names_what_was_created(sandboxed: Connect) -> None:
    def interrupt(progress: Progress) -> None:
        if progress.done == 2:
            raise KeyboardInterrupt

    client = sandboxed()
    with pytest.raises(KeyboardInterrupt) as caught:
        pnb.launch(client, pnb.sample_data(), DESIGN, PLAN, on_progress=interrupt)
    (note,) = caught.value.__notes__
    (batch,) = client.batches.list(client.workspace_id)
    assert batch.id in note
    assert "Nothing was published" in note


def test_a_client_keeps_its_sandbox_alive_through_its_parts() -> None:
    assert len(list(pnb.connect().workspaces.list())) == 1
    other = pnb.connect().using(project="p")
    assert (other.project_id, other.me().email) == ("p", other.me().email)


def test_responses_can_be_read_repeatedly_while_a_study_runs(sandboxed: Connect) -> None:
    run = draft(sandboxed(join_by="report", speed=1500.0), plan=pnb.StudyPlan("R", reward="1.50", minutes=6))
    run.publish(max_cost="999.00")
    for _ in range(14):
        frame = run.responses(include="all")
        assert not len(frame) or frame.attrs["join"]["by"] == "report"
    run.wait(timeout=60, on_progress=silent)
    assert run.responses().attrs["join"] == {"by": "report", "unmatched": 0}


def test_pay_below_the_floor_is_refused(sandboxed: Connect) -> None:
    client = sandboxed()
    plan = pnb.StudyPlan("R", reward="0.50", minutes=6)
    assert pnb.quote(client, pnb.sample_data(), DESIGN, plan).findings.errors
    with pytest.raises(PlanError, match=r"5\.00 GBP per hour is below Prolific's minimum of 6\.00 GBP"):
        draft(client, plan=plan)
    assert untouched(client)


def test_pay_below_the_advice_is_only_a_warning(sandboxed: Connect) -> None:
    plan = pnb.StudyPlan("R", reward="0.80", minutes=6)
    findings = pnb.quote(sandboxed(), pnb.sample_data(), DESIGN, plan).findings
    assert not findings.errors
    assert "9.00 GBP" in str(findings.warnings)


@pytest.mark.parametrize("outcome", ["partial", "failed"])
def test_an_import_that_ends_badly_names_the_rows_and_what_exists(outcome: str, sandboxed: Connect) -> None:
    client = sandboxed(faults=[Fault("uploadFile", outcome)])
    with pytest.raises(StepFailed, match=rf"import ended '{outcome}'") as caught:
        draft(client)
    assert set(caught.value.created) == {"dataset"}
    assert caught.value.created["dataset"] in str(caught.value)
    assert "launch again" in str(caught.value)
    if outcome == "partial":
        assert "row " in str(caught.value)
    assert untouched(client)


def test_a_batch_that_ends_in_error_names_what_exists_and_makes_no_study(sandboxed: Connect) -> None:
    client = sandboxed(faults=[Fault("setupBatch", "ERROR")])
    with pytest.raises(StepFailed, match="ended in ERROR") as caught:
        draft(client)
    assert set(caught.value.created) == {"dataset", "batch"}
    assert "Nothing was published" in str(caught.value)
    assert not list(client.studies.list())


def test_a_server_that_refuses_midway_is_reported_with_what_exists(sandboxed: Connect) -> None:
    client = sandboxed()
    plan = pnb.StudyPlan("R", reward="1.50", minutes=6, label="no such label")
    with pytest.raises(StepFailed, match="POST /api/v1/studies/ was answered with 400") as caught:
        draft(client, plan=plan)
    assert set(caught.value.created) == {"dataset", "batch"}


def test_a_wrong_token_and_an_unreachable_host_are_plain_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    with pnb.sandbox.Sandbox() as sandbox:  # type: ignore[attr-defined]
        monkeypatch.setenv("PROLIFIC_URL", sandbox.url)
        monkeypatch.setenv("PROLIFIC_TOKEN", "wrong")
        with pytest.raises(LiveError, match="its token is not the one in use here"):
            pnb.connect()
        client = Client(Transport(sandbox.url, Token("wrong")), mode="SANDBOX")
        with pytest.raises(Unauthorised, match=r"login\(\)"):
            draft(client)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    with pytest.raises(Unreachable, match="got no response"):
        client.studies.create({})


def test_arguments_of_the_wrong_type_are_all_named(sandboxed: Connect) -> None:
    client, data = sandboxed(), pnb.sample_data()
    for call in (pnb.quote, pnb.launch):
        with pytest.raises(InputError, match=r"(?s)client, data, design, plan.*data is a Design.*design is a"):
            call(client, DESIGN, data, PLAN)
        with pytest.raises(DataError, match=r"reviews\.csv cannot be used:\n.*There is no such file"):
            call(client, "reviews.csv", DESIGN, PLAN)
    with pytest.raises(InputError, match=r"(?s)client is a Dataset.*plan is missing"):
        pnb.launch(data, DESIGN, PLAN)


def test_data_may_be_a_path_or_a_frame_and_are_the_same_launch(
    sandboxed: Connect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, frame = sandboxed(), pnb.sample_data().head(6)
    path = tmp_path / "some.csv"
    frame.to_csv(path, index=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    given = [pnb.read_data(path), path, str(path), "~/some.csv", path.read_bytes(), frame]
    assert len({str(pnb.quote(client, each, DESIGN, PLAN).total) for each in given}) == 1
    assert len({pnb.launch(client, each, DESIGN, PLAN, on_progress=silent).study_id for each in given}) == 1


def test_a_note_that_a_panel_suppressed_is_printed_later_and_costs_it_no_request(
    sandboxed: Connect, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run, read = draft(sandboxed()), list[str]()
    get = Studies.get
    monkeypatch.setattr(Studies, "get", lambda studies, ident: read.append(ident) or get(studies, ident))
    capsys.readouterr()
    with suppress_notices():
        run.responses()
    assert (capsys.readouterr().out, read) == ("", [])
    run.responses()
    assert "has no usable responses yet" in capsys.readouterr().out


def test_no_responses_are_said_once_for_each_state(sandboxed: Connect, capsys: pytest.CaptureFixture[str]) -> None:
    run = draft(sandboxed())
    capsys.readouterr()
    assert run.responses().empty
    assert "has no usable responses yet: it is a draft; run.publish(...)" in capsys.readouterr().out
    assert run.responses().empty
    assert capsys.readouterr().out == ""
    run.publish().wait(timeout=60, on_progress=silent)
    assert not run.responses().empty
    assert "no usable responses" not in capsys.readouterr().out
