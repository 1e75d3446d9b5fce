"""Kinds in a whole study: whom the flags name, and what the sandbox does with places that are never taken."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

import prolific_nb as pnb
from prolific_nb import People, PersonKind
from prolific_nb.sandbox import Sandbox

from ....benchmarks import people_mix
from ...flow import Caller
from .fieldwork import CHECK, JUDGE, fieldwork, reviews

Start = Callable[..., Caller]
MIX = People.mix(straight_liner=0.15, spammer=0.15, copy_paste=0.1, dissenter=0.1)


def test_the_flags_of_a_run_name_the_planted_people(tmp_path: Path) -> None:
    client = pnb.connect(seed=5, people=MIX, answer_times="per_answer", start="2026-01-05T14:00:00Z")
    labels = [option["label"] for option in JUDGE["options"]]
    design = (
        pnb.Design("Reviews", introduction="<p>Read.</p>", steps="<ol><li>Choose.</li></ol>")
        .show("review")
        .choose_and_explain(JUDGE["description"], labels)
        .attention(CHECK["description"], ["always", "often", "never"], right="never")
    )
    plan = pnb.StudyPlan("Reviews", reward="3.00", minutes=20, annotators_per_task=5, tasks_per_group=20)
    data = pnb.read_data(_csv(tmp_path))
    run = pnb.launch(client, data, design, plan)
    run.publish(max_cost="400")
    run.wait(timeout=120)
    assert client.kinds is not None
    found, people = run.flags(), run.annotators()
    flagged = set(found["participant_id"])
    kinds = people["participant_id"].map(client.kinds)
    careless = kinds.isin(["straight_liner", "spammer", "copy_paste"])
    assert careless.sum() >= 4
    assert careless.equals(people["participant_id"].isin(flagged))
    noise = kinds.isin(["straight_liner", "spammer"])
    assert people.loc[noise, "informative"].max() < people.loc[~careless, "informative"].median()
    assert not any(kind in str(run.submissions().to_dict()) for kind in client.kinds.values())


def _csv(folder: Path) -> Path:
    path = folder / "reviews.csv"
    path.write_text("review\n" + "\n".join(reviews(60, 40)) + "\n", encoding="utf-8")
    return path


def test_the_benchmark_of_planted_kinds_in_small() -> None:
    people = people_mix.replay(range(3))
    scores = people_mix.scores(people).set_index("flag")
    assert scores.loc["repeated text", "recall"] == 1
    assert scores.loc["straight-lining", "recall"] > 0.9
    assert scores.loc[["straight-lining", "repeated text"], "precision"].min() > 0.9
    careful = people[people["kind"] == "careful"]
    assert careful[list(people_mix.FLAGS)].any(axis=1).mean() < 0.05


def test_a_seed_gives_the_same_people_again_and_another_seed_others() -> None:
    one, again, other = (fieldwork(MIX, seed, groups=2, per_group=5) for seed in (1, 1, 2))
    assert one.frame.equals(again.frame)
    assert one.submissions.equals(again.submissions)
    assert one.kinds == again.kinds != other.kinds


def test_kinds_answer_the_same_in_every_process_and_version(start: Start) -> None:
    """A change of what kinds do by default changes the digest, and is worth a line in the changelog."""
    call = start(seed=11, start="2026-01-05T09:00:00Z", speed=1e6, people=People.mix())
    batch = call.ready(12, 4)
    call.finished(batch)
    found = call.ok("GET", f"batches/{batch}/responses")["results"]
    digest = sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()
    assert digest[:16] == "dda61710a942d270"


def test_an_unpaid_study_is_left_more_often_than_a_paid_one(start: Start) -> None:
    people = People.mix(kinds=(PersonKind("one", share=1, drop_out=0.001),), return_rate=0, timeout_rate=0)
    call = start(seed=1, start="2026-01-05T15:00:00Z", speed=1e7, people=people)
    batch = call.ready(4, 4)
    left = [_returned(call, call.finished(batch, 10, reward=reward)) for reward in (90, 0)]
    assert left[0] < 3 < left[1]


def _returned(call: Caller, study: str) -> int:
    found = call.ok("GET", f"/api/v1/studies/{study}/submissions/")["results"]
    return sum(each["status"] == "RETURNED" for each in found)


@pytest.mark.parametrize("fills", [0.0, 0.5])
def test_a_study_whose_places_do_not_fill_stays_open(tmp_path: Path, fills: float) -> None:
    file = tmp_path / "sandbox.sqlite"
    with Sandbox(store=file, people=People(fills=fills), speed=1e6) as sandbox:
        call = Caller(sandbox.url, sandbox.token, sandbox.workspace_id)
        study = str(call.draft(call.ready(12, 4), annotators=4)["id"])
        assert call.move(study, "PUBLISH").status_code == 200
        time.sleep(0.2)  # more than a day of the sandbox
        assert _state(call, study) == ("ACTIVE", round(12 * fills))
    with Sandbox(store=file, people=People(fills=fills), speed=1e6) as sandbox:
        call = Caller(sandbox.url, sandbox.token, sandbox.workspace_id)
        assert _state(call, study) == ("ACTIVE", round(12 * fills))
        call.ok("PATCH", f"/api/v1/studies/{study}/", {"data_collection_metadata": {"annotators_per_task": 8}})
        time.sleep(0.2)
        assert _state(call, study) == ("ACTIVE", 2 * round(12 * fills))
        assert call.move(study, "STOP").json()["status"] == "COMPLETED"


def _state(call: Caller, study: str) -> tuple[str, int]:
    found = call.ok("GET", f"/api/v1/studies/{study}/")
    return found["status"], found["places_taken"]


def _study(reward: int = 150, start: str = "2026-01-05T15:30:00Z", **body: Any) -> tuple[list[dict[str, Any]], Sandbox]:
    """The submissions of a finished study of phone and desktop people who leave if they are paid badly."""
    kinds = [PersonKind(each, share=0.5, drop_out=0.03, devices={each: 1}) for each in ("desktop", "mobile")]
    people = People.mix(kinds=tuple(kinds), return_rate=0, timeout_rate=0, day_swing=0.9)
    with Sandbox(people=people, start=start, speed=1e6) as sandbox:
        call = Caller(sandbox.url, sandbox.token, sandbox.workspace_id)
        study = call.finished(call.ready(12, 12), 25, reward=reward, **body)
        return call.ok("GET", f"/api/v1/studies/{study}/submissions/?limit=999")["results"], sandbox


def test_the_devices_the_pay_and_the_hour_of_a_study_matter() -> None:
    usual, sandbox = _study()
    assert set(sandbox.kinds.values()) == {"desktop", "mobile"}
    phones, sandbox = _study(device_compatibility=["mobile"])
    assert {sandbox.kinds[each["participant_id"]] for each in phones} == {"mobile"}
    badly, _ = _study(reward=15)
    left = [sum(each["status"] == "RETURNED" for each in found) for found in (usual, badly)]
    assert left[1] > 2 * left[0]
    night, _ = _study(start="2026-01-05T03:30:00Z")
    hours = [max(each["started_at"] for each in found)[11:13] for found in (usual, night)]
    assert int(hours[1]) - 3 > int(hours[0]) - 15


def test_a_test_study_is_finished_by_all_who_are_invited(start: Start) -> None:
    leaving = PersonKind("leaving", share=1, drop_out=0.5)
    call = start(people=People.mix(kinds=(leaving,), return_rate=0.5), speed=1e6)
    for name in ("one", "two", "three"):
        call.ok("POST", "/api/v1/researchers/participants/", {"email": f"{name}@example.org"})
    study = str(call.draft(call.ready(12, 4))["id"])
    test = call.ok("POST", f"/api/v1/studies/{study}/test-study")["study_id"]
    time.sleep(0.2)
    found = call.ok("GET", f"/api/v1/studies/{test}/submissions/")["results"]
    assert [each["status"] for each in found] == ["AWAITING REVIEW"] * 3
