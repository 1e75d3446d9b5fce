"""The archive of responses, read without a server: lines of any structure, and invalid archives."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

import prolific_nb as pnb
from prolific_nb.errors import InputError

DESIGN = pnb.Design("Reviews").show("review").choose("How?", ["good", "bad"])
ASKED = "00000000-0000-4000-8000-000000000001"


def answer(number: int, value: str, **more: Any) -> dict[str, Any]:
    given = {"instruction_id": ASKED, "type": "multiple_choice", "answer": [{"value": value}]}
    created = f"2026-03-01T10:00:0{number}Z"
    return {"id": f"r{number}", "created_at": created, "response": given, **more}


def archive(folder: Path, by_task: list[Any], by_submission: list[Any]) -> Path:
    sent = DESIGN.to_api()
    sent["batch_items"][0]["rows"][1]["columns"][0]["items"][0]["id"] = ASKED
    texts = {"batch.json": json.dumps({"id": "b", "name": "b", **sent})}
    for name, lines in (("task", by_task), ("submission", by_submission)):
        texts[f"responses-by-{name}.jsonl"] = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    folder.mkdir()
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """IDs missing from a response are in the enclosing line; strings contain a Unicode line separator."""
    by_task = [
        {
            "task_id": "t1",
            "datapoint": {"pnb_row": "k1", "review": "Fine.\u2028Really.", "stars": 5},
            "people": [{"participant_id": "p1", "submission_id": "s1", "given": [answer(2, "good")]}],
        },
        {"task_id": "t2", "responses": []},
    ]
    whole = {"task_id": "t1", "participant_id": "p1", "submission_id": "s1"}
    by_submission = [{"submission_id": "s1", "status": "APPROVED", "responses": [answer(2, "good", **whole)]}]
    return archive(tmp_path / "export", by_task, by_submission)


@pytest.mark.parametrize("by", ["task", "submission"])
def test_responses_are_found_whatever_the_structure_of_the_lines(made: Path, by: str) -> None:
    frame = pnb.read_export(made, by=by)
    [row] = frame.to_dict("records")
    wanted = {"response_id": "r2", "participant_id": "p1", "submission_id": "s1", "task_id": "t1", "row": "k1"}
    assert {name: row[name] for name in wanted} == wanted
    assert (row["question"], row["value"], row["submission_status"]) == ("How?", "good", "APPROVED")
    assert (row["review"], row["stars"]) == ("Fine.\u2028Really.", 5)


def test_a_zip_file_and_a_folder_give_the_same_frame(made: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as packed:
        for file in made.iterdir():
            packed.write(file, file.name)
    assert pnb.read_export(tmp_path / "export.zip").equals(pnb.read_export(made))


def test_an_archive_without_questions_warns_that_a_codebook_is_needed(made: Path) -> None:
    (made / "batch.json").write_text('{"id": "b", "name": "b", "task_details": {}, "batch_items": null}')
    with pytest.warns(UserWarning, match="codebook="):
        frame = pnb.read_export(made)
    assert frame["question"].isna().all()
    assert pnb.read_export(made, codebook=DESIGN.codebook().with_ids(ASKED))["question"].tolist() == ["How?"]


def test_an_invalid_archive_is_an_input_error(made: Path, tmp_path: Path) -> None:
    (tmp_path / "text.zip").write_text("not an archive")
    (made / "responses-by-task.jsonl").unlink()
    for path in (tmp_path / "nothing", tmp_path / "text.zip", made):
        with pytest.raises(InputError, match=r"run\.export\(folder\)"):
            pnb.read_export(path, by="task")
    with pytest.raises(ValueError, match="'task', 'submission'"):
        pnb.read_export(made, by="person")
