"""Spaces between cells and before quotation marks: the warning offers a call of pandas that reads the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from prolific_nb.data import read_data

from ..tables import followed, records


@pytest.mark.parametrize(
    "raw",
    [
        b"id  score group\n1   3.5  a\n2   4.5  b\n",
        b"id score group\n1 3.5 a\n2 4.5 b\n",
        b"  id    score group\n  1  3.5  a\n  2  4.5  b\n",
        b'"id" "score" "group"\n"r1" 1 3.5 "a"\n"r2" 2 4.5 "b"\n',  # write.table of R
        b'id, score, group\n1, 3.5, "a"\n2, 4.5, "b"\n',
        b'"id", "score", "group"\n"1", "3.5", "a"\n"2", "4.5", "b"\n',
    ],
)
def test_the_remedy_reads_the_table(raw: bytes, tmp_path: Path) -> None:
    assert records(followed(raw, tmp_path / "table.csv")) == [
        ["id", "score", "group"],
        ["1", "3.5", "a"],
        ["2", "4.5", "b"],
    ]


def test_quotation_marks_behind_a_space_enclose_delimiters(tmp_path: Path) -> None:
    raw = b'id; text\n1; "It leaks; badly"\n2; "It boils"\n'
    assert followed(raw, tmp_path / "table.csv").cells("text") == ["It leaks; badly", "It boils"]


def test_escaped_quotation_marks(tmp_path: Path) -> None:
    raw = b'id,text\n1,"He said \\"no\\" to it"\n2,"It boils"\n'
    assert followed(raw, tmp_path / "table.csv").cells("text") == ['He said "no" to it', "It boils"]


@pytest.mark.parametrize(
    "raw",
    [
        b"full name\nAnn Lee\nBob Day\n",
        b"text\nIt leaks 3\nIt boils 4\n",
        b'id,text\n1,"a, ""b"" c"\n',
        b"a, b\n1, 2\n",
    ],
)
def test_ordinary_spaces_are_no_warning(raw: bytes) -> None:
    assert not read_data(raw).findings.warnings
