"""The settings of a study that most plans leave as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...study import StudyPlan
from ..kit import widgets as w
from ..kit.controls import Guard, row, stack
from ..kit.html_table import shorten
from ..kit.traits import set_if_changed
from .audience.filter_library import Known
from .plan_fields import PlanField, PlanFields, as_json, json_of, or_none

_LOOK: dict[str, Any] = {"style": {"description_width": "initial"}, "layout": {"width": "auto", "min_width": "0"}}
_WIDE, _NARROW = "1 1 320px", "1 1 200px"
_CODES = 'such as [{"code": "DONE1", "code_type": "COMPLETED"}]; empty: Prolific makes one'
_EXTRA = 'further fields of the API, such as {"is_custom_screening": true}'


class MoreSettings:
    """The widgets of the fold; the plan's fields that are nowhere else.

    Parameters
    ----------
    fields : PlanFields
        To which these are added.
    guard : callable
        Wraps callbacks.
    """

    def __init__(self, fields: PlanFields, guard: Guard) -> None:
        self._setting = False
        self._fields = fields
        self._projects: Mapping[str, str] = {}
        text: dict[str, Any] = {"continuous_update": True, **_LOOK}
        self.description = w.Text(description="Description", placeholder="shown before they start", **text)
        self.internal = w.Text(description="Internal name", placeholder="for researchers only", **text)
        self.label = w.Text(description="Study label", placeholder="such as annotation", **text)
        self.project = w.Dropdown(description="Project", options=[("of the connection", "")], **_LOOK)
        self.most = w.IntText(description="Submissions per participant", **text)
        self.unlimited = w.Checkbox(description="no limit", indent=False, **_LOOK)
        self.version = w.IntText(description="Version of the filter set", **text)
        self.codes = w.Textarea(description="Completion codes", placeholder=_CODES, rows=2, **_LOOK)
        self.extra = w.Textarea(description="Further fields", placeholder=_EXTRA, rows=2, **_LOOK)
        self.unlimited.observe(guard(lambda news: self._unlimit(news["new"])), names=["value"])
        self.most.observe(guard(lambda _: self._follow()), names=["value"])
        first = row(
            fields.add(PlanField("description", self.description), _WIDE),
            fields.add(PlanField("internal_name", self.internal, or_none, _or_empty), _NARROW),
            fields.add(PlanField("label", self.label, or_none, _or_empty), _NARROW),
        )
        second = row(
            fields.add(PlanField("max_submissions", self.most), "0 1 180px"),
            self.unlimited,
            fields.add(PlanField("project", self.project, or_none, self._option), _NARROW),
            fields.add(
                PlanField("filter_set_version", self.version, lambda n: n or None, lambda n: n or 0), "0 1 200px"
            ),
            align_items="flex-end",
        )
        third = row(
            fields.add(PlanField("completion_codes", self.codes, json_of(list, None), as_json), _WIDE),
            fields.add(PlanField("extra", self.extra, json_of(dict, {}), as_json), _WIDE),
        )
        self.box = stack(first, second, third)
        self.box.add_class("pnb-plan-fields")
        self._follow()

    def refresh(self, plan: StudyPlan, known: Known) -> None:
        """Show the projects that are known, and the plan's own even if it is not."""
        self._projects = known.projects
        self._option(plan.project)
        set_if_changed(self.version, "disabled", plan.filter_set_id is None)
        self._follow()

    def _option(self, project: str | None) -> str:
        """The value of the list of projects for a project, which is added if it is not known."""
        names = {**({project: project} if project else {}), **self._projects}
        options = [("of the connection", ""), *((shorten(name, 60), ident) for ident, name in names.items())]
        if list(self.project.options) != options:
            with self._fields.silently():
                chosen = self.project.value
                self.project.options = options
                self.project.value = chosen if chosen in ("", *names) else ""
        return project or ""

    def _unlimit(self, unlimited: bool) -> None:
        if not self._setting:
            self.most.value = -1 if unlimited else 1

    def _follow(self) -> None:
        self._setting = True
        set_if_changed(self.unlimited, "value", self.most.value == -1)
        set_if_changed(self.most, "disabled", self.most.value == -1)
        self._setting = False


def _or_empty(value: str | None) -> str:
    return value or ""
