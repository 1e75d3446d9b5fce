"""`read_data`: its sources, and what its error messages say about them."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from prolific_nb.data import read_data, sample_data, sample_path
from prolific_nb.errors import DataError

from .tables import again, refused


@pytest.mark.parametrize(
    ("raw", "options", "message"),
    [
        (b"a\n\xe9\x81\n", {"encoding": "cp1252"}, "0x81 at offset 3, in line 2"),
        (b"a\n\xe9\x81\n", {}, "its encoding is not clear. It could be cp932 ('"),
        (b"a\n\xe9\n", {"encoding": "utf-8"}, "0xe9 at offset 2, in line 2"),
        (b"a\nx\0y\n", {}, "NUL at character 3, in line 2"),
        (b"a\nx\n", {"encoding": "klingon"}, "'klingon' is not a known encoding"),
        (b"PK\x03\x04rest", {}, "ZIP archive is damaged"),
        (b"", {}, "It is empty"),
        (b"\n\n", {}, "It is empty"),
        (b"\xef\xbb\xbf", {}, "It is empty"),
        (b"a,b\n", {}, "no row below"),
        (b"a,b\n,\n,\n", {}, "no row below"),
        (b"a,a,a\n1,2,3\n", {}, "columns 1, 2, 3 from the left"),
        (b"a, a\n1,2\n", {}, "2 columns have the same name"),
        (b"b,,a\n0,1,x\n", {}, "Name it in the first row"),
        (b'a,b\n1,2\n3,"open\n4,5\n', {}, "row 3: A quotation mark opened in this row (line 3 of the file)"),
        (
            b'a,b\n1,"x\ny"\n3,"4"5\n',
            {},
            "row 3: In this row (line 4 of the file) text follows a closing quotation",
        ),
        (b"a,b\n1,2\n", {"delimiter": ",,"}, "not a single character"),
    ],
)
def test_errors_name_the_position_and_the_fix(raw: bytes, options: dict[str, str], message: str) -> None:
    error = refused(raw, **options)
    assert message in str(error)
    assert all(finding.remedy for finding in error.findings.errors)


def test_all_errors_are_reported_at_once() -> None:
    findings = refused(b"a,a,\n1,2,3\n1,2\n1\n").findings
    assert [finding.row for finding in findings.errors] == [3, 4, 1, 1]


@pytest.mark.parametrize("kind", ["missing", "folder", "text", "url"])
def test_sources_that_are_not_paths_of_files(tmp_path: Path, kind: str) -> None:
    (tmp_path / "reviews.csv").write_text("a\nx\n")
    source, message = {
        "missing": (tmp_path / "review.csv", "similar names there: 'reviews.csv'"),
        "folder": (tmp_path, "folder"),
        "text": ("a,b\n1,2\n", "as bytes"),
        "url": ("https://example.org/a.csv", "download"),
    }[kind]
    with pytest.raises(DataError, match=message):
        read_data(source)


def test_other_types_are_errors_of_ours_with_the_call_that_fits() -> None:
    frame = pd.DataFrame({"a": ["x"]})
    for source, remedy in [
        (5, "path of a file"),
        (None, "path of a file"),
        (frame["a"], "to_frame"),
        ({"a": ["x"]}, "pd.DataFrame"),
        (io.StringIO("a"), "encode"),
        (io.BytesIO(b"a"), "file.read()"),
        (bytearray(b"a"), "bytes(source)"),
        (iter(["a.csv"]), "sorted(paths)"),
        ([], "pattern"),
        ([["a"], ["b"]], "path of a file"),
    ]:
        with pytest.raises(DataError, match=re.escape(remedy)):
            read_data(source)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"encoding": 5}, "encoding= is int"),
        ({"delimiter": b","}, "delimiter= is bytes"),
        ({"sheet": 0}, "sheet= is int"),
        ({"kinds": ["text"]}, "kinds= is not a dict"),
        ({"kinds": {"a": ["text"]}}, "kinds= is not a dict"),
        ({"encoding": 5, "delimiter": ""}, "delimiter='' is not a single"),
    ],
)
def test_arguments_of_a_wrong_type_are_named(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError, match=re.escape(message)) as caught:
        read_data(b"a\nx\n", **arguments)
    assert all(finding.remedy for finding in caught.value.findings)


def test_the_home_folder_is_expanded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "a.csv").write_text("a\nx\n")
    data = read_data(["~/a.csv"])
    assert data.cells("a") == read_data(Path("~/a.csv")).cells("a") == ["x"]
    with pytest.raises(DataError, match="cannot be read"):
        read_data("~no-such-user-here/a.csv")


def test_data_is_named_after_its_path_and_its_code_reads_it_again(tmp_path: Path) -> None:
    path = tmp_path / "my reviews.csv"
    path.write_text("id;review|score\n1;x|2\n")
    data = read_data(path, kinds={"score": "text"}, delimiter="|")
    assert data.columns == ("id;review", "score")
    assert (data.name, data.source) == ("my reviews", str(path))
    assert again(data) == data


def test_the_bundled_reviews() -> None:
    data = sample_data()
    assert not data.check()
    assert data.columns == ("product", "review", "sentiment")
    assert data.text_columns[0] == "review"
    assert data.frame["sentiment"].value_counts().to_dict() == {"good": 45, "bad": 40, "mixed": 35}
    assert data.frame["review"].str.split().str.len().between(5, 45).all()
    assert data.frame["review"].is_unique
    assert read_data(sample_path()) == data
    assert data.to_code() == "data = pnb.sample_data()\n"
