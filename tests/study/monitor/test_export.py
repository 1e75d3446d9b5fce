"""The report and the export of a run: their content, and where an export may be unpacked."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

import prolific_nb as pnb
from prolific_nb.errors import StepFailed
from prolific_nb.study.monitor.export import unpack

BATCH = "0f9b2d7c-2a44-4f0e-9c1d-3f1f0d9a7c11"


def packed(*names: str, link: str = "") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("batch.json", json.dumps({"id": BATCH}))
        for name in names:
            archive.writestr(name, "content")
        if link:
            entry = zipfile.ZipInfo(link)
            entry.external_attr = 0o120777 << 16
            archive.writestr(entry, "/etc")
    return target.getvalue()


def test_the_report_and_the_table_tell_the_same_answers(answered: Callable[..., pnb.Run]) -> None:
    run = answered()
    report, table = run.report(), run.responses("all")
    told = set(zip(report["response_id"], report["instruction"], report["response"], strict=True))
    assert told == set(zip(table["response_id"], table["question"], table["value"], strict=True))
    assert len(report) == len(table)
    assert set(map(type, report.to_numpy().ravel())) == {str}
    assert report.attrs["mode"] == "SANDBOX"


def test_an_export_is_unpacked_and_renewed(answered: Callable[..., pnb.Run], tmp_path: Path) -> None:
    run = answered()
    folder = run.export(tmp_path / "new" / "answers")
    lines = [json.loads(line) for line in (folder / "responses-by-task.jsonl").read_text("utf-8").split("\n") if line]
    ids = {response["id"] for line in lines for response in line["responses"]}
    assert ids == set(run.responses("all")["response_id"])
    assert json.loads((folder / "batch.json").read_text("utf-8"))["id"] == run.batch_id
    (folder / "responses-by-task.jsonl").write_text("old", "utf-8")
    assert run.export(folder) == folder
    assert (folder / "responses-by-task.jsonl").read_text("utf-8") != "old"


def test_an_export_overwrites_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work", "utf-8")
    for other in ("", "not JSON", "[]", json.dumps({"id": "another"})):
        if other:
            (tmp_path / "batch.json").write_text(other, "utf-8")
        before = sorted(tmp_path.iterdir())
        with pytest.raises(FileExistsError, match="Nothing was written"):
            unpack(packed("README.md"), tmp_path, BATCH)
        assert sorted(tmp_path.iterdir()) == before
    with pytest.raises(FileExistsError):
        unpack(packed("README.md"), tmp_path / "thesis.txt", BATCH)


@pytest.mark.parametrize("name", ["../evil", "/evil", "files/../../evil", "..\\evil", "C:\\evil", "\\\\host\\evil"])
def test_an_archive_that_leaves_its_folder_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(StepFailed, match="Nothing was unpacked"):
        unpack(packed("files/a.txt", name), tmp_path / "inside", BATCH)
    assert list(tmp_path.iterdir()) == []


def test_an_archive_with_a_link_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StepFailed, match="'files/a'"):
        unpack(packed(link="files/a"), tmp_path / "inside", BATCH)
    assert unpack(packed("files/a"), tmp_path / "inside", BATCH) == tmp_path / "inside"
    assert (tmp_path / "inside" / "files" / "a").read_text() == "content"
