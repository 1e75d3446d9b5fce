"""Uses the launch panel as a person does: its buttons and text, and the steps to a running study."""

from __future__ import annotations

import re

import ipywidgets as w

from prolific_nb.panels.kit.panel import Panel
from prolific_nb.panels.launching.launch_panel import Launch
from prolific_nb.workflow.run import Run

from .find import everything, find, parsed, shown, until


def button(panel: Launch, name: str) -> w.Button:
    return find(panel, w.Button, name)


def visible(panel: Panel, wanted: w.Widget) -> bool:
    """Whether a widget and all its parents are shown."""
    around = [each for each in everything(panel.box) if wanted in everything(each) and hasattr(each, "layout")]
    return all(each.layout.display != "none" for each in around)


def text(panel: Launch) -> str:
    return parsed(re.sub("<style>.*?</style>", "", shown(panel), flags=re.DOTALL))[2]


def create(panel: Launch) -> Run:
    button(panel, "Create draft").click()
    until(lambda: panel.value is not None and visible(panel, button(panel, "Publish")))
    until(lambda: "Publishing costs" in text(panel) or "publishing spends" in text(panel))
    assert panel.errors == []
    return panel.value


def publish(panel: Launch) -> Run:
    run = create(panel)
    button(panel, "Publish").click()
    # The poller may see the study running before the publishing Job has ended; until then the buttons are disabled.
    until(lambda: visible(panel, button(panel, "Stop")) and not button(panel, "Stop").disabled)
    return run


def studies(panel: Launch) -> int:
    return len(list(panel.client.value.studies.list()))
