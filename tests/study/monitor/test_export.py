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


def test_the_report_and_the_table_have_the_same_answers(answered: Callable[..., pnb.Run]) -> None:
    run = answered()
    report, table = run.report(), run.responses("all")
    assert [*report.columns[:4]] == ["DataPoint_ID", "Task_Group_ID", "Task_Type", "Question"]
    most = int(table.groupby(["row", "question"], observed=True).size().max())  # more than 3 if people returned theirs
    tail = [f"Annotator{n}_{name}" for n in range(1, most + 1) for name in ("ID", "Response", "Timestamp")]
    assert [*report.columns[-3 * most :]] == tail
    answers = {
        (row["pnb_row"], row["Question"], row[f"Annotator{n}_ID"], row[f"Annotator{n}_Response"])
        for _, row in report.iterrows()
        for n in range(1, most + 1)
        if row[f"Annotator{n}_ID"]
    }
    expected = zip(table["row"], table["question"], table["participant_id"], table["value"], strict=True)
    assert answers == set(expected)
    assert len(report) == 24 * 2
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


def test_an_archive_of_another_batch_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StepFailed, match=f"that of batch '{BATCH}', not of batch other"):
        unpack(packed("responses.jsonl"), tmp_path / "new", "other")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["files/a\x1b[31m.txt", "files/\u202etxt.exe", "files/a\nb"])
def test_an_archive_with_control_characters_in_names_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(StepFailed, match="control characters"):
        unpack(packed(name), tmp_path / "new", BATCH)
    assert list(tmp_path.iterdir()) == []


def test_an_archive_with_a_link_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StepFailed, match="'files/a'"):
        unpack(packed(link="files/a"), tmp_path / "inside", BATCH)
    assert unpack(packed("files/a"), tmp_path / "inside", BATCH) == tmp_path / "inside"
    assert (tmp_path / "inside" / "files" / "a").read_text() == "content"


def zipped(files: dict[str, str], **more: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in ({"batch.json": json.dumps({"id": BATCH})} | files | more).items():
            archive.writestr(name, content)
    return target.getvalue()


def broken(kind: str) -> bytes:
    whole = zipped({"files/a.txt": "content " * 50, "files/b.txt": "other"})
    data = whole.index(b"files/a.txt") + len("files/a.txt") + 2
    locked = whole.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00")
    return {
        "cut": whole[: len(whole) // 2],
        "empty": b"",
        "not a ZIP file": b"<html>Bad gateway</html>",
        "damaged in the middle": whole[:data] + bytes(8) + whole[data + 8 :],
        "encrypted": locked,
        "a file that is a folder too": zipped({"files": "a file", "files/a.txt": "in it"}),
        "name too long": zipped({"files/" + "x" * 300: "content"}),
        "larger than allowed": zipped({"files/big": "0" * 3_000_000}),
    }[kind]


BROKEN = ("cut", "empty", "not a ZIP file", "damaged in the middle", "encrypted", "a file that is a folder too")


@pytest.mark.parametrize("kind", [*BROKEN, "name too long", "larger than allowed"])
def test_a_broken_archive_leaves_nothing_half_written(kind: str, tmp_path: Path) -> None:
    earlier = unpack(zipped({"files/a.txt": "earlier"}), tmp_path / "earlier", BATCH)
    for target in (earlier, tmp_path / "new" / "deep" / "inside"):
        with pytest.raises(StepFailed, match=r"Nothing was (written|unpacked)"):
            unpack(broken(kind), target, BATCH, max_mb=2)
    assert sorted(each.name for each in tmp_path.rglob("*")) == ["a.txt", "batch.json", "earlier", "files"]
    assert (earlier / "files" / "a.txt").read_text() == "earlier"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    target = io.BytesIO(packed("files/a"))
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("files/./a", "another")
    with pytest.raises(StepFailed, match=r"several files of one name: 'files/a'"):
        unpack(target.getvalue(), tmp_path / "inside", BATCH)
    assert list(tmp_path.iterdir()) == []


def test_a_link_in_the_folder_leads_nowhere(tmp_path: Path) -> None:
    earlier, elsewhere = unpack(packed("README.md"), tmp_path / "earlier", BATCH), tmp_path / "elsewhere"
    elsewhere.mkdir()
    (earlier / "files").symlink_to(elsewhere)
    with pytest.raises(StepFailed, match="leads out of its folder"):
        unpack(packed("files/a.txt"), earlier, BATCH)
    assert list(elsewhere.iterdir()) == []


def test_other_files_in_the_folder_of_an_earlier_export_stay(tmp_path: Path) -> None:
    earlier = unpack(packed("files/a.txt"), tmp_path / "earlier", BATCH)
    (earlier / "notes.txt").write_text("mine")
    unpack(packed("files/b.txt"), earlier, BATCH)
    assert (earlier / "notes.txt").read_text() == "mine"
    assert (earlier / "files" / "b.txt").read_text() == "content"


def test_a_damaged_line_in_an_export_is_named_and_nothing_is_written(
    answered: Callable[..., pnb.Run], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = answered()
    about = {"batch.json": json.dumps({"id": run.batch_id})}
    archive = zipped(about, **{"responses-by-submission.jsonl": '{}\n{"submission_id": "s1", "resp'})
    monkeypatch.setattr(run, "_export", lambda: archive)
    with pytest.raises(StepFailed, match=r"responses-by-submission\.jsonl, line 2: It is not valid JSON"):
        run.export(tmp_path / "answers")
    assert not (tmp_path / "answers").exists()
    with pytest.raises(StepFailed, match=r"more than 1e-05 MB.*max_mb="):
        run.export(tmp_path / "answers", max_mb=0.00001)
