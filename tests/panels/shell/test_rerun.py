"""A cell that is run again continues where it was; earlier studies can be opened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import ipywidgets as w
import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.common.progress import silent
from prolific_nb.panels import Studio
from prolific_nb.panels.kit import panel as kit

from ..find import find, models, until

Cell = Callable[[str, str], None]


class Shell:
    """A kernel's shell, as far as a panel asks it which cell is running."""

    def __init__(self) -> None:
        self.parent: dict[str, Any] = {}

    def get_parent(self) -> dict[str, Any]:
        return self.parent


@pytest.fixture
def cell(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cell]:
    """Makes the following code that of a cell, with an id (or none) and its source."""
    shell, executions = Shell(), count()
    monkeypatch.setattr(kit, "get_ipython", lambda: shell)

    def run(source: str, ident: str = "") -> None:
        metadata = {"cellId": ident} if ident else {}
        shell.parent = {"metadata": metadata, "header": {"msg_id": str(next(executions))}, "content": {"code": source}}

    yield run
    for _, panels in list(kit._by_cell.values()):
        for each in panels:
            each.close()
    kit._by_cell.clear()


FRAME = pd.DataFrame({"review": ["Fine.", "It broke.", "Late."]})


@pytest.mark.parametrize("ident", ["cell-1", ""], ids=["with a cell id", "without"])
@pytest.mark.parametrize(
    "start", [None, FRAME, pnb.read_data(FRAME), pnb.Design("Reviews").show("review").choose("How?", ["a", "b"])]
)
def test_the_same_cell_continues_where_it_was(start: Any, ident: str, cell: Cell) -> None:
    cell("studio = pnb.studio(start)", ident)
    first = pnb.studio(start)
    first.desk.design.set(pnb.Design("Edited").write("Why?"))
    cell("studio = pnb.studio(start)", ident)
    again = pnb.studio(start.copy() if isinstance(start, pd.DataFrame) else start)
    assert again.desk.design.value.name == "Edited"
    assert first.closed
    assert not again.closed


@pytest.mark.parametrize("ident", ["cell-1", ""])
def test_another_start_begins_anew(ident: str, cell: Cell) -> None:
    cell("pnb.studio(data)", ident)
    first = pnb.studio(FRAME)
    first.desk.design.set(pnb.Design("Edited").write("Why?"))
    cell("pnb.studio(data)", ident)
    assert pnb.studio(FRAME.iloc[:2]).desk.design.value.name != "Edited"
    assert first.closed


def test_cells_without_ids_are_known_by_their_code(cell: Cell) -> None:
    cell("one = pnb.studio()", "")
    one = pnb.studio()
    cell("two = pnb.studio()  # another cell", "")
    two = pnb.studio()
    assert not one.closed
    assert one.desk is not two.desk


def test_an_earlier_study_is_opened_from_the_ledger(request: pytest.FixtureRequest) -> None:
    client = pnb.connect()
    plan = pnb.StudyPlan("Three <b>reviews", reward="1.50", minutes=6)
    design = pnb.Design("Reviews").show("review").choose("How?", ["good", "bad"])
    run = pnb.launch(client, FRAME, design, plan, on_progress=silent)
    studio = Studio(kit_desk(client))
    request.addfinalizer(studio.close)
    find(studio, w.ToggleButton, "Open a study").value = True
    picker = find(studio, w.Dropdown, "Study")
    assert [label.split(" · ", 1)[1] for label, _ in picker.options] == ["Three <b>reviews · draft"]
    find(studio, w.Button, "Open this study").click()
    until(lambda: studio.desk.run.value is not None)
    assert studio.desk.run.value.study_id == run.study_id
    assert (studio.desk.design.value, studio.desk.plan.value.name) == (design, plan.name)
    until(lambda: studio.views["launch"].open)
    assert studio.errors == []


def kit_desk(client: Any) -> Any:
    desk = pnb.panels.Desk()
    desk.client.set(client)
    return desk


def test_a_closed_studio_leaves_no_widget(request: pytest.FixtureRequest) -> None:
    before = models()
    studio = pnb.studio(FRAME)
    for view in studio.views.values():
        view.open = True
    assert models() > before
    studio.close()
    assert models() == before
