"""Launching is idempotent: the same inputs give the same run, wherever an earlier launch stopped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.cli import main
from prolific_nb.common.progress import silent
from prolific_nb.errors import InputError, LiveError, PlanError, ProlificError, SimilarRunError, StepFailed
from prolific_nb.sandbox import Fault, Sandbox
from prolific_nb.study.ledger import default_path
from prolific_nb.workflow.run import Run

from ...conftest import DESIGN, PLAN, Connect

DATA = pnb.read_data(pnb.sample_data().head(24))
DEARER = pnb.StudyPlan("Reviews", reward="1.60", minutes=6, tasks_per_group=6)


def launched(client: Any, plan: pnb.StudyPlan = PLAN, **options: Any) -> Run:
    return pnb.launch(client, DATA, DESIGN, plan, on_progress=silent, **options)


def studies(client: Any) -> list[str]:
    return [each.id for each in client.studies.list()]


def test_the_same_launch_is_the_same_run(sandboxed: Connect, capsys: pytest.CaptureFixture[str]) -> None:
    client = sandboxed()
    first = launched(client)
    capsys.readouterr()
    second = launched(client)
    assert f"Already launched as study {first.study_id}" in capsys.readouterr().out
    assert (second.study_id, second.batch_id, second.dataset_id, second.key, second.codebook) == (
        *(first.study_id, first.batch_id, first.dataset_id, first.key, first.codebook),
    )
    assert studies(client) == [first.study_id]


def test_without_the_ledger_the_tag_on_the_server_identifies_the_run(sandboxed: Connect) -> None:
    client = sandboxed()
    first = launched(client)
    second = launched(client, ledger="another.sqlite")
    assert (second.study_id, second.dataset_id) == (first.study_id, first.dataset_id)
    assert studies(client) == [first.study_id]
    assert list(pnb.runs("another.sqlite")["stage"]) == ["draft"]


def test_a_clone_is_never_taken_for_the_study_it_was_made_from(
    sandboxed: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sandboxed()
    run = launched(client)
    clone = client.studies.clone(run.study_id)
    assert clone.internal_name == client.studies.get(run.study_id).internal_name
    every = list(client.studies.list())
    for listed in (every, every[::-1]):  # no source says in which order studies are listed
        monkeypatch.setattr(client.studies, "list", lambda listed=listed: iter(listed))
        assert launched(client, ledger=f"{len(listed)}-{listed[0].id}.db").study_id == run.study_id
        assert pnb.open_run(batch_id=run.batch_id, client=client, ledger="other.db").study_id == run.study_id


def test_sandboxes_that_give_the_same_ids_are_not_mixed_up(sandboxed: Connect) -> None:
    data, asked = pnb.read_data(pnb.sample_data().head(6)), ("One?", "Two?")
    made = []
    for question in asked:  # two programs, one after the other, in one folder
        design = pnb.Design("D").show("review").choose(question, ["yes", "no"])
        made.append((pnb.launch(sandboxed(), data, design, PLAN, on_progress=silent), question))
    assert made[0][0].study_id == made[1][0].study_id
    for run, question in made:
        for again in (pnb.open_run(study_id=run.study_id, client=run.client), pnb.open_run(run.key, client=run.client)):
            assert (again.key, again.codebook[0].question) == (run.key, question)


def test_a_clone_that_is_opened_is_a_run_of_its_own(sandboxed: Connect) -> None:
    run = launched(sandboxed())
    clone = run.client.studies.clone(run.study_id)
    again = pnb.open_run(study_id=clone.id, client=run.client)
    assert (again.study_id, again.key) == (clone.id, f"study-{clone.id}")
    again.publish(max_cost="120.00")
    assert run.status().state == "UNPUBLISHED"


def test_data_that_a_run_is_not_about_is_warned_of(answered: Any) -> None:
    run = answered()
    other = pnb.read_data(pnb.sample_data().frame.iloc[60:70])
    again = pnb.open_run(study_id=run.study_id, client=run.client, data=other)
    with pytest.warns(UserWarning, match="None of the responses is about a row"):
        again.responses()


def test_rows_that_arrived_twice_are_not_used(sandboxed: Connect) -> None:
    client = sandboxed(faults=[Fault("getDataset", "refuse", status=500, times=5)])
    with pytest.raises(StepFailed) as failed:
        launched(client)
    row = {"review": "Sent by somebody else.", "product": "p", "sentiment": "good", "pnb_row": "x"}
    client.datasets.append(failed.value.created["dataset"], [row])
    with pytest.raises(StepFailed, match="has 25 rows, but 24 were sent"):
        launched(client)
    assert client.datasets.get(launched(client).dataset_id).total_datapoint_count == 24


def test_another_plan_for_the_same_data_needs_a_reason(sandboxed: Connect) -> None:
    client = sandboxed()
    first = launched(client)
    with pytest.raises(SimilarRunError, match=rf"study {first.study_id} 'Reviews', UNPUBLISHED.*again=\"reason\""):
        launched(client, DEARER)
    assert studies(client) == [first.study_id]
    second = launched(client, DEARER, again="pay rose")
    assert launched(client, DEARER, again="pay rose").study_id == second.study_id != first.study_id
    assert launched(client, again="second wave").study_id not in (first.study_id, second.study_id)
    assert len(studies(client)) == 3


def test_a_launch_starts_over_after_its_sandbox_has_ended(sandboxed: Connect) -> None:
    first = launched(sandboxed())
    fresh = sandboxed()  # the same seed, so the same ids: they must not be taken for the first one's
    other = launched(fresh, DEARER)
    assert other.study_id == first.study_id
    second = launched(fresh, again="beside the dearer one")
    assert second.study_id != other.study_id
    with pytest.raises(SimilarRunError):
        launched(fresh)
    assert len(studies(fresh)) == 2
    third = launched(sandboxed(seed=5))
    assert third.study_id not in (first.study_id, second.study_id)


def test_gone_runs_are_marked(sandboxed: Connect) -> None:
    launched(sandboxed())
    launched(sandboxed())
    frame = pnb.runs()
    assert list(frame["gone"].notna()) == [True, False]
    assert list(frame["mode"].unique()) == ["SANDBOX"]
    assert frame["key"].iloc[0] == frame["key"].iloc[1] + "~1"


def test_a_deleted_live_draft_is_not_recreated_silently(sandboxed: Connect) -> None:
    client = sandboxed(mode="LIVE")
    run = launched(client)
    client._transport._once("DELETE", f"/api/v1/studies/{run.study_id}/")
    with pytest.raises(StepFailed, match=r"no longer exists.*again="):
        launched(client)
    assert launched(client, again="the draft was deleted").study_id != run.study_id


def test_low_pay_needs_a_reason(sandboxed: Connect) -> None:
    client, low = sandboxed(), pnb.StudyPlan("Low", reward="0.10", minutes=6)
    with pytest.raises(PlanError, match="below Prolific's minimum"):
        launched(client, low)
    assert studies(client) == []
    assert launched(client, low, allow_low_pay="a pilot among colleagues").study_id in studies(client)


def test_runs_is_a_table_even_without_a_ledger(tmp_path: Path) -> None:
    frame = pnb.runs(tmp_path / "none.sqlite")
    assert frame.empty
    assert {"key", "stage", "study_id", "gone"} <= set(frame.columns)
    assert not (tmp_path / "none.sqlite").exists()
    assert isinstance(frame["made"].dtype, pd.DatetimeTZDtype)


def test_runs_reports_the_stage_of_each_run(sandboxed: Connect) -> None:
    run = launched(sandboxed())
    row = pnb.runs().iloc[0]
    assert (row["stage"], row["study_id"], row["batch_id"]) == ("draft", run.study_id, run.batch_id)
    run.publish(max_cost="999.00")
    assert pnb.runs().iloc[0]["stage"] == "published"


def test_the_command_lists_what_was_launched_from_a_folder(
    sandboxed: Connect, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["runs"]) == 0
    said = capsys.readouterr().out
    assert "There are no runs" in said
    assert str(default_path()) in said
    run = launched(sandboxed(), ledger="mine.sqlite")
    capsys.readouterr()
    assert main(["runs", "--ledger", "mine.sqlite"]) == 0
    where, _, line = capsys.readouterr().out.splitlines()
    assert where == f"Runs in {Path('mine.sqlite').absolute()}"
    assert [run.key, "SANDBOX", "draft", "Reviews", run.study_id] == line.split()[:5]
    Path("broken.sqlite").write_text("no database, but quite long enough to be one")
    assert main(["runs", "--ledger", "broken.sqlite"]) == 2
    [said] = capsys.readouterr().err.splitlines()
    assert "broken.sqlite is damaged" in said


def test_a_run_is_opened_by_key_study_or_batch(sandboxed: Connect) -> None:
    client = sandboxed()
    run = launched(client).publish(max_cost="999.00").wait(60, on_progress=silent)
    ways: list[dict[str, Any]] = [{"key": run.key[:6]}, {"study_id": run.study_id}, {"batch_id": run.batch_id}]
    for way in ways:
        for ledger in ("prolific_nb.sqlite", f"{next(iter(way))}.sqlite"):
            if "key" in way and ledger != "prolific_nb.sqlite":
                continue
            opened = pnb.open_run(client=client, data=DATA, ledger=ledger, **way)
            assert (opened.key, opened.study_id, opened.dataset_id) == (run.key, run.study_id, run.dataset_id)
            assert opened.design == DESIGN
            assert (opened.plan.pay, opened.plan.annotators_per_task, opened.plan.tasks_per_group) == (
                *(pnb.Money(150, "GBP"), 3, 6),
            )
            pd.testing.assert_frame_equal(opened.responses(), run.responses())


def test_a_run_opened_without_its_data_has_its_answers_but_not_its_program(sandboxed: Connect) -> None:
    client = sandboxed()
    run = launched(client).publish(max_cost="999.00").wait(60, on_progress=silent)
    opened = pnb.open_run(study_id=run.study_id, client=client)
    assert set(opened.responses()["row"]) == set(DATA.row_keys)
    assert opened.responses()["review"].tolist() == run.responses()["review"].tolist(), "the columns of the upload"
    assert opened.agreement().table.equals(run.agreement().table)
    with pytest.raises(ProlificError, match=r"Pass it: pnb\.open_run"):
        opened.to_code()


def test_without_a_client_a_run_is_looked_for_in_the_sandbox_and_never_live(monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox() as place:
        monkeypatch.setenv("PROLIFIC_URL", place.url)
        monkeypatch.setenv("PROLIFIC_TOKEN", place.token)
        run = launched(pnb.connect())
        assert pnb.open_run(run.key).study_id == run.study_id
    run.ledger.enter("abc", name="R", mode="LIVE", workspace="w", design="{}")
    with pytest.raises(LiveError, match=r"client=pnb\.connect\(live=True\)"):
        pnb.open_run("abc")


def test_opening_says_what_it_needs(sandboxed: Connect) -> None:
    client = sandboxed()
    with pytest.raises(InputError, match="0 of key, study_id and batch_id"):
        pnb.open_run(client=client)
    with pytest.raises(InputError, match=r"0 runs have a key.*pnb\.runs\(\)"):
        pnb.open_run("feed", client=client)


def test_every_verb_survives_the_way_to_the_server_and_back(sandboxed: Connect) -> None:
    design = (
        pnb.Design("All", introduction="<p>Hi</p>", steps="<ol><li>Go</li></ol>")
        .intro("<p>Before</p>")
        .show("review", caption="The review")
        .text("<p>Read.</p>")
        .rate("How good?", ["bad", "fair", "good"])
        .choose_many("What?", ["a", "b", "c"], at_most=2)
        .choose_and_explain("Why?", {"Heading": ["x", "y"]})
        .write("Say", min_chars=3, max_chars=90)
        .measure("How long?", ["min", "h"])
        .page()
        .upload("A file", types=[".png"], max_files=2)
        .outro("<p>After</p>")
    )
    client = sandboxed()
    run = pnb.launch(client, DATA, design, PLAN, on_progress=silent)
    assert pnb.Design.from_api(client.batches.get(run.batch_id)) == design
    assert pnb.open_run(study_id=run.study_id, client=client, ledger="new.sqlite").codebook == run.codebook


def test_what_the_package_does_not_know_is_said_and_not_a_crash() -> None:
    page = {"display_position": "sideways", "rows": [{"columns": [{"items": [{"id": "1", "type": "video_<b>"}]}]}]}
    design = pnb.Design.from_api({"task_details": {"task_name": "T", "hue": 1}, "batch_items": [page]})
    assert "video_&lt;b&gt;" in design.preview().html
    sent = {"type": "video_<b>"}
    assert design.to_api()["batch_items"] == [{**page, "rows": [{"columns": [{"items": [sent]}]}]}]
    assert design.to_api()["task_details"]["hue"] == 1
    assert pnb.Design.from_api({"task_details": {"task_name": "T"}, "batch_items": None}).items == ()
