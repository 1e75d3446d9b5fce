"""The Dataset: kinds, keys, checks, and what is sent."""

from __future__ import annotations

import csv
import hashlib
import io
import pickle
from dataclasses import FrozenInstanceError
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prolific_nb.data import ROW_COLUMN, Dataset, read_data, sample_data, sample_path
from prolific_nb.errors import DataError

KEY = r"[0-9a-f]{12}-[1-9][0-9]*"


def made(**columns: list[str]) -> Dataset:
    return read_data(pd.DataFrame(columns))


def uploaded(data: Dataset) -> bytes:
    file = io.BytesIO()
    data.write_upload(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "cells", "kind"),
    [
        ("photo", ["https://a.org/1.JPG", "http://a.org/2.png?x=1#y", ""], "image"),
        ("clip", ["https://a.org/1.mp3"], "audio"),
        ("film", ["https://a.org/1.mp4"], "video"),
        ("link", ["https://a.org/page", "https://a.org/jpg"], "other"),
        ("review", ["I like it very much.", "No."], "text"),
        ("レビュー", ["とてもいい商品です", "すぐに壊れました"], "text"),
        ("id", ["A-1", "B-2"], "other"),
        ("score", ["1", "2.5"], "other"),
        ("date", ["2024-05-01", "12 March 2024"], "other"),
        ("META_TASK_GROUP_ID", ["I like it very much."], "group"),
        ("empty", ["", ""], "other"),
    ],
)
def test_kinds_are_guessed(name: str, cells: list[str], kind: str) -> None:
    assert made(**{name: cells}).kinds == {name: kind}


def test_kinds_can_be_told_and_mistakes_are_named_together() -> None:
    frame = pd.DataFrame({"a": ["I like it very much."], "b": ["x"]})
    assert read_data(frame, kinds={"a": "other"}).kinds == {"a": "other", "b": "other"}
    with pytest.raises(DataError) as caught:
        read_data(frame, kinds={"c": "text", "a": "picture"})
    assert [finding.column for finding in caught.value.findings] == ["c", "a"]


def test_other_kinds_keep_rows_and_source_and_stand_in_the_code(tmp_path: Path) -> None:
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


def test_row_keys_are_made_of_content_and_occurrence() -> None:
    data = made(a=["x", "y", "x"], b=["1", "1", "1"])
    first, other, again = data.row_keys
    assert first == hashlib.sha256(b'["x","1"]').hexdigest()[:12] + "-1"
    assert again == first[:-1] + "2"
    assert other != first
    assert made(a=["y", "x", "x"], b=["1", "1", "1"]).row_keys == (other, first, again)


def test_cells_do_not_run_into_each_other() -> None:
    assert made(a=["x,y"], b=["z"]).row_keys != made(a=["x"], b=["y,z"]).row_keys


def test_row_keys_of_a_large_table_are_all_different() -> None:
    data = read_data(pd.DataFrame({f"c{n}": [f"some cell number {n * i}" for i in range(20_000)] for n in range(3)}))
    assert len(set(data.row_keys)) == 20_000


def test_equality_and_hash_are_of_the_content() -> None:
    one, same, other = made(a=["x"]), read_data(b"a\nx\n"), made(a=["y"])
    assert one == same
    assert len({one, same, other}) == 2
    assert made(b=["x"]) != one
    assert len(one.digest) == 64
    assert pickle.loads(pickle.dumps(one)) == one


def test_nothing_from_outside_changes_it() -> None:
    data = made(a=["x", "y"])
    digest = data.digest
    for copy in (data.frame, data.table, data.head()):
        copy.iloc[0, 0] = "changed"
    data.kinds["a"] = "image"
    with pytest.raises(FrozenInstanceError):
        data.name = "other"  # type: ignore[misc]
    assert data.cells("a") == ["x", "y"]
    assert (data.kinds, made(a=["x", "y"]).digest) == ({"a": "other"}, digest)


def test_the_schema_shows_only_what_is_shown() -> None:
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


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)


@given(st.lists(st.tuples(CELL, CELL), min_size=1))
def test_uploads_are_read_alike_by_two_csv_readers(table: list[tuple[str, str]]) -> None:
    data = made(a=[a for a, _ in table], b=[b for _, b in table])
    raw = uploaded(data)
    expected = [(*cells, key) for cells, key in zip(table, data.row_keys, strict=True)]
    header, *rows = csv.reader(io.StringIO(raw.decode(), newline=""), strict=True)
    assert header == ["a", "b", ROW_COLUMN]
    assert [tuple(row) for row in rows] == expected
    frame = pd.read_csv(io.BytesIO(raw), dtype=str, keep_default_na=False)
    assert list(frame.itertuples(index=False, name=None)) == expected


def test_uploads_quote_only_where_needed() -> None:
    assert uploaded(made(a=["plain", "x,y"])).splitlines()[1].startswith(b"plain,")
    assert uploaded(made(a=[" x", "x "])).splitlines()[1].startswith(b'" x",')
    assert b"\r\n" not in uploaded(made(a=["plain"]))


def test_to_csv_writes_some_columns(tmp_path: Path) -> None:
    data = made(a=["x", ""], b=["1", "2"])
    data.to_csv(tmp_path / "a.csv", ["a"])
    assert (tmp_path / "a.csv").read_bytes() == b'a\nx\n""\n'
    data.to_csv(tmp_path / "all.csv")
    assert read_data(tmp_path / "all.csv") == data


def test_checks_say_everything_at_once() -> None:
    columns = {
        "review": ["a b c", "", "", "a b c", ""],
        "photo": ["https://a.org/1.png", "http://a.org/2.png", "nothing", "https://a.org/1.png", ""],
        "pnb_row": ["1", "2", "3", "1", ""],
        "x" * 129: ["1", "2", "3", "1", ""],
        "task_group_id": ["1", "2", "3", "1", ""],
        "hollow": [""] * 5,
    }
    found = read_data(pd.DataFrame(columns), kinds={"photo": "image"}).check()
    errors = {(finding.column and finding.column[:7], finding.row) for finding in found.errors}
    assert errors == {("pnb_row", None), ("xxxxxxx", None), ("task_gr", 6), (None, 6), ("photo", 4)}
    warnings = {(finding.column and finding.column[:7], finding.row) for finding in found.warnings}
    assert warnings >= {(None, 5), ("review", 3), ("photo", 3), ("hollow", None)}
    assert "rows 3, 4, 6" in str(found)


def test_more_columns_than_prolific_takes() -> None:
    assert not made(**{f"c{n}": ["x"] for n in range(199)}).check().errors
    assert "There are 200 columns" in str(made(**{f"c{n}": ["x"] for n in range(200)}).check().errors)


def test_two_grouping_keys() -> None:
    data = read_data(pd.DataFrame({"g": ["1"], "task_group_id": ["1"]}), kinds={"g": "group"})
    assert "'g', 'task_group_id'" in str(data.check().errors)


def test_the_card_escapes_what_it_shows() -> None:
    data = read_data(pd.DataFrame({"<i>col": ["<script>alert(1)</script>", ""]}))
    html = data._repr_html_()
    assert "<script" not in html
    assert "<i>col" not in html
    assert "&lt;script&gt;" in html


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
