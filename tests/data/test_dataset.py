"""The Dataset: row keys, equality, kinds, schema, and the code that rebuilds it."""

from __future__ import annotations

import hashlib
import json
import pickle
from dataclasses import FrozenInstanceError
from pathlib import Path

import pandas as pd
import pytest

from prolific_nb.data import ROW_COLUMN, read_data
from prolific_nb.errors import DataError, NoSuchPlace, UnknownName

from .tables import made

KEY = r"[0-9a-f]{12}-[1-9][0-9]*"


def test_changed_kinds_keep_rows_and_source_and_appear_in_the_code(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\nx,y\n")
    data = read_data(path, kinds={"b": "text"})
    other = data.with_kinds({"a": "group"})
    assert (other.kinds, data.kinds) == ({"a": "group", "b": "text"}, {"a": "other", "b": "text"})
    assert (other.source, other.row_keys, other.digest) == (data.source, data.row_keys, data.digest)
    assert other != data
    assert other.to_code() == data.to_code().strip() + ".with_kinds({'a': 'group'})\n"
    back = other.with_kinds({"a": "other"})
    assert (back, back.to_code()) == (data, data.to_code())
    with pytest.raises(DataError) as caught:
        data.with_kinds({"c": "text", "a": "picture"})
    assert [finding.column for finding in caught.value.findings] == ["c", "a"]


def test_the_best_columns_to_show_come_first() -> None:
    data = made(
        n=["1"],
        name=["Ada"],
        short=["I like this one"],
        long=["I like this one much more than that one"],
        photo=["https://a.org/1.png"],
        link=["https://a.org/page"],
    )
    assert data.text_columns == ("long", "short", "photo", "name")


def test_row_keys_are_made_from_content_and_occurrence() -> None:
    data = made(a=["x", "y", "x"], b=["1", "1", "1"])
    first, other, again = data.row_keys
    assert first == hashlib.sha256(b'["x","1"]').hexdigest()[:12] + "-1"
    assert again == first[:-1] + "2"
    assert other != first
    assert made(a=["y", "x", "x"], b=["1", "1", "1"]).row_keys == (other, first, again)


def test_keys_and_digest_of_thousands_of_rows_are_those_of_single_rows() -> None:
    cells = [f'"{n % 2500}"\n\\é' for n in range(3000)]  # the last 500 repeat the first
    data = made(a=cells, b=["1"] * 3000)
    records = [json.dumps([cell, "1"], ensure_ascii=False, separators=(",", ":")) for cell in cells]
    nth = [1 + (n >= 2500) for n in range(3000)]
    expected = [f"{hashlib.sha256(each.encode()).hexdigest()[:12]}-{n}" for each, n in zip(records, nth, strict=True)]
    assert list(data.row_keys) == expected
    assert data.digest == hashlib.sha256("\n".join(['["a","b"]', *records]).encode()).hexdigest()


def test_row_keys_depend_on_where_cells_are_separated() -> None:
    assert made(a=["x,y"], b=["z"]).row_keys != made(a=["x"], b=["y,z"]).row_keys


def test_row_keys_of_a_large_table_are_unique() -> None:
    data = read_data(pd.DataFrame({f"c{n}": [f"some cell number {n * i}" for i in range(20_000)] for n in range(3)}))
    assert len(set(data.row_keys)) == 20_000


def test_equality_and_hash_depend_on_the_content() -> None:
    one, same, other = made(a=["x"]), read_data(b"a\nx\n"), made(a=["y"])
    assert one == same
    assert len({one, same, other}) == 2
    assert made(b=["x"]) != one
    assert len(one.digest) == 64
    assert pickle.loads(pickle.dumps(one)) == one


def test_a_dataset_cannot_be_changed_from_outside() -> None:
    data = made(a=["x", "y"])
    digest = data.digest
    for copy in (data.frame, data.table, data.head()):
        copy.iloc[0, 0] = "changed"
    data.kinds["a"] = "image"
    with pytest.raises(FrozenInstanceError):
        data.name = "other"  # type: ignore[misc]
    assert data.cells("a") == ["x", "y"]
    assert (data.kinds, made(a=["x", "y"]).digest) == ({"a": "other"}, digest)


def test_the_schema_hides_columns_that_are_not_shown() -> None:
    data = made(review=["a b c"], photo=["https://a.org/1.png"], task_group_id=["g"], score=["1"], hidden=["x"])
    assert data.schema(["review", "photo", "score"]) == {
        "strict": False,
        "fields": {
            "review": {"type": "text"},
            "photo": {"type": "image_url"},
            "task_group_id": {"type": "task_group_id"},
            "score": {"type": "text"},
            "hidden": {"type": "metadata"},
            ROW_COLUMN: {"type": "metadata"},
        },
    }
    with pytest.raises(DataError, match="reviews"):
        data.schema(["reviews"])


def test_to_csv_writes_the_selected_columns(tmp_path: Path) -> None:
    data = made(a=["x", ""], b=["1", "2"])
    data.to_csv(tmp_path / "a.csv", ["a"])
    assert (tmp_path / "a.csv").read_bytes() == b'a\nx\n""\n'
    data.to_csv(tmp_path / "all.csv")
    assert read_data(tmp_path / "all.csv") == data


def test_the_html_escapes_names_and_cells() -> None:
    data = read_data(pd.DataFrame({"<i>col": ["<script>alert(1)</script>", ""]}))
    html = data._repr_html_()
    assert "<script" not in html
    assert "<i>col" not in html
    assert "&lt;script&gt;" in html


def test_identical_rows_have_different_keys() -> None:
    first, second, other = read_data(pd.DataFrame({"review": ["same", "same", "other"]})).row_keys
    assert len({first, second, other}) == 3
    assert first.split("-")[0] == second.split("-")[0] != other.split("-")[0]


def test_a_path_may_begin_with_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    made(a=["x"]).to_csv("~/a.csv")
    assert (tmp_path / "a.csv").read_bytes() == b"a\nx\n"
    assert read_data("~/a.csv") == made(a=["x"])


def test_rows_keep_their_numbers_after_extending_and_selecting() -> None:
    data = read_data(b"a\nx\ny\nz\n").extended(read_data(b"a\nu\nv\nw\n"))
    assert list(data.rows) == [2, 3, 4, 2, 3, 4]
    for places in ([0, 2, 5], [0, 1, 3], [1, 3], [3, 4, 5]):
        assert list(data.select([data.row_keys[place] for place in places]).rows) == [data.rows[p] for p in places]


def test_the_rows_without_some_are_the_others_and_never_none() -> None:
    data = made(a=["x", "y", "z"], b=["1", "2", "3"])
    assert data.without([data.row_keys[1]] * 2) == data.select([data.row_keys[0], data.row_keys[2]])
    with pytest.raises(DataError, match="No row is left"):
        data.without(data.row_keys)
    with pytest.raises(DataError, match="There are no rows 'w' in the data"):
        data.without(["w"])


def test_places_that_do_not_exist_are_errors_of_ours(tmp_path: Path) -> None:
    data = made(a=["x"], b=["y"])
    with pytest.raises(DataError, match="nowhere"):
        data.to_csv(tmp_path / "nowhere" / "a.csv")
    with pytest.raises(DataError, match="cannot be written"):
        data.to_csv(tmp_path)
    with pytest.raises(UnknownName, match=r"'c'.*'a', 'b'"):
        data.to_csv(tmp_path / "a.csv", ["c"])
    assert not (tmp_path / "a.csv").exists()
    with pytest.raises(UnknownName, match="'c'"):
        data.cells("c")
    with pytest.raises(NoSuchPlace, match="no row 1"):
        data.row(1)
    assert data.row(-1) == {"a": "x", "b": "y"}
