"""The links that `run.participate` gives, and where they lead."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import requests

import prolific_nb as pnb
from prolific_nb.api import Client, Token, Transport
from prolific_nb.sandbox import Sandbox
from prolific_nb.study.ledger import Ledger
from prolific_nb.workflow.participation import participate as participate_module
from prolific_nb.workflow.rehearsal.jumping_clock import JumpingClock
from tests.sandbox.routes.participate.colleague import Colleague

DESIGN = (
    pnb.Design("Feelings", introduction="<p>Read.</p>", steps="<p>Choose.</p>")
    .show("review")
    .choose("How?", ["a", "b"])
)
PLAN = pnb.StudyPlan("Feelings", reward="1.50", minutes=6, annotators_per_task=1, tasks_per_group=2)


@pytest.fixture
def run() -> Iterator[pnb.Run]:
    clock = JumpingClock()
    clock.step = 3.0
    with Sandbox(people=pnb.People.nobody(), answer_times="per_answer", wall=clock) as sandbox:
        client = Client(Transport(sandbox.url, Token(sandbox.token)), mode="SANDBOX", workspace=sandbox.workspace_id)
        client.ledger = Ledger(":memory:")
        yield pnb.launch(client, pnb.read_data(b"review\nGood.\nBad.\nFine.\nPoor.\n"), DESIGN, PLAN)


def test_colleagues_answers_are_those_of_a_run(
    run: pnb.Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draft = run.participate(2)
    assert "The study is a draft." in repr(draft)
    run.publish()
    made = run.participate(2)
    assert made.links == draft.links
    assert made.note == ""
    assert all(link in capsys.readouterr().out for link in made.links[:1])
    for link in made.links:
        someone = Colleague(link)
        someone.start()
        someone.answer_all()
    assert len(set(made.links)) == 2
    answers = run.wait().responses()
    assert sorted(answers["review"]) == ["Bad.", "Fine.", "Good.", "Poor."]
    assert set(answers["value"]) == {"a"}
    assert set(answers["seconds"].dropna()) == {6.0, 12.0}  # the first one with the instructions
    assert sorted(answers["position"]) == [1, 1, 2, 2]
    assert set(run.submissions()["status"]) == {"AWAITING REVIEW"}
    assert (run.export(tmp_path / "export") / "batch.json").exists()
    assert run.report() is not None
    assert "All places are taken." in run.participate().note


def test_a_live_study_is_refused(run: pnb.Run) -> None:
    run.client.mode = "LIVE"
    with pytest.raises(pnb.errors.LiveError, match="Colleagues take a study of a sandbox only"):
        run.participate()


@pytest.mark.parametrize("people", [0, -1, 1001])
def test_a_number_of_people_that_cannot_be_is_refused(run: pnb.Run, people: int) -> None:
    with pytest.raises(pnb.errors.ArgumentError, match="from 1 to 1000"):
        run.participate(people)


def test_a_number_of_numpy_is_a_number(run: pnb.Run) -> None:
    assert run.participate(np.int64(2)).links == run.participate(2).links  # type: ignore[arg-type]


def test_through_jupyters_proxy_the_link_is_a_path(run: pnb.Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(participate_module, "find_spec", lambda _: object())
    monkeypatch.setitem(os.environ, "JUPYTERHUB_SERVICE_PREFIX", "/user/ann")
    made = run.participate()
    port = run.client.url.rpartition(":")[2]
    assert made.links[0].startswith(f"/user/ann/proxy/{port}/participate/{run.study_id}/1/")
    assert made.open_link.startswith(f"/user/ann/proxy/{port}/participate/{run.study_id}/")
    assert "put its scheme and host before them" in made.reach


def test_the_html_links_to_each_person_and_holds_no_token(run: pnb.Run) -> None:
    made = run.participate(2)
    html = made._repr_html_()
    assert html.count("<a href=") == 2
    assert "ssh -L" in html
    assert requests.get(made.open_link).status_code == 200
