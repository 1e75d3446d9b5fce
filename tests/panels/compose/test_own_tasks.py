"""Taking ten tasks in the composer: where the answers are kept, and what follows from them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ipywidgets as w
import pytest

import prolific_nb as pnb
from prolific_nb.panels import Composer
from prolific_nb.panels.compose.own_tasks import OwnTasks
from prolific_nb.panels.kit.observable import Observable

from ..find import find, find_all, models, shown, until

DESIGN = pnb.Design("Reviews").show("review").choose("How?", ["good", "bad"])
SAMPLE = pnb.sample_data()
DATA = SAMPLE.select(SAMPLE.row_keys[:24])
PLAN = pnb.StudyPlan("Reviews", reward="1.50", minutes=6)


@pytest.fixture
def composer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Composer]:
    monkeypatch.chdir(tmp_path)
    made = Composer(DESIGN, Observable(DATA), plan=Observable(PLAN))
    yield made
    made.close()


def choose(composer: Composer, mode: str) -> OwnTasks:
    choice = next(each for each in find_all(composer, w.ToggleButtons) if "Take it" in each._options_labels)
    choice.value = mode
    assert composer.errors == []
    return composer.taken


def answer(tasks: OwnTasks, label: str, seconds: float = 20.0, rows: int = 4) -> None:
    """Answer the next tasks, as the desk does."""
    assert tasks.desk is not None
    for row in tasks.desk.left[:rows]:
        assert tasks.desk.value.answer(row, {"p1-r2-c1-i1": [label]}, seconds=seconds) == ()
    tasks.desk.announce()


def visible(widget: Any) -> bool:
    return bool(widget.layout.display != "none")


def test_nothing_is_made_before_it_is_asked_for(composer: Composer, tmp_path: Path) -> None:
    assert composer.taken.box is None
    before = models()
    tasks = choose(composer, "take")
    assert models() > before
    assert tasks.desk is not None
    assert len(tasks.desk.value.rows) == 10
    assert list(tmp_path.glob("*.jsonl")) == []  # the file is made by the first answer


def test_minutes_and_reward_go_into_the_plan_and_are_undone_there(composer: Composer) -> None:
    tasks = choose(composer, "take")
    assert not visible(find(composer, w.Checkbox))
    answer(tasks, "good", seconds=40)
    assert "seconds a task (median of 4)" in shown(composer)
    use, reward = find(composer, w.Button, "Put 9 minutes into the plan"), find(composer, w.Checkbox)
    reward.value = True
    use.click()
    # The pay per hour of the plan stays, since it is above what is recommended.
    assert (composer.plan.value.minutes, composer.plan.value.pay) == (9, pnb.Money.parse("2.25"))
    assert use.disabled
    composer.plan.undo()
    reward.value = False
    use.click()
    assert (composer.plan.value.minutes, composer.plan.value.reward) == (9, PLAN.reward)
    composer.plan.undo()
    assert composer.plan.value == PLAN
    assert not use.disabled
    assert composer.errors == []


def test_a_plan_that_was_never_opened_gets_the_minutes(composer: Composer) -> None:
    composer.plan.set(None)
    answer(choose(composer, "take"), "good", seconds=40)
    find(composer, w.Button, "Put 9 minutes into the plan").click()
    assert (composer.plan.value.name, composer.plan.value.minutes) == ("Reviews", 9)


def test_labels_become_gold_rows_and_leave_the_others(composer: Composer) -> None:
    tasks = choose(composer, "take")
    answer(tasks, "good", rows=3)
    before = composer.data.value
    find(composer, w.Button, "Make these gold rows").click()
    until(lambda: "3 rows are gold rows now" in shown(composer), 60)
    assert (len(composer.data.value), len(composer.data.value.gold)) == (21, 3)
    program = composer.show_code()
    scope: dict[str, Any] = {}
    exec(program, scope)
    assert scope["data"].digest == composer.data.value.digest
    assert len(scope["data"].gold) == 3
    composer.data.undo()
    assert composer.data.value is before
    assert composer.errors == []


def test_another_question_has_another_file_and_the_first_goes_on(composer: Composer, tmp_path: Path) -> None:
    tasks = choose(composer, "take")
    answer(tasks, "good", rows=2)
    composer.held.update(lambda design: design.edit(-1, description="How is it?"))
    assert "were edited since" in shown(composer)
    find(composer, w.Button, "Take it as it is now").click()
    assert len(tasks.desk.left) == 10  # type: ignore[union-attr]
    answer(tasks, "bad", rows=1)
    composer.held.undo()
    choose(composer, "edit")
    choose(composer, "take")
    assert len(tasks.desk.left) == 8  # type: ignore[union-attr]
    assert len(list(tmp_path.glob("*.jsonl"))) == 2
    assert "labels-" in str(composer.summary()["taken"])


def test_other_rows_have_another_file(composer: Composer, tmp_path: Path) -> None:
    answer(choose(composer, "take"), "good", rows=2)
    composer.data.set(SAMPLE.select(SAMPLE.row_keys[24:]))
    find(composer, w.Button, "Take it as it is now").click()
    answer(composer.taken, "bad", rows=1)
    assert sorted(file.name.count("-") for file in tmp_path.glob("*.jsonl")) == [1, 2]
    assert composer.errors == []


def test_what_cannot_be_taken_says_why(composer: Composer) -> None:
    composer.held.update(lambda design: design.edit(-1, options=["only one"]))
    tasks = choose(composer, "take")
    assert tasks.desk is None
    assert "option" in shown(composer)
    composer.held.undo()
    assert tasks.desk is not None
    composer.data.set(None)
    choose(composer, "edit")
    choose(composer, "take")
    assert "Choose the rows first" in shown(composer)
    assert composer.errors == []


def test_a_closed_composer_leaves_nothing() -> None:
    before = models()
    made = Composer(DESIGN, DATA)
    choose(made, "take")
    made.close()
    assert models() == before
