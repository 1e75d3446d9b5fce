"""axe-core on every step of the studio, in light and dark: no violation of WCAG 2.1 A or AA.

That includes what ipywidgets renders: its labels, fields and buttons have none either.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import JSHandle, expect

from .lab import Lab, NotebookPage, Theme
from .steps import TITLES, button, choose, panel

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
# What is unfolded is judged in its own step, and everything once more at the end; in dark only by its contrast, since
# a theme changes nothing but colours.
JUDGE = """async (given) => {
    const [within, rules] = given || [null, null];
    const all = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];
    const only = rules ? { type: 'rule', values: rules } : { type: 'tag', values: all };
    const found = await axe.run(within || document.querySelector('.pnb-studio'), { runOnly: only });
    const lines = found.violations.flatMap(
        (each) => each.nodes.map((node) => `${each.id}: ${node.html.slice(0, 160)} — ${node.failureSummary}`));
    return [found.passes.length, lines];
}"""
EMPTY = "studio = pnb.studio()\nstudio"
FAULTY = """import pandas as pd
studio = pnb.studio(pd.DataFrame({"a": ["x", "", "x"], "photo": ["https://a.org/1.png", "no url", ""]}))
studio.desk.design.set(pnb.Design("").show("gone").choose("", ["one"]))
studio"""
ENDED = """client = pnb.connect()
plan = pnb.StudyPlan("Reviews", reward="1.50", minutes=6)
design = pnb.Design("Reviews").show("review").choose("How?", ["good", "bad"]).write("Why?")
run = pnb.launch(client, pnb.sample_data(), design, plan).publish(max_cost="999.00").wait()
studio = pnb.studio(run)
studio"""
DRAFT = ENDED.replace('.publish(max_cost="999.00").wait()', "")
UNFOLDED = {"empty": ("light",), "ended": ("light", "dark")}  # the same parts are folded in the other states
STATES = {"empty": EMPTY, "faulty": FAULTY, "draft": DRAFT, "ended": ENDED}


@pytest.fixture(scope="module", params=STATES)
def state(request: pytest.FixtureRequest, lab: Lab) -> Iterator[NotebookPage]:
    page = lab.open(["import prolific_nb as pnb", STATES[request.param]]).run_all()
    expect(page.panel.locator(".pnb-bar")).to_be_visible()
    if request.param == "draft":
        rehearse_and_take(page)
    page.page.add_script_tag(content=AXE)
    yield page
    page.close()


def rehearse_and_take(page: NotebookPage) -> None:
    """Rehearse the study, and begin to take its task oneself."""
    button(page, "rehearse", "Rehearse").click()
    panel(page, "compose")
    choose(page, "Take it")
    expect(panel(page, "compose").locator(".pnb-take")).to_be_visible()
    expect(panel(page, "rehearse").get_by_text("Rehearsals so far")).to_be_visible(timeout=60_000)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_step_has_no_violation(theme: Theme, state: NotebookPage, request: pytest.FixtureRequest) -> None:
    state.lab.theme(theme)
    shown = state.execute("print(*studio.views)").split()
    for name in ("connection", *(each for each in TITLES if each in shown)):
        expect(panel(state, name)).to_be_visible()
    state.page.wait_for_timeout(1_500)  # findings, charts and lists arrive from threads
    passes, violations = state.page.evaluate(JUDGE, [None, None])
    rules = ["color-contrast"] if theme == "dark" else None
    if theme in UNFOLDED.get(request.node.callspec.params["state"], ()):
        for unfolded, step in unfold(state):
            violations += [f"{unfolded}: {line}" for line in state.page.evaluate(JUDGE, [step, rules])[1]]
        violations += state.page.evaluate(JUDGE, [None, rules])[1]
    state.lab.theme("light")
    assert passes > 20
    assert violations == []


def unfold(page: NotebookPage) -> Iterator[tuple[str, JSHandle]]:
    """Opens what is folded in the steps, one after the other; its name, and the panel of its step."""
    for what in (".pnb-fold", ".pnb-tabs button"):
        for each in page.panel.locator(f".pnb-studio {what}:visible").all():
            step = each.evaluate_handle("fold => fold.closest('.pnb-panel')")
            each.click()
            page.page.wait_for_timeout(500)
            yield each.inner_text(), step
