"""Gold rows from launch to agreement: nothing about their answers is sent, and no answer about them is counted."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from requests.adapters import HTTPAdapter

import prolific_nb as pnb
from prolific_nb.api import Client, Token, Transport
from prolific_nb.common.progress import silent
from prolific_nb.data import arranged
from prolific_nb.errors import DataError, InputError, StepFailed
from prolific_nb.sandbox import Sandbox

from ..conftest import HURRY

SAMPLE = pnb.sample_data().frame
OWN = pnb.read_data(SAMPLE.head(14)[["review", "sentiment"]])
GOLD = SAMPLE.tail(5)[["review"]].assign(hidden_truth_column=SAMPLE.tail(5)["sentiment"])
DATA = OWN.with_gold(GOLD, answers={"How?": "hidden_truth_column"})
MORE = pnb.read_data(SAMPLE.iloc[20:25][["review", "sentiment"]])
DESIGN = pnb.Design("Reviews").show("review").choose("How?", ["good", "bad", "mixed"]).write("Why?")
PLAN = pnb.StudyPlan("Reviews", reward="1.50", minutes=6, tasks_per_group=5, annotators_per_task=3)

Make = Callable[..., Client]


@pytest.fixture
def make() -> Iterator[Make]:
    with ExitStack() as stack:

        def client(**options: Any) -> Client:
            sandbox = stack.enter_context(Sandbox(**{"speed": HURRY, "truth": "sentiment", **options}))
            made = Client(Transport(sandbox.url, Token(sandbox.token)), mode="SANDBOX", truth="sentiment")
            made.gold = sandbox.gold
            return made

        yield client


def launched(client: Client, data: pnb.Dataset = DATA, **options: Any) -> pnb.workflow.run.Run:
    return pnb.launch(client, data, DESIGN, PLAN, on_progress=silent, **options)


def finished(client: Client, data: pnb.Dataset = DATA, **options: Any) -> Any:
    return launched(client, data, **options).publish(max_cost="120.00").wait(timeout=60, on_progress=silent)


@pytest.mark.filterwarnings("ignore:Prolific announced")
@pytest.mark.parametrize("flow", ["layout", "instructions"])
def test_requests_do_not_depend_on_the_right_answers(make: Make, monkeypatch: pytest.MonkeyPatch, flow: str) -> None:
    sent: list[bytes] = []
    real = HTTPAdapter.send

    def send(self: HTTPAdapter, request: Any, *given: Any, **named: Any) -> Any:
        body = request.body or b""
        if hasattr(body, "read"):
            body = request.body = body.read()
        body = body.encode() if isinstance(body, str) else body
        sent.append(f"{request.method} {request.url.partition('?')[0].split('/', 3)[-1]} ".encode() + body)
        return real(self, request, *given, **named)

    monkeypatch.setattr(HTTPAdapter, "send", send)
    logs = []
    for truths in (GOLD["hidden_truth_column"], ["bad"] * 5):
        sent.clear()
        data = OWN.with_gold(GOLD.assign(hidden_truth_column=truths), answers={"How?": "hidden_truth_column"})
        run = launched(make(), data, flow=flow)
        if flow == "layout":
            run.add_rows(MORE.with_gold(GOLD.tail(2), answers={"How?": "hidden_truth_column"}))
        assert {each.question: bool(each.gold) for each in run.codebook} == {"How?": True, "Why?": False}
        logs.append([line for line in sent if not line.startswith(b"GET")])
    assert logs[0] == logs[1]
    everything = b"\n".join(logs[0])
    assert b"hidden_truth_column" not in everything
    upload = next(line for line in logs[0] if b"pnb_row" in line and line.startswith(b"PUT"))
    lines = [line for line in upload.decode().splitlines() if GOLD["review"].iloc[0][:30] in line]
    assert lines
    assert not any(word in line for line in lines for word in (",good,", ",bad,", ",mixed,"))


def test_answers_about_gold_rows_are_scored_and_not_counted(make: Make) -> None:
    run = finished(make())
    answers, everything = run.responses(), run.responses(checks=True)
    assert set(answers["row"]) == set(OWN.row_keys)
    assert "24 answers about gold rows" in answers.attrs["checks"]
    assert "pnb_group" not in answers.columns
    known = everything[everything["expected"].notna()]
    assert set(known["question"]) == {"How?"}
    assert len(known) == 4 * 3
    assert known["review"].isin(GOLD["review"]).all()
    right = dict(zip(GOLD["review"], GOLD["hidden_truth_column"], strict=True))
    assert known["expected"].tolist() == [right[review] for review in known["review"]]
    assert (known["value"].astype(str) == known["expected"].astype(str)).mean() > 0.6
    assert run.annotators()["gold_n"].sum() == len(known)
    table = run.agreement(draws=50).table
    assert table.equals(pnb.agreement(answers, draws=50).table)
    assert table.equals(pnb.agreement(everything, draws=50).table)
    assert int(table["n_units"].max()) == len(OWN)
    per_person = known.groupby("submission_id", observed=True)["row"]
    assert (per_person.count() == 1).all()


def test_a_second_launch_and_another_kernel_find_the_run_and_its_answers(make: Make) -> None:
    client = make()
    run = launched(client)
    again = launched(client, OWN.with_gold(GOLD, answers={"How?": "hidden_truth_column"}))
    assert (again.study_id, again.codebook) == (run.study_id, run.codebook)
    assert pnb.open_run(study_id=run.study_id, client=client).codebook == run.codebook
    corrected = GOLD.assign(hidden_truth_column="mixed")
    fixed = launched(client, OWN.with_gold(corrected, answers={"How?": "hidden_truth_column"}))
    assert fixed.study_id == run.study_id
    assert {value for _, value in pnb.open_run(study_id=run.study_id, client=client).codebook[0].gold} == {"mixed"}
    elsewhere = pnb.open_run(study_id=run.study_id, client=client, data=DATA, ledger="another.sqlite")
    assert elsewhere.codebook[0].gold == run.codebook[0].gold
    assert pnb.open_run(study_id=run.study_id, client=client, ledger="another.sqlite").codebook == run.codebook
    with pytest.raises(pnb.errors.SimilarRunError):
        launched(client, OWN)
    small = launched(make(), OWN.with_gold(GOLD.head(2), answers={"How?": "hidden_truth_column"}))
    with pytest.raises(InputError, match="could meet a gold row twice"):
        small.update(max_submissions=3)
    assert small.update(minutes=5).plan.minutes == 5


def test_another_machine_knows_the_size_of_the_groups(make: Make) -> None:
    client, plan = make(), replace(PLAN, tasks_per_group=8)
    data = OWN.select(OWN.row_keys[:10]).with_gold(GOLD, answers={"How?": "hidden_truth_column"})
    run = pnb.launch(client, data, DESIGN, plan, on_progress=silent)  # two groups, of 8 and 4: also of 6 and 6
    elsewhere = pnb.open_run(study_id=run.study_id, client=client, data=data, ledger="another.sqlite")
    assert (elsewhere.plan.tasks_per_group, elsewhere.codebook[0].gold) == (8, run.codebook[0].gold)


def test_another_process_arranges_the_same_upload(tmp_path: Path) -> None:
    OWN.to_csv(tmp_path / "own.csv")
    GOLD.to_csv(tmp_path / "gold.csv", index=False)
    code = (
        "import prolific_nb as pnb; from prolific_nb.data import arranged;"
        f"d = pnb.read_data({str(tmp_path / 'own.csv')!r}).with_gold({str(tmp_path / 'gold.csv')!r}, "
        "answers={'How?': 'hidden_truth_column'}); print(arranged(d, 5).upload.digest)"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.cwd())
    assert out.stdout.strip() == arranged(DATA, 5).upload.digest


LATER = MORE.with_gold(GOLD, answers={"How?": "hidden_truth_column"})


def test_added_rows_come_with_the_gold_rows_that_are_given(make: Make) -> None:
    client = make(speed=1)
    run = launched(client).publish(max_cost="120.00")
    quoted = run.quote_rows(LATER)
    assert (quoted.rows, quoted.groups, quoted.places) == (7, 2, 6)
    added = run.add_rows(LATER, max_cost="60.00")
    assert (added.rows, added.tasks, added.groups, added.places, added.remedy) == (7, 7, 2, 6, "")
    assert run.add_rows(LATER, max_cost="60.00").rows == 0
    assert len(run.codebook[0].gold) == 6
    reopened = pnb.open_run(study_id=run.study_id, client=client, data=DATA)
    assert set(reopened.codebook[0].gold) == set(run.codebook[0].gold)
    assert reopened.add_rows(LATER, max_cost="60.00").rows == 0  # the ledger knows them
    plain = run.add_rows(SAMPLE.iloc[30:32][["review", "sentiment"]], max_cost="60.00")
    assert (plain.rows, plain.groups, plain.places) == (2, 1, 3)
    assert set(launched(client).codebook[0].gold) == set(run.codebook[0].gold)  # the first cell, run again


def test_answers_about_added_gold_rows_are_left_out_too(make: Make) -> None:
    run = launched(make())
    run.add_rows(LATER)
    run.publish(max_cost="120.00").wait(timeout=60, on_progress=silent)
    assert run.data is not None
    assert len(run.data) == 14 + 5
    assert set(run.responses()["row"]) == set(run.data.row_keys)
    assert run.responses(checks=True)["row"].nunique() == 14 + 4 + 5 + 2


def test_gold_rows_cannot_be_added_where_groups_were_not_named(make: Make) -> None:
    run = launched(make(), OWN)
    with pytest.raises(DataError, match="launched without gold rows"):
        run.add_rows(MORE.with_gold(GOLD, answers={"How?": "hidden_truth_column"}))


def test_a_follow_up_and_a_copy_have_gold_rows_too(make: Make) -> None:
    run = finished(make())
    follow = run.follow_up(OWN.row_keys[:4], annotators=2)
    assert len(follow.codebook[0].gold) >= 1
    follow.publish(max_cost="60.00").wait(timeout=60, on_progress=silent)
    assert set(follow.responses()["row"]) == set(OWN.row_keys[:4])
    assert set(pnb.combine([run, follow])["row"]) == set(OWN.row_keys)
    copy = run.duplicate("Reviews again")
    assert copy.codebook[0].gold == run.codebook[0].gold
    assert run.duplicate("Reviews again").study_id == copy.study_id
    assert "with_gold(gold, answers=" in run.to_code()
    other = run.duplicate("Reviews again", OWN.with_gold(GOLD.head(4), answers={"How?": "hidden_truth_column"}))
    assert other.study_id != run.duplicate("Reviews again", OWN).study_id


def test_the_answers_of_an_interrupted_launch_stay_in_the_ledger(make: Make) -> None:
    run = launched(make())
    kept = json.loads(run.ledger.step(run.key, "truths").ident)  # type: ignore[union-attr]
    assert {value for _, value in kept[0]["gold"]} <= {"good", "bad", "mixed"}


def test_a_server_that_takes_gold_rows_for_duplicates_is_refused_with_advice(make: Make) -> None:
    few = OWN.with_gold(GOLD.head(2), answers={"How?": "hidden_truth_column"})
    with pytest.raises(StepFailed, match="add gold rows until each is in one"):
        launched(make(duplicates="shown"), few)


def test_gold_rows_go_into_the_groups_of_a_grouping_column(make: Make) -> None:
    frame = SAMPLE.head(9)[["review", "sentiment"]].assign(task_group_id=list("aabbbcccc"))
    run = finished(make(), pnb.read_data(frame).with_gold(GOLD, answers={"How?": "hidden_truth_column"}))
    everything = run.responses(checks=True)
    assert everything.groupby("task_group_id", observed=True)["row"].nunique().to_dict() == {"a": 3, "b": 4, "c": 5}
    assert everything.loc[everything["expected"].notna()].groupby("task_group_id")["row"].nunique().tolist() == [1] * 3
    assert set(run.responses()["row"]) == set(run.data.row_keys)
    assert isinstance(everything, pd.DataFrame)
