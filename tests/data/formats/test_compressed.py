"""Compressed files and archives of one file."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from prolific_nb.data import read_data

from ..tables import records, refused

RAW = "id,text\n1,Größe\n2,“fine”\n".encode()
CONTENT = [["id", "text"], ["1", "Größe"], ["2", "“fine”"]]


def zipped(**files: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            # With a fixed date, so that parallel test processes see the same bytes.
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def tarred() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        info = tarfile.TarInfo("a.csv")
        info.size = len(RAW)
        archive.addfile(info, io.BytesIO(RAW))
    return file.getvalue()


@pytest.mark.parametrize(
    ("raw", "note"),
    [
        (gzip.compress(RAW, mtime=0), "Unpacked with gzip"),
        (gzip.compress(RAW[:9], mtime=0) + gzip.compress(RAW[9:], mtime=0), "gzip"),
        (bz2.compress(RAW), "bzip2"),
        (lzma.compress(RAW), "xz"),
        (zipped(**{"folder/reviews.csv": RAW}), "'folder/reviews.csv'"),
        (zipped(**{"a.csv": RAW, "__MACOSX/._a.csv": b"\0", ".DS_Store": b"\0", "x/": b""}), "'a.csv'"),
        (zipped(**{"a.csv": "\ufeff".encode() + RAW}), "byte order mark"),
    ],
)
def test_a_compressed_file_is_read_with_a_note(raw: bytes, note: str) -> None:
    data = read_data(raw)
    assert records(data) == CONTENT
    assert note in str(data.findings)


@pytest.mark.parametrize("compression", ["gzip", "bz2", "xz", "zip"])
def test_what_pandas_compresses_is_read(compression: str, tmp_path: Path) -> None:
    path = tmp_path / f"reviews.csv.{ {'gzip': 'gz'}.get(compression, compression) }"
    pd.DataFrame(CONTENT[1:], columns=CONTENT[0]).to_csv(path, index=False, compression=compression)  # type: ignore[call-overload]
    data = read_data(path)
    assert records(data) == CONTENT
    assert data.name == "reviews"


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (zipped(**{"a.csv": RAW, "b.csv": RAW}), "2 files: 'a.csv', 'b.csv'"),
        (zipped(**{f"{n}.csv": RAW for n in range(15)}), "and 5 more"),
        (zipped(), "contains no file"),
        (zipped(**{"__MACOSX/._a.csv": b"\0"}), "contains no file"),
        (zipped(**{"word/document.xml": b"x"}), "Word document"),
        (zipped(**{"META-INF/manifest.xml": b"x", "content.xml": b"x"}), "OpenDocument"),
        (zipped(**{"a.zip": zipped(**{"a.csv": RAW})}), "archive in a compressed file"),
        (gzip.compress(gzip.compress(RAW, mtime=0), mtime=0), "archive in a compressed file"),
        (gzip.compress(tarred(), mtime=0), "archive in a compressed file"),
        (tarred(), "tar archive"),
        (gzip.compress(RAW, mtime=0)[:-9], "damaged or incomplete"),
        (bz2.compress(RAW)[:-9], "damaged or incomplete"),
        (lzma.compress(RAW)[:-9], "damaged or incomplete"),
        (zipped(**{"a.csv": RAW})[:-9], "damaged or incomplete"),
    ],
)
def test_other_archives_are_refused_with_a_remedy(raw: bytes, message: str) -> None:
    error = refused(raw)
    assert message in str(error)
    assert all(finding.remedy for finding in error.findings)


def with_byte(raw: bytes, offset: int, value: int) -> bytes:
    """A ZIP archive with another byte in the header of its first file, which is there twice."""
    changed = bytearray(raw)
    changed[raw.index(b"PK\x03\x04") + offset] = value
    changed[raw.index(b"PK\x01\x02") + offset + 2] = value
    return bytes(changed)


def test_a_protected_archive_is_refused() -> None:
    assert "password" in str(refused(with_byte(zipped(**{"a.csv": RAW}), 6, 1)))


@pytest.mark.parametrize(("offset", "value"), [(8, 9), (8, 97), (4, 255)], ids=["deflate64", "wavpack", "version"])
def test_an_archive_that_python_cannot_unpack_is_refused(offset: int, value: int) -> None:
    error = refused(with_byte(zipped(**{"a.csv": RAW}), offset, value))
    assert "cannot be unpacked" in str(error)
    assert "another program" in error.findings[0].remedy


def test_the_first_letters_of_bzip2_may_be_those_of_a_csv() -> None:
    raw = b"BZh,text\n1,It leaks\n2,It boils\n"
    for packed in (raw, gzip.compress(raw, mtime=0), zipped(**{"a.csv": raw})):
        assert read_data(packed).columns == ("BZh", "text")


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, lambda raw: zipped(**{"a.csv": raw})])
def test_a_file_that_unpacks_to_too_much_is_refused(pack, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("prolific_nb.data.formats.compressed.MOST_BYTES", 2**20)
    assert "unpacks to more than 1 MB" in str(refused(pack(b"a\n" * 2**20)))
