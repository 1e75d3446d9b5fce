"""Buttons and fields used from many threads at once, as JupyterLab's subshells do: no deadlock, no lost edit."""

from __future__ import annotations

import faulthandler
import logging
import random
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import ipywidgets as w
import pytest

import prolific_nb as pnb
from prolific_nb.common.progress import silent
from prolific_nb.panels import Studio
from prolific_nb.panels.compose.rich_text import RichText
from prolific_nb.panels.files.column_cards import ColumnCards
from prolific_nb.panels.kit.sortable_list import Sortable
from prolific_nb.panels.reviewing.submission_list import SubmissionTable
from prolific_nb.panels.shell.step_header import StepHeader

from ...conftest import DESIGN, PLAN
from ..find import everything, find, until
from .conftest import Clock
from .opened import quiet

SECONDS = 2.0
THREADS = 6
# A random path would read files of the machine, and going live needs a server.
LEFT_ALONE = {"Files", "Path", "Go live: real participants and real money"}
UNEXPECTED = re.compile(r"^\w+(Error|Exception|Interrupt): ")
"""How a panel words an exception that is not one of the package's own."""


@pytest.fixture
def failures(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """What fails outside of any panel: in a thread, a listener, or the handling of a message."""
    found: list[str] = []
    monkeypatch.setattr(threading, "excepthook", lambda failed: found.append(repr(failed.exc_value)))
    caplog.set_level(logging.ERROR)
    yield found
    found += [f"{each.getMessage()} {each.exc_text}" for each in caplog.records]
    assert found == []


def together(*acts: Callable[[], None]) -> None:
    """Run acts at once, each on a thread; if one does not end, print where all of them are."""
    threads = [threading.Thread(target=act, daemon=True) for act in acts]
    for each in threads:
        each.start()
    deadline = time.monotonic() + SECONDS + 40
    for each in threads:
        each.join(max(deadline - time.monotonic(), 0))
    if any(each.is_alive() for each in threads):
        faulthandler.dump_traceback(sys.stderr)
        pytest.fail("a thread does not end")


def used(widget: Any, dice: random.Random) -> bool:
    """Do to a widget what a browser may do; False if it has nothing to use."""
    if isinstance(widget, w.Button):
        widget._handle_custom_msg({"event": "click"}, [])
    elif isinstance(widget, w.ToggleButton | w.Checkbox):
        widget.set_state({"value": not widget.value})
    elif isinstance(widget, w.ToggleButtons | w.Dropdown | w.Select):
        if widget.options:
            widget.set_state({"index": dice.randrange(len(widget.options))})
    elif isinstance(widget, w.Text | w.Textarea | w.Combobox | RichText):
        widget.set_state({"value": dice.choice(["", "1.50", "12", "Reviews of cats", "<b>bold</b>"])})
    elif isinstance(widget, w.IntText | w.BoundedIntText | w.FloatText):
        widget.set_state({"value": dice.randrange(1, 9)})
    elif isinstance(widget, Sortable):
        order = list(widget.order)
        dice.shuffle(order)
        widget.set_state({"order": order, "_asked": widget._asked + 1})
    elif isinstance(widget, ColumnCards):
        for card in widget.columns[:1]:
            widget._handle_custom_msg({"column": card["name"], "kind": dice.choice(["text", "other"])}, [])
    elif isinstance(widget, SubmissionTable):
        ids = [row["id"] for row in widget.rows]
        widget.set_state({"selected": dice.sample(ids, min(len(ids), 3))})
    elif isinstance(widget, StepHeader):
        widget.set_state({"shown": not widget.shown})
    else:
        return False
    return True


def play(studio: Studio, seed: int, counts: list[int]) -> None:
    dice, end = random.Random(seed), time.monotonic() + SECONDS
    while time.monotonic() < end:
        there = [each for each in everything(studio.box) if getattr(each, "description", "") not in LEFT_ALONE]
        dice.shuffle(there)
        for each in there[:40]:
            counts[seed] += used(each, dice)
            if time.monotonic() >= end:
                return


@pytest.mark.parametrize("running", [False, True], ids=["before a study", "with a study"])
def test_everything_is_used_from_many_threads(
    running: bool, open_studio: Callable[..., Studio], clock: Clock, failures: list[str]
) -> None:
    data = pnb.read_data(pnb.sample_data().head(24))
    studio = open_studio(data=data, design=DESIGN, plan=PLAN)
    if running:
        run = pnb.launch(studio.desk.client.value, data, DESIGN, PLAN, on_progress=silent).publish(max_cost="27.24")
        clock.minutes(600)
        studio.desk.run.set(run)
    for view in studio.views.values():
        view.open = True
    quiet(studio)
    counts = [0] * THREADS
    together(*(lambda seed=seed: play(studio, seed, counts) for seed in range(THREADS)))
    assert sum(counts) > 100
    quiet(studio)
    wrong = [each for panel in (studio, *studio.panels.values()) for each in panel.errors if UNEXPECTED.match(each)]
    assert sorted(set(wrong)) == []
    studio.desk.design.set(pnb.Design("Still alive").show("review").choose("How?", ["good", "bad"]))
    until(lambda: find(studio.panels["compose"], w.Text, "Task name").value == "Still alive")
    until(lambda: studio.views["compose"].header.words.startswith("Still alive"))


def test_no_edit_is_lost(open_studio: Callable[..., Studio], failures: list[str]) -> None:
    """Each field is typed into on a thread of its own; the values are those that were typed last."""
    studio = open_studio(data=pnb.read_data(pnb.sample_data().head(24)), design=DESIGN, plan=PLAN)
    other = Studio(studio.desk)
    for each in (studio, other):
        each.views["compose"].open = each.views["plan"].open = True
    compose, plan = studio.panels["compose"], other.panels["plan"]
    name = find(compose, w.Text, "Task name")
    fields: dict[Any, Any] = {
        find(plan, w.Text, "Reward"): lambda n: f"{1 + n / 100:.2f}",
        find(plan, w.FloatText, "Minutes"): lambda n: 5.0 + n,
        find(plan, w.IntText, "Annotators per task"): lambda n: 1 + n,
        find(plan, w.IntText, "Tasks per group"): lambda n: 1 + n,
    }

    def typed(field: Any, word: Callable[[int], Any], last: int = 40) -> Callable[[], None]:
        return lambda: [field.set_state({"value": word(n)}) for n in range(last + 1)] and None

    adds = find(compose, w.Button, "Duplicate")
    together(
        typed(name, lambda n: f"Name {n}"),
        *(typed(field, word) for field, word in fields.items()),
        lambda: [adds._handle_custom_msg({"event": "click"}, []) for _ in range(10)] and None,
        lambda: [other.desk.design.update(lambda design: design.write("Why?")) for _ in range(10)] and None,
    )
    until(lambda: studio.desk.design.value.name == "Name 40")
    value = studio.desk.plan.value
    assert (str(value.reward), value.minutes, value.annotators_per_task, value.tasks_per_group) == ("1.40", 45, 41, 41)
    assert len(studio.desk.design.value.entries) == len(DESIGN.entries) + 20
    for panel, label, shown in (
        (studio.panels["plan"], "Reward", "1.40"),
        (other.panels["compose"], "Task name", "Name 40"),
    ):
        until(lambda panel=panel, label=label, shown=shown: find(panel, w.Text, label).value == shown)
    assert [each.errors for one in (studio, other) for each in one.panels.values()] == [[]] * 16
    other.close()
