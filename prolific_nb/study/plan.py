"""The plan of a study: reward, duration, number of annotators, and who may take part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, fields, replace
from decimal import Decimal
from typing import Any

from ..common.display import quoted
from ..common.findings import Finding
from ..common.money import Money
from ..errors import PlanError
from .audience.filter_code import filters_code
from .audience.membership import admitted
from .audience.participant_filter import AnyFilter
from .audience.plan_audience import audience_errors, audience_of, sent_audience

# Fields of the API that the plan sets itself; `extra` is for the others.
_OWN = {
    *("name", "description", "prolific_id_option", "estimated_completion_time", "reward", "project", "filters"),
    *("filter_set_id", "filter_set_version"),
    *("device_compatibility", "submissions_config", "completion_codes", "study_labels", "internal_name"),
    *("data_collection_method", "data_collection_id", "data_collection_metadata", "total_available_places"),
}
_DEVICES = ("desktop", "tablet", "mobile")
_MAX_MINUTES = 24 * 60


@dataclass(frozen=True)
class StudyPlan:
    """The settings of a study.

    Parameters
    ----------
    name : str
        Title that participants see.
    reward : str, Decimal or Money
        Reward of one submission, which is one task group: ``"1.50"``; never a float.
    minutes : int or float
        Expected duration of one submission in minutes.
    annotators_per_task : int
        Number of different participants who annotate each row.
    tasks_per_group : int
        Number of rows in one submission.
    description : str
        Shown to participants before they start; the name by default.
    filters : sequence of Filter
        All must apply (`Filter.any` makes alternatives); empty: everyone. See `Filter` for how to find ids.
    devices : sequence of {"desktop", "tablet", "mobile"}
        Empty: all.
    completion_codes : sequence of mapping, optional
        As in the API; by default Prolific creates one with manual review.
    max_submissions : int
        Number of task groups one participant may take; -1 for no limit.
    project : str, optional
        Project ID; by default the client's project.
    internal_name : str, optional
        Shown to researchers only.
    label : str, optional
        One of Prolific's study labels, such as ``"annotation"``.
    extra : mapping, optional
        Further fields of the API, sent unchanged.
    filter_set_id : str, optional
        A saved filter set of the workspace, in place of `filters`.
    filter_set_version : int, optional
        Its version; by default the newest.
    study_type : str, optional
        A representative sample, such as ``"UK_REP_SAMPLE"`` or ``"US_REP_SAMPLE"``; by default an ordinary study. A
        quota is ``extra={"study_type": "QUOTA"}``, with `weightings` on its filters.

    Raises
    ------
    PlanError
        With all findings.

    Examples
    --------
    >>> StudyPlan("Reviews", reward="1.50", minutes=6).places(tasks=120)
    36
    """

    name: str
    _: KW_ONLY
    reward: str | Decimal | Money
    minutes: float
    annotators_per_task: int = 3
    tasks_per_group: int = 10
    description: str = ""
    filters: Sequence[AnyFilter] = ()
    devices: Sequence[str] = ()
    completion_codes: Sequence[Mapping[str, Any]] | None = None
    max_submissions: int = 1
    project: str | None = None
    internal_name: str | None = None
    label: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    filter_set_id: str | None = None
    filter_set_version: int | None = None
    study_type: str | None = None

    def __post_init__(self) -> None:
        findings = list(self._errors())
        if findings:
            raise PlanError("The plan", findings)
        object.__setattr__(self, "reward", Money.parse(self.reward))
        object.__setattr__(self, "filters", tuple(self.filters))
        object.__setattr__(self, "devices", tuple(self.devices))
        object.__setattr__(self, "study_type", None if self.study_type == "SINGLE" else self.study_type)

    def _errors(self) -> Iterator[Finding]:
        if not isinstance(self.name, str):
            yield Finding("error", f"The name {self.name!r:.80} is not a string.", "Give it in quotes.", place="name")
        elif not self.name.strip():
            yield Finding("error", "The study has no name.", "Give it a name; participants see it.", place="name")
        try:
            if Money.parse(self.reward).minor == 0:
                yield Finding(
                    "error", "The reward must be above 0.", "Pay participants for their work.", place="reward"
                )
        except (TypeError, ValueError) as wrong:
            yield Finding("error", str(wrong), "", place="reward")
        if not isinstance(self.minutes, (int, float)) or not 0 < self.minutes < _MAX_MINUTES:
            what = f"{self.minutes!r} is not a valid number of minutes."
            yield Finding("error", what, "Pass the minutes that one submission takes, for example 6.", place="minutes")
        for name in ("annotators_per_task", "tasks_per_group"):
            yield from _check_count(name, getattr(self, name), "Pass a whole number of at least 1.")
        if self.max_submissions != -1:
            yield from _check_count(
                "max_submissions", self.max_submissions, "Pass a whole number of at least 1, or -1 for no limit."
            )
        for name in sorted(_OWN & set(self.extra)):
            what = f"extra sets {name!r}, which the plan sets itself, so the quote and the study would differ."
            yield Finding("error", what, "Pass it as an argument of StudyPlan.", place="extra")
        yield from audience_errors(
            self.filters, self.filter_set_id, self.filter_set_version, self.study_type, self.extra
        )
        for device in [self.devices] if isinstance(self.devices, str) else self.devices:
            if device not in _DEVICES or isinstance(self.devices, str):
                what = f"{device!r} is not a valid device."
                yield Finding("error", what, f"Pass a list with one or more of {', '.join(_DEVICES)}.", place="devices")

    def __hash__(self) -> int:
        return hash(identity(self))

    @classmethod
    def from_study(cls, study: Mapping[str, Any], tasks_per_group: int, currency: str) -> StudyPlan:
        """The plan of a study on the server; filters of an unknown form are kept as they are."""
        config, batch = study.get("submissions_config") or {}, study.get("data_collection_metadata") or {}
        return cls(
            str(study["name"]),
            reward=Money(round(study["reward"]), currency),
            minutes=study["estimated_completion_time"],
            annotators_per_task=int(batch.get("annotators_per_task") or 1),
            tasks_per_group=tasks_per_group,
            # A plan without a description is sent with its name as one.
            description="" if study.get("description") == study["name"] else study.get("description") or "",
            devices=[each for each in study.get("device_compatibility") or () if each in _DEVICES],
            max_submissions=config.get("max_submissions_per_participant") or 1,
            project=study.get("project"),
            internal_name=study.get("internal_name"),
            **audience_of(study),
        )

    @property
    def pay(self) -> Money:
        """The reward of one submission."""
        return Money.parse(self.reward)

    def groups(self, tasks: int) -> int:
        """The number of task groups for so many tasks; the last group may be smaller."""
        return -(-tasks // self.tasks_per_group)

    def admitting(self, *, only: Any = None, keep_out: Any = None) -> StudyPlan:
        """The plan for members of participant groups only, or for everyone but them; others of its filters stay.

        Parameters
        ----------
        only, keep_out : participant group, str, Run, or list of these, optional
            A group as `QualifyingRun.passed` returns it, or the ID of a group. A run stands for all its participants.

        Raises
        ------
        PlanError
            Something else was passed, the plan has a filter set, or a filter of its own contradicts; with all findings.

        Examples
        --------
        >>> plan = StudyPlan("Reviews", reward="1.50", minutes=6)
        >>> plan.admitting(only="6500000000000000000000aa").filters[0].to_api()
        {'filter_id': 'participant_group_allowlist', 'selected_values': ['6500000000000000000000aa']}
        """
        filters = admitted(self.filters, self.filter_set_id, only, keep_out)
        return replace(self, filters=filters) if filters != list(self.filters) else self

    def places(self, tasks: int) -> int:
        """The number of submissions for so many tasks: task groups times annotators."""
        return self.groups(tasks) * self.annotators_per_task

    def to_study(self, batch_id: str, project_id: str, currency: str, tag: object = "") -> dict[str, Any]:
        """The body of the request that creates the study as a draft.

        The internal name ends with `tag`, by which the study is found again. There is no external URL and no number
        of places: Prolific computes the places from the batch.
        """
        body: dict[str, Any] = {
            "name": self.name,
            "description": self.description or self.name,
            "prolific_id_option": "not_required",
            "estimated_completion_time": self.minutes,
            "reward": self.pay.in_currency(currency).minor,
            # Always sent: without a project, another balance than the workspace's may pay for the study.
            "project": self.project or project_id,
            "device_compatibility": list(self.devices),
            **sent_audience(self.filters, self.filter_set_id, self.filter_set_version, self.study_type),
            "submissions_config": {"max_submissions_per_participant": self.max_submissions},
            "data_collection_method": "AI_TASK_BUILDER_BATCH",
            "data_collection_id": batch_id,
            "data_collection_metadata": {"annotators_per_task": self.annotators_per_task},
        }
        if self.internal_name or tag:
            body["internal_name"] = " ".join(filter(None, [self.internal_name or self.name, str(tag)]))
        if self.label:
            body["study_labels"] = [self.label]
        if self.completion_codes is not None:
            body["completion_codes"] = [dict(code) for code in self.completion_codes]
        return body | dict(self.extra)

    def to_code(self, variable: str = "plan") -> str:
        """Python code that creates this plan; default values are left out.

        Examples
        --------
        >>> print(StudyPlan("Reviews", reward="1.50", minutes=6, annotators_per_task=5).to_code())
        plan = pnb.StudyPlan("Reviews", reward="1.50", minutes=6, annotators_per_task=5)
        """
        return _code(self, variable, filters_code(self.filters))


def identity(plan: StudyPlan) -> str:
    """A text that differs between plans that differ. Launches are identified by it, so its form must not change."""
    return _code(plan, "plan", f"[{', '.join(chosen.to_code() for chosen in plan.filters)}]")


def _code(plan: StudyPlan, variable: str, filters: str) -> str:
    given = [quoted(plan.name), f'reward="{plan.pay}"', f"minutes={plan.minutes!r}"]
    for one in fields(plan)[3:]:
        value = getattr(plan, one.name)
        default = {} if one.name == "extra" else one.default
        if value != default:
            given.append(f"{one.name}={filters if one.name == 'filters' else _as_code(value)}")
    return f"{variable} = pnb.StudyPlan({', '.join(given)})"


def _as_code(value: Any) -> str:
    return quoted(value) if isinstance(value, str) else repr(value)


def _check_count(name: str, value: Any, remedy: str) -> Iterator[Finding]:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        yield Finding("error", f"{value!r} is not a valid number of {name.replace('_', ' ')}.", remedy, place=name)
