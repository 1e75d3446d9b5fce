"""Responses of an unexpected shape: one error that names the record, and copies counted once."""

from __future__ import annotations

from typing import Any

import pytest

from prolific_nb.design import Codebook
from prolific_nb.errors import UnexpectedResponse
from prolific_nb.responses import tidy


def response(number: int, **changes: Any) -> dict[str, Any]:
    given = {"instruction_id": "i", "type": "free_text", "answer": [{"value": f"v{number}"}]}
    ids = {"id": f"r{number}", "participant_id": "p", "submission_id": "s", "task_id": f"t{number}"}
    return {**ids, "created_at": "2026-03-01T10:00:00Z", "response": given, **changes}


SITTING = {"id": "s", "status": "APPROVED", "started_at": "2026-03-01T09:00:00Z"}


@pytest.mark.parametrize("field", ["id", "created_at", "participant_id", "submission_id", "task_id", "response"])
@pytest.mark.parametrize("value", [5, True, float("nan"), [1], {"a": 1}, 10**30, b""])
def test_a_wrong_field_is_named(field: str, value: Any) -> None:
    with pytest.raises(UnexpectedResponse, match=f"in response 2 of 3, the field '{field}"):
        tidy([response(1), response(2, **{field: value}), response(3)], [SITTING], Codebook())


@pytest.mark.parametrize("field", ["id", "created_at", "participant_id", "task_id", "response"])
def test_a_missing_field_is_named(field: str) -> None:
    broken = {name: value for name, value in response(2).items() if name != field}
    with pytest.raises(UnexpectedResponse, match=f"in response 2 of 2, the field '{field}' is missing"):
        tidy([response(1), broken], [SITTING], Codebook())


@pytest.mark.parametrize("when", ["", "yesterday", "0001-01-01T00:00:00Z", "2026-13-01T00:00:00Z", "99999-01-01"])
def test_a_wrong_time_is_named(when: str) -> None:
    with pytest.raises(UnexpectedResponse, match="'created_at'"):
        tidy([response(1, created_at=when)], [SITTING], Codebook())
    with pytest.raises(UnexpectedResponse, match="in submission 1 of 1, the field 'started_at'"):
        tidy([response(1)], [SITTING | {"started_at": when or "x"}], Codebook())


def test_answers_of_any_shape_are_kept_as_values() -> None:
    answers: list[Any] = [None, 5, "x", [], {}, [None], [[1]], {"value": float("inf")}, {"value": 10**400}, [{"a": 1}]]
    records = [
        response(number, response={"instruction_id": "i", "type": "new", "answer": answer})
        for number, answer in enumerate(answers)
    ]
    frame = tidy(records, [SITTING], Codebook())
    assert len(frame) == len(answers)
    assert frame["value"].tolist()[7:9] == ["inf", str(10**400)]


def test_copies_are_counted_once_and_different_records_of_one_id_are_refused() -> None:
    with pytest.warns(UserWarning, match="1 responses were returned more than once"):
        assert len(tidy([response(1), response(2), response(1)], [SITTING], Codebook())) == 2
    with pytest.raises(UnexpectedResponse, match="two different ones"):
        tidy([response(1), response(1, task_id="t9")], [SITTING], Codebook())
