"""Which source the rows come from, and that the content of a datapoint without a task counts."""

from __future__ import annotations

import csv
import io
from typing import Any

import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.design import Codebook, Question
from prolific_nb.errors import StepFailed
from prolific_nb.responses import Join, with_uploaded_rows

BOOK = Codebook([Question("Why?", "text", "free_text", instruction_id="i")])
AT = "2026-01-05T10:00:00Z"
DATA = pnb.read_data(pd.DataFrame({"text": ["a", "b", "c"]}))


def report(*lines: tuple[str, str, str, str]) -> bytes:
    """Lines of datapoint, text, participant and answer."""
    header = ["DataPoint_ID", "Task_Group_ID", "Task_Type", "Question", "text"]
    header += ["Annotator1_ID", "Annotator1_Response", "Annotator1_Timestamp"]
    file = io.StringIO(newline="")
    rows = [[datapoint, "g", "free_text", "Why?", text, who, said, AT] for datapoint, text, who, said in lines]
    csv.writer(file).writerows([header, *rows])
    return file.getvalue().encode()


def response(task: str, who: str, said: str) -> dict[str, Any]:
    given = {"instruction_id": "i", "type": "free_text", "answer": [{"value": said}]}
    return {"task_id": task, "participant_id": who, "created_at": AT, "response": given}


def never() -> bytes:
    raise AssertionError("fetched although nothing was missing")


def broken() -> bytes:
    raise StepFailed("The export ended 'failed'.")


def joined(records: list[dict[str, Any]], content: bytes, export: Any = never) -> Join:
    return with_uploaded_rows(
        Join(), records, data=DATA, shown=["text"], codebook=BOOK, report=lambda: content, export=export
    )


def test_the_content_of_a_datapoint_whose_task_is_uncertain_counts() -> None:
    records = [response("t1", "p", "x"), response("t2", "q", "y"), response("t3", "q", "y")]
    content = report(("d1", "a", "p", "x"), ("d2", "a", "q", "y"), ("d3", "b", "q", "y"))
    join = joined(records, content, export=broken)
    assert join.rows == {}  # the "a" of t1 may be either of two rows of the upload
    assert join.ambiguous == {"t1"}
    assert "failed" in join.failed["export"]


def test_rows_with_keys_of_the_data_are_left_alone() -> None:
    known = Join("metadata", {"t1": DATA.row_keys[2]})
    join = with_uploaded_rows(
        known, [response("t1", "p", "x")], data=DATA, shown=["text"], codebook=BOOK, report=never, export=never
    )
    assert join is known


def test_a_report_without_columns_of_the_data_is_not_read_twice() -> None:
    records = [response("t1", "p", "x")]
    join = joined(records, b"review\nx\n", export=broken)
    assert "report cells" in join.useless
    again = with_uploaded_rows(
        join, records, data=DATA, shown=["text"], codebook=BOOK, report=never, export=lambda: b"no archive"
    )
    assert again.rows == {}


@pytest.mark.parametrize("text", ["a", " a", "a\r\n"])
def test_a_row_is_found_by_the_report_alone(text: str) -> None:
    join = joined([response("t1", "p", "x")], report(("d1", text, "p", "x")))
    assert (join.by, dict(join.rows)) == ("content of the report", {"t1": DATA.row_keys[0]})
