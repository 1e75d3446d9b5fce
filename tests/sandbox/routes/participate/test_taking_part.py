"""One person from the link to the completion code: screens, faults, resent forms, times, answers."""

from __future__ import annotations

import pytest

from ...flow import CHOICE, FIELD, WRITING
from .conftest import Make


def test_a_colleague_takes_a_study_and_the_answers_are_those_of_any_submission(make: Make) -> None:
    place = make(FIELD, CHOICE, WRITING, options={"answer_times": "per_answer"})
    someone = place.colleague("1")
    assert "2 tasks, about 6 minutes. Once you have started, you have 19 minutes." in someone.form.words
    someone.start()
    assert "Sentiment Read. Steps Choose." in someone.form.words
    place.wall.now += 20
    someone.send("next")
    assert 'Task 1 of 2 Review number 0, "quoted" and long.' in someone.form.words
    choice, writing = someone.form.questions
    for number, (value, text) in enumerate([("good", "Kind."), ("bad", "Unkind.\nVery.")]):
        assert f"Task {number + 1} of 2 · about 18 minutes left" in someone.form.words
        place.wall.now += 40
        someone.send("next", {choice: value, writing: text})
    assert f"Your completion code: {place.status()['completion_codes'][0]['code']}" in someone.form.words

    [submission] = place.submissions()
    assert (submission["status"], submission["time_taken"]) == ("AWAITING REVIEW", 100)
    assert place.status()["places_taken"] == 1
    assert [each["response"]["answer"] for each in place.responses()] == [
        *([{"value": "good"}], [{"value": "Kind."}], [{"value": "bad"}], [{"value": "Unkind.\nVery."}]),
    ]
    began = submission["started_at"][14:19]
    moments = [each["created_at"][14:19] for each in place.responses()]
    assert [_seconds(each) - _seconds(began) for each in moments] == [60, 60, 100, 100]
    assert {each["participant_id"] for each in place.responses()} == {submission["participant_id"]}


def _seconds(clock: str) -> int:
    minutes, seconds = clock.split(":")
    return int(minutes) * 60 + int(seconds)


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(make: Make) -> None:
    place = make(CHOICE, {**WRITING, "validation": {"type": "string", "min": 10}})
    someone = place.colleague()
    someone.start()
    someone.send("next")
    choice, writing = someone.form.questions
    someone.send("next", {writing: "Short."})
    assert "2 answers need a change" in someone.form.words
    assert "Write at least 10 characters; this has 6." in someone.form.words
    assert (writing, "Short.") in someone.form.values
    someone.send("back", {writing: "Not finished yet"})
    assert someone.at == "at=0"
    someone.open("?at=1")
    assert (writing, "Not finished yet") in someone.form.values
    assert "need a change" not in someone.form.words
    someone.send("next", {choice: "good"})
    assert someone.at == "at=2"
    assert place.responses() == []  # of an active submission


def test_resent_forms_second_tabs_and_skipped_screens_change_nothing(make: Make) -> None:
    place = make(CHOICE)
    someone = place.colleague("1")
    before = someone.form
    someone.start()
    first = dict(someone.form.values)
    for _ in range(2):  # the button is pressed again
        someone.session.post(someone.url, {**dict(before.values), "pnb.do": "start"})
    assert len(place.submissions()) == 1
    someone.open("?at=99")
    assert "Task" not in someone.form.words.partition("left")[0]  # not reached yet
    someone.answer_all()
    assert "Thank you" in someone.form.words
    for do in ("next", "back", "return", "start"):
        someone.page = someone.session.post(someone.url, {**first, "pnb.nth": "0", "pnb.do": do})
        assert "Thank you" in someone.form.words
    assert [each["status"] for each in place.submissions()] == ["AWAITING REVIEW"]
    assert len(place.responses()) == 2


def test_an_answer_can_be_changed_until_the_study_is_submitted(make: Make) -> None:
    place = make(CHOICE)
    someone = place.colleague()
    someone.start()
    someone.send("next")
    [choice] = someone.form.questions
    someone.send("next", {choice: "good"})
    someone.send("back")
    assert (choice, "good") in someone.form.values
    someone.send("next", {choice: "bad"})
    someone.send("next", {choice: "mixed"})
    answers = [each["response"]["answer"] for each in place.responses()]
    assert answers == [[{"value": "bad"}], [{"value": "mixed"}]]


def test_screens_that_are_shown_once_come_before_and_after_the_tasks(make: Make) -> None:
    once = [
        {
            "display_position": position,
            "rows": [{"columns": [{"items": [{"type": "rich_text", "content": f"<p>{text}</p>"}]}]}],
        }
        for position, text in (("outro", "Goodbye."), ("intro", "Welcome."))
    ]
    body = [{"rows": [{"columns": [{"items": [dict(item)]}]}]} for item in (CHOICE, WRITING)]
    place = make(layout=[once[0], *body, once[1]])
    someone = place.colleague()
    someone.start()
    seen = []
    while "next" in someone.form.buttons:
        seen.append(someone.form.words.partition(" ·")[0].partition(" Sentiment ")[2])
        first = {name: values[0] for name, values in someone.form.offered.items()}
        someone.send("next", {**dict.fromkeys(someone.form.questions, "Because."), **first})
    tasks = [f"Task {task} of 2, screen {screen} of 2" for task in (1, 2) for screen in (1, 2)]
    assert seen == ["Instructions", "Before the first task", *tasks, "After the last task"]
    assert len(place.responses()) == 4


@pytest.mark.parametrize(("most", "again"), [(1, False), (2, True), (-1, True)])
def test_nobody_takes_a_study_twice_unless_it_says_so(make: Make, most: int, again: bool) -> None:
    place = make(CHOICE, annotators=3, submissions_config={"max_submissions_per_participant": most})
    someone = place.colleague("7")
    someone.start()
    someone.answer_all()
    assert ("You may take part again" in someone.form.words) == again
    if again:
        someone.start()
        someone.answer_all()
        assert "You can close this page." in someone.form.words  # there are two groups, and both are known now
    found = place.submissions()
    assert len(found) == 1 + again
    assert len({each["participant_id"] for each in found}) == 1
    assert len({each["task_id"] for each in place.responses()}) == 2 * len(found)


def test_an_automatically_approved_study_approves_a_colleague(make: Make) -> None:
    code = {"code": "DONE", "code_type": "COMPLETED", "actions": [{"action": "AUTOMATICALLY_APPROVE"}]}
    place = make(CHOICE, count=2, completion_codes=[code])
    someone = place.colleague()
    someone.start()
    assert "Your completion code: DONE" in someone.answer_all().words
    assert [each["status"] for each in place.submissions()] == ["APPROVED"]
    assert place.status()["status"] == "COMPLETED"
