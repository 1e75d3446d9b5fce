"""Prolific's CSV report as the tidy table, against the responses of the same study and against literal files."""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.common.progress import silent
from prolific_nb.design import Codebook, Question
from prolific_nb.responses.prolific_report.read_report import Report, report_of

from ...conftest import PLAN, Connect

EVERY_TYPE = (
    pnb.Design("Everything", introduction="<p>Read.</p>", steps="<p>Answer.</p>")
    .show("product")
    .show("review")
    .choose("How does the writer feel?", {"good": "Rather good", "bad": "Bad, or worse", "mixed": "Mixed | unclear"})
    .rate("How sure are you?", {1: "Not at all", 2: "A bit", 3: "Very"})
    .choose_many("What is it about?", {"price": "Price, value", "quality": "Quality", "service": "Service"})
    .choose_and_explain("What is best about it?", ["the look", "the use"])
    .measure("How much would you pay?", ["pounds", "dollars"])
    .write("What made you think so?", min_chars=3)
    .upload("A picture of yours", types=[".png"], max_files=2)
)
UNKNOWN = ["response_id", "submission_id", "submission_status", "task_id", "position", "seconds", "file_key"]
ORDER = ["created_at", "participant_id", "row", "question", "value", "file_name"]


@pytest.mark.parametrize("flow", ["layout", "instructions"])
def test_the_tidy_report_has_what_the_responses_have(sandboxed: Connect, flow: str) -> None:
    data = pnb.read_data(pnb.sample_data().head(13))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        run = pnb.launch(sandboxed(), data, EVERY_TYPE, PLAN, flow=flow, on_progress=silent)
    run.publish(max_cost="120.00").wait(timeout=60, on_progress=silent)
    tidy, answers = run.report().tidy(), run.responses("all")
    assert list(tidy) == list(answers)
    assert tidy.attrs["unread"] == {}
    assert tidy["task_id"].nunique() == 13
    assert tidy[UNKNOWN].drop(columns="task_id").isna().all(axis=None)
    ours, theirs = (
        each.drop(columns=UNKNOWN).astype(object).sort_values(ORDER, ignore_index=True) for each in (tidy, answers)
    )
    pd.testing.assert_frame_equal(ours, theirs)
    of_tidy, of_answers = (pnb.agreement(each, unit="row").table["value"] for each in (tidy, answers))
    pd.testing.assert_series_equal(of_tidy, of_answers)


def report(*rows: list[str], data: tuple[str, ...] = ("text",), annotators: int = 1) -> bytes:
    tail = [f"Annotator{n}_{name}" for n in range(1, annotators + 1) for name in ("ID", "Response", "Timestamp")]
    file = io.StringIO(newline="")
    csv.writer(file).writerows([["DataPoint_ID", "Task_Group_ID", "Task_Type", "Question", *data, *tail], *rows])
    return file.getvalue().encode()


AT = "2026-01-05T10:00:00Z"


def answer(question: str, response: str, kind: str = "multiple_choice") -> list[str]:
    return ["d1", "g1", kind, question, "x", "p1", response, AT]


def values(book: Codebook, *responses: str) -> list[list[object]]:
    """The values read from each response to the first question of a codebook."""
    [question] = book
    frame = report_of(report(*(answer(question.question, each) for each in responses)), book)
    found = [frame.iloc[[n]] for n in range(len(responses))]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [each.tidy()["value"].tolist() for each in found]


def test_a_label_becomes_its_value_also_when_labels_and_values_are_swapped() -> None:
    book = Codebook([Question("Q", "single", "multiple_choice", ("a", "b"), ("b", "a"), 1)])
    assert values(book, "a", "b") == [["b"], ["a"]]


@pytest.mark.parametrize("separator", [" | ", ", ", ";", "\n"])
def test_several_picks_are_split_whatever_the_separator(separator: str) -> None:
    book = Codebook([Question("Q", "many", "multiple_choice", ("p", "q", "s"), ("Price", "Quality", "Service"), None)])
    assert values(book, f"Price{separator}Service", "Quality") == [["p", "s"], ["q"]]


def test_labels_that_contain_the_separator_are_read_if_there_is_one_way_to() -> None:
    labels = ("Price, value", "Price", "Service")
    book = Codebook([Question("Q", "many", "multiple_choice", ("pv", "p", "s"), labels, None)])
    assert values(book, "Price, value, Service", "Price, Service") == [["pv", "s"], ["p", "s"]]


def test_a_cell_that_can_be_read_in_two_ways_is_missing_and_counted() -> None:
    book = Codebook([Question("Q", "many", "multiple_choice", ("xy", "x", "y"), ("x, y", "x", "y"), None)])
    frame = report_of(report(answer("Q", "x, y"), answer("Q", "y, x")), book)
    with pytest.warns(UserWarning, match="1 answers that can be read in several ways"):
        tidy = frame.tidy()
    assert tidy["value"].isna().tolist() == [True, False, False]
    assert tidy.attrs["unread"] == {"answers that can be read in several ways": 1}


def test_another_cell_tells_the_separator() -> None:
    book = Codebook([Question("Q", "many", "multiple_choice", ("xy", "x", "y"), ("x, y", "x", "y"), None)])
    frame = report_of(report(answer("Q", "x, y"), answer("Q", "x | y")), book)
    assert frame.tidy()["value"].tolist() == ["xy", "x", "y"]


def test_a_label_of_two_options_has_no_value() -> None:
    book = Codebook([Question("Q", "single", "multiple_choice", ("1", "2", "3"), ("same", "same", "other"), 1)])
    frame = report_of(report(answer("Q", "same"), answer("Q", "other")), book)
    with pytest.warns(UserWarning, match="1 answers with a label that several options share"):
        tidy = frame.tidy()
    assert tidy["value"].astype(object).where(tidy["value"].notna(), None).tolist() == [None, "3"]


def test_an_unknown_label_is_kept_and_counted() -> None:
    book = Codebook([Question("Q", "single", "multiple_choice", ("1",), ("yes",), 1)])
    with pytest.warns(UserWarning, match="not the label of an option"):
        assert report_of(report(answer("Q", "maybe")), book).tidy()["value"].tolist() == ["maybe"]


def test_explanations_may_contain_parentheses_and_separators() -> None:
    book = Codebook(
        [Question("Q", "single", "multiple_choice_with_free_text", ("l", "u"), ("look", "use"), 1, instruction_id="i")]
    )
    text = "it (really) | shines"
    [row] = report_of(report(answer("Q", f"look ({text})")), book).tidy().to_dict("records")
    assert (row["value"], row["explanation"], row["instruction_id"]) == ("l", text, "i")


def test_numbers_with_units() -> None:
    book = Codebook([Question("Q", "number", "free_text_with_unit", units=("fl oz", "oz"))])
    cells = ["12 fl oz", "1.5 oz", "about 3 oz", "7 litres"]
    tidy = report_of(report(*(answer("Q", each) for each in cells)), book).tidy()
    assert tidy["value"].tolist() == ["12", "1.5", "about 3", "7"]
    assert tidy["number"].tolist()[:2] == [12.0, 1.5]
    assert tidy["number"].isna().tolist() == [False, False, True, False]
    assert tidy["number_unit"].tolist() == ["fl oz", "oz", "oz", "litres"]


AWKWARD = ("Question", "Annotator1_ID", "Annotator1_Response", "Annotator1_Timestamp", "value", "Question.1")


def test_columns_of_the_data_with_the_names_of_the_report_are_not_misread() -> None:
    cells = ["What?", "p9", 'a "quoted"\r\nline', "never", "0", "again"]
    line = ["d1", "g1", "free_text", "Why?", *cells, "p1", "because", AT, "", "", ""]
    frame = report_of(report(line, data=AWKWARD, annotators=2))
    assert isinstance(frame, Report)
    assert frame.columns.is_unique
    [row] = frame.tidy().to_dict("records")
    assert (row["question"], row["participant_id"], row["value"]) == ("Why?", "p1", "because")
    named = ("row_question", "Question", "Annotator1_ID", "Annotator1_Response", "Annotator1_Timestamp", "Question.1")
    assert [row[name] for name in named if name in row] == ["What?", "p9", cells[2], "never", "again"]
    assert row["row_value"] == "0"


def test_labels_like_na_stay_text() -> None:
    book = Codebook([Question("Q", "single", "multiple_choice", ("NA", "None"), ("NA", "None"), 1)])
    assert values(book, "NA", "None") == [["NA"], ["None"]]


def test_a_downloaded_report_is_read_from_its_file(answered: Callable[..., pnb.Run], tmp_path: Path) -> None:
    run = answered()
    (tmp_path / "report.csv").write_bytes(b"\xef\xbb\xbf" + run.client.batches.report(run.batch_id))
    read = pnb.read_report(tmp_path / "report.csv", codebook=run.codebook)
    pd.testing.assert_frame_equal(read.tidy(), run.report().tidy())


@pytest.mark.parametrize("content", [b"", b'a,b\n"1', b"a,b\n1\n", "a,b\n\xe9,1\n".encode("latin-1")])
def test_a_damaged_report_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "report.csv").write_bytes(content)
    with pytest.raises(pnb.InputError, match="Download it again"):
        pnb.read_report(tmp_path / "report.csv")


def test_another_table_is_not_read_as_a_report(tmp_path: Path) -> None:
    (tmp_path / "report.csv").write_bytes(b"a,b\n1,2\n")
    with pytest.raises(pnb.InputError, match="not Prolific's report"):
        pnb.read_report(tmp_path / "report.csv")
    with pytest.raises(pnb.InputError, match="cannot be read"):
        pnb.read_report(tmp_path / "absent.csv")
    with pytest.raises(pnb.InputError, match="whole report"):
        report_of(report(answer("Q", "x"))).drop(columns="text").tidy()
