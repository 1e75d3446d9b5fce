"""The token is in no trait, card, code or error of any panel, in any state of a study."""

from __future__ import annotations

from collections.abc import Iterator

import ipywidgets as w
import pytest

import prolific_nb as pnb
from prolific_nb.api import Client, Token, Transport
from prolific_nb.api.polling import PollIntervals
from prolific_nb.common.progress import silent
from prolific_nb.panels import Studio
from prolific_nb.panels.shell.studio_state import StudioState
from prolific_nb.sandbox import Fault, Sandbox

from ...conftest import DESIGN, PLAN
from ...faults.test_secrets import leaks, planted, planted_sandbox
from ..find import find, until
from .opened import open_all, quiet, states_of

DATA = pnb.read_data(pnb.sample_data().head(12))


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    with planted_sandbox() as served:
        monkeypatch.setenv("PROLIFIC_TOKEN", planted())
        monkeypatch.setenv("PROLIFIC_URL", served.url)
        yield served


def test_the_token_is_nowhere(place: Sandbox, request: pytest.FixtureRequest) -> None:
    client = Client(Transport(place.url, Token(planted()), sleep=lambda _: None), mode="LIVE")
    client.pace = PollIntervals(job=0.01, study=0.05)
    desk = StudioState()
    desk.client.set(client)
    studio = Studio(desk)
    request.addfinalizer(studio.close)
    looked: list[str] = []

    def look(state: str) -> None:
        quiet(studio)
        looked.append(state)
        assert leaks(**states_of(studio)) == [], state

    look("nothing chosen")
    for name, value in {"data": DATA, "design": DESIGN, "plan": PLAN}.items():
        getattr(desk, name).set(value)
    open_all(studio)
    look("ready")
    place.faults.add(Fault("setupBatch", "ERROR"))
    find(studio.panels["launch"], w.Button, "Create draft").click()
    until(lambda: studio.panels["launch"].errors)
    look("failed launch")
    desk.run.set(pnb.launch(client, DATA, DESIGN, PLAN, on_progress=silent))
    look("draft")
    desk.run.value.publish(max_cost="99.00").wait(30, on_progress=silent)
    until(lambda: "answers by" in str(studio.panels["results"].summary()))
    open_all(studio)
    look("answered")
    desk.run.value.bonus_to("90.00").apply(max_cost="99.00")
    look("reviewed")
    desk.client.set(Client(Transport("http://127.0.0.1:9", Token(planted()), sleep=lambda _: None), mode="LIVE"))
    until(lambda: studio.panels["connection"].errors)
    look("no connection")
    assert looked == ["nothing chosen", "ready", "failed launch", "draft", "answered", "reviewed", "no connection"]


def test_a_token_in_a_panel_would_be_found(place: Sandbox, request: pytest.FixtureRequest) -> None:
    studio = Studio(StudioState())
    request.addfinalizer(studio.close)
    studio.panels["plan"].errors.append(f"refused: {planted()}")
    studio.views["review"].header.title += planted()
    assert {"traits", "plan"} <= set(leaks(**states_of(studio)))
