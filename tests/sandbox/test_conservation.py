"""Places and funds are conserved under random programs of requests, checked after every step.

The sums are this file's own: 42.8 % fee on the rewards and 20 % VAT on the fee, each rounded half up to whole pence.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from http.client import HTTPConnection
from random import Random
from typing import Any

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from prolific_nb.sandbox import People, Sandbox

from .flow import CHOICE, COLUMNS, DETAILS, FIELD, WRITING, Caller, as_csv, pages, rows
from .routes.studies.test_review_routes import MESSAGE, REJECT, act, balance, file, pay, waiting
from .storage.test_clock import Wall

FUNDS = 25_000_000
QUESTIONS = 2
MOST = 4  # studies
REWARDS = (101, 150, 1_499_999)  # pence; of the dearest ones not all can be paid
DECISIONS = ("APPROVE", "REJECT", "UNREJECT", "RETURN", "UNRETURN")
POSSIBLE = {
    "AWAITING REVIEW": ("APPROVE", "REJECT", "RETURN"),
    "REJECTED": ("UNREJECT",),
    "RETURNED": ("UNRETURN",),
}
AMOUNTS = ("0.01", "4.25", "90000.00")
WORK = ("AWAITING REVIEW", "APPROVED", "REJECTED")
DATA, STUDIES, SUBMISSIONS = "/api/v1/data-collection/", "/api/v1/studies/", "/api/v1/submissions/"


def with_fees(rewards: int) -> int:
    """What so many pence of rewards cost."""
    fee = (Decimal(rewards) * Decimal("0.428")).quantize(Decimal(1), ROUND_HALF_UP)
    return int(rewards + fee + (fee * Decimal("0.2")).quantize(Decimal(1), ROUND_HALF_UP))


class Researcher:
    """Does anything a researcher may do to a few studies, in any order; refusals are part of it.

    Every public method without arguments but a source of chance is a step.
    """

    def __init__(self) -> None:
        self.wall = Wall()
        people = People(return_rate=0.2, timeout_rate=0.1)
        self.sandbox = Sandbox(wall=self.wall, speed=60.0, people=people)
        self.line = HTTPConnection(self.sandbox.url.removeprefix("http://"))
        self.studies: list[str] = []
        self.batches: dict[str, list[list[str]]] = {}  # the tasks of their groups
        self.bonuses = 0
        self.stopped: set[str] = set()
        self.returned: Counter[str] = Counter()  # by the researcher, so that nobody takes the place again
        self.people: dict[str, dict[str, Any]] = {}  # every submission that was shown
        self._two_batches()

    def close(self) -> None:
        self.line.close()
        self.sandbox.close()

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        headers = {"Authorization": f"Token {self.sandbox.token}", "Content-Type": "application/json"}
        self.line.request(method, path, None if body is None else json.dumps(body), headers)
        answer = self.line.getresponse()
        raw = answer.read()
        assert answer.status in (200, 201, 202, 204, 400, 404), raw
        return answer.status, json.loads(raw) if raw else None

    def get(self, path: str) -> Any:
        status, found = self.call("GET", path)
        assert status == 200, found
        return found

    def listed(self, study: str) -> list[dict[str, Any]]:
        return list(self.get(f"{STUDIES}{study}/submissions/?limit=1000")["results"])

    def _two_batches(self) -> None:
        place = {"workspace_id": self.sandbox.workspace_id}
        schema = {"strict": False, "fields": {name: {"type": kind} for name, kind in COLUMNS.items()}}
        dataset = self.call("POST", f"{DATA}datasets", {"name": "d", **place, "schema": schema})[1]["id"]
        to = self.call("GET", f"{DATA}datasets/{dataset}/upload-url/d.csv")[1]
        requests.put(to["upload_url"], as_csv(rows(6)), headers={"Content-Type": to["content_type"]})
        self.wall.now += 1
        items = pages(FIELD, CHOICE, WRITING)
        for size in (2, 3):
            body = {"name": "b", **place, "dataset_id": dataset, "task_details": DETAILS, "batch_items": items}
            batch = self.call("POST", f"{DATA}batches", body)[1]["id"]
            self.call("POST", f"{DATA}batches/{batch}/setup", {"tasks_per_group": size})
            self.wall.now += 1
            tasks = self.get(f"{DATA}batches/{batch}/tasks")
            self.batches[batch] = [tasks[at : at + size] for at in range(0, 6, size)]

    def draft(self, chance: Random) -> None:
        if len(self.studies) >= MOST:
            return
        action = chance.choice(["MANUALLY_REVIEW", "MANUALLY_REVIEW", "AUTOMATICALLY_APPROVE"])
        body = {
            "name": "s",
            "description": "d",
            "prolific_id_option": "not_required",
            "estimated_completion_time": 6,
            "reward": chance.choice(REWARDS),
            "data_collection_method": "AI_TASK_BUILDER_BATCH",
            "data_collection_id": chance.choice(list(self.batches)),
            "data_collection_metadata": {"annotators_per_task": chance.randint(1, 3)},
            "submissions_config": {"max_submissions_per_participant": chance.choice([1, -1])},
            "completion_codes": [{"code": "C", "code_type": "COMPLETED", "actions": [{"action": action}]}],
        }
        status, made = self.call("POST", STUDIES, body)
        assert status == 201, made
        self.studies.append(made["id"])
        if chance.random() < 0.7:
            self._move(made["id"], "PUBLISH")

    def move(self, chance: Random) -> None:
        self._move(self._study(chance), chance.choice(["PUBLISH", "PAUSE", "PAUSE", "START", "START", "STOP"]))

    def _move(self, study: str, action: str) -> None:
        status, _ = self.call("POST", f"{STUDIES}{study}/transition/", {"action": action})
        if action == "STOP" and status == 200:
            self.stopped.add(study)

    def schedule(self, chance: Random) -> None:
        publish_at = datetime.fromtimestamp(self.wall.now + chance.randint(1, 20), UTC).isoformat()
        body = {"action": "SCHEDULE_PUBLISH", "publish_at": publish_at}
        self.call("POST", f"{STUDIES}{self._study(chance)}/transition/", body)

    def unschedule(self, chance: Random) -> None:
        self.call("POST", f"{STUDIES}{self._study(chance)}/transition/", {"action": "CANCEL_PUBLISH"})

    def grow(self, chance: Random) -> None:
        study = self._study(chance)
        before = self.get(f"{STUDIES}{study}/")["total_available_places"]
        body = {"data_collection_metadata": {"annotators_per_task": chance.randint(2, 5)}}
        status, found = self.call("PATCH", f"{STUDIES}{study}/", body)
        if status == 200 and found["total_available_places"] > before:
            self.stopped.discard(study)  # it is open again

    def wait(self, chance: Random) -> None:
        self.wall.now += chance.randint(1, 40)

    def review(self, chance: Random) -> None:
        if not self.people:
            return
        ident, status = chance.choice([(ident, each["status"]) for ident, each in self.people.items()])
        action = chance.choice(POSSIBLE.get(status, DECISIONS) if chance.random() < 0.9 else DECISIONS)
        body = {"action": action}
        if action == "REJECT":
            body |= {"message": MESSAGE, "rejection_category": "LOW_EFFORT"}
        before = self.get(f"{SUBMISSIONS}{ident}/")["status"]
        status, found = self.call("POST", f"{SUBMISSIONS}{ident}/transition/", body)
        if status == 200:
            change = (found["status"] == "RETURNED") - (before == "RETURNED")
            self.returned[found["study_id"]] += change

    def approve_many(self, chance: Random) -> None:
        chosen = [ident for ident, each in self.people.items() if each["status"] == "AWAITING REVIEW"]
        chosen = chosen[:: chance.randint(1, 3)]
        if chosen:
            self.call("POST", f"{SUBMISSIONS}bulk-approve/", {"submission_ids": chosen})

    def reward(self, chance: Random) -> None:
        if not self.people:
            return
        study = chance.choice(list(self.people.values()))["study_id"]
        amounts = chance.choices(AMOUNTS, k=3)
        people = [ident for ident, each in self.people.items() if each["study_id"] == study]
        lines = "".join(f"{who},{amount}\n" for who, amount in zip(people, amounts, strict=False))
        status, bonus = self.call("POST", f"{SUBMISSIONS}bonus-payments/", {"study_id": study, "csv_bonuses": lines})
        assert status == 201, bonus
        if self.call("POST", f"/api/v1/bulk-bonus-payments/{bonus['id']}/pay/")[0] == 202:
            pence = sum(int(Decimal(amount) * 100) for _, amount in zip(people, amounts, strict=False))
            self.bonuses += with_fees(pence)

    def clone(self, chance: Random) -> None:
        if 0 < len(self.studies) < MOST:
            body = {"block_previous_participants": chance.random() < 0.5}
            self.studies.append(self.call("POST", f"{STUDIES}{self._study(chance)}/clone/", body)[1]["id"])

    def delete(self, chance: Random) -> None:
        study = self._study(chance)
        if self.call("DELETE", f"{STUDIES}{study}/")[0] < 300:
            self.studies.remove(study)

    def _study(self, chance: Random) -> str:
        return chance.choice(self.studies) if self.studies else "none"

    def judge(self) -> None:
        listed = self.get(f"{STUDIES}?limit=100")["results"]
        assert sorted(each["id"] for each in listed) == sorted(self.studies)
        found = [self.get(f"{STUDIES}{each['id']}/") for each in listed]
        shown = {study["id"]: self.listed(study["id"]) for study in found}
        held = sum(self._places(study, shown[study["id"]]) for study in found)
        paid = self.bonuses
        for study in found:
            approved = sum(each["status"] == "APPROVED" for each in shown[study["id"]])
            paid += with_fees(approved * study["reward"])
        balance = self.get(f"/api/v1/workspaces/{self.sandbox.workspace_id}/balance/")
        assert balance["total_balance"] == FUNDS - paid
        assert balance["total_balance"] - balance["available_balance"] == held
        assert balance["available_balance"] >= 0
        for batch, groups in self.batches.items():
            of_batch = [study for study in found if study["data_collection_id"] == batch]
            self._answers(batch, groups, of_batch, shown)

    def _places(self, study: dict[str, Any], shown: list[dict[str, Any]]) -> int:
        """Judge a study's places and people; the money it has to hold."""
        status, wanted = study["status"], study["data_collection_metadata"]["annotators_per_task"]
        assert study["total_available_places"] == len(self.batches[study["data_collection_id"]]) * wanted
        counts = self.get(f"{STUDIES}{study['id']}/submissions/counts/")
        states = Counter(each["status"] for each in shown)
        assert counts.pop("TOTAL") == sum(counts.values()) == len(shown)
        assert {name: number for name, number in counts.items() if number} == states
        self._seen(study["id"], shown)

        done = sum(states[name] for name in WORK)
        assert study["number_of_submissions"] == done
        assert study["places_taken"] == done + states["ACTIVE"] <= study["total_available_places"]
        if status in ("UNPUBLISHED", "SCHEDULED"):
            assert not shown
            return 0
        if status not in ("ACTIVE", "PAUSED") and study["id"] not in self.stopped:
            assert study["places_taken"] + self.returned[study["id"]] == study["total_available_places"]
            assert (status == "AWAITING REVIEW") == bool(states["AWAITING REVIEW"])
        if status != "COMPLETED":
            # For every place that is not paid yet, whoever may take it.
            return with_fees(study["total_available_places"] * study["reward"]) - self._paid(study, states)
        due = states["ACTIVE"] + states["AWAITING REVIEW"] + states["APPROVED"]
        return with_fees(due * study["reward"]) - self._paid(study, states)

    def _paid(self, study: dict[str, Any], states: Counter[str]) -> int:
        return with_fees(states["APPROVED"] * study["reward"])

    def _seen(self, study: str, shown: list[dict[str, Any]]) -> None:
        """Nobody who was there is gone, or has become somebody else."""
        now = {each["id"]: each for each in shown}
        for ident, before in self.people.items():
            if before["study_id"] == study:
                kept = ("participant_id", "started_at")
                assert [now[ident][name] for name in kept] == [before[name] for name in kept]
        self.people |= now

    def _answers(
        self, batch: str, groups: list[list[str]], studies: list[dict[str, Any]], shown: dict[str, list[dict[str, Any]]]
    ) -> None:
        """Judge who answered what."""
        given: dict[str, list[dict[str, Any]]] = {}
        for each in self.get(f"{DATA}batches/{batch}/responses")["results"]:
            given.setdefault(each["submission_id"], []).append(each)
        for study in studies:
            done, met = Counter[int](), list[tuple[str, int]]()
            for each in shown[study["id"]]:
                answers = given.pop(each["id"], [])
                group = _group(each, answers, groups)
                if answers:
                    met.append((each["participant_id"], group))
                if each["status"] in WORK:
                    assert len(answers) == len(groups[group]) * QUESTIONS
                    done[group] += 1
            assert len(set(met)) == len(met)
            assert max(done.values(), default=0) <= study["data_collection_metadata"]["annotators_per_task"]
        assert not given


def _group(submission: dict[str, Any], answers: list[dict[str, Any]], groups: list[list[str]]) -> int:
    """The one group that a submission answers, every question at most once."""
    asked = {(one["task_id"], one["response"]["instruction_id"]) for one in answers}
    assert len(asked) == len(answers)
    assert {one["participant_id"] for one in answers} <= {submission["participant_id"]}
    tasks = {task for task, _ in asked}
    of = [number for number, known in enumerate(groups) if tasks <= set(known)]
    assert of, f"tasks of several groups in {submission['id']}"
    return of[0]


STEPS = (
    *[Researcher.wait] * 4,
    *[Researcher.review] * 6,
    *[Researcher.draft, Researcher.move, Researcher.grow, Researcher.reward] * 2,
    *(Researcher.schedule, Researcher.unschedule, Researcher.approve_many, Researcher.clone, Researcher.delete),
)


@settings(max_examples=12, deadline=None, derandomize=True, database=None)
@given(seed=st.integers(0, 2**32), length=st.integers(20, 30))
def test_places_and_funds_are_conserved(seed: int, length: int) -> None:
    # One seed for a whole program: drawn step by step, most programs would be of a single step over and over.
    chance, researcher = Random(seed), Researcher()
    try:
        for step in [Researcher.draft, Researcher.draft, Researcher.wait, *chance.choices(STEPS, k=length)]:
            step(researcher, chance)
            researcher.judge()
    finally:
        researcher.close()


@pytest.mark.parametrize(("action", "back"), [("REJECT", "UNREJECT"), ("RETURN", "UNRETURN")])
def test_released_funds_are_not_spent_twice(start: Callable[..., Caller], action: str, back: str) -> None:
    call = start()
    study = call.finished(call.ready(4, 2), annotators=1, reward=1_000_000)
    first, second = waiting(call, study)
    # Both cost 1,000,000 + 428,000 + 85,600 and leave 21,972,800; one of them given back makes it 23,486,400.
    reason = {name: REJECT[name] for name in ("message", "rejection_category")} if action == "REJECT" else {}
    assert act(call, first, action, **reason).status_code == 200
    assert balance(call) == 21_972_800
    assert act(call, second, "APPROVE").status_code == 200
    assert balance(call) == 23_486_400
    bonus = file(call, study, (second, "150000.00"))  # 22,704,000 with fee and VAT
    assert pay(call, bonus.json()["id"]).status_code == 202
    refused = act(call, first, back)
    assert refused.status_code == 400
    assert f"After {back} the submission costs 1513600 pence, but only 782400 are available" in refused.text
    assert balance(call) == 782_400
