"""Responses come back from their file with their dtypes and questions."""

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.common.progress import silent

from ..conftest import PLAN, Connect
from .prolific_report.test_read_report import EVERY_TYPE

Answered = Callable[..., pnb.Run]


def test_a_table_comes_back_as_it_was(sandboxed: Connect, tmp_path: Path) -> None:
    data = pnb.read_data(pnb.sample_data().head(13).assign(note=["=1+1", "", "NA", *["x"] * 10]))
    run = pnb.launch(sandboxed(), data, EVERY_TYPE, PLAN, on_progress=silent)
    run.publish(max_cost="120.00").wait(timeout=60, on_progress=silent)
    frame = run.responses()
    pnb.save_table(frame, tmp_path / "mine.csv")
    again = pnb.read_responses(tmp_path / "mine.csv")
    pd.testing.assert_frame_equal(again, frame, check_categorical=False)
    assert again.dtypes.astype(str).to_dict() == frame.dtypes.astype(str).to_dict()
    assert {name: again.attrs[name] for name in ("mode", "questions", "pay")} == {
        name: frame.attrs[name] for name in ("mode", "questions", "pay")
    }
    pd.testing.assert_series_equal(pnb.agreement(again).table["value"], pnb.agreement(frame).table["value"])


LABELS = ["NA", "None", "nan", "null", "n/a", "-", "=yes", "007", "TRUE", "1.0"]


@pytest.mark.parametrize("label", LABELS)
def test_labels_that_programs_take_for_missing_survive(label: str, tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "response_id": pd.Categorical(["r1", "r2"]),
            "participant_id": pd.Categorical(["p1", "p2"]),
            "task_id": pd.Categorical(["t", "t"]),
            "question": pd.Categorical(["Q", "Q"]),
            "value": pd.Categorical([label, "other"]),
        }
    )
    frame.attrs["questions"] = pnb.Design("d").choose("Q", [label, "other", "unused"]).codebook().to_records()
    pnb.save_table(frame, tmp_path / "t.csv")
    again = pnb.read_responses(tmp_path / "t.csv")
    assert again["value"].tolist() == [label, "other"]
    assert again["value"].cat.categories.tolist() == [label, "other", "unused"]  # one question: its options


def test_all_labels_survive_the_whole_way(sandboxed: Connect, tmp_path: Path) -> None:
    design = pnb.Design("d").show("review").choose("Q", ["NA", "None", "good"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        run = pnb.launch(sandboxed(), pnb.read_data(pnb.sample_data().head(40)), design, PLAN, on_progress=silent)
    frame = run.publish(max_cost="220.00").wait(timeout=60, on_progress=silent).responses(question="Q")
    assert len(frame) == 120
    pnb.save_table(frame, tmp_path / "t.csv")
    again = pnb.read_responses(tmp_path / "t.csv")
    pd.testing.assert_frame_equal(again, frame, check_categorical=False)
    assert again["value"].cat.categories.tolist() == ["NA", "None", "good"]


def small(tmp_path: Path) -> tuple[pd.DataFrame, Path]:
    cells = {"response_id": ["r"], "participant_id": ["p"], "task_id": ["t"], "question": ["Q"], "value": ["a"]}
    frame = pd.DataFrame(cells)
    frame.attrs["questions"] = pnb.Design("d").choose("Q", ["a", "b"]).codebook().to_records()
    return frame, tmp_path / "answers.csv"


def test_the_questions_lie_beside_the_table(tmp_path: Path) -> None:
    frame, path = small(tmp_path)
    frame.attrs["mode"] = "SANDBOX"
    pnb.save_table(frame, path)
    beside = json.loads((tmp_path / "answers.questions.json").read_text("utf-8"))
    assert (beside["mode"], beside["questions"]) == ("SANDBOX", frame.attrs["questions"])
    pnb.save_table(frame, tmp_path / "bare.csv", questions=False)
    pnb.save_table(frame, io.StringIO())
    pnb.save_table(pd.DataFrame({"a": [1]}), tmp_path / "other.csv")
    assert {file.name for file in tmp_path.glob("*.json")} == {"answers.questions.json"}
    assert pnb.read_responses(tmp_path / "bare.csv").attrs == {}


def test_the_questions_of_the_demo_or_those_given_are_used(tmp_path: Path) -> None:
    frame, path = small(tmp_path)
    pnb.save_table(frame, path, questions=False)
    book = pnb.Codebook.from_records(frame.attrs["questions"])
    for codebook in (book, tmp_path / "asked.json"):
        (tmp_path / "asked.json").write_text(book.to_json(), "utf-8")
        assert pnb.read_responses(path, codebook=codebook).attrs["questions"] == book.to_records()
    (tmp_path / "questions.json").write_text(book.to_json(), "utf-8")
    assert pnb.read_responses(path).attrs["questions"] == book.to_records()
    with path.open(encoding="utf-8") as file:
        assert pnb.read_responses(file, codebook=book)["value"].tolist() == ["a"]


def test_questions_of_another_table_are_refused(tmp_path: Path) -> None:
    frame, path = small(tmp_path)
    pnb.save_table(frame, path)
    other = frame.assign(question="Another?")
    other.attrs = {}
    pnb.save_table(other, path)  # the questions of the first table are still there
    with pytest.raises(pnb.InputError, match=r"'Another\?' is not among them"):
        pnb.read_responses(path)


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", "response_id\nr\n"])
def test_other_files_are_refused(content: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(content, "utf-8")
    with pytest.raises(pnb.InputError, match=r"t\.csv"):
        pnb.read_responses(tmp_path / "t.csv")


@pytest.mark.parametrize("content", ["", "[1]", "{}", '{"questions": [{"kind": "x"}]}'])
def test_damaged_questions_are_refused(content: str, tmp_path: Path) -> None:
    frame, path = small(tmp_path)
    pnb.save_table(frame, path)
    (tmp_path / "answers.questions.json").write_text(content, "utf-8")
    with pytest.raises(pnb.InputError, match=r"answers\.questions\.json.*\n?.*codebook="):
        pnb.read_responses(path)
    with pytest.raises(pnb.InputError, match="cannot be read"):
        pnb.read_responses(tmp_path / "absent.csv")
