"""The screens of one submission in order: instructions, the intro, each task of the group, the outro."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ...contract.semantic_rules import DISPLAYABLE
from ...state.sandbox_state import SandboxState
from ...storage.store import Document
from .. import batch_tasks, dataset_contents


@dataclass(frozen=True)
class Screen:
    """One screen.

    Parameters
    ----------
    page : int or None
        Number of the page of the layout, from 0; None for the instructions.
    task : int or None
        Number of the task in its group, from 0; None for what is shown once.
    """

    page: int | None
    task: int | None


@dataclass(frozen=True)
class Course:
    """What one person sees.

    Parameters
    ----------
    pages : list of dict
        The pages of the layout.
    tasks : list of dict
        The tasks of the group, ``id`` and ``datapoint``.
    kinds : dict of str to str
        The types of the columns that may be shown.
    details : dict of str to str
        Name, introduction and steps.
    """

    pages: list[dict[str, Any]]
    tasks: list[dict[str, Any]]
    kinds: dict[str, str]
    details: dict[str, str]

    @cached_property
    def screens(self) -> list[Screen]:
        """All screens in order."""
        positions = [page.get("display_position") or "body" for page in self.pages]

        def at(wanted: str) -> list[int]:
            return [number for number, position in enumerate(positions) if position == wanted]

        shown = [Screen(page, task) for task in range(len(self.tasks)) for page in at("body")]
        before = [Screen(None, None), *(Screen(page, None) for page in at("intro"))]
        return [*before, *shown, *(Screen(page, None) for page in at("outro"))]

    def datapoint(self, screen: Screen) -> dict[str, str]:
        """What may be shown of the task's row: the displayable columns, as strings."""
        if screen.task is None:
            return {}
        cells: Mapping[str, Any] = self.tasks[screen.task]["datapoint"]
        return {name: "" if cells.get(name) is None else str(cells[name]) for name in self.kinds if name in cells}


def course_of(state: SandboxState, study: Document, group: str) -> Course:
    """What a person with this task group sees."""
    batch = state.document("batch", study["data_collection_id"])
    fields = dataset_contents.fields_of(state, batch["dataset_id"])["fields"]
    kinds = {name: field["type"] for name, field in fields.items() if field["type"] in DISPLAYABLE}
    tasks, pages = batch_tasks.tasks(state, batch, group), batch["batch_items"] or _legacy(batch, kinds)
    return Course(pages, tasks, kinds, batch["task_details"])


def _legacy(batch: Document, kinds: Mapping[str, str]) -> list[dict[str, Any]]:
    """The one page of a batch without a layout: all columns, then the instructions."""
    shown = [{"type": "dataset_field", "field": name} for name in kinds]
    return [{"rows": [{"columns": [{"items": [item]}]} for item in [*shown, *batch["instructions"]]]}]
