"""The token is in no saved or exported notebook, widget states and tracebacks included."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from nbformat.v4 import new_code_cell, new_notebook

from prolific_nb.sandbox import Sandbox

from ..kernels import use_low_ports
from .test_secrets import PLANTED, leaks, planted_sandbox

use_low_ports()

SET_UP = """
%xmode Verbose
import logging, os
import prolific_nb as pnb
logging.basicConfig(level=logging.DEBUG)
print(len(os.environ["PROLIFIC_TOKEN"]), "letters")
"""
STUDIO = """
studio = pnb.studio(pnb.sample_data().head(6))
studio.desk.design.set(pnb.Design("Reviews").show("review").choose("How?", ["good", "bad", "mixed"]))
studio.desk.plan.set(pnb.StudyPlan("Reviews", reward="1.50", minutes=6, tasks_per_group=3))
studio
"""
PARTS = """
client = pnb.connect()
desk = studio.desk
data, design, plan = desk.data.value, desk.design.value, desk.plan.value
display(client, data, design.preview(data), pnb.quote(client, data, design, plan))
"""
RUN = """
run = pnb.launch(client, data, design, plan).publish(max_cost="99.00").wait(60)
display(run, run.status(), run.agreement(), run.submissions(), run.bonus_to(hourly="90.00"))
print(run.to_code(), studio.show_code())
"""
ERRORS = (
    'run.client.studies.get("no-such-study")',
    'run.bonus_to(hourly="90.00").apply(max_cost="0.01")',
    'pnb.launch(client, data, design, pnb.StudyPlan("Other", reward="1.60", minutes=6))',
    "%env PROLIFIC_URL=http://127.0.0.1:9\npnb.connect().studies.create({})",
    'os.environ["PROLIFIC_URL"] = run.client.url\npnb.connect(live=True)',
)
SHOW_STATES = "import ipywidgets as w\nprint([each.get_state() for each in w.widget._instances.values()])"
LEAK = 'hidden = w.Text(os.environ["PROLIFIC_TOKEN"])'


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Any:
    with planted_sandbox() as served:
        monkeypatch.setenv("PROLIFIC_TOKEN", PLANTED)
        monkeypatch.setenv("PROLIFIC_URL", served.url)
        yield served


def saved(notebook: Any, client: NotebookClient) -> dict[str, Any]:
    """What lies on disk when a notebook is saved now, and what it is as a page."""
    client.set_widgets_metadata()
    return {
        "ipynb": nbformat.writes(notebook).encode(),
        "html": HTMLExporter().from_notebook_node(notebook)[0].encode(),
    }


def test_no_notebook_holds_the_token(place: Sandbox, tmp_path: Path) -> None:
    cells = [new_code_cell(text) for text in (SET_UP, STUDIO, PARTS, RUN)]
    cells += [new_code_cell(text, metadata={"tags": ["raises-exception"]}) for text in ERRORS]
    cells += [new_code_cell(text) for text in (SHOW_STATES, LEAK)]
    notebook = new_notebook(cells=cells)
    resources = {"metadata": {"path": str(tmp_path)}}
    client = NotebookClient(notebook, timeout=90, kernel_name="python3", store_widget_state=True, resources=resources)
    with client.setup_kernel():
        for index, cell in enumerate(cells[:-1]):
            client.execute_cell(cell, index)
        files = saved(notebook, client)
        client.execute_cell(cells[-1], len(cells) - 1)
        leaking = saved(notebook, client)
    outputs = [output for cell in cells for output in cell.outputs]
    assert [output.ename for output in outputs if output.output_type == "error"] == [
        *("NotFound", "SpendError", "SimilarRunError", "Unreachable", "LiveError")
    ]
    assert b"40 letters" in files["ipynb"]
    assert b"DEBUG:urllib3.connectionpool" in files["ipynb"]
    assert len(notebook.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"]) > 100
    assert "createStudy" in {each.operation for each in place.log}
    assert leaks(**files, folder=tmp_path) == []
    assert leaks(**leaking) == ["ipynb", "html"], "a widget that nobody shows is saved, and would be found"
