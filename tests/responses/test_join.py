"""Rows are joined from whichever source has their keys."""

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
    raise AssertionError("fetched although no task was missing")


def test_metadata_is_tried_first_and_nothing_else_is_fetched() -> None:
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
def test_the_export_is_read_whatever_the_names_of_its_keys(line: object) -> None:
    join = find_rows(RESPONSES[:1], "pnb_row", export=lambda: export(line), report=never)
    assert join.rows["t1"] == "r1"
    assert join.by == "export"


def test_the_report_is_tried_last_and_may_start_with_a_byte_order_mark() -> None:
    report = '\ufefftask_id,review,pnb_row,answer\nt1,"a\nb",r1,good\nt1,x,r1,bad\nt2,y,r2,\n'.encode()
    join = find_rows(RESPONSES, "pnb_row", export=lambda: export({"task_id": "t1"}), report=lambda: report)
    assert (join.by, join.rows) == ("report", {"t1": "r1", "t2": "r2"})


def test_if_no_source_has_row_keys_the_join_is_empty() -> None:
    join = find_rows(RESPONSES, "pnb_row", export=lambda: export({"task_id": "t1"}), report=lambda: b"review\nx\n")
    assert (join.by, join.rows) == (None, {})


def test_the_row_key_of_an_unknown_task_is_not_a_match() -> None:
    join = find_rows(
        RESPONSES, "pnb_row", export=lambda: export({"task_id": "t9", "pnb_row": "r9"}), report=lambda: b"pnb_row\nr1\n"
    )
    assert join.by is None


def test_without_responses_nothing_is_fetched() -> None:
    assert find_rows([], "pnb_row", export=never, report=never).rows == {}


def broken() -> bytes:
    raise StepFailed("The export ended 'failed'.")


@pytest.mark.parametrize("archive", [broken, lambda: b"no zip", lambda: export({"task_id": "t1"})[:40]])
def test_a_source_that_fails_is_recorded_and_the_next_one_is_tried(archive: Callable[[], bytes]) -> None:
    report = b"task_id,pnb_row\nt1,r1\nt2,r2\n"
    join = find_rows(RESPONSES, "pnb_row", export=archive, report=lambda: report)
    assert (join.by, set(join.failed)) == ("report", {"export"})
    assert find_rows(RESPONSES, "pnb_row", export=archive, report=lambda: b"\xff\xfe").by is None


def test_tasks_missing_from_one_source_are_looked_up_in_the_next() -> None:
    records = [{**RESPONSES[0], "metadata": {"pnb_row": "r1"}}, RESPONSES[1]]
    join = find_rows(records, "pnb_row", export=lambda: export({"task_id": "t2", "pnb_row": "r2"}), report=never)
    assert (join.by, dict(join.rows)) == ("metadata + export", {"t1": "r1", "t2": "r2"})


def test_a_data_column_named_task_id_does_not_shadow_the_task() -> None:
    records = [{**record, "metadata": {"task_id": "mine", "pnb_row": "r"}} for record in RESPONSES]
    join = find_rows(records, "pnb_row", export=never, report=never)
    assert (join.rows["t1"], join.rows["t2"]) == ("r", "r")


def test_unicode_line_separators_in_strings_do_not_split_the_export() -> None:
    line = {"task_id": "t1", "text": "a\u2028b\u0085c", "pnb_row": "r1"}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("responses-by-task.jsonl", json.dumps(line, ensure_ascii=False) + "\n")
    assert find_rows(RESPONSES[:1], "pnb_row", export=file.getvalue, report=never).rows["t1"] == "r1"


def test_a_source_without_row_keys_is_not_fetched_again() -> None:
    first, second = b"task_id,pnb_row\nt1,r1\n", b"task_id,pnb_row\nt2,r2\n"
    join = find_rows(RESPONSES, "pnb_row", export=lambda: export({"x": "y"}), report=lambda: first)
    assert "export" in join.useless
    again = find_rows(RESPONSES, "pnb_row", export=never, report=lambda: second, skip=join.useless)
    assert again.rows == {"t2": "r2"}


def test_long_cells_of_a_report_are_read() -> None:
    report = f"task_id,text,pnb_row\nt1,{'x' * 200_000},r1\n".encode()
    assert find_rows(RESPONSES[:1], "pnb_row", export=broken, report=lambda: report).rows == {"t1": "r1"}
