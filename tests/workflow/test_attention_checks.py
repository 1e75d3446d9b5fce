"""Attention checks from launch to agreement: their right answers stay here, and their answers are scored apart."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
import requests

import prolific_nb as pnb
from prolific_nb.common.progress import silent
from prolific_nb.errors import ArgumentError
from prolific_nb.workflow.run import Run

from ..conftest import PLAN, Connect

READ = "To show that you have read this, choose “never”."
OPTIONS = ["always", "sometimes", "never"]
ASKED = pnb.Design("Reviews").show("review").choose("How?", ["good", "bad", "mixed"])
CHECKED = ASKED.attention(READ, OPTIONS, right="never")
DATA = pnb.read_data(pnb.sample_data().head(12))
both_flows = pytest.mark.parametrize("flow", ["layout", "instructions"])
pytestmark = pytest.mark.filterwarnings("ignore:Prolific announced the end")


def launched(client: Any, design: pnb.Design = CHECKED, **named: Any) -> Run:
    return pnb.launch(client, DATA, design, PLAN, on_progress=silent, **named)


def sent_by(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every request from now on: its method, path and body."""
    seen: list[str] = []
    send = requests.Session.send

    def record(session: requests.Session, request: requests.PreparedRequest, **named: Any) -> requests.Response:
        body: Any = request.body or b""
        if hasattr(body, "read"):
            body = body.read()
            request.body = BytesIO(body)  # type: ignore[assignment]
        content = body.encode() if isinstance(body, str) else body
        seen.append(f"{request.method} {request.path_url} {content.decode('utf-8', 'replace')}")
        return send(session, request, **named)

    monkeypatch.setattr(requests.Session, "send", record)
    return seen


@both_flows
def test_a_launch_sends_what_it_would_send_without_right_answers(
    sandboxed: Connect, monkeypatch: pytest.MonkeyPatch, flow: str
) -> None:
    seen = sent_by(monkeypatch)
    launched(sandboxed(), flow=flow)
    with_check, _ = seen.copy(), seen.clear()
    launched(sandboxed(), ASKED.choose(READ, OPTIONS), flow=flow, ledger="other.sqlite")
    assert written(with_check) == written(seen)
    assert sum("To show that you have read this" in each for each in seen) == 1
    assert not any('"right"' in each for each in with_check)


def written(requests: list[str]) -> list[str]:
    """The requests that write, without what is drawn anew for each: boundaries and signatures of uploads."""
    kept = [each for each in requests if not each.startswith("GET ")]
    return [re.sub(r"[0-9a-f]{32}|expires=\S+", "…", each) for each in kept]


@both_flows
def test_checks_are_left_out_unless_they_are_asked_for(
    sandboxed: Connect, capsys: pytest.CaptureFixture[str], flow: str
) -> None:
    run = launched(sandboxed(), flow=flow).publish(max_cost="120.00").wait(timeout=60, on_progress=silent)
    capsys.readouterr()
    answers = run.responses()
    assert set(answers["question"].cat.categories) == {"How?"}
    assert "expected" not in answers
    run.responses()
    assert capsys.readouterr().out.count("Left out: 36 answers to attention checks.") == 1
    assert "Left out: 36 answers to attention checks." in run.agreement().words
    everything = run.responses(checks=True)
    assert everything.loc[everything["question"] == READ, "expected"].eq("never").all()
    assert everything.loc[everything["question"] == "How?", "expected"].isna().all()
    report = pnb.agreement(everything)
    assert report.words == run.agreement().words
    assert "Left out: 36 answers to attention checks." in report.to_methods()
    assert len(pnb.disagreements(everything)) + sum(pnb.aggregate_labels(everything)["share"] == 1) == len(DATA)
    assert pnb.agreement(everything, questions=READ).scored[0].question == READ
    assert set(run.latest(100)["question"]) == {"How?", READ}
    assert "checks" not in pnb.combine([run], checks=True).attrs
    assert pnb.combine([run], checks=True)["expected"].eq("never").sum() == 36
    assert pnb.combine([run]).attrs["checks"] == f"Study {run.study_id}: Left out: 36 answers to attention checks."


def test_another_kernel_knows_the_right_answers(sandboxed: Connect) -> None:
    client = sandboxed()
    run = launched(client)
    with pytest.raises(ArgumentError, match="is an attention check"):
        run.responses(question=READ)
    again = pnb.open_run(study_id=run.study_id, client=client, data=DATA)
    assert again.codebook == run.codebook
    assert again.design == CHECKED
    assert again.codebook.find(READ).right == "never"
    assert again.duplicate("Reviews, part 2").codebook.find(READ).right == "never"


def test_another_machine_learns_them_by_launching_again(sandboxed: Connect) -> None:
    client = sandboxed()
    run = launched(client)
    opened = {"study_id": run.study_id, "client": client, "ledger": "elsewhere.sqlite"}
    assert pnb.open_run(**opened).codebook.find(READ).right is None
    assert launched(client, ledger="elsewhere.sqlite").study_id == run.study_id
    assert pnb.open_run(**opened).codebook.find(READ).right == "never"


def test_a_corrected_right_answer_is_the_same_study(sandboxed: Connect, capsys: pytest.CaptureFixture[str]) -> None:
    client = sandboxed()
    run = launched(client, ASKED.attention(READ, OPTIONS, right="sometimes"))
    capsys.readouterr()
    corrected = launched(client)
    assert corrected.study_id == run.study_id
    assert corrected.codebook.find(READ).right == "never"
    assert "changed by run.update" not in capsys.readouterr().out
    assert pnb.open_run(study_id=run.study_id, client=client).design == CHECKED
