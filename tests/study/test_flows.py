"""Prolific's two flows: what each supports, and that both give the same table."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.common.progress import silent
from prolific_nb.errors import ApiError, StepFailed
from prolific_nb.sandbox import Fault

from ..conftest import PLAN, Connect

# Ids of the server, and the moment of an answer: the older flow takes one request more before the study begins.
IDS = ["response_id", "created_at", "task_id", "instruction_id"]
DESIGN = (
    pnb.Design("Everything", introduction="<p>Read.</p>", steps="<p>Answer.</p>")
    .show("product")  # in the order of the file: simulated answers depend on what is seen first
    .show("review")
    .choose("How does the writer feel?", ["good", "bad", "mixed"])
    .rate("How sure are you?", [1, 2, 3, 4, 5])
    .choose_many("What is it about?", ["price", "quality", "service"], none="none of these")
    .choose_and_explain("What is best about it?", ["the look", "the use"])
    .measure("How much would you pay?", ["pounds", "dollars"])
    .write("What made you think so?", min_chars=3)
    .upload("A picture of yours", types=[".png"], max_files=2)
)


def launched(connect: Connect, flow: str, options: dict[str, Any], rows: int = 13) -> pnb.Run:
    data = pnb.read_data(pnb.sample_data().head(rows))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        return pnb.launch(connect(**options), data, DESIGN, PLAN, flow=flow, on_progress=silent, ledger=f"{flow}.db")


def answers(connect: Connect, flow: str, options: dict[str, Any]) -> pd.DataFrame:
    run = launched(connect, flow, options).publish(max_cost="120.00").wait(timeout=60, on_progress=silent)
    assert run.flow == flow
    return run.responses("all")


def test_the_legacy_flow_shows_only_the_columns_of_the_design(sandboxed: Connect) -> None:
    run = launched(sandboxed, "instructions", {})
    dataset = run.client.datasets.get(run.dataset_id)
    assert (dataset.schema_version, dataset.status, dataset.total_datapoint_count) == (3, "READY", 13)
    header = run.client.batches.report(run.batch_id).decode().splitlines()[0].split(",")
    uploaded = header[header.index("Question") + 1 : header.index("Annotator1_ID")]
    shown = [name for name in uploaded if not name.startswith("META_")]
    assert shown == ["product", "review"]
    assert "META_pnb_row" in header


def test_choosing_the_legacy_flow_warns_with_its_end_date(sandboxed: Connect) -> None:
    client, data = sandboxed(), pnb.read_data(pnb.sample_data().head(6))
    with pytest.warns(FutureWarning, match="2026-09-01"):
        pnb.launch(client, data, DESIGN, PLAN, flow="instructions", on_progress=silent)
    found = pnb.quote(client, data, DESIGN, PLAN, flow="instructions").findings.warnings
    assert any("2026-09-01" in each.what for each in found)
    assert not any("2026-09-01" in each.what for each in pnb.quote(client, data, DESIGN, PLAN).findings)


def test_a_withdrawn_legacy_flow_names_the_remedy(sandboxed: Connect) -> None:
    with pytest.raises(StepFailed, match=r'flow="layout"') as failed:
        launched(sandboxed, "instructions", {"legacy_instructions": False})
    assert "2026-09-01" in str(failed.value)
    assert set(failed.value.created) == {"dataset", "batch"}


def test_without_typed_datasets_the_error_names_the_legacy_flow(sandboxed: Connect) -> None:
    options = {"typed_datasets": False}
    with pytest.raises(ApiError, match=r'flow="instructions"') as refused:
        launched(sandboxed, "layout", options)
    assert refused.value.status == 403
    assert len(answers(sandboxed, "instructions", options)) > 13 * 3 * 7


def test_an_unknown_flow_is_refused(sandboxed: Connect) -> None:
    with pytest.raises(ValueError, match="'layout', 'instructions'"):
        launched(sandboxed, "older", {})


@pytest.mark.parametrize(
    ("design", "level", "said"),
    [
        (DESIGN.text("<p>Mind the price.</p>"), "error", "texts"),
        (DESIGN.intro("<p>Welcome.</p>"), "error", "texts"),
        (DESIGN.picture("https://example.org/a.png", alt="a cat"), "error", "pictures"),
        (pnb.Design("D").compare("Which?", "review", "product"), "error", "side by side"),
        (DESIGN.page().write("And now?"), "warning", "2 pages"),
        (pnb.Design("D").write("Why?").show("review"), "note", "before a column"),
        (pnb.Design("D").show("review").choose("Sure?", {1: "yes", 0: "no"}), "warning", "not strings"),
    ],
)
def test_unsupported_features_of_the_legacy_flow_are_findings(
    sandboxed: Connect, design: pnb.Design, level: str, said: str
) -> None:
    client, data = sandboxed(), pnb.read_data(pnb.sample_data().head(6))
    before = pnb.quote(client, data, design, PLAN).findings
    found = [each for each in pnb.quote(client, data, design, PLAN, flow="instructions").findings if each not in before]
    assert [each.level for each in found if said in each.what] == [level]
    if level == "error":
        with pytest.raises(pnb.ProlificError, match=said), pytest.warns(FutureWarning):
            pnb.launch(client, data, design, PLAN, flow="instructions", on_progress=silent)
        assert not list(client.batches.list(client.workspace_id))


def test_columns_that_the_legacy_flow_would_hide_or_confuse_are_findings(sandboxed: Connect) -> None:
    raw = b"META_review,id,META_id,clip,META_pnb_row\nIt broke after a day.,1,2,https://example.org/a.mp3,7\n"
    data, design = pnb.read_data(raw), pnb.Design("D").show("META_review").show("clip").write("Why?")
    found = pnb.quote(sandboxed(), data, design, PLAN, flow="instructions").findings
    said = {(each.level, each.column) for each in found if "legacy flow" in each.what and each.column}
    confused = {("error", name) for name in ("META_review", "id", "META_id", "META_pnb_row")}
    assert said == {*confused, ("warning", "clip")}


def test_a_legacy_run_is_reopened_with_its_questions(sandboxed: Connect) -> None:
    run = launched(sandboxed, "instructions", {}).publish(max_cost="120.00").wait(timeout=60, on_progress=silent)
    for ledger in ("instructions.db", "elsewhere.db"):
        again = pnb.open_run(study_id=run.study_id, client=run.client, ledger=ledger, data=run.data)
        assert again.flow == "instructions"
        assert again.codebook == run.codebook
        pd.testing.assert_frame_equal(again.responses(), run.responses())
    assert 'flow="instructions"' in run.to_code()
    program = run.to_code().split("run.publish")[0]
    with pytest.warns(FutureWarning):
        exec(compile(program, "<program>", "exec"), {"frame": pnb.sample_data().frame})


def test_a_legacy_launch_is_idempotent(sandboxed: Connect) -> None:
    client, data = sandboxed(), pnb.read_data(pnb.sample_data().head(6))
    with pytest.warns(FutureWarning):
        one, other = (pnb.launch(client, data, DESIGN, PLAN, flow="instructions", on_progress=silent) for _ in range(2))
    assert (one.study_id, one.codebook) == (other.study_id, other.codebook)
    assert len(list(client.batches.instructions(one.batch_id))) == len(one.codebook)
    with pytest.raises(pnb.ProlificError, match="launched in this workspace before"):
        pnb.launch(client, data, DESIGN, PLAN, on_progress=silent)


@pytest.mark.parametrize("flow", ["layout", "instructions"])
def test_the_archive_alone_gives_the_same_table(sandboxed: Connect, tmp_path: Any, flow: str) -> None:
    run = launched(sandboxed, flow, {}).publish(max_cost="120.00").wait(timeout=60, on_progress=silent)
    folder = run.export(tmp_path / "export")
    codebook = run.codebook if flow == "instructions" else None
    expected = run.responses("all").sort_values(["created_at", "response_id"], ignore_index=True)
    for by in ("task", "submission"):
        frame = pnb.read_export(folder, by=by, codebook=codebook)
        assert frame.attrs["join"] == {"by": "export", "unmatched": 0}
        found = frame.sort_values(["created_at", "response_id"], ignore_index=True)[expected.columns]
        pd.testing.assert_frame_equal(found, expected, check_categorical=False, check_dtype=False)
    assert {each.question for each in pnb.agreement(frame).scored} >= {"How does the writer feel?"}


def older(client: Any, rows: int = 12, **options: Any) -> pnb.Run:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        data = pnb.read_data(pnb.sample_data().head(rows))
        return pnb.launch(client, data, DESIGN, PLAN, flow="instructions", on_progress=silent, **options)


@pytest.mark.parametrize(
    "fault",
    [
        Fault("createDataset", "lost"),
        Fault("getDatasetUploadUrl", "lost"),
        Fault("getDatasetUploadUrl", "expire"),
        Fault("uploadFile", "lost"),
        Fault("createBatch", "lost"),
        Fault("createInstructions", "lost"),
        Fault("createInstructions", "reset"),
        Fault("setupBatch", "lost"),
        Fault("createStudy", "lost"),
    ],
    ids=lambda each: f"{each.operation} {each.kind}",
)
def test_a_lost_response_in_the_legacy_flow_creates_no_duplicates(sandboxed: Connect, fault: Fault) -> None:
    client = sandboxed(faults=[fault])
    try:
        run = older(client)
    except pnb.ProlificError:
        run = older(client)
    assert len(list(client.studies.list())) == len(list(client.batches.list(client.workspace_id))) == 1
    batch = client.batches.get(run.batch_id)
    assert (batch.total_task_count, batch.total_instruction_count) == (12, len(run.codebook))
    assert client.datasets.get(run.dataset_id).total_datapoint_count == 12


def test_missing_rows_in_an_untyped_dataset_raise_an_error(sandboxed: Connect) -> None:
    client = sandboxed(faults=[Fault("uploadFile", "partial", times=2)])
    with pytest.raises(StepFailed, match=r"has 11 rows, but 12 were sent.*accept_partial=True"):
        older(client)
    run = older(client, accept_partial=True)
    assert client.batches.get(run.batch_id).total_task_count == 11


def test_an_untyped_upload_that_ends_in_error_stops_the_launch(sandboxed: Connect) -> None:
    client = sandboxed(faults=[Fault("uploadFile", "failed")])
    with pytest.raises(StepFailed, match="ERROR"):
        older(client)
    assert older(client).status().places == 6  # with a new dataset


def test_without_untyped_datasets_the_error_names_the_layout_flow(sandboxed: Connect) -> None:
    options = {"untyped_datasets": False}
    with pytest.raises(StepFailed, match='flow="layout"'):
        launched(sandboxed, "instructions", options)
    assert len(answers(sandboxed, "layout", options)) > 13 * 3 * 7


def test_without_row_keys_both_flows_are_joined_by_content(sandboxed: Connect) -> None:
    one, other = (answers(sandboxed, flow, {"join_by": "none"}) for flow in ("instructions", "layout"))
    keyed = answers(sandboxed, "layout", {"join_by": "metadata"})
    pd.testing.assert_frame_equal(one.drop(columns=IDS), other.drop(columns=IDS))
    pd.testing.assert_frame_equal(other, keyed)


def test_a_run_with_withdrawn_instructions_is_reopened_from_the_ledger(sandboxed: Connect, tmp_path: Path) -> None:
    store = tmp_path / "kept.sqlite"
    run = older(sandboxed(store=store, seed=3), ledger="here.db")
    later = sandboxed(store=store, seed=3, legacy_instructions=False)
    assert pnb.open_run(study_id=run.study_id, client=later, ledger="here.db").codebook == run.codebook
    with pytest.raises(StepFailed, match="2026-09-01"):
        pnb.open_run(study_id=run.study_id, client=later, ledger="elsewhere.db")
