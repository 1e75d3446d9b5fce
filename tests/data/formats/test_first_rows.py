"""The first rows of a file, as they are shown while choosing how to read it."""

from __future__ import annotations

import gzip
import time
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from prolific_nb.data import first_rows

TITLED = "Export of 29 Nov 2026\n\nid;text\n1;Zoë\n2;café\n"


def test_rows_are_shown_as_they_are_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(TITLED)
    assert first_rows(file, skip_rows=2).rows == (
        ("Export of 29 Nov 2026",),
        ("",),
        ("id", "text"),
        ("1", "Zoë"),
        ("2", "café"),
    )
    assert first_rows(file, skip_rows=2, delimiter=",").rows[2:4] == (("id;text",), ("1;Zoë",))
    assert first_rows(file, most=2).rows == (("Export of 29 Nov 2026",), ("id;text",))


def test_the_encoding_changes_what_is_shown(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes("id,text\n1,Größe\n".encode("cp1252"))
    assert first_rows(file, encoding="cp1252").rows[1] == ("1", "Größe")
    assert first_rows(file, encoding="cp1250").rows[1] == ("1", "Größe")
    assert first_rows(file, encoding="cp1251").rows[1] == ("1", "GrцЯe")
    assert first_rows(file, encoding="utf-8").rows[1] == ("1", "Gr\ufffd\ufffde")
    assert first_rows(file, encoding="no-such").rows[1] == ("1", "Größe")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig"])
def test_only_the_head_of_a_large_file_is_read(encoding: str, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("id,text\n" + "1,Zoë über alles\n" * 1_000_000, encoding=encoding)
    start = time.perf_counter()
    assert first_rows(file).rows[:2] == (("id", "text"), ("1", "Zoë über alles"))
    assert time.perf_counter() - start < 0.5


def test_compressed_files_and_archives_are_looked_into(tmp_path: Path) -> None:
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"id,text\n1,x\n"))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("b.csv", "id,text\n1,x\n")
    for name in ("a.csv.gz", "a.zip"):
        assert first_rows(tmp_path / name).rows == (("id", "text"), ("1", "x"))


def test_a_workbook_shows_its_sheets_and_the_chosen_one(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    with pd.ExcelWriter(tmp_path / "book.xlsx") as book:
        pd.DataFrame({"text": ["It leaks"], "n": [3]}).to_excel(book, sheet_name="reviews", index=False)
        pd.DataFrame({"about": [None, "us"]}).to_excel(book, sheet_name="notes", index=False)
    found = first_rows(tmp_path / "book.xlsx")
    assert (found.sheets, found.rows) == (("reviews", "notes"), (("text", "n"), ("It leaks", "3")))
    assert first_rows(tmp_path / "book.xlsx", sheet="notes").rows[0] == ("about",)


@pytest.mark.parametrize(
    ("name", "content", "note"),
    [
        ("a.json", b'[{"id": 1}]', "JSON"),
        ("a.csv.gz", b"\x1f\x8b\x08\0damaged", "cannot be shown"),
        ("a.xlsx", b"PK\x03\x04damaged", "cannot be shown"),
        ("", b"", "cannot be shown"),
    ],
)
def test_what_cannot_be_shown_is_said(name: str, content: bytes, note: str, tmp_path: Path) -> None:
    if name:
        (tmp_path / name).write_bytes(content)
    found = first_rows(tmp_path / (name or "no.csv"))
    assert note in found.note
    assert found.rows == ()
