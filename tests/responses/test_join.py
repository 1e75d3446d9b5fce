"""Answers find their rows in whichever place the service names them."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from prolific_nb.responses import find_rows

RESPONSES = [
    {"task_id": "t1", "response": {"answer": [{"value": "good"}]}},
    {"task_id": "t2", "response": {"answer": []}},
]


def export(*lines: object) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("some/folder/responses-by-task.jsonl", "\n".join(map(json.dumps, lines)) + "\n\n")
        archive.writestr("batch.json", "{}")
    return file.getvalue()


def never() -> bytes:
    raise AssertionError("asked for what was not needed")


def test_metadata_comes_first_and_nothing_else_is_fetched() -> None:
    records = [{**record, "metadata": {"pnb_row": f"row-{record['task_id']}"}} for record in RESPONSES]
    join = find_rows(records, "pnb_row", export=never, report=never)
    assert (join.by, join.rows) == ("metadata", {"t1": "row-t1", "t2": "row-t2"})


@pytest.mark.parametrize(
    "line",
    [
        {"task_id": "t1", "datapoint": {"review": "x", "pnb_row": "r1"}, "responses": []},
        {"id": "t1", "pnb_row": "r1"},
        {"task": {"id": "t1"}, "dataset_fields": [{"pnb_row": "r1"}]},
    ],
)
def test_the_export_is_read_whatever_its_keys_are_called(line: object) -> None:
    join = find_rows(RESPONSES, "pnb_row", export=lambda: export(line), report=never)
    assert (join.by, join.rows) == ("export", {"t1": "r1"})


def test_the_report_comes_last_and_may_begin_with_a_byte_order_mark() -> None:
    report = '\ufefftask_id,review,pnb_row,answer\nt1,"a\nb",r1,good\nt1,x,r1,bad\nt2,y,r2,\n'.encode()
    join = find_rows(RESPONSES, "pnb_row", export=lambda: export({"task_id": "t1"}), report=lambda: report)
    assert (join.by, join.rows) == ("report", {"t1": "r1", "t2": "r2"})


def test_where_nothing_names_the_rows_the_join_says_so() -> None:
    join = find_rows(RESPONSES, "pnb_row", export=lambda: export({"task_id": "t1"}), report=lambda: b"review\nx\n")
    assert (join.by, join.rows) == (None, {})


def test_a_row_key_beside_an_unknown_task_is_no_match() -> None:
    join = find_rows(
        RESPONSES, "pnb_row", export=lambda: export({"task_id": "t9", "pnb_row": "r9"}), report=lambda: b"pnb_row\nr1\n"
    )
    assert join.by is None


def test_without_answers_nothing_is_fetched() -> None:
    assert find_rows([], "pnb_row", export=never, report=never).rows == {}
