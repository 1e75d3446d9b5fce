"""Answers find their rows in whichever place the service names them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable

import pytest

from prolific_nb.errors import StepFailed
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
    join = find_rows(RESPONSES[:1], "pnb_row", export=lambda: export(line), report=never)
    assert join.rows["t1"] == "r1"
    assert join.by == "export"


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


def broken() -> bytes:
    raise StepFailed("The export ended 'failed'.")


@pytest.mark.parametrize("archive", [broken, lambda: b"no zip", lambda: export({"task_id": "t1"})[:40]])
def test_a_way_that_fails_is_told_and_the_next_one_is_taken(archive: Callable[[], bytes]) -> None:
    report = b"task_id,pnb_row\nt1,r1\nt2,r2\n"
    join = find_rows(RESPONSES, "pnb_row", export=archive, report=lambda: report)
    assert (join.by, set(join.failed)) == ("report", {"export"})
    assert find_rows(RESPONSES, "pnb_row", export=archive, report=lambda: b"\xff\xfe").by is None


def test_tasks_that_one_way_misses_are_sought_by_the_next() -> None:
    records = [{**RESPONSES[0], "metadata": {"pnb_row": "r1"}}, RESPONSES[1]]
    join = find_rows(records, "pnb_row", export=lambda: export({"task_id": "t2", "pnb_row": "r2"}), report=never)
    assert (join.by, dict(join.rows)) == ("metadata + export", {"t1": "r1", "t2": "r2"})


def test_a_column_of_the_data_that_is_called_like_the_task_does_not_shadow_it() -> None:
    records = [{**record, "metadata": {"task_id": "mine", "pnb_row": "r"}} for record in RESPONSES]
    join = find_rows(records, "pnb_row", export=never, report=never)
    assert (join.rows["t1"], join.rows["t2"]) == ("r", "r")


def test_texts_with_odd_line_ends_do_not_cut_the_export() -> None:
    line = {"task_id": "t1", "text": "a\u2028b\u0085c", "pnb_row": "r1"}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("responses-by-task.jsonl", json.dumps(line, ensure_ascii=False) + "\n")
    assert find_rows(RESPONSES[:1], "pnb_row", export=file.getvalue, report=never).rows["t1"] == "r1"


def test_a_way_that_names_nothing_is_remembered_and_not_asked_again() -> None:
    first, second = b"task_id,pnb_row\nt1,r1\n", b"task_id,pnb_row\nt2,r2\n"
    join = find_rows(RESPONSES, "pnb_row", export=lambda: export({"x": "y"}), report=lambda: first)
    assert "export" in join.useless
    again = find_rows(RESPONSES, "pnb_row", export=never, report=lambda: second, skip=join.useless)
    assert again.rows == {"t2": "r2"}


def test_long_cells_of_a_report_are_read() -> None:
    report = f"task_id,text,pnb_row\nt1,{'x' * 200_000},r1\n".encode()
    assert find_rows(RESPONSES[:1], "pnb_row", export=broken, report=lambda: report).rows == {"t1": "r1"}
