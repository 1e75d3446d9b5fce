"""Uses the results panel as a person does: its tabs, its question, its pictures."""

from __future__ import annotations

import base64
import re
from threading import enumerate as enumerate_threads
from typing import Any

import ipywidgets as w

from prolific_nb.panels.outcome.results_panel import Results

from ..find import everything, find, parsed, shown, until

TABS = ("Answers", "Charts", "Disputed", "Labels", "Agreement")

JOBS = tuple(f"job: {name}" for name in ("Getting the answers", "Scoring the agreement", "Saving the table"))


def text(panel: Results) -> str:
    return " ".join(parsed(re.sub(r"<style>.*?</style>", "", shown(panel), flags=re.DOTALL))[2].split())


def tab_text(panel: Results) -> str:
    """What the chosen tab shows."""
    html = "\n".join(each.value for each in everything(panel._shown.box) if isinstance(each, w.HTML))
    return " ".join(parsed(re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL))[2].split())


def settle(panel: Results) -> None:
    """Wait until nothing is being fetched or computed."""
    # What follows a job runs on its thread, after it has left the list of the panel.
    until(lambda: not any(each.name in JOBS for each in enumerate_threads()), 30)
    panel._computing.join(30)


def complete(run: Any) -> Results:
    """A panel that has fetched by itself."""
    panel = Results(run)
    until(lambda: panel.answers is not None, 30)
    settle(panel)
    assert panel.errors == []
    return panel


def choose(panel: Results, question: str) -> None:
    find(panel, w.Dropdown, "Question").value = question
    settle(panel)


def tab(panel: Results, name: str) -> None:
    panel._sections.tabs.value = name
    settle(panel)


def pictures(panel: Results) -> list[tuple[bytes, str]]:
    found = re.findall(r'<img src="data:image/png;base64,([^"]+)" alt="([^"]+)"', shown(panel))
    return [(base64.b64decode(data), alt) for data, alt in found]
