"""The contract's example payloads are accepted by an independent validator, the sandbox and our client."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from openapi_schema_validator import OAS31Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

import prolific_nb as pnb
from prolific_nb.api import Client, Token, Transport
from prolific_nb.sandbox import Sandbox

from ..api.scripted import scripted
from ..sandbox.flow import DETAILS, Caller, pages
from .judging import DOCUMENT

EXAMPLES = Path(__file__).parents[3] / "shared" / "contract" / "examples"
pytestmark = pytest.mark.skipif(not EXAMPLES.exists(), reason="the contract's examples are not beside this checkout")
MANIFEST = json.loads((EXAMPLES / "manifest.json").read_text(encoding="utf-8")) if EXAMPLES.exists() else []
JSON = [each for each in MANIFEST if each["schema"]]
REGISTRY: Registry[Any] = Registry().with_resource("urn:contract", Resource.from_contents(DOCUMENT, DRAFT202012))
QUESTION = {"type": "free_text", "description": "What do you think?"}
Send = Callable[[Caller, Any], requests.Response]


def text(name: str) -> str:
    return (EXAMPLES / name).read_text(encoding="utf-8")


def body(name: str) -> Any:
    return json.loads(text(name))


def faults(schema: str, value: Any) -> list[str]:
    """What the independent validator says against a value."""
    validator = OAS31Validator({"$ref": f"urn:contract#/components/schemas/{schema}"}, registry=REGISTRY)
    return [error.message for error in validator.iter_errors(value)]


@pytest.fixture(scope="module")
def call() -> Iterator[Caller]:
    with Sandbox(speed=30_000.0) as sandbox:
        yield Caller(sandbox.url, sandbox.token, sandbox.workspace_id)


# --- what each file needs around it, and where it goes ----------------------------------------------------------


def untyped(call: Caller, name: str, raw: bytes) -> dict[str, Any]:
    """A dataset without a schema that has taken a file."""
    made = to_dataset(call, body("seed-dataset-create.req")).json()
    to = call.ok("GET", f"datasets/{made['id']}/upload-url/{name}")
    assert requests.put(to["upload_url"], raw, headers={"Content-Type": to["content_type"]}).status_code == 200
    found: dict[str, Any] = call.until(f"datasets/{made['id']}", "status", "READY", "ERROR")
    return found


def guided(call: Caller, name: str = "docs-plain.csv", raw: bytes | None = None) -> str:
    """A batch made in the guide's own words, its instructions sent after it."""
    dataset = untyped(call, name, raw if raw is not None else text(name).encode())
    sent = own(body("seed-batch-create.req"), workspace_id=call.workspace_id, dataset_id=dataset["id"])
    batch = call.ok("POST", "batches", sent)["id"]
    call.ok("POST", f"batches/{batch}/instructions", body("seed-instructions-create.req"))
    return str(batch)


def set_up(call: Caller, batch: str) -> str:
    call.ok("POST", f"batches/{batch}/setup", body("seed-setup.req"))
    call.until(f"batches/{batch}/status", "status", "READY")
    return batch


def empty_batch(call: Caller) -> str:
    return str(call.batch(call.dataset()["id"], None)["id"])


def own(sent: Any, **ids: str) -> Any:
    """The body with ids of this account in the place of the documented ones."""
    return {name: ids.get(name, value) for name, value in sent.items()}


def to_dataset(call: Caller, sent: Any) -> requests.Response:
    return call("POST", "datasets", own(sent, workspace_id=call.workspace_id))


def to_batch(call: Caller, sent: Any) -> requests.Response:
    return call("POST", "batches", own(sent, workspace_id=call.workspace_id, dataset_id=call.dataset()["id"]))


def to_instructions(call: Caller, sent: Any) -> requests.Response:
    return call("POST", f"batches/{empty_batch(call)}/instructions", sent)


def to_layout(call: Caller, sent: Any) -> requests.Response:
    sent = {"name": "b", "workspace_id": call.workspace_id, "task_details": DETAILS, "batch_items": sent}
    return call("POST", "batches", sent)


def to_set_up(call: Caller, sent: Any) -> requests.Response:
    return call("POST", f"batches/{guided(call)}/setup", sent)


def to_update(call: Caller, sent: Any) -> requests.Response:
    return call("PATCH", f"batches/{empty_batch(call)}", sent)


def to_duplicate(call: Caller, sent: Any) -> requests.Response:
    return call("POST", f"batches/{empty_batch(call)}/duplicate", sent)


def to_transition(call: Caller, sent: Any) -> requests.Response:
    return call("POST", f"/api/v1/studies/{call.draft(call.ready())['id']}/transition/", sent)


def to_study(call: Caller, sent: Any) -> requests.Response:
    # The groups and people that it names are of another account; what stands in their place is of this one.
    group = {"name": "One", "workspace_id": call.workspace_id}
    ident = call.ok("POST", "/api/v1/participant-groups/", group)["id"]
    sent = json.loads(json.dumps(sent).replace("619e049f7648a4e1f8f3645b", ident))
    return call("POST", "/api/v1/studies/", sent)


def to_study_of_batch(call: Caller, sent: Any) -> requests.Response:
    study = {"name": "s", "description": "d", "prolific_id_option": "not_required", "estimated_completion_time": 6}
    of_batch = {"data_collection_method": "AI_TASK_BUILDER_BATCH", "data_collection_id": call.ready()}
    return call("POST", "/api/v1/studies/", {**study, **of_batch, "reward": 150, "data_collection_metadata": sent})


def to_bonus(call: Caller, sent: Any) -> requests.Response:
    study = call.finished(call.ready())
    one = call.ok("GET", f"/api/v1/studies/{study}/submissions/")["results"][0]["id"]
    lines = sent.get("csv_bonuses", "").replace("60ffe5c8371090c7041d43f8", one)
    return call("POST", "/api/v1/submissions/bonus-payments/", own(sent, study_id=study, csv_bonuses=lines))


def to_schema(call: Caller, sent: Any) -> requests.Response:
    return call("POST", "datasets", {"name": "d", "workspace_id": call.workspace_id, "schema": sent})


SENT: dict[str, tuple[Send, int]] = {
    "seed-dataset-create.req": (to_dataset, 201),
    "seed-batch-create.req": (to_batch, 201),
    "seed-instructions-create.req": (to_instructions, 201),
    "seed-instructions-as-batch-items.req": (to_layout, 201),
    "seed-setup.req": (to_set_up, 202),
    "seed-update-empty.req": (to_update, 200),
    "seed-duplicate-share.req": (to_duplicate, 201),
    "seed-duplicate-new-dataset.req": (to_duplicate, 201),
    "seed-transition-publish.req": (to_transition, 200),
    "seed-study-external-url.req": (to_study, 201),
    "docs-dataset-v4-create.req": (to_dataset, 201),
    "docs-dataset-v4-strict.req": (to_dataset, 201),
    "docs-schema-grouped.json": (to_schema, 201),
    "docs-annotators-metadata.json": (to_study_of_batch, 201),
    "docs-bonus.req": (to_bonus, 201),
}
READ = {"seed-responses.resp", "seed-report.resp", "seed-batch-status.resp", "docs-dataset-created-abridged.resp"}
UPLOADED = {"docs-grouped.jsonl", "docs-plain.csv", "docs-meta.csv"}
CALLED_BACK = {each["file"] for each in MANIFEST if each["schema"] == "HookPayload"}  # Prolific sends these; none takes
MAY_BE_EMPTY = {"seed-setup.req", "seed-update-empty.req", "docs-annotators-metadata.json"}


def test_every_example_is_covered() -> None:
    names = sorted(each["file"] for each in MANIFEST)
    assert names == sorted([*SENT, *READ, *UPLOADED, *CALLED_BACK])
    assert {path.name for path in EXAMPLES.iterdir()} == {*names, "manifest.json"}
    assert {each["expect"] for each in MANIFEST} == {"valid", "data", "tolerate"}


@pytest.mark.parametrize("entry", JSON, ids=lambda each: each["file"])
def test_an_independent_validator_agrees_with_the_manifest(entry: Any) -> None:
    assert (not faults(entry["schema"], body(entry["file"]))) is (entry["expect"] == "valid")


@pytest.mark.parametrize("name", [name for name in SENT if name not in MAY_BE_EMPTY])
def test_an_example_without_a_required_part_is_refused_by_both(call: Caller, name: str) -> None:
    whole, [schema] = body(name), [each["schema"] for each in MANIFEST if each["file"] == name]
    parts = DOCUMENT["components"]["schemas"][schema].get("required", [])
    for broken in [[]] if isinstance(whole, list) else [without(whole, part) for part in parts if part in whole]:
        send, _ = SENT[name]
        assert faults(schema, broken)
        assert send(call, broken).status_code in (400, 422)


def without(whole: dict[str, Any], part: str) -> dict[str, Any]:
    return {name: value for name, value in whole.items() if name != part}


@pytest.mark.parametrize("name", SENT)
def test_the_sandbox_accepts_every_request(call: Caller, name: str) -> None:
    send, status = SENT[name]
    answer = send(call, body(name))
    assert answer.status_code == status, answer.text


def test_objects_have_the_values_of_their_requests(call: Caller) -> None:
    made = to_study_of_batch(call, body("docs-annotators-metadata.json")).json()
    assert made["total_available_places"] == 3 * 5  # the groups of the batch by five people
    assert to_bonus(call, body("docs-bonus.req")).json()["amount"] == 425  # pence
    for kind, datasets in (("share", 1), ("new-dataset", 0)):
        copy = to_duplicate(call, body(f"seed-duplicate-{kind}.req")).json()
        assert (copy["name"], len(copy["datasets"])) == ("Copy of My Batch", datasets)
    assert to_transition(call, body("seed-transition-publish.req")).json()["status"] in ("PUBLISHING", "ACTIVE")
    layout = to_layout(call, body("seed-instructions-as-batch-items.req")).json()
    assert layout["total_instruction_count"] == 5


# --- the guide's own way, from the dataset to the answers -------------------------------------------------------


def test_instructions_are_listed_replaced_and_returned_with_their_sunset(call: Caller) -> None:
    batch, sent = empty_batch(call), body("seed-instructions-create.req")
    made = call("POST", f"batches/{batch}/instructions", sent)
    assert (made.status_code, made.headers["Deprecation"]) == (201, "true")
    assert made.headers["Sunset"] == "Tue, 01 Sep 2026 23:59:59 GMT"
    assert [each["type"] for each in made.json()] == [each["type"] for each in sent["instructions"]]
    listed = call.ok("GET", f"batches/{batch}/instructions")
    assert (listed["results"], listed["meta"]["count"]) == (made.json(), 5)
    kept = {"instructions": [{**sent["instructions"][1], "id": made.json()[1]["id"]}, sent["instructions"][0]]}
    changed = call.ok("PUT", f"batches/{batch}/instructions", kept)
    assert [each["type"] for each in changed] == ["free_text", "multiple_choice"]
    assert changed[0]["id"] == made.json()[1]["id"]
    assert call.ok("GET", f"batches/{batch}/instructions")["meta"]["count"] == 2
    laid_out = call.batch(None, pages(QUESTION))["id"]
    for method in ("POST", "PUT"):
        assert call(method, f"batches/{laid_out}/instructions", sent).status_code == 422


def test_the_whole_guide_with_its_own_examples(call: Caller) -> None:
    batch = set_up(call, guided(call))
    shown = call.ok("GET", f"batches/{batch}")
    assert (shown["total_task_count"], shown["total_task_groups"], shown["batch_items"]) == (3, 3, None)
    study = call.draft(batch, annotators=1)["id"]
    call.ok("POST", f"/api/v1/studies/{study}/transition/", body("seed-transition-publish.req"))
    call.until(f"/api/v1/studies/{study}/", "status", "AWAITING REVIEW")
    answers = call.ok("GET", f"batches/{batch}/responses")
    assert len(answers["results"]) == answers["meta"]["count"] == 3 * 5
    assert faults("TaskResponseList", answers) == []
    assert faults("Report", call.ok("GET", f"batches/{batch}/report/")) == []


# --- the files of rows ------------------------------------------------------------------------------------------


def report(call: Caller, batch: str) -> list[dict[str, str]]:
    raw = requests.get(call.ok("GET", f"batches/{batch}/report/")["url"]).content
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def test_quoted_commas_stay_in_their_cells(call: Caller) -> None:
    dataset = untyped(call, "docs-plain.csv", text("docs-plain.csv").encode())
    assert (dataset["status"], dataset["schema_version"], dataset["total_datapoint_count"]) == ("READY", 3, 3)
    assert dataset["filename"] == "docs-plain.csv"
    assert dataset["has_predetermined_grouping_id"] is False
    batch = set_up(call, guided(call))
    call.finished(batch, annotators=1)
    wanted = list(csv.DictReader(io.StringIO(text("docs-plain.csv"))))
    found = [{name: row[name] for name in wanted[0]} for row in report(call, batch)]
    assert {tuple(row.values()) for row in found} == {tuple(row.values()) for row in wanted}
    assert ["Great product, exactly what I needed!" in row.values() for row in wanted] == [True, False, False]
    assert [len(row) for row in pnb.read_data(EXAMPLES / "docs-plain.csv").head(3).to_dict("records")] == [4, 4, 4]


def test_participants_see_the_columns_without_a_prefix_only(call: Caller) -> None:
    original = text("docs-meta.csv")
    answers = {}
    for name, raw in {
        "as it is": original,
        "hidden cells changed": original.replace("amazon", "ebay").replace("2024-01-16", "2025-12-31"),
        "a shown cell changed": original.replace("Great product!", "Dreadful product!"),
    }.items():
        # The same people in a world of their own, who judge by what they see.
        with Sandbox(seed=1, speed=30_000.0) as sandbox:
            alone = Caller(sandbox.url, sandbox.token, sandbox.workspace_id)
            batch = set_up(alone, guided(alone, "docs-meta.csv", raw.encode()))
            alone.finished(batch, annotators=20)
            answers[name] = [
                each["response"]["answer"] for each in alone.ok("GET", f"batches/{batch}/responses")["results"]
            ]
            kept = {row["META_source"] for row in report(alone, batch)}
            assert kept == ({"ebay", "trustpilot"} if "hidden" in name else {"amazon", "trustpilot"})
    assert answers["hidden cells changed"] == answers["as it is"] != answers["a shown cell changed"]


def test_the_sessions_of_the_guide_are_groups_of_two_and_of_one(call: Caller) -> None:
    dataset = to_schema(call, body("docs-schema-grouped.json")).json()["id"]
    job = call.upload(dataset, text("docs-grouped.jsonl").encode(), "docs-grouped.jsonl")
    assert (job["status"], job["accepted_count"]) == ("complete", 3)
    shown = [{"type": "dataset_field", "field": name} for name in ("prompt", "response_a", "response_b")]
    batch = set_up(call, call.batch(dataset, pages(*shown, QUESTION))["id"])
    made = call.ok("GET", f"batches/{batch}")
    assert (made["total_task_groups"], made["total_task_count"]) == (2, 3)
    call.finished(batch, annotators=1)
    by_submission: dict[str, set[str]] = {}
    for each in call.ok("GET", f"batches/{batch}/responses")["results"]:
        by_submission.setdefault(each["submission_id"], set()).add(each["task_id"])
    assert sorted(map(len, by_submission.values())) == [1, 2]


# --- what our client makes of the answers -----------------------------------------------------------------------


def client_of(url: str) -> Client:
    return Client(Transport(url, Token("planted-secret-token")), mode="SANDBOX")


def test_our_client_reads_the_responses() -> None:
    with scripted((200, text("seed-batch-status.resp"))) as server:
        assert client_of(server.url).batches.status("b") == "READY"
    with scripted((200, text("seed-responses.resp"))) as server:
        [answer] = client_of(server.url).batches.responses("b").results
    assert answer["response"]["answer"] == [{"value": "abc"}]
    with scripted((200, text("seed-report.resp")), (200, "a,b\n")) as server:
        # Its address is none; only the place of the file is put into it.
        server.answers[0] = (200, text("seed-report.resp").replace("https://...", f"{server.url}/file"))
        assert client_of(server.url).batches.report("b") == b"a,b\n"


def test_our_client_works_with_the_abridged_response() -> None:
    with scripted((201, text("docs-dataset-created-abridged.resp"))) as server:
        client = client_of(server.url)
        made = client.datasets.create("Product reviews Q4 2024", "w")
        assert made == client.datasets.get(made.id) == body("docs-dataset-created-abridged.resp")
        assert (made.id, made.status) == ("0192a3b5-e8f9-7a0b-1c2d-3e4f5a6b7c8d", "UNINITIALISED")
        assert server.asked[1].path.endswith(made.id)
