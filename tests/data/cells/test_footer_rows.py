"""Rows below a table that are not data: warned about, and left out as the remedy says."""

from __future__ import annotations

import re

import pytest

from prolific_nb.data import Dataset, read_data

from ..tables import refused

TABLE = b"id,text,n\n1,It leaks,3\n2,It boils,4\n3,It melts,5\n"
FOOTED = {
    "source": (TABLE + b"Source: World Bank,,\n", [5]),
    "blank row, source, notes": (TABLE + b",,\nSource: World Bank,,\nAccessed 29 Nov,,\n", [6, 7]),
    "total": (TABLE + b"Total,,12\n", [5]),
    "German": (TABLE.replace(b",", b";") + b"Summe;;12\n", [5]),
    "below words": (b"text,label\nIt leaks,a\nIt boils,b\nNote: labels of 2026,\n", [4]),
}


def skipped(data: Dataset) -> list[int]:
    (found,) = data.findings.warnings
    listed = re.search(r"skip_rows=\[(.*)\]", found.remedy)
    assert listed
    return list(map(int, listed[1].split(", ")))


@pytest.mark.parametrize("name", FOOTED)
def test_the_remedy_about_a_footer_works_when_followed(name: str) -> None:
    raw, numbers = FOOTED[name]
    assert skipped(read_data(raw)) == numbers
    data = read_data(raw, skip_rows=numbers)
    assert not data.findings.warnings
    assert list(data.rows) == [row for row in range(2, numbers[0]) if row - 1 <= len(data)]


@pytest.mark.parametrize(
    "raw",
    [
        b"text,note\nIt leaks,x\nIt boils,y\nWe saw it,\n",
        b"id,text\n1,a b\n2,c d\n3,\n",
        b"name,comment\nAnn,Total\nBob,Source: me\n",
        b"brand,n\nTotal,1\nShell,2\nTotal,3\n",
        b"id,text\n1,a\nx,\n2,b\ny,\n",
        b"text\nIt leaks\nIt boils\nSource: me\n",
    ],
)
def test_ordinary_last_rows_are_data(raw: bytes) -> None:
    assert not read_data(raw).findings.warnings


def test_ragged_footers_are_left_out_together() -> None:
    raw = b"Title 1\n\nid,text,n\n1,a b,2\n2,c d,3\n\nSource: x\nNotes: none\nAccessed, 2026\n"
    remedies = {finding.remedy.partition("To leave")[2] for finding in refused(raw, skip_rows=2).findings.errors}
    assert remedies == {" them out, pass skip_rows=[1, 2, 7, 8, 9]."}
    assert read_data(raw, skip_rows=[1, 2, 7, 8, 9]).cells("id") == ["1", "2"]
