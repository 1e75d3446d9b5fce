"""What a count of eligible participants refuses, studies and filter sets refuse too; exclusions exclude."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ..flow import Caller

STUDIES, COUNT, SETS = "/api/v1/studies/", "/api/v1/eligibility-count/", "/api/v1/filter-sets/"
AGE = {"filter_id": "age", "selected_range": {"lower": 18, "upper": 30}}
GONE = "f" * 24
MANY = 150  # enough that some take part in two studies by chance
Start = Callable[..., Caller]


def select(ident: str, *values: str) -> dict[str, Any]:
    return {"filter_id": ident, "selected_values": [*values]}


def within(**ends: Any) -> dict[str, Any]:
    return {"filter_id": "age", "selected_range": ends}


def group(relation: str, *filters: dict[str, Any]) -> dict[str, Any]:
    return {"filter_id": relation, "selected_filters": [*filters]}


def study(**fields: Any) -> dict[str, Any]:
    code = {"code": "DONE", "code_type": "COMPLETED", "actions": [{"action": "MANUALLY_REVIEW"}]}
    return {
        "name": "Elsewhere",
        "description": "Answer on our pages.",
        "external_study_url": "https://example.org",
        "prolific_id_option": "not_required",
        "total_available_places": 6,
        "estimated_completion_time": 6,
        "reward": 150,
        "completion_codes": [code],
        **fields,
    }


WRONG = [
    (select("nationalty", "3"), "Did you mean nationality"),
    (select("sex", "Female"), "has no choice Female"),
    (select("nationality", "4", "1000"), "has no choice 1000"),
    (select("age", "18"), "is a range filter"),
    ({"filter_id": "sex", "selected_range": {"lower": 0}}, "is a select filter"),
    (within(lower=80, upper=20), "80 to 20, is empty"),
    (within(lower=101), "is empty"),
    (within(upper="17"), "is empty"),
    (within(lower="young"), "must be numbers"),
    (select("participant_group_allowlist", GONE), "no participant group"),
    (select("participant_group_blocklist", "a name"), "no participant group"),
    (select("previous_studies_allowlist", GONE), "no study"),
    (group("or", AGE, group("and", select("sex", "9"))), "has no choice 9"),
]


@pytest.mark.parametrize(("wrong", "telling"), WRONG, ids=[telling for _, telling in WRONG])
def test_what_the_count_refuses_is_refused_everywhere(shared: Caller, wrong: dict[str, Any], telling: str) -> None:
    draft = shared.ok("POST", STUDIES, study(filters=[AGE]))
    saved = shared.ok("POST", SETS, {"workspace_id": shared.workspace_id, "name": "Good", "filters": [AGE]})
    names = {each["name"] for each in shared.ok("GET", SETS)["results"]}
    for method, path, body in (
        ("POST", COUNT, {"filters": [AGE, wrong]}),
        ("POST", STUDIES, study(filters=[AGE, wrong], name="Wrong")),
        ("PATCH", f"{STUDIES}{draft['id']}/", {"filters": [wrong]}),
        ("POST", SETS, {"workspace_id": shared.workspace_id, "name": "Wrong", "filters": [wrong]}),
        ("PATCH", f"{SETS}{saved['id']}/", {"filters": [wrong]}),
    ):
        refused = shared(method, path, body)
        assert refused.status_code == 400
        assert telling in refused.text
    assert shared.ok("GET", f"{STUDIES}{draft['id']}/")["filters"] == [AGE]
    assert shared.ok("GET", f"{SETS}{saved['id']}/")["version"] == 1
    assert "Wrong" not in {each["name"] for each in shared.ok("GET", STUDIES)["results"]}
    assert {each["name"] for each in shared.ok("GET", SETS)["results"]} == names


@pytest.mark.parametrize(
    "fields",
    [
        {"filter_set_id": GONE},
        {"study_type": "UK_REP"},
        {"study_type": "single"},
    ],
)
def test_sets_and_study_types_that_do_not_exist_are_refused(shared: Caller, fields: dict[str, Any]) -> None:
    draft = shared.ok("POST", STUDIES, study())
    assert shared("POST", STUDIES, study(**fields)).status_code == 400
    assert shared("PATCH", f"{STUDIES}{draft['id']}/", fields).status_code == 400


def test_a_study_keeps_its_type_and_the_version_of_its_set(shared: Caller) -> None:
    body = {"workspace_id": shared.workspace_id, "name": "Young", "filters": [AGE]}
    saved = shared.ok("POST", SETS, body)
    made = shared.ok("POST", STUDIES, study(filter_set_id=saved["id"], study_type="US_REP_SAMPLE"))
    assert (made["filter_set_version"], made["study_type"]) == (1, "US_REP_SAMPLE")
    shared.ok("PATCH", f"{SETS}{saved['id']}/", {"name": "Younger"})
    assert shared.ok("GET", f"{STUDIES}{made['id']}/")["filter_set_version"] == 1
    pinned = {"filter_set_id": saved["id"], "filter_set_version": 1}
    assert shared.ok("POST", STUDIES, study(**pinned))["filter_set_version"] == 1
    assert shared("POST", STUDIES, study(**{**pinned, "filter_set_version": 3})).status_code == 400
    listed = {each["id"]: each for each in shared.ok("GET", STUDIES)["results"]}
    assert listed[made["id"]]["study_type"] == "US_REP_SAMPLE"


def participants(call: Caller, body: dict[str, Any]) -> set[str]:
    made = call.ok("POST", STUDIES, body)
    call.ok("POST", f"{STUDIES}{made['id']}/transition/", {"action": "PUBLISH"})
    call.until(f"{STUDIES}{made['id']}/", "status", "AWAITING REVIEW")
    return {each["participant_id"] for each in call.ok("GET", f"{STUDIES}{made['id']}/submissions/")["results"]}


@pytest.mark.parametrize("form", ["list", "and", "set", "older version of a set"])
def test_excluded_participants_do_not_take_part(start: Start, form: str) -> None:
    call = start()
    first = participants(call, study(total_available_places=MANY))
    named = select("custom_blocklist", *first)
    if "set" in form:
        body = {"workspace_id": call.workspace_id, "name": "Not again", "filters": [named]}
        audience: dict[str, Any] = {"filter_set_id": call.ok("POST", SETS, body)["id"]}
        if form != "set":
            call.ok("PATCH", f"{SETS}{audience['filter_set_id']}/", {"filters": []})
            audience["filter_set_version"] = 1
    else:
        audience = {"filters": [named if form == "list" else group("and", AGE, named)]}
    assert not first & participants(call, study(**audience, total_available_places=MANY))


def test_without_the_exclusion_some_take_part_again(start: Start) -> None:
    call = start()
    first = participants(call, study(total_available_places=MANY))
    either = group("or", AGE, select("custom_blocklist", *first))  # an alternative excludes no one
    assert first & participants(call, study(filters=[either], total_available_places=MANY))


OLD, FEW = within(lower=40, upper=50), select("first-language", "2")
NO_ONE = [
    [AGE, OLD],
    [group("and", AGE, OLD)],
    [group("and", AGE, group("and", FEW, OLD))],
    [select("sex", "0"), select("sex", "1")],
    [select("custom_allowlist", GONE), select("custom_allowlist", "e" * 24)],
]
SAME = [
    ([AGE, AGE], [AGE]),
    ([AGE, within(lower=18), within(upper=30)], [AGE]),
    ([group("and", AGE), AGE, FEW], [FEW, AGE]),
    ([group("or", AGE, AGE)], [AGE]),
    ([select("sex", "0", "0")], [select("sex", "0")]),
    (
        [select("custom_blocklist", GONE), select("custom_blocklist", "e" * 24)],
        [select("custom_blocklist", GONE, "e" * 24)],
    ),
    ([within(lower=18, upper=40), within(lower=25, upper=100)], [within(lower=25, upper=40)]),
    ([select("nationality", "0", "1"), select("nationality", "1", "2")], [select("nationality", "1")]),
]


@pytest.mark.parametrize("filters", NO_ONE)
def test_filters_that_exclude_each_other_admit_no_one(shared: Caller, filters: list[dict[str, Any]]) -> None:
    assert counted(shared, filters) == 0


@pytest.mark.parametrize(("filters", "alike"), SAME)
def test_several_filters_on_one_question_count_as_one(
    shared: Caller, filters: list[dict[str, Any]], alike: list[dict[str, Any]]
) -> None:
    assert counted(shared, filters) == counted(shared, alike) > 0


def test_fewer_than_25_are_counted_as_none(shared: Caller) -> None:
    few = [select("nationality", "0"), select("handedness", "0"), select("first-language", "0")]
    assert 25 <= counted(shared, few) < 50
    assert counted(shared, [*few, select("sex", "0")]) == 0


def test_participants_may_have_several_languages(shared: Caller) -> None:
    both = [select("fluent-languages", "0"), select("fluent-languages", "1")]
    assert 0 < counted(shared, both) < counted(shared, both[:1])


def counted(call: Caller, filters: list[dict[str, Any]]) -> int:
    body = {"workspace_id": call.workspace_id, "filters": filters}
    return int(call.ok("POST", COUNT, body)["count"])
