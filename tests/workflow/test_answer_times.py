"""Both flows, both moments of answers and all switches of the sandbox: one table; what needs other moments says so."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from matplotlib.figure import Figure

import prolific_nb as pnb
from prolific_nb.api import Client, Token, Transport
from prolific_nb.common.display import suppress_notices
from prolific_nb.common.progress import silent
from prolific_nb.sandbox import Sandbox

from ..conftest import HURRY
from ..study.test_flows import DESIGN

TIMES, FLOWS = ("per_submission", "per_answer"), ("layout", "instructions")
SEVEN = 7  # rows, in groups of four and three
PLAN = pnb.StudyPlan("Reviews", reward="1.50", minutes=6, tasks_per_group=4)
# Ids of the server, and the moment of an answer: the legacy flow takes one request more before the study begins.
IDS = ["response_id", "created_at", "task_id", "instruction_id"]
SWITCHES: list[dict[str, Any]] = [
    {},
    {"profile": "2026-07"},
    {"profile": "2026-07", "bare_errors": False, "join_by": "report"},
    *({"join_by": each} for each in ("export", "report", "none")),
    *({"paging": each} for each in ("page", "offset", "whole")),
    {"bare_errors": True},
    {"export_reuses_jobs": True, "join_by": "export"},
    {"sync_adds_places": False},
    {"typed_datasets": False},
    {"untyped_datasets": False},
    {"legacy_instructions": False},
]
IMPOSSIBLE = {"layout": {"typed_datasets"}, "instructions": {"untyped_datasets", "legacy_instructions"}}
CELLS = [
    pytest.param(flow, times, switch, id=f"{flow} {times} {' '.join(f'{k}={v}' for k, v in switch.items())}".strip())
    for flow in FLOWS
    for times in TIMES
    for switch in SWITCHES
    if not IMPOSSIBLE[flow] & switch.keys()
]
Finish = Callable[..., pnb.Run]


@contextmanager
def finished(flow: str, **options: Any) -> Iterator[pnb.Run]:
    """A finished run, as long as its sandbox serves."""
    with Sandbox(**{"speed": HURRY, "truth": "sentiment", "start": "2026-01-05", **options}) as sandbox:
        client = Client(Transport(sandbox.url, Token(sandbox.token)), mode="SANDBOX")
        data = pnb.read_data(pnb.sample_data().head(SEVEN))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            run = pnb.launch(client, data, DESIGN, PLAN, flow=flow, on_progress=silent, ledger=":memory:")
        yield run.publish(max_cost="120.00").wait(timeout=60, on_progress=silent)


@pytest.fixture(scope="module")
def finish() -> Iterator[Finish]:
    """Finished runs for several tests; the same settings give the same run again."""
    with ExitStack() as stack:
        known: dict[str, pnb.Run] = {}

        def make(flow: str = "layout", **options: Any) -> pnb.Run:
            key = f"{flow} {options}"
            if key not in known:
                known[key] = stack.enter_context(finished(flow, **options))
            return known[key]

        yield make


def table(run: pnb.Run) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # joined without a warning under every switch, by content at the least
        return run.responses("all")


def in_order(frame: pd.DataFrame) -> pd.DataFrame:
    """In an order that does not depend on moments; the elements of an answer stay in theirs."""
    keys = ["participant_id", "row", "question"]
    return frame.astype(dict.fromkeys(keys, str)).sort_values(keys, kind="stable", ignore_index=True)


@pytest.mark.parametrize(("flow", "times", "switch"), CELLS)
def test_one_table(finish: Finish, flow: str, times: str, switch: dict[str, Any]) -> None:
    with finished(flow, answer_times=times, **switch) as run:
        assert run.flow == flow
        frame, expected = table(run), table(finish(answer_times=times))
    assert len(expected) > SEVEN * 3 * 7
    assert expected["row"].notna().all()
    assert {"product", "sentiment"} <= set(expected.columns)
    assert frame[["position", "seconds"]].isna().all(axis=None) == (times == "per_submission")
    for name in ("task_id", "instruction_id"):  # the same ones, whatever their names are
        assert frame[name].cat.codes.tolist() == expected[name].cat.codes.tolist()
    pd.testing.assert_frame_equal(frame.drop(columns=IDS), expected.drop(columns=IDS))


@pytest.mark.parametrize("flow", FLOWS)
def test_both_moments_give_one_table_up_to_ids_and_moments(finish: Finish, flow: str) -> None:
    stored, answered = (in_order(table(finish(flow, answer_times=times))) for times in TIMES)
    moments = ["response_id", "created_at", "position", "seconds"]
    pd.testing.assert_frame_equal(stored.drop(columns=moments), answered.drop(columns=moments), check_categorical=False)
    assert answered.loc[answered["submission_status"] == "AWAITING REVIEW", moments].notna().all(axis=None)


@pytest.mark.parametrize("flow", FLOWS)
def test_what_is_paid_and_how_long_it_took_do_not_depend_on_the_moments(finish: Finish, flow: str) -> None:
    stored, answered = (finish(flow, answer_times=times) for times in TIMES)
    pd.testing.assert_frame_equal(stored.submissions(), answered.submissions())
    assert stored.status().median_minutes == answered.status().median_minutes
    assert stored.status().hourly == answered.status().hourly
    one, other = (run.bonus_to("25.00").acts for run in (stored, answered))
    assert len(one)
    pd.testing.assert_frame_equal(one, other)


@pytest.mark.parametrize("flow", FLOWS)
def test_agreement_is_the_same_and_the_paper_has_a_time(finish: Finish, flow: str) -> None:
    stored, answered = (finish(flow, answer_times=times) for times in TIMES)
    reports = [pnb.agreement(in_order(run.responses()), questions=run.codebook, draws=20) for run in (stored, answered)]
    pd.testing.assert_frame_equal(reports[0].table, reports[1].table)
    done = stored.submissions()
    median = done.loc[done["status"] == "AWAITING REVIEW", "minutes"].median()
    assert f"(median time {median:.1f} minutes per submission)" in stored.agreement(draws=20).to_methods()
    assert "(median time " in answered.agreement(draws=20).to_methods()


@pytest.mark.parametrize("flow", FLOWS)
def test_what_needs_moments_of_answers_says_so(finish: Finish, flow: str) -> None:
    frame = finish(flow, answer_times="per_submission").responses()
    assert "stored together" in frame.attrs["times"]
    with pytest.raises(pnb.ProlificError, match="stored together"):
        pnb.plots.time_per_task(frame, ax=Figure().add_subplot())
    for by in ("position", "hour"):
        with pytest.raises(pnb.ProlificError, match="stored together"):
            pnb.agreement(frame, by=by)
    answered = finish(flow, answer_times="per_answer").responses()
    assert "times" not in answered.attrs
    pnb.plots.time_per_task(answered, ax=Figure().add_subplot())
    assert set(pnb.agreement(answered, by="position", draws=20).table["position"]) == {1, 2, 3, 4}
    assert set(pnb.agreement(answered, by="hour", draws=20).table["hour"]) <= {0, 1}


@pytest.mark.parametrize("times", TIMES)
def test_the_time_per_task_of_submissions_and_the_progress_are_drawn_in_both(finish: Finish, times: str) -> None:
    run = finish(answer_times=times)
    frame, done = run.responses(), run.submissions().set_index("submission_id")
    per_task = done["minutes"] * 60 / frame.groupby("submission_id", observed=True)["task_id"].nunique()
    ax = pnb.plots.time_per_task(frame, submissions=run.submissions(), ax=Figure().add_subplot())
    seconds = f"{per_task.median():.0f} seconds" if per_task.median() < 120 else f"{per_task.median() / 60:.1f} minutes"
    assert ax.get_title(loc="left") == f"Half of the 6 submissions took {seconds} per task or less"
    ax = pnb.plots.progress(frame, ax=Figure().add_subplot())
    assert ax.get_title(loc="left").startswith("21 tasks answered in ")
    assert ax.lines[0].get_ydata()[-1] == 21


def test_the_note_is_printed_once_and_only_where_it_applies(finish: Finish, capsys: pytest.CaptureFixture[str]) -> None:
    for times, printed in (("per_submission", 1), ("per_answer", 0)):
        run = finish(answer_times=times)
        again = pnb.open_run(study_id=run.study_id, client=run.client, data=run.data)
        capsys.readouterr()
        with suppress_notices():  # as in a panel, and in combine()
            again.responses()
        for _ in range(2):
            again.responses()
        assert capsys.readouterr().out.count("Note: The answers of each submission were stored together") == printed


@pytest.mark.parametrize("times", TIMES)
def test_the_archive_alone_is_judged_alike(finish: Finish, times: str, tmp_path: Path) -> None:
    run = finish(answer_times=times)
    found = pnb.read_export(run.export(tmp_path / "export"))
    expected = run.responses("all").sort_values(["created_at", "response_id"], ignore_index=True)
    for name in ("created_at", "position", "seconds"):
        pd.testing.assert_series_equal(found[name], expected[name])
    assert found.attrs.get("times") == expected.attrs.get("times")
    pnb.save_table(expected, tmp_path / "answers.csv")
    again = pnb.read_table(tmp_path / "answers.csv")
    with pytest.raises(pnb.ProlificError) if times == "per_submission" else ExitStack():
        pnb.plots.time_per_task(again, ax=Figure().add_subplot())


def test_runs_of_both_kinds_are_combined_with_the_times_that_are_known(finish: Finish) -> None:
    stored, answered = finish(answer_times="per_submission"), finish(answer_times="per_answer", seed=9)
    both = pnb.combine([stored, answered])
    unknown = both["study_id"] == stored.study_id
    assert both.loc[unknown, ["position", "seconds"]].isna().all(axis=None)
    assert both.loc[~unknown, ["position", "seconds"]].notna().all(axis=None)
    assert "of 6 of 12 submissions were stored together" in both.attrs["times"]
    title = pnb.plots.time_per_task(both, ax=Figure().add_subplot()).get_title(loc="left")
    assert title.startswith("Half of the 21 tasks with a known time took")
    with pytest.warns(UserWarning, match="in no slice by position"):
        pnb.agreement(both, by="position", draws=20)
    submissions = pd.concat([run.submissions() for run in (stored, answered)])
    title = pnb.plots.time_per_task(both, submissions=submissions, ax=Figure().add_subplot()).get_title(loc="left")
    assert title.startswith("Half of the 12 submissions took")
    assert "times" not in pnb.combine([answered]).attrs


def test_connect_asks_for_the_moments_of_answers_and_its_code_repeats_it() -> None:
    client = pnb.connect(answer_times="per_answer", start="2026-01-05", seed=2)
    assert client.code == 'pnb.connect(seed=2, start="2026-01-05", answer_times="per_answer")'
    with pytest.raises(ValueError, match="per_submission, per_answer"):
        pnb.connect(answer_times="per_page")
    with pytest.raises(ValueError, match="not a valid date"):
        pnb.connect(start="soon")
    with pytest.raises(pnb.ProlificError, match="start, answer_times: only for a sandbox"):
        pnb.connect(live=True, start="2026-01-05", answer_times="per_answer")
