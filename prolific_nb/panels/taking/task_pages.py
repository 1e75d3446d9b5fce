"""The documents of a design's tasks, and which screens of them are shown when."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Any

from ...common import render
from ...data import Dataset
from ...design import Design

START, END = "start", "end"
"""IDs of what is shown before the first task and after the last."""

_INTRODUCTION = -1  # as a screen: the part of the document above the first page


class TaskPages:
    """What is shown before, in and after the tasks of a design; a page is drawn once.

    Parameters
    ----------
    design : Design
    data : Dataset
        Its rows have numbers and kinds.

    Attributes
    ----------
    pages : list of dict
        As the API gets them.
    """

    def __init__(self, design: Design, data: Dataset) -> None:
        sent = design.to_api()
        self.pages: list[Mapping[str, Any]] = list(sent["batch_items"])
        self._details: Mapping[str, str] = sent["task_details"]
        self._data = data
        self.html = lru_cache(maxsize=16)(self._html)

    def screens(self, kind: str) -> list[int]:
        """The numbers of the pages that are shown in turn, from 0; -1 is the introduction with the steps."""
        at = {START: "intro", END: "outro"}.get(kind, "body")
        pages = [place for place, page in enumerate(self.pages) if (page.get("display_position") or "body") == at]
        return [_INTRODUCTION, *pages] if kind == START and self.details else pages

    @cached_property
    def details(self) -> str:
        """The document with introduction and steps; empty if the design has neither."""
        written = self._details.get("task_introduction", "") + self._details.get("task_steps", "")
        return self._around if written.strip() else ""

    @cached_property
    def _around(self) -> str:
        """What belongs to no task; pages of tasks are there without content, so that numbers and names stay."""
        kept = {"intro", "outro"}
        pages = [page if page.get("display_position") in kept else {"rows": []} for page in self.pages]
        return render.document(pages, {}, task_details=self._details)

    def _html(self, row: str) -> str:
        datapoint = self._data.row(self._places[row])
        return render.document(self.pages, datapoint, kinds=self._data.kinds)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {key: place for place, key in enumerate(self._data.row_keys)}

    def title(self, row: str) -> str:
        """Such as “Row 17 of the file”."""
        return f"Row {self._data.rows[self._places[row]]:,} of the file"

    def shown(self, kind: str, place: int) -> dict[str, Any]:
        """What the desk gets of a task, or of what is around the tasks.

        Parameters
        ----------
        kind : str
            The key of a row, `START` or `END`.
        place : int
            Where it is in the order of the tasks.
        """
        screens = self.screens(kind)
        if kind in (START, END):
            title = "Before the first task" if kind == START else "After the last task"
            html = self._around if screens else ""
            return {"id": kind, "kind": kind, "place": place, "title": title, "html": html, "screens": screens}
        html = self.html(kind)
        return {"id": kind, "kind": "task", "place": place, "title": self.title(kind), "html": html, "screens": screens}
