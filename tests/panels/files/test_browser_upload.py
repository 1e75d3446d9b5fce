"""Uploads: what is saved, under which name, and what is rejected."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import ipywidgets as w
import pytest

import prolific_nb as pnb
from prolific_nb.errors import DataError
from prolific_nb.panels.files.browser_upload import MAX_BYTES, Upload
from prolific_nb.panels.files.data_panel import Data
from prolific_nb.panels.files.drop_zone import DropZone

from ..choosing import REVIEWS, choose, listed, upload
from ..find import find, parsed, shown

pytestmark = pytest.mark.usefixtures("folder")


def test_an_upload_is_kept_in_the_folder_and_read_from_there(folder: Path) -> None:
    panel = Data()
    choose(panel, "more/")
    find(panel, w.Button, "Open folder").click()
    upload(panel, "mine.csv", REVIEWS.encode())
    assert (folder / "more" / "mine.csv").read_text() == REVIEWS
    assert panel.value == pnb.read_data(folder / "reviews.csv")
    assert panel.code().endswith("data = pnb.read_data('more/mine.csv')\n")
    assert "mine.csv" in "".join(listed(panel))
    assert find(panel, w.Text, "Path").value == "more/mine.csv"
    assert REVIEWS[-50:] not in json.dumps(find(panel, DropZone).get_state(), default=repr)
    assert panel.errors == []


def test_an_upload_never_overwrites_another_file(folder: Path) -> None:
    panel = Data()
    upload(panel, "reviews.csv", b"a\n1\n")
    upload(panel, "reviews.csv", b"a\n2\n")
    upload(panel, "reviews.csv", b"a\n1\n")
    assert (folder / "reviews.csv").read_text() == REVIEWS
    assert [(folder / f"reviews-{n}.csv").read_text() for n in (1, 2)] == ["a\n1\n", "a\n2\n"]
    assert not (folder / "reviews-3.csv").exists()
    assert find(panel, w.Text, "Path").value == "reviews-1.csv"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../up.csv", "up.csv"),
        ("C:\\data\\up.CSV", "up.CSV"),
        ("..up.csv", "up.csv"),
        ("a\0\nb.csv", "ab.csv"),
        ("مراجعات.csv", "مراجعات.csv"),
        ("<img src=x onerror=alert(1)>.csv", "<img src=x onerror=alert(1)>.csv"),
    ],
)
def test_names_of_uploads_cannot_leave_the_folder(name: str, kept: str, folder: Path) -> None:
    panel = Data()
    before = set(folder.parent.rglob("*"))
    upload(panel, name, b"a\n1\n")
    assert set(folder.parent.rglob("*")) - before == {folder / kept}
    assert panel.value.name == Path(kept).stem
    assert "img" not in parsed(shown(panel))[0]
    assert panel.errors == []


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("table.sav", b"$FL2", "Save it as CSV first"),
        ("", b"a\n1\n", "Save it as CSV first"),
        ("x" * 300 + ".csv", b"a\n1\n", "too long"),
    ],
)
def test_uploads_that_cannot_be_saved_are_rejected(name: str, content: bytes, words: str, folder: Path) -> None:
    panel = Data("reviews.csv")
    before = set(folder.iterdir())
    assert upload(panel, name, content)[-1]["kind"] == "refused"
    assert words in shown(panel)
    assert set(folder.iterdir()) == before
    assert panel.value.name == "reviews"


def test_a_file_of_many_pieces_is_kept_byte_for_byte(folder: Path) -> None:
    content = b"a\n" + b"12345\r\n" * 1_000_000
    panel = Data()
    answers = upload(panel, "large.csv", content)
    assert [each.get("offset") for each in answers] == [0, 2**21, 2**22, 3 * 2**21, len(content), None]
    assert (folder / "large.csv").read_bytes() == content
    assert stat.S_IMODE((folder / "large.csv").stat().st_mode) == stat.S_IMODE((folder / "reviews.csv").stat().st_mode)
    assert len(panel.value) == 1_000_000


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(folder: Path) -> None:
    Upload(folder, "large.csv", MAX_BYTES).cancel()
    with pytest.raises(DataError, match="1,073,741,825"):
        Upload(folder, "large.csv", MAX_BYTES + 1)
    assert not list(folder.glob(".pnb-*"))


def test_pieces_that_are_lost_or_too_long_are_refused(folder: Path) -> None:
    upload = Upload(folder, "a.csv", 4)
    assert upload.add(0, b"a\n") == 2
    with pytest.raises(DataError, match="lost on its way"):
        upload.add(0, b"1\n")
    with pytest.raises(DataError, match="lost on its way"):
        upload.add(2, b"1\n2\n")
    with pytest.raises(DataError, match="2 bytes are missing"):
        upload.finish()
    assert not (folder / "a.csv").exists()
    assert not list(folder.glob(".pnb-*"))


def test_what_was_not_sent_to_the_end_is_deleted(folder: Path) -> None:
    panel = Data()
    zone = find(panel, DropZone)
    for upload_id in ("cancelled", "closed"):
        zone._handle_custom_msg({"kind": "begin", "id": upload_id, "name": "a.csv", "size": 9}, [])
    assert len(list(folder.glob(".pnb-*"))) == 2
    zone._handle_custom_msg({"kind": "cancel", "id": "cancelled"}, [])
    zone._handle_custom_msg({"kind": "piece", "id": "cancelled", "offset": 0}, [memoryview(b"a")])
    assert len(list(folder.glob(".pnb-*"))) == 1
    panel.close()
    assert not list(folder.glob(".pnb-*"))
    assert panel.errors == []


def test_a_folder_that_cannot_be_written_to_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("prolific_nb.panels.files.browser_upload.tempfile.mkstemp", refuse)
    panel = Data()
    assert upload(panel, "a.csv", b"a\n1\n")[-1]["words"] == "The file was not copied."
    assert "cannot be written" in shown(panel)
    assert "choose a folder that you can write to" in shown(panel)


def test_a_file_made_meanwhile_is_not_overwritten(folder: Path) -> None:
    upload = Upload(folder, "a.csv", 4)
    upload.add(0, b"a\n1\n")
    (folder / "a.csv").write_bytes(b"a\n2\n")
    assert upload.finish() == folder / "a-1.csv"
    assert (folder / "a.csv").read_bytes() == b"a\n2\n"
