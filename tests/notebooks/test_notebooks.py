"""Every tutorial runs from top to bottom, and what is committed is what a run shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from ..kernels import use_low_ports

use_low_ports()

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
CANARY = "planted-secret-token"


def code_cells(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs_without_a_token_leaving_or_an_error(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROLIFIC_TOKEN", CANARY)
    notebook = nbformat.read(path, as_version=4)
    committed = [cell.source for cell in notebook.cells]
    NotebookClient(notebook, timeout=120, kernel_name="python3", store_widget_state=False).execute()
    assert [cell.source for cell in notebook.cells] == committed
    assert CANARY not in nbformat.writes(notebook)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_committed_as_it_ran(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    cells = code_cells(notebook)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert "widgets" not in notebook.metadata
    outputs = [output for cell in cells for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "error"]
    assert any({"image/png", "text/html"} & set(output.get("data", {})) for output in outputs)
    assert not [cell.source for cell in cells if "live=True" in cell.source]


def test_a_notebook_run_as_a_whole_keeps_the_studio_as_it_was_left() -> None:
    cells = [
        "import prolific_nb as pnb\nstudio = pnb.studio(pnb.sample_data())\nstudio",
        "studio.desk.design.set(pnb.Design('Left last').show('review').write('Asked last?'))",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, timeout=120, kernel_name="python3", store_widget_state=False).execute()
    card = notebook.cells[0].outputs[-1]["data"]["text/html"]
    assert "Left last" in card
    assert "Asked last?" in card


def test_there_are_tutorials() -> None:
    assert next(path.name for path in NOTEBOOKS) == "00_quickstart.ipynb"
