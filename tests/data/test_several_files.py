"""Several sources as one dataset."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pandas as pd
import pytest

from prolific_nb.data import read_data
from prolific_nb.errors import DataError

from .tables import again, records


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.csv").write_text("id,text\n1,x\n\n2,y\n")
    (tmp_path / "b.jsonl").write_text('{"text": "z", "id": 3}\n')
    (tmp_path / "c.csv").write_text("id,txt,more\n5,q,1\n")
    return tmp_path


def test_rows_of_several_files_equal_those_of_pandas(folder: Path) -> None:
    more = pd.DataFrame({"text": ["w"], "id": ["4"]})
    judge = pd.concat(
        [
            pd.read_csv(folder / "a.csv", dtype=str),
            pd.read_json(folder / "b.jsonl", lines=True, dtype=False).astype(str),
            more,
        ]
    )
    data = read_data([folder / "a.csv", str(folder / "b.jsonl"), more])
    assert records(data) == [["id", "text"], *judge[["id", "text"]].to_numpy().tolist()]
    assert data.name == "a and 2 more"


def test_row_numbers_tell_the_file(folder: Path) -> None:
    (folder / "again.csv").write_text("text,id\ny,2\n,7\n")
    data = read_data((folder / "a.csv", folder / "again.csv"))
    assert list(data.rows) == [12, 14, 22, 23]
    assert f"row 25 is row 5 of file 2. File 1 is {folder / 'a.csv'}; 2 is" in str(data.findings)
    found = str(data.check())
    assert "row 22 repeats row 14" in found
    assert "row 23, column 'text': 1 empty cell" in found
    assert f"note, {folder / 'a.csv'}: 1 blank line skipped: row 3" in found


def test_identical_rows_in_the_same_place_of_two_files_are_found(folder: Path) -> None:
    (folder / "copy.csv").write_bytes((folder / "a.csv").read_bytes())
    assert "2 rows identical" in str(read_data([folder / "a.csv", folder / "copy.csv"]).check())


def test_what_differs_is_named_for_each_file(folder: Path) -> None:
    with pytest.raises(DataError) as caught:
        read_data([folder / "a.csv", folder / "b.jsonl", folder / "c.csv"])
    assert [(each.column, each.place) for each in caught.value.findings] == [
        ("text", str(folder / "c.csv")),
        ("txt", str(folder / "c.csv")),
        ("more", str(folder / "c.csv")),
    ]


def test_the_problems_of_all_files_are_reported_together(folder: Path) -> None:
    (folder / "short.csv").write_text("id,text\n1,2\n3\n")
    with pytest.raises(DataError) as caught:
        read_data([folder / "a.csv", folder / "short.csv", folder / "none.csv", b"<html>"])
    message = str(caught.value)
    assert f"{folder / 'short.csv'}, row 3" in message
    assert f"{folder / 'none.csv'}: There is no such file" in message
    assert "(number 4): The file is an HTML page" in message


@pytest.mark.parametrize("names", [[], ["a.csv", "a.csv"]])
def test_lists_that_cannot_be_meant(folder: Path, names: list[str]) -> None:
    with pytest.raises(DataError):
        read_data([folder / name for name in names])


def test_code_reads_the_same_files_again(folder: Path) -> None:
    frame = pd.DataFrame({"id": ["9"], "text": ["v"]})
    data = read_data(
        [folder / "a.csv", folder / "b.jsonl", frame, frame + "0", b"id,text\n8,u\n"],
        kinds={"text": "text"},
    )
    assert data.to_code().endswith(", frame, frame_2, raw], kinds={'text': 'text'})\n")
    assert again(data, frame=frame, frame_2=frame + "0", raw=b"id,text\n8,u\n") == data


def test_kinds_are_guessed_from_all_rows() -> None:
    words = b"a\nplain\n"
    prose = b"a\n" + b"three words here\n" * 5
    assert read_data([words, prose]).kinds == {"a": "text"}
    assert read_data([words, prose], kinds={"a": "other"}).kinds == {"a": "other"}
    with pytest.raises(DataError, match="not in the data"):
        read_data([words, prose], kinds={"b": "other"})


def test_a_list_of_one_is_that_one(folder: Path) -> None:
    data = read_data([folder / "a.csv"])
    assert list(data.rows) == [2, 4]
    assert data == read_data(folder / "a.csv")


def test_a_file_under_two_paths_is_one_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    (folder / "link.csv").symlink_to(folder / "a.csv")
    for other in ("./a.csv", str(folder / "a.csv"), "link.csv"):
        with pytest.raises(DataError, match="listed twice"):
            read_data(["a.csv", other])


def test_a_remedy_about_rows_is_for_one_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,n\n1,3\n2,4\nid,n\n3,5\n")
    (tmp_path / "b.csv").write_text("id,n\n1,6\n2,7\n3,8\n")
    paths = [tmp_path / "a.csv", tmp_path / "b.csv"]
    with pytest.raises(DataError, match=r"skip_rows=\[4\].*read this one alone.*a\.csv', …\)\.frame"):
        read_data(paths)
    data = read_data([read_data(paths[0], skip_rows=[4]).frame, paths[1]])
    assert data.cells("n") == ["3", "4", "5", "6", "7", "8"]


def test_large_files_take_at_most_three_times_their_size_together(tmp_path: Path) -> None:
    paths = [tmp_path / f"{place}.csv" for place in range(3)]
    for place, path in enumerate(paths):
        names = "id,text" if place else "text,id"
        path.write_text(f"{names}\n" + "".join(f"{place}x{n},{'a' * 20}{n}\n" for n in range(50_000)))
    read_data(paths)  # what is imported on first use is not counted
    tracemalloc.start()
    data = read_data(paths)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * sum(path.stat().st_size for path in paths)
    assert data.row(149_999) == {"id": "2x49999", "text": f"{'a' * 20}49999"}
