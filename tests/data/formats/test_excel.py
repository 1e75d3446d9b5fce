"""Excel workbooks, judged by pandas and by the CSV that a spreadsheet would save."""

from __future__ import annotations

import datetime
import io
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from prolific_nb.data import read_data
from prolific_nb.errors import DataError

from ..tables import again, records, refused

openpyxl = pytest.importorskip("openpyxl")


def saved(fill: Callable[[Any], None]) -> bytes:
    book = openpyxl.Workbook()
    fill(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def sheet(*rows: list[object]) -> bytes:
    return saved(lambda book: [book.active.append(row) for row in rows])  # type: ignore[arg-type, return-value]


def test_text_and_numbers_equal_what_pandas_reads(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "id": ["007", "8"],
            "text": ['She said "fine",\nthen left', " Größe 你好 🙂 "],
            "n": [3, -12],
            "share": [0.1, 1e-7],
            "gap": [None, "x"],
        }
    )
    frame.to_excel(tmp_path / "my.dat", index=False, engine="openpyxl")
    judge = pd.read_excel(tmp_path / "my.dat", dtype=str, keep_default_na=False, engine="openpyxl")
    data = read_data(tmp_path / "my.dat")
    assert records(data) == [list(judge.columns), *judge.to_numpy().tolist()]
    assert list(data.rows) == [2, 3]


def test_values_are_written_as_a_spreadsheet_saves_them() -> None:
    def fill(book: Any) -> None:
        day, moment = datetime.datetime(2026, 3, 1), datetime.datetime(2026, 3, 1, 14, 30)
        book.active.append(["whole", "yes", "day", "moment", "time", "postcode", "big"])
        book.active.append([3.0, True, day, moment, datetime.time(9, 5), 1234, 1e20])
        book.active.append([2.5, False, day, day, None, 99, 1e300])
        for row in (2, 3):
            book.active.cell(row, 6).number_format = "00000"

    data = read_data(saved(fill))
    assert records(data)[1:] == [
        ["3", "TRUE", "2026-03-01", "2026-03-01T14:30:00", "09:05:00", "01234", "100000000000000000000"],
        ["2.5", "FALSE", "2026-03-01", "2026-03-01T00:00:00", "", "00099", "1e+300"],
    ]
    assert "2 numbers with more than 15 digits: G2, G3" in str(data.findings.warnings)


def test_row_numbers_are_those_of_the_sheet() -> None:
    def fill(book: Any) -> None:
        for row, column, value in [(3, 2, "id"), (3, 3, "text"), (4, 2, 1), (4, 3, "a"), (7, 2, 2), (7, 3, "b")]:
            book.active.cell(row, column, value)
        book.active.cell(9, 3).number_format = "0.00"

    raw = saved(fill)
    cut = pd.read_excel(io.BytesIO(raw), header=2, usecols="B:C", dtype=str).dropna()
    data = read_data(raw)
    assert records(data) == [list(cut.columns), *cut.to_numpy().tolist()]
    assert list(data.rows) == [4, 7]


def test_empty_rows_are_skipped_and_counted() -> None:
    data = read_data(sheet(["id", "text"], [1, "a"], [], [2, "b"], [None, " "]))
    assert records(data)[1:] == [["1", "a"], ["2", "b"]]
    assert list(data.rows) == [2, 4]


def two_sheets(book: Any) -> None:
    book.active.title = "Items"
    book.active.append(["text"])
    book.active.append(["x"])
    notes = book.create_sheet("Notes")
    notes.append(["note"])
    notes.append(["y"])


def test_a_sheet_must_be_chosen_if_several_have_content(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(saved(two_sheets))
    with pytest.raises(DataError, match="2 sheets with content: 'Items', 'Notes'"):
        read_data(tmp_path / "a.xlsx")
    data = read_data(tmp_path / "a.xlsx", sheet="Notes")
    assert records(data) == [["note"], ["y"]]
    assert again(data) == data
    with pytest.raises(DataError, match="Did you mean 'Notes'"):
        read_data(tmp_path / "a.xlsx", sheet="notes")


def test_hidden_and_empty_sheets_are_left_out_with_a_note() -> None:
    def fill(book: Any) -> None:
        two_sheets(book)
        book["Notes"].sheet_state = "hidden"
        book.create_sheet("Sheet3")

    data = read_data(saved(fill))
    assert data.columns == ("text",)
    assert "'Notes', 'Sheet3' are empty or hidden" in str(data.findings)
    assert read_data(saved(fill), sheet="Notes").columns == ("note",)


def test_what_a_sheet_hides_or_cannot_tell_is_a_finding() -> None:
    def fill(book: Any) -> None:
        for row in [["group", "text", "n"], ["A", "x", "#N/A"], [None, "y", 1], ["B", "z", "#DIV/0!"], ["B", "w", 2]]:
            book.active.append(row)
        book.active["C2"].data_type = book.active["C4"].data_type = "e"
        book.active.merge_cells("A2:A3")
        book.active.row_dimensions[4].hidden = True
        book.active.column_dimensions["B"].hidden = True

    found = str(read_data(saved(fill)).findings)
    assert "2 cells with an error value: C2 (#N/A), C4 (#DIV/0!)" in found
    assert "1 merged area: A2:A3" in found
    assert "1 hidden row read as well, as rows that a filter hides are: 4" in found
    assert "1 hidden column read as well: B" in found


def test_formulas_without_a_result_are_an_error_and_with_one_are_read() -> None:
    raw = sheet(["a", "b"], [1, "=A2+1"], [2, "=A3+1"])
    error = refused(raw)
    assert "2 formulas without a stored result: B2, B3" in str(error)
    assert "save it" in error.findings[0].remedy
    calculated = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as before, zipfile.ZipFile(calculated, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            after.writestr(name, content.replace(b"<v></v>", b"<v>7</v>").replace(b"<v />", b"<v>7</v>"))
    assert records(read_data(calculated.getvalue()))[1:] == [["1", "7"], ["2", "7"]]


def test_control_characters_are_unescaped() -> None:
    assert records(read_data(sheet(["a"], ["x_x000D_\ny_x005F_x0041_"])))[1:] == [["x\r\ny_x0041_"]]


def test_without_openpyxl_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = sheet(["a"], ["x"])
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    assert "prolific-nb[excel]" in refused(raw).findings[0].remedy


@pytest.mark.parametrize(
    ("raw", "options", "message"),
    [
        (b"a\nx\n", {"sheet": "x"}, "not an Excel workbook"),
        (sheet(["a"], ["x"]), {"sheet": "Shet"}, "Did you mean 'Sheet'"),
        (sheet(), {}, "No visible sheet"),
        (saved(lambda book: book.active.cell(1_000_000, 50, "far")), {}, "reaches to row 1,000,000"),
        (sheet(["a"], ["x"]).replace(b"xl/workbook.xml", b"xl/workbook.bin"), {}, "(.xlsb)"),
    ],
    ids=["csv", "name", "empty", "far", "xlsb"],
)
def test_other_workbooks_are_refused(raw: bytes, options: dict[str, str], message: str) -> None:
    error = refused(raw, **options)
    assert message in str(error)
    assert all(finding.remedy for finding in error.findings)


def test_damaged_workbooks_are_errors_of_ours() -> None:
    raw = sheet(["a", "b"], *[[n, f"text {n}"] for n in range(50)])
    broken = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as before, zipfile.ZipFile(broken, "w") as after:
        for name in before.namelist():
            after.writestr(name, before.read(name)[:-20])
    for damaged in (raw[:-30], raw[: len(raw) // 2], broken.getvalue()):
        assert "damaged" in str(refused(damaged))


def test_rows_above_the_header_are_rows_and_not_lines() -> None:
    raw = sheet(["Sales\nby region"], ["id", "text"], [1, "It leaks"], [2, "It boils"])
    with pytest.raises(DataError, match=r"1 row above .*skip_rows=1"):
        read_data(raw)
    data = read_data(raw, skip_rows=1)
    assert data.cells("text") == ["It leaks", "It boils"]
    assert list(data.rows) == [3, 4]


def test_header_rows_and_skipped_rows_are_those_of_a_csv() -> None:
    rows: list[list[object]] = [
        ["Poll of 2026"],
        [],
        ["id", "Q1"],
        ["ID", "How is\nit?"],
        ["R_1", "good"],
        ["R_2", "bad"],
    ]
    data = read_data(sheet(*rows, [], ["Source: us"]), skip_rows=[1, 2, 8], header_rows=2)
    assert data.columns == ("id", "Q1")
    assert data.cells("Q1") == ["good", "bad"]
    assert list(data.rows) == [5, 6]
