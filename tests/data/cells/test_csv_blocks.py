"""Splitting CSV text by blocks gives exactly the records of the csv module, or its error."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from prolific_nb.data import read_data
from prolific_nb.data.cells import csv_blocks
from prolific_nb.data.cells.csv_blocks import is_utf8, read_blocks
from prolific_nb.data.cells.table_builder import TableBuilder

PIECES = st.lists(
    st.sampled_from(['"', '""', ",", ",", "\n", "\n", "\r\n", "\r", "a", "é", "\u2028", "\U0001f600", " ", ";", "\x1f"])
)


class Recorder(TableBuilder):
    """Keeps the records as they are."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[list[str]] = []

    def add_records(self, records: Sequence[list[str]]) -> None:
        self.records += records
        super().add_records(records)

    def add_packed(self, columns: Sequence[bytes], rows: int) -> None:
        cells = [column.decode().split("\0") for column in columns]
        assert {len(column) for column in cells} == {rows}
        self.records += map(list, zip(*cells, strict=True))
        super().add_packed(columns, rows)


def records_of(text: str, delimiter: str) -> tuple[list[list[str]], bool]:
    records = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        try:
            records.append(next(reader))
        except StopIteration:
            return records, False
        except csv.Error:
            return records, True


@settings(max_examples=1500, deadline=None)
@given(PIECES.map("".join), st.sampled_from([",", ";", "\x1f"]), st.sampled_from([1, 3, 17, 1 << 18]))
@example('a,b\n"",""\n', ",", 1)
@example('a\n""\n\n', ",", 1)
@example('a\n\r\n"x"\r\n', ",", 3)
@example('a,b\n"x""\n"",y","z"\r\n', ",", 1)
@example('a,b\nx"y,z\n"q,w\n', ",", 1)
@example('a,b\n""x,y\n', ",", 1)
@example('a,b\n"x"\ry,z\n', ",", 1)
@example('a,b\n"""",""""""\n1,2', ",", 1)
def test_the_same_records_as_the_csv_module(text: str, delimiter: str, size: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_blocks, "_BLOCK", size)
        patch.setattr(csv_blocks, "_FIRST", size)
        records, failed = records_of(text, delimiter)
        for source in (text, text.encode()):
            builder = Recorder()
            errors = list(read_blocks(source, delimiter, builder))
            assert (builder.records, bool(errors)) == (records, failed)
            assert builder.number == len(records)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=5), min_size=3, max_size=3),
        min_size=1,
    ),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
def test_tables_that_a_writer_has_written(table: list[list[str]], end: str, quoting: int) -> None:
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator=end, quoting=quoting).writerows([["a", "b", "c"], *table])
    test = file.getvalue()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_blocks, "_BLOCK", 40)
        patch.setattr(csv_blocks, "_FIRST", 8)
        builder = Recorder()
        errors = list(read_blocks(test, ",", builder))
    assert (builder.records, bool(errors)) == records_of(test, ",")


@pytest.mark.parametrize("character", ["a", "\U0001f600"])
def test_a_large_file_takes_at_most_three_times_its_size(tmp_path: Path, character: str) -> None:
    path = tmp_path / "large.csv"
    text = character * 20
    path.write_text("id,text\n" + "".join(f"{n},{text}{n}\n" for n in range(200_000)), encoding="utf-8")
    read_data(path)  # what is imported on first use is not counted
    tracemalloc.start()
    data = read_data(path)
    found = data.check()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert not found
    assert peak < 3 * path.stat().st_size
    assert data.row(99_999) == {"id": "99999", "text": f"{text}99999"}


@pytest.mark.parametrize("raw", [b"\xff", b"\xc3", b"a\0b", b"\xed\xa0\x80"])
def test_bytes_that_are_not_plain_utf8(raw: bytes) -> None:
    assert not is_utf8(b"x" * 300_000 + raw)
    assert is_utf8(b"x" * 262_143 + "é語".encode())
