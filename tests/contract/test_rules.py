"""Every rule of the contract that a schema cannot express: a violation is refused, and its corrected copy accepted."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from prolific_nb.api import Client, Token, Transport
from prolific_nb.errors import Rejected
from prolific_nb.sandbox import Sandbox

from ..sandbox.flow import CHOICE, DETAILS, FIELD, WRITING, Caller, as_csv, pages
from .judging import DOCUMENT

Send = Callable[[Caller, Any], requests.Response]
PLACE = ("page", "row", "column", "item")


def rules_of(node: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every rule of the document with the name of the schema it stands in."""
    if isinstance(node, dict):
        for key, inner in node.items():
            if key == "x-semantic-rules":
                yield from ((name, rule) for rule in inner)
            else:
                yield from rules_of(inner, key)
    elif isinstance(node, list):
        for inner in node:
            yield from rules_of(inner, name)


@pytest.fixture(scope="module")
def call() -> Iterator[Caller]:
    with Sandbox(speed=30_000.0) as sandbox:
        yield Caller(sandbox.url, sandbox.token, sandbox.workspace_id)


@dataclass(frozen=True)
class Pair:
    """A payload that breaks a rule, and its twin that keeps it.

    Parameters
    ----------
    send : callable
        Sends either to where the rule holds.
    broken, corrected : value
        The payloads.
    status : int
        How the broken one is refused.
    said : str
        Is in the refusal.
    """

    send: Send
    broken: Any
    corrected: Any
    status: int
    said: str


# --- where payloads go ------------------------------------------------------------------------------------------


def to_layout(call: Caller, layout: Any) -> requests.Response:
    """A layout of a new batch, whose dataset has a schema."""
    of = {"name": "b", "workspace_id": call.workspace_id, "task_details": DETAILS}
    return call("POST", "batches", {**of, "dataset_id": call.dataset()["id"], "batch_items": layout})


def to_untyped_layout(call: Caller, sent: tuple[bool, Any]) -> requests.Response:
    """A layout for a dataset with a schema, or for one without."""
    typed, layout = sent
    bare = {"name": "d", "workspace_id": call.workspace_id}
    dataset = call.dataset() if typed else call.ok("POST", "datasets", bare)
    of = {**bare, "task_details": DETAILS, "dataset_id": dataset["id"], "batch_items": layout}
    return call("POST", "batches", of)


def to_dataset(call: Caller, fields: dict[str, str]) -> requests.Response:
    schema = {"strict": False, "fields": {name: {"type": kind} for name, kind in fields.items()}}
    return call("POST", "datasets", {"name": "d", "workspace_id": call.workspace_id, "schema": schema})


def to_filled_dataset(call: Caller, fields: dict[str, str]) -> requests.Response:
    """A new schema for a dataset that is grouped by one of its columns and has a row."""
    dataset = call.dataset({"review": "text", "session": "task_group_id", "other": "text"})["id"]
    row = as_csv([{"review": "Good.", "session": "1", "other": "a"}])
    assert call.upload(dataset, row)["status"] == "complete"
    schema = {"strict": False, "fields": {name: {"type": kind} for name, kind in fields.items()}}
    return call("PATCH", f"datasets/{dataset}", {"schema": schema})


def to_study(call: Caller, more: dict[str, Any]) -> requests.Response:
    """A study of a page elsewhere; `more` is changed in it, or with None left out of it."""
    base = {
        "name": "s",
        "description": "d",
        "external_study_url": "https://example.org/study",
        "prolific_id_option": "question",
        "estimated_completion_time": 6,
        "total_available_places": 10,
        "reward": 150,
        "completion_codes": [code("DONE")],
    }
    study = {name: value for name, value in {**base, **more}.items() if value is not None}
    return call("POST", "/api/v1/studies/", study)


def to_batch_study(call: Caller, codes: Any) -> requests.Response:
    study = {"name": "s", "description": "d", "prolific_id_option": "not_required", "estimated_completion_time": 6}
    of_batch = {"data_collection_method": "AI_TASK_BUILDER_BATCH", "data_collection_id": call.ready(4, 4)}
    return call("POST", "/api/v1/studies/", {**study, **of_batch, "reward": 150, "completion_codes": codes})


# --- payloads ---------------------------------------------------------------------------------------------------


def second(*items: dict[str, Any]) -> Any:
    """A layout whose second page has the items in the right one of two columns of its second row, after a text."""
    note = {"type": "rich_text", "content": "<p>Hello.</p>"}
    inner = {"rows": [{"columns": [{"items": [note]}]}, {"columns": [{"items": [note]}, {"items": [note, *items]}]}]}
    return [*pages(WRITING), inner]


def code(text: str | None, kind: str = "COMPLETED", *actions: str, **more: Any) -> dict[str, Any]:
    names = actions or ("MANUALLY_REVIEW",)
    return {"code": text, "code_type": kind, "actions": [{"action": name} for name in names], **more}


def options(*exclusive: bool) -> list[dict[str, Any]]:
    return [{"label": f"{n}", "value": f"{n}", "exclusive": each} for n, each in enumerate(exclusive)]


def of(item: dict[str, Any], **changes: Any) -> Any:
    return second({**copy.deepcopy(item), **changes})


MANY = {"type": "multiple_choice", "description": "Which?", "answer_limit": -1, "options": options(False, True)}
UNITS = {
    "type": "free_text_with_unit",
    "description": "How tall?",
    "unit_position": "suffix",
    "unit_options": [{"label": "Metres", "value": "m"}, {"label": "Feet", "value": "ft"}],
}
FILES = {"type": "file_upload", "description": "A photo", "min_file_count": 2}
GROUPED = {"review": "text", "session": "task_group_id", "other": "text"}
REVIEWED = code("DONE")
NOTHING: dict[str, Any] = {"code": None, "code_type": "COMPLETED", "actions": []}
DYNAMIC = {"code": "MORE", "code_type": "OTHER", "actions": [{"action": "DYNAMIC_PAYMENT"}]}
BY_AGE = [{"filter_id": "age", "selected_range": {"lower": 20, "upper": 30}}]
ELSEWHERE = [{"external_url": f"https://example.org/{n}", "total_allocation": 5} for n in range(2)]


def bounded(low: float, high: float, kind: str = "number") -> Any:
    return of(WRITING, validation={"type": kind, "min": low, "max": high})


def unit_bounded(low: float, high: float) -> Any:
    bounds = {"type": "number", "min": low, "max": high}
    return of(UNITS, unit_options=[*UNITS["unit_options"], {"label": "Inches", "value": "in", "validation": bounds}])


PAIRS: dict[tuple[str, str], list[Pair]] = {
    ("DatasetSchema", "at most one field of type task_group_id"): [
        Pair(to_dataset, {"a": "task_group_id", "b": "task_group_id"}, {"a": "task_group_id", "b": "text"}, 400, "a, b")
    ],
    ("DatasetSchema", "task_group_id column is frozen once datapoints exist"): [
        Pair(
            to_filled_dataset,
            {**GROUPED, "session": "text", "other": "task_group_id"},
            GROUPED,
            400,
            "task_group_id column",
        ),
        Pair(
            to_filled_dataset,
            {**GROUPED, "session": "metadata"},
            {**GROUPED, "other": "metadata"},
            400,
            "task_group_id column",
        ),
    ],
    ("ValidationRule", "min <= max"): [
        Pair(to_layout, bounded(3, 2), bounded(2, 3), 422, "min 3 is above max 2"),
        Pair(to_layout, bounded(3, 2, "string"), bounded(3, 3, "string"), 422, "min 3 is above max 2"),
        Pair(to_layout, unit_bounded(1, 0), unit_bounded(0, 1), 422, "min 1 is above max 0"),
    ],
    ("ValidationRule", "type string: bounds are whole numbers >= 0 and count characters"): [
        Pair(to_layout, bounded(1.5, 9, "string"), bounded(1.5, 9), 422, "whole number"),
        Pair(to_layout, bounded(-1, 9, "string"), bounded(-1, 9), 422, "whole number"),
        Pair(to_layout, bounded(0, 9.5, "string"), bounded(0, 9, "string"), 422, "whole number"),
    ],
    ("FreeTextWithUnitItem", "default_unit equals the value of one unit option"): [
        Pair(to_layout, of(UNITS, default_unit="Metres"), of(UNITS, default_unit="m"), 422, "default_unit 'Metres'")
    ],
    ("MultipleChoiceItem", "answer_limit <= number of options"): [
        Pair(to_layout, of(CHOICE, answer_limit=4), of(CHOICE, answer_limit=3), 422, "answer_limit 4")
    ],
    ("MultipleChoiceItem", "exclusive forbidden when answer_limit is 1"): [
        Pair(to_layout, of(MANY, answer_limit=1), of(MANY, answer_limit=2), 422, "exclusive")
    ],
    ("MultipleChoiceItem", "some option must stay non-exclusive"): [
        Pair(to_layout, of(MANY, options=options(True, True)), of(MANY), 422, "exclusive")
    ],
    ("FileUploadItem", "max_file_count >= min_file_count"): [
        Pair(to_layout, of(FILES, max_file_count=1), of(FILES, max_file_count=2), 422, "max_file_count 1"),
        Pair(to_layout, of(FILES, min_file_count=11), of(FILES, min_file_count=10), 422, "max_file_count 10"),
    ],
    ("Page", "a dataset field is used once per page"): [
        Pair(to_layout, second(FIELD, FIELD), [*pages(FIELD), *second(FIELD)[1:]], 422, "twice")
    ],
    ("Page", "dataset_field needs a V4 dataset with a schema and a displayable field type"): [
        Pair(to_untyped_layout, (False, second(FIELD)), (True, second(FIELD)), 422, "requires a dataset with a schema"),
        Pair(to_layout, of(FIELD, field="feeling"), second(FIELD), 422, "metadata"),
        Pair(to_layout, of(FIELD, field="reviews"), second(FIELD), 422, "'reviews'"),
    ],
    ("CompletionCode", "codes unique per study"): [
        Pair(
            to_study,
            {"completion_codes": [REVIEWED, code("DONE", "NO_CONSENT")]},
            {"completion_codes": [REVIEWED, code("OTHER", "NO_CONSENT")]},
            400,
            "must be unique",
        )
    ],
    ("CompletionCode", "null code only if actor participant, sole participant code, no actions"): [
        Pair(to_study, {"completion_codes": [NOTHING, REVIEWED]}, {"completion_codes": [NOTHING]}, 400, "null"),
        Pair(to_study, {"completion_codes": [code(None)]}, {"completion_codes": [NOTHING]}, 400, "null"),
        Pair(
            to_study,
            {"completion_codes": [{**NOTHING, "actor": "researcher"}]},
            {"completion_codes": [{**NOTHING, "actor": "participant"}]},
            400,
            "null",
        ),
        # A code of the researcher stands beside it: only participants' codes count.
        Pair(
            to_study,
            {"completion_codes": [NOTHING, {**DYNAMIC, "actor": "participant", "actions": []}]},
            {"completion_codes": [NOTHING, {**DYNAMIC, "actor": "researcher"}]},
            400,
            "null",
        ),
    ],
    ("CompletionCode", "AUTOMATICALLY_APPROVE and MANUALLY_REVIEW exclude each other"): [
        Pair(
            to_study,
            {"completion_codes": [code("DONE", "COMPLETED", "AUTOMATICALLY_APPROVE", "MANUALLY_REVIEW")]},
            {"completion_codes": [code("DONE", "COMPLETED", "AUTOMATICALLY_APPROVE")]},
            400,
            "cannot be combined",
        )
    ],
    ("CompletionCode", "DYNAMIC_PAYMENT needs actor researcher"): [
        Pair(
            to_study,
            {"completion_codes": [REVIEWED, DYNAMIC]},
            {"completion_codes": [REVIEWED, {**DYNAMIC, "actor": "researcher"}]},
            400,
            "DYNAMIC_PAYMENT",
        )
    ],
    (
        "CreateStudy",
        "Task Builder studies: if codes are given, exactly one has code_type COMPLETED with MANUALLY_REVIEW or "
        "AUTOMATICALLY_APPROVE",
    ): [
        Pair(to_batch_study, [code("DONE", "NO_CONSENT")], [REVIEWED, code("NO", "NO_CONSENT")], 400, "COMPLETED"),
        Pair(to_batch_study, [REVIEWED, code("AGAIN")], [REVIEWED, code("AGAIN", "OTHER")], 400, "COMPLETED"),
        Pair(
            to_batch_study,
            [{**REVIEWED, "actions": []}],
            [code("DONE", "COMPLETED", "AUTOMATICALLY_APPROVE")],
            400,
            "COMPLETED",
        ),
    ],
    ("CreateStudy", "filters and filter_set_id exclude each other"): [
        Pair(to_study, {"filters": BY_AGE, "filter_set_id": "a"}, {"filters": BY_AGE}, 400, "filter_set_id"),
    ],
    ("CreateStudy", "allocations in access_details sum to total_available_places"): [
        Pair(
            to_study,
            {"external_study_url": None, "access_details": ELSEWHERE, "total_available_places": 11},
            {"external_study_url": None, "access_details": ELSEWHERE, "total_available_places": 10},
            400,
            "sum to 10",
        ),
        Pair(
            to_study,
            {"external_study_url": None, "access_details": ELSEWHERE, "total_available_places": 9},
            {"external_study_url": None, "access_details": ELSEWHERE[:1], "total_available_places": 5},
            400,
            "sum to 10",
        ),
        Pair(
            to_study,
            {"external_study_url": None, "access_details": [{**ELSEWHERE[0], "total_allocation": 0}]},
            {"external_study_url": None, "access_details": [{**ELSEWHERE[0], "total_allocation": 10}]},
            400,
            "sum to 0",
        ),
    ],
}


def test_every_rule_of_the_document_has_a_pair_of_cases() -> None:
    found = list(rules_of(DOCUMENT))
    assert len(found) == 18
    assert set(found) == set(PAIRS)
    assert all(PAIRS.values())


CASES = [
    pytest.param(pair, id=f"{name}: {rule} {n}") for (name, rule), all_ in PAIRS.items() for n, pair in enumerate(all_)
]


@pytest.mark.parametrize("pair", CASES)
def test_a_violation_is_refused_and_its_corrected_copy_is_accepted(call: Caller, pair: Pair) -> None:
    refused = pair.send(call, pair.broken)
    assert refused.status_code == pair.status, refused.text
    assert pair.said in refused.text
    taken = pair.send(call, pair.corrected)
    assert taken.status_code in (200, 201), taken.text
    if pair.status == 422:
        # The item at fault is the last of its page, wherever in a page's row and column that is.
        [issue] = refused.json()["issues"]
        layout = pair.broken[1] if isinstance(pair.broken, tuple) else pair.broken
        last = len(layout[1]["rows"][1]["columns"][1]["items"]) - 1
        assert [issue[name] for name in PLACE] == [1, 1, 1, last]


@pytest.mark.parametrize("pair", [case for case in CASES if case.values[0].send is to_layout])
def test_a_changed_layout_must_satisfy_the_same_rules(call: Caller, pair: Pair) -> None:
    path = f"batches/{call.batch(call.dataset()['id'], None)['id']}"
    assert call("PATCH", path, {"batch_items": pair.broken}).json() == pair.send(call, pair.broken).json()
    assert call("PATCH", path, {"batch_items": pair.corrected}).status_code == 200


def test_our_client_reports_positions_counted_from_one(call: Caller) -> None:
    client = Client(Transport(call.url, Token(call.token)), mode="SANDBOX")
    layout, dataset = of(CHOICE, answer_limit=4), call.dataset()["id"]
    with pytest.raises(Rejected, match="page 2, row 2, column 2, item 2: answer_limit 4 is above") as caught:
        client.batches.create("b", call.workspace_id, dataset, {"task_details": DETAILS, "batch_items": layout})
    [issue] = caught.value.issues
    assert [issue[name] for name in PLACE] == [1, 1, 1, 1]
    with pytest.raises(Rejected) as caught:
        client.studies.create({"name": "s"})
    assert any("'reward' is a required" in said for said in caught.value.fields["body"])
