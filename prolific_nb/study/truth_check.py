"""Whether the column that simulated participants should follow fits the data and the questions."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from ..api import Client
from ..common.findings import Finding
from ..data import Dataset
from ..design import Codebook, Design

_SHOWN = 3


def check_truth(client: Client, data: Dataset, design: Design) -> Iterator[Finding]:
    """Findings about ``connect(truth=...)``: a column that is missing, or without a cell that is an option."""
    column = client.truth
    if column is None:
        return
    if column not in data.columns:
        near = get_close_matches(column, data.columns, n=1)
        remedy = f"Did you mean truth={near[0]!r}?" if near else f"Connect with one of {', '.join(data.columns)}."
        what = f"Simulated participants should follow the column {column!r}, but the data has no such column."
        yield Finding("error", what, remedy, place="truth")
        return
    cells = {cell.strip().casefold() for cell in data.cells(column) if cell.strip()}
    asked = [(question, known) for question, known in _options(design.codebook()) if known]
    if asked and not any(cells & known for _, known in asked):
        shown = ", ".join(map(repr, sorted(cells)[:_SHOWN])) + (", …" if len(cells) > _SHOWN else "")
        what = (
            f"No cell of truth={column!r} ({shown}) is an option of a question, so simulated participants answer "
            "without it."
        )
        remedy = f"Use cells that are options of {asked[0][0]!r}, or connect with another column."
        yield Finding("warning", what, remedy, column=column, place="truth")


def _options(codebook: Codebook) -> Iterator[tuple[str, set[str]]]:
    """Each question with its options, values and labels, as the sandbox compares them."""
    for each in codebook:
        yield each.question, {str(option).casefold() for option in (*each.options, *each.labels)}
