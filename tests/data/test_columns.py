"""Columns: guessed and given kinds, and the clean-up of names."""

from __future__ import annotations

import pandas as pd
import pytest

from prolific_nb.data import read_data
from prolific_nb.errors import DataError

from .tables import made


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
def test_kinds_are_guessed_from_names_and_cells(name: str, cells: list[str], kind: str) -> None:
    assert made(**{name: cells}).kinds == {name: kind}


def test_kinds_can_be_given_and_all_mistakes_are_reported_at_once() -> None:
    frame = pd.DataFrame({"a": ["I like it very much."], "b": ["x"]})
    assert read_data(frame, kinds={"a": "other"}).kinds == {"a": "other", "b": "other"}
    with pytest.raises(DataError) as caught:
        read_data(frame, kinds={"c": "text", "a": "picture"})
    assert [finding.column for finding in caught.value.findings] == ["c", "a"]


def test_white_space_around_names_is_removed_and_other_characters_stay() -> None:
    data = read_data(' review text ,"two\nlines",<b>,الاسم\n1,2,3,مرحبا\n'.encode())
    assert data.columns == ("review text", "two\nlines", "<b>", "الاسم")
    assert data.cells("الاسم") == ["مرحبا"]
    assert "White space" in data.findings[0].what
