"""Damaged, odd and hostile archives: an InputError with file and line, bounded reading, and nothing silently lost."""

from __future__ import annotations

import io
import json
import os
import warnings
import zipfile
from pathlib import Path
from typing import Any

import pytest

import prolific_nb as pnb
from prolific_nb.errors import InputError

from .test_read_export import answer, archive

TASKS, SITTINGS, BATCH = "responses-by-task.jsonl", "responses-by-submission.jsonl", "batch.json"
IDS = {"task_id": "t1", "participant_id": "p1", "submission_id": "s1"}


@pytest.fixture
def made(tmp_path: Path) -> Path:
    by_task = [
        {"task_id": "t1", "datapoint": {"pnb_row": "k1", "review": "Fine."}, "responses": [answer(2, "good", **IDS)]}
    ]
    by_submission = [
        {"submission_id": "s1", "status": "APPROVED", "responses": [answer(2, "good", **IDS)]},
        {"submission_id": "s2", "status": "APPROVED", "responses": []},
    ]
    return archive(tmp_path / "export", by_task, by_submission)


def packed(folder: Path, *, name_of: Any = str, **options: Any) -> Path:
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **options) as opened:
        for file in sorted(folder.iterdir()):
            opened.write(file, name_of(file.name))
    return path


def lines_of(text: str) -> list[str]:
    return [line for line in text.split("\n") if line]


LINES: dict[str, str] = {
    "cut": '{"submission_id": "s2", "status": "APPR',
    "list": "[1]",
    "string": '"text"',
    "NaN": '{"submission_id": "s2", "number": NaN}',
    "infinite": '{"submission_id": "s2", "number": -Infinity}',
    "nested": "[" * 100_000 + "]" * 100_000,
    "two values": "{} {}",
    "number too long": '{"submission_id": "s2", "number": ' + "9" * 5000 + "}",
    "created_at missing": json.dumps({"submission_id": "s2", "r": [{**answer(3, "x", **IDS), "created_at": None}]}),
    "created_at wrong": json.dumps({"submission_id": "s2", "r": [{**answer(3, "x", **IDS), "created_at": "soon"}]}),
    "id a list": json.dumps({"submission_id": "s2", "r": [{**answer(3, "x", **IDS), "id": [1]}]}),
    "participant missing": json.dumps({"submission_id": "s2", "r": [answer(3, "x", task_id="t1")]}),
    "status a list": json.dumps(
        {"submission_id": "s2", "status": ["APPROVED"], "r": [answer(3, "x", **{**IDS, "submission_id": "s2"})]}
    ),
    "same ID": json.dumps({"submission_id": "s2", "r": [answer(2, "bad", **IDS)]}),
}


@pytest.mark.parametrize("kind", LINES)
@pytest.mark.parametrize("as_zip", [False, True])
def test_a_damaged_line_is_named(kind: str, as_zip: bool, made: Path) -> None:
    text = (made / SITTINGS).read_text("utf-8")
    (made / SITTINGS).write_text(f"{lines_of(text)[0]}\n\n{LINES[kind]}\n", "utf-8")
    with pytest.raises(InputError, match=f"{SITTINGS}, line 3") as caught:
        pnb.read_export(packed(made) if as_zip else made)
    assert len(str(caught.value)) < 700


def test_every_damaged_line_is_listed_at_once_up_to_ten(made: Path) -> None:
    (made / SITTINGS).write_text("{\n" * 25, "utf-8")
    with pytest.raises(InputError, match="15 more lines") as caught:
        pnb.read_export(made)
    assert len(caught.value.findings) == 11


def test_text_that_is_not_utf8_is_an_error_with_its_line(made: Path) -> None:
    content = (made / SITTINGS).read_bytes().replace(b"s2", b"\xff2")
    (made / SITTINGS).write_bytes(content)
    with pytest.raises(InputError, match=rf"{SITTINGS}, line 2.*not UTF-8"):
        pnb.read_export(made)


def test_a_byte_order_mark_is_ignored(made: Path) -> None:
    (made / SITTINGS).write_bytes(b"\xef\xbb\xbf" + (made / SITTINGS).read_bytes())
    assert len(pnb.read_export(made)) == 1


BATCHES = (
    *("", "null", "[]", "[" * 100_000, '{"id": NaN}', '{"batch_items": 5}', '{"batch_items": [1]}'),
    '{"batch_items": [{}], "task_details": {}}',
    '{"batch_items": [{"rows": [{"columns": [{"items": [7]}]}]}], "task_details": {}}',
)


@pytest.mark.parametrize("batch", BATCHES, ids=range(len(BATCHES)))
def test_a_damaged_batch_is_an_error(batch: str, made: Path) -> None:
    (made / BATCH).write_text(batch)
    with pytest.raises(InputError, match=r"batch\.json"):
        pnb.read_export(made)


def damaged(whole: bytes, kind: str) -> bytes:
    at = whole.index(SITTINGS.encode()) + 60
    return {
        "cut": whole[: len(whole) // 2],
        "cut by one": whole[:-1],
        "empty": b"",
        "zeros": bytes(2000),
        "content": whole[:at] + bytes(20) + whole[at + 20 :],
        "header": whole.replace(b"PK\x03\x04", b"PK\x00\x00"),
        "directory": whole.replace(b"PK\x01\x02", b"PK\x07\x07"),
    }[kind]


@pytest.mark.parametrize("kind", ["cut", "cut by one", "empty", "zeros", "content", "header", "directory"])
def test_a_damaged_zip_file_is_an_error(kind: str, made: Path) -> None:
    path = packed(made)
    path.write_bytes(damaged(path.read_bytes(), kind))
    with pytest.raises(InputError, match=r"export\.zip"):
        pnb.read_export(path)


def test_every_single_damaged_byte_is_survived(made: Path) -> None:
    """An error of the package, or a table; where only unused bytes were hit, the same table."""
    path, whole = packed(made), packed(made).read_bytes()
    for at in range(0, len(whole), 7):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        try:
            frame = pnb.read_export(path)
        except InputError:
            continue
        assert frame["value"].tolist() == ["good"]


def test_a_zip_bomb_is_not_unpacked(made: Path, tmp_path: Path) -> None:
    """The limit counts what is read: the header of this one says that its file is small."""
    (made / SITTINGS).write_text(" " * 300_000_000)
    path = packed(made)
    assert path.stat().st_size < 400_000
    content = path.read_bytes()
    with pytest.raises(InputError, match=r"more than 200 MB.*max_mb="):
        pnb.read_export(path)
    path.write_bytes(content.replace((300_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little")))
    with pytest.raises(InputError):
        pnb.read_export(path)
    with pytest.raises(InputError, match="more than 200 MB"):
        pnb.read_export(made)


def test_the_limit_can_be_chosen(made: Path) -> None:
    with pytest.raises(InputError, match=r"more than 0\.0001 MB"):
        pnb.read_export(made, max_mb=0.0001)
    assert len(pnb.read_export(made, max_mb=1)) == 1


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_refused(made: Path) -> None:
    path = packed(made)
    with zipfile.ZipFile(path, "a") as opened:
        opened.writestr(SITTINGS, "")
    with pytest.raises(InputError, match="contains 2 files"):
        pnb.read_export(path)


def test_an_encrypted_archive_is_named(made: Path) -> None:
    path = packed(made)
    content = bytearray(path.read_bytes())
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(sign)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(sign, at + 4)
    path.write_bytes(content)
    with pytest.raises(InputError, match="encrypted"):
        pnb.read_export(path)


def test_a_zip_file_in_a_zip_file_is_an_error(made: Path, tmp_path: Path) -> None:
    outer = tmp_path / "outer.zip"
    with zipfile.ZipFile(outer, "w") as opened:
        opened.write(packed(made), "export.zip")
    with pytest.raises(InputError, match=r"run\.export\(folder\)"):
        pnb.read_export(outer)


def test_files_in_a_folder_of_the_zip_file_are_found(made: Path) -> None:
    assert len(pnb.read_export(packed(made, name_of=lambda name: f"export/{name}"))) == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_in_the_folder_is_not_read(made: Path) -> None:
    (made / SITTINGS).unlink()
    os.mkfifo(made / SITTINGS)
    with pytest.raises(InputError, match="cannot be read"):
        pnb.read_export(made)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_an_archive(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="cannot be read"):
        pnb.read_export(tmp_path / "pipe")


@pytest.mark.parametrize("limit", [float("nan"), 0, -1, "4", True])
def test_a_limit_that_is_not_a_number_of_megabytes_is_refused(made: Path, limit: Any) -> None:
    with pytest.raises(ValueError, match="number of megabytes above 0"):
        pnb.read_export(made, max_mb=limit)


def test_an_infinite_limit_is_none(made: Path) -> None:
    assert len(pnb.read_export(packed(made), max_mb=float("inf"))) == 1


def test_what_is_left_out_is_counted_and_said(made: Path) -> None:
    copy = {"submission_id": "s3", "responses": [answer(2, "good", **IDS)]}
    odd = {"submission_id": "s4", "responses": [{"id": "r9", "response": {"note": "new"}}]}
    with (made / SITTINGS).open("a") as file:
        file.write("".join(json.dumps(line) + "\n" for line in (copy, odd)))
    with (made / TASKS).open("a") as file:
        file.write(json.dumps({"datapoint": {"review": "whose?"}}) + "\n")
    with pytest.warns(UserWarning, match="Left out of the table: 1 responses without an instruction_id, 1 copies"):
        frame = pnb.read_export(made)
    assert len(frame) == 1
    assert sum(frame.attrs["left_out"].values()) == 3


def test_unknown_keys_and_odd_values_are_kept(made: Path) -> None:
    odd = answer(4, "x", **{**IDS, "task_id": "t7"})
    odd["response"]["answer"] = [{"value": 10**400}, {"value": {"new": 1}}, 5, None]
    with (made / SITTINGS).open("a") as file:
        file.write(json.dumps({"submission_id": "s5", "status": "NEW_STATE", "new": [1], "r": [odd]}) + "\n")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        frame = pnb.read_export(made)
    assert frame["value"].tolist()[1:3] == [str(10**400), '{"new": 1}']
    assert io.StringIO(frame.to_csv()).read()
