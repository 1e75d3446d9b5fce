"""What the tests of the audience do with its section, and what they read there."""

from __future__ import annotations

from typing import Any

import ipywidgets as w

import prolific_nb as pnb
from prolific_nb.api import Client
from prolific_nb.panels.planning.audience.chips import Chips
from prolific_nb.panels.planning.audience.picker import Picker
from prolific_nb.panels.planning.plan_panel import Plan

from ....conftest import DESIGN
from ...find import find, find_all, parsed, shown, until

AGE, WOMEN = pnb.Filter("age", between=(18, 40)), pnb.Filter("sex", any_of=["1"])
NASTY = "<img src=x onerror=alert(1)>"
MISSING = "6500000000000000000000aa"


OPENED: list[Plan] = []


def open_panel(client: Client | None, *filters: Any, **changes: Any) -> Plan:
    plan = pnb.StudyPlan("Reviews", reward="1.50", minutes=6, filters=filters, **changes)
    panel = Plan(plan, client=client, data=pnb.sample_data(), design=DESIGN)
    OPENED.append(panel)
    settle(panel)
    return panel


def settle(panel: Plan) -> None:
    """Wait until the lists have been read."""
    until(lambda: not panel._jobs)


def estimated(panel: Plan) -> str:
    """What the panel says once the cost is known and the participants are counted."""
    panel.estimator.join(60)
    return " ".join(parsed(shown(panel))[2].split())


def chips(panel: Plan) -> list[str]:
    """The texts of the chips, groups in brackets."""
    return [_text(node) for node in find(panel, Chips).nodes]


def _text(node: dict[str, Any]) -> str:
    if "children" not in node:
        return str(node["text"])
    return "[" + f" {node['word']} ".join(map(_text, node["children"])) + "]"


def search(panel: Plan, filter_id: str) -> None:
    """Open the list and choose a filter."""
    picker = find(panel, Picker, "Add a filter")
    picker.opened += 1
    until(lambda: picker.items)
    picker.chosen = [filter_id]
    settle(panel)
    assert picker.chosen == []


def click(panel: Plan, words: str) -> None:
    [visible] = [each for each in find_all(panel, w.Button, words) if seen(panel, each)]
    visible.click()


def seen(panel: Plan, widget: w.Widget) -> bool:
    def inside(node: Any) -> bool:
        if node is widget:
            return True
        hidden = getattr(node.layout, "display", None) == "none" if hasattr(node, "layout") else False
        return not hidden and any(map(inside, getattr(node, "children", ())))

    return inside(panel.box) and widget.layout.display != "none"


def press(panel: Plan, chip: str) -> None:
    find(panel, Chips).pressed = (chip, find(panel, Chips).pressed[1] + 1)
    settle(panel)


def delete(panel: Plan, chip: str) -> None:
    find(panel, Chips).removed = (chip, find(panel, Chips).removed[1] + 1)
