"""Files that are not tables are refused by name, with a remedy that works."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pytest

from prolific_nb.data import read_data

from ..tables import records, refused

PAGE = "<!DOCTYPE html>\n<html><body><table><tr><th>a</th></tr><tr><td>x</td></tr></table></body></html>"


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (PAGE.encode(), "HTML page"),
        (b"\n<!-- saved from -->\n<HTML>\n", "HTML page"),
        (b"<table><tr><td>1</td></tr></table>", "HTML page"),
        (b'<?xml version="1.0"?>\n<!DOCTYPE html><html></html>', "HTML page"),
        (PAGE.encode("utf-16"), "HTML page"),
        (b'<?xml version="1.0"?><rows><row a="1"/></rows>', "XML file"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "Excel workbook saved as XML"),
        (b"% note\n@RELATION iris\n@ATTRIBUTE a NUMERIC\n", "ARFF"),
        (b"\0\5\x16\7\0\2\0\0Mac OS X", "macOS"),
        (b"PAR1rest", "Parquet"),
        (b"ARROW1\0\0", "Arrow"),
        (b"SQLite format 3\0rest", "SQLite"),
        (b"%PDF-1.7", "PDF"),
        (b"{\\rtf1 x}", "RTF"),
        (b"\x89PNG\r\n", "image"),
        (b"$FL2@(#)", "SPSS"),
        (b"\xd0\xcf\x11\xe0rest", "old Excel workbook (.xls)"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "Git LFS pointer"),
        (b"7z\xbc\xaf\x27\x1crest", "7z archive"),
    ],
)
def test_the_kind_is_named(raw: bytes, name: str) -> None:
    error = refused(raw)
    assert name in str(error)
    assert all(finding.remedy for finding in error.findings)


@pytest.mark.parametrize("version", [114, 117, 118])
def test_stata_files_are_read_as_the_remedy_says(version: int, tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": ["x", "y"], "n": [1, 2]})
    frame.to_stata(tmp_path / "a.dta", write_index=False, version=version)  # type: ignore[arg-type]
    assert "pd.read_stata(path)" in str(refused((tmp_path / "a.dta").read_bytes()))
    assert records(read_data(pd.read_stata(tmp_path / "a.dta")))[1:] == [["x", "1"], ["y", "2"]]


def test_pickles_are_named(tmp_path: Path) -> None:
    file = io.BytesIO()
    pd.DataFrame({"a": [1]}).to_pickle(file)
    assert "pickle" in str(refused(file.getvalue()))


@pytest.mark.parametrize("raw", [b"<b>name</b>,text\n1,x\n", b"<id>,b\n1,x\n", b"<html>,b\n1,<p>x</p>\n"])
def test_html_in_cells_is_not_a_page(raw: bytes) -> None:
    options = {"delimiter": ","} if raw.startswith(b"<html") else {}
    assert len(read_data(raw, **options)) == 1  # type: ignore[arg-type]


def test_a_markdown_table_is_named() -> None:
    assert "Markdown" in str(refused(b"| id | text |\n|----|:-----|\n| 1 | It leaks |\n"))
    assert read_data(b"|id|text|\n|1|It leaks|\n|2|It boils|\n").cells("text") == ["It leaks", "It boils"]
