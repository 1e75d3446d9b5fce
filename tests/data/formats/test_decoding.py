"""The encodings of files from spreadsheets, and files that are not text."""

from __future__ import annotations

import pytest

from prolific_nb.data import read_data

from ..tables import records

PROSE = ["It broke, twice.", "She said “fine”.", "Naïve café – 5 €"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_encodings_that_excel_writes(encoding: str) -> None:
    text = "id,review\n" + "".join(f'{n},"{cell}"\n' for n, cell in enumerate(PROSE))
    data = read_data(text.encode(encoding))
    assert records(data) == [["id", "review"], *([str(n), cell] for n, cell in enumerate(PROSE))]
    assert not data.findings.errors
    assert bool(data.findings) == (encoding != "utf-8")


def test_a_guess_of_cp1252_is_reported_with_the_characters_it_affects() -> None:
    findings = read_data("a,b\ncaf\u00e9,\u2013\n".encode("cp1252")).findings
    assert "é –" in findings[0].what
    assert "encoding=" in findings[0].remedy


def test_a_mix_of_utf8_and_cp1252_is_read_with_a_warning() -> None:
    data = read_data("a\né\n".encode() + "ü\n".encode("cp1252"))
    assert data.cells("a") == ["é", "ü"]
    assert [finding.level for finding in data.findings] == ["warning"]
    assert "1 byte of this UTF-8 file is not UTF-8: line 3" in data.findings[0].what


def test_a_given_encoding_is_used() -> None:
    assert read_data("a\nмир\n".encode("cp1251"), encoding="cp1251").cells("a") == ["мир"]
    assert read_data("a\nx\n".encode("utf-8-sig"), encoding="utf-8").columns == ("a",)
