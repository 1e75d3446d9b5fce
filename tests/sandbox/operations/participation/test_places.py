"""Places: taken, given back, timed out; beside simulated participants; the money behind them; the study's clock."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import pytest

from prolific_nb.sandbox import People, Sandbox

from ...flow import CHOICE, Caller
from ...routes.participate.colleague import Colleague, Place, link
from ...routes.participate.conftest import Make
from ...test_conservation import with_fees

LIMIT = 19 * 60  # seconds: 2 + 2 × 6 + 2 × √6 minutes, rounded up


def statuses(place: Place) -> Counter[str]:
    return Counter(each["status"] for each in place.submissions())


def test_three_colleagues_at_once_of_whom_one_times_out_and_one_returns(make: Make) -> None:
    place = make(CHOICE, count=6, per_group=2)
    before = place.available()
    done, late, gone = (place.colleague(str(number)) for number in (1, 2, 3))
    for each in (done, late, gone):
        each.start()
    assert "All places of this study are taken." in place.colleague("4").form.words
    late.send("next")
    late.send("next", {late.form.questions[0]: "bad"})  # the first of two tasks
    place.wall.now += 60
    gone.open("?return&at=0")
    assert "Give your place back?" in gone.form.words
    gone.send("return")
    done.answer_all()
    assert statuses(place) == {"AWAITING REVIEW": 1, "RETURNED": 1, "ACTIVE": 1}
    place.wall.now += LIMIT - 61
    assert statuses(place)["ACTIVE"] == 1
    place.wall.now += 1
    assert statuses(place) == {"AWAITING REVIEW": 1, "RETURNED": 1, "TIMED-OUT": 1}  # nobody visited the page
    assert "Time is up" in late.open().words
    assert (place.status()["places_taken"], place.status()["status"]) == (1, "ACTIVE")
    assert place.available() == before
    assert Counter(each["submission_id"] for each in place.responses()) == {
        each["id"]: {"AWAITING REVIEW": 2, "TIMED-OUT": 1}[each["status"]]
        for each in place.submissions()
        if each["status"] != "RETURNED"
    }
    for number in (4, 5):
        other = place.colleague(str(number))
        other.start()
        other.answer_all()
    assert place.status()["status"] == "AWAITING REVIEW"
    place.call.ok("POST", "/api/v1/submissions/bulk-approve/", {"submission_ids": waiting(place)})
    assert place.status()["status"] == "COMPLETED"
    assert place.available() == 25_000_000 - with_fees(3 * 150)


def waiting(place: Place) -> list[str]:
    return [each["id"] for each in place.submissions() if each["status"] == "AWAITING REVIEW"]


@pytest.mark.parametrize(
    ("moves", "words"),
    [
        ((), "This study has not been published yet."),
        (("PUBLISH", "PAUSE"), "This study is paused."),
        (("PUBLISH", "STOP"), "This study has ended."),
    ],
)
def test_a_study_that_cannot_be_taken_says_why(make: Make, moves: tuple[str, ...], words: str) -> None:
    place = make(CHOICE, publish=False)
    for move in moves:
        assert place.call.move(place.study, move).status_code == 200
    assert words in place.colleague().form.words


def test_who_has_started_may_finish_while_a_study_is_paused_and_the_seconds_are_real(make: Make) -> None:
    place = make(CHOICE, options={"answer_times": "per_answer"})
    someone = place.colleague()
    someone.start()
    place.wall.now += 30
    place.call.move(place.study, "PAUSE")
    place.wall.now += 50
    someone.answer_all()
    [found] = place.submissions()
    assert (found["status"], found["time_taken"]) == ("AWAITING REVIEW", 80)
    place.call.move(place.study, "START")
    assert place.submissions() == [found]
    assert max(each["created_at"] for each in place.responses()) == found["completed_at"]


def test_a_place_of_a_stopped_study_times_out_too(make: Make) -> None:
    place = make(CHOICE)
    place.colleague().start()
    place.call.move(place.study, "STOP")
    place.wall.now += LIMIT
    assert statuses(place) == {"TIMED-OUT": 1}
    assert place.available() == 25_000_000


def test_a_researcher_may_complete_a_colleagues_submission(make: Make) -> None:
    codes: list[dict[str, Any]] = [
        {"code": "P", "code_type": "COMPLETED", "actions": [{"action": "MANUALLY_REVIEW"}]},
        {"code": "R", "code_type": "OTHER", "actor": "researcher", "actions": [{"action": "MANUALLY_REVIEW"}]},
        {
            "code": "S",
            "code_type": "FIXED_SCREENOUT",
            "actor": "researcher",
            "actions": [{"action": "FIXED_SCREEN_OUT_PAYMENT", "fixed_screen_out_reward": 10, "slots": 2}],
        },
    ]
    place = make(CHOICE, completion_codes=codes)
    for code, status in (("R", "AWAITING REVIEW"), ("S", "SCREENED OUT")):
        someone = place.colleague(code)
        someone.start()
        someone.send("next")
        someone.send("next", {someone.form.questions[0]: "bad"})
        ident = next(each["id"] for each in place.submissions() if each["status"] == "ACTIVE")
        place.call.ok(
            "POST", f"/api/v1/submissions/{ident}/transition/", {"action": "COMPLETE", "completion_code": code}
        )
        assert statuses(place)[status] == 1
        assert "next" not in someone.open().buttons
    assert len(place.responses()) == 2  # of one task each
    assert place.status()["places_taken"] == 1
    place.colleague("next").start()  # the place of who was screened out is free


def test_the_clock_of_a_study_keeps_real_time_while_a_colleague_takes_part(make: Make) -> None:
    """At 600 sandbox seconds a second, simulated participants would fill all places at once."""
    place = make(CHOICE, count=20, annotators=3, people=People(return_rate=0.3, timeout_rate=0.1))
    someone = place.colleague()
    someone.start()
    place.wall.now += 100
    seen = place.submissions()
    assert {each["status"] for each in seen} <= {"ACTIVE", "RETURNED"}
    someone.answer_all()
    own = next(each for each in place.submissions() if each["status"] == "AWAITING REVIEW")
    assert own["time_taken"] == 100
    place.wall.now += 100
    assert place.status()["status"] == "AWAITING REVIEW"
    later = {each["id"]: each for each in place.submissions()}
    assert [later[each["id"]]["started_at"] for each in seen] == [each["started_at"] for each in seen]
    assert later[own["id"]] == own
    done = [each for each in later.values() if each["status"] == "AWAITING REVIEW"]
    assert len(done) == place.status()["total_available_places"] == place.status()["places_taken"]


def test_a_place_that_waited_for_a_person_waits_for_the_next_one(make: Make) -> None:
    """Simulated participants never take more than their share, even if a colleague gives a place back."""
    place = make(CHOICE, annotators=2, people=People(fills=0.5, return_rate=0, timeout_rate=0))
    for number in range(3):
        someone = place.colleague(f"{number}")
        someone.start()
        someone.open("?return")
        someone.send("return")
    place.wall.now += 3600
    assert statuses(place) == {"RETURNED": 3, "AWAITING REVIEW": 2}
    assert place.colleague("next").start().buttons == ["next"]
    assert place.status()["places_taken"] == 3


@pytest.mark.parametrize("seed", range(3))
def test_places_are_conserved_beside_simulated_participants(make: Make, seed: int) -> None:
    """Whatever colleagues and the clock do, no task group ever has more people than places, and all get filled."""
    chance = Random(seed)
    people = People(return_rate=0.3, timeout_rate=0.1)
    place = make(CHOICE, count=4, annotators=2, people=people, options={"speed": chance.choice([20.0, 200.0])})
    colleagues: list[Colleague] = []
    for _ in range(25):
        step = chance.random()
        if step < 0.4:
            place.wall.now += chance.choice([1, 7, 60])
        elif step < 0.65 or not colleagues:
            colleagues.append(place.colleague(f"{len(colleagues)}"))
            colleagues[-1].start()
        else:
            someone = chance.choice(colleagues)
            someone.open()
            if "next" in someone.form.buttons and chance.random() < 0.5:
                someone.answer_all()
            elif "next" in someone.form.buttons:
                someone.open("?return")
                someone.send("return")
        judge(place)
    for _ in range(60):
        place.wall.now += 60
        judge(place)
    assert place.status()["status"] == "AWAITING REVIEW"
    groups = place.status()["access_details"]
    assert [each["allocated"] for each in groups] == [2, 2]


def judge(place: Place) -> None:
    study, found = place.status(), statuses(place)
    taken = sum(found[status] for status in ("ACTIVE", "AWAITING REVIEW", "APPROVED"))
    assert study["places_taken"] == taken <= study["total_available_places"]
    assert all(each["allocated"] <= each["total_allocation"] for each in study["access_details"])
    assert place.available() == 25_000_000 - with_fees(study["total_available_places"] * study["reward"])


def test_a_file_keeps_places_links_and_who_waits(tmp_path: Any) -> None:
    """A later sandbox on the file, with simulated participants of its own, leaves the places to people."""
    with Sandbox(store=tmp_path / "s.sqlite", people=People.nobody()) as first:
        call = Caller(first.url, first.token, first.workspace_id)
        study = call.draft(call.ready(2, 2, CHOICE), 1)["id"]
        call.move(study, "PUBLISH")
        someone = Colleague(link(first, study, "1"))
        someone.start()
    with Sandbox(store=tmp_path / "s.sqlite") as second:
        someone.url = link(second, study, "1")
        assert "next" in someone.open().buttons
        someone.send("return")
        call = Caller(second.url, second.token, second.workspace_id)
        assert call.ok("GET", f"/api/v1/studies/{study}/")["places_taken"] == 0
        assert Colleague(link(second, study, "2")).start().buttons == ["next"]
