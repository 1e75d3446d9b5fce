"""Directs generated cases at existing objects: most IDs become real ones, most bodies partly valid ones."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from schemathesis import Case, HookContext
from schemathesis.core.parameters import ParameterLocation

from . import good

_KINDS = {
    **{
        f"{kind}_id": kind for kind in ("workspace", "project", "dataset", "import", "batch", "sync", "export", "study")
    },
    "study": "study",
    "job_id": "job",
    "project": "project",
    "data_collection_id": "ready",
    "submission_ids": "submission",
    "participant_ids": "participant",
    "ids": "participant",
    "recipient_id": "participant",
    "user_id": "participant",
    "participant_group_id": "group",
    "filter_id": "filter",
}
_BY_PLACE = {
    "studies": "study",
    "submissions": "submission",
    "bulk-bonus-payments": "bonus",
    "participant-groups": "group",
    "filter-sets": "filter set",
}
_CHOICES = {
    "filename": ["a.csv", "b.jsonl", "c.zip", "d.xlsx", "Ä ö.csv"],
    "state": ["ACTIVE", "(ACTIVE|PAUSED)", "UNPUBLISHED"],
    "status": ["APPROVED", "AWAITING_REVIEW", "ACTIVE"],
    "from": ["2026-01-05T09:00:00Z", "2026-01-06"],
    "to": ["2026-01-05T10:00:00Z"],
    "created_after": ["2026-01-05T09:00:00Z"],
    "version_number": ["1", "2"],
}
_STAGES = {"/setup": "laid out", "/instructions": "instructed"}
"""What a batch must be for what can be done with it but once or never."""
_MOSTLY = st.sampled_from([True, True, True, False])
_MIXES = st.sampled_from(["generated", "mixed", "good", "good"])


def kind_of(path: str, name: str) -> str:
    """The kind of thing that a parameter of a path names; "" for what is no id."""
    return _BY_PLACE.get(path.split("/")[3], "") if name == "id" else _KINDS.get(name, "")


class Aim:
    """The hook ``flatmap_case`` of a schema.

    Parameters
    ----------
    pool : dict of str to list of str
        Real ids by kind.
    """

    def __init__(self, pool: good.Pool) -> None:
        self._pool = pool

    def __call__(self, context: HookContext, case: Case) -> st.SearchStrategy[Case]:
        return _aimed(self._pool, case)


@st.composite
def _aimed(draw: st.DrawFn, pool: good.Pool, case: Case) -> Case:
    """The case with real ids in whatever part of it is not wrong on purpose."""
    if _is_right(case, ParameterLocation.PATH) and case.path_parameters:
        kinds = {name: kind_of(case.path, name) for name in case.path_parameters}
        if case.path.endswith(tuple(_STAGES)):
            kinds["batch_id"] = _STAGES["/" + case.path.rpartition("/")[2]]
        case.path_parameters = _named(draw, pool, case.path_parameters, kinds)
    if _is_right(case, ParameterLocation.QUERY) and case.query:
        case.query = _named(draw, pool, case.query, {})
    if _is_right(case, ParameterLocation.BODY):
        case.body = _body(draw, pool, case)
    return case


def _is_right(case: Case, where: ParameterLocation) -> bool:
    part = case.meta.components.get(where) if case.meta else None
    return part is None or part.mode.is_positive


def _named(draw: st.DrawFn, pool: good.Pool, values: dict[str, Any], kinds: dict[str, str]) -> dict[str, Any]:
    """The values, most of them replaced by what their names ask for."""
    aimed = {}
    for name, value in values.items():
        known = _CHOICES.get(name) or pool.get({**_KINDS, **kinds}.get(name, ""), [])
        aimed[name] = value
        if known and draw(_MOSTLY):
            # The first of a kind belong to each other: the first export is one of the first batch.
            one = st.sampled_from([*known, *known[:1] * (4 if len(values) > 1 else 0)])
            aimed[name] = draw(st.lists(one, min_size=1, max_size=3)) if isinstance(value, list) else draw(one)
    return aimed


def _body(draw: st.DrawFn, pool: good.Pool, case: Case) -> Any:
    body, known = case.body, good.bodies(case.operation.definition.raw["operationId"], pool)
    mix = draw(_MIXES) if known else "generated"
    if mix != "generated":
        sent = draw(st.sampled_from(known))
        if mix == "good" or not (isinstance(sent, dict) and isinstance(body, dict)):
            return sent
        # At most a few generated fields: among many there is always one that a rule forbids.
        strange = draw(st.lists(st.sampled_from(sorted({*body, *sent})), max_size=3)) if {*body, *sent} else []
        body = {**sent, **{name: body[name] for name in strange if name in body}}
    return _named(draw, pool, body, {}) if isinstance(body, dict) else body
