"""How many are enough, in plain Python: the point, the plan that takes it over, and the requests that it costs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from threading import current_thread

import ipywidgets as w
import pytest

import prolific_nb as pnb
from prolific_nb.api import Client, Token, Transport
from prolific_nb.panels.planning.plan_panel import Plan
from prolific_nb.panels.planning.precision.precision_section import PrecisionSection
from prolific_nb.report.narrative import SIMULATED
from prolific_nb.sandbox import Sandbox

from ....conftest import PLAN
from ...find import find, find_all, parsed, shown, until

NASTY = "<img src=x onerror=alert(1)>"
DESIGN = pnb.Design("R").show("review").write("Why?").choose("How?", ["good", "bad"]).choose(NASTY, ["a", "b", "c"])
SCALED = DESIGN.rate("Sure?", ["no", "rather", "very"])


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """One sandbox for all: plans and costs change nothing in it."""
    with Sandbox() as sandbox:
        yield Client(Transport(sandbox.url, Token(sandbox.token)), mode="SANDBOX")


def opened(panel: Plan) -> PrecisionSection:
    panel.enough.open = True
    section = panel._precision
    assert section is not None
    settled(section)
    return section


def settled(section: PrecisionSection) -> None:
    section.join(60)
    section.join(60)


def said(panel: Plan) -> str:
    return " ".join(parsed(re.sub("<style>.*?</style>", "", shown(panel), flags=re.DOTALL))[2].split())


def test_the_point_starts_at_the_plan_and_one_click_takes_its_annotators_over(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[str] = []
    real = type(client.studies).total_cost

    def noting(self: object, reward: int, places: int) -> int:
        threads.append(current_thread().name)
        return real(self, reward, places)

    total = pnb.quote(client, pnb.sample_data(), DESIGN, PLAN).total
    panel = Plan(PLAN, client=client, data=pnb.sample_data(), design=DESIGN)
    panel.estimator.join(60)
    assert find_all(panel, w.Dropdown, "Question") == []  # nothing is built before it is opened
    monkeypatch.setattr(type(client.studies), "total_cost", noting)
    section = opened(panel)
    assert (section.point.at, section.use.layout.display) == ([3, 120], "none")
    assert "3 annotators on 120 rows Krippendorff's α ± 0.1" in said(panel)
    assert f"60 places, {total}" in said(panel)
    section.point.at = [5, 120]  # as by the arrow keys
    settled(section)
    assert (section.annotators.value, section.rows.value) == (5, 120)
    assert "5 annotators on 120 rows" in said(panel)
    find(panel, w.Button, "Use 5 annotators").click()
    settled(section)
    assert panel.value.annotators_per_task == 5
    assert "The plan, 5 annotators on 120 rows, gives" in said(panel)
    assert all(name.startswith("debouncer: the ") for name in threads)
    threads.clear()
    section.rows.value = 500
    settled(section)
    assert section.point.at == [5, 500]
    assert "The data has 120 rows" in said(panel)
    assert len(threads) <= 1
    assert panel.errors == []


def test_the_code_computes_what_is_shown(client: Client) -> None:
    panel = Plan(PLAN, data=pnb.sample_data(), design=SCALED)
    section = opened(panel)
    assert "Costs are the rewards alone" in said(panel)
    find(panel, w.BoundedIntText, "Most frequent label (%)").value = 70
    find(panel, w.BoundedFloatText, "Target ±").value = 0.08
    settled(section)
    names: dict[str, object] = {}
    asked = section.asked()
    assert "prevalence=0.7" in panel.code()
    exec(panel.code().replace("client = pnb.connect()\n", "").replace("found.plot()\n", ""), names)
    assert names["found"].words in said(panel)  # type: ignore[attr-defined]
    assert (asked.options, asked.precision) == (2, 0.08)
    section.question.index = 2
    assert "skill=0.8, options=3, precision=0.08, scale=True, annotators=range(2, 8)" in panel.code()
    assert section.frequent.layout.display == "none"


def test_a_question_of_a_researcher_is_shown_as_text() -> None:
    panel = Plan(PLAN, data=pnb.sample_data(), design=DESIGN)
    section = opened(panel)
    section.question.index = 1
    settled(section)
    assert section.asked().options == 3
    tags, attributes, _ = parsed(shown(panel))
    assert "img" not in tags
    assert not [name for name in attributes if name.startswith("on")]
    assert section.point.light.startswith("<?xml")
    assert section.point.light != section.point.dark
    panel.design.set(None)
    settled(section)
    assert section.question.options == ("none yet: supposing 2 labels",)
    assert section.asked().options == 2
    assert panel.errors == []


def test_a_plan_in_another_currency_says_so_and_recovers(client: Client) -> None:
    panel = Plan(PLAN, client=client, data=pnb.sample_data(), design=DESIGN)
    section = opened(panel)
    find(panel, w.Text, "Reward").value = "1.50 USD"
    settled(section)
    assert section._shown.layout.display == "none"
    assert "USD" in section._busy.value
    find(panel, w.Text, "Reward").value = "1.50"
    settled(section)
    until(lambda: section._shown.layout.display is None)
    assert panel.errors == []


def test_an_earlier_run_of_the_same_question_is_the_pilot() -> None:
    with Sandbox(speed=600) as sandbox:
        client = Client(Transport(sandbox.url, Token(sandbox.token)), mode="SANDBOX")
        data = pnb.read_data(pnb.sample_data().head(24))
        pnb.launch(client, data, DESIGN, PLAN).publish().wait()
        panel = Plan(PLAN, client=client, data=pnb.sample_data(), design=DESIGN)
        section = opened(panel)
        [_, (line, key)] = section.basis.options
        assert line.startswith("answers of Reviews, 20")
        section.basis.value = key
        settled(section)
        assert section.skill.layout.display == "none"
        assert "Computed from a pilot of 24 rows" in said(panel)
        assert SIMULATED in said(panel)
        assert f'pilot = pnb.open_run("{key}", client=client)' in panel.code()
        assert 'pnb.sample_size(pilot, question="How?", precision=0.05' in panel.code()
        panel.design.set(pnb.Design("R").choose("How?", ["good", "bad", "both"]))  # other options
        settled(section)
        assert (section.basis.value, section.basis.layout.display) == ("", "none")
        assert panel.errors == []
