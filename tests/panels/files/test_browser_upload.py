"""Uploads: what is saved, under which name, and what is rejected."""

from __future__ import annotations

from pathlib import Path

import ipywidgets as w
import pytest

import prolific_nb as pnb
from prolific_nb.errors import DataError
from prolific_nb.panels.files.browser_upload import MAX_BYTES, keep_upload
from prolific_nb.panels.files.data_panel import Data

from ..choosing import REVIEWS, choose, listed, upload
from ..find import find, parsed, shown, until

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
    assert find(panel, w.FileUpload).value == ()
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
        ("large.csv", b"a\n" + b"1\n" * (MAX_BYTES // 2), "file browser"),
        ("table.ods", b"PK\x03\x04", "Save it as CSV"),
        ("", b"a\n1\n", "Save it as CSV"),
        ("x" * 300 + ".csv", b"a\n1\n", "too long"),
    ],
)
def test_uploads_that_cannot_be_saved_are_rejected(name: str, content: bytes, words: str, folder: Path) -> None:
    panel = Data("reviews.csv")
    before = set(folder.iterdir())
    upload(panel, name, content)
    until(lambda: panel.errors)
    assert words in shown(panel)
    assert set(folder.iterdir()) == before
    assert panel.value.name == "reviews"


def test_the_largest_upload_is_taken(folder: Path) -> None:
    content = b"a\n" + b"1\n" * (MAX_BYTES // 2 - 1)
    assert keep_upload(folder, "large.csv", content).stat().st_size == MAX_BYTES
    with pytest.raises(DataError, match="8,000,001"):
        keep_upload(folder, "large.csv", content + b"1")


def test_the_limit_is_shown_before_choosing() -> None:
    text = parsed(shown(Data()))[2]
    assert "at most 8 MB" in text
    assert "file browser" in text
