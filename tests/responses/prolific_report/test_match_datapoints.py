"""Tasks are told from the answers of the report: never a wrong one, judged by trying every assignment."""

from __future__ import annotations

import random
from itertools import permutations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from prolific_nb.design import Codebook, Question
from prolific_nb.responses.prolific_report.match_datapoints import match_datapoints
from prolific_nb.responses.prolific_report.report_lines import ReportLine

BOOK = Codebook(
    [
        Question("How?", "single", "multiple_choice", ("g", "b"), ("Good", "Bad"), 1, instruction_id="i1"),
        Question("Why?", "text", "free_text", instruction_id="i2"),
        Question("What?", "many", "multiple_choice", ("x", "y"), ("X ray", "Y axis"), None, instruction_id="i3"),
    ]
)
ANSWERS: dict[str, list[tuple[list[dict[str, Any]], str]]] = {
    "i1": [([{"value": "g"}], "Good"), ([{"value": "b"}], "Bad")],
    "i2": [([{"value": "so"}], "so"), ([{"value": "a\r\n b"}], "a b"), ([{"value": ""}], "")],
    "i3": [([{"value": "x"}], "X ray"), ([{"value": "x"}, {"value": "y"}], "X ray and Y axis"), ([], "")],
}

Study = tuple[list[dict[str, Any]], list[ReportLine], dict[str, str]]


def study(seed: int, tasks: int, per_answer: bool) -> Study:
    """Responses, the report of them, and the true datapoint of each task."""
    rng = random.Random(seed)
    records, lines, truth = [], [], {}
    asked = rng.sample(list(BOOK), rng.choice([1, 1, 2, 3]))
    for task in range(tasks):
        truth[f"t{task}"] = f"d{task}"
        for question in asked:
            cells = []
            for person in range(rng.choice([1, 2])):
                second = rng.randrange(4) if per_answer else 0
                at, (answer, cell) = (
                    f"2026-01-05T10:00:{second:02d}Z",
                    rng.choice(ANSWERS[str(question.instruction_id)]),
                )
                response = {"instruction_id": question.instruction_id, "type": question.type, "answer": answer}
                records.append(
                    {"task_id": f"t{task}", "participant_id": f"p{person}", "created_at": at, "response": response}
                )
                cells.append((f"p{person}", cell, at))
            lines.append(ReportLine(f"d{task}", "g", question.type, question.question, {}, tuple(cells)))
    rng.shuffle(records)
    rng.shuffle(lines)
    return records, lines, truth


def consistent(records: list[dict[str, Any]], lines: list[ReportLine], assigned: dict[str, str]) -> bool:
    """Whether the report would be the same if the tasks were about these datapoints."""
    texts = {each.instruction_id: each.question for each in BOOK}

    def words(answer: Any, question: str) -> str:
        return next(cell for known, cell in ANSWERS[question] if known == answer)

    told = sorted(
        (assigned[r["task_id"]], texts[r["response"]["instruction_id"]], r["participant_id"],
         words(r["response"]["answer"], r["response"]["instruction_id"]), r["created_at"])
        for r in records
    )  # fmt: skip
    return told == sorted((line.datapoint, line.question, *answer) for line in lines for answer in line.answers)


@settings(deadline=None)
@given(st.integers(), st.integers(1, 5), st.booleans())
def test_what_is_certain_is_matched_and_nothing_else(seed: int, tasks: int, per_answer: bool) -> None:
    records, lines, truth = study(seed, tasks, per_answer)
    possible = [
        assigned
        for order in permutations(truth.values())
        if consistent(records, lines, assigned := dict(zip(truth, order, strict=True)))
    ]
    assert truth in possible
    certain = {task for task in truth if len({each[task] for each in possible}) == 1}
    found = match_datapoints(records, lines, BOOK)
    assert found.items() <= truth.items()
    assert set(found) == certain


def test_most_tasks_are_matched_by_their_moments() -> None:
    records, lines, truth = study(1, 40, per_answer=True)
    assert len(match_datapoints(records, lines, BOOK)) > 10
    assert match_datapoints(records, lines, BOOK).items() <= truth.items()


def test_datapoints_that_are_called_like_tasks_are_these() -> None:
    records, lines, _ = study(2, 4, per_answer=False)
    same = [
        ReportLine(line.datapoint.replace("d", "t"), line.group, line.type, line.question, {}, line.answers)
        for line in lines
    ]
    assert match_datapoints(records, same, BOOK) == {f"t{n}": f"t{n}" for n in range(4)}


def test_a_report_with_other_timestamps_is_matched_by_answers_alone() -> None:
    answers = ["alpha", "beta", "gamma"]
    records = [
        {"task_id": f"t{n}", "participant_id": "p", "created_at": "2026-01-05T10:00:00Z",
         "response": {"instruction_id": "i2", "type": "free_text", "answer": [{"value": text}]}}
        for n, text in enumerate(answers)
    ]  # fmt: skip
    lines = [
        ReportLine(f"d{n}", "g", "Free Text", "Why?", {}, (("p", text, "05/01/2026, 10:00"),))
        for n, text in enumerate(answers)
    ]
    assert match_datapoints(records, lines, BOOK) == {"t0": "d0", "t1": "d1", "t2": "d2"}


def test_the_same_answers_stay_without_a_datapoint() -> None:
    records, lines, _ = study(3, 1, per_answer=False)
    twice = [*records, *({**each, "task_id": "t1"} for each in records)]
    copies = [ReportLine("d1", "g", line.type, line.question, {}, line.answers) for line in lines]
    assert match_datapoints(twice, [*lines, *copies], BOOK) == {}


def written(task: str, *people: str) -> list[dict[str, Any]]:
    """The same text about a task by some people."""
    response = {"instruction_id": "i2", "type": "free_text", "answer": [{"value": "so"}]}
    at = "2026-01-05T10:00:00Z"
    return [{"task_id": task, "participant_id": each, "created_at": at, "response": response} for each in people]


def reported(datapoint: str, *people: str) -> ReportLine:
    answers = tuple((each, "so", "2026-01-05T10:00:00Z") for each in people)
    return ReportLine(datapoint, "g", "free_text", "Why?", {}, answers)


def test_datapoints_that_other_tasks_need_are_taken_away() -> None:
    records = [*written("t1", "p"), *written("t2", "p", "q"), *written("t3", "p", "q")]
    lines = [reported("d1", "p"), reported("d2", "p", "q"), reported("d3", "p", "q")]
    assert match_datapoints(records, lines, BOOK) == {"t1": "d1"}


def test_two_tasks_that_claim_one_datapoint_get_none() -> None:
    records = [*written("t1", "p"), *written("t2", "p")]  # the report has only one of them so far
    assert match_datapoints(records, [reported("d1", "p")], BOOK) == {}
