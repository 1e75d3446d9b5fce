"""Responses and submissions in the documented JSON shapes."""

from __future__ import annotations

from typing import Any

from prolific_nb.design import Codebook, Question

CODEBOOK = Codebook(
    [
        Question("Sentiment?", "single", "multiple_choice", ("good", "bad", "mixed"), limit=1, instruction_id="i1"),
        Question("Why?", "text", "free_text", instruction_id="i2"),
        Question("Height?", "number", "free_text_with_unit", units=("cm", "ft"), instruction_id="i3"),
        Question("Scale?", "scale", "multiple_choice", (1, 2, 3), limit=1, instruction_id="i4"),
        Question("Photo", "file", "file_upload", instruction_id="i5"),
    ]
)


SUBMISSIONS = [
    {"id": "s1", "participant_id": "p1", "status": "APPROVED", "started_at": "2026-01-05T10:00:00Z"},
    {"id": "s2", "participant_id": "p2", "status": "RETURNED", "started_at": "2026-01-05T10:00:00Z"},
]


def response(
    number: int, at: str, task: str, instruction: str, kind: str, answer: list[dict[str, Any]], submission: str = "s1"
) -> dict[str, Any]:
    return {
        "id": f"r{number}",
        "created_at": f"2026-01-05T{at}Z",
        "batch_id": "b",
        "participant_id": "p" + submission[1:],
        "submission_id": submission,
        "task_id": task,
        "response": {"instruction_id": instruction, "type": kind, "answer": answer},
    }


RESPONSES = [
    response(1, "10:00:20.500", "t1", "i1", "multiple_choice", [{"value": "good"}]),
    response(2, "10:00:30", "t1", "i2", "free_text", [{"value": "12"}]),
    response(3, "10:01:00", "t2", "i1", "multiple_choice", []),
    response(4, "10:01:10", "t2", "i3", "free_text_with_unit", [{"value": "1.80", "unit": "cm"}]),
    response(5, "10:01:10", "t2", "i4", "multiple_choice", [{"value": 3}]),
    response(6, "10:00:50", "t1", "i1", "multiple_choice", [{"value": "bad"}], "s2"),
    response(7, "10:01:40", "t3", "i5", "file_upload", [{"file_key": "k1", "file_name": "a.png"}, {"file_key": "k2"}]),
    response(8, "10:02:00", "t4", "i1", "multiple_choice_with_free_text", [{"value": True, "explanation": "so"}]),
]
