"""A sandbox in which every type of object of the contract exists, in several states, with a controlled clock."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copyfile
from typing import Any

import requests

from prolific_nb.sandbox import Sandbox
from tests.sandbox.flow import CHOICE, FIELD, WRITING, Caller, as_csv, pages, rows

PEOPLE = [f"{number:024x}" for number in range(3)]
AGE = {"filter_id": "age", "selected_range": {"lower": 18, "upper": 30}}
ADDRESS = "https://example.org/?who={{%PROLIFIC_PID%}}"
CODE = {"code": "DONE", "code_type": "COMPLETED", "actions": [{"action": "MANUALLY_REVIEW"}]}
LATER = "2030-01-31T09:00:00Z"
_SPEED = 600.0


class Clock:
    """Wall time that stands still until it is moved."""

    def __init__(self, now: float = 1_800_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += seconds


class Setter(Caller):
    """Sets the clock on instead of waiting."""

    def __init__(self, sandbox: Sandbox, clock: Clock) -> None:
        super().__init__(sandbox.url, sandbox.token, sandbox.workspace_id)
        self.clock = clock

    def until(self, path: str, key: str, *wanted: str, seconds: float = 60) -> Any:
        for _ in range(100):
            self.clock.move(0.5)
            if (found := self.ok("GET", path))[key] in wanted:
                return found
        raise AssertionError(f"{path} is never {wanted}: {found}")


class Seeded:
    """A running sandbox, full of things.

    Parameters
    ----------
    folder : Path
        Where its store lies. The workspace's id follows from it, all other ids are the same anywhere.

    Attributes
    ----------
    pool : dict of str to list of str
        Ids of what there is, by kind.
    is_touched : bool
        Whether something was changed since; left to whoever changes something to say.
    """

    def __init__(self, folder: Path) -> None:
        self._store, self._kept = folder / "world", folder / "kept"
        self.pool: dict[str, list[str]] = {}
        self._open(Clock())
        call = Setter(self.sandbox, self.clock)
        self.pool |= {"workspace": [call.workspace_id], "participant": list(PEOPLE)}
        for seed in (_data, _batches, _older, _studies, _submissions, _people, _exports):
            seed(call, self.pool)
        self._begun = self.clock.now
        self.close()
        copyfile(self._store, self._kept)
        self.renew()

    def _open(self, clock: Clock) -> None:
        self.clock = clock
        self.sandbox = Sandbox(wall=clock, speed=_SPEED, truth="feeling", store=self._store)
        self.url = self.sandbox.url
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Token {self.sandbox.token}"

    def renew(self) -> None:
        """Undo everything that happened since the seeding."""
        self.close()
        copyfile(self._kept, self._store)
        self._open(Clock(self._begun))
        self.is_touched = False

    def close(self) -> None:
        self.session.close()
        self.sandbox.close()


def _data(call: Setter, pool: dict[str, list[str]]) -> None:
    """Datasets: one with rows, one with rows in groups, one that was never filled and has another schema by now."""
    me = call.ok("GET", "/api/v1/users/me/")
    pool["user"] = [me["id"]]
    pool["project"] = [p["id"] for p in call.ok("GET", f"/api/v1/workspaces/{call.workspace_id}/projects/")["results"]]
    filled = call.dataset()["id"]
    pool["import"] = [call.upload(filled, as_csv(rows(6)))["import_id"]]
    grouped = call.dataset({"review": "text", "picture": "image_url", "group": "task_group_id"}, strict=True)["id"]
    lines = [{"review": f"r{n}", "picture": f"https://example.org/{n}.png", "group": f"g{n % 2}"} for n in range(4)]
    raw = "\n".join(map(json.dumps, lines)).encode()
    pool["import"].append(call.upload(grouped, raw, "rows.jsonl")["import_id"])
    pool["dataset"] = [filled, grouped, call.dataset()["id"]]
    empty = pool["dataset"][2]
    pool["import"].append(call.ok("GET", f"datasets/{empty}/upload-url/later.csv")["import_id"])
    wider = {"schema": {"strict": False, "fields": {"review": {"type": "text"}}}}
    pool["job"] = [call.ok("PATCH", f"datasets/{empty}", wider)["migration_job_id"]]


def _batches(call: Setter, pool: dict[str, list[str]]) -> None:
    """Batches: READY, READY and synced by itself, laid out only, without a dataset."""
    filled, grouped, _ = pool["dataset"]
    pool["batch"] = []
    for dataset in (filled, grouped):
        ident = call.batch(dataset, pages(FIELD, CHOICE, WRITING))["id"]
        call.ok("PATCH", f"batches/{ident}", {"auto_sync_enabled": dataset == grouped})
        call.ok("POST", f"batches/{ident}/setup", {"tasks_per_group": 2})
        call.until(f"batches/{ident}/status", "status", "READY")
        pool["batch"].append(ident)
    pool["ready"] = list(pool["batch"])
    pool["laid out"] = [call.batch(filled, pages(FIELD, CHOICE))["id"]]
    pool["batch"] += [*pool["laid out"], call.batch(None, None)["id"]]
    sync = call.ok("POST", f"batches/{pool['ready'][0]}/sync")
    pool["sync"] = [sync["sync_id"]]
    call.until(f"batches/{pool['ready'][0]}/syncs/{sync['sync_id']}", "status", "complete")


def _older(call: Setter, pool: dict[str, list[str]]) -> None:
    """What the older flow has: an untyped dataset with rows, and batches with instructions, set up and not."""
    dataset = call.ok("POST", "datasets", {"name": "older", "workspace_id": call.workspace_id})["id"]
    to = call.ok("GET", f"datasets/{dataset}/upload-url/older.csv")
    put = requests.put(to["upload_url"], b"review,META_id\nFine.,1\n", headers={"Content-Type": to["content_type"]})
    assert put.status_code == 200
    call.until(f"datasets/{dataset}", "status", "READY")
    pool["dataset"].append(dataset)
    pool["older"] = [call.batch(None, None)["id"] for _ in range(2)]
    for ident in pool["older"]:
        call.ok("POST", f"batches/{ident}/instructions", {"instructions": [CHOICE, WRITING]})
    call.ok("POST", f"batches/{pool['older'][1]}/setup", {"dataset_id": dataset})
    call.until(f"batches/{pool['older'][1]}/status", "status", "READY")
    pool["batch"] += pool["older"]
    pool["instructed"] = [*pool["older"][:1] * 3, pool["older"][1]]  # mostly the one whose instructions can be changed
    pool["instruction"] = [each["id"] for each in call.ok("GET", f"batches/{pool['older'][0]}/instructions")["results"]]


def _studies(call: Setter, pool: dict[str, list[str]]) -> None:
    """Studies: filled and waiting for review, running, paused, planned, drafts with a batch and without."""
    first, second = pool["ready"]
    done = call.finished(first, annotators=2)
    running, paused, planned = (call.draft(second, name=name)["id"] for name in ("running", "paused", "planned"))
    for ident in (running, paused):
        assert call.move(ident, "PUBLISH").status_code == 200
    call.clock.move(1.0)
    assert call.move(paused, "PAUSE").status_code == 200
    call.ok("POST", f"/api/v1/studies/{planned}/transition/", {"action": "SCHEDULE_PUBLISH", "publish_at": LATER})
    draft = call.draft(first)["id"]
    elsewhere = {"data_collection_method": None, "data_collection_id": None, "data_collection_metadata": None}
    more = {**elsewhere, "external_study_url": ADDRESS, "completion_codes": [CODE], "total_available_places": 5}
    pool["study"] = [done, running, paused, planned, draft, call.draft(None, **more)["id"]]
    split = {"external_study_url": None, "access_details": [{"external_url": ADDRESS, "total_allocation": 5}]}
    pool["study"].append(call.draft(None, **{**more, **split})["id"])


def _submissions(call: Setter, pool: dict[str, list[str]]) -> None:
    """Submissions in every state that a review knows, and bonuses, paid and not."""
    done = pool["study"][0]
    path = f"/api/v1/studies/{done}/submissions/"
    found = [each for each in call.ok("GET", path)["results"] if each["status"] == "AWAITING REVIEW"]
    sent = [{"action": "APPROVE"}, {"action": "RETURN"}]
    sent.append({"action": "REJECT", "message": "m" * 100, "rejection_category": "LOW_EFFORT"})
    for each, body in zip(found, sent, strict=False):
        call.ok("POST", f"/api/v1/submissions/{each['id']}/transition/", body)
    pool["submission"] = [each["id"] for each in found]
    pool["participant"] += [each["participant_id"] for each in found]
    running = call.ok("GET", f"/api/v1/studies/{pool['study'][1]}/submissions/")["results"]
    pool["submission"] += [each["id"] for each in (running[0], running[-1])]
    pool["bonus"] = []
    for amount in ("0.50", "1.25"):
        body = {"study_id": done, "csv_bonuses": f"{found[0]['id']},{amount}\n"}
        pool["bonus"].append(call.ok("POST", "/api/v1/submissions/bonus-payments/", body)["id"])
    call.ok("POST", f"/api/v1/bulk-bonus-payments/{pool['bonus'][0]}/pay/")


def _people(call: Setter, pool: dict[str, list[str]]) -> None:
    """A test participant, a group, messages, filter sets, one of them locked."""
    call.ok("POST", "/api/v1/researchers/participants/", {"email": "me@example.org"})
    body = {"workspace_id": call.workspace_id, "name": "Wave 1", "participant_ids": PEOPLE[:2]}
    pool["group"] = [call.ok("POST", "/api/v1/participant-groups/", {**body, "name": n})["id"] for n in ("1", "2")]
    message = {"recipient_id": PEOPLE[0], "body": "Thank you.", "study_id": pool["study"][0]}
    call.ok("POST", "/api/v1/messages/", message)
    body = {"workspace_id": call.workspace_id, "name": "Young", "filters": [AGE]}
    pool["filter"] = ["age", "sex", "nationality"]
    pool["filter set"] = [call.ok("POST", "/api/v1/filter-sets/", body)["id"] for _ in range(2)]
    call.ok("POST", f"/api/v1/filter-sets/{pool['filter set'][1]}/lock/")


def _exports(call: Setter, pool: dict[str, list[str]]) -> None:
    """An export that is complete, and one that is being made."""
    path = f"batches/{pool['ready'][0]}/export"
    pool["export"] = [call.ok("POST", path)["export_id"]]
    call.clock.move(1.0)
    pool["export"].append(call.ok("POST", path, params={"study_id": pool["study"][0]})["export_id"])
